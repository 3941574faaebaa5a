"""The number that flips an answer: the one by whose value worlds that say yes and no differ most."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from model.analysis.significance import holm

LEAST_WORLDS, LEAST_SIDE = 20, 0.1
SURPRISING = 0.05


@dataclass(frozen=True)
class Flip:
    """A sampled number and the value that parts the worlds best.

    share_below, share_above: in how many of the worlds on either side the answer is yes; p: of no relation,
    corrected for all numbers looked at (Holm); turns: whether the majority changes sides.
    """

    key: str
    value: float
    share_below: float
    share_above: float
    p: float

    @property
    def turns(self) -> bool:
        """Whether the majority of worlds says yes on one side and no on the other."""
        return (self.share_below > 0.5) != (self.share_above > 0.5)


def find_flip(answers: Sequence[bool], numbers: Mapping[str, Sequence[float]]) -> Flip | None:
    """The number most closely tied to the answers, or None where chance explains what is seen.

    answers: of each world; numbers: by key, a value for each world. The tie is measured by ranks (Mann and
    Whitney 1947, normal approximation with ties), corrected for the number of numbers, so that with few worlds
    only a strong tie is told. The value is the cut that lowers Gini's impurity most with at least a tenth of
    the worlds on each side (Breiman and others 1984).
    """
    yes = sum(answers)
    if len(answers) < LEAST_WORLDS or min(yes, len(answers) - yes) < 3:
        return None
    keys = sorted(key for key, values in numbers.items() if len(set(values)) > 1)
    corrected = holm([_rank_test(answers, numbers[key]) for key in keys])
    ranked = sorted((p, key) for p, key in zip(corrected, keys, strict=True) if p is not None)
    if not ranked or ranked[0][0] >= SURPRISING:
        return None
    p, key = ranked[0]
    return _cut(key, answers, numbers[key], p)


def _rank_test(answers: Sequence[bool], values: Sequence[float]) -> float:
    ordered = sorted(values)
    n, yes = len(values), sum(answers)
    ranks = [(bisect_left(ordered, value) + bisect_right(ordered, value) + 1) / 2 for value in values]
    total = math.fsum(rank for rank, answer in zip(ranks, answers, strict=True) if answer)
    ties = math.fsum(
        count**3 - count for count in (ordered.count(value) for value in set(values)) if count > 1
    )
    spread = yes * (n - yes) / 12 * ((n + 1) - ties / (n * (n - 1)))
    distance = abs(total - yes * (n + 1) / 2)
    return math.erfc(distance / math.sqrt(2 * spread)) if spread > 0 else 1.0


def _cut(key: str, answers: Sequence[bool], values: Sequence[float], p: float) -> Flip | None:
    pairs = sorted(zip(values, answers, strict=True))
    n, yes = len(pairs), sum(answers)
    best: tuple[float, int] | None = None
    below = 0
    for place in range(1, n):
        below += pairs[place - 1][1]
        if pairs[place - 1][0] == pairs[place][0] or min(place, n - place) < LEAST_SIDE * n:
            continue
        above = yes - below
        impurity = below * (place - below) / place + above * (n - place - above) / (n - place)
        if best is None or impurity < best[0]:
            best = impurity, place
    if best is None:
        return None
    place = best[1]
    under = sum(answer for _, answer in pairs[:place])
    return Flip(
        key=key,
        value=(pairs[place - 1][0] + pairs[place][0]) / 2,
        share_below=under / place,
        share_above=(yes - under) / (n - place),
        p=p,
    )
