"""Who fights, and what it costs."""

import math

import pytest

from model.randomness import DECISIONS, Luck
from model.world import forces
from model.world.attrition import Attrition
from model.world.forces import Climate, Formation, Will, raise_formations, ratio_contest
from tests.world.toy_theatre import CALM, behaviour


def formation(side: str = "host", strength: int = 500, loyalty: float = 0.5, **more: float) -> Formation:
    given: dict[str, float] = {
        "effect": 1.0,
        "breaks_at": 0.1 * strength,
        "temper": 0.0,
        "offset": 0.5,
    } | more
    return Formation(
        name=f"{side}_{strength}_{loyalty}",
        side=side,
        code=1,
        initial=strength,
        strength=strength,
        effect=given["effect"],
        loyalty=loyalty,
        readiness=1.0,
        hours_to_capital=1.0,
        breaks_at=given["breaks_at"],
        melts_at=10.0,
        offset=given["offset"],
        temper=given["temper"],
    )


def army(loyalty: float, n: int = 10) -> list[Formation]:
    return [formation(loyalty=loyalty, temper=(i - (n - 1) / 2) / n) for i in range(n)]


def share(loyalty: float, climate: Climate, enemy: float = 5000.0) -> float:
    choice = Will(behaviour()).who_fights(army(loyalty), enemy, climate)
    return sum(choice) / len(choice)


def test_codes_of_draws_do_not_repeat_those_of_others() -> None:
    ours = forces.DRAWS
    assert len(set(ours.values())) == len(ours)
    assert not {name: code for name, code in DECISIONS.items() if code in ours.values() and name not in ours}


def test_the_disloyal_do_not_fight_even_under_orders() -> None:
    assert share(0.0, CALM) == share(0.0, CALM._replace(orders=1.0)) == 0.0


def test_the_loyal_fight_a_weak_enemy_and_nobody_counts_on_others_without_contact() -> None:
    assert share(1.0, CALM, enemy=100.0) == 1.0
    assert share(0.5, CALM, enemy=1000.0) > share(0.5, CALM._replace(contact=0.0), enemy=1000.0)


@pytest.mark.parametrize("loyalty", [0.3, 0.5, 0.7, 0.9])
def test_orders_move_the_share_that_fights_by_way_of_contact(loyalty: float) -> None:
    down, none, up = (share(loyalty, CALM._replace(orders=o)) for o in (-1.0, 0.0, 1.0))
    assert down <= none <= up
    assert share(loyalty, CALM._replace(orders=1.0, contact=0.0)) <= up
    assert down == 0.0, "Prague: who is told to stand aside does"


@pytest.mark.parametrize(
    "worse",
    [
        {"narrative_share": 0.9},
        {"legitimacy": 0.1},
        {"arrears_days": 60.0},
        {"contact": 0.2, "orders": 1.0},
        {"internet": 0.0, "orders": 1.0},
    ],
)
def test_what_weakens_an_army_never_strengthens_its_will(worse: dict[str, float]) -> None:
    base = CALM._replace(orders=worse.get("orders", 0.0))
    will = Will(behaviour())
    assert will.eagerness(0.6, base._replace(**worse)) < will.eagerness(0.6, base)
    assert share(0.6, base._replace(**worse)) <= share(0.6, base)


def test_more_enemies_never_make_more_fight_and_the_smooth_share_agrees() -> None:
    will = Will(behaviour())
    shares = [share(0.7, CALM, enemy) for enemy in (10.0, 1e3, 3e3, 1e4, 1e5)]
    smooth = [will.expected_share(0.7, 7500.0, enemy, CALM) for enemy in (10.0, 1e3, 3e3, 1e4, 1e5)]
    assert shares == sorted(shares, reverse=True)
    assert smooth == sorted(smooth, reverse=True)
    assert smooth[0] > smooth[-1]


def test_the_outcome_of_the_game_is_an_equilibrium() -> None:
    will = Will(behaviour())
    host, enemy = [formation(loyalty=0.3 + 0.06 * i, temper=0.3 * (-1) ** i) for i in range(10)], 6000.0
    choice = will.who_fights(host, enemy, CALM)
    weight = [f.strength * behaviour()["force.defence_advantage"] for f in host]
    fighting = sum(w for w, c in zip(weight, choice, strict=True) if c)
    p = ratio_contest(fighting, enemy, will.power)
    best = [will.eagerness(f.loyalty, CALM) - will.noise(f) + p > 0.0 for f in host]
    assert choice == best


