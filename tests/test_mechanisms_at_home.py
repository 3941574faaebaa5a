"""Mechanisms S11-S17 of the commentary, those that reach homes and streets, each where the answer is obvious."""

import numpy as np
import pytest

from model.agents.households import total
from tests.toys import run, world

pytestmark = pytest.mark.model

ONLY_POLITICS = ("households",)
PASSIVE = {"decision": "scripted"}  # nobody decides: only what the script says happens
RULER, COERCER = "tajikistan", "kremlin"


def test_s11_raids_frighten_many_and_remove_few() -> None:
    calm = run(world("no_arrest", switches=PASSIVE), 60, households=10_000)
    raided = run(
        world("no_arrest", script=[(0.0, COERCER, "raid_migrants")], switches=PASSIVE), 60, households=10_000
    )
    most = calm.numbers["households.removals_peak"] * 60 * 1.15
    assert calm.households.removed < raided.households.removed < most
    frightened = raided.households.came_home - calm.households.came_home
    assert frightened > raided.households.removed - calm.households.removed


NO_OTHER_WAY = {"information.block_reaches_cards": 1.0, "households.informal_capacity_usd": 0.0}


def test_s12_transfers_blocked_and_no_other_channel_no_remittances() -> None:
    scenario = world("no_arrest", script=[(0.0, COERCER, "block_transfers")], switches=PASSIVE)
    model = run(scenario, 40, overrides=NO_OTHER_WAY)
    assert total(model.households.today.remittances_russian_usd) == 0.0


def test_s12_a_block_that_is_feared_and_does_not_come_lowers_nothing() -> None:
    scenario = world("arrest", switches=PASSIVE)
    feared = run(scenario, 40, overrides={"information.fear_of_block": 0.6})
    unfeared = run(scenario, 40, overrides={"information.fear_of_block": 0.0})
    sent = [m.timeseries()["remittances_usd"].sum() for m in (feared, unfeared)]
    assert sent[0] > sent[1]


def test_s13_fuel_cut_off_empties_the_stock_and_raises_the_price() -> None:
    model = run(world("no_arrest", script=[(0.0, COERCER, "cut_fuel")], switches=PASSIVE), 60)
    series = model.timeseries()
    assert series["fuel_stock_days"].iloc[-1] < 0.8 * series["fuel_stock_days"].iloc[0]
    assert series["fuel_price_index"].iloc[-1] > 1.1


def test_s14_blocked_transfers_worsen_the_economy() -> None:
    calm = run(world("no_arrest", switches=PASSIVE), 90).timeseries().iloc[-1]
    script = [(0.0, COERCER, "block_transfers")]
    blocked = run(world("no_arrest", script=script, switches=PASSIVE), 90).timeseries().iloc[-1]
    assert blocked["output_index"] < calm["output_index"] - 0.01
    assert blocked["poverty_rate"] > calm["poverty_rate"] + 0.01
    assert blocked["fx_premium"] > calm["fx_premium"] + 0.01


DESPERATE = {
    f"{RULER}.legitimacy": 0.0, "government.police_thinned": 1.0, "households.police_persons": 1.0,
    "households.protest_threshold": -0.5,
}  # fmt: skip


def test_s15_people_protest_who_have_cause_and_fear_nobody() -> None:
    script = [(0.0, COERCER, "block_transfers")]
    model = run(world("no_arrest", script=script, switches=PASSIVE), 40, overrides=DESPERATE)
    assert model.timeseries()["protesters"].max() > 0
    quiet = world("no_arrest", script=script, switches=PASSIVE | {"unrest": "none"})
    assert run(quiet, 40, overrides=DESPERATE).timeseries()["protesters"].max() == 0


def test_s16_belief_in_help_falls_while_nobody_helps() -> None:
    scenario = world("arrest", (*ONLY_POLITICS, "norm_bloc", "onlookers"), switches=PASSIVE)
    support = run(scenario, 40).timeseries()["belief_in_support"]
    assert (np.diff(support) < 0.0).all()


def test_s16_the_elite_leaves_as_force_becomes_certain() -> None:
    threat = [(0.5, COERCER, "alert_garrison"), (0.5, COERCER, "issue_ultimatum")]
    threatened = run(world("arrest", ONLY_POLITICS, threat, switches=PASSIVE), 10)
    assert (
        threatened.opinion.loyalty < run(world("arrest", ONLY_POLITICS, switches=PASSIVE), 10).opinion.loyalty
    )


def test_s17_resolutions_follow_force_and_the_people_bear_the_cost() -> None:
    script = [
        (1.0, COERCER, "seize_government"),
        (2.0, COERCER, "block_transfers"),
        (2.0, COERCER, "cut_fuel"),
    ]
    passed = {"onlookers.resolution_chance": 1.0}
    model = run(world("arrest", script=script, switches=PASSIVE), 60, overrides=passed)
    assert model.onlookers[0].resolutions == 1
    series = model.timeseries()
    assert series["poverty_rate"].iloc[-1] > series["poverty_rate"].iloc[0] + 0.02


@pytest.mark.parametrize(
    ("act", "dearer", "less"),
    [
        (
            "block_transfers",
            ("tjs_per_usd", "price_index"),
            ("reserves_usd", "deposits", "consumption_index"),
        ),
        ("cut_fuel", ("fuel_price_index", "price_index"), ("fuel_stock_days", "output_index")),
    ],
)
def test_s14_each_measure_bites_where_it_should(
    act: str, dearer: tuple[str, ...], less: tuple[str, ...]
) -> None:
    calm = run(world("no_arrest", switches=PASSIVE), 120).timeseries().iloc[-1]
    pressed = (
        run(world("no_arrest", script=[(0.0, COERCER, act)], switches=PASSIVE), 120).timeseries().iloc[-1]
    )
    for series in dearer:
        assert pressed[series] > calm[series], series
    for series in less:
        assert pressed[series] < calm[series], series


def test_s15_anger_has_a_direction_by_whose_story_is_believed() -> None:
    script = [(0.0, COERCER, "block_transfers")]
    streets = {}
    for story in (0.0, 1.0):
        told = DESPERATE | {
            "households.story_at_start": story, "households.coercer_standing": 0.0,
            "households.protest_threshold": 0.1,
        }  # fmt: skip
        series = run(world("no_arrest", script=script, switches=PASSIVE), 40, overrides=told).timeseries()
        streets[story] = series[["protesters_against_host", "protesters_against_coercer"]].max()
    for side, believers in (("protesters_against_host", 1.0), ("protesters_against_coercer", 0.0)):
        assert streets[believers][side] > streets[1.0 - believers][side]


def test_s17_civilians_die_where_troops_fight_in_the_city() -> None:
    script = [(0.2, RULER, "order_resistance"), (1.0, COERCER, "seize_government")]
    fought = run(world("arrest", ONLY_POLITICS, script, switches=PASSIVE), 10).timeseries()
    assert fought["killed_civilian"].iloc[-1] > 0
    assert (
        run(world("arrest", ONLY_POLITICS, switches=PASSIVE), 10).timeseries()["killed_civilian"].max() == 0
    )
