from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from model.case import load_case
from model.commands import start
from model.parameters import behaviour
from model.randomness import Luck
from model.scenario import ScenarioError, ScriptedAct, load_many, load_scenario, shipped
from model.toml_source import InputError

ONE_OF = "expected one of"
#: Wrong file -> what each line of the refusal holds, in order.
REFUSALS = {
    "mistyped_key": [(":4: overides: unknown key", "(nearest valid name: overrides)")],
    "mistyped_number": [(":6: decision.mood_halflife:", "(nearest valid name: decision.mood_half_life)")],
    "wrong_type": [(":6: overrides.decision.mood_half_life:", "expected a number, found the string '20'")],
    "wrong_unit": [(":10: decision.mood_half_life.unit:", "expected 'days', found 'weeks'")],
    "out_of_range": [
        (":6: decision.mood_half_life:", "expected within", "found 1e+06"),
        (":7: ruler.legitimacy:", "expected within 0 to 1", "found 1.5"),
    ],
    "unknown_act_forbidden": [
        (":8: limits.forbid[2]:", "found 'seize_goverment'", "(nearest valid name: seize_government)"),
        (":9: limits.forbid[3]:", "found 'free_detainees'", "(nearest valid name: free_detainee)"),
    ],
    "inject_after_horizon": [(":6: inject[1].day:", "expected at most 1100, found 1200")],
    "inject_too_large": [(":12: inject[2].event:", ONE_OF, "(nearest valid name: transfer_outage)")],
    "cycle_one": [("cycle_two.toml:3: extends:", "a cycle: cycle_one extends cycle_two extends cycle_one")],
    "missing_parent": [(":3: extends:", "found 'cycle_three'", "(nearest valid name: cycle_t")],
    "duplicate_key": [
        (":4: title: given twice", "line 1 has it"),
        (":8: overrides.decision.mood_half_life: given twice", "line 7 has it"),
    ],
    "not_toml": [(":2: not TOML: expected `key = value`", "question: Is it refused?"), (":4: not TOML",)],
    "unquoted_key": [(":6: overrides.icc.finding_lag:", 'in quotes, "icc.finding_lag"')],
    "empty": [(":1: the file is empty",)],
    "binary": [(":2: not text in UTF-8",)],
    "null_byte": [(":2: holds binary data",)],
    "unknown_case": [(":3: case:", "found 'toi'", "(nearest valid name: toy)")],
    "unknown_actor": [(":7: script[1].actor:", "found 'rulerr'", "(nearest valid name: ruler)")],
    "act_of_another_role": [
        (":13: script[2].action:", "expected an act of the role government", "'cut_fuel'")
    ],
    "bad_switch": [
        (":6: switches.decision:", ONE_OF, "(nearest valid name: logit)"),
        (":7: switches.combat:", ONE_OF, "found 1"),
    ],
    "untitled": [(":1: question: missing",), (":1: title: missing",)],
    "case_and_extends": [(":4: extends: expected either case or extends, found both",)],
    "neither_case_nor_extends": [(":1: case: missing",)],
    "negative_day": [(":6: script[1].day:", "expected at least 0, found -1")],
    "incomplete_distribution": [
        (":7: overrides.decision.precision_within.distribution:", "(nearest valid name: triangular)"),
        (":7: overrides.decision.precision_within.high:", "missing; expected the high end"),
    ],
    "forbidden_script": [(":11: script[1].action:", "limits.forbid holds 'ruler.arrest'")],
    "not_a_number": [
        (":6: overrides.decision.mood_half_life:", "expected a finite number"),
        (":7: overrides.ruler.legitimacy:", "expected a number, found true"),
    ],
    "1_bad_name": [(":1:", "expected a file name of the form")],
    "path_as_case": [(":3: case:", "found '../cases/toy'")],
}


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """The lines on stderr of a command that ends with exit code 2 and prints nothing to stdout."""
    with pytest.raises(SystemExit) as end:
        start(arguments)
    out, err = capsys.readouterr()
    assert (end.value.code, out) == (2, "")
    return err.splitlines()


