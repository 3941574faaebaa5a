"""A soak: batches whose parents and workers are killed at random until they are done, again and again.

    nice -n 15 python -m tests.soak --kills 1000 [--minutes 60] [--count FILE] [--folder DIR]

Not collected by pytest. After each batch every run must be there once and every CSV must have the bytes of an
undisturbed batch. The last line of the output is what docs/reliability.md quotes; with --count the next soak
goes on from there. The parent of a batch is a fork of this process, which has imported everything and has no
thread, since starts would make up most of a soak otherwise; its forkserver and workers start as always.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
import types
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from model.analysis import comparison, observations, overview, precision, summary  # noqa: F401
from model.commands import results  # noqa: F401
from model.commands.batch import Request, make_batch
from model.ensemble import engines, folder, manifest, rendering  # noqa: F401
from model.ensemble.store import BatchStore
from tests.commands.test_stopping import csv_bytes, members
from tests.ensemble.fake_batch import FAKE
from tests.ensemble.fake_simulation import FakeScenario

SCENARIOS = [FakeScenario("a"), FakeScenario("b", "raises"), FakeScenario("slow", "slow")]
REPLICATES = 10
REQUEST = Request(replicates=REPLICATES, days=20, households=100, workers=2, run_timeout=20.0, function=FAKE)
COUNTS = {"ok": 3 * REPLICATES - 1, "failed": 1, "timeout": 0}  # one run fails of itself, as it should
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
DONE, STOPPED = 3, (3, 4, 130, 143, -signal.SIGKILL, -signal.SIGTERM)
PATIENCE = 120.0  # seconds in which a batch must end and its processes with it


class Soak:
    """Kills counted by what was killed and how; each batch has a luck of its own."""

    def __init__(self, place: Path, seed: int, count: Path | None) -> None:
        self.place = place
        self.told = place / "stderr"
        self.count = count
        before = json.loads(count.read_text()) if count and count.exists() else {}
        self.kills = collections.Counter[str](before.get("kills", {}))
        self.batches, self.starts = before.get("batches", 0), before.get("starts", 0)
        self.seed = seed
        self.random = random.Random()
        code = os.waitstatus_to_exitcode(os.waitpid(self._forked(place / "whole"), 0)[1])
        assert code == DONE, self.told.read_text()
        self.whole = csv_bytes(place / "whole")

    def batch(self) -> None:
        """One batch, disturbed until it is done. Raises AssertionError where anything is lost or doubled."""
        out = self.place / "disturbed"
        shutil.rmtree(out, ignore_errors=True)
        self.random.seed(f"{self.seed} {self.batches}")
        while not self._complete(out, self._start(out)):
            pass
        with BatchStore.open(out, read_only=True) as store:
            assert store.damaged() == []
        assert csv_bytes(out) == self.whole, "other bytes"
        self.batches += 1
        if self.count:
            said = {"kills": self.kills, "batches": self.batches, "starts": self.starts}
            self.count.write_text(json.dumps(said))

    def _complete(self, out: Path, code: int) -> bool:
        """Whether nothing is left to be made; a run whose worker was killed twice is made again."""
        told = self.told.read_text()
        assert code in STOPPED and "Traceback" not in told, f"exit code {code}\n{told}"
        if code != DONE:
            return False
        with BatchStore.open(out, read_only=True) as store:
            counts = store.counts()
        assert sum(counts.values()) == sum(COUNTS.values()), counts
        return counts == COUNTS

    def _start(self, out: Path) -> int:
        """Start or resume the batch, kill what comes to hand, wait for its end; its exit code."""
        self.starts += 1
        parent = self._forked(out)
        deadly = self.random.random() < 0.8  # else the parent is spared, and only workers die
        began = time.monotonic()
        due = began + self.random.expovariate(1 / 1.5)
        while not (status := os.waitpid(parent, os.WNOHANG))[0]:
            assert time.monotonic() < began + PATIENCE, f"does not end\n{self.told.read_text()}"
            time.sleep(self.random.random() * 0.2)
            if deadly and time.monotonic() > due:
                self._kill(parent, self.random.choice(SIGNALS), "parent")
                deadly = False
            elif self.random.random() < 0.6:
                others = [pid for pid in members(parent) if pid != parent]
                if len(others) > 2:  # beside the workers: the forkserver and the tracker of resources
                    self._kill(self.random.choice(others), signal.SIGKILL, "child")
        self._wait_for_orphans(parent)
        return os.waitstatus_to_exitcode(status[1])

    def _kill(self, pid: int, number: signal.Signals, what: str) -> None:
        send: Callable[[int, int], None] = (
            os.killpg if number == signal.SIGINT else os.kill
        )  # Ctrl-C goes to all
        try:
            send(pid, number)
            self.kills[f"{what} {number.name}"] += 1
        except ProcessLookupError:  # it has just ended
            pass

    def _forked(self, out: Path) -> int:
        """Start or resume a batch in a fork of this process, in a session of its own."""
        if child := os.fork():
            return child
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(os.open(self.told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a job of the background
        sys.modules["__main__"] = types.ModuleType("__main__")  # else every worker imports this module anew
        code = 1
        try:
            code = make_batch(replace(REQUEST, out=out, resume=out.is_dir()), SCENARIOS)
        except KeyboardInterrupt:  # before the batch had begun
            code = 130
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)

    def _wait_for_orphans(self, session: int) -> None:
        end = time.monotonic() + PATIENCE
        while left := members(session):
            assert time.monotonic() < end, f"processes left behind: {left}"
            time.sleep(0.05)

    def __str__(self) -> str:
        kills = ", ".join(f"{count} {what}" for what, count in sorted(self.kills.items()))
        return (
            f"{self.batches} batches in {self.starts} starts, {self.kills.total()} kills ({kills}): "
            "nothing lost, nothing doubled, bytes the same"
        )


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=Path, default=None)
    parser.add_argument("--folder", type=Path, default=None)
    given = parser.parse_args()
    end = time.monotonic() + given.minutes * 60
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        soak = Soak(Path(name), given.seed, given.count)
        while soak.kills.total() < given.kills and time.monotonic() < end:
            soak.batch()
            print(soak, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
