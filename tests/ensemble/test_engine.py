from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from model.ensemble.crew import Crew
from model.ensemble.engine import compute
from model.ensemble.faults import EngineUnusable
from model.ensemble.finished_run import FinishedRun
from model.ensemble.manifest import write_data_package
from model.ensemble.plan import Plan, RunKey, plan_batch
from model.ensemble.rendering import render
from model.ensemble.store import BatchStore
from model.ensemble.work import Work
from tests.ensemble.fake_simulation import FakeScenario
from tests.ensemble.unlucky_work import Hanging, Loud, Stillborn

ROOT = Path(__file__).parents[2]
FAKE = "tests.ensemble.fake_simulation:simulate"
SETTINGS = {"seed": 1, "days": 20, "households": 100, "parameters": "prior"}


def planned(*scenarios: FakeScenario, replicates: int = 3) -> tuple[Plan, dict[str, FakeScenario]]:
    plan = plan_batch(scenarios, replicates, SETTINGS, decision_replicates=1, function=FAKE)
    return plan, {scenario.name: scenario for scenario in scenarios}


def made(
    folder: Path, workers: int, *scenarios: FakeScenario, replicates: int = 3
) -> dict[RunKey, FinishedRun]:
    plan, by_name = planned(*scenarios, replicates=replicates)
    folder.mkdir()
    with BatchStore.create(folder, plan) as store:
        runs = {run.key: run for run in compute(plan, by_name, plan.runs(), workers, 2.0)}
        for run in runs.values():
            store.add(run)
        write_data_package(folder, render(store, folder).tables)
    return runs


def contents(folder: Path) -> dict[str, bytes]:
    files = [*folder.rglob("*.csv"), *folder.rglob("datapackage.json")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_run_that_fails_is_a_row_and_the_others_are_done(tmp_path: Path) -> None:
    misfortunes = {
        "raises": ("failed", "RuntimeError", "=the model broke here: <object at 0x...>"),
        "dies": ("failed", "WorkerDied", "the worker process ended: killed by signal 9"),
        "leaves": ("failed", "WorkerDied", "the worker process ended: exit code 7"),
        "hangs": ("timeout", "RunTimeout", "not done after 2 seconds"),
        "nan": ("failed", "ResultError", "day 3: series flights holds NaN or infinity"),
        "exits": ("failed", "SystemExit", "7"),
        "unpicklable": ("failed", "Unpicklable", "a and a"),
        "mute": ("failed", "Mute", "its message cannot be shown"),
        "verbose": ("failed", "ValueError", "x" * 300),
        "formula": ("failed", "Error", "+1"),
        "recurses": ("failed", "RecursionError", "maximum recursion depth exceeded"),
    }
    runs = made(
        tmp_path / "batch", 2, FakeScenario("fine"), *(FakeScenario(name, name) for name in misfortunes)
    )
    assert len(runs) == 3 * (1 + len(misfortunes))
    unlucky = {key: run for key, run in runs.items() if run.status != "ok"}
    assert {key.replicate for key in unlucky} == {1}
    assert {key.scenario: (run.status, run.error, run.message) for key, run in unlucky.items()} == misfortunes
    assert all(
        run.command == f"run.py run {key.scenario} --replicate 1 --seed 1 --days 20 --households 100 "
        "--parameters prior"
        for key, run in unlucky.items()
    )
    rows = (tmp_path / "batch" / "runs.csv").read_text().splitlines()
    assert len(rows) == 1 + len(runs)
    (broken,) = [row for row in rows if row.startswith('"raises",0,1,')]
    assert broken.startswith(
        '"raises",0,1,1,"failed","RuntimeError: =the model broke here: <object at 0x...>",'
        '"run.py run raises --replicate 1 --seed 1'
    )


def test_a_run_whose_worker_died_is_tried_once_more(tmp_path: Path) -> None:
    unlucky = FakeScenario("unlucky", f"dies once at {tmp_path / 'died'}")
    runs = made(tmp_path / "batch", 2, unlucky, FakeScenario("fine"))
    assert (tmp_path / "died").exists()
    assert {run.status for run in runs.values()} == {"ok"}


def test_a_worker_that_is_killed_while_it_sends_costs_its_own_run_only() -> None:
    plan, by_name = planned(FakeScenario("a"), replicates=7)
    with Crew(Loud(plan, by_name), 2) as crew:
        runs = {run.key.replicate: run.error for run in crew.make(plan.runs())}
    assert runs == {k: "WorkerDied" if k % 3 == 0 else None for k in range(7)}


def test_no_run_stays_behind_one_that_hangs_while_another_worker_is_idle() -> None:
    plan, by_name = planned(FakeScenario("a"), replicates=12)
    with Crew(Hanging(plan, by_name), 2) as crew:
        runs = crew.make(plan.runs())  # without a time limit
        assert {run.key.replicate for run in itertools.islice(runs, 11)} == set(range(1, 12))


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("raises", "ImportError: no module"),
        ("dies", "5 workers in a row ended before they were ready: exit code 3"),
    ],
)
def test_workers_that_cannot_start_end_the_batch(how: str, words: str) -> None:
    plan, by_name = planned(FakeScenario("a"))
    work = Stillborn(plan, by_name)
    work.function = how
    with pytest.raises(EngineUnusable, match=words), Crew(work, 2) as crew:
        list(crew.make(plan.runs()))


