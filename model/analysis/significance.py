"""How surprising a difference would be if there were none, and what looking at many at once does to that.

p values are two-sided and given to 12 digits, so that the last bits of a library do not show.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from model.analysis.statistics import Interval, mean, t_quantile, variance, wilson


def paired_t(differences: Sequence[float]) -> float | None:
    """Student's paired t test of a mean difference of 0; 1 where every difference is 0, None for fewer than two.

    Where all differences are the same Student's t knows no doubt; then it is the chance that all signs agree.
    """
    spread, centre = variance(differences), mean(differences)
    if spread is None or centre is None:
        return None
    if spread == 0.0:
        return 1.0 if centre == 0.0 else mcnemar(len(differences), 0)
    return _two_sided(centre / math.sqrt(spread / len(differences)), len(differences) - 1)


def mcnemar(gained: int, lost: int) -> float:
    """Exact test of two paired shares (McNemar 1947): the discordant pairs are as likely either way."""
    trials, least = gained + lost, min(gained, lost)
    tail = sum(math.comb(trials, k) for k in range(least + 1))
    return _digits(min(1.0, 2 * tail / 2**trials))


def welch(first: Sequence[float], second: Sequence[float]) -> tuple[Interval, float | None]:
    """Welch's t interval (95 %) and p value of a difference of means of two samples that are no pairs.

    Where neither sample varies the p value is the chance that shuffled runs would part as cleanly.
    """
    spreads = variance(first), variance(second)
    centres = mean(first), mean(second)
    if spreads[0] is None or spreads[1] is None or centres[0] is None or centres[1] is None:
        return (None, None), None
    difference = centres[0] - centres[1]
    parts = [spread / len(values) for spread, values in zip(spreads, (first, second), strict=True) if spread]
    if not parts:
        parted = min(1.0, 2 / math.comb(len(first) + len(second), len(first)))
        return (difference, difference), 1.0 if difference == 0.0 else _digits(parted)
    error = math.sqrt(sum(parts))
    sizes = [len(values) for spread, values in zip(spreads, (first, second), strict=True) if spread]
    degrees = sum(parts) ** 2 / sum(part**2 / (size - 1) for part, size in zip(parts, sizes, strict=True))
    half = t_quantile(math.floor(degrees)) * error  # the whole number below: no narrower than Welch's
    return (difference - half, difference + half), _two_sided(difference / error, degrees)


def share_difference(found: int, of: int, base_found: int, base_of: int) -> Interval:
    """95 % interval of a difference of two shares that are no pairs (Newcombe 1998, method 10)."""
    if not of or not base_of:
        return None, None
    ours, theirs = wilson(found, of), wilson(base_found, base_of)
    assert ours[0] is not None and ours[1] is not None and theirs[0] is not None and theirs[1] is not None
    p, q = found / of, base_found / base_of
    low = p - q - math.hypot(p - ours[0], theirs[1] - q)
    high = p - q + math.hypot(ours[1] - p, q - theirs[0])
    return max(-1.0, low), min(1.0, high)


def holm(values: Sequence[float | None]) -> list[float | None]:
    """p values corrected so that one false alarm among all has at most 5 % (Holm 1979); None stays None."""
    order = _order(values)
    found: list[float | None] = [None] * len(values)
    highest = 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, (len(order) - rank) * _known(values[place])))
        found[place] = highest
    return found


def benjamini_hochberg(values: Sequence[float | None]) -> list[float | None]:
    """p values corrected for the share of false alarms among alarms (Benjamini and Hochberg 1995)."""
    order = _order(values)
    found: list[float | None] = [None] * len(values)
    lowest = 1.0
    for rank, place in reversed(list(enumerate(order))):
        lowest = min(lowest, len(order) / (rank + 1) * _known(values[place]))
        found[place] = lowest
    return found


def correlation(first: Sequence[float], second: Sequence[float]) -> float | None:
    """Pearson's correlation of pairs; None where one side does not vary."""
    spreads = variance(first), variance(second)
    centres = mean(first), mean(second)
    if not spreads[0] or not spreads[1] or centres[0] is None or centres[1] is None:
        return None
    shared = math.fsum((a - centres[0]) * (b - centres[1]) for a, b in zip(first, second, strict=True))
    return max(-1.0, min(1.0, shared / (len(first) - 1) / math.sqrt(spreads[0] * spreads[1])))


def bca_interval(values: Sequence[float], resamples: int = 4999, seed: int = 0) -> Interval:
    """Bias-corrected and accelerated bootstrap interval (95 %) of a mean (Efron 1987), with luck of its own.

    For skewed differences, where Student's t leaves too much on one side. (None, None) for fewer than two values.
    """
    if len(values) < 2:
        return None, None
    if min(values) == max(values):
        return values[0], values[0]
    import numpy as np
    from scipy.stats import bootstrap

    found = bootstrap(
        (np.asarray(values, dtype=np.float64),),
        np.mean,
        n_resamples=resamples,
        method="BCa",
        rng=np.random.Generator(np.random.PCG64(seed)),
    ).confidence_interval
    low, high = float(found.low), float(found.high)
    return (low, high) if math.isfinite(low) and math.isfinite(high) else (None, None)


def _two_sided(statistic: float, degrees: float) -> float:
    from scipy.special import stdtr

    return _digits(2.0 * float(stdtr(degrees, -abs(statistic))))


def _digits(value: float) -> float:
    return float(f"{value:.12g}")


def _order(values: Sequence[float | None]) -> list[int]:
    return sorted(
        (place for place, value in enumerate(values) if value is not None),
        key=lambda place: _known(values[place]),
    )


def _known(value: float | None) -> float:
    assert value is not None
    return value
