"""Claims, decision and comparison end to end on tiny batches of the real model."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from model.analysis.structures import all_under
from model.commands import start
from model.commands.batch import Request
from model.commands.claims import make_claims
from model.commands.compare import compare_folders
from model.commands.decide import make_decision
from model.commands.study import Part, Study, make_study, observe_part
from model.ensemble.store import BatchStore
from model.scenario import load_scenario
from tests.commands.test_batch import REQUEST
from tests.ensemble.fake_simulation import FakeScenario

TINY = Request(replicates=2, days=6, households=100, parameters="posterior")
FEW = {"posterior": 2, "prior": 0, "structures": 0}
CLAIMS = """
[[claim]]
name = "force"
claim = "There is force."
scenario = "arrest"
predicate = "force_used"
why = "It says so."
rests_on = ["decision.inertia"]
told = true

[[claim]]
name = "worse_off"
claim = "People are worse off."
scenario = "arrest"
predicate = "welfare_of_people < welfare_of_people@no_arrest"
why = "The same luck."
rests_on = ["force.kill_rate"]
told = false
"""


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study")
    (folder / "claims.toml").write_text(CLAIMS)
    assert make_claims(Study("claims", TINY, FEW, folder / "claims", 1), folder / "claims.toml") == 0
    scenarios, references = all_under([load_scenario("arrest")], ["coercer=factional"])
    part = Part("structures", replace(TINY, replicates=1), scenarios, references)
    assert make_study(folder, [part], ["claims"], workers=1) == 0
    return folder


def test_claims_of_a_real_batch(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = rows_of(study / "claims" / "claims.csv")
    assert {row["claim"] for row in rows} == {"force", "worse_off"}
    own = [row for row in rows if row["structure"] == "own"]
    assert [row["worlds"] for row in own] == ["2", "2"]
    assert own[0]["story"] == "1"  # force is scripted there
    assert {row["structure"] for row in rows} == {"own"}
    steps = rows_of(study / "claims" / "departures.csv")
    assert {row["scenario"] for row in steps} == {"arrest", "arrest_hold"}
    assert steps[0]["action"] == "alert_garrison"
    described = json.loads((study / "claims" / "datapackage.json").read_text())["resources"]
    assert [entry["path"] for entry in described] == ["claims.csv", "departures.csv"]
    before = (study / "claims" / "claims.csv").read_bytes()
    shown = Study("claims", TINY, FEW, study / "claims", as_is=True)
    assert make_claims(shown, study / "claims.toml", as_json=True) == 0
    assert (study / "claims" / "claims.csv").read_bytes() == before  # the same bytes when shown again
    told = json.loads(capsys.readouterr().out)
    assert "not a forecast" in told["caution"]


def test_the_same_folder_for_another_study_is_refused(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        start(["claims", "--file", str(study / "claims.toml"), "--out", str(study / "claims"),
               "--replicates", "2", "--prior-replicates", "0", "--structure-replicates", "0",
               "--days", "7", "--households", "100"])  # fmt: skip
    assert end.value.code in (2, 5)
    assert "belongs to another batch" in capsys.readouterr().err


def test_a_decision_of_a_real_batch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert make_decision(Study("decide", TINY, FEW, tmp_path / "decide", 1)) == 0
    rows = rows_of(tmp_path / "decide" / "decision.csv")
    even = {row["option"]: row for row in rows if row["weights"] == "even"}
    assert len(even) == 6
    assert {row["worlds"] for row in even.values()} == {"2"}
    assert sum(float(row["probability_best"]) for row in even.values()) == pytest.approx(1)
    law = {row["option"]: float(row["value"]) for row in rows if row["weights"] == "law_alone"}
    assert (law["refuse"], law["host"]) == (1.0, 0.0)
    cells = rows_of(tmp_path / "decide" / "decision_map.csv")
    assert {cell["menu"] for cell in cells} == {"all", "on_arrival"}
    told = capsys.readouterr().out
    assert "What would have to be true" in told


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["decide", "--weights", "evn"], "nearest valid name: even"),
        (["decide", "--prior-replicates", "-1"], "--prior-replicates must be at least 0"),
        (["claims", "--replicates", "0"], "--replicates must be at least 1"),
        (["claims", "--structure-replicates", "-1"], "--structure-replicates must be at least 0"),
        (["claims", "--households", "1"], "--households must be at least"),
        (["decide", "--workers", "0"], "--workers must be at least 1"),
        (["claims", "--file", "nowhere.toml"], "nowhere.toml: cannot be read"),
        (["claims", "--as-is", "--out", "nowhere"], "holds no run of arrest yet"),
        (["decide", "--as-is", "--out", "nowhere"], "holds no world"),
        (["run", "arrest", "--switch", "belief=fixed"], "nearest valid name: beliefs=fixed"),
        (["compare", "nowhere"], "holds no batch"),
        (["compare", "nowhere", "--interval", "z"], "--interval is one of t, bca"),
        (["replicates", "nowhere"], "holds no batch"),
    ],
)
def test_wrong_words_are_refused_without_a_traceback(
    words: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        start(words)
    assert end.value.code == 2
    told = capsys.readouterr().err
    assert message in told
    assert "Traceback" not in told


def test_what_has_no_strength_makes_no_difference_at_all(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.toml"
    nothing.write_text(
        'title = "A guarantee of nothing"\nquestion = "Does it?"\nextends = "arrest"\n'
        '[[inject]]\nday = 0.0\nevent = "security_guarantee"\nsize = 0.0\n'
    )
    with pytest.raises(SystemExit) as end:
        start(["batch", "arrest", str(nothing), "--replicates", "3", "--days", "6", "--households", "100",
               "--timeseries", "none", "--workers", "1", "--out", str(tmp_path / "batch")])  # fmt: skip
    assert end.value.code == 0
    assert compare_folders([tmp_path / "batch"]) == 0
    differences = [row for row in rows_of(tmp_path / "batch" / "comparison.csv") if row["difference"]]
    assert len(differences) > 40
    assert {row["difference"] for row in differences} == {"0"}
    assert {row["p_value"] for row in differences} == {"1"}
    means = [row for row in differences if row["measure"] == "mean"]
    assert {(row["low"], row["high"]) for row in means} == {("0", "0")}
    times = [row for row in rows_of(tmp_path / "batch" / "times.csv") if row["baseline"]]
    assert {row["days_lost_difference"] for row in times} == {"0"}


def test_what_a_study_takes_is_told_before_and_its_time_by_its_first_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenarios = [FakeScenario("one"), FakeScenario("two")]
    asked = replace(REQUEST, replicates=10, function="tests.ensemble.fake_simulation:simulate")
    parts = [Part("first", asked, scenarios, {}), Part("second", asked, scenarios, {})]  # type: ignore[arg-type]
    assert observe_part(tmp_path, parts[0]) == {}
    assert make_study(tmp_path, parts, ["claims"], workers=1) == 0
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "40 runs: 20 (first) + 20 (second)"
    assert told[1] == "about 1 s for 20 runs and at most 20 that follow, by the first few"
    assert make_study(tmp_path, parts, ["claims"], workers=1) == 0
    assert "by the first few" not in capsys.readouterr().err  # nothing was left to make
    assert len(observe_part(tmp_path, parts[1])["two"].runs) == 10


def test_a_run_of_a_structure_repeats_by_its_command(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with BatchStore.open(study / "structures") as store:
        key = next(key for key in store.plan.runs() if key.scenario == "arrest--coercer-factional")
        command = store.plan.repeat(key)
        kept: dict[str, Any] = next(store.outcomes(key.scenario))[1]
    assert "arrest --switch coercer=factional --replicate 0" in command
    with pytest.raises(SystemExit) as end:
        start([*command.split()[1:], "--json"])
    assert end.value.code == 0
    assert json.loads(capsys.readouterr().out)["outcomes"] == kept
