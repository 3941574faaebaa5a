"""Commands of the program as a user runs them, each in a process of its own and in a temporary folder."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.process_memory import Peaks, watched

ROOT = Path(__file__).parents[1]
RUN = str(ROOT / "run.py")


def environment() -> dict[str, str]:
    """That of this process, but Python may keep what it compiles."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": str(ROOT)}


def timed(*arguments: str) -> float:
    """Seconds that Python takes with these arguments. Raises CalledProcessError where it fails."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, *arguments], cwd=folder, env=environment(), check=True, capture_output=True
        )
        return time.perf_counter() - start


def batch(*arguments: str) -> list[str]:
    """Arguments for Python that make a batch in the working folder."""
    return [RUN, "batch", *arguments, "--out", "batch"]


def memory(*arguments: str) -> tuple[float, Peaks]:
    """Seconds, and peak memory of the process and of its children. Raises CalledProcessError where it fails."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=folder, env=environment(),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        peaks = watched(process)
        spent = time.perf_counter() - start
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, process.args)
        return spent, peaks
