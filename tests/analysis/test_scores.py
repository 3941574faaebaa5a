"""Scores against sums done by hand, and what makes a score proper."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.analysis.scores import brier, covers, incidence, magnitude, quantile, ranked, score

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


@given(st.floats(0.0, 1.0), st.integers(1, 40), st.integers(1, 40))
def test_the_brier_score_is_proper(p: float, right: int, wrong: int) -> None:
    """Of all forecasts the one with the true share of ones has the least expected score."""
    truth = right / (right + wrong)

    def expected(share: float) -> float:
        return truth * (share - 1.0) ** 2 + (1.0 - truth) * share**2

    assert expected(truth) <= expected(p) + 1e-12


def test_quantiles_and_coverage_hold_never() -> None:
    sample = [1.0, 2.0, 3.0, NEVER]
    assert [quantile(sample, q) for q in (0.05, 0.5, 0.95)] == [1.0, 2.0, NEVER]
    assert covers(sample, NEVER, 100.0, 0.9)
    assert not covers([1.0] * 50, NEVER, 100.0, 0.9)
    assert covers([NEVER] * 50, NEVER, 100.0, 0.9)


def test_an_unknown_scale_is_an_error() -> None:
    with pytest.raises(KeyError):
        score("colour", [1.0], 1.0, 10.0)
