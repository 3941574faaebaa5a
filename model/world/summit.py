"""The guests of the summit: other leaders who are in town as the arrest is made.

In Dushanbe the leaders of the Commonwealth met until 10 October. Force is dearer while they are there, and they can
speak for a way out. They leave when the meeting is over; a closed airport keeps them, and then their states object.
"""

from collections.abc import Mapping

from model.randomness import DECISIONS, Luck


class Summit:
    """The guests. present: whether they are in town; trapped: kept by a closed airport."""

    def __init__(self, numbers: Mapping[str, float], luck: Luck, held: bool) -> None:
        self._n = {key: numbers[f"summit.{key}"] for key in ("days", "shield", "objection", "good_offices")}
        self._draw = luck.uniform(DECISIONS["summit"], 0, 0, 0)
        self.present, self.trapped = held, False

    def step(self, day: float, way_out_shut: bool) -> None:
        """A tick passes; they leave as soon as they may and can."""
        over = day >= self._n["days"]
        self.trapped = self.present and over and way_out_shut
        self.present = self.present and (not over or way_out_shut)

    @property
    def shield(self) -> float:
        """What force among them would cost the coercer, in share of survival; more while they cannot leave."""
        if not self.present:
            return 0.0
        return self._n["shield"] + (self._n["objection"] if self.trapped else 0.0)

    @property
    def mediates(self) -> bool:
        """Whether they speak for a way out while they are there."""
        return self.present and self._draw < self._n["good_offices"]
