"""Peak memory of a process and its children, read from /proc while they run (Linux only)."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
#: seconds between two looks
PAUSE = 0.05
MB = 1e6


@dataclass(frozen=True)
class Peaks:
    """MB: of the process, of the largest of its children, and of all together.

    The first two are the kernel's own high-water marks of resident memory, pages shared with others counted in
    full. The third is sampled, and counts a shared page once: the most that all took from the machine.
    """

    parent: float
    worker: float
    together: float


def watched(process: subprocess.Popen[bytes]) -> Peaks:
    """Wait for the end of a process, watching its memory."""
    parent = worker = together = 0.0
    while process.poll() is None:
        family = [process.pid, *_descendants(process.pid)]
        marks = {pid: _megabytes(pid, "status", "VmHWM") for pid in family}
        parent = max(parent, marks.pop(process.pid))
        worker = max(worker, *marks.values(), 0.0)
        together = max(together, sum(_megabytes(pid, "smaps_rollup", "Pss") for pid in family))
        time.sleep(PAUSE)
    return Peaks(parent, worker, together)


def own_peak() -> float:
    """MB: peak resident memory of this process."""
    return _megabytes("self", "status", "VmHWM")


def _megabytes(pid: int | str, file: str, field: str) -> float:
    """A field of a file of /proc in MB; 0 for a process that has ended."""
    try:
        lines = (PROC / str(pid) / file).read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) * 1024 / MB for line in lines if line.startswith(f"{field}:")), 0.0)


def _descendants(pid: int) -> Iterator[int]:
    """Children of a process, their children and so on."""
    try:
        threads = list((PROC / str(pid) / "task").iterdir())
        children = [child for thread in threads for child in (thread / "children").read_text().split()]
    except OSError:
        return
    for child in map(int, children):
        yield child
        yield from _descendants(child)
