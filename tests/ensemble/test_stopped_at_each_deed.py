"""The crash harness: a batch stopped at every write, sync, truncation, rename and removal, and resumed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.ensemble.fake_batch import ROOT

COMPILER = shutil.which("cc") or shutil.which("gcc")


@pytest.mark.skipif(sys.platform != "linux" or COMPILER is None, reason="needs Linux and a C compiler")
def test_a_batch_stopped_at_any_deed_to_a_file_is_resumed_to_the_same_bytes(tmp_path: Path) -> None:
    library = tmp_path / "stop_at.so"
    source = Path(__file__).with_name("stop_at.c")
    assert COMPILER is not None
    subprocess.run([COMPILER, "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # where a sync takes no time
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.ensemble.stopped_batch", folder, "1"],
            cwd=ROOT,
            env=os.environ | {"LD_PRELOAD": str(library)},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stderr
    assert "every batch complete, all bytes the same" in done.stdout
    assert int(done.stdout.split()[0]) > 100
