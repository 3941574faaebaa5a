from __future__ import annotations

import errno
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from model.commands import start
from model.commands.batch import Request, make_batch
from model.commands.terminal import Refused
from model.ensemble import engines
from model.ensemble.store import BatchStore
from tests.ensemble.fake_simulation import FakeScenario

ROOT = Path(__file__).parents[2]
FAKE = "tests.ensemble.fake_simulation:simulate"
REQUEST = Request(replicates=4, days=20, households=100, workers=2, run_timeout=20.0, function=FAKE)
SCENARIOS = [FakeScenario("arrest"), FakeScenario("no_arrest")]


def refused(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as end:
        start(arguments)
    assert isinstance(end.value.code, int)
    return end.value.code


def test_a_batch_ends_with_its_files_and_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "batch"
    assert make_batch(replace(REQUEST, out=out), SCENARIOS) == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "batch.sqlite", "comparison.csv", "datapackage.json", "decisions", "events", "manifest.json",
        "quantiles.csv", "regions", "runs.csv", "summary.csv", "timeseries",
    ]  # fmt: skip
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["completed"] is True
    assert manifest["runs"] == {"planned": 8, "ok": 8, "failed": 0, "timeout": 0}
    assert str(tmp_path) not in (out / "manifest.json").read_text()
    described = {entry["path"] for entry in json.loads((out / "datapackage.json").read_text())["resources"]}
    assert described == {str(path.relative_to(out)) for path in out.rglob("*.csv")}
    told = capsys.readouterr()
    assert "not a forecast" in told.out
    lines = told.out.splitlines()
    assert max(map(len, [line for line in lines if str(out) not in line])) <= 100
    assert f"in {out}" in lines
    assert lines[-1].endswith(f"run.py compare {out}")  # how to see the paired differences
    assert "differs from no_arrest" in lines[-2]
    assert "8 of 8 runs" in told.err


def test_a_failed_run_gives_exit_code_3_and_the_rest_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "batch"
    assert make_batch(replace(REQUEST, out=out), [*SCENARIOS, FakeScenario("bad", "raises")]) == 3
    assert "run.py run bad --replicate 1" in capsys.readouterr().err
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["completed"] is True
    assert manifest["runs"]["failed"] == 1


@pytest.mark.bytes
def test_a_resumed_batch_makes_only_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, parted = tmp_path / "whole", tmp_path / "parted"
    make_batch(replace(REQUEST, out=whole), SCENARIOS)
    make_batch(replace(REQUEST, out=parted), SCENARIOS)
    with BatchStore.open(parted) as store:
        store._connection.execute("DELETE FROM runs WHERE replicate IN (1, 2)")
    made = []
    compute = engines.compute

    def counted(plan: Any, scenarios: Any, keys: Any, *rest: Any) -> Any:
        made.extend(keys)
        return compute(plan, scenarios, made, *rest)

    monkeypatch.setattr(engines, "compute", counted)
    with pytest.raises(Refused, match="--resume"):
        make_batch(replace(REQUEST, out=parted), SCENARIOS)
    assert make_batch(replace(REQUEST, out=parted, resume=True), SCENARIOS) == 0
    assert len(made) == 4
    for path in whole.rglob("*.csv"):
        assert (parted / path.relative_to(whole)).read_bytes() == path.read_bytes(), path


def test_another_plan_in_the_folder_gives_exit_code_5(tmp_path: Path) -> None:
    make_batch(replace(REQUEST, out=tmp_path / "batch"), SCENARIOS)
    with pytest.raises(Refused, match="its seed is 1, not 2") as refusal:
        make_batch(replace(REQUEST, out=tmp_path / "batch", seed=2, resume=True), SCENARIOS)
    assert refusal.value.code == 5


def test_default_folder_and_resume_without_naming_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert make_batch(REQUEST, SCENARIOS[:1]) == 0
    (folder,) = (tmp_path / "results").iterdir()
    assert make_batch(replace(REQUEST, resume=True), SCENARIOS[:1]) == 0
    assert [path.name for path in (tmp_path / "results").iterdir()] == [folder.name]


@pytest.mark.parametrize("form", ["parquet", "none"])
def test_other_forms_of_the_time_series(tmp_path: Path, form: str) -> None:
    out = tmp_path / "batch"
    assert make_batch(replace(REQUEST, out=out, timeseries=form), SCENARIOS[:1]) == 0
    assert [path.name for path in out.glob("timeseries/*")] == (
        ["arrest.parquet"] if form == "parquet" else []
    )


def test_a_full_disk_gives_exit_code_4_and_the_command_that_resumes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("model.ensemble.rendering.render", full)
    assert make_batch(replace(REQUEST, out=tmp_path / "batch"), SCENARIOS, asked=["arrest", "no_arrest"]) == 4
    told = capsys.readouterr().err
    assert "disk is full" in told
    assert "batch arrest no_arrest --replicates 4" in told
    assert told.splitlines()[-1].endswith(f"--out {tmp_path / 'batch'} --resume")
    with BatchStore.open(tmp_path / "batch") as store:
        assert store.counts()["ok"] == 8


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["batch", "no_such_scenario"], "no_such_scenario"),
        (["batch", "--replicates", "0"], "--replicates must be at least 1"),
        (["batch", "--replicates", "-5"], "--replicates must be at least 1"),
        (["batch", "--replicates", "1000000000000"], "--replicates must be at most 10000000"),
        (["batch", "--shard", "6/5"], "--shard is I/N"),
        (["batch", "--shard", "0/5"], "--shard is I/N"),
        (["batch", "--shard", "2/3", "--replicates", "2"], "--shard cuts 2 replicates into 3 parts"),
        (["batch", "--engine", "ray"], "--engine is one of local, dask"),
        (["batch", "--scheduler", "tcp://nowhere:1"], "--scheduler goes with --engine dask"),
        (["batch", "--run-timeout", "nan"], "--run-timeout must be above 0"),
        (["batch", "--seed", "-1"], "--seed must be at least 0"),
        (["batch", "--days", "0"], "--days must be at least 1"),
        (["batch", "--workers", "0"], "--workers must be at least 1"),
        (["batch", "--households", "0"], "--households must be at least 1"),
        (["batch", "--run-timeout", "0"], "--run-timeout must be above 0"),
        (["batch", "--parameters", "guess"], "--parameters is one of posterior, prior, nominal"),
        (["batch", "--timeseries", "xls"], "--timeseries is one of csv, parquet, none"),
        (["batch", "arrest", "--out", "/dev/null/x"], "/dev/null/x"),
        (["run", "no_such_scenario"], "no_such_scenario"),
        (["run", "arrest", "--replicate", "-1"], "--replicate must be at least 0"),
        (["run", "scenarios"], "is a folder"),
        (["compare", "no/such/folder"], "holds no batch"),
    ],
)
def test_wrong_input_is_refused_at_once(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert refused(arguments) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert "Traceback" not in told.err
    assert told.out == ""
