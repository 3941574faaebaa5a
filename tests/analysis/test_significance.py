from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.analysis.comparison import compare
from model.analysis.observations import Observed
from model.analysis.significance import (
    bca_interval,
    benjamini_hochberg,
    correlation,
    holm,
    mcnemar,
    paired_t,
    share_difference,
    welch,
)
from model.analysis.statistics import mean_interval, paired_share_interval, probability_greater_of_any

EXPERIMENTS = 1000


def coverage(intervals: list[tuple[float | None, float | None]], truth: float) -> float:
    hits = [low is not None and high is not None and low <= truth <= high for low, high in intervals]
    return sum(hits) / len(hits)


def experiments(pairs: int, seed: int = 5) -> np.ndarray:
    """Differences of pairs that share most of their luck; the true mean difference is 0.3."""
    luck = np.random.Generator(np.random.PCG64(seed))
    shared = luck.gamma(2.0, size=(EXPERIMENTS, pairs))
    ours = shared + 0.3 + luck.normal(scale=0.5, size=(EXPERIMENTS, pairs))
    return ours - (shared + luck.normal(scale=0.5, size=(EXPERIMENTS, pairs)))


def test_paired_t_intervals_cover_the_truth_in_95_of_100_experiments() -> None:
    found = coverage([mean_interval(list(map(float, row))) for row in experiments(20)], 0.3)
    assert 0.93 <= found <= 0.97


def test_bca_intervals_cover_the_truth_in_95_of_100_experiments() -> None:
    found = coverage([bca_interval(list(map(float, row)), 499) for row in experiments(60)], 0.3)
    assert 0.93 <= found <= 0.97


def test_intervals_of_paired_shares_cover_the_truth_in_95_of_100_experiments() -> None:
    luck = np.random.Generator(np.random.PCG64(6))
    uniform = luck.random((EXPERIMENTS, 60))
    other = np.where(luck.random((EXPERIMENTS, 60)) < 0.7, uniform, luck.random((EXPERIMENTS, 60)))
    ours, theirs = uniform < 0.6, other < 0.4
    intervals = [
        paired_share_interval(int((a & ~b).sum()), int((b & ~a).sum()), 60)
        for a, b in zip(ours, theirs, strict=True)
    ]
    assert 0.93 <= coverage(intervals, 0.2) <= 0.97


def test_intervals_of_two_samples_cover_the_truth_in_95_of_100_experiments() -> None:
    luck = np.random.Generator(np.random.PCG64(7))
    first = luck.normal(1.0, 2.0, (EXPERIMENTS, 25))
    second = luck.normal(0.5, 0.5, (EXPERIMENTS, 15))
    found = [welch(list(map(float, a)), list(map(float, b)))[0] for a, b in zip(first, second, strict=True)]
    assert 0.93 <= coverage(found, 0.5) <= 0.97
    shares = [
        share_difference(int(a), 50, int(b), 40)
        for a, b in zip(luck.binomial(50, 0.5, EXPERIMENTS), luck.binomial(40, 0.3, EXPERIMENTS), strict=True)
    ]
    assert 0.93 <= coverage(shares, 0.2) <= 0.97


def test_a_skewed_difference_has_a_lopsided_bootstrap_interval_that_is_the_same_each_time() -> None:
    values = [0.0] * 20 + [1.0, 2.0, 8.0]
    low, high = bca_interval(values)
    assert low is not None and high is not None
    centre = sum(values) / len(values)
    assert high - centre > 1.5 * (centre - low)
    assert bca_interval(values) == (low, high)
    assert bca_interval([1.0]) == (None, None)
    assert bca_interval([2.0, 2.0]) == (2.0, 2.0)


def test_p_values_are_those_of_the_textbooks() -> None:
    # Student 1908, extra hours of sleep of ten patients: t = 4.062, p = 0.00283
    sleep = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]
    assert paired_t(sleep) == pytest.approx(0.002833, abs=1e-6)
    assert paired_t([0.0, 0.0, 0.0]) == 1.0
    assert paired_t([1.0]) is None
    assert paired_t([2.0] * 3) == 0.25  # as likely as three heads or three tails
    assert welch([1.0] * 3, [2.0] * 2) == ((-1.0, -1.0), 2 / 10)
    assert mcnemar(1, 5) == pytest.approx(2 * (1 + 6) / 64)
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(3, 3) == 1.0
    # Student's data as two samples: t = -1.8608, df = 17.776, p = 0.0794 (R's t.test(extra ~ group, sleep))
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    (low, high), p_value = welch(first, second)
    assert p_value == pytest.approx(0.07939, abs=1e-5)
    assert (low, high) == pytest.approx((-3.3655, 0.2055), abs=0.01)  # the whole number of degrees below


def test_corrections_are_those_of_r() -> None:
    # p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm") and "BH"
    values: list[float | None] = [0.03, 0.01, None, 0.05, 0.02, 0.04]
    assert holm(values) == [pytest.approx(v) if v else None for v in (0.09, 0.05, None, 0.09, 0.08, 0.09)]
    assert benjamini_hochberg(values) == [pytest.approx(0.05) if v else None for v in values]


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), max_size=8))
def test_corrections_never_make_a_difference_more_surprising(values: list[float | None]) -> None:
    for plain, strict, lenient in zip(values, holm(values), benjamini_hochberg(values), strict=True):
        if plain is None or strict is None or lenient is None:
            assert (plain, strict, lenient) == (None, None, None)
        else:
            assert plain <= lenient + 1e-15 and lenient <= strict + 1e-15 and strict <= 1.0


def test_correlation_and_chance_of_being_greater() -> None:
    assert correlation([1.0, 2.0, 3.0], [2.0, 4.0, 6.0]) == 1.0
    assert correlation([1.0, 2.0, 3.0], [3.0, 2.0, 1.0]) == -1.0
    assert correlation([1.0, 1.0], [1.0, 2.0]) is None
    assert probability_greater_of_any([1.0, 3.0], [1.0, 2.0]) == (0.5 + 0 + 1 + 1) / 4
    assert probability_greater_of_any([], [1.0]) is None


def test_what_changes_nothing_has_differences_of_exactly_nothing() -> None:
    values = [0.1 + replicate / 3 for replicate in range(7)]
    runs = {
        (0, k): {"poverty_peak": v, "force_used": k % 2 == 0, "days_to_force": v}
        for k, v in enumerate(values)
    }
    same, base = (Observed(name, name, runs, 100, 7, 0) for name in ("same", "base"))
    for row in compare(same, base) + compare(same, base, "bca"):
        if row.get("pairs") and row["measure"] != "order":
            assert row["difference"] == 0.0
            assert row["p_value"] == 1.0
            assert row["probability_worse"] in (None, 0.5)
    means = [row for row in compare(same, base) if row["outcome"] == "poverty_peak"]
    assert [(row["low"], row["high"], row["variance_reduction"]) for row in means] == [(0.0, 0.0, 1.0)]
    assert math.isclose(means[0]["correlation"], 1.0)
