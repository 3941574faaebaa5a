"""(e) Peak memory of a batch, and how far it grows with the number of replicates (which it should not).

Short runs of few rows: what grows is what the batch keeps of each run, and that does not depend on the rows.
"""

from __future__ import annotations

from dataclasses import asdict

from benchmarks.command_line import batch, memory
from benchmarks.effort import Effort
from benchmarks.measurement import Measurement, measured, ratios, skipped
from benchmarks.process_memory import PROC, Peaks

#: replicates of the small and the large batch
SIZES = {
    Effort.TINY: (2, 4),
    Effort.QUICK: (100, 300),
    Effort.USUAL: (100, 1_000),
    Effort.LONG: (100, 10_000),
}
ROUNDS = {Effort.TINY: 1, Effort.QUICK: 1, Effort.USUAL: 3, Effort.LONG: 1}
SHORT = ("--households", "1000", "--days", "10", "--workers", "2")
NAMES = {"parent": "parent", "worker": "largest worker", "together": "all processes"}


def measure(effort: Effort) -> list[Measurement]:
    """MB at both sizes, and their quotients."""
    if not (PROC / "self" / "smaps_rollup").exists():
        return [skipped("memory", "batch", "memory is read from /proc, which there is on Linux only")]
    small, large = SIZES[effort]
    found: dict[int, list[Peaks]] = {small: [], large: []}
    for _ in range(ROUNDS[effort]):
        for size, peaks in found.items():
            peaks.append(memory(*batch("arrest", "--replicates", str(size), *SHORT))[1])
    columns = {
        size: {name: [asdict(p)[name] for p in peaks] for name in NAMES} for size, peaks in found.items()
    }
    lines = [
        measured("memory", f"{told}, {size:,} replicates", "MB", columns[size][name])
        for name, told in NAMES.items()
        for size in found
    ]
    for name, told in NAMES.items():
        quotients = ratios(columns[large][name], columns[small][name])
        note = f"{large:,} replicates, 2 workers, 10 days"
        case = f"{told}, many / 100 replicates"
        lines.append(measured("memory", case, "times", quotients, note, effort >= Effort.USUAL))
    return lines
