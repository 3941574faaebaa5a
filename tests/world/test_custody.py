"""The detainee and the chain to the Court."""

import math
from statistics import mean

import pytest

from model.randomness import Luck
from model.world.custody import PLACES, STATES, Custody
from model.world.places import Happening
from model.world.theatre import Theatre
from tests.world.toy_theatre import CALM, behaviour, pass_days, world

READY = {
    "custody.papers_days": 0.1,
    "custody.court_order_days": 1e-9,
    "custody.aircraft_days": 1e-9,
    "custody.overflight_chance": 1.0,
    "custody.interception_host": 0.0,
    "custody.interception_contested": 1.0,
}


def custody(replicate: int = 0, **numbers: float) -> Custody:
    over = {f"custody.{key}": value for key, value in numbers.items()}
    held = Custody(behaviour() | READY | over, Luck(3, replicate))
    held.arrest(0.0)
    return held


def wait(
    held: Custody, theatre: Theatre, days: float, dt: float = 0.25, start: float = 0.0
) -> list[Happening]:
    news = []
    for i in range(round(days / dt)):
        day = start + i * dt
        news += held.step(day, dt, theatre, theatre.step(day, dt, CALM))
        assert held.state in STATES and held.place in PLACES
    return news


def test_at_first_nobody_is_held_and_nothing_happens() -> None:
    absent = Custody(behaviour(), Luck(3, 0))
    assert (absent.state, absent.place) == ("absent", "none")
    assert wait(absent, world(), 5.0) == [] and absent.expected_days_to_court() == math.inf
    absent.visit()
    assert absent.state == "visiting" and not absent.in_hand
    absent.depart()
    assert (absent.state, absent.place) == ("absent", "home")


def test_the_theatre_is_told_where_he_is() -> None:
    held, theatre = custody(), world(detainee_at="")
    wait(held, theatre, 0.25)
    assert theatre.detainee_at == "detention"
    held.release(1.0)
    wait(held, theatre, 0.25)
    assert theatre.detainee_at == "" and (held.state, held.place) == ("released", "home")


def test_without_an_order_he_stays_and_with_one_he_reaches_the_court_in_the_time_of_the_best_case() -> None:
    held, theatre = custody(), world()
    assert wait(held, theatre, 30.0) == []
    held.order_surrender(30.0)
    news = wait(held, theatre, 3.0, start=30.0)
    assert [h.kind for h in news] == ["moved", "departed", "surrendered"]
    assert (held.state, held.place) == ("surrendered", "court")
    out, there = news[1].day - 30.0, news[2].day - 30.0
    assert out <= 13.5 / 24 and there <= 39.0 / 24  # facts B20
    assert there - out == pytest.approx(behaviour()["custody.flight_days"])


@pytest.mark.parametrize("replicate", range(8))
def test_halving_the_tick_does_not_move_the_chain(replicate: int) -> None:
    def chain(dt: float) -> list[tuple[str, float]]:
        held = custody(replicate, court_order_days=1.0, aircraft_days=2.0, overflight_chance=0.4)
        held.order_surrender(0.0)
        return [(h.kind, round(h.day, 6)) for h in wait(held, world(), 60.0, dt)]

    assert chain(0.5) == chain(0.25) == chain(0.125)


def test_mean_days_to_the_court_are_as_reckoned() -> None:
    days = []
    for k in range(300):
        held = custody(k, court_order_days=1.0, aircraft_days=2.0, overflight_chance=0.5)
        held.order_surrender(0.0)
        days.append(wait(held, world(), 60.0)[-1].day)
    expected = custody(court_order_days=1.0, aircraft_days=2.0, overflight_chance=0.5)
    assert mean(days) == pytest.approx(expected.expected_days_to_court(), rel=0.15)
    assert expected.expected_rate() == pytest.approx(1.0 / expected.expected_days_to_court())
    assert expected.expected_days_to_court(ordered=False) == math.inf
    assert expected.expected_rate(ordered=False) == 0.0
    assert expected.expected_rate(bars=1.0) < expected.expected_rate()


