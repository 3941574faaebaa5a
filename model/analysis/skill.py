"""Skill of forecasts against a null, and how far it may be luck.

Skill is 1 - (sum of scores / sum of the null's): 1 is perfect, 0 no better than the null. Its interval resamples
groups of forecasts that are not independent of each other: episodes, crises, years.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from model.analysis.scores import quantile

Line = TypeVar("Line")
#: a null with less than this is never wrong, and cannot be beaten
NEVER_WRONG = 1e-12


def skill(scores: Iterable[float], nulls: Iterable[float]) -> float | None:
    """1 - sum of scores / sum of the null's; None where the null is never wrong."""
    against = math.fsum(nulls)
    return 1.0 - math.fsum(scores) / against if against > NEVER_WRONG else None


def bootstrap(
    groups: Sequence[Sequence[Line]],
    statistic: Callable[[list[Line]], float | None],
    draws: Iterable[Sequence[float]],
) -> tuple[float, float] | None:
    """95 % interval of a statistic of forecasts by resampling groups; `draws` are uniforms (draws, groups or more).

    None where no resample has the statistic.
    """
    count = len(groups)
    values = []
    for draw in draws:
        picked = [groups[min(int(u * count), count - 1)] for u in draw[:count]]
        value = statistic([line for group in picked for line in group])
        if value is not None:
            values.append(value)
    return (quantile(values, 0.025), quantile(values, 0.975)) if values else None
