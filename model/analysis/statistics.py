"""Intervals and quantiles of small samples. Exact sums, so that no order of runs changes a digit.

An interval is a 95 % one. Where a sample is too small for one, it is (None, None).
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache

Z = 1.959963984540054
Interval = tuple[float | None, float | None]


#: below this two numbers differ by the order in which a computer added them, and by nothing else
NOISE = 1e-12


def equal(first: float, second: float) -> bool:
    """Whether two numbers are the same but for rounding."""
    return math.isclose(first, second, rel_tol=NOISE, abs_tol=NOISE)


def mean(values: Sequence[float]) -> float | None:
    """Arithmetic mean; None of nothing."""
    return math.fsum(values) / len(values) if values else None


def variance(values: Sequence[float]) -> float | None:
    """Sample variance (n - 1); None for fewer than two values."""
    if len(values) < 2:
        return None
    centre = math.fsum(values) / len(values)
    return math.fsum((value - centre) ** 2 for value in values) / (len(values) - 1)


@cache
def t_quantile(degrees: int) -> float:
    """97.5 % point of Student's t, to 12 digits so that the last bits of a library do not show."""
    from scipy.special import stdtrit

    return float(f"{stdtrit(degrees, 0.975):.12g}")


def mean_interval(values: Sequence[float]) -> Interval:
    """Student's t interval of a mean."""
    spread = variance(values)
    centre = mean(values)
    if spread is None or centre is None:
        return None, None
    half = t_quantile(len(values) - 1) * math.sqrt(spread / len(values))
    return centre - half, centre + half


def wilson(successes: int, trials: int) -> Interval:
    """Wilson's score interval of a share (1927)."""
    if trials == 0:
        return None, None
    share = successes / trials
    weight = 1 + Z**2 / trials
    centre = (share + Z**2 / (2 * trials)) / weight
    half = Z * math.sqrt(share * (1 - share) / trials + Z**2 / (4 * trials**2)) / weight
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == trials else min(1.0, centre + half)
    return low, high


def paired_share_interval(gained: int, lost: int, pairs: int) -> Interval:
    """Interval of a difference of paired shares: Wald's, half a pair added to each cell (Agresti, Min 2005).

    gained: pairs in which only the scenario shows the mark; lost: pairs in which only the baseline does.
    """
    if pairs == 0:
        return None, None
    total = pairs + 2
    difference = (gained - lost) / total
    half = Z * math.sqrt((gained + lost + 1) - (gained - lost) ** 2 / total) / total
    return max(-1.0, difference - half), min(1.0, difference + half)


def quantile(values: Sequence[float], share: float) -> float | None:
    """Quantile by linear interpolation (definition 7 of Hyndman and Fan 1996).

    Values may hold math.inf for never. None of nothing, and where the quantile is never.
    """
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    lower = math.floor(place)
    upper = min(lower + 1, len(ordered) - 1)
    weight = place - lower
    if weight == 0.0 or ordered[lower] == ordered[upper]:
        found = ordered[lower]
    else:
        found = ordered[lower] + (ordered[upper] - ordered[lower]) * weight
    return found if math.isfinite(found) else None


def probability_greater(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Share of pairs in which the first is greater, ties counted half; None of nothing."""
    if not first:
        return None
    halves = sum(2 if a > b else 1 if a == b else 0 for a, b in zip(first, second, strict=True))
    return halves / (2 * len(first))


def probability_greater_of_any(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Chance that one of the first is greater than one of the second, no pairs, ties counted half (Mann, Whitney)."""
    if not first or not second:
        return None
    ordered = sorted(second)
    halves = sum(bisect_left(ordered, value) + bisect_right(ordered, value) for value in first)
    return halves / (2 * len(first) * len(second))


def paired_effect(differences: Sequence[float]) -> float | None:
    """Cohen's d of paired differences: mean over standard deviation; None where they do not vary."""
    spread = variance(differences)
    centre = mean(differences)
    if not spread or centre is None:
        return None
    return centre / math.sqrt(spread)


def variance_reduction(first: Sequence[float], second: Sequence[float]) -> float | None:
    """1 - var(a - b) / (var a + var b): what pairing by luck saved; None where nothing varies."""
    parts = variance(first), variance(second)
    spread = variance([a - b for a, b in zip(first, second, strict=True)])
    if spread is None or parts[0] is None or parts[1] is None or parts[0] + parts[1] == 0.0:
        return None
    saved = 1.0 - spread / (parts[0] + parts[1])
    return 0.0 if abs(saved) < NOISE else saved


def median_interval(values: Sequence[float]) -> Interval:
    """Distribution-free 95 % interval of a median, from order statistics; (None, None) for fewer than six values.

    The k-th smallest and k-th largest, k being the largest for which the sign test leaves no more than 2.5 %
    on either side (Conover 1999, Practical Nonparametric Statistics).
    """
    n = len(values)
    k = _order_of_median_interval(n)
    if k == 0:
        return None, None
    ordered = sorted(values)
    return ordered[k - 1], ordered[n - k]


@cache
def _order_of_median_interval(n: int) -> int:
    """The largest k for which fewer than k heads in n throws of a coin have a chance of 2.5 % or less.

    Summed from twelve standard deviations below the mean, where what lies below is nothing to a double.
    """
    k = max(0, int(n / 2.0 - 6.0 * math.sqrt(n)))
    chance = math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) - n * math.log(2.0))
    below = chance
    while below <= 0.025:
        chance *= (n - k) / (k + 1)
        k += 1
        below += chance
    return k