@pytest.mark.parametrize("name", REFUSALS)
def test_a_wrong_scenario_is_refused_with_line_and_expectation(
    name: str, wrong_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = refusal(capsys, "validate", f"{name}.toml")
    assert len(lines) == len(REFUSALS[name]), lines
    for line, parts in zip(lines, REFUSALS[name], strict=True):
        assert all(part in line for part in parts), line
        assert line.startswith(f"{name}.toml:") or name.startswith("cycle")


def test_every_wrong_scenario_has_an_expectation(wrong_folder: Path) -> None:
    assert {path.stem for path in wrong_folder.glob("*.toml")} == {*REFUSALS, "cycle_two"}


@pytest.mark.parametrize("command", ["batch", "run", "validate"])
def test_every_command_refuses_in_the_same_words(
    command: str, wrong_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "nearest valid name: ruler" in refusal(capsys, command, "unknown_actor.toml")[-1]


def test_all_problems_of_a_stage_come_at_once(write_toy: Callable[..., Path]) -> None:
    path = write_toy("many", '[limits]\nforbid = ["arest"]\n[[script]]\nday = 0\nactor = "x"\naction = "y"')
    with pytest.raises(ScenarioError) as wrong:
        load_scenario(path)
    assert [problem.line for problem in wrong.value.problems] == [5, 8, 9]


def test_a_missing_file_offers_the_nearest_shipped_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert "(nearest valid name: arrest)" in refusal(capsys, "validate", "arrrest")[0]
    assert "no_such.toml: cannot be read" in refusal(capsys, "validate", "no_such.toml")[0]


def test_a_folder_without_scenarios_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "no scenario in this folder" in refusal(capsys, "validate", ".")[0]
    with pytest.raises(ScenarioError, match="no scenario in this folder"):
        load_many([tmp_path])


def test_a_case_is_no_scenario_but_can_be_validated(
    toy_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ScenarioError, match="is a case; expected a scenario"):
        load_scenario(toy_folder / "cases" / "toy.toml")
    start_and_leave("validate", "cases/toy.toml")
    assert capsys.readouterr().out == "cases/toy.toml: sound\n"


def start_and_leave(*arguments: str) -> None:
    with pytest.raises(SystemExit) as end:
        start(arguments)
    assert end.value.code == 0


def test_a_missing_key_of_a_role_is_named(write_case: Callable[..., Path]) -> None:
    with pytest.raises(InputError, match=r"ruler\.legitimacy: missing; expected .* \(government\)"):
        load_case(write_case(omit="ruler.legitimacy"))


def test_a_behaviour_key_in_a_case_is_refused(write_case: Callable[..., Path]) -> None:
    key = next(iter(behaviour()))
    with pytest.raises(InputError, match=rf"{key}: is behaviour, the same in every case"):
        load_case(write_case(more=f"[{key}]\nvalue = 1\n"))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("[ruler.legitimasy]\nvalue = 1\n", r"ruler\.legitimasy: unknown number.*ruler\.legitimacy"),
        ("[rulers.legitimacy]\nvalue = 1\n", r"rulers: unknown section.*nearest valid name: ruler"),
        (
            '[[actor]]\nrole = "court"\nname = "ruler"\nlabel = "x"\n',
            r"actor\[5\]\.name: expected a name of its own",
        ),
        (
            '[[actor]]\nrole = "curt"\nname = "c"\nlabel = "x"\n',
            r"actor\[5\]\.role.*nearest valid name: court",
        ),
        ('[[place]]\nkind = "airprot"\nname = "a"\n', r"place\[1\]\.kind.*nearest valid name: airport"),
    ],
)
def test_a_wrong_case_is_refused(write_case: Callable[..., Path], more: str, expected: str) -> None:
    with pytest.raises(InputError, match=expected):
        load_case(write_case(more=more))


def test_unit_and_bounds_of_a_situation_are_checked(write_case: Callable[..., Path]) -> None:
    path = write_case()
    text = path.read_text(encoding="utf-8")
    head, entry = text.split("[ruler.legitimacy]")
    path.write_text(
        head + "[ruler.legitimacy]" + entry.replace('"0-1"', '"percent"', 1).replace("0.5", "50", 3)
    )
    with pytest.raises(InputError) as wrong:
        load_case(path)
    assert [p.key for p in wrong.value.problems] == [
        f"ruler.legitimacy.{k}" for k in ("value", "unit", "low", "high")
    ]


def test_a_case_may_have_any_number_of_each_role(write_case: Callable[..., Path]) -> None:
    actors = {"one": "coercer", "two": "coercer", "court": "court"}
    case = load_case(write_case(actors=actors))
    assert [actor.role for actor in case.actors] == ["coercer", "coercer", "court"]
    assert {key.split(".")[0] for key in case.numbers} == {"one", "two"}


def test_a_scenario_is_a_case_plus_its_differences(write_toy: Callable[..., Path]) -> None:
    plain = load_scenario(write_toy())
    path = write_toy(
        "changed",
        '[overrides]\n"ruler.legitimacy" = 0.25\n[switches]\nbeliefs = "fixed"\n'
        '[limits]\nforbid = ["power.cut_fuel"]\n'
        '[[script]]\nday = 0\nactor = "ruler"\naction = "arrest"\n'
        '[[inject]]\nday = 1\nevent = "mediator"\nsize = 1',
    )
    changed = load_scenario(path)
    assert changed.numbers["ruler.legitimacy"].value == 0.25
    assert changed.overridden == ("ruler.legitimacy",)
    same = {key: number for key, number in changed.numbers.items() if key != "ruler.legitimacy"}
    assert same == {key: number for key, number in plain.numbers.items() if key != "ruler.legitimacy"}
    assert changed.switches == plain.switches | {"beliefs": "fixed"}
    assert changed.forbid == ("power.cut_fuel",)
    assert changed.script == (ScriptedAct(0.0, "ruler", "arrest"),)
    assert changed.injects[0].days == 1099.0
    assert [actor.name for actor in changed.actors_of("government")] == ["ruler"]
    assert changed.actors_of("army") == ()


