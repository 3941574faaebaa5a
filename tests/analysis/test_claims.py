from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Any

import pytest

from model.analysis.claims import Answer, ask, claim_rows
from model.analysis.claims_file import CLAIMS, Claim, read_claims
from model.analysis.claims_view import claim_lines, departure_lines, told_lines, verdict
from model.analysis.departures import departure_rows, steps_of
from model.analysis.expression import known_columns, parse
from model.analysis.flips import find_flip
from model.analysis.observations import Observed
from model.analysis.overview import WIDTH
from model.analysis.structures import OWN, all_under, few_worlds, name_under, structures, under
from model.scenario import load_scenario
from model.scenario_file import DEFAULT_SWITCHES
from model.toml_source import InputError

NUMBERS = load_scenario("arrest").numbers
COLUMNS = known_columns(NUMBERS)


def claim(predicate: str, given: str | None = None, scenario: str = "arrest", told: bool = True) -> Claim:
    scenarios = ["arrest", "no_arrest"]
    return Claim(
        name="some_claim",
        text="It is so.",
        scenario=scenario,
        predicate=parse(predicate, COLUMNS, scenarios),
        given=parse(given, COLUMNS, scenarios) if given else None,
        why="because",
        rests_on=("decision.inertia",),
        grade="D",
        told=told,
    )


def observed(name: str, numbers: list[dict[str, float]] | None = None, **outcomes: list[Any]) -> Observed:
    length = len(next(iter(outcomes.values())))
    runs = {(0, k): {column: values[k] for column, values in outcomes.items()} for k in range(length)}
    drawn = {(0, k): found for k, found in enumerate(numbers or [])}
    return Observed(name, name, runs, 100, length, 0, numbers=drawn)


def test_worlds_without_what_is_presupposed_or_known_do_not_count() -> None:
    runs = observed(
        "arrest", force_used=[True, True, False, True], days_to_army_collapse=[3.0, None, 2.0, 9.0]
    )
    answer = ask(claim("days_to_army_collapse <= 7", "force_used"), {"arrest": runs})
    assert answer.known == {(0, 0): True, (0, 1): False, (0, 3): False}
    assert answer.share == 1 / 3
    assert Answer({(0, 0): math.nan}).share is None


def test_another_scenario_is_looked_up_in_the_same_world_and_structure() -> None:
    asked = claim("welfare_of_people < welfare_of_people@no_arrest")
    found = {
        "arrest": observed("arrest", welfare_of_people=[0.5, 0.9, 0.5]),
        "no_arrest": observed("no_arrest", welfare_of_people=[0.8, 0.8]),  # one run is missing
        "arrest--beliefs-fixed": observed("arrest--beliefs-fixed", welfare_of_people=[0.7]),
        "no_arrest--beliefs-fixed": observed("no_arrest--beliefs-fixed", welfare_of_people=[0.6]),
    }
    assert ask(asked, found).known == {(0, 0): True, (0, 1): False}
    assert ask(asked, found, "beliefs=fixed").known == {(0, 0): False}
    with pytest.raises(KeyError):
        ask(asked, found, "combat=none")


def test_rows_tell_structures_apart_and_where_the_story_is_left() -> None:
    batch = {
        "arrest": observed("arrest", force_used=[True, True, False, False]),
        "arrest--beliefs-fixed": observed("x", force_used=[True, True, True]),
        "story_as_told": observed("story_as_told", force_used=[True] * 4),
    }
    rows = claim_rows([claim("force_used")], {"posterior": batch}, ["beliefs=fixed", "combat=none"], NUMBERS)
    own, fixed = rows
    assert (own["structure"], own["worlds"], own["holds"]) == (OWN, 4, 0.5)
    assert (own["story"], own["departs"]) == (1.0, -0.5)
    assert own["departs_low"] < -0.5 < own["departs_high"]
    assert (own["grade"], own["rests_on"]) == ("D", "decision.inertia (D)")
    assert (fixed["structure"], fixed["worlds"], fixed["change"]) == ("beliefs=fixed", 3, 1 / 3)
    assert max(map(len, claim_lines(rows) + told_lines(rows))) <= WIDTH


def test_changes_are_corrected_for_every_claim_and_rule_in_the_file() -> None:
    batch = {"arrest": observed("arrest", force_used=[True] * 9 + [False], inadvertent_force=[False] * 10)}
    for structure in ("beliefs=fixed", "combat=none"):
        name = name_under("arrest", structure)
        batch[name] = observed(
            name, force_used=[structure == "combat=none"] * 10, inadvertent_force=[False] * 10
        )
    rows = claim_rows(
        [claim("force_used", told=False), claim("inadvertent_force", told=False)],
        {"posterior": batch},
        ["beliefs=fixed", "combat=none", "unrest=none"],
        NUMBERS,
    )
    changes = [row for row in rows if row["structure"] != OWN]
    assert [row["change"] for row in changes] == [-0.9, 0.1, 0.0, 0.0]
    lost, gained = 2 * 0.5**9, 1.0  # McNemar: nine worlds one way; one the other way
    assert [row["change_p"] for row in changes] == pytest.approx([lost, gained, 1.0, 1.0])
    assert [row["change_holm"] for row in changes] == pytest.approx([4 * lost, 1.0, 1.0, 1.0])
    assert all(row["change_holm"] is None for row in rows if row["structure"] == OWN)
    (said,) = few_worlds(rows)
    assert "at most 10 each" in said and "up to 28 %" in said  # Wilson, 0 of 10
    assert few_worlds([{"structure": "combat=none", "worlds": 60}]) == []
    assert few_worlds([row for row in rows if row["structure"] == OWN]) == []


