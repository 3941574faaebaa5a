"""Sensitivity against closed forms: numbers -> design -> points -> outcomes -> indices, all on our own way."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.analysis.measures import point_means
from model.analysis.sensitivity import (
    chance,
    independent,
    indices,
    morris_design,
    most_moving,
    pawn,
    screening,
    sobol_design,
)
from model.parameters import Number
from model.sweep import placed
from tests.analysis.known_functions import (
    ANGLES,
    ISHIGAMI_S1,
    ISHIGAMI_ST,
    UNITS,
    g_function,
    g_indices,
    ishigami,
)


def analysed(numbers: Mapping[str, Number], function: Callable[[Mapping[str, float]], float]) -> pd.DataFrame:
    keys = list(numbers)
    points = placed(keys, sobol_design(keys, 2048, 1).tolist(), numbers)
    return indices(keys, np.array([function(point) for point in points]), 1)


@pytest.mark.parametrize(
    ("numbers", "function", "first", "total"),
    [(ANGLES, ishigami, ISHIGAMI_S1, ISHIGAMI_ST), (UNITS, g_function, *g_indices())],
    ids=["ishigami", "g"],
)
def test_indices_are_those_of_the_closed_form(
    numbers: Mapping[str, Number],
    function: Callable[..., float],
    first: dict[str, float],
    total: dict[str, float],
) -> None:
    found = analysed(numbers, function)
    for key in numbers:
        assert found.at[key, "s1"] == pytest.approx(first[key], abs=0.02)
        assert found.at[key, "st"] == pytest.approx(total[key], abs=0.02)
        assert found.at[key, "st_low"] <= total[key] + 0.005
        assert found.at[key, "st_high"] >= total[key] - 0.005


def test_the_interval_of_an_index_narrows_with_the_sample() -> None:
    keys = list(ANGLES)
    widths = []
    for base in (64, 1024):
        points = placed(keys, sobol_design(keys, base, 1).tolist(), ANGLES)
        found = indices(keys, np.array([ishigami(point) for point in points]), 1)
        widths.append(float((found["st_high"] - found["st_low"]).mean()))
    assert widths[1] < widths[0] / 2.5  # a sixteenth of the variance: about a quarter


def test_elementary_effects_of_a_plane_are_its_slopes() -> None:
    keys = [f"x.{n}" for n in range(12)]
    slopes = np.arange(12.0) - 3.0
    shares = morris_design(keys, 6, 1)
    assert shares.shape == (6 * 13, 12)
    found = screening(keys, shares, shares @ slopes, 1)
    assert found["mu"].to_numpy() == pytest.approx(slopes)
    assert found["mu_star"].to_numpy() == pytest.approx(np.abs(slopes))
    assert found["sigma"].to_numpy() == pytest.approx(0.0, abs=1e-9)
    assert most_moving([found], 3) == ["x.11", "x.10", "x.9"]


def test_what_moves_any_outcome_is_kept_and_what_moves_none_is_not() -> None:
    first = pd.DataFrame({"mu_star": [9.0, 3.0, 0.0, 0.0]}, index=["a", "b", "c", "d"])
    second = pd.DataFrame({"mu_star": [0.0, 0.0, 0.002, 0.0]}, index=["a", "b", "c", "d"])
    assert most_moving([first, second], 2) == ["a", "c"]
    assert most_moving([first, second], 9) == ["a", "c", "b"]


def test_an_outcome_that_never_varies_owes_nothing_to_anything() -> None:
    keys = list(ANGLES)
    flat = np.ones(8 * 5)
    assert indices(keys, flat, 1).isna().all(axis=None)
    assert pawn(keys, np.random.default_rng(1).random((40, 3)), flat, 1).isna().all(axis=None)
    assert chance(np.ones((5, 3))).variance == 0.0


def test_pawn_tells_influence_on_a_skewed_outcome_from_none() -> None:
    shares = np.random.default_rng(2).random((2000, 3))
    skewed = np.exp(8.0 * shares[:, 0] ** 4)
    found = pawn(["x.a", "x.b", "x.c"], shares, skewed, 1)
    assert found.at["x.a", "pawn"] > 0.3
    assert found.loc[["x.b", "x.c"], "pawn"].max() < 1.5 * found.at["x.b", "pawn_dummy"] < 0.15


def test_the_independent_points_of_a_design_are_its_first_and_last_of_each_block() -> None:
    keys = ["x.a", "x.b", "x.c"]
    shares = sobol_design(keys, 64, 3)
    free = shares[independent(len(shares), 3)]
    assert len(free) == 128
    for column in range(3):  # a number stands still within a block but for one point; not among these
        assert len(np.unique(free[:, column])) == 128


def table(points: int, replicates: int, sizes: tuple[float, float, float], seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return (
        sizes[0] * rng.normal(size=(points, 1))
        + sizes[1] * rng.normal(size=(1, replicates))
        + sizes[2] * rng.normal(size=(points, replicates))
    )


def test_chance_is_parted_from_numbers() -> None:
    found = chance(table(400, 300, (3.0, 2.0, 1.0), 5))
    assert (found.numbers, found.luck, found.both) == pytest.approx((9 / 14, 4 / 14, 1 / 14), abs=0.05)
    assert found.pure == pytest.approx(5 / 14, abs=0.05)
    alone = chance(table(30, 20, (1.0, 0.0, 0.0), 5))
    assert (alone.numbers, alone.pure) == pytest.approx((1.0, 0.0))
    luck = chance(table(30, 20, (0.0, 1.0, 0.0), 5))
    assert (luck.numbers, luck.luck) == pytest.approx((0.0, 1.0))


@settings(max_examples=50, deadline=None)
@given(st.integers(2, 8), st.integers(2, 6), st.integers(0, 999), st.floats(0.1, 100), st.floats(-50, 50))
def test_shares_of_chance_add_up_and_know_neither_scale_nor_order(
    points: int, replicates: int, seed: int, scale: float, shift: float
) -> None:
    own = table(points, replicates, (1.0, 1.0, 1.0), seed)
    found = chance(own)
    assert found.numbers + found.luck + found.both == pytest.approx(1.0)
    assert min(found.numbers, found.luck, found.both) >= 0.0
    other = chance(own[::-1, ::-1] * scale + shift)
    assert (other.numbers, other.luck, other.both) == pytest.approx(
        (found.numbers, found.luck, found.both), abs=1e-6
    )


def test_points_with_an_empty_cell_are_left_out_of_chance_and_averaged_over_the_rest() -> None:
    own = table(6, 3, (1.0, 1.0, 0.5), 1)
    holed = own.copy()
    holed[2, 1] = np.nan
    assert chance(holed) == chance(np.delete(own, 2, axis=0))
    assert point_means(holed)[2] == pytest.approx((own[2, 0] + own[2, 2]) / 2)
    assert np.isnan(point_means(np.full((1, 2), np.nan))).all()
    holed[:, 0] = np.nan
    assert chance(holed) == chance(np.delete(own[:, 1:], 2, axis=0))
    assert np.isnan(chance(own[:1]).pure)
