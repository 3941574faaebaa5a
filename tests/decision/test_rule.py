"""The rule of choice: a nested logit by hand, moods that last, and the other rules."""

import math

import numpy as np
import pytest
from scipy.stats import gumbel_r, kstest

from model.decision.mood import Mood
from model.decision.rule import CLASSES, Menu, Precision, choose, probabilities, share_weights
from model.randomness import Luck

WAIT, SAY, BLOCK, CUT, STORM = "wait", "say", "block", "cut", "storm"
KIND = {WAIT: "status_quo", SAY: "posturing", BLOCK: "nonviolent", CUT: "nonviolent", STORM: "violent"}
VALUES = {WAIT: 0.0, SAY: 0.02, BLOCK: 0.06, CUT: -0.03, STORM: 0.01}
PRECISION = Precision(between=20.0, within=35.0, inertia=4.0)
FREE = Precision(between=20.0, within=35.0, inertia=1.0)


def menu_of(*names: str) -> Menu:
    """A menu of these acts; a name with a star is a copy of the act without."""
    kinds = [KIND[name.rstrip("*")] for name in names]
    return Menu(
        names=names,
        codes=np.arange(len(names)),
        classes=np.array([CLASSES.index(kind) for kind in kinds]),
        weights=np.array(
            share_weights([(kind, name.rstrip("*")) for kind, name in zip(kinds, names, strict=True)])
        ),
    )


def values_of(menu: Menu) -> np.ndarray:
    return np.array([VALUES[name.rstrip("*")] for name in menu.names])


ALL = menu_of(WAIT, SAY, BLOCK, CUT, STORM)


def test_a_nested_logit_worked_out_by_hand() -> None:
    mu, lam = PRECISION.within, PRECISION.between
    block, cut = math.exp(mu * VALUES[BLOCK]), math.exp(mu * VALUES[CUT])
    measures = math.log((block + cut) / 2.0) / mu  # the mean: a longer list is no better list
    best = max(VALUES[SAY], measures, VALUES[STORM])
    habit = max(math.log(PRECISION.inertia) - lam * max(best - VALUES[WAIT], 0.0), 0.0)
    odds = {
        WAIT: math.exp(lam * VALUES[WAIT] + habit),
        SAY: math.exp(lam * VALUES[SAY]),
        "measures": math.exp(lam * measures),
        STORM: math.exp(lam * VALUES[STORM]),
    }
    whole = sum(odds.values())
    expected = [
        odds[WAIT] / whole,
        odds[SAY] / whole,
        odds["measures"] / whole * block / (block + cut),
        odds["measures"] / whole * cut / (block + cut),
        odds[STORM] / whole,
    ]
    assert probabilities(values_of(ALL), ALL, PRECISION).tolist() == pytest.approx(expected, rel=1e-11)


def test_habit_counts_in_full_while_nothing_better_is_in_sight() -> None:
    menu = menu_of(WAIT, STORM)
    p = probabilities(np.zeros(2), menu, PRECISION)
    assert p[0] / p[1] == pytest.approx(PRECISION.inertia, rel=1e-12)
    far = probabilities(np.array([0.0, 0.2]), menu, PRECISION)  # beyond ln 4 / 20
    assert far[1] / far[0] == pytest.approx(math.exp(20.0 * 0.2), rel=1e-11)


def test_rows_of_values_are_weighed_one_by_one() -> None:
    rows = np.stack([values_of(ALL), -values_of(ALL)])
    together = probabilities(rows, ALL, PRECISION)
    assert together.sum(axis=-1).tolist() == pytest.approx([1.0, 1.0], rel=1e-14)
    for row, p in zip(rows, together, strict=True):
        assert p.tolist() == probabilities(row, ALL, PRECISION).tolist()


def test_what_all_acts_have_in_common_decides_nothing() -> None:
    p = probabilities(values_of(ALL), ALL, PRECISION)
    shifted = probabilities(values_of(ALL) - 3.0, ALL, PRECISION)
    assert shifted.tolist() == pytest.approx(p.tolist(), rel=1e-9)


@pytest.mark.parametrize("name", [WAIT, BLOCK, STORM])
def test_listing_an_act_twice_changes_no_probability(name: str) -> None:
    names = [WAIT, SAY, BLOCK, CUT, STORM]
    place = names.index(name)
    double = menu_of(*names[: place + 1], name + "*", *names[place + 1 :])
    once = probabilities(values_of(ALL), ALL, PRECISION).tolist()
    twice = probabilities(values_of(double), double, PRECISION).tolist()
    twice[place] += twice.pop(place + 1)
    assert twice == once


def test_precision_0_in_effect_ignores_values_and_a_high_one_follows_them() -> None:
    blind = probabilities(values_of(ALL), ALL, Precision(1e-9, 1e-9, 1.0))
    assert blind.tolist() == pytest.approx([0.25, 0.25, 0.125, 0.125, 0.25], abs=1e-6)
    sharp = probabilities(values_of(ALL), ALL, Precision(1e4, 1e4, 1.0))
    assert sharp[ALL.index(BLOCK)] > 0.999


@pytest.fixture(scope="module")
def many() -> Mood:
    """Moods about three thousand acts, independent of one another: half-life ten days, ninety days long."""
    return Mood(Luck(11, 0), 3, range(3000), 90, 10.0)


