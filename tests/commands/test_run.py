from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from model.commands import start
from model.commands.run import MAIN_OUTCOMES, as_data, as_text
from model.outcomes import outcomes
from model.scenario import load_scenario
from model.settings import Settings as RealSettings
from model.simulation import EscalationModel
from tests.ensemble.fake_simulation import FakeScenario, Settings, simulate

SCENARIO = FakeScenario("arrest")
SMALL = ["--days", "8", "--households", "200"]


def told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as end:
        start(arguments)
    assert not end.value.code
    return capsys.readouterr().out


def test_a_run_is_told_with_labels_in_the_order_of_time() -> None:
    lines = as_text(SCENARIO, simulate(SCENARIO, 3, Settings())).splitlines()
    assert lines[:2] == ["a title (arrest, from 08 October 2025)", "What if?"]
    acts = lines[3 : lines.index("", 3)]
    # What was done names who did it; what came about between stands apart.
    assert all(("the Kremlin: " in act) != ("  = " in act) for act in acts)
    assert any("the Kremlin: " in act for act in acts)
    assert acts[0].startswith("day ")
    days = [int(act[4:7]) for act in acts if act.startswith("day")]
    assert days == sorted(days)
    assert any(
        act.endswith(("demand the release", "blockade airport and detention", "made up")) for act in acts
    )
    assert [line.split()[0] for line in lines if line.startswith("days_to_")]
    assert "not a forecast" in " ".join(lines[-2:])


def test_an_outcome_says_whose_it_is() -> None:
    text = as_text(SCENARIO, simulate(SCENARIO, 3, Settings()))
    (line,) = [line for line in text.splitlines() if line.startswith("outcome ")]
    assert line.split()[1] in outcomes()["outcome"].levels
    assert line.endswith(" for the Kremlin")


def test_the_outcomes_that_are_told_are_registered() -> None:
    assert set(MAIN_OUTCOMES) <= set(outcomes("runs"))


def test_a_run_as_json() -> None:
    result = simulate(SCENARIO, 0, Settings())
    body = json.loads(as_data(SCENARIO, 0, {"seed": 1}, result))
    assert body["outcomes"] == dict(result.scalars)
    assert len(body["events"]) == len(result.events["day"])
    assert set(body["events"][0]) == {"day", "hour", "actor", "action", "target", "public", "inadvertent"}


@pytest.mark.model
def test_a_shipped_scenario_told_twice_is_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    first = told(["run", "arrest", *SMALL], capsys)
    assert first == told(["run", "arrest", *SMALL], capsys)
    assert "day   0 00:00" in first
    assert json.loads(told(["run", "arrest", *SMALL, "--json"], capsys))["settings"]["days"] == 8


@pytest.mark.model
@pytest.mark.bytes
def test_a_run_alone_is_the_run_of_the_batch_and_workers_change_no_byte(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for workers in ("1", "2"):
        batch = ["batch", "arrest", "no_arrest", "--replicates", "2", *SMALL, "--workers", workers]
        told([*batch, "--out", str(tmp_path / workers)], capsys)
    one = {path.relative_to(tmp_path / "1"): path.read_bytes() for path in (tmp_path / "1").rglob("*.csv")}
    two = {path.relative_to(tmp_path / "2"): path.read_bytes() for path in (tmp_path / "2").rglob("*.csv")}
    assert one == two
    alone = json.loads(told(["run", "arrest", "--replicate", "1", *SMALL, "--json"], capsys))
    (header, *rows) = [line.split(",") for line in (tmp_path / "1" / "runs.csv").read_text().splitlines()]
    row = dict(zip(header, rows[1], strict=True))
    assert (row['"scenario"'], row['"replicate"']) == ('"arrest"', "1")
    assert float(row['"poverty_peak"']) == alone["outcomes"]["poverty_peak"]
    assert row['"end_state"'] == f'"{alone["outcomes"]["end_state"]}"'


@pytest.mark.model
def test_full_is_a_row_for_each_household_of_the_case() -> None:
    scenario = load_scenario("no_arrest")
    count = scenario.numbers["households.count"]
    scenario.numbers["households.count"] = replace(count, value=1234.4, low=1000.0, high=2000.0)
    model = EscalationModel(scenario, settings=RealSettings(days=1, households="full", parameters="prior"))
    assert model.households is not None
    assert model.households.rows == 1234
    assert RealSettings(households=500).rows(1234.4) == 500


@pytest.mark.parametrize("households", ["all", "1.5", "99", "-3"])
def test_households_are_a_number_or_full(households: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        start(["run", "arrest", "--households", households])
    assert end.value.code == 2
    assert "error: --households" in capsys.readouterr().err
    with pytest.raises(ValueError, match="households"):
        RealSettings(households="all")
