"""The main job: all shipped scenarios, 100 replicates, two workers, as `run.py` alone would do it but for its page."""

from __future__ import annotations

from benchmarks.command_line import batch, memory
from benchmarks.effort import Effort
from benchmarks.measurement import Measurement, measured

REPLICATES = {Effort.TINY: 1, Effort.QUICK: 3, Effort.USUAL: 100}


def measure(effort: Effort) -> list[Measurement]:
    """Seconds, and peak memory of all processes together; made once."""
    effort = min(effort, Effort.USUAL)
    replicates = REPLICATES[effort]
    tiny = ("no_arrest", "--households", "200", "--days", "5") if effort is Effort.TINY else ()
    spent, peaks = memory(*batch(*tiny, "--workers", "2", "--replicates", str(replicates)))
    note, telling = f"{replicates} replicates, once", effort is Effort.USUAL
    return [
        measured("main_job", "time", "s", [spent], note, telling),
        measured("main_job", "peak memory", "MB", [peaks.together], "all processes", telling),
    ]
