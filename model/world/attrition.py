"""What fighting costs: Lanchester's (1916) laws in continuous time.

Two sources of chance: the fortune of a fight and the losses at which a formation breaks off. The rates are
constant between two breaks within an hour, so that a fight does not depend on how the hour is cut. Losses are
people: whole numbers, by a keyed rounding offset (`Formation.suffer`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from model.numbers import section
from model.world.forces import Formation

#: Share of the breaking point that is rounding of floating-point sums.
ROUNDING = 1e-12


class Attrition:
    """Lanchester's laws between those who fight. law: "lanchester_square" or "lanchester_linear"."""

    def __init__(self, numbers: Mapping[str, float], law: str) -> None:
        n = section(numbers, "force")
        self.linear = law == "lanchester_linear"
        self.rate = n["kill_rate"]
        self.wounded = n["wounded_per_killed"]
        self.crowd = n["engaged_ratio"]
        self.reference = n["linear_reference"]

    def power(self, formations: Sequence[Formation]) -> float:
        """Effective strength: people neither killed nor wounded, times their effectiveness."""
        return math.fsum(max(f.strength - self.wounded * f.killed, 0.0) * f.effect for f in formations)

    def exchange(
        self, ours: list[Formation], theirs: list[Formation], hours: float, edge: float
    ) -> tuple[float, list[Formation]]:
        """Fight for some hours; returns the expected killed of both sides and the formations that broke.

        `edge`: factor on our fire, and its inverse on theirs (fortune and the advantage of who holds the
        ground). Formations that break are set to "broken" and taken from the lists. Only so many of a
        crowd can engage each enemy.
        """
        broke: list[Formation] = []
        left, harm = hours, 0.0
        while left > 0.0 and ours and theirs:
            rates = self._rates(ours, theirs, edge)
            step = left
            for side, rate in zip((ours, theirs), rates, strict=True):
                for f in side:
                    pace = rate * f.strength
                    if pace * step > f.breaks_at - f.harm:
                        step = (f.breaks_at - f.harm) / pace
            for side, rate in zip((ours, theirs), rates, strict=True):
                gone = []
                for f in side:
                    expected = rate * f.strength * step
                    harm += expected
                    f.suffer(expected)
                    # Rounding must not leave a formation a hair short of breaking for ever.
                    if f.breaks_at - f.harm <= ROUNDING * f.breaks_at or f.strength <= 0:
                        gone.append(f)
                for f in gone:
                    f.stance = "broken"
                    side.remove(f)
                broke += gone
            if rates == (0.0, 0.0):
                break
            left -= step
        return harm, broke

    def _rates(self, ours: list[Formation], theirs: list[Formation], edge: float) -> tuple[float, float]:
        """Killed per person and hour of our side and of theirs."""
        many, few = sum(f.strength for f in ours), sum(f.strength for f in theirs)
        fire = self.rate * self.power(ours) * min(1.0, self.crowd * few / many) * edge
        reply = self.rate * self.power(theirs) * min(1.0, self.crowd * many / few) / edge
        if self.linear:
            fire, reply = fire * few / self.reference, reply * many / self.reference
        return reply / many, fire / few
