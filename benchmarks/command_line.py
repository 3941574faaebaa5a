"""Commands of the program as a user runs them, each in a process of its own and in a temporary folder."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from benchmarks.process_memory import Peaks, watched

ROOT = Path(__file__).parents[1]
RUN = str(ROOT / "run.py")
T = TypeVar("T")


class Failed(Exception):
    """A command that is to be measured failed; the message holds the end of what it said."""


def environment() -> dict[str, str]:
    """That of this process, but Python may keep what it compiles."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": str(ROOT)}


def batch(*arguments: str) -> list[str]:
    """Arguments for Python that make a batch in the working folder."""
    return [RUN, "batch", *arguments, "--out", "batch"]


def timed(*arguments: str) -> float:
    """Seconds that Python takes with these arguments. Raises Failed."""
    return _python(arguments, subprocess.Popen.wait)[0]


def memory(*arguments: str) -> tuple[float, Peaks]:
    """Seconds that Python takes, and peak memory of it and of its children. Raises Failed."""
    return _python(arguments, watched)


def _python(arguments: Sequence[str], wait: Callable[[subprocess.Popen[bytes]], T]) -> tuple[float, T]:
    """Seconds from the start of Python to its end, and what was seen by waiting for it."""
    command = [sys.executable, *arguments]
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as words:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment(), stdout=words, stderr=words)
        seen = wait(process)
        spent = time.perf_counter() - start
        if process.returncode:
            words.seek(0)
            said = words.read().decode(errors="replace")[-1000:]
            raise Failed(f"{' '.join(arguments)}: exit code {process.returncode}\n{said}")
        return spent, seen
