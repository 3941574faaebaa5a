"""The smallest changes that flip an answer: how far a lever, or two, must go for `mostly` to become `mostly not`.

The answer is whether a condition holds in most runs. Each lever is moved alone over its range, then those that move
the share furthest towards the other answer are moved in pairs, all under the same luck. A change is measured as a
share of the lever's range, so that levers of different units compare; that of a pair is the sum of both.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from model.analysis.statistics import wilson

#: levers that are tried in pairs, and values of each in a pair besides the one it has
PAIRED, PAIR_STEPS = 4, 4


@dataclass(frozen=True)
class Lever:
    """A number that can be moved: dotted key, unit, its value now, and the range in which it can be set."""

    key: str
    unit: str
    value: float
    low: float
    high: float

    def change(self, value: float) -> float:
        """How far a value is from the one now, as a share of the range."""
        return abs(value - self.value) / (self.high - self.low)

    def steps(self, count: int) -> list[float]:
        """`count` values spread evenly over the range, both ends included, without the one it has."""
        width = (self.high - self.low) / (count - 1)
        values = [self.low + width * n for n in range(count - 1)] + [self.high]
        return [value for value in values if value != self.value]


@dataclass(frozen=True)
class Tried:
    """One point: what was set, how many runs there were, and in how many the condition held."""

    values: Mapping[str, float]
    runs: int
    held: int

    @property
    def share(self) -> float:
        """Share of the runs in which the condition held."""
        return self.held / self.runs if self.runs else float("nan")


@dataclass(frozen=True)
class Flip:
    """A change of one or two levers: what is set, its size (share of range, summed), the share it leads to.

    flips: the answer is another; sure: the 95 % interval (Wilson) lies wholly on the other side.
    """

    values: Mapping[str, float]
    change: float
    share: float
    low: float
    high: float
    flips: bool
    sure: bool


def alone(levers: Sequence[Lever], steps: int) -> list[dict[str, float]]:
    """Points that set one lever to one value of its range, levers in their order."""
    return [{lever.key: value} for lever in levers for value in lever.steps(steps)]


def in_pairs(levers: Sequence[Lever], base: Tried, tried: Sequence[Tried]) -> list[dict[str, float]]:
    """Points that set two levers, of those that by themselves come nearest to the other answer.

    Each goes from the value it has towards the end of its range that moved the share more; levers that move it
    the wrong way only are not tried.
    """
    known = {lever.key: lever for lever in levers}
    sign = -1.0 if base.share >= 0.5 else 1.0
    gains: dict[str, tuple[float, float]] = {}
    for one in tried:
        ((key, value),) = one.values.items()
        gain = sign * (one.share - base.share)
        if gain > gains.get(key, (0.0, 0.0))[0]:
            gains[key] = (gain, value)
    best = sorted(gains, key=lambda key: (-gains[key][0], key))[:PAIRED]
    ends = {key: known[key].high if gains[key][1] > known[key].value else known[key].low for key in best}
    values = {
        key: [
            known[key].value + (ends[key] - known[key].value) * n / PAIR_STEPS for n in range(1, PAIR_STEPS)
        ]
        + [ends[key]]
        for key in best
    }
    return [
        {first: a, second: b}
        for first, second in itertools.combinations(best, 2)
        for a in values[first]
        for b in values[second]
    ]


def flips(levers: Sequence[Lever], base: Tried, tried: Sequence[Tried]) -> list[Flip]:
    """For each lever, and each pair, the smallest change that flips the answer, or how near it comes; smallest first.

    A pair is told only where it flips with less than either of its levers alone.
    """
    known = {lever.key: lever for lever in levers}
    was = base.share >= 0.5
    best: dict[tuple[str, ...], Flip] = {}
    for one in tried:
        if not one.runs:
            continue
        keys = tuple(one.values)
        found = _flip(one, sum(known[key].change(value) for key, value in one.values.items()), was)
        if keys not in best or _order(found, was) < _order(best[keys], was):
            best[keys] = found
    kept = [flip for keys, flip in best.items() if len(keys) == 1 or (flip.flips and _less(flip, keys, best))]
    return sorted(kept, key=lambda flip: (*_order(flip, was), tuple(flip.values)))


def _flip(one: Tried, change: float, was: bool) -> Flip:
    low, high = wilson(one.held, one.runs)
    assert low is not None
    assert high is not None
    other = (one.share >= 0.5) != was
    return Flip(
        one.values, change, one.share, low, high, other, other and (high < 0.5 if was else low >= 0.5)
    )


def _order(flip: Flip, was: bool) -> tuple[bool, float, float]:
    """Flips first, the smallest change first; of what does not flip, what comes nearest."""
    near = flip.share if was else -flip.share
    return (False, flip.change, near) if flip.flips else (True, near, flip.change)


def _less(flip: Flip, keys: tuple[str, ...], best: Mapping[tuple[str, ...], Flip]) -> bool:
    singles = [best[key,] for key in keys if (key,) in best]
    return all(flip.change < single.change for single in singles if single.flips)
