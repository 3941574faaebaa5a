"""The host's elite as networks that leave one by one, or all at once.

A network (a family, a clan of a region, an agency) stays while life inside is better than outside, and leaves
the sooner, the more others were seen to leave: thresholds that meet in a cascade (Granovetter 1978; Kuran 1991).
Network i of rank q_i (0-1, the boldest first to go at 1) stays while

    q_i < loyalty at rest - doubt - contagion x (loyalty at rest - share that stays)

so that without doubt the share that stays is the loyalty at rest. With a contagion below 1 the share falls by
doubt / (1 - contagion); above 1 a small doubt can tip the whole. Who should leave, or could come back, does so
at the rate of `information.loyalty_speed` a day.

What follows from leaving: commanders belong to networks, so that the army is out of touch with its command as far as
networks have left (in Kabul in 2021 an army dissolved when those above it made their peace); and an elite that
expects the government to lose brings it down itself, as most autocrats fall to insiders and not to the street
(Svolik 2012; Geddes, Wright and Frantz 2014).
"""

import math
from collections.abc import Mapping

import numpy as np

from model.randomness import DECISIONS, Luck


class Elites:
    """The networks of one government's elite. stays (networks,): who is inside now."""

    def __init__(self, numbers: Mapping[str, float], loyalty: float, luck: Luck) -> None:
        count = int(numbers["elites.networks"])
        self._rank = (np.arange(count) + 0.5) / count
        self._rest, self._luck = loyalty, luck
        self._contagion = numbers["elites.contagion"]
        self._rate = numbers["information.loyalty_speed"]
        self.stays = self._rank < loyalty

    @property
    def loyalty(self) -> float:
        """Share of the networks that stay, 0-1."""
        return float(np.mean(self.stays))

    @property
    def staying(self) -> float:
        """Share that stays against that at rest, 0-1; whole where nobody was inside."""
        return min(1.0, self.loyalty / self._rest) if self._rest > 0.0 else 1.0

    def step(self, day: int, doubt: float, days: float) -> None:
        """Let those leave who have come to doubt (0-1, the same for all), and those return who have not."""
        bar = self._rest - doubt - self._contagion * (self._rest - self.loyalty)
        moved = self._luck.table(DECISIONS["elites"], [day], 0, len(self.stays))[0]
        moves = moved < 1.0 - math.exp(-self._rate * days)
        self.stays = np.where(moves, self._rank < bar, self.stays)
