"""`run.py discover`: a planted box and a planted flip through plan, workers and store; and in a batch that is there."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from model.analysis.smallest_changes import Lever
from model.commands import start
from model.commands.discover import Request, make_discovery
from model.commands.discover_batch import discover_in
from model.commands.experiment import Experiment
from model.commands.levers import levers_of
from model.commands.terminal import Refused
from model.ensemble.store import BatchStore
from model.scenario import load_scenario
from tests.analysis.known_functions import LEVER, PLANTED, KnownScenario

HOW = Experiment(
    400,
    days=10,
    households=100,
    parameters="prior",
    workers=2,
    function="tests.analysis.known_functions:boxed_run",
)
SCENARIO = KnownScenario("planted", numbers=PLANTED)
KEYS = tuple(key for key, n in PLANTED.items() if n.kind == "uncertainty")
LEVERS = (Lever(LEVER.key, "1", LEVER.value, LEVER.low, LEVER.high),)
REQUEST = Request(
    (SCENARIO,),
    {"planted": "planted"},
    "force_used",
    KEYS,
    LEVERS,
    HOW,
    boxes=1,
    flip_replicates=30,
    steps=11,
)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_a_planted_box_and_flip_are_found_and_resumed_to_the_same_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = replace(REQUEST, out=tmp_path / "d")
    assert make_discovery(request) == 0
    told = capsys.readouterr().out
    limits = {row["key"]: row for row in rows(tmp_path / "d" / "discover.csv")}
    assert set(limits) == {"x.p0", "x.p1"}
    assert float(limits["x.p0"]["low"]) == pytest.approx(0.6, abs=0.1)
    assert float(limits["x.p1"]["high"]) == pytest.approx(0.5, abs=0.1)
    (box,) = rows(tmp_path / "d" / "boxes.csv")
    assert float(box["apart_density"]) > 0.9
    assert box["borne_out"] == "true"
    assert int(box["runs"]) + int(box["apart_runs"]) == 400
    (flip,) = rows(tmp_path / "d" / "flips.csv")
    assert (flip["key"], flip["value"], flip["share"], flip["sure"]) == ("x.lever", "7", "1", "true")
    assert float(flip["change"]) == pytest.approx(0.5)
    assert "x.lever 2 -> 7" in told
    assert "Resting on assumptions (grade D): x.p0, x.p1" in told
    assert "not a forecast" in told
    first = {path.name: path.read_bytes() for path in (tmp_path / "d").glob("*.csv")}
    for stage in ("runs", "alone"):
        folder = tmp_path / "d" / ("runs" if stage == "runs" else "levers/alone")
        with BatchStore.open(folder) as store:
            store._connection.execute("DELETE FROM runs WHERE replicate % 5 = 2")
    assert make_discovery(replace(request, how=replace(HOW, resume=True, workers=1))) == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "d").glob("*.csv")} == first


def test_one_scenario_is_asked_about_against_another(tmp_path: Path) -> None:
    other = KnownScenario("other", numbers=PLANTED)
    worse = "force_used and killed_total < killed_total@other"
    request = replace(REQUEST, scenarios=(SCENARIO, other), outcome=worse, levers=(), out=tmp_path / "d",
                      references={"planted": "planted", "other": "other"})  # fmt: skip
    request = replace(request, how=replace(HOW, replicates=200))
    assert make_discovery(request) == 0
    limits = rows(tmp_path / "d" / "discover.csv")
    assert limits[0]["key"] == "x.p0"
    assert not (tmp_path / "d" / "flips.csv").exists()
    with pytest.raises(Refused, match="several scenarios; name one of planted, other with --of"):
        discover_in(tmp_path / "d" / "runs", worse, None, (), 1, 4, tmp_path / "e")


def test_levers_keep_the_range_that_they_have_without_the_scenario() -> None:
    half = {lever.key: lever for lever in levers_of(load_scenario("pressure_50"), ())}
    assert half["coercer.pressure_ceiling"] == Lever(
        "coercer.pressure_ceiling", "share of full force", 0.5, 0.0, 1.0
    )
    assert half["base_dushanbe.strength"].low < half["base_dushanbe.strength"].high
    (one,) = levers_of(load_scenario("base_half_strength"), ["base_dushanbe.strength"])
    assert one.value < half["base_dushanbe.strength"].value
    with pytest.raises(Refused, match="--levers: no number of arrest is called 'eu.prepared_ad'"):
        levers_of(load_scenario("arrest"), ["eu.prepared_ad"])


def leave(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        start(["discover", *arguments])
    assert isinstance(end.value.code, int)
    return end.value.code


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["arrest", "--outcome", "force_usd"], "nearest valid name: force_used"),
        (["arrest", "--outcome", "force_used@no_arrest"], "no scenario 'no_arrest'"),
        (["arrest", "--outcome", "killed_total"], "expected a comparison"),
        (["arrest", "--outcome", "force_used", "--against", "no_arest"], "nearest valid name: no_arrest"),
        (["arrest", "--outcome", "force_used", "--parameters", "nominal"], "numbers have to vary"),
        (["arrest", "--outcome", "force_used", "--replicates", "10"], "--replicates must be at least 40"),
        (
            ["arrest", "--outcome", "force_used", "--levers", "eu.prepared_ad"],
            "nearest valid name: eu.prepared_aid",
        ),
        (["arrest", "--outcome", "force_used", "--steps", "1"], "--steps must be at least 2"),
        (["no_such", "--outcome", "force_used"], "no_such"),
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
def test_a_tiny_real_scenario_from_end_to_end_and_another_question_to_the_same_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["arrest", "--outcome", "end_state == 'released'", "--replicates", "60", "--days", "6",
                 "--households", "100", "--workers", "2", "--levers", "coercer.pressure_ceiling", "--steps", "2",
                 "--flip-replicates", "6", "--out", str(tmp_path / "d")]  # fmt: skip
    assert leave(*arguments) == 0
    told = capsys.readouterr().out
    assert "As things are, end_state == 'released'" in told
    assert len(rows(tmp_path / "d" / "flips.csv")) == 1
    assert leave(str(tmp_path / "d" / "runs"), "--outcome", "force_used", "--numbers", "kremlin.*") == 0
    assert "arrest: force_used: in" in capsys.readouterr().out
    assert leave(str(tmp_path / "d" / "runs"), "--outcome", "force_used", "--numbers", "kremlim.shield") == 2
    assert "nearest valid name: kremlin.shield" in capsys.readouterr().err
