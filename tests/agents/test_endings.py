"""What an end of the matter leaves behind: troops go back, demands fall, and each side draws its lesson."""

from dataclasses import replace

import pytest

from model.ending import government_falls
from model.settings import Settings
from model.simulation import EscalationModel
from tests.toys import acts, over_a_province, run, world

pytestmark = pytest.mark.model
POLITICS = ("households",)
PASSIVE = {"decision": "scripted"}
RULER, COERCER = "tajikistan", "kremlin"
ARMED = ("alert", "blockade", "airspace_denial", "rescue", "seizure")


def played(
    *script: tuple[float, str, str], days: int = 10, without: tuple[str, ...] = POLITICS, **more: object
):
    return run(world("arrest", without, script, switches=PASSIVE), days, **more)


def test_a_release_sends_the_troops_back_with_all_their_levers() -> None:
    model = played((0.5, COERCER, "alert_garrison"), (0.5, COERCER, "blockade"), (2.0, RULER, "release"))
    assert model.ended == "released"
    assert [model.crisis.coercion(lever) for lever in ARMED] == [0.0] * 5
    assert "withdraw" in acts(model, COERCER)
    assert model.theatre.base_posture == "barracks"


def test_a_release_without_troops_in_the_city_moves_nobody() -> None:
    assert "withdraw" not in acts(played((2.0, RULER, "release")), COERCER)


def test_demands_fall_with_what_was_demanded() -> None:
    model = played(
        (0.5, COERCER, "demand_release"), (0.5, COERCER, "issue_ultimatum"), (2.0, RULER, "release")
    )
    assert model.crisis.coercion("demand") == model.crisis.coercion("ultimatum") == 0.0
    assert model.crisis.deadline is None


def test_terms_accepted_end_the_fight() -> None:
    script = [
        (0.2, RULER, "order_resistance"),
        (0.5, COERCER, "seize_government"),
        (0.75, RULER, "accept_terms"),
    ]
    model = played(*script, days=12)
    assert model.ended == "released"
    assert model.crisis.policy("resist") == 0.0
    assert model.crisis.coercion("seizure") == 0.0
    assert model.crisis.in_power
    dead = model.timeseries()[["killed_army", "killed_base"]].sum(axis=1)
    assert dead.iloc[-1] == dead.iloc[2]


def test_an_order_under_way_is_called_off_when_the_matter_ends() -> None:
    for settled in (False, True):
        model = EscalationModel(world("arrest", POLITICS, switches=PASSIVE), settings=Settings(days=10))
        model.step()
        model.coercer.order(model.actions["close_airspace"])
        if settled:
            model.settle("released")
        model.run()
        assert ("close_airspace" in acts(model, COERCER)) is not settled


def test_a_government_brought_down_by_protest_hands_over_nobody_to_the_coercer() -> None:
    ends = set()
    for replicate in range(12):
        model = run(world("arrest", switches=PASSIVE), 2, replicate)
        government_falls(model)
        ends.add(model.ended)
        assert not model.crisis.in_power
    assert "freed" not in ends
    assert ends <= {"released", None}


def test_the_bloc_takes_a_free_release_amiss_too() -> None:
    model = played((2.0, RULER, "release"))
    assert model.blocs[0].gravity() == model.blocs[0].behaviour("gravity_non_arrest")


def test_punishment_after_compliance_is_asked_of_those_who_complied() -> None:
    key = "punished_after_compliance"
    assert played(days=20).result().scalars[key] is None
    assert played((2.0, RULER, "release"), days=10).result().scalars[key] is None
    assert played((2.0, RULER, "release"), days=20).result().scalars[key] is False
    punished = played((2.0, RULER, "release"), (3.0, COERCER, "block_transfers"), days=20)
    assert punished.result().scalars[key] is True


