"""Scores against sums done by hand, and what makes a score proper."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.analysis.scores import (
    brier,
    categorical,
    class_quantile,
    covers,
    crps,
    incidence,
    magnitude,
    quantile,
    ranked,
    score,
    thresholds,
)
from model.analysis.statistics import quantile as of_summary

NEVER = math.inf


def test_scores_of_certain_forecasts() -> None:
    assert brier([1.0, 1.0], 1.0) == 0.0
    assert brier([1.0, 1.0], 0.0) == 1.0
    assert ranked([0.0], 0.0, 4) == 0.0
    assert ranked([0.0], 3.0, 4) == 1.0
    assert ranked([0.0, 1.0], 0.0, 4) == pytest.approx(0.25 / 3)
    assert incidence([5.0], 5.0, 100.0) == 0.0
    assert incidence([NEVER], NEVER, 100.0) == 0.0
    assert magnitude([100.0], 100.0) == 0.0


def test_any_number_is_scored_in_its_own_unit() -> None:
    assert crps([2.0], 5.0) == 3.0 and crps([5.0, 5.0], 5.0) == 0.0
    assert crps([0.0, 1.0], 0.5) == pytest.approx(0.5 - 0.25)
    assert crps([0.0, 1.0, 5.0], 1.0) == pytest.approx(5 / 3 - (1 + 5 + 4) / 9)
    wide, narrow = [-1.0, 0.0, 1.0], [-0.1, 0.0, 0.1]
    assert crps(narrow, 0.0) < crps(wide, 0.0) and crps(narrow, 2.0) > crps(wide, 2.0)


def test_unordered_classes_are_scored_by_half_the_brier_score() -> None:
    assert categorical([2.0], 2.0, 4) == 0.0
    assert categorical([0.0], 2.0, 4) == categorical([3.0], 2.0, 4) == 1.0  # no class is nearer than another
    assert categorical([0.0, 1.0], 0.0, 4) == brier([0.0, 1.0], 0.0) == 0.25
    pairs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    fair = math.fsum(categorical(pair, 0.0, 4, fair=True) for pair in pairs) / 4
    assert fair == pytest.approx(categorical([0.0, 1.0] * 500, 0.0, 4))


def test_a_day_is_scored_by_the_share_of_log_time_that_is_wrong() -> None:
    # from day 1 to day 10 of the log axis 0.25 to 400
    expected = math.log(10.0) / math.log(400.0 / 0.25)
    assert incidence([1.0], 10.0, 400.0) == pytest.approx(expected, abs=0.006)
    assert incidence([1.0, NEVER], 10.0, 400.0) == pytest.approx(
        0.25 * (math.log(10.0) + math.log(40.0)) / math.log(1600.0), abs=0.006
    )


def test_what_comes_after_the_watch_is_not_known() -> None:
    assert incidence([200.0], NEVER, 100.0) == incidence([NEVER], NEVER, 100.0) == 0.0
    assert incidence([50.0], NEVER, 100.0) > 0.0


def test_a_run_that_ends_otherwise_never_yields() -> None:
    assert incidence([5.0, NEVER], 5.0, 100.0) > incidence([5.0, 5.0], 5.0, 100.0)


@given(st.lists(st.floats(0.3, 900.0), min_size=1, max_size=30), st.floats(0.3, 900.0))
def test_the_truth_scores_best(sample: list[float], observed: float) -> None:
    assert incidence([observed], observed, 1000.0) <= incidence(sample, observed, 1000.0) <= 1.0


@pytest.mark.parametrize("scale", ["yes", "class", "days", "count"])
def test_scores_are_proper(scale: str) -> None:
    """Of all forecasts the distribution that the truth is drawn from has the least expected score."""
    values = {
        "yes": [0.0, 1.0],
        "class": [0.0, 1.0, 3.0],
        "days": [2.0, 30.0, NEVER],
        "count": [0.0, 20.0, 3000.0],
    }[scale]
    truth = [values[0]] * 5 + [values[-1]] * 3 + values[1:2]

    def expected(sample: list[float]) -> float:
        return math.fsum(score(scale, sample, observed, 1000.0) for observed in truth)

    others = [truth[:5], truth[5:], values, truth + [values[0]] * 4, truth + [values[-1]] * 4]
    assert all(expected(truth) < expected(other) - 1e-9 for other in others)


@pytest.mark.parametrize("scale", ["yes", "days", "count", "class"])
def test_a_fair_score_of_a_small_sample_is_that_of_a_large_one_on_average(scale: str) -> None:
    low, high = {"yes": (0.0, 1.0), "class": (0.0, 2.0), "days": (3.0, 300.0), "count": (0.0, 500.0)}[scale]
    pairs = [[low, low], [low, high], [high, low], [high, high]]  # all samples of two from a fair coin
    small = math.fsum(score(scale, pair, low, 1000.0, fair=True) for pair in pairs) / 4
    unfair = math.fsum(score(scale, pair, low, 1000.0) for pair in pairs) / 4
    whole = score(scale, [low, high] * 500, low, 1000.0)
    assert small == pytest.approx(whole, abs=1e-9)
    assert unfair > whole + 0.01


def test_quantiles_and_coverage_hold_never() -> None:
    sample = [1.0, 2.0, 3.0, NEVER]
    assert [quantile(sample, q) for q in (0.05, 0.5, 0.95)] == pytest.approx([1.15, 2.5, NEVER])
    assert covers(sample, NEVER, 100.0, 0.9)
    assert not covers([1.0] * 50, NEVER, 100.0, 0.9)
    assert covers([NEVER] * 50, NEVER, 100.0, 0.9)


def test_a_quantile_is_that_of_the_summary_and_a_class_stays_a_class() -> None:
    sample = [5.0, 1.0, 2.0, 2.5]
    assert [quantile(sample, q) for q in (0.05, 0.5, 0.9)] == [
        of_summary(sample, q) for q in (0.05, 0.5, 0.9)
    ]
    assert class_quantile([0.0, 1.0, 2.0, 3.0], 0.5) == 1.0


def test_an_unknown_scale_is_an_error() -> None:
    with pytest.raises(KeyError):
        score("colour", [1.0], 1.0, 10.0)


@pytest.mark.parametrize(
    ("scale", "sample", "observed"),
    [("yes", [1.0, 0.0, 1.0], 1.0), ("class", [0.0, 2.0, 3.0], 1.0),
     ("days", [3.0, 40.0, math.inf], 12.0), ("count", [0.0, 7.0, 4000.0], 30.0)],
)  # fmt: skip
def test_a_score_is_the_squared_difference_at_its_thresholds(
    scale: str, sample: list[float], observed: float
) -> None:
    axis = thresholds(scale, 365.0)
    off = [(sum(v <= t for v in sample) / len(sample) - (observed <= t)) ** 2 for t in axis]
    assert axis == sorted(axis)
    assert math.fsum(off) / len(axis) == pytest.approx(score(scale, sample, observed, 365.0))
