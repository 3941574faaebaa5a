"""The chance of success as outsiders reckon it, against what comes of it."""

from statistics import mean

import pytest

from tests.world.toy_theatre import SURE, kinds, pass_days, world


def test_a_stronger_garrison_never_has_a_smaller_chance() -> None:
    for task in ("rescue", "seizure"):
        for orders in (-1.0, 0.0, 1.0):
            chances = [
                world([{"strength": s}], [{"strength": 6000, "loyalty": 0.6}]).win_chance(task, orders)
                for s in (0, 300, 1000, 3000, 10000, 50000)
            ]
            assert chances == sorted(chances) and chances[0] == 0.0 and chances[-1] > 0.9
            assert chances[1] < chances[-1]


def test_orders_to_resist_lower_the_chance_and_to_stand_aside_raise_it() -> None:
    theatre = world([{"strength": 2000}], [{"strength": 6000, "loyalty": 0.6}])
    down, none, up = (theatre.win_chance("seizure", orders) for orders in (-1.0, 0.0, 1.0))
    assert down > none > up
    assert none == theatre.win_chance("seizure")


def test_the_stronger_garrison_wins_more_often_and_the_estimate_is_of_the_right_size() -> None:
    wins, beliefs = [], []
    for strength in (300, 1200, 6000):
        won, belief = [], []
        for k in range(60):
            theatre = world([{"strength": strength}], [{"strength": 6000, "loyalty": 0.55}], replicate=k)
            belief.append(theatre.win_chance("rescue"))
            theatre.order("rescue", 0.0)
            won.append("rescue_succeeded" in kinds(pass_days(theatre, 4.0)))
        wins.append(mean(won))
        beliefs.append(mean(belief))
    assert wins == sorted(wins) and wins[-1] - wins[0] > 0.3
    assert all(abs(w - b) < 0.3 for w, b in zip(wins, beliefs, strict=True))


def test_equal_sides_have_equal_prospects() -> None:
    same = SURE | {
        "force.garrison_effectiveness": 1.0,
        "force.defence_advantage": 1.0,
        "force.cost_of_fighting": 0.0,
        "force.main_effort": 1.0,
        "force.melt_days": 1e6,
    }
    ours, theirs, won = [], [], []
    for k in range(150):
        garrison, army = [{"strength": 2000}], [{"strength": 2000, "loyalty": 1.0}]
        theatre = world(garrison, army, ("detention",), replicate=k, numbers=same)
        theatre.order("rescue", 0.0)
        won.append("rescue_succeeded" in kinds(pass_days(theatre, 20.0)))
        ours.append(theatre.killed_base)
        theirs.append(theatre.killed_army)
    assert mean(won) == pytest.approx(0.5, abs=0.13)  # three standard errors
    assert mean(ours) == pytest.approx(mean(theirs), rel=0.12)
