"""Places, tasks and fights in tiny worlds."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from model.case import ActorSpec, PlaceSpec
from model.randomness import Luck
from model.world.forces import Climate
from model.world.theatre import Theatre
from tests.world.toy_theatre import (
    CALM,
    CAPITAL,
    DISLOYAL,
    STAUNCH,
    STRONG,
    SURE,
    behaviour,
    kinds,
    pass_days,
    people,
    world,
)


@pytest.mark.parametrize("places", [(), ("airport",), CAPITAL])
@pytest.mark.parametrize("garrison", [[], STRONG])
@pytest.mark.parametrize("army", [[], DISLOYAL])
def test_any_number_of_places_garrisons_and_armies_works(places: tuple, garrison: list, army: list) -> None:
    theatre = world(garrison, army, places)
    for task in ("alert", "blockade", "rescue", "seizure", "airspace"):
        theatre.order(task, 0.0)
    theatre.local_initiative(0.0, 0.25, Luck(1, 0))
    pass_days(theatre, 3.0)
    assert 0.0 <= theatre.win_chance("rescue") <= 1.0
    assert 0.0 <= theatre.territory_held <= 1.0 and 0.0 <= theatre.airport_blocked <= 1.0
    assert theatre.killed_base == theatre.killed_army == 0
    theatre.order("withdraw", 3.0)
    pass_days(theatre, 3.0, start=3.0)
    assert theatre.base_posture == "barracks" and theatre.sites_held_by_base == 0


def test_without_a_garrison_there_is_no_force() -> None:
    theatre = world([], STAUNCH)
    for task in ("blockade", "rescue", "seizure", "airspace"):
        theatre.order(task, 0.0)
    assert pass_days(theatre, 10.0) == []
    assert theatre.win_chance("rescue") == theatre.win_chance("seizure") == 0.0
    assert theatre.garrison_strength == 0 and theatre.airspace_control == "host"
    assert theatre.army_strength == 1.0 and theatre.territory_held == 1.0


def test_where_nobody_is_loyal_all_stand_aside_nobody_dies_and_sites_fall_within_a_day() -> None:
    theatre = world(STRONG, DISLOYAL, numbers=SURE | {"force.civilians_per_1000_days": 0.0})
    theatre.order("rescue", 0.0)
    theatre.order("seizure", 0.0)
    news = pass_days(theatre, 2.0)
    taken = [24.0 * h.day for h in news if h.kind == "place_taken"]
    assert len(taken) == 3 and min(taken) >= 2.5 and max(taken) <= 24.0  # facts D09
    assert kinds(news).count("rescue_succeeded") == 1 and "stood_aside" in kinds(news)
    assert all(h.size == 0.0 for h in news if h.kind in ("place_taken", "rescue_succeeded"))
    assert (theatre.killed_base, theatre.killed_army, theatre.killed_civilian) == (0, 0, 0)
    assert theatre.base_posture == "occupying" and theatre.armour_in_capital
    assert theatre.sites_held_by_base == 3 and theatre.holds("government_quarter")


def test_overwhelming_defenders_who_fight_beat_a_rescue_off() -> None:
    theatre = world([{"strength": 500}], STAUNCH, numbers={"force.kill_rate": 0.03})
    assert theatre.win_chance("rescue") < 0.15
    theatre.order("rescue", 0.0)
    news = pass_days(theatre, 5.0)
    assert "rescue_failed" in kinds(news) and "rescue_succeeded" not in kinds(news)
    assert theatre.killed_base > 0 and theatre.sites_held_by_base == 0


def test_an_army_ordered_to_stand_aside_does_as_in_prague_and_stays_together() -> None:
    climate = CALM._replace(orders=-1.0)
    theatre = world(
        [{"strength": 250000, "units": 10}],
        [{"strength": 200000, "loyalty": 0.7, "units": 10, "capital_share": 0.2}],
    )
    theatre.step(0.0, 0.25, climate)
    theatre.order("seizure", 0.25)
    news = pass_days(theatre, 6.75, climate, start=0.25)
    assert theatre.killed_army == theatre.killed_base == 0
    assert theatre.holds("government_quarter") and theatre.army_resisting == 0.0
    assert not {"formation_broke", "defected"} & set(kinds(news))
    assert theatre.army_strength > 0.75 and theatre.army_cohesion > 0.9
    assert 30 <= theatre.killed_civilian <= 300  # 108, without a fight


def test_orders_to_resist_make_blood_flow_and_bring_help_from_outside() -> None:
    def run(orders: float) -> Theatre:
        army = [{"strength": 3000, "loyalty": 0.6}, {"strength": 6000, "loyalty": 0.6, "capital_share": 0.0}]
        theatre, climate = world(STRONG, army, numbers=SURE), CALM._replace(orders=orders)
        theatre.order("rescue", 0.5)
        theatre.news = pass_days(theatre, 3.0, climate)  # type: ignore[attr-defined]
        return theatre

    idle, fierce = run(0.0), run(1.0)
    assert fierce.killed_army > idle.killed_army
    outside = [f for f in fierce.army if f.name.startswith("army_1")]
    assert any(f.killed for f in outside) and not any(f.killed for f in idle.army if f in outside)


def test_a_blockade_closes_the_airport_and_nobody_shoots() -> None:
    theatre = world(STRONG, STAUNCH)
    theatre.order("blockade", 0.0, lead_days=0.5)
    assert pass_days(theatre, 0.5) == [] and theatre.airport_blocked == 0.0
    news = pass_days(theatre, 5.0, start=0.5)
    assert kinds(news).count("blockade_begins") == 2 and "assault_begins" not in kinds(news)
    assert theatre.airport_blocked == 1.0 and theatre.base_posture == "deployed"
    assert theatre.sites_held_by_base == 0 and theatre.killed_army == 0
    theatre.order("withdraw", 5.5)
    pass_days(theatre, 1.0, start=5.5)
    assert theatre.airport_blocked == 0.0 and theatre.base_posture == "barracks"
    assert not theatre.armour_in_capital


def test_a_blockade_can_turn_into_a_rescue() -> None:
    theatre = world(STRONG, DISLOYAL)
    theatre.order("blockade", 0.0)
    theatre.order("rescue", 2.0)
    news = pass_days(theatre, 4.0)
    assert kinds(news).index("blockade_begins") < kinds(news).index("rescue_succeeded")


def test_the_airspace_goes_with_the_air_defence_node() -> None:
    theatre = world(STRONG, DISLOYAL)
    theatre.order("airspace", 0.0)
    seen = []
    for i in range(16):
        theatre.step(i / 8, 1 / 8, CALM)
        seen.append(theatre.airspace_control)
    assert seen[0] == "host" and seen[-1] == "coercer"
    assert list(dict.fromkeys(seen)) in (["host", "contested", "coercer"], ["host", "coercer"])


def test_a_rescue_needs_a_detainee_and_goes_where_he_is() -> None:
    theatre = world(STRONG, DISLOYAL, detainee_at="")
    theatre.order("rescue", 0.0)
    assert pass_days(theatre, 2.0) == []
    theatre = world(STRONG, DISLOYAL, detainee_at="airport")
    theatre.order("rescue", 0.0)
    assert {h.place for h in pass_days(theatre, 2.0) if h.kind == "place_taken"} == {"airport"}


def test_an_unknown_task_is_refused() -> None:
    with pytest.raises(ValueError, match="no task 'charge'"):
        world(STRONG).order("charge", 0.0)


def outcome(theatre: Theatre, days: float, dt: float, climate: Climate, between: Callable) -> tuple:
    news = []
    for i in range(round(days / dt)):
        day = i * dt
        between(theatre, day)
        news += theatre.local_initiative(day, dt, Luck(7, 3))
        news += theatre.step(day, dt, climate)
    dead = theatre.killed_base, theatre.killed_army, theatre.killed_civilian
    return news, dead, theatre.army_cohesion, theatre.win_chance("rescue")


@pytest.mark.parametrize("replicate", range(12))
def test_halving_the_tick_changes_nothing(replicate: int) -> None:
    def orders(theatre: Theatre, day: float) -> None:
        if day == 0.0:
            theatre.order("blockade", 0.0)
            theatre.order("rescue", 0.6)
            theatre.order("seizure", 1.3)

    climate = CALM._replace(orders=float(replicate % 3 - 1), narrative_share=0.6)
    army = [{"strength": 9000, "loyalty": 0.55, "capital_share": 0.5, "units": 9}]
    runs = [
        outcome(world(STRONG, army, replicate=replicate), 6.0, dt, climate, orders)
        for dt in (0.5, 0.25, 0.125)
    ]
    assert runs[0] == runs[1] == runs[2]
    assert runs[0][0]


@pytest.mark.parametrize("combat", ["lanchester_square", "lanchester_linear", "none"])
@pytest.mark.parametrize("replicate", range(6))
def test_nobody_is_lost_from_the_count(combat: str, replicate: int) -> None:
    climate = Climate(orders=float(replicate % 2), legitimacy=0.4, narrative_share=0.8, contact=0.5)
    theatre = world(
        STRONG, [{"strength": 7001, "loyalty": 0.4, "units": 9}], combat=combat, replicate=replicate
    )
    before = people(theatre)
    theatre.order("seizure", 0.0)
    theatre.order("rescue", 1.0)
    theatre.order("withdraw", 9.0)
    pass_days(theatre, 14.0, climate)
    assert people(theatre) == before == (5000, 7001)
    assert all(f.strength >= 0 and f.killed >= 0 for f in (*theatre.garrison, *theatre.army))
    at_places = [f for p in theatre.board.city for f in (*p.hosts, *p.coercers)]
    assert len(at_places) == len(set(map(id, at_places)))
    assert all(f.place and f in theatre.board.named[f.place].ranks(f) for f in at_places)
    if combat == "none":
        assert theatre.killed_army == theatre.killed_base == 0


def test_an_army_that_lost_its_capital_melts_away_within_days_and_partly_changes_sides() -> None:
    climate = Climate(orders=0.0, legitimacy=0.3, narrative_share=0.8, contact=0.5)
    army = [{"strength": 10000, "loyalty": 0.45, "units": 20}]
    theatre = world([{"strength": 20000}], army, numbers={"force.defect_days": 1.0})
    theatre.order("seizure", 0.0)
    news = pass_days(theatre, 1.0, climate)
    early = theatre.army_strength
    news += pass_days(theatre, 24.0, climate, start=1.0)
    assert early > 0.0 and theatre.army_strength < 0.25
    assert theatre.defected > 0 and {"defected", "formation_broke"} <= set(kinds(news))
    assert (
        theatre.defected
        + theatre.captured
        + theatre.killed_army
        + sum(f.strength for f in theatre.army if theatre.defence.under_command(f))
        == 10000
    )
    assert theatre.army_cohesion < 0.3


def test_the_places_outside_the_capital_slip_away_with_the_army() -> None:
    theatre = world([{"strength": 20000}], DISLOYAL, (*CAPITAL, "border", "depot", "base"))
    assert theatre.territory_held == 1.0 and theatre.sites_held_by_base == 0
    theatre.order("seizure", 0.0)
    pass_days(theatre, 20.0)
    assert theatre.army_strength == 0.0 and theatre.sites_held_by_base == 2
    assert theatre.territory_held == pytest.approx(3 / 7)


def test_commanders_act_unordered_at_the_rate_given_and_only_under_alert() -> None:
    rate, days, hits = 0.01, 20.0, 0
    for k in range(300):
        theatre, luck = (
            world(STRONG, DISLOYAL, numbers={"force.initiative_rate": rate}, replicate=k),
            Luck(7, k),
        )
        assert theatre.local_initiative(0.0, 1000.0, luck) == []
        theatre.order("alert", 0.0)
        theatre.step(0.0, 0.25, CALM)
        news = [h for i in range(int(days)) for h in theatre.local_initiative(i + 0.25, 1.0, luck)]
        hits += bool(news)
        assert all(h.kind == "local_initiative" and h.inadvertent and h.place == "detention" for h in news)
    expected = 1.0 - 2.718281828 ** (-rate * 5 * days)
    assert hits / 300 == pytest.approx(expected, abs=0.08)


def test_an_unordered_storm_is_marked_as_such() -> None:
    theatre = world(STRONG, DISLOYAL, numbers={"force.initiative_rate": 1e9})
    theatre.order("blockade", 0.0)
    pass_days(theatre, 1.0)
    stirred = theatre.local_initiative(1.0, 0.25, Luck(7, 0))
    news = pass_days(theatre, 1.0, start=1.0)
    assert stirred[0].kind == "local_initiative"
    assert [h.inadvertent for h in news if h.kind == "assault_begins"] == [True]
    assert sum(h.kind == "place_taken" for h in news) == 1


def test_the_displaced_come_with_the_fighting_and_return() -> None:
    theatre = world(STRONG, STAUNCH, numbers={"force.kill_rate": 0.02})
    theatre.order("rescue", 0.0)
    pass_days(theatre, 4.0)
    assert theatre.killed_civilian > 0 and theatre.displaced > 0.0
    theatre.order("withdraw", 4.0)
    pass_days(theatre, 0.25, start=4.0)
    before = theatre.displaced
    pass_days(theatre, 45.0, start=4.25)
    assert theatre.displaced == pytest.approx(before / 2.718281828, rel=0.02)


def test_the_forces_of_the_shipped_case_add_up() -> None:
    case = tomllib.loads(
        (Path(__file__).parents[2] / "scenarios" / "cases" / "dushanbe_2025.toml").read_text("utf-8")
    )
    numbers = behaviour() | {
        f"{s}.{k}": e["value"]
        for s, table in case.items()
        if isinstance(table, dict)
        for k, e in table.items()
        if isinstance(e, dict)
    }
    actors = [ActorSpec(**a) for a in case["actor"]]
    places = [PlaceSpec(**p) for p in case["place"]]
    theatre = Theatre(actors, places, numbers, Luck(1, 0), {"combat": "lanchester_square"})
    assert people(theatre) == (5000, 16300)
    assert theatre.garrison_strength == 5000
    assert theatre.board.kinds("detention")[0].hosts, "the detainee is guarded"
