"""The lasting part of a choice: what an actor is inclined to, beyond what it weighs, from one day to the next."""

import math
from collections.abc import Sequence

import numpy as np

from model.compiled import compiled
from model.decision.rule import CLASSES
from model.randomness import DECISIONS, Luck

#: days of a mood worked out at a time
BLOCK = 64
_ROOT_OF_2 = math.sqrt(2.0)


@compiled("f8[:,::1]", "f8", "i8")
def _linger(path, keep, first):  # type: ignore[no-untyped-def]
    """Add to each row (day) from `first` on what is left of the one before."""
    for day in range(first, len(path)):
        path[day] += keep * path[day - 1]


class Mood:
    """The persistent part of an actor's choices: one path a class and an act, in calendar days.

    The path is a pure function of the run's luck: the same actor is in the same mood on the same day
    of the same replicate in every scenario, however often it is asked (common random numbers). It is
    worked out as far as it has been asked for. `half_life` in days.
    """

    def __init__(self, luck: Luck, agent: int, acts: Sequence[int], days: int, half_life: float) -> None:
        self._luck, self._agent, self._last = luck, agent, days + 1
        self._items = [*range(len(CLASSES)), *(len(CLASSES) + code for code in acts)]
        self._column = {item: i for i, item in enumerate(self._items)}
        self._keep = 0.5 ** (1.0 / half_life)
        self._path, self._known = np.empty((days + 2, len(self._items))), 0
        self._day, self._today = -1, list[float]()

    def path(self, day: int) -> np.ndarray:
        """The path up to a day and perhaps beyond, shape (days, items), standard normal on each day."""
        known = self._known
        if day >= known:
            ahead = range(known, min(max(day + 1, known + BLOCK), self._last + 1))
            drawn = self._luck.path(DECISIONS["mood"], ahead, self._agent, self._items)
            fresh = math.sqrt(1.0 - self._keep * self._keep)
            self._known = ahead.stop
            np.multiply(drawn, fresh, out=self._path[known : self._known])
            if not known:
                self._path[0] = drawn[0]
            _linger(self._path[: self._known], self._keep, max(known, 1))
        return self._path[: self._known]

    def gumbel(self, day: float, items: Sequence[int]) -> list[float]:
        """Gumbel noise on a day, one for each item: item c is class c, item len(CLASSES) + code an act."""
        today = min(int(day), self._last)
        if today != self._day:
            self._day, self._today = today, self.path(today)[today].tolist()
        z, column = self._today, self._column
        return [_gumbel_of_normal(z[column[item]]) for item in items]


def _gumbel_of_normal(z: float) -> float:
    u = 0.5 * math.erfc(-z / _ROOT_OF_2)
    if not 1e-300 <= u <= 1.0 - 1e-16:
        u = min(max(u, 1e-300), 1.0 - 1e-16)
    return -math.log(-math.log(u))
