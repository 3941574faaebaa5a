"""What is chosen runs as the file that is saved says: levers, rules, ranges."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from model.dashboard.choice import Choice, quoted
from model.dashboard.levers import STEPS
from model.scenario import load_scenario, shipped
from model.scenario_file import SWITCHES
from model.settings import Settings

SETTINGS = Settings(seed=3, days=20, households=300, parameters="posterior")


def saved(choice: Choice, folder: Path) -> Path:
    """The file that the reader would save."""
    path = folder / f"{choice.file_name}.toml"
    path.write_text(choice.toml(SETTINGS, 4), encoding="utf-8")
    return path


def test_an_untouched_choice_runs_the_scenario_itself() -> None:
    choice = Choice.of("arrest")
    assert choice.scenario is choice.base and not choice.touched


def test_the_saved_file_of_an_untouched_choice_is_the_same_scenario(tmp_path: Path) -> None:
    choice = Choice.of("base_half_strength")
    again = load_scenario(saved(choice, tmp_path))
    assert replace(again, name=choice.base.name) == choice.base


@pytest.mark.parametrize("end", [0, STEPS // 3, STEPS])
def test_every_lever_at_either_end_makes_a_file_that_loads_as_what_is_run(end: int, tmp_path: Path) -> None:
    choice = Choice.of("arrest_fuel_reserve")
    assert len(choice.levers) > 12
    for key, lever in choice.levers.items():
        choice = choice.moved(key, lever.at(end))
    assert set(choice.numbers) == set(choice.levers)
    again = load_scenario(saved(choice, tmp_path))
    assert again == choice.scenario
    assert all(again.numbers[key].value == value for key, value in choice.numbers.items())


def test_every_rule_can_be_changed_and_saved(tmp_path: Path) -> None:
    choice = Choice.of("arrest")
    for name, values in SWITCHES.items():
        choice = choice.switched(name, values[-1])
    assert load_scenario(saved(choice, tmp_path)) == choice.scenario
    assert choice.scenario.switches == {name: values[-1] for name, values in SWITCHES.items()}


def test_a_lever_let_go_and_a_rule_put_back_leave_nothing_behind() -> None:
    choice = Choice.of("arrest").moved("kremlin.shield", 0.2).switched("custody", "mobile")
    assert choice.touched
    choice = choice.moved("kremlin.shield", None).switched("custody", "fixed")
    assert choice == Choice.of("arrest")


def test_a_lever_does_not_leave_its_range_and_no_other_number_is_a_lever() -> None:
    choice = Choice.of("arrest")
    lever = choice.levers["kremlin.shield"]
    assert choice.moved("kremlin.shield", 99.0).numbers["kremlin.shield"] == lever.high
    assert [lever.place(lever.at(place)) for place in range(STEPS + 1)] == list(range(STEPS + 1))
    with pytest.raises(KeyError):
        choice.moved("force.kill_rate", 0.1)
    with pytest.raises(ValueError, match="combat is one of"):
        choice.switched("combat", "magic")


def test_what_a_scenario_lays_down_beyond_the_plausible_range_is_within_reach_of_its_lever() -> None:
    lever = Choice.of("arrest_fuel_reserve").levers["economy.fuel_stock_days"]
    assert lever.high == 90 and lever.number.value == 90 and not lever.drawn


def test_the_file_says_how_to_run_it_and_what_it_extends(tmp_path: Path) -> None:
    text = Choice.of("arrest").moved("kremlin.shield", 0.2).toml(SETTINGS, 4)
    assert (
        "run.py run arrest_as_seen.toml --replicate 4 --seed 3 --days 20 --households 300 --parameters posterior"
    ) in text
    mine = tmp_path / "mine.toml"
    mine.write_text('title = "Mine"\nquestion = "What?"\nextends = "arrest"\n', encoding="utf-8")
    own = Choice.of(str(mine)).switched("custody", "mobile")
    assert "beside mine.toml" in own.toml(SETTINGS, 0)
    assert load_scenario(saved(own, tmp_path)) == own.scenario


def test_any_title_comes_back_from_the_file() -> None:
    import tomllib

    for text in ('a "quoted" title', "two\nlines\tand a tab", "back\\slash", "delete\x7f", "Душанбе €"):
        assert tomllib.loads(f"title = {quoted(text)}")["title"] == text


def test_no_shipped_scenario_has_the_name_of_a_saved_one() -> None:
    assert not [name for name in shipped() if name.endswith("_as_seen")]