def test_a_blockaded_airport_keeps_him_on_the_ground() -> None:
    held, theatre = custody(), world([{"strength": 5000}], [{"strength": 8000}])
    theatre.order("blockade", 0.0)
    wait(held, theatre, 1.0)
    held.order_surrender(1.0)
    assert wait(held, theatre, 10.0, start=1.0) == [] and held.state == "held"
    theatre.order("withdraw", 11.0)
    wait(held, theatre, 3.0, start=11.0)
    assert held.state == "surrendered"


def test_the_coercers_airspace_keeps_him_on_the_ground_and_a_contested_one_brings_him_down() -> None:
    held, theatre = custody(), world([{"strength": 5000}], [{"strength": 8000, "loyalty": 0.0}])
    theatre.order("airspace", 0.0)
    wait(held, theatre, 2.0)
    assert theatre.airspace_control == "coercer"
    held.order_surrender(2.0)
    assert wait(held, theatre, 10.0, start=2.0) == []

    held = custody(death_if_forced_down=0.0)
    theatre = world(
        [{"strength": 5000}], [{"strength": 8000, "loyalty": 0.0}], numbers={"force.takeover_hours": 1e6}
    )
    theatre.order("airspace", 0.0)
    wait(held, theatre, 2.0)
    assert theatre.airspace_control == "contested"
    held.order_surrender(2.0)
    assert [h.kind for h in wait(held, theatre, 2.0, start=2.0)] == ["moved", "departed", "intercepted"]
    assert (held.state, held.place) == ("freed", "base")


def test_nobody_is_forced_down_where_the_coercer_has_no_troops() -> None:
    held = custody(interception_host=1.0)
    held.order_surrender(0.0)
    wait(held, world(), 3.0)
    assert held.state == "surrendered"


@pytest.mark.parametrize(("risk", "state"), [(0.0, "freed"), (1.0, "died")])
@pytest.mark.parametrize("shots", [0.0, 1.0])
def test_a_rescue_frees_him_or_kills_him_but_only_where_shots_fall(
    risk: float, state: str, shots: float
) -> None:
    held = custody(death_in_rescue=risk)
    news = held.step(1.0, 0.25, world(), [Happening("rescue_succeeded", 1.0, "detention", size=shots)])
    assert held.state == (state if shots else "freed")
    assert [h.kind for h in news] == (["detainee_died"] if held.state == "died" else [])
    assert not held.in_hand and held.expected_days_to_court() == math.inf


def test_a_failed_rescue_leaves_him_where_he_is_or_kills_him() -> None:
    failed = [Happening("rescue_failed", 1.0, "detention", size=1.0)]
    held = custody(death_in_failed_rescue=0.0)
    held.step(1.0, 0.25, world(), failed)
    assert held.state == "held"
    held = custody(death_in_failed_rescue=1.0)
    held.step(1.0, 0.25, world(), failed)
    assert (held.state, held.place) == ("died", "none")


def test_deaths_in_rescues_come_at_the_chance_given() -> None:
    died = 0
    for k in range(400):
        held = custody(k, death_in_rescue=0.3)
        held.step(1.0, 0.25, world(), [Happening("rescue_succeeded", 1.0, size=1.0)])
        died += held.state == "died"
    assert died / 400 == pytest.approx(0.3, abs=0.07)


def test_a_real_rescue_in_the_theatre_frees_him() -> None:
    held, theatre = (
        custody(),
        world([{"strength": 5000}], [{"strength": 8000, "loyalty": 0.0}], detainee_at=""),
    )
    wait(held, theatre, 0.5)
    theatre.order("rescue", 0.5)
    wait(held, theatre, 2.0, start=0.5)
    assert held.state == "freed" and theatre.detainee_at == ""


def test_out_of_the_country_nobody_lets_him_go_any_more() -> None:
    held, theatre = custody(), world()
    held.order_surrender(0.0)
    wait(held, theatre, 0.25)
    assert (held.state, held.place) == ("in_transit", "abroad")
    held.release(0.25)
    held.free(0.25)
    assert held.state == "in_transit" and 0.0 < held.expected_days_to_court() < 1.1


def test_where_every_place_of_detention_is_the_coercers_nobody_can_be_held() -> None:
    theatre = world([{"strength": 5000}], [])
    theatre.order("rescue", 0.0)
    pass_days(theatre, 2.0)
    assert theatre.overrun("detention") and not theatre.overrun("airport")
    held = custody()
    held.step(2.0, 0.25, theatre)
    assert held.state == "freed"
