"""Stops a batch at one deed to a file after another, resumes it, and compares all CSV with an undisturbed one.

    LD_PRELOAD=stop_at.so python -m tests.ensemble.stopped_batch FOLDER STEP

Every STEPth deed is tried, up to the last. Each batch is made in a fork of this process, which has imported
everything and has no thread; its runs are made where they are asked for, so that deeds have one order.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from concurrent.futures import Executor, Future
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

from model.commands.batch import Request, make_batch
from model.commands.terminal import Refused
from model.ensemble.store import FILE_NAME
from tests.ensemble.fake_batch import FAKE
from tests.ensemble.fake_simulation import FakeScenario

SCENARIOS = [FakeScenario("arrest"), FakeScenario("no_arrest", "raises")]
REQUEST = Request(replicates=2, days=8, households=100, workers=1, function=FAKE, decision_replicates=1)
FINISHED = 3  # some runs failed, as they should


class Here(Executor):
    """Makes what is submitted at once, in this process."""

    def submit(self, call: Any, /, *given: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(call(*given, **named))
        return future


def batch(folder: Path, resume: bool) -> int:
    try:
        return make_batch(replace(REQUEST, out=folder, resume=resume), SCENARIOS, executor=Here())
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return refusal.code


def forked(folder: Path, resume: bool, stop: int | None) -> tuple[int, int]:
    """Exit code of a batch in a fork (negative for a signal), and the deeds it came to (if it was not stopped)."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        library = ctypes.CDLL(None)
        if stop is not None:
            library.stop_at(stop)
        code = batch(folder, resume)
        os.write(writer, str(library.deeds()).encode())
        os._exit(code)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        deeds = int(pipe.read() or 0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), deeds


def csv_bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.csv")}


def main(folder: Path, step: int) -> int:
    code, deeds = forked(folder / "whole", False, 0)
    assert code == FINISHED and deeds > 100, (code, deeds)
    whole = csv_bytes(folder / "whole")
    tried = 0
    for stop in range(1, deeds + 1, step):
        place = folder / "stopped"
        code, _ = forked(place, False, stop)
        assert code == -9, f"stop {stop}: {code}"
        code, _ = forked(place, resume=place.is_dir(), stop=None)
        assert code == FINISHED, f"resumed after stop {stop}: {code}"
        assert csv_bytes(place) == whole, f"other bytes after stop {stop}"
        left = [
            path.name for path in place.rglob("*") if path.name.endswith((".part", "-journal", ".mended"))
        ]
        assert left == [] and (place / FILE_NAME).exists(), f"left after stop {stop}: {left}"
        shutil.rmtree(place)
        tried += 1
    print(f"{tried} stops among {deeds} deeds: every batch complete, all bytes the same")
    return 0


if __name__ == "__main__":
    given = Path(sys.argv[1])
    with open(os.devnull, "w") as nothing, redirect_stdout(nothing), redirect_stderr(nothing):
        batch(given / "first", False)  # imports all that a batch needs before the forks
    sys.exit(main(given, int(sys.argv[2])))
