"""Agencies answer an affront on their own: soon, a little, with what hurts, and no longer than the matter lasts."""

from dataclasses import replace

import pytest

from model.agents.agencies import MEANS
from model.decision.picture import ECONOMIC
from model.scenario import Scenario
from model.settings import Settings
from model.simulation import EscalationModel
from tests.toys import acts, run, world

pytestmark = pytest.mark.model
COERCER, RULER = "kremlin", "tajikistan"
ACT = "sanction_administratively"
#: nobody decides anything, so that what is in force is the agencies' doing
PASSIVE = {"decision": "scripted"}
SOON = {"coercer.first_answer_lag": 1.0}


def quiet(name: str = "arrest", *script: tuple[float, str, str], forbid: tuple[str, ...] = ()) -> Scenario:
    scenario = world(name, ("households",), script, forbid)
    return replace(scenario, switches=scenario.switches | PASSIVE)


def raised(scenario: Scenario, days: int = 40, **overrides: float) -> dict[str, float]:
    model = run(scenario, days, overrides=SOON | {k.replace("__", "."): v for k, v in overrides.items()})
    return {lever: model.crisis.coercion(lever) for lever in ECONOMIC if model.crisis.coercion(lever) > 0.0}


def test_an_affront_is_answered_with_one_small_measure() -> None:
    model = run(quiet(), 40, overrides=SOON)
    assert acts(model, COERCER).count(ACT) == 1
    assert list(raised(quiet()).values()) == [pytest.approx(model.numbers["coercer.agency_level"])]
    assert model.record.milestones["days_to_first_measure"] is not None


def test_their_answer_is_what_hurts_the_host_and_only_that() -> None:
    touched = {f"tajikistan__exposure_{lever}": 0.0 for lever in MEANS}
    assert raised(quiet(), **touched) == {}  # banks and fuel are not theirs
    touched["tajikistan__exposure_flight_ban"] = 0.1
    assert list(raised(quiet(), **touched)) == ["flight_ban"]


def test_a_lever_that_two_acts_move_is_one_means() -> None:
    model = EscalationModel(quiet(), 1, settings=Settings(days=1, households=50))
    model.coercer.audience.injure(1.0)
    levers = [model.actions[name].lever for name in model.coercer.agencies._means().names]
    assert "trade_embargo" in levers and len(set(levers)) == len(levers)
    assert {"embargo_trade", "ban_goods"} <= set(model.coercer.menu().names)


def test_nobody_answers_where_nobody_is_offended() -> None:
    assert raised(quiet("no_arrest")) == {}


def test_a_scenario_can_forbid_the_answer_or_hold_it_down() -> None:
    assert raised(quiet(forbid=(ACT,))) == {}
    assert raised(quiet(forbid=(f"{COERCER}.{ACT}",))) == {}
    assert raised(quiet(), coercer__pressure_ceiling=0.0) == {}
    assert list(raised(quiet(), coercer__pressure_ceiling=0.5).values()) == [pytest.approx(0.05)]


def test_the_answer_ends_with_the_matter() -> None:
    assert raised(quiet("arrest", (20.0, RULER, "release")), days=20)
    assert raised(quiet("arrest", (20.0, RULER, "release")), days=60) == {}


def test_an_answer_to_a_refusal_ends_when_it_is_forgotten() -> None:
    refused = quiet("refuse_visit")
    soon = {"coercer__first_answer_lag": 0.1, "coercer__affront_half_life": 10.0}
    assert raised(refused, days=5, **soon)
    assert raised(refused, days=120, **soon) == {}


def test_they_answer_by_their_own_clock_however_grave_the_affront() -> None:
    def day(affront: float) -> float:
        model = run(quiet(), 60, overrides=SOON | {"kremlin.affront_by_arrest": affront})
        return float(next(e.day for e in model.record.events if e.action.name == ACT))

    assert day(0.5) == day(1.0)


def test_the_leader_may_go_further_with_the_same_means_and_keeps_them() -> None:
    lever = next(iter(raised(quiet())))
    act = {"raids": "raid_migrants", "entry_ban": "ban_entry", "transfer_block": "block_transfers",
           "fuel_cut": "cut_fuel", "flight_ban": "ban_flights", "trade_embargo": "embargo_trade"}[lever]  # fmt: skip
    whole = quiet("arrest", (15.0, COERCER, act), (20.0, RULER, "release"))
    assert raised(whole, days=60) == {lever: 1.0}


def test_the_wait_is_the_same_luck_in_every_scenario_and_follows_its_mean() -> None:
    def day(lag: float) -> float:
        model = run(quiet(), 60, overrides={"coercer.first_answer_lag": lag})
        return float(next(e.day for e in model.record.events if e.action.name == ACT))

    assert day(2.0) == pytest.approx(2.0 * day(1.0), abs=0.51)  # as far as ticks tell
