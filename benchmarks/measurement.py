"""A line of the table, and the clock behind it."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from benchmarks.targets import TARGETS

K = TypeVar("K")
Clock = Callable[[], float]


@dataclass(frozen=True)
class Measurement:
    """One thing that was measured: median and range in a unit, and what the issue asks of it.

    must, aim: None where nothing is asked. met: `aim`, `must` or `no`; empty where nothing is asked or where
    the sizes were too small to tell. A line without a median was skipped; its note says why.
    """

    benchmark: str
    case: str
    unit: str
    median: float | None
    low: float | None
    high: float | None
    must: float | None = None
    aim: float | None = None
    met: str = ""
    note: str = ""


def measured(
    benchmark: str, case: str, unit: str, values: Sequence[float], note: str = "", telling: bool = True
) -> Measurement:
    """The line of some values. telling: whether they were measured at the size that the issue speaks of."""
    middle = statistics.median(values)
    target = TARGETS.get((benchmark, case))
    if target is None:
        return Measurement(benchmark, case, unit, middle, min(values), max(values), note=note)
    met = target.met(middle) if telling else ""
    return Measurement(
        benchmark, case, unit, middle, min(values), max(values), target.must, target.aim, met, note
    )


def skipped(benchmark: str, case: str, reason: str) -> Measurement:
    """The line of what was not measured."""
    return Measurement(benchmark, case, "", None, None, None, note=f"skipped: {reason}")


def seconds(work: Callable[[], object], clock: Clock = time.perf_counter) -> float:
    """Time of one call: that on the wall, unless by another clock."""
    start = clock()
    work()
    return clock() - start


def interleaved(
    works: Mapping[K, Callable[[], object]], rounds: int, clock: Clock = time.perf_counter
) -> dict[K, list[float]]:
    """Seconds of each work in each round, all of them in turn in every round."""
    times: dict[K, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            times[name].append(seconds(work, clock))
    return times


def ratios(above: Sequence[float], below: Sequence[float]) -> list[float]:
    """Quotients round by round, so that what slows a whole round down cancels."""
    return [a / b for a, b in zip(above, below, strict=True)]


def exponent(sizes: Sequence[float], times: Sequence[float]) -> float:
    """The power of size by which time grows: slope of the least squares line through the logarithms."""
    x, y = [math.log(size) for size in sizes], [math.log(time) for time in times]
    return statistics.linear_regression(x, y).slope
