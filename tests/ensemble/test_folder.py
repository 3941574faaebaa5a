"""Which batch a folder takes: a new one, the one it has, a larger one of the same kind, and no other."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from model.ensemble.faults import FolderTaken, FolderUnusable
from model.ensemble.finished_run import FinishedRun
from model.ensemble.folder import BatchFolder
from model.ensemble.plan import Plan, RunKey, plan_batch
from model.ensemble.plan_difference import describe, extends
from model.ensemble.store import FILE_NAME
from model.ensemble.work import Work
from tests.ensemble.fake_simulation import FakeScenario

FAKE = "tests.ensemble.fake_simulation:simulate"
SETTINGS = {"seed": 1, "days": 20, "households": 100, "parameters": "prior"}
SCENARIOS = [FakeScenario("arrest"), FakeScenario("no_arrest")]


def planned(replicates: int = 3, scenarios: list[FakeScenario] = SCENARIOS, **settings: object) -> Plan:
    return plan_batch(scenarios, replicates, SETTINGS | settings, function=FAKE)


def filled(folder: Path, plan: Plan) -> list[FinishedRun]:
    """A folder with every run of a plan."""
    work = Work(plan, {scenario.name: scenario for scenario in SCENARIOS})
    runs = [work.attempt(key) for key in plan.runs()]
    with BatchFolder(folder, plan, resume=False) as batch:
        for run in runs:
            batch.store.add(run)
    return runs


def test_a_folder_takes_its_batch_once_and_one_process_at_a_time(tmp_path: Path) -> None:
    plan, folder = planned(), tmp_path / "deep" / "Ergebnisse für Душанбе 1"
    filled(folder, plan)
    with pytest.raises(FolderUnusable, match="--resume"), BatchFolder(folder, plan, resume=False):
        pass
    with BatchFolder(folder, plan, resume=True) as first:
        assert len(first.store.done()) == 6
        assert first.notes == []
        with pytest.raises(FolderTaken, match="in use"), BatchFolder(folder, plan, resume=True):
            pass


def test_folders_that_take_no_batch(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("mine")
    for path, resume, words in (
        (tmp_path, False, r"other files \(thesis.doc, ...\) and no batch"),
        (tmp_path, True, "nothing to resume"),
        (tmp_path / "nowhere", True, "nothing to resume: there is no folder"),
        (tmp_path / "thesis.doc", False, "is a file"),
        (tmp_path / "thesis.doc" / "x", False, "below a file"),
        (Path("/proc/batch"), False, "cannot be made"),
    ):
        with pytest.raises(FolderUnusable, match=words), BatchFolder(path, planned(), resume):
            pass
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.doc"]


@contextmanager
def nobody() -> Iterator[None]:
    """Without the rights of root, if this is root."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_that_can_only_be_read_is_refused() -> None:
    plan = planned()  # who is nobody may not even read the sources
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        with (
            nobody(),
            pytest.raises(FolderUnusable, match="cannot be written to"),
            BatchFolder(folder, plan, resume=False),
        ):
            pass
        assert list(folder.iterdir()) == []
        folder.chmod(0o755)


def test_a_batch_may_grow_and_its_first_runs_keep_their_bytes(tmp_path: Path) -> None:
    small = planned(2, SCENARIOS[:1])
    runs = filled(tmp_path / "batch", small)
    large = planned(5)
    assert extends(large, small)
    assert not extends(small, large)
    with pytest.raises(FolderUnusable, match="a smaller one"), BatchFolder(tmp_path / "batch", large, False):
        pass
    with BatchFolder(tmp_path / "batch", large, resume=True) as grown:
        assert grown.notes == ["the batch grows from 2 runs to 10"]
        assert grown.store.plan == large
        assert [run for run, sound in grown.store.all_runs() if sound] == runs
    with (
        pytest.raises(FolderTaken, match="5 replicates, not 2"),
        BatchFolder(tmp_path / "batch", small, True),
    ):
        pass


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (planned(seed=2), "its seed is 1, not 2"),
        (planned(parameters="nominal", days=30), "its days is 20, not 30; its parameters is prior, not nominal"),
        (planned(2), "3 replicates, not 2; there may be more, not fewer"),
        (planned(scenarios=SCENARIOS[1:]), "it holds arrest too, which may not be left out"),
        (planned(scenarios=[FakeScenario("arrest", "raises"), SCENARIOS[1]]), "arrest: misfortune is , not raises"),
        (replace(planned(), code="x", files={}), "the model has changed since: .*actions.csv"),
        (replace(planned(), versions={"numpy": "1.0"}), "it was made with .*numpy [0-9.]+, not 1.0"),
        (replace(planned(), shard=(2, 3)), "it is the whole batch, not shard 2 of 3"),
        (replace(planned(), points=({"a.b": 1.0},)), "its points of parameters are others"),
    ],
)  # fmt: skip
def test_another_batch_is_refused_with_the_difference(tmp_path: Path, other: Plan, words: str) -> None:
    plan = planned()
    filled(tmp_path, plan)
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(FolderTaken, match=words), BatchFolder(tmp_path, other, resume=True):
        pass
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_a_long_difference_is_cut() -> None:
    there = replace(planned(), settings={f"key{number:02}": 1 for number in range(20)})
    assert describe(there, replace(there, settings={})).endswith("and 12 more")


def test_a_store_that_was_stopped_before_its_plan_was_in_starts_afresh_and_says_so(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()
    sqlite3.connect(tmp_path / FILE_NAME).close()
    with BatchFolder(tmp_path, planned(), resume=True) as batch:
        assert batch.notes == [f"{tmp_path} holds no run yet: starting from the first"]


def test_a_flipped_bit_costs_its_run_and_is_named(tmp_path: Path) -> None:
    filled(tmp_path, planned())
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    with connection:
        connection.execute(
            "UPDATE runs SET scalars = zeroblob(40) WHERE scenario = 'arrest' AND replicate = 1"
        )
        connection.execute("UPDATE runs SET status = 'failed' WHERE scenario = 'no_arrest' AND replicate = 2")
        connection.execute("UPDATE runs SET replicate = 77 WHERE scenario = 'no_arrest' AND replicate = 0")
    connection.close()
    with BatchFolder(tmp_path, planned(), resume=True) as batch:
        assert batch.notes == ["3 damaged runs are made again: arrest 1, no_arrest 2, no_arrest 77"]
        assert batch.store.done() == {
            RunKey("arrest", 0, 0), RunKey("arrest", 0, 2), RunKey("no_arrest", 0, 1)
        }  # fmt: skip


def test_a_torn_file_is_replaced_by_what_can_be_read_of_it(tmp_path: Path) -> None:
    plan = planned(40)
    runs = {run.key: run for run in filled(tmp_path, plan)}
    path = tmp_path / FILE_NAME
    size = path.stat().st_size
    with path.open("r+b") as file:  # a few pages in the second half, where runs lie
        for start in (size // 2, size // 4 * 3):
            file.seek(start // 4096 * 4096)
            file.write(os.urandom(4096))
    with BatchFolder(tmp_path, plan, resume=True) as batch:
        (note,) = batch.notes
        assert "was torn" in note
        kept = list(batch.store.all_runs())
        assert 0 < len(kept) < 80
        assert all(sound and runs[run.key] == run for run, sound in kept)
        assert batch.store.file_is_sound()
    with path.open("r+b") as file:  # without its plan nothing says what the runs are
        file.write(os.urandom(8192))
    with pytest.raises(FolderUnusable, match="cannot be read"), BatchFolder(tmp_path, plan, resume=True):
        pass
