"""(g) Growth: how the time of a run follows households and days, and that of a batch its replicates.

The exponent is the slope through the logarithms of size and median time. What a run costs however small it is
pulls it below 1, so the slope of the last step is told beside it.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from functools import partial

from benchmarks.command_line import batch, timed
from benchmarks.effort import Effort
from benchmarks.measurement import Measurement, exponent, interleaved, measured
from model.scenario import load_scenario
from model.settings import Settings
from model.simulation import simulate

HOUSEHOLDS = {
    Effort.TINY: (200, 400),
    Effort.QUICK: (10_000, 40_000, 160_000),
    Effort.USUAL: (10_000, 40_000, 160_000, 640_000, 1_280_000),
}
DAYS = {Effort.TINY: (2, 4), Effort.QUICK: (90, 180, 360), Effort.USUAL: (45, 90, 180, 360, 720, 1440)}
REPLICATES = {Effort.TINY: (2, 4), Effort.QUICK: (20, 80), Effort.USUAL: (50, 100, 200, 400, 800)}
ROUNDS = {Effort.TINY: 1, Effort.QUICK: 2, Effort.USUAL: 5}


def measure(effort: Effort) -> list[Measurement]:
    """Seconds by size, and the exponents."""
    effort = min(effort, Effort.USUAL)
    days, rows = (3, 200) if effort is Effort.TINY else (60, 10_000)
    scenario = load_scenario("arrest")

    def run(days: int = days, rows: int = rows) -> Callable[[], object]:
        return partial(simulate, scenario, 0, Settings(days=days, households=rows))

    def many(replicates: int) -> Callable[[], object]:
        short = ("--replicates", str(replicates), "--days", "10", "--households", "1000", "--workers", "2")
        return partial(timed, *batch("arrest", *short))

    run()()
    curves = {
        "households": (f"{days} days", {size: run(rows=size) for size in HOUSEHOLDS[effort]}),
        "days": (f"{rows:,} rows", {size: run(days=size) for size in DAYS[effort]}),
        "replicates": ("10 days, 1,000 rows, 2 workers", {size: many(size) for size in REPLICATES[effort]}),
    }
    return [
        line
        for what, (told, works) in curves.items()
        for line in _curve(what, told, works, ROUNDS[effort], effort is Effort.USUAL)
    ]


def _curve(
    what: str, told: str, works: dict[int, Callable[[], object]], rounds: int, telling: bool
) -> list[Measurement]:
    times = interleaved(works, rounds)
    lines = [measured("growth", f"{size:,} {what}", "s", own, told) for size, own in times.items()]
    sizes = list(works)
    by_round = [exponent(sizes, [times[size][k] for size in sizes]) for k in range(rounds)]
    ends = [statistics.median(times[size]) for size in sizes[-2:]]
    note = f"{exponent(sizes[-2:], ends):.2f} from {sizes[-2]:,} to {sizes[-1]:,}"
    return [*lines, measured("growth", f"exponent of {what}", "power", by_round, note, telling)]
