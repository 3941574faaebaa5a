from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from model.ensemble.engine import compute
from model.ensemble.manifest import write_data_package
from model.ensemble.plan import Plan, RunKey, plan_batch
from model.ensemble.rendering import render
from model.ensemble.store import BatchStore, FinishedRun
from tests.ensemble.fake_simulation import FakeScenario

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
        write_data_package(folder, render(store, folder))
    return runs


def contents(folder: Path) -> dict[str, bytes]:
    files = [*folder.rglob("*.csv"), *folder.rglob("datapackage.json")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_run_that_fails_is_a_row_and_the_others_are_done(tmp_path: Path) -> None:
    misfortunes = [FakeScenario(name, name) for name in ("raises", "dies", "hangs", "nan")]
    runs = made(tmp_path / "batch", 2, FakeScenario("fine"), *misfortunes)
    assert len(runs) == 15
    unlucky = {key.scenario: run for key, run in runs.items() if run.status != "ok"}
    assert {name: (run.key.replicate, run.status, run.error) for name, run in unlucky.items()} == {
        "raises": (1, "failed", "RuntimeError"),
        "dies": (1, "failed", "WorkerDied"),
        "hangs": (1, "timeout", "RunTimeout"),
        "nan": (1, "failed", "ResultError"),
    }
    assert unlucky["raises"].message == "=the model broke here: <object at 0x...>"
    assert unlucky["dies"].message == "the worker process ended: killed by signal 9"
    rows = (tmp_path / "batch" / "runs.csv").read_text().splitlines()
    assert len(rows) == 16
    (broken,) = [row for row in rows if row.startswith('"raises",0,1,')]
    assert broken.startswith(
        '"raises",0,1,1,"failed","RuntimeError: =the model broke here: <object at 0x...>",'
        '"run.py run raises --replicate 1 --seed 1'
    )


@pytest.mark.bytes
def test_one_worker_and_two_write_the_same_bytes(tmp_path: Path) -> None:
    scenarios = [FakeScenario("b"), FakeScenario("a", "raises")]
    made(tmp_path / "one", 1, *scenarios)
    made(tmp_path / "two", 2, *scenarios)
    one, two = contents(tmp_path / "one"), contents(tmp_path / "two")
    assert sorted(one) == [
        "datapackage.json", "decisions/a.csv", "decisions/b.csv", "events/a.csv", "events/b.csv",
        "quantiles.csv", "regions/a.csv", "regions/b.csv", "runs.csv", "timeseries/a.csv", "timeseries/b.csv",
    ]  # fmt: skip
    assert one == two


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
