from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from model.ensemble import rendering
from model.ensemble.admission import admit
from model.ensemble.finished_run import FAILED, OK, FinishedRun
from model.ensemble.payload import pack_arrays, pack_scalars
from model.ensemble.plan import RunKey, plan_batch
from model.ensemble.store import BatchStore
from model.result import RunResult
from tests.ensemble.fake_simulation import FakeScenario, Settings, simulate
from tests.ensemble.unlucky_files import UnluckyFiles

NAMES = "abcd"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[BatchStore]:
    """Runs of some scenarios, the first of each failed and all of the last."""
    scenarios = [FakeScenario(name) for name in NAMES]
    plan = plan_batch(scenarios, 70, {"days": 30, "seed": 1}, decision_replicates=2)
    (tmp_path / "batch").mkdir()
    with BatchStore.create(tmp_path / "batch", plan) as store:
        for scenario in scenarios:
            for replicate in range(70):
                key = RunKey(scenario.name, 0, replicate)
                if replicate == 0 or scenario.name == "d":
                    store.add(FinishedRun(key, FAILED, "Error", "why", "again"))
                    continue
                result = admit(simulate(scenario, replicate, Settings()), 30)
                store.add(FinishedRun(key, OK, scalars=pack_scalars(result), payload=pack_arrays(result)))
        store.commit()
        yield store


def files(store: BatchStore, folder: Path, workers: int) -> dict[str, bytes]:
    folder.mkdir()
    rendered = rendering.render(store, folder, workers=workers)
    assert {name: len(runs) for name, runs in rendered.outcomes.items()} == {
        "a": 69,
        "b": 69,
        "c": 69,
        "d": 0,
    }
    assert [table.path for table in rendered.tables][1:4] == [
        "timeseries/a.csv",
        "regions/a.csv",
        "events/a.csv",
    ]
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if not path.is_dir()
    }


def test_each_run_is_decoded_once(store: BatchStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[RunKey] = []
    result = FinishedRun.result

    def counted(self: FinishedRun) -> RunResult:
        decoded.append(self.key)
        return result(self)

    monkeypatch.setattr(FinishedRun, "result", counted)
    files(store, tmp_path / "alone", 1)
    assert len(decoded) == len(set(decoded)) == 3 * 69


def test_workers_write_the_same_files(
    store: BatchStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = files(store, tmp_path / "alone", 1)
    assert len(alone) == 2 + 4 * len(NAMES)
    assert alone["runs.csv"].count(b"\n") == 1 + 70 * len(NAMES)
    monkeypatch.setattr(rendering, "SHARED", 1)
    assert files(store, tmp_path / "shared", 2) == alone
    monkeypatch.setattr(rendering, "ScenarioFiles", UnluckyFiles)
    assert files(store, tmp_path / "unlucky", 2) == alone
