"""Acts laid down that do not happen: said at the end of a run, and before it where that can be known."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from model.actions import actions
from model.commands import start
from model.scenario import ScriptedAct, load_scenario
from model.script import IDLE, NEEDS, never, undone
from model.settings import Settings
from model.simulation import EscalationModel

CASES = Path(__file__).parent / "cases"
pytestmark = pytest.mark.model


def written(folder: Path, *acts: tuple[float, str, str], extends: str = "arrest_hold") -> Path:
    path = folder / "mine.toml"
    script = "".join(f'[[script]]\nday = {d}\nactor = "{who}"\naction = "{act}"\n' for d, who, act in acts)
    path.write_text(f'title = "t"\nquestion = "q?"\nextends = "{extends}"\n{script}')
    return path


def played(path: Path | str, days: int = 3) -> EscalationModel:
    return EscalationModel(load_scenario(path), settings=Settings(days=days, households=200)).run()


def test_an_act_is_told_as_undone_with_what_was_not_so(tmp_path: Path) -> None:
    path = written(
        tmp_path, (1, "kremlin", "withdraw"), (1, "tajikistan", "host_visit"), (1, "tajikistan", "order_resistance"),
        extends="arrest_no_force",
    )  # fmt: skip
    found = {one.act.action: one.why for one in undone(played(path))}
    assert found["withdraw"] == NEEDS["deployed"]
    assert found["host_visit"] == NEEDS["before"]
    assert "order_resistance" not in found  # that one was done


def test_what_lies_ahead_is_not_missed_yet(tmp_path: Path) -> None:
    model = EscalationModel(
        load_scenario(written(tmp_path, (2, "kremlin", "withdraw"))),
        settings=Settings(days=3, households=200),
    )
    model.step()
    assert undone(model) == []


def test_the_run_says_it_as_text_and_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, (1, "tajikistan", "host_visit"))
    command = ["run", str(path), "--days", "3", "--households", "200"]
    for words in (command, [*command, "--json"]):
        with pytest.raises(SystemExit) as end:
            start(words)
        assert not end.value.code
    said = capsys.readouterr().out
    text, _, body = said.partition("\n{")
    assert "Laid down and not done:" in text and NEEDS["before"] in text
    (one,) = json.loads("{" + body)["laid_down_and_not_done"]
    assert (one["day"], one["actor"], one["action"], one["why"]) == (
        1.0,
        "tajikistan",
        "host_visit",
        NEEDS["before"],
    )


@pytest.mark.parametrize("name", ["story_as_told", "arrest_release", "arrest_csto_invoked"])
def test_shipped_scripts_are_carried_out_as_far_as_they_can_be(name: str) -> None:
    model = played(name, days=10)
    assert all(one.why != "" for one in undone(model))
    assert not any(one.act.day == 0.0 for one in undone(model))


def test_every_condition_of_the_table_has_words() -> None:
    assert {need for action in actions().values() for need in action.needs} == set(NEEDS)
    assert all(not actions()[name].lever for name in IDLE)


def test_an_act_for_which_the_case_has_nobody_is_noted() -> None:
    officer = load_scenario(CASES / "officer_held.toml")
    power = officer.actors_of("coercer")[0].name
    alert = ScriptedAct(1.0, power, "alert_garrison")
    (note,) = never(replace(officer, script=(*officer.script, alert)))
    assert "the case has no actor of the role garrison" in note


def test_what_can_happen_in_no_run_is_noted_without_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, (1, "kremlin", "reinforce"), (1, "kremlin", "wait"), (1, "kremlin", "cut_fuel"))
    notes = list(never(load_scenario(path)))
    assert len(notes) == 2
    assert 'needs [switches] reinforcement = "air"' in notes[0]
    assert "changes nothing" in notes[1]
    with pytest.raises(SystemExit) as end:
        start(["validate", str(path)])
    assert not end.value.code
    assert "note: mine: the act reinforce of kremlin on day 1 will not happen" in capsys.readouterr().err