def test_half_of_those_who_stood_aside_change_sides_only_where_the_story_is_believed() -> None:
    will = Will(behaviour())
    prague, crimea = CALM._replace(narrative_share=0.1), CALM._replace(narrative_share=0.75, legitimacy=0.3)
    assert not any(will.drawn_away(f, prague) for f in army(0.6))
    assert any(will.drawn_away(f, crimea) for f in army(0.4))


def test_formations_add_up_to_the_actor() -> None:
    numbers = behaviour() | {
        "guard.strength": 1003.4,
        "guard.units": 4.0,
        "guard.quality": 2.0,
        "guard.loyalty": 0.5,
        "guard.readiness_hours": 1.0,
        "guard.hours_to_capital": 0.0,
    }
    raised = raise_formations("guard", "host", numbers, Luck(1, 0))
    assert [f.strength for f in raised] == [250, 251, 251, 251]
    assert {f.effect for f in raised} == {2.0}
    assert len({f.loyalty for f in raised}) == 4
    assert all(f.effect == 6.0 for f in raise_formations("guard", "coercer", numbers, Luck(1, 0)))
    assert raise_formations("guard", "host", numbers | {"guard.strength": 0.0}, Luck(1, 0)) == []
    assert len(raise_formations("guard", "host", numbers | {"guard.strength": 2.0}, Luck(1, 0))) == 2


@pytest.mark.parametrize("law", ["lanchester_square", "lanchester_linear"])
def test_equal_sides_take_equal_losses_and_a_stronger_one_fewer(law: str) -> None:
    attrition = Attrition(behaviour(), law)
    ours, theirs = [formation("coercer")], [formation("host")]
    attrition.exchange(ours, theirs, 3.0, 1.0)
    assert (ours[0].killed, ours[0].harm) == (theirs[0].killed, theirs[0].harm) != (0, 0.0)
    ours, theirs = [formation("coercer", effect=3.0)], [formation("host")]
    attrition.exchange(ours, theirs, 3.0, 1.0)
    assert ours[0].harm < theirs[0].harm


@pytest.mark.parametrize("law", ["lanchester_square", "lanchester_linear"])
def test_a_fight_that_is_cut_in_two_at_a_break_costs_the_same(law: str) -> None:
    def fight(parts: int) -> float:
        ours = [formation("coercer", 800, breaks_at=50.0), formation("coercer", 300, breaks_at=1.0)]
        theirs = [formation("host", 500, breaks_at=400.0)]
        attrition = Attrition(behaviour() | {"force.wounded_per_killed": 0.0}, law)
        return sum(attrition.exchange(ours, theirs, 4.0 / parts, 1.0)[0] for _ in range(parts))

    assert fight(1) == pytest.approx(fight(64), rel=0.05)


def test_a_formation_breaks_exactly_at_its_limit_and_leaves_the_fight() -> None:
    ours, theirs = [formation("coercer", 5000, effect=5.0)], [formation("host", 400, breaks_at=20.0)]
    weak = theirs[0]
    _, broke = Attrition(behaviour() | {"force.kill_rate": 1.0}, "lanchester_square").exchange(
        ours, theirs, 100.0, 1.0
    )
    assert broke == [weak] and theirs == [] and weak.stance == "broken"
    assert weak.killed == 20 and weak.strength == 380
    assert weak.cohesion(0.0) == 0.0


def test_losses_are_whole_people_and_unbiased() -> None:
    dead = []
    for i in range(100):
        f = formation(offset=(i + 0.5) / 100)
        for _ in range(7):
            f.suffer(0.1)
        assert f.strength + f.killed == f.initial
        dead.append(f.killed)
    assert sum(dead) == pytest.approx(70, abs=1)


def test_the_ratio_contest_is_a_chance() -> None:
    assert ratio_contest(0.0, 5.0, 2.0) == 0.0 and ratio_contest(5.0, 0.0, 2.0) == 1.0
    assert ratio_contest(3.0, 3.0, 2.0) == 0.5
    assert ratio_contest(2.0, 1.0, 1.0) == pytest.approx(2.0 / 3.0)
    assert math.isclose(ratio_contest(2.0, 7.0, 1.3) + ratio_contest(7.0, 2.0, 1.3), 1.0)
