"""Casts other than the shipped one: a second garrison, a second army, two states and nobody else."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from model.ensemble.admission import admit
from model.scenario import Scenario, load_scenario
from model.simulation import EscalationModel
from tests.toys import acts, run, world

pytestmark = pytest.mark.model
HERE = Path(__file__).parent
PASSIVE = {"decision": "scripted"}


def with_second(scenario: Scenario, role: str) -> Scenario:
    """The scenario with a second actor of a role, under a name of its own and with the same numbers."""
    first = next(actor for actor in scenario.actors if actor.role == role)
    own = {
        key.replace(first.name, "second", 1): replace(number, key=key.replace(first.name, "second", 1))
        for key, number in scenario.numbers.items()
        if key.startswith(f"{first.name}.")
    }
    actors = (*scenario.actors, replace(first, name="second", label="another"))
    return replace(scenario, actors=actors, numbers=scenario.numbers | own)


@pytest.fixture(scope="module")
def storming() -> Scenario:
    script = [(1.0, "kremlin", "free_detainee")]
    return world("arrest", ("households",), script, switches=PASSIVE)


def freed(scenario: Scenario) -> int:
    ends = Counter(run(scenario, 4, replicate).ended for replicate in range(30))
    return ends["freed"]


def troops(model: EscalationModel, side: str) -> int:
    return sum(formation.initial for formation in getattr(model.theatre, side))


@pytest.mark.parametrize(("role", "side"), [("garrison", "garrison"), ("army", "army")])
def test_a_second_force_brings_its_own_troops(storming: Scenario, role: str, side: str) -> None:
    double = run(with_second(storming, role), 1)
    plain = run(storming, 1)
    added = sum(f.initial for f in getattr(double.theatre, side) if f.name.startswith("second_"))
    assert added > 0
    assert troops(double, side) == troops(plain, side) + added


def test_a_second_garrison_frees_the_detainee_more_often(storming: Scenario) -> None:
    bare = replace(storming, actors=tuple(a for a in storming.actors if a.name != "base_bokhtar"))
    assert freed(with_second(bare, "garrison")) > freed(bare)


@pytest.mark.parametrize("role", ["norm_bloc", "alliance", "court", "onlookers", "garrison", "army"])
def test_a_second_of_a_role_under_another_name_gives_a_result_that_fits(role: str) -> None:
    admit(run(with_second(world("story_as_told", ("households",)), role), 30).result(), 30)


@pytest.mark.parametrize("name", ["criticise", "request_arrest"])
def test_two_institutions_of_a_kind_both_act(name: str) -> None:
    role = {"criticise": "norm_bloc", "request_arrest": "court"}[name]
    model = run(with_second(world("arrest", ("households",), switches=PASSIVE), role), 10)
    actors = [event.actor for event in model.record.events if event.action.name == name]
    assert len(set(actors)) == 2


def test_two_states_act_on_each_other_alone() -> None:
    scenario = load_scenario(HERE / "officer_held.toml")
    assert {actor.role for actor in scenario.actors} == {"coercer", "government"}
    done: Counter[str] = Counter()
    for replicate in range(20):
        model = run(scenario, 60, replicate)
        done.update(acts(model))
        assert not model.record.reached("days_to_force")  # there is nobody to use it
        assert {event.actor for event in model.record.events} <= {"power", "neighbour"}
    assert done["arrest"] == 20
    assert done["demand_release"] > 0
    assert done["release"] + done["offer_release"] > 0
    assert not done["raid_migrants"]  # no migrants
    assert not done["call_alliance"] and not done["order_surrender"]  # no alliance, no Court


def test_the_script_is_kept_to_the_day_and_nothing_else_is_done() -> None:
    scenario = load_scenario(HERE / "officer_held.toml")
    alone = ("sanction_administratively",)
    scenario = replace(scenario, switches=scenario.switches | PASSIVE, forbid=alone)
    model = run(scenario, 20)
    assert [(event.day, event.action.name) for event in model.record.events] == [(0.0, "arrest")]
    assert model.result().scalars["end_state"] == "held"
