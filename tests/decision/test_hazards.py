"""Competing hazards against numerical integration, and the elementary functions against `math`."""

import math

import numpy as np
import pytest

from model.decision.hazards import Horizon, exp, log, logistic, probability_of_first

DAYS, IMPATIENCE = 60.0, 0.02
PAIRS = [(0.05, 0.0), (0.05, 0.02), (1.5, 0.3), (0.0, 0.4), (1e-6, 1e-6)]
MIDPOINTS = (np.arange(200_000) + 0.5) * (DAYS / 200_000)
DISCOUNT = IMPATIENCE * np.exp(-IMPATIENCE * MIDPOINTS)
DISCOUNT /= DISCOUNT.sum()


def happened(hazard: float, rival: float, time: np.ndarray) -> np.ndarray:
    """Chance that the event has come by a time and its rival had not shut it out, by summing its density."""
    density = hazard * np.exp(-(hazard + rival) * time)
    step = time[1] - time[0]
    return (np.cumsum(density) - density / 2) * step


def test_exp_is_the_exponential_of_math() -> None:
    x = np.concatenate([np.linspace(-700.0, 700.0, 4001), np.linspace(-3.0, 3.0, 4001), [0.0]])
    expected = np.array([math.exp(v) for v in x.tolist()])
    assert np.abs(exp(x) / expected - 1.0).max() < 1e-12
    assert exp(np.zeros(1))[0] == 1.0


def test_exp_stays_finite_beyond_its_range() -> None:
    assert exp(np.array([-1e9, 1e9])).tolist() == exp(np.array([-700.0, 700.0])).tolist()


def test_logistic_is_a_probability_symmetric_about_a_half() -> None:
    x = np.linspace(-60.0, 60.0, 241)
    expected = [1.0 / (1.0 + math.exp(-v)) for v in x.tolist()]
    assert np.allclose(logistic(x), expected, rtol=1e-12, atol=0.0)
    assert np.allclose(logistic(x) + logistic(-x), 1.0, rtol=0.0, atol=1e-12)


def test_log_is_that_of_math_in_any_shape() -> None:
    x = np.array([[0.25, 1.0], [math.e, 1e300]])
    assert log(x).tolist() == [[math.log(v) for v in row] for row in x.tolist()]


@pytest.mark.parametrize("hazard", [0.0, 1e-6, 0.05, 1.5])
def test_the_share_before_an_event_is_the_discounted_time_survived(hazard: float) -> None:
    summed = float((DISCOUNT * np.exp(-hazard * MIDPOINTS)).sum())
    share = float(Horizon(DAYS, IMPATIENCE).share_before(np.array(hazard)))
    assert share == pytest.approx(summed, rel=1e-6)


@pytest.mark.parametrize(("hazard", "rival"), PAIRS)
def test_the_share_after_an_event_leaves_out_what_its_rival_took(hazard: float, rival: float) -> None:
    summed = float((DISCOUNT * happened(hazard, rival, MIDPOINTS)).sum())
    share = float(Horizon(DAYS, IMPATIENCE).share_after(np.array(hazard), np.array(rival)))
    assert share == pytest.approx(summed, rel=1e-5, abs=1e-12)


@pytest.mark.parametrize(("hazard", "rival"), PAIRS)
def test_the_probability_of_an_event_counts_only_the_horizon(hazard: float, rival: float) -> None:
    summed = float(happened(hazard, rival, MIDPOINTS)[-1])
    chance = probability_of_first(hazard, rival, DAYS)
    assert chance == pytest.approx(summed, rel=1e-4, abs=1e-12)


@pytest.mark.parametrize(("hazard", "rival"), PAIRS)
def test_the_shares_of_a_horizon_add_up(hazard: float, rival: float) -> None:
    horizon, h, r = Horizon(DAYS, IMPATIENCE), np.array(hazard), np.array(rival)
    parts = horizon.share_before(h + r) + horizon.share_after(h, r) + horizon.share_after(r, h)
    assert float(parts) == pytest.approx(1.0, abs=1e-12)


def test_what_is_left_of_a_horizon_falls_from_all_to_nothing() -> None:
    horizon = Horizon(60.0, 0.012)
    assert horizon.share_left(0.0) == pytest.approx(1.0)
    assert 1.0 > horizon.share_left(10.0) > horizon.share_left(30.0) > 0.0
    assert horizon.share_left(60.0) == pytest.approx(0.0) and horizon.share_left(90.0) == 0.0