@pytest.mark.model
@pytest.mark.parametrize("stage", ["_deliberate", "_force", "_tick_length", "result", "end_of_day"])
def test_an_error_at_any_stage_of_the_model_is_a_row_with_its_day(
    stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from model import simulation
    from model.scenario import load_scenario

    def broken(model: Any, *_: Any) -> float:
        if model.day < 2.0:
            return 0.25
        raise ZeroDivisionError("of nothing")

    owner = simulation if stage == "end_of_day" else simulation.EscalationModel
    monkeypatch.setattr(owner, stage, broken)
    scenario = load_scenario("no_arrest")
    plan = plan_batch([scenario], 1, SETTINGS | {"days": 3})
    run = Work(plan, {"no_arrest": scenario}).attempt(RunKey("no_arrest", 0, 0))
    assert (run.status, run.error) == ("failed", "ZeroDivisionError")
    assert run.message == f"day {3 if stage == 'result' else 2}: of nothing"


@pytest.mark.bytes
def test_one_worker_two_and_four_write_the_same_bytes(tmp_path: Path) -> None:
    scenarios = [FakeScenario("b"), FakeScenario("a", "raises")]
    made(tmp_path / "one", 1, *scenarios)
    made(tmp_path / "two", 2, *scenarios)
    one, two = contents(tmp_path / "one"), contents(tmp_path / "two")
    assert sorted(one) == [
        "datapackage.json", "decisions/a.csv", "decisions/b.csv", "events/a.csv", "events/b.csv",
        "quantiles.csv", "regions/a.csv", "regions/b.csv", "runs.csv", "timeseries/a.csv", "timeseries/b.csv",
    ]  # fmt: skip
    assert one == two
    made(tmp_path / "four", 4, *reversed(scenarios))
    assert contents(tmp_path / "four") == one


@pytest.mark.bytes
def test_the_hash_seed_of_python_changes_no_byte(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.ensemble.test_engine import made; "
        "from tests.ensemble.fake_simulation import FakeScenario; "
        "made(Path(sys.argv[1]), 1, FakeScenario('a'), FakeScenario('b', 'raises'))"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", code, str(tmp_path / seed)]
        subprocess.run(command, check=True, cwd=ROOT, env=environment, timeout=120)
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def test_rows_are_sorted_and_every_column_is_described(tmp_path: Path) -> None:
    made(tmp_path / "batch", 2, FakeScenario("b"), FakeScenario("a"))
    package = json.loads((tmp_path / "batch" / "datapackage.json").read_text())
    for resource in package["resources"]:
        header = (tmp_path / "batch" / resource["path"]).read_text().split("\n", 1)[0]
        assert header == ",".join(f'"{field["name"]}"' for field in resource["schema"]["fields"])
    days = (tmp_path / "batch" / "timeseries" / "a.csv").read_text().splitlines()[1:]
    keys = [tuple(int(cell) for cell in row.split(",")[1:4]) for row in days]
    assert keys == [(0, replicate, day) for replicate in range(3) for day in range(20)]
    assert [row.split(",")[4] for row in days[:2]] == ["2025-10-08", "2025-10-09"]
    runs = (tmp_path / "batch" / "runs.csv").read_text().splitlines()[1:]
    assert [row.split(",")[0] for row in runs] == ['"a"'] * 3 + ['"b"'] * 3
    decisions = (tmp_path / "batch" / "decisions" / "a.csv").read_text().splitlines()
    assert len(decisions) == 3
    assert decisions[2].endswith('"kremlin","blockade","standing",0,0.25,false')


def test_the_data_package_fits_the_form_of_the_specification(tmp_path: Path) -> None:
    made(tmp_path / "batch", 1, FakeScenario("a"), replicates=1)
    field = {
        "type": "object",
        "required": ["name", "type"],
        "properties": {"type": {"enum": ["string", "integer", "number", "boolean", "date"]}},
    }
    schema = {"type": "object", "properties": {"fields": {"type": "array", "items": field, "minItems": 1}}}
    resource = {
        "type": "object",
        "required": ["name", "path", "schema"],
        "properties": {"name": {"pattern": "^[a-z0-9._-]+$"}, "schema": schema},
    }
    package = {"type": "object", "required": ["resources"], "properties": {"resources": {"items": resource}}}
    jsonschema.validate(json.loads((tmp_path / "batch" / "datapackage.json").read_text()), package)
