from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from model.ensemble.faults import StoreError
from model.ensemble.finished_run import FinishedRun
from model.ensemble.payload import pack_arrays, pack_scalars
from model.ensemble.plan import Plan, RunKey, plan_batch
from model.ensemble.store import BatchStore
from tests.ensemble.fake_simulation import FakeScenario, Settings, simulate

ROOT = Path(__file__).parents[2]
SCENARIO = FakeScenario("arrest")


@pytest.fixture
def plan() -> Plan:
    return plan_batch([SCENARIO], 4, {"seed": 1, "days": 30})


def finished(replicate: int) -> FinishedRun:
    result = simulate(SCENARIO, replicate, Settings())
    return FinishedRun(
        RunKey("arrest", 0, replicate), "ok", scalars=pack_scalars(result), payload=pack_arrays(result)
    )


def test_runs_come_back_in_order_whatever_the_order_they_came_in(tmp_path: Path, plan: Plan) -> None:
    with BatchStore.create(tmp_path, plan) as store:
        for replicate in (2, 0, 3):
            store.add(finished(replicate))
        store.add(FinishedRun(RunKey("arrest", 0, 1), "failed", "ValueError", "no", "again"))
    with BatchStore.open(tmp_path) as store:
        assert store.plan == plan
        assert [key.replicate for key, _ in store.results("arrest")] == [0, 2, 3]
        assert [key.replicate for key, _, _ in store.outcomes("arrest")] == [0, 2, 3]
        assert store.done() == {RunKey("arrest", 0, replicate) for replicate in (0, 2, 3)}
        assert store.counts() == {"ok": 3, "failed": 1, "timeout": 0}
        assert [run.message for run in store.failures()] == ["no"]
        assert store.damaged() == []
        store.add(finished(1))
        assert store.counts() == {"ok": 4, "failed": 0, "timeout": 0}


def test_what_is_not_committed_is_lost_and_the_rest_is_kept(tmp_path: Path, plan: Plan) -> None:
    store = BatchStore.create(tmp_path, plan)
    store.add(finished(0))
    store.commit()
    store.add(finished(1))
    store._connection.close()  # as when the process is killed
    with BatchStore.open(tmp_path) as again:
        assert again.done() == {RunKey("arrest", 0, 0)}


def test_a_changed_byte_is_found(tmp_path: Path, plan: Plan) -> None:
    with BatchStore.create(tmp_path, plan) as store:
        store.add(finished(0))
        store.add(finished(1))
    connection = sqlite3.connect(tmp_path / "batch.sqlite")
    with connection:
        (payload,) = connection.execute("SELECT payload FROM runs WHERE replicate = 1").fetchone()
        other = payload[:-1] + bytes([payload[-1] ^ 1])
        connection.execute("UPDATE runs SET payload = ? WHERE replicate = 1", (other,))
    connection.close()
    with BatchStore.open(tmp_path) as store:
        assert store.damaged() == [RunKey("arrest", 0, 1)]


def test_a_plan_that_was_changed_is_found_whatever_of_it(tmp_path: Path, plan: Plan) -> None:
    BatchStore.create(tmp_path, plan).close()
    with closing(sqlite3.connect(tmp_path / "batch.sqlite")) as connection, connection:
        connection.execute("UPDATE plan SET body = replace(body, '2025-10-08', '2025-10-09')")
        assert connection.total_changes == 1
    with pytest.raises(StoreError, match="its plan is not the one that was stored; .* in another folder"):
        BatchStore.open(tmp_path)


def test_folders_that_hold_no_batch(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="missing"):
        BatchStore.open(tmp_path)
    (tmp_path / "batch.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match="cannot be read"):
        BatchStore.open(tmp_path)


def test_a_write_that_was_broken_off_is_taken_back(tmp_path: Path, plan: Plan) -> None:
    with BatchStore.create(tmp_path, plan) as store:
        store.add(finished(0))
    script = (
        "import os, sys; from pathlib import Path; from model.ensemble.store import BatchStore\n"
        "from tests.ensemble.test_store import finished\n"
        "store = BatchStore.open(Path(sys.argv[1]))\n"
        "store._connection.execute('PRAGMA cache_size = 1')\n"  # so that pages are written before the commit
        "for replicate in (1, 2, 3): store.add(finished(replicate))\n"
        "os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT).returncode == -9
    assert (tmp_path / "batch.sqlite-journal").exists()
    with pytest.raises(
        StoreError, match="stopped amid a write; give the batch's command again with --resume"
    ):
        BatchStore.open(tmp_path, read_only=True)
    with BatchStore.open(tmp_path) as store:
        assert store.done() == {RunKey("arrest", 0, 0)}


def test_a_store_of_another_format_says_what_can_be_done(tmp_path: Path, plan: Plan) -> None:
    with BatchStore.create(tmp_path, plan):
        pass
    with closing(sqlite3.connect(tmp_path / "batch.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 3")
    with pytest.raises(
        StoreError, match=r"format 3, this version reads .*make the batch anew in another folder"
    ):
        BatchStore.open(tmp_path)
