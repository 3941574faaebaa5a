"""Troops flown in, a base cut off, and guests in town."""

import pytest

from model.randomness import Luck
from model.simulation import EscalationModel
from model.world.summit import Summit
from tests.toys import acts, run, world

pytestmark = pytest.mark.model
POLITICS = ("households",)
COERCER, RULER = "kremlin", "tajikistan"
PASSIVE = {"decision": "scripted"}
NEIGHBOURS = ("kazakhstan", "kyrgyzstan", "uzbekistan")


def played(
    switches: dict[str, str], *script: tuple[float, str, str], days: int = 4, **numbers: float
) -> EscalationModel:
    scenario = world("arrest", POLITICS, script, switches=PASSIVE | switches)
    return run(scenario, days, overrides={key.replace("__", "."): value for key, value in numbers.items()})


# Reinforcement by air


def test_troops_flown_in_add_to_the_base_and_to_the_chance_of_force() -> None:
    before = played({})
    after = played({"reinforcement": "air"}, (0.5, COERCER, "reinforce"), force__reinforcement=0.5)
    assert after.theatre.garrison_strength == pytest.approx(1.5 * before.theatre.garrison_strength, rel=0.01)
    assert after.theatre.win_chance("rescue") > before.theatre.win_chance("rescue")
    names = [formation.name for formation in after.theatre.garrison]
    assert len(set(names)) == len(names)
    assert {f.name for g in after.garrisons for f in g.formations} == set(names)


def test_a_neighbour_on_the_way_can_refuse_passage() -> None:
    switches = {"reinforcement": "air", "neighbours": "active"}
    leaning = {f"{name}__leaning": 1.0 for name in NEIGHBOURS}
    crossed = played(switches, (0.5, COERCER, "reinforce"), **leaning)
    other_way = played(switches, (0.5, COERCER, "reinforce"), **(leaning | {"uzbekistan__leaning": 0.0}))
    refused = played(switches, (0.5, COERCER, "reinforce"), **(leaning | {"kazakhstan__leaning": 0.0}))
    assert "refuse_passage" in acts(refused, "kazakhstan") and "reinforce" not in acts(refused, COERCER)
    assert refused.theatre.garrison_strength < crossed.theatre.garrison_strength
    assert other_way.theatre.garrison_strength == crossed.theatre.garrison_strength
    assert refused.crisis.coercion("reinforcement") == 0.0 < crossed.crisis.coercion("reinforcement")


def test_troops_are_flown_in_once() -> None:
    twice = [(0.5, COERCER, "reinforce"), (1.5, COERCER, "withdraw"), (2.0, COERCER, "reinforce")]
    once, again = (played({"reinforcement": "air"}, *script, days=5) for script in (twice[:1], twice))
    assert again.theatre.garrison_strength == once.theatre.garrison_strength


def test_without_the_switch_nobody_is_flown_in() -> None:
    assert "reinforce" not in acts(played({}, (0.5, COERCER, "reinforce")))


# The host's grip on the base


def test_a_base_cut_off_fights_worse() -> None:
    free = played({"leverage": "base"})
    cut = played({"leverage": "base"}, (0.5, RULER, "squeeze_base"), force__squeeze=0.4)
    assert cut.theatre.win_chance("seizure") < free.theatre.win_chance("seizure")
    assert cut.theatre.enemy_strength() == pytest.approx(0.6 * free.theatre.enemy_strength())
    assert "squeeze_base" not in acts(played({}, (0.5, RULER, "squeeze_base")))


def test_commanders_of_a_base_cut_off_act_without_orders_sooner() -> None:
    def unordered(haste: float) -> int:
        script = [(0.25, COERCER, "alert_garrison"), (0.5, RULER, "squeeze_base")]
        scenario = world("arrest", POLITICS, script, switches=PASSIVE | {"leverage": "base"})
        numbers = {"force.squeezed_initiative": haste, "force.initiative_rate": 0.01}
        return sum(run(scenario, 20, k, overrides=numbers).inadvertent for k in range(30))

    assert unordered(1.0) < unordered(8.0)


def test_the_grip_is_loosened_when_the_matter_is_over() -> None:
    script = [(0.25, RULER, "squeeze_base"), (2.0, RULER, "release")]
    model = played({"leverage": "base"}, *script, days=6)
    assert model.theatre.squeezed == 0.0 == model.crisis.policy("base_squeezed")
    assert model.theatre.enemy_strength() == pytest.approx(
        played({}, script[1], days=6).theatre.enemy_strength()
    )


def test_a_grip_of_nothing_is_none() -> None:
    free = played({"leverage": "base"}, (1.0, COERCER, "free_detainee"), days=6)
    cut = played(
        {"leverage": "base"}, (0.5, RULER, "squeeze_base"), (1.0, COERCER, "free_detainee"), days=6,
        force__squeeze=0.0,
    )  # fmt: skip
    assert cut.theatre.killed_army == free.theatre.killed_army
    assert cut.ended == free.ended


# The guests of the summit


def summit(**numbers: float) -> Summit:
    usual = {"days": 2.0, "shield": 0.1, "objection": 0.2, "good_offices": 1.0} | numbers
    return Summit({f"summit.{key}": value for key, value in usual.items()}, Luck(1, 0), held=True)


def test_guests_leave_when_it_is_over_unless_the_airport_is_closed() -> None:
    guests = summit()
    guests.step(1.9, way_out_shut=False)
    assert guests.present and guests.shield == 0.1 and guests.mediates
    guests.step(2.0, way_out_shut=True)
    assert guests.present and guests.trapped and guests.shield == pytest.approx(0.1 + 0.2)
    guests.step(3.0, way_out_shut=False)
    assert not guests.present and guests.shield == 0.0 and not guests.mediates


def test_states_whose_leaders_a_closed_airport_keeps_object_to_force() -> None:
    kept = {"summit__shield": 0.3, "summit__objection": 0.2}
    blockade = (0.5, COERCER, "blockade")
    trapped = played({"summit": "guests"}, blockade, days=4, **kept)
    away = played({}, blockade, days=4)
    assert trapped.summit.trapped
    assert trapped.coercer.shield() == pytest.approx(away.coercer.shield() + 0.5)


def test_guests_make_force_dearer_and_speak_for_a_way_out_while_they_are_there() -> None:
    there, gone = (
        played({"summit": "guests"}, days=days, summit__good_offices=1.0, summit__shield=0.3)
        for days in (1, 4)
    )
    assert there.coercer.shield() == pytest.approx(gone.coercer.shield() + 0.3)
    assert "summit" in there.crisis.ways_out and "summit" not in gone.crisis.ways_out
    assert "summit" not in played({}, days=1).crisis.ways_out
