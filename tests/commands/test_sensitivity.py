"""`run.py sensitivity`: both stages through plan, workers and store, resumed to the same bytes, told with grades."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from model.analysis.measures import read_measure
from model.commands import start
from model.commands.experiment import Experiment
from model.commands.sensitivity import Request, make_sensitivity
from model.commands.terminal import Refused
from model.ensemble.store import BatchStore
from tests.analysis.known_functions import ANGLES, ISHIGAMI_ST, KnownScenario, number

KNOWN = "tests.analysis.known_functions:"
IDLE = {f"x.idle{n}": number(f"x.idle{n}", 0.0, 1.0) for n in range(3)}
SCENARIO = KnownScenario("known", numbers={**ANGLES, **IDLE})
HOW = Experiment(2, days=10, households=100, workers=2, function=f"{KNOWN}ishigami_run")
REQUEST = Request(
    SCENARIO, "known", tuple(SCENARIO.numbers), (read_measure("remittance_floor", 10),), HOW, 8, 3, 64
)


def rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as lines:
        return {row.get("key") or row["stage"]: row for row in csv.DictReader(lines)}


def test_ishigami_through_screening_and_indices_and_resumed_to_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = replace(REQUEST, out=tmp_path / "one")
    assert make_sensitivity(request) == 0
    told = capsys.readouterr()
    found = rows(tmp_path / "one" / "sensitivity.csv")
    assert set(found) == set(SCENARIO.numbers)
    for key in IDLE:
        assert (found[key]["mu_star"], found[key]["st"]) == ("0", "")
    for key, total in ISHIGAMI_ST.items():
        assert float(found[key]["st"]) == pytest.approx(total, abs=0.15)
        assert float(found[key]["st_low"]) < total < float(found[key]["st_high"])
    chance = rows(tmp_path / "one" / "chance.csv")
    assert float(chance["indices"]["share_chance"]) == pytest.approx(0.0, abs=1e-9)
    assert (chance["screening"]["numbers_moving"], chance["indices"]["numbers_moving"]) == ("6", "3")
    assert "(grade D) that matters most: x.a2" in told.out
    assert "for 112 runs and at most 640 that follow" in told.err
    assert max(map(len, told.out.splitlines()[:-1])) <= 100

    first = {path.name: path.read_bytes() for path in (tmp_path / "one").glob("*.csv")}
    with pytest.raises(Refused, match="--resume"):
        make_sensitivity(request)
    with BatchStore.open(tmp_path / "one" / "screening") as store:
        store._connection.execute("DELETE FROM runs WHERE point % 3 = 0")
    with BatchStore.open(tmp_path / "one" / "indices") as store:
        store._connection.execute("DELETE FROM runs WHERE point > 20")
    assert make_sensitivity(replace(request, how=replace(HOW, resume=True, workers=1))) == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "one").glob("*.csv")} == first


def test_luck_that_is_the_same_everywhere_is_reported_and_changes_no_index(tmp_path: Path) -> None:
    plain = replace(REQUEST, keys=tuple(ANGLES), base=32)
    for name, function in (("plain", "ishigami_run"), ("noisy", "noisy_run")):
        make_sensitivity(replace(plain, out=tmp_path / name, how=replace(HOW, function=KNOWN + function)))
    quiet, noisy = (rows(tmp_path / name / "sensitivity.csv") for name in ("plain", "noisy"))
    for key in ANGLES:
        assert float(noisy[key]["st"]) == pytest.approx(float(quiet[key]["st"]))
    chance = rows(tmp_path / "noisy" / "chance.csv")
    assert list(chance) == ["indices"]  # three numbers need no screening
    assert float(chance["indices"]["share_luck"]) > 0.03
    assert float(chance["indices"]["share_both"]) == pytest.approx(0.0, abs=1e-9)


def test_a_dry_run_tells_the_cost_and_keeps_what_it_timed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Refused, match="go on with --resume") as end:
        make_sensitivity(replace(REQUEST, out=tmp_path / "dry", dry=True))
    assert end.value.code == 0
    assert "about" in capsys.readouterr().err
    with BatchStore.open(tmp_path / "dry" / "screening") as store:
        assert 7 <= len(store.done()) < 112


def test_failed_runs_are_told_and_the_rest_is_averaged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = replace(SCENARIO, misfortune="raises", numbers=dict(ANGLES))
    request = replace(REQUEST, scenario=bad, keys=tuple(ANGLES), base=16, out=tmp_path / "bad")
    assert make_sensitivity(request) == 3
    told = capsys.readouterr()
    assert "--set x.a1=" in told.err
    assert "too few points are complete" in told.out  # of two replicates one failed everywhere
    again = replace(request, how=replace(HOW, resume=True))
    assert make_sensitivity(again, as_json=True) == 3
    assert json.loads(capsys.readouterr().out)["chance"][0]["share_chance"] is None
    request = replace(request, how=replace(HOW, replicates=3), out=tmp_path / "worse")
    assert make_sensitivity(request) == 3
    assert "of the variance is chance" in capsys.readouterr().out
    assert rows(tmp_path / "worse" / "sensitivity.csv")["x.a1"]["st"] != ""


def leave(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        start(["sensitivity", *arguments])
    assert isinstance(end.value.code, int)
    return end.value.code


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["no_such"], "no_such"),
        (["scenarios"], "is a folder"),
        (["arrest", "--outcome", "force_usd"], "nearest valid name: force_used"),
        (["arrest", "--outcome", "end_state"], "end_state == 'not_arrested'"),
        (["arrest", "--outcome", "days_to_force <"], "expected a column"),
        (["arrest", "--numbers", "kremlin.sheild"], "nearest valid name: kremlin.shield"),
        (["arrest", "--numbers", "icc.warrant*"], "no number of arrest is called"),
        (["arrest", "--replicates", "1"], "--replicates must be at least 2"),
        (["arrest", "--base", "100"], "--base must be a power of 2"),
        (["arrest", "--trajectories", "1"], "--trajectories must be at least 2"),
        (["arrest", "--keep", "0"], "--keep must be at least 1"),
        (["arrest", "--days", "0"], "--days must be at least 1"),
    ],
)
def test_wrong_input_is_refused(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    assert leave(*arguments) == 2
    said = capsys.readouterr()
    assert told in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


@pytest.mark.model
def test_a_tiny_real_scenario_from_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["arrest", "--numbers", "kremlin.demand_stake", "--numbers", "kremlin.shield", "--numbers",
                 "decision.precision_*", "--outcome", "force_used and days_to_force < 5", "--outcome",
                 "remittance_floor", "--trajectories", "2", "--keep", "2", "--base", "8", "--replicates", "2",
                 "--days", "8", "--households", "200", "--workers", "2", "--out", str(tmp_path / "s")]  # fmt: skip
    assert leave(*arguments) == 0
    told = capsys.readouterr().out
    assert "of the variance is chance" in told
    assert "not a forecast" in told
    with (tmp_path / "s" / "sensitivity.csv").open(newline="", encoding="utf-8") as lines:
        table = list(csv.DictReader(lines))
    assert len(table) == 8
    assert {row["grade"] for row in table} == {"D"}
    assert sum(row["st"] != "" or row["mu_star"] == "0" for row in table) >= 2


def test_nothing_is_said_of_assumptions_where_no_outcome_could_be_analysed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = (read_measure("remittance_floor / 0 > 1", 10),)
    request = replace(REQUEST, measures=empty, keys=tuple(ANGLES), base=8, out=tmp_path / "s")
    assert make_sensitivity(request) == 0
    told = capsys.readouterr()
    assert "says nothing at" in told.err
    assert "None of these outcomes applies at every point" in told.out
    assert "grade D" not in told.out