def test_a_planted_number_is_the_one_that_flips_the_answer() -> None:
    luck = random.Random(4)
    drawn = [
        {f"noise.n{k}": luck.random() for k in range(60)} | {"coercer.planted": luck.random()}
        for _ in range(100)
    ]
    answers = [(world["coercer.planted"] > 0.6) != (luck.random() < 0.05) for world in drawn]
    numbers = {key: [world[key] for world in drawn] for key in drawn[0]}
    flip = find_flip(answers, numbers)
    assert flip is not None
    assert flip.key == "coercer.planted"
    assert flip.value == pytest.approx(0.6, abs=0.03)
    assert flip.turns
    assert flip.share_below < 0.15 < 0.85 < flip.share_above
    runs = observed("arrest", drawn, force_used=answers)
    (row,) = claim_rows([claim("force_used", told=False)], {"prior": {"arrest": runs}}, [], NUMBERS)
    assert (row["flip"], row["flip_turns"], row["grade"]) == ("coercer.planted", True, "D")


def test_chance_flips_nothing() -> None:
    luck = random.Random(5)
    found = 0
    for _ in range(40):
        answers = [luck.random() < 0.5 for _ in range(60)]
        numbers = {f"noise.n{k}": [luck.random() for _ in answers] for k in range(30)}
        found += find_flip(answers, numbers) is not None
    assert found <= 5  # 5 % of 40 are 2
    assert find_flip([True] * 50, {"a.b": [float(k) for k in range(50)]}) is None
    assert find_flip([True, False] * 5, {"a.b": [float(k) for k in range(10)]}) is None


def test_the_shipped_claims_are_read_and_rest_on_graded_numbers() -> None:
    found = read_claims(CLAIMS, NUMBERS)
    assert len(found) >= 15
    assert all(entry.grade in "ABCD" and entry.why for entry in found)
    assert {"arrest", "pressure_25", "open_choice", "arrest_army_resists"} <= {
        entry.scenario for entry in found
    }
    assert next(entry for entry in found if entry.name == "people_bear_the_cost").needs == (
        "arrest",
        "no_arrest",
    )


SOUND = """
[[claim]]
name = "force"
claim = "There is force."
scenario = "arrest"
predicate = "force_used"
why = "It says so."
rests_on = ["decision.inertia"]
told = true
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"arrest"', '"arest"', r"claims.toml:5: claim\[1\].scenario: .*nearest valid name: arrest"),
        ('"force_used"', '"force_usd"', r"claims.toml:6: claim\[1\].predicate: .*nearest valid name: force_used"),
        ("decision.inertia", "decision.inertai", r"claims.toml:8: .*nearest valid name: decision.inertia"),
        ("told = true", "tol = true", r"claims.toml:9: claim\[1\].tol: unknown key"),
        ("told = true", 'told = true\ngiven = "force_used = 1"', r"claims.toml:10: claim\[1\].given: .*mean =="),
        ("told = true", "told = true\n" + SOUND, r"claims.toml:12: claim\[2\].name: expected a name of its own"),
        ('[[claim]]', '[claim]', r"claims.toml:2: claim: expected an array"),
    ],
)  # fmt: skip
def test_a_wrong_file_of_claims_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    path = tmp_path / "claims.toml"
    path.write_text(SOUND.replace(old, new, 1))
    with pytest.raises(InputError, match=message):
        read_claims(path, NUMBERS)


def test_verdicts_ask_certain_words_of_nearly_every_world() -> None:
    bounds = [(0.95, 1.0), (0.6, 0.9), (0.4, 0.7), (0.2, 0.4), (0.0, 0.05), (None, None)]
    said = [verdict({"low": low, "high": high}).split()[0] for low, high in bounds]
    assert said == ["HOLDS.", "MOSTLY,", "OPEN:", "SELDOM.", "FAILS.", "No"]


def test_departures_say_what_is_done_when_and_in_which_order() -> None:
    story = {"script": [
        {"day": 1.0, "actor": "p", "action": "seize"}, {"day": 0.0, "actor": "h", "action": "arrest"},
        {"day": 0.5, "actor": "p", "action": "alert"},
    ]}  # fmt: skip
    steps = steps_of(story, {"script": [{"day": 0.0, "actor": "h", "action": "arrest"}]})
    assert steps == [(0.5, "p", "alert"), (1.0, "p", "seize")]
    runs = [{("p", "seize"): 1.5, ("p", "alert"): 1.0}, {("p", "seize"): 3.0}, {}, {("p", "alert"): 9.0}]
    alert, seize = departure_rows("arrest", steps, runs)
    assert (alert["done"], alert["done_as_told"], alert["first_day"], alert["before"]) == (
        0.5,
        0.25,
        5.0,
        None,
    )
    assert (seize["done"], seize["done_as_told"], seize["before"]) == (0.5, 0.25, 0.5)
    assert max(map(len, departure_lines([alert, seize]))) <= WIDTH


def test_a_structure_changes_one_rule_and_the_name() -> None:
    arrest = load_scenario("arrest")
    assert under(arrest, OWN) is arrest
    found = structures()
    assert "decision=scripted" not in found
    assert len(found) == len(set(found)) >= 15
    for structure in found:
        made = under(arrest, structure)
        switch, value = structure.split("=")
        assert made.switches == {**DEFAULT_SWITCHES, switch: value}
        assert made.name == name_under("arrest", structure)
        assert made.digest != arrest.digest
    made_all, references = all_under([arrest], [OWN, "beliefs=fixed"])
    assert [scenario.name for scenario in made_all] == ["arrest", "arrest--beliefs-fixed"]
    assert references["arrest--beliefs-fixed"] == "arrest --switch beliefs=fixed"
