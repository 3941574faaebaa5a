"""Batches that are interrupted, killed, starved or started twice: real processes, real signals."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from model.commands import batch as batch_command
from model.commands.batch import make_batch
from model.ensemble.store import FILE_NAME, BatchStore
from tests.commands.test_batch import REQUEST, SCENARIOS
from tests.ensemble import fake_batch
from tests.ensemble.fake_batch import ROOT

PATIENCE = 60.0  # seconds until a test gives up; nothing waits that long on a machine that works


def wait_for(what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def kept(folder: Path) -> int:
    """Runs that are safe in a store that is being written."""
    try:
        with BatchStore.open(folder, read_only=True) as store:
            return sum(store.counts().values())
    except Exception:  # not there yet, or at this moment locked
        return 0


def csv_bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.csv")}


def members(session: int) -> list[int]:
    """Processes of a session that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(entry.name))
    return found


def others(process: subprocess.Popen[str]) -> list[int]:
    """What a batch has started."""
    return [pid for pid in members(process.pid) if pid != process.pid]


def deaf_to_ctrl_c(pid: int) -> bool:
    said = dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return bool((int(said["SigBlk"], 16) | int(said["SigIgn"], 16)) & (1 << signal.SIGINT - 1))


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_batch_keeps_its_runs_and_says_how_to_go_on(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    out = tmp_path / "my batch"
    with fake_batch.process(out, {"a": "hangs"}, replicates=3, workers=1) as process:
        wait_for(lambda: kept(out) == 1)  # replicate 0; replicate 1 hangs
        os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
        _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == code
    assert "Traceback" not in told
    assert "stopped with 1 of 3 runs kept; go on with\n" in told
    assert told.rstrip().endswith(f"--workers 1 --out '{out}' --resume")
    wait_for(lambda: members(process.pid) == [])


def test_ctrl_c_while_workers_start_is_heard_by_their_parent_alone(tmp_path: Path) -> None:
    # a run that hangs, so that the batch cannot end before it is heard
    with fake_batch.process(tmp_path / "batch", {"a": "hangs"}) as process:
        wait_for(
            lambda: any(b"forkserver" in Path(f"/proc/{pid}/cmdline").read_bytes() for pid in others(process))
        )
        assert all(
            deaf_to_ctrl_c(pid) for pid in others(process)
        )  # else they show a traceback of their imports
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process of the batch
        _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "Traceback" not in told
    assert told.rstrip().endswith("--resume")


def test_a_second_ctrl_c_stops_at_once() -> None:
    script = (
        "import time, signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from model.commands.terminal import stoppable\n"
        "with stoppable():\n"
        "    try:\n        print('ready', flush=True); time.sleep(600)\n"
        "    finally:\n        print('cleaning', flush=True); time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for said in ("ready\n", "cleaning\n"):
            assert process.stdout.readline() == said
            process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=PATIENCE)[1] == "stopped at once\n"
    assert process.returncode == 130


def test_no_process_is_left_when_the_parent_is_killed_and_its_batch_goes_on(tmp_path: Path) -> None:
    out = tmp_path / "batch"
    with fake_batch.process(out, {"a": "hangs"}, replicates=3) as process:
        try:
            wait_for(lambda: kept(out) == 2)  # the third does not wait behind the run that hangs
            assert len(members(process.pid)) >= 3
        finally:
            process.kill()
    wait_for(lambda: members(process.pid) == [])
    with fake_batch.process(out, {"a": "hangs"}, replicates=3, resume=True, run_timeout=0.5) as process:
        _, told = process.communicate(timeout=PATIENCE)
    assert process.returncode == 3
    assert "3 runs (2 are there)" in told
    assert "timeout: RunTimeout: not done after 0.5 seconds\n  again: run.py run a --replicate 1" in told


def test_of_two_batches_started_at_once_on_one_folder_one_wins(tmp_path: Path) -> None:
    out = tmp_path / "batch"
    both = [fake_batch.process(out, {"a": "", "b": ""}) for _ in range(2)]
    told = [process.communicate(timeout=PATIENCE)[1] for process in both]
    assert sorted(process.returncode for process in both) in ([0, 2], [0, 5])  # 2 once the winner has ended
    loser = next(said for process, said in zip(both, told, strict=True) if process.returncode)
    assert "in use by another process" in loser or "add --resume" in loser
    make_batch(replace(REQUEST, out=tmp_path / "alone"), [fake_batch.FakeScenario(name) for name in "ab"])
    assert csv_bytes(out) == csv_bytes(tmp_path / "alone")


def test_a_store_that_another_program_holds_stops_a_batch_resumably(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    request, connect = replace(REQUEST, out=tmp_path / "batch"), sqlite3.connect
    assert make_batch(request, SCENARIOS) == 0
    monkeypatch.setattr(
        sqlite3, "connect", lambda *given, **named: connect(*given, **named | {"timeout": 0.1})
    )
    with closing(connect(tmp_path / "batch" / FILE_NAME)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM runs").fetchone()
        larger = replace(request, replicates=5, resume=True)
        assert make_batch(larger, SCENARIOS) == 4
    told = capsys.readouterr().err
    assert "another program holds the store" in told
    assert told.rstrip().endswith("--resume")
    assert make_batch(larger, SCENARIOS) == 0


def small_files(limit: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


@pytest.mark.parametrize("limit", [8_000, 100_000, 300_000])
def test_a_limit_on_the_size_of_files_stops_a_batch_that_can_be_resumed(tmp_path: Path, limit: int) -> None:
    out = tmp_path / "batch"
    words = fake_batch.command(out, {"arrest": "", "no_arrest": ""}, timeseries="csv", days=200)
    starved = subprocess.run(
        words, cwd=ROOT, capture_output=True, text=True, preexec_fn=small_files(limit), timeout=PATIENCE
    )
    assert starved.returncode == 4, starved.stderr
    assert "Traceback" not in starved.stderr
    assert starved.stderr.rstrip().endswith("--resume")
    assert not list(out.glob("**/.*.part"))
    request = replace(REQUEST, days=200, out=out, resume=(out / FILE_NAME).exists())
    assert make_batch(request, SCENARIOS) == 0
    assert make_batch(replace(REQUEST, days=200, out=tmp_path / "whole"), SCENARIOS) == 0
    assert csv_bytes(out) == csv_bytes(tmp_path / "whole")


@pytest.mark.bytes
def test_another_locale_and_a_path_with_spaces_and_letters_of_all_kinds(tmp_path: Path) -> None:
    out = tmp_path / "Ergebnisse für Душанбе = 1"
    environment = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    words = fake_batch.command(out, {"arrest": "", "no_arrest": "raises"})
    done = subprocess.run(words, cwd=ROOT, capture_output=True, env=environment, timeout=PATIENCE)
    assert done.returncode == 3, done.stderr
    make_batch(
        replace(REQUEST, out=tmp_path / "plain"), [SCENARIOS[0], replace(SCENARIOS[1], misfortune="raises")]
    )
    assert csv_bytes(out) == csv_bytes(tmp_path / "plain")


def test_a_module_in_the_working_folder_that_is_called_like_one_of_the_project_is_let_be(
    tmp_path: Path,
) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "__init__.py").write_text("raise SystemExit('not the model')")
    words = ["batch", "arrest", "--replicates", "1", "--days", "3", "--households", "200", "--out", "out"]
    done = subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.bytes
def test_a_clock_that_jumps_back_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Jumping(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime(2001, 1, 1, tzinfo=UTC)

    monkeypatch.chdir(tmp_path)
    assert make_batch(REQUEST, SCENARIOS) == 0
    (folder,) = (tmp_path / "results").iterdir()
    before = csv_bytes(folder)
    monkeypatch.setattr(batch_command, "datetime", Jumping)
    monkeypatch.setattr(time, "time", lambda: 1.0)
    assert make_batch(replace(REQUEST, resume=True), SCENARIOS) == 0
    assert [path.name for path in (tmp_path / "results").iterdir()] == [folder.name]
    assert csv_bytes(folder) == before
