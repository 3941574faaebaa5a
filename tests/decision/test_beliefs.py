"""Beliefs by Bayes' rule worked out by hand."""

import math

import numpy as np
import pytest

from model.decision.audience import Audience
from model.decision.beliefs import STEPS, Chance, Resolve, biased

RISING = np.array([0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8])


def by_hand(weights: np.ndarray, likelihood: np.ndarray, kappa: float) -> list[float]:
    raised = [w * p**kappa for w, p in zip(weights.tolist(), likelihood.tolist(), strict=True)]
    return [value / sum(raised) for value in raised]


@pytest.mark.parametrize("kappa", [0.3, 0.5, 1.0])
def test_an_observation_moves_a_belief_by_bayes_rule(kappa: float) -> None:
    belief = Resolve(0.5, 0.2)
    expected = by_hand(belief.weights, RISING, kappa)
    belief.observe(RISING, kappa)
    assert belief.weights.tolist() == pytest.approx(expected, rel=1e-12)


def test_two_observations_make_one_of_the_product() -> None:
    twice, once = Resolve(0.5, 0.0), Resolve(0.5, 0.0)
    twice.observe(RISING, 1.0)
    twice.observe(RISING[::-1], 1.0)
    once.observe(RISING * RISING[::-1], 1.0)
    assert twice.weights.tolist() == pytest.approx(once.weights.tolist(), rel=1e-12)


def test_with_kappa_0_nothing_is_learnt() -> None:
    belief = Resolve(0.5, 0.4)
    before = belief.weights.copy()
    belief.observe(RISING, 0.0)
    assert belief.weights.tolist() == pytest.approx(before.tolist(), rel=1e-15)


def test_an_act_that_every_type_would_do_says_nothing() -> None:
    belief = Resolve(0.5, 0.4)
    before = belief.weights.copy()
    belief.observe(np.full(7, 0.3), 1.0)
    assert belief.weights.tolist() == pytest.approx(before.tolist(), rel=1e-12)


def test_a_costly_act_says_more_than_a_cheap_one() -> None:
    cheap, costly = Resolve(0.5, 0.0), Resolve(0.5, 0.0)
    cheap.observe(np.linspace(0.4, 0.6, 7), 1.0)
    costly.observe(np.linspace(0.001, 0.3, 7), 1.0)
    assert Resolve(0.5, 0.0).mean < cheap.mean < costly.mean


def test_no_type_is_ever_ruled_out() -> None:
    belief = Resolve(0.5, 0.0)
    belief.observe(np.array([0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]), 1.0)
    assert (belief.weights > 0.0).all()
    assert belief.weights[3] > 0.99


def test_a_belief_starts_as_a_normal_about_its_bias() -> None:
    belief = Resolve(0.6, 0.5)
    density = np.array([math.exp(-((s - 0.5) ** 2) / 2.0) for s in STEPS.tolist()])
    assert belief.weights.tolist() == pytest.approx((density / density.sum()).tolist(), rel=1e-12)
    assert belief.types[3] == 1.0
    assert Resolve(0.6, 0.5).mean > Resolve(0.6, -0.5).mean


def test_a_chance_is_the_mean_of_a_beta_distribution() -> None:
    chance = Chance(0.25, 4.0)  # one that held and three that failed
    chance.observe(1.0, 2.0)
    chance.observe(0.0)
    assert chance.mean == pytest.approx(3.0 / 7.0)
    chance.observe(3.0 / 7.0, 100.0)
    assert chance.mean == pytest.approx(3.0 / 7.0)


def test_optimism_shifts_the_odds_and_makes_nothing_out_of_nothing() -> None:
    assert biased(0.2, math.log(3.0)) == pytest.approx(0.75 / 1.75)
    assert biased(0.37, 0.0) == pytest.approx(0.37)
    assert biased(0.0, 5.0) == 0.0


def test_a_public_word_binds_fades_and_binds_no_more_than_wholly() -> None:
    audience = Audience(10.0, 20.0)
    audience.commit(0.5)
    audience.commit(0.5)
    assert audience.commitment == 0.75
    audience.step(10.0)
    assert audience.commitment == pytest.approx(0.375)


def test_an_affront_fades_sooner_where_it_is_answered_and_falls_with_a_face_saved() -> None:
    idle, answered = Audience(10.0, 20.0), Audience(10.0, 20.0)
    for audience in (idle, answered):
        audience.injure(0.8)
        audience.injure(0.3)  # the largest counts
    idle.step(20.0)
    answered.step(20.0, answered=1.0)
    assert idle.affront == pytest.approx(0.4)
    assert answered.affront == pytest.approx(0.2)
    idle.soothe(0.75)
    assert idle.affront == pytest.approx(0.1)