def test_a_child_adds_to_its_parent_or_drops(write_toy: Callable[..., Path]) -> None:
    act = '[[script]]\nday = {}\nactor = "ruler"\naction = "{}"\n'
    write_toy("parent", '[overrides]\n"ruler.legitimacy" = 0.2\n' + act.format(0, "arrest"))
    adds = write_toy("adds", act.format(3, "release"), 'extends = "parent"')
    drops = write_toy("drops", act.format(3, "release"), 'extends = "parent"\ndrop_script = true')
    back = write_toy("back", '[overrides]\n"ruler.legitimacy" = 0.5\n', 'extends = "adds"')
    assert [a.action for a in load_scenario(adds).script] == ["arrest", "release"]
    assert [a.action for a in load_scenario(drops).script] == ["release"]
    assert load_scenario(adds).numbers["ruler.legitimacy"].value == 0.2
    assert load_scenario(back).numbers["ruler.legitimacy"].value == 0.5


def test_the_digest_follows_the_content(write_toy: Callable[..., Path]) -> None:
    one = load_scenario(write_toy("one", '[overrides]\n"ruler.legitimacy" = 0.2'))
    again = load_scenario(write_toy("one", '# a remark\n[overrides]\n"ruler.legitimacy" = 2e-1'))
    other = load_scenario(write_toy("one", '[overrides]\n"ruler.legitimacy" = 0.3'))
    assert one.digest == again.digest != other.digest
    assert pickle.loads(pickle.dumps(one)) == one
    assert json.loads(json.dumps(one.to_dict(), allow_nan=False))["script"] == []


def test_an_overriding_distribution_keeps_the_luck_of_the_number(write_toy: Callable[..., Path]) -> None:
    table = '{ value = 30, low = 20, high = 40, distribution = "uniform" }'
    scenario = load_scenario(write_toy("wide", f'[overrides]\n"decision.mood_half_life" = {table}'))
    low, high = (Luck(1, replicate) for replicate in (0, 1))
    plain = load_scenario(write_toy())
    for luck in (low, high):
        changed, base = scenario.sampled(luck, "prior"), plain.sampled(luck, "prior")
        assert 20 <= changed.pop("decision.mood_half_life") <= 40
        base.pop("decision.mood_half_life")
        assert changed == base
    assert plain.sampled(low, "nominal", {"ruler.legitimacy": 0.1})["ruler.legitimacy"] == 0.1
    with pytest.raises(ValueError, match="no number of the scenario"):
        plain.sampled(low, "nominal", {"ruler.legitimasy": 0.1})


def test_two_scenarios_of_one_name_are_refused(write_toy: Callable[..., Path], toy_folder: Path) -> None:
    path = write_toy()
    (toy_folder / "more" / "cases").mkdir(parents=True)
    (toy_folder / "more" / "cases" / "toy.toml").write_text((toy_folder / "cases" / "toy.toml").read_text())
    (toy_folder / "more" / "plain.toml").write_text(path.read_text())
    assert [scenario.name for scenario in load_many([toy_folder])] == ["plain"]
    with pytest.raises(ScenarioError, match="is called 'plain' too"):
        load_many([toy_folder, toy_folder / "more"])


@pytest.mark.parametrize("name", shipped())
def test_shipped_scenarios_are_sound(name: str) -> None:
    assert load_scenario(name).name == name


def test_a_share_may_leave_its_plausible_range_but_not_0_to_1(write_toy: Callable[..., Path]) -> None:
    key = next(k for k, n in behaviour().items() if n.unit in ("share", "chance", "0-1") and n.low > 0)
    assert load_scenario(write_toy("none", f'[overrides]\n"{key}" = 0')).numbers[key].value == 0
    with pytest.raises(ScenarioError, match="expected within 0 to 1"):
        load_scenario(write_toy("minus", f'[overrides]\n"{key}" = -0.1'))


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 5000 + "]" * 5000, "a." * 3000 + "b = 1", "a = " + "9" * 5000, f'case = "{"a" * 300}"'],
)
def test_odd_files_are_refused_like_others(
    text: str, toy_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (toy_folder / "odd.toml").write_text(text, encoding="utf-8")
    assert refusal(capsys, "validate", "odd.toml")[0].startswith("odd.toml:1: ")
    assert refusal(capsys, "validate", "x" * 300)
    assert "found nothing" in refusal(capsys, "validate", "")[0]