@pytest.mark.parametrize("day", [0, 10, 40, 90])
def test_a_mood_has_the_same_law_on_every_day(many: Mood, day: int) -> None:
    values = many.path(day)[day]
    error = 1.0 / math.sqrt(len(values))
    assert abs(float(values.mean())) < 4.0 * error
    assert abs(float(values.var()) - 1.0) < 4.0 * math.sqrt(2.0) * error
    noise = many.gumbel(float(day), range(len(values)))
    assert kstest(noise, gumbel_r.cdf).pvalue > 0.001


@pytest.mark.parametrize("lag", [1, 5, 10, 20, 40])
def test_a_mood_is_halved_by_its_half_life(many: Mood, lag: int) -> None:
    expected = 0.5 ** (lag / 10.0)
    found = float(np.corrcoef(many.path(30 + lag)[30], many.path(30 + lag)[30 + lag])[0, 1])
    error = (1.0 - expected**2) / math.sqrt(many.path(0).shape[1])
    assert abs(found - expected) < 4.0 * error


def test_a_mood_holds_through_the_day_and_differs_between_actors() -> None:
    mood, other = Mood(Luck(1, 0), 0, [4], 5, 10.0), Mood(Luck(1, 0), 1, [4], 5, 10.0)
    assert mood.gumbel(2.0, [0, 9]) == mood.gumbel(2.75, [0, 9])
    assert not (mood.path(5) == other.path(5)).any()


def test_a_forbidden_act_leaves_the_moods_about_the_others() -> None:
    free, bound = Mood(Luck(1, 5), 0, [2, 3, 7], 20, 10.0), Mood(Luck(1, 5), 0, [2, 7], 20, 10.0)
    items = [*range(len(CLASSES)), len(CLASSES) + 2, len(CLASSES) + 7]
    assert free.gumbel(12.0, items) == bound.gumbel(12.0, items)


def test_a_mood_is_the_same_path_in_whatever_order_its_days_are_asked_for() -> None:
    once, bit_by_bit = Mood(Luck(1, 5), 0, [2, 3], 300, 10.0), Mood(Luck(1, 5), 0, [2, 3], 300, 10.0)
    whole = once.path(300)
    for day in (0, 70, 71, 300):
        assert (bit_by_bit.path(day)[day] == whole[day]).all()


@pytest.mark.parametrize("names", [(WAIT, SAY, BLOCK, CUT, STORM), (WAIT, BLOCK, BLOCK + "*", CUT, STORM)])
def test_acts_are_chosen_as_often_as_the_nested_logit_says(names: tuple[str, ...]) -> None:
    menu, runs = menu_of(*names), 4000
    values = values_of(menu)
    counts = np.zeros(len(menu))
    for replicate in range(runs):
        mood = Mood(Luck(5, replicate), 0, range(len(menu)), 0, 10.0)
        counts[choose(values, menu, PRECISION, mood, 0.0, "logit")] += 1
    p = probabilities(values, menu, PRECISION)
    error = np.sqrt(p * (1.0 - p) / runs)
    assert (np.abs(counts / runs - p) < 4.0 * error).all()


def test_moods_alone_decide_by_the_rule_random() -> None:
    runs = 3000
    counts = np.zeros(len(ALL))
    for replicate in range(runs):
        mood = Mood(Luck(6, replicate), 0, range(len(ALL)), 0, 10.0)
        choice = choose(values_of(ALL), ALL, PRECISION, mood, 0.0, "random")
        assert choice == choose(-9.0 * values_of(ALL), ALL, PRECISION, mood, 0.0, "random")
        counts[choice] += 1
    p = np.array([0.25, 0.25, 0.125, 0.125, 0.25])
    assert (np.abs(counts / runs - p) < 4.0 * np.sqrt(p * (1.0 - p) / runs)).all()


def test_the_best_response_is_the_highest_value_in_any_mood() -> None:
    for replicate in range(20):
        mood = Mood(Luck(7, replicate), 0, range(len(ALL)), 0, 10.0)
        assert choose(values_of(ALL), ALL, PRECISION, mood, 0.0, "best_response") == ALL.index(BLOCK)


def satisficed(values: dict[str, float]) -> str:
    mood = Mood(Luck(8, 0), 0, range(len(ALL)), 0, 10.0)
    row = np.array([(VALUES | values)[name] for name in ALL.names])
    return ALL.names[choose(row, ALL, FREE, mood, 0.0, "threshold")]


def test_the_threshold_rule_takes_the_mildest_act_that_is_good_enough() -> None:
    enough = 1.0 / FREE.between
    assert satisficed({}) == BLOCK  # nothing milder beats waiting by a unit of noise
    assert satisficed({SAY: 1.01 * enough, STORM: 1.0}) == SAY
    assert satisficed({BLOCK: 0.99 * enough}) == WAIT
    assert satisficed({BLOCK: 0.0, STORM: 1.01 * enough}) == STORM


def test_a_rule_that_nobody_knows_is_an_error() -> None:
    mood = Mood(Luck(1, 0), 0, range(len(ALL)), 0, 10.0)
    with pytest.raises(ValueError, match="unknown rule"):
        choose(values_of(ALL), ALL, PRECISION, mood, 0.0, "guess")


def test_many_rows_are_weighed_to_the_bits_of_one() -> None:
    values = np.random.default_rng(3).normal(scale=0.2, size=(3, 4, len(ALL)))
    values[0] *= 1e3  # far beyond what an exponential can hold
    for menu, of in (
        (ALL, values),
        (menu_of(WAIT), values[..., :1]),
        (menu_of(SAY, BLOCK), values[..., 1:3]),
    ):
        together = probabilities(of, menu, PRECISION)
        one_by_one = [[probabilities(row, menu, PRECISION).tolist() for row in block] for block in of]
        assert together.tolist() == one_by_one
