"""A soak: batches whose parents and workers are killed at random until they are done, again and again.

    nice -n 15 python -m tests.soak --kills 1000 [--minutes 60] [--folder DIR]

Not collected by pytest. After each batch every run must be there once and every CSV must have the bytes of an
undisturbed batch. The last line of the output is what docs/reliability.md quotes.
"""

from __future__ import annotations

import argparse
import collections
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from model.ensemble.store import BatchStore
from tests.commands.test_stopping import csv_bytes, members
from tests.ensemble import fake_batch

SCENARIOS = {"a": "", "b": "", "slow": "slow"}
REQUEST = {"replicates": 25, "days": 20, "workers": 2}
SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT)


class Soak:
    """Kills counted by what was killed and how."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.told = folder / "stderr"
        self.random = random.Random(seed)
        self.kills: collections.Counter[str] = collections.Counter()
        self.batches = self.starts = 0
        self.whole = self._undisturbed()

    def _undisturbed(self) -> dict[str, bytes]:
        out = self.folder / "whole"
        subprocess.run(fake_batch.command(out, SCENARIOS, **REQUEST), cwd=fake_batch.ROOT, check=True,
                       capture_output=True)  # fmt: skip
        return csv_bytes(out)

    def batch(self) -> None:
        """One batch, disturbed until it is done. Raises AssertionError where anything is lost or doubled."""
        out = self.folder / "disturbed"
        shutil.rmtree(out, ignore_errors=True)
        code = None
        while code != 0:
            code = self._start(out)
            expected = (0, 3, 4, 130, 143, -signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT)
            assert code in expected, f"exit code {code}\n{self.told.read_text()}"
        with BatchStore.open(out, read_only=True) as store:
            assert store.counts() == {"ok": store.plan.size, "failed": 0, "timeout": 0}, store.counts()
            assert store.damaged() == []
        assert csv_bytes(out) == self.whole, "other bytes"
        self.batches += 1

    def _start(self, out: Path) -> int:
        """Start or resume the batch, kill what comes to hand, wait for its end; its exit code."""
        self.starts += 1
        process = subprocess.Popen(
            fake_batch.command(out, SCENARIOS, resume=out.is_dir(), run_timeout=20.0, **REQUEST),
            cwd=fake_batch.ROOT,
            stdout=subprocess.DEVNULL,
            stderr=self.told.open("w"),
            start_new_session=True,
        )
        deadly = self.random.random() < 0.8  # else the parent is spared, and only workers die
        end = time.monotonic() + self.random.expovariate(1 / 3.0)
        while process.poll() is None:
            time.sleep(self.random.random() * 0.4)
            if deadly and time.monotonic() > end:
                number = self.random.choice(SIGNALS)
                process.send_signal(number)
                self.kills[f"parent {number.name}"] += 1
                deadly = False
            elif self.random.random() < 0.5:
                self._kill_a_worker(process.pid)
        self._wait_for_orphans(process.pid)
        return process.returncode

    def _kill_a_worker(self, session: int) -> None:
        others = [pid for pid in members(session) if pid != session]
        if len(others) > 2:  # beside the workers: the forkserver and the tracker of resources
            try:
                os.kill(self.random.choice(others), signal.SIGKILL)
                self.kills["child SIGKILL"] += 1
            except ProcessLookupError:
                pass

    def _wait_for_orphans(self, session: int) -> None:
        end = time.monotonic() + 60
        while left := members(session):
            assert time.monotonic() < end, f"processes left behind: {left}"
            time.sleep(0.05)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=600.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=None)
    given = parser.parse_args()
    end = time.monotonic() + given.minutes * 60
    with tempfile.TemporaryDirectory(dir=given.folder) as name:
        soak = Soak(Path(name), given.seed)
        while sum(soak.kills.values()) < given.kills and time.monotonic() < end:
            soak.batch()
            kills = ", ".join(f"{count} {what}" for what, count in sorted(soak.kills.items()))
            print(
                f"{soak.batches} batches in {soak.starts} starts, {sum(soak.kills.values())} kills ({kills}): "
                "nothing lost, nothing doubled, bytes the same",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