def test_a_first_measure_counts_from_the_hour_of_its_act() -> None:
    scenario = world("arrest", POLITICS, [(2.5, COERCER, "block_transfers")], ["sanction_administratively"])
    model = run(replace(scenario, switches=scenario.switches | PASSIVE), 5)
    assert model.record.milestones["days_to_first_measure"] == 2.5
    assert model.record.milestones["days_to_transfer_block"] == 2.5


def test_armour_in_the_capital_is_a_milestone_whenever_the_series_shows_it() -> None:
    model = played((0.5, COERCER, "blockade"), days=6)
    assert model.timeseries()["armour_in_capital"].max() == 1
    assert model.record.milestones["days_to_armour_in_capital"] is not None


@pytest.mark.parametrize("day", [10.0, 80.0])
def test_an_airport_shut_for_an_hour_or_two_is_not_closed(day: float) -> None:
    shut = world("arrest", POLITICS, injects=[(day, "border_closed", 1.0, 0.5)], switches=PASSIVE)
    assert run(shut, 90).record.milestones["days_to_airport_closed"] is None
    longer = world("arrest", POLITICS, injects=[(day, "border_closed", 1.0, 3.0)], switches=PASSIVE)
    assert run(longer, 90).record.milestones["days_to_airport_closed"] == pytest.approx(day, abs=1.0)


def test_a_mediator_who_leaves_takes_the_way_out_along() -> None:
    visit = world("arrest", POLITICS, injects=[(1.0, "mediator", 1.0, 3.0)], switches=PASSIVE)
    assert run(visit, 3).crisis.face > 0.0
    assert run(visit, 6).crisis.face == 0.0


def test_whom_a_ban_of_entry_kept_at_home_may_leave_when_it_is_lifted() -> None:
    script = [(0.0, COERCER, "ban_entry"), (60.0, COERCER, "ease")]
    model = run(world("no_arrest", script=script, switches=PASSIVE), 62, households=1000)
    banned = model.timeseries()["entry_banned"]
    assert banned.iloc[58] > banned.iloc[0]
    people = model.households.kernel.population
    assert people.turned_away.sum() == 0
    assert banned.iloc[61] < banned.iloc[58]


def test_government_without_a_detainee_may_do_nothing() -> None:
    model = run(world("pressure_100", POLITICS, switches=PASSIVE), 5)
    menu = model.government.menu()
    assert "hold" in menu.names


def test_a_crisis_without_a_detainee_opens_and_is_given_way_in() -> None:
    defied = [(0.0, RULER, "defy"), (3.0, COERCER, "block_transfers"), (9.0, RULER, "give_way")]
    model = run(world("open_choice", POLITICS, defied, switches=PASSIVE), 30)
    assert model.coercer.audience.affront > 0.0
    assert model.ended == "released"
    assert model.record.milestones["days_to_yielding"] == 9.0
    assert model.custody.state == "absent"


def test_what_is_demanded_is_taken_with_the_government_quarter() -> None:
    script = [(0.0, RULER, "defy"), (0.5, COERCER, "seize_government")]
    model = run(world("open_choice", (*POLITICS, "army"), script, switches=PASSIVE), 10)
    assert model.ended == "freed"
    assert not model.crisis.in_power
    assert model.result().scalars["outcome"] == "victory"


def test_a_government_outlives_the_loss_of_a_province() -> None:
    script = [(0.0, RULER, "defy"), (0.5, COERCER, "seize_government")]
    taken = world("open_choice", (*POLITICS, "army"), script, switches=PASSIVE)
    model = run(over_a_province(taken), 10)
    assert model.ended == "freed"
    assert model.crisis.in_power
    assert model.result().scalars["outcome"] == "victory"


def test_with_a_province_less_of_the_office_is_at_risk() -> None:
    quarrel = world("arrest", POLITICS)
    whole, part = (run(scenario, 1).government for scenario in (quarrel, over_a_province(quarrel)))
    assert part.office_at_risk < whole.office_at_risk == whole.behaviour("office_stake")
