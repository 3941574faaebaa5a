"""The same CSV bytes from real batches, whatever the workers and the hash seed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.model, pytest.mark.bytes]
ROOT = Path(__file__).parent.parent


def csv_bytes(folder: Path, workers: int, hash_seed: str) -> dict[str, bytes]:
    command = [
        sys.executable, "run.py", "batch", "no_arrest", "story_as_told", "--replicates", "2", "--days", "20",
        "--households", "200", "--workers", str(workers), "--out", str(folder),
    ]  # fmt: skip
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.csv"))}


def test_workers_and_hash_seed_leave_every_csv_as_it_is(tmp_path: Path) -> None:
    alone = csv_bytes(tmp_path / "one worker", 1, "0")
    assert {"runs.csv", "summary.csv", "comparison.csv", "quantiles.csv"} <= set(alone)
    assert csv_bytes(tmp_path / "two workers", 2, "4711") == alone
