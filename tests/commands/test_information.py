from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from model.commands import COMMANDS, start
from model.commands.schema import case_schema, scenario_schema
from model.scenario import shipped
from model.scenario_chain import SCENARIOS
from model.toml_source import read_toml

ROOT = Path(__file__).parent.parent.parent


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as end:
        start(arguments)
    out, err = capsys.readouterr()
    assert end.value.code == 0, err
    return out


@pytest.mark.parametrize("command", ["scenarios", "parameters", "actions", "outcomes"])
def test_a_list_is_a_table_and_the_same_as_json(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(output(capsys, command, "--json"))
    lines = output(capsys, command).splitlines()
    assert len(lines) == len(rows) + 1 > 5
    for line, row in zip(lines[1:], rows, strict=True):
        assert line.startswith(str(row.get("key") or row["name"]))


def test_a_word_selects(capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(output(capsys, "actions", "FUEL", "--json"))
    assert [row["name"] for row in rows if row["role"] == "coercer"] == ["cut_fuel"]


def test_parameters_hold_behaviour_and_cases(capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads(output(capsys, "parameters", "--json"))
    assert {row["case"] for row in rows} >= {None, "dushanbe_2025"}
    assert all(row["unit"] and row["grade"] in "ABCD" and row["source"] for row in rows)


def test_help_lists_every_command_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "--help")
    for name in ("batch", "run", "compare", "validate", "schema"):
        assert f"  {name}" in text
        assert COMMANDS[name].help[:30] in text


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["scenarois"], "nearest valid name: scenarios"),
        (["arrest"], "is a scenario, not a command"),
        (["parameters", "tals_rate"], "nearest valid name: decision.talks_rate"),
        (["outcomes", "no such word"], "no outcome"),
        (["run", "arrest", "--households", "5"], "at least 100"),
        (["run", "arrest", "--days", "2000"], "at most 1100"),
        (["validate", "--jsn", "arrest"], "--json"),
        (["--hepl"], "--help"),
        (["validate"], "Missing argument"),
        (["schema", "episode"], "'episode'"),
        (["actions", "a", "b"], "unexpected extra argument"),
    ],
)
def test_a_wrong_command_line_ends_with_2(
    arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        start(arguments)
    assert end.value.code == 2
    assert expected in capsys.readouterr().err


def test_the_schema_takes_what_is_shipped_and_refuses_what_is_wrong() -> None:
    checker = jsonschema.Draft202012Validator(scenario_schema())
    for name in shipped():
        values = read_toml(SCENARIOS / f"{name}.toml").values
        assert list(checker.iter_errors(json.loads(json.dumps(values, default=str)))) == []
    base = {"title": "x", "question": "y", "case": "z"}
    assert checker.is_valid(base)
    for wrong in (
        {"extends": "arrest"},
        {"overides": {}},
        {"switches": {"decision": "logits"}},
        {"limits": {"forbid": ["arest"]}},
        {"script": [{"day": 0, "actor": "a", "action": "arest"}]},
        {"inject": [{"day": 2000, "event": "mediator", "size": 1}]},
        {"overrides": {"x": 1}},
    ):
        assert not checker.is_valid(base | wrong), wrong


def test_the_schema_of_cases_takes_the_shipped_ones() -> None:
    checker = jsonschema.Draft202012Validator(case_schema())
    for path in (SCENARIOS / "cases").glob("*.toml"):
        values = json.loads(json.dumps(read_toml(path).values, default=str))
        assert [error.message for error in checker.iter_errors(values)] == []


@pytest.mark.parametrize("arguments", [["--help"], ["validate", "arrest"], ["scenarios"], ["schema"]])
def test_a_light_command_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom model.commands import start\ntry:\n    start(sys.argv[1:])\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "heavy = {'mesa', 'pandas', 'numba', 'numpy', 'scipy', 'pyarrow', 'networkx'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines()[-1] == "[]"


def test_the_list_of_scenarios_says_what_each_builds_on(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["name"]: row for row in json.loads(output(capsys, "scenarios", "--json"))}
    assert rows["story_as_told"]["builds_on"] == "arrest_hold"
    assert rows["arrest"]["builds_on"] == "dushanbe_2025"
    assert "| `story_as_told` | " in output(capsys, "scenarios", "--markdown")
