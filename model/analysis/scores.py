"""Proper scores of a forecast distribution, given as a sample, against what was observed. Lower is better.

- yes or no: the Brier score (Brier 1950) of the share of the sample;
- classes in order: the ranked probability score (Epstein 1969), divided by the number of steps;
- classes without order: half the Brier score over classes, which for two classes is that of yes or no;
- days: the squared difference between the cumulative incidence of the sample and the step of what was
  observed, averaged over log time from a quarter of a day to the end of the watch (the continuous ranked
  probability score of the logarithm, cut where the observation is censored; Gneiting and Raftery 2007);
- counts: the same over log10(1 + count), from 0 to a million;
- any other number, such as the logarithm of a ratio: the continuous ranked probability score in its unit.

A day that never came within the watch is scored over the watch alone: what would have come later is not
known. Yielding, force and surrender compete for the end of a crisis: a run that ends by force never yields,
so its share stays out of the cumulative incidence of yielding (Aalen and Johansen 1978), and with every run
observed to the horizon that incidence is the plain share.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from model.analysis.statistics import quantile as interpolated

#: points of the log-time and log-count axes at which distributions are compared
POINTS = 200
FIRST_DAY = 0.25
MOST = 6.0  # log10 of the largest count told apart


def brier(sample: Sequence[float], observed: float, fair: bool = False) -> float:
    """Brier score of the share of ones in the sample."""
    return _squared(math.fsum(sample) / len(sample), observed, len(sample), fair)


def _squared(share: float, truth: float, size: int, fair: bool) -> float:
    """Squared difference; `fair` takes off what a sample of this size adds by chance (Ferro 2014)."""
    chance = share * (1.0 - share) / (size - 1) if fair and size > 1 else 0.0
    return (share - truth) ** 2 - chance


def ranked(sample: Sequence[float], observed: float, classes: int, fair: bool = False) -> float:
    """Ranked probability score over ordered classes 0 to classes - 1, in 0-1."""
    steps = range(classes - 1)
    n = len(sample)
    return math.fsum(
        _squared(sum(value <= step for value in sample) / n, float(observed <= step), n, fair)
        for step in steps
    ) / len(steps)


def categorical(sample: Sequence[float], observed: float, classes: int, fair: bool = False) -> float:
    """Half the Brier score (1950) over unordered classes 0 to classes - 1, in 0-1."""
    n = len(sample)
    return 0.5 * math.fsum(
        _squared(sum(value == one for value in sample) / n, float(observed == one), n, fair)
        for one in range(classes)
    )


def incidence(sample: Sequence[float], observed: float, watched: float, fair: bool = False) -> float:
    """Mean squared difference of cumulative incidence and observation over log time, in 0-1."""
    return _distance(sample, observed, thresholds("days", watched), fair)


def magnitude(sample: Sequence[float], observed: float, fair: bool = False) -> float:
    """Mean squared difference of distribution and observation over log10(1 + count), in 0-1."""
    return _distance(sample, observed, thresholds("count", math.inf), fair)


def thresholds(scale: str, watched: float, points: int = POINTS, classes: int = 4) -> list[float]:
    """Where the score of a scale compares distributions: it is the mean over these values of the squared difference
    between the share of the sample at or below the value and whether the observation is; rising.

    points: of the axes of days and counts. Raises KeyError for another scale.
    """
    middles = [(i + 0.5) / points for i in range(points)]
    if scale == "days":
        low, high = math.log(FIRST_DAY), math.log(watched)
        return [math.exp(low + (high - low) * middle) for middle in middles]
    if scale == "count":
        return [10.0 ** (MOST * middle) - 1.0 for middle in middles]
    return {"class": [float(step) for step in range(classes - 1)], "yes": [0.0]}[scale]


def _distance(sample: Sequence[float], observed: float, axis: Sequence[float], fair: bool) -> float:
    ordered = sorted(sample)
    below, total = 0, []
    for point in axis:
        while below < len(ordered) and ordered[below] <= point:
            below += 1
        total.append(_squared(below / len(ordered), float(observed <= point), len(ordered), fair))
    return math.fsum(total) / len(axis)


def crps(sample: Sequence[float], observed: float) -> float:
    """Continuous ranked probability score of a sample, in the unit of the observation (Gneiting and Raftery 2007).

    Mean distance to what was observed, less half the mean distance between two members; for a single value
    the absolute error.
    """
    ordered, n = sorted(sample), len(sample)
    off = math.fsum(abs(value - observed) for value in ordered) / n
    return off - math.fsum((2 * i + 1 - n) * value for i, value in enumerate(ordered)) / n**2


def score(
    scale: str, sample: Sequence[float], observed: float, watched: float, fair: bool = False, classes: int = 4
) -> float:
    """The score that belongs to a scale: `yes`, `class`, `days` or `count`. Raises KeyError for another.

    `fair`: as an endless sample of the same forecast would score on average; for comparing small samples.
    """
    if scale == "yes":
        return brier(sample, observed, fair)
    if scale == "class":
        return ranked(sample, observed, classes, fair)
    if scale == "days":
        return incidence(sample, observed, watched, fair)
    if scale == "count":
        return magnitude(sample, observed, fair)
    raise KeyError(scale)


def quantile(sample: Sequence[float], share: float) -> float:
    """Quantile of a sample by the definition of summary.csv (`statistics.quantile`); infinite where it is never."""
    found = interpolated(sample, share)
    return math.inf if found is None else found


def class_quantile(sample: Sequence[float], share: float) -> float:
    """The lowest class that this share of the sample does not exceed: between two classes there is none."""
    ordered = sorted(sample)
    return ordered[min(len(ordered) - 1, max(0, math.ceil(share * len(ordered)) - 1))]


def covers(sample: Sequence[float], observed: float, watched: float, level: float) -> bool:
    """Whether the central interval of a level holds the observation; what lies beyond the watch is one value."""
    told = [value if value <= watched else math.inf for value in sample]
    low, high = quantile(told, (1.0 - level) / 2.0), quantile(told, (1.0 + level) / 2.0)
    return low <= (observed if observed <= watched else math.inf) <= high


def pit(sample: Sequence[float], observed: float, watched: float) -> tuple[float, float]:
    """Least and greatest share of the forecast below the observation; what lies beyond the watch is not told apart."""
    if observed > watched:
        return sum(value <= watched for value in sample) / len(sample), 1.0
    below = sum(value < observed for value in sample)
    return below / len(sample), sum(value <= observed for value in sample) / len(sample)
