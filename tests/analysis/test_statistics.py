from __future__ import annotations

import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from model.analysis import statistics

SAMPLE = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0]
OTHER = [2.0, 7.0, 1.0, 8.0, 2.0, 8.0, 1.0, 8.0]


def test_the_interval_of_a_mean_is_that_of_scipy() -> None:
    low, high = scipy.stats.t.interval(0.95, len(SAMPLE) - 1, np.mean(SAMPLE), scipy.stats.sem(SAMPLE))
    assert statistics.mean_interval(SAMPLE) == pytest.approx((low, high), rel=1e-10)
    assert statistics.mean_interval([1.0]) == (None, None)
    assert statistics.mean([]) is None


@pytest.mark.parametrize(("successes", "trials"), [(0, 10), (3, 10), (10, 10), (87, 100), (1, 1)])
def test_the_interval_of_a_share_is_that_of_scipy(successes: int, trials: int) -> None:
    expected = scipy.stats.binomtest(successes, trials).proportion_ci(method="wilson")
    assert statistics.wilson(successes, trials) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_of_nothing() -> None:
    assert statistics.wilson(0, 0) == (None, None)


def test_the_interval_of_paired_shares_worked_by_hand() -> None:
    # 20 pairs, 8 gained, 2 lost: (8 - 2) / 22 +- 1.96 sqrt(11 - 36 / 22) / 22
    low, high = statistics.paired_share_interval(8, 2, 20)
    assert low == pytest.approx(0.000114, abs=1e-6)
    assert high == pytest.approx(0.545341, abs=1e-6)
    low, high = statistics.paired_share_interval(100, 0, 100)
    assert low is not None and high is not None
    assert 0.94 < low < high <= 1.0  # a sure difference still has an interval


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.sampled_from([0.05, 0.25, 0.5, 0.75, 0.95])
)
def test_quantiles_are_those_of_numpy(values: list[float], share: float) -> None:
    assert statistics.quantile(values, share) == pytest.approx(np.quantile(values, share), rel=1e-9, abs=1e-9)


def test_a_quantile_among_those_who_never_arrive_is_never() -> None:
    days = [1.0, 3.0, math.inf, math.inf]
    assert statistics.quantile(days, 0.05) == pytest.approx(1.3)
    assert statistics.quantile(days, 0.5) is None
    assert statistics.quantile(days, 0.95) is None
    assert statistics.quantile([], 0.5) is None


def test_ties_count_half() -> None:
    assert statistics.probability_greater([1.0, 2.0, 3.0, 4.0], [0.0, 2.0, 5.0, 1.0]) == 0.625
    assert statistics.probability_greater([], []) is None


def test_effect_and_variance_reduction_by_numpy() -> None:
    differences = [a - b for a, b in zip(SAMPLE, OTHER, strict=True)]
    effect = np.mean(differences) / np.std(differences, ddof=1)
    assert statistics.paired_effect(differences) == pytest.approx(effect)
    saved = 1 - np.var(differences, ddof=1) / (np.var(SAMPLE, ddof=1) + np.var(OTHER, ddof=1))
    assert statistics.variance_reduction(SAMPLE, OTHER) == pytest.approx(saved)
    assert statistics.variance_reduction(SAMPLE, [value + 3 for value in SAMPLE]) == pytest.approx(1.0)
    assert statistics.paired_effect([2.0, 2.0]) is None
    assert statistics.variance_reduction([1.0, 1.0], [2.0, 2.0]) is None


@given(st.permutations(SAMPLE))
def test_the_order_of_runs_changes_no_bit(values: list[float]) -> None:
    assert statistics.mean(values) == statistics.mean(SAMPLE)
    assert statistics.mean_interval(values) == statistics.mean_interval(SAMPLE)


def test_the_interval_of_a_median_is_that_of_the_sign_test() -> None:
    assert statistics.median_interval([1.0, 2.0, 3.0, 4.0, 5.0]) == (None, None)
    assert statistics.median_interval([float(v) for v in range(1, 7)]) == (1.0, 6.0)
    for n in (7, 100, 577, 1029, 1030, 3001):  # beyond 1,029 a count of heads is no double any more
        order = statistics._order_of_median_interval(n)
        heads = [sum(math.comb(n, k) for k in range(order + more)) for more in (0, 1)]
        assert 40 * heads[0] <= 2**n < 40 * heads[1]
    assert statistics._order_of_median_interval(1_000_000) == 499_020
    assert statistics.median_interval([float(v) for v in range(1, 26)]) == (
        8.0,
        18.0,
    )  # tables of the sign test: n = 25, k = 8
