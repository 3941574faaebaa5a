"""Talks: while the host's offer to negotiate stands, they come to a draft of a settlement at any time.

Both sides reckon with drafts (`decision/foresight.py`, `decision/holding_on.py`); here they come about, at the rate
they reckon with. A wait is an exponential threshold, used up by the days in which there are talks, so that neither the
length of the tick nor a pause changes a draw.
"""

import math
from collections.abc import Mapping
from typing import TypeVar

import numpy as np

from model.randomness import DECISIONS, Luck

#: a number or an array of them
Rate = TypeVar("Rate", float, np.ndarray)


def deal_rate(rate: float, without_face: float, offer: Rate, face: Rate) -> Rate:
    """Rate per day of drafts of a deal, given the host's offer (0-1) and how far a way out saves the face (0-1).

    `rate` is that of talks which save the face wholly, `without_face` the share of it where nothing does.
    """
    return rate * offer * (without_face + (1.0 - without_face) * face)


class Talks:
    """Talks on what is demanded. `left`: the part of the wait not used up yet. `proposals`: drafts refused so far."""

    def __init__(self, numbers: Mapping[str, float], luck: Luck) -> None:
        self._rate = numbers["decision.talks_rate"]
        self._without_face = numbers["decision.talks_without_face"]
        self._luck, self.proposals, self.left = luck, 0, 0.0
        self._wait()

    def _wait(self) -> None:
        """Another exponential wait; what was used up beyond the last one counts, so that ticks tell nothing."""
        self.left -= math.log(self._luck.uniform(DECISIONS["talks"], 0, 0, self.proposals))

    def rate(self, offer: float, face: float) -> float:
        """Rate per day of drafts: `deal_rate` with the numbers of the run."""
        return deal_rate(self._rate, self._without_face, offer, face)

    def step(self, offer: float, face: float, days: float) -> bool:
        """Let `days` of talks pass; returns whether they have come to a draft of a deal."""
        self.left -= self.rate(offer, face) * days
        return self.left <= 0.0

    def chance(self) -> float:
        """Uniform on 0-1: what decides, besides its worth, on the draft that lies there."""
        return self._luck.uniform(DECISIONS["talks"], 1, 0, self.proposals)

    def refuse(self) -> None:
        """The draft is refused, and the talks go on."""
        self.proposals += 1
        self._wait()
