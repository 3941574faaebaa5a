from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from model.analysis.observations import observe
from model.analysis.summary import write_summary
from model.ensemble.admission import admit
from model.ensemble.finished_run import OK, FinishedRun
from model.ensemble.payload import pack_arrays, pack_scalars
from model.ensemble.plan import RunKey, plan_batch
from model.ensemble.rendering import render
from model.ensemble.run_columns import RunColumns
from model.ensemble.store import BatchStore
from model.outcomes import series as registered
from tests.ensemble.fake_simulation import FakeScenario, Settings, simulate


def test_outcomes_come_back_as_they_were() -> None:
    runs = {
        (0, replicate): admit(simulate(FakeScenario("arrest"), replicate, Settings()), 30).scalars
        for replicate in range(9)
    }
    columns = RunColumns(registered("runs"))
    for place, outcomes in runs.items():
        columns.add(place, outcomes)
    assert {place: repr(found) for place, found in columns.items()} == {
        place: repr(outcomes) for place, outcomes in runs.items()
    }
    some = [(0, 7), (0, 2)]
    assert dict(columns.only(some)) == {place: runs[place] for place in some}
    for name in runs[0, 0]:
        assert columns.column(name) == [outcomes[name] for outcomes in runs.values()]
        assert columns.column(name, some) == [runs[place][name] for place in some]


def test_a_number_that_a_run_lacks_is_not_in_it() -> None:
    columns = RunColumns()
    columns.add((0, 0), {"a.b": 1.0})
    columns.add((0, 1), {"c.d": 2.0})
    assert dict(columns) == {(0, 0): {"a.b": 1.0}, (0, 1): {"c.d": 2.0}}
    assert columns.column("c.d") == [None, 2.0]
    assert columns.column("e.f") == [None, None]
    with pytest.raises(KeyError):
        columns.column("a.b", [(1, 0)])


def test_memory_of_the_files_hardly_grows_with_the_replicates(tmp_path: Path) -> None:
    sizes = {"first": 70, "few": 70, "many": 700}  # the first imports what the others find
    _, few, many = (peak_of_finishing(tmp_path / name, runs) for name, runs in sizes.items())
    assert (many - few) / (700 - 70) < 5_000  # bytes a run, of which the outcomes take 8 each


def peak_of_finishing(folder: Path, replicates: int) -> int:
    """Bytes that Python and numpy hold at most while the files of a batch are made."""
    scenario = FakeScenario("arrest")
    plan = plan_batch([scenario], replicates, {"days": 30, "seed": 1})
    folder.mkdir()
    with BatchStore.create(folder, plan) as store:
        for replicate in range(replicates):
            result = admit(simulate(scenario, replicate, Settings()), 30)
            key = RunKey("arrest", 0, replicate)
            store.add(FinishedRun(key, OK, scalars=pack_scalars(result), payload=pack_arrays(result)))
        tracemalloc.start()
        try:
            rendered = render(store, folder)
            write_summary(observe(store, outcomes=rendered.outcomes), folder)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
