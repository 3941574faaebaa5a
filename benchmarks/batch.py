"""(c) Runs a second of a batch: the command as a user runs it, start-up, series and all files included.

`further runs` leaves out what a batch costs however small it is: the runs by which the larger of two batches
exceeds the smaller, over the time by which it does.
"""

from __future__ import annotations

from functools import partial

from benchmarks.command_line import batch, timed
from benchmarks.effort import Effort
from benchmarks.measurement import Measurement, interleaved, measured

#: replicates of the smaller and the larger batch
SIZES = {Effort.TINY: (2, 2), Effort.QUICK: (20, 60), Effort.USUAL: (50, 250)}
ROUNDS = {Effort.TINY: 1, Effort.QUICK: 2, Effort.USUAL: 3}
WORKERS = (1, 2)


def measure(effort: Effort) -> list[Measurement]:
    """Runs a second of scenario `arrest` at 10,000 rows and 180 days, with one worker and with two."""
    effort = min(effort, Effort.USUAL)
    small, large = SIZES[effort]
    more = ("--households", "200", "--days", "5") if effort is Effort.TINY else ()
    works = {
        (workers, size): partial(timed, *batch("arrest", "--workers", str(workers), "--replicates", str(size), *more))
        for workers in WORKERS
        for size in (small, large)
    }  # fmt: skip
    times = interleaved(works, ROUNDS[effort])
    lines = []
    for workers in WORKERS:
        whole = times[workers, large]
        gained = [long - short for long, short in zip(whole, times[workers, small], strict=True)]
        case = f"{workers} worker" + "s" * (workers > 1)
        note = f"{large} replicates"
        rates = [large / t for t in whole]
        further = [(large - small) / t for t in gained if t > 0.0]
        lines.append(measured("batch", case, "runs/s", rates, note, effort is Effort.USUAL))
        if further:
            note = f"{small} to {large} replicates"
            lines.append(measured("batch", f"{case}, further runs", "runs/s", further, note))
    return lines
