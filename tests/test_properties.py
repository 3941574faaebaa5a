"""Properties that hold over many seeds: nothing depends on the tick, on a list, or on who counts what."""

import math
from dataclasses import replace

import numpy as np
import pytest

import model.simulation as simulation
from model.actions import actions
from model.scenario import Scenario
from tests.toys import run, world

pytestmark = pytest.mark.model
RUNS = 120
DAYS = 40


def force(scenario: Scenario, runs: int = RUNS, **settings: object) -> np.ndarray:
    """Days to force in each replicate, the horizon where it never came."""
    days = []
    for replicate in range(runs):
        reached = run(scenario, DAYS, replicate, **settings).record.milestones["days_to_force"]
        days.append(DAYS if reached is None else reached)
    return np.array(days)


def differ(first: np.ndarray, second: np.ndarray) -> float:
    """Difference of two means in standard errors of the difference."""
    spread = math.sqrt(first.var(ddof=1) / len(first) + second.var(ddof=1) / len(second))
    return abs(float(first.mean() - second.mean())) / spread


@pytest.fixture(scope="module")
def politics() -> Scenario:
    return world("arrest_hold", ("households",))


@pytest.fixture(scope="module")
def usual(politics: Scenario) -> np.ndarray:
    return force(politics)


def test_halving_the_tick_leaves_the_days_to_force(politics: Scenario, usual: np.ndarray) -> None:
    halved = force(politics, ticks_per_day=8)
    assert 0.1 < np.mean(usual < DAYS) < 1.0  # there is something to compare
    assert differ(usual, halved) < 3.0
    assert differ((usual < DAYS).astype(float), (halved < DAYS).astype(float)) < 3.0


def test_listing_an_act_twice_leaves_the_days_to_force(
    politics: Scenario, usual: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn, table = simulation.drawn_actions, actions()
    again = replace(table["free_detainee"], name="free_detainee_again", code=len(table))
    monkeypatch.setattr(simulation, "drawn_actions", lambda numbers: drawn(numbers) | {again.name: again})
    assert differ(usual, force(politics)) < 3.0


def test_a_higher_stake_does_not_mean_less_force(politics: Scenario) -> None:
    low = force(politics, 60, overrides={"kremlin.demand_stake": 0.15})
    high = force(politics, 60, overrides={"kremlin.demand_stake": 0.95})
    assert np.mean(high < DAYS) > np.mean(low < DAYS)


def test_more_dependence_does_not_mean_later_yielding() -> None:
    quiet = ["order_surrender", "offer_release", "negotiate", "back_rival", "call_alliance", "demand_release"]
    scenario = world(
        "arrest_no_force",
        ("households",),
        [(0.0, "kremlin", "block_transfers")],
        [*quiet, "recall_ambassador"],
    )
    means = []
    for exposure in (0.01, 0.2, 0.35):
        days = []
        for replicate in range(40):
            numbers = {"tajikistan.exposure_transfer_block": exposure}
            reached = run(scenario, 60, replicate, overrides=numbers).record.milestones["days_to_yielding"]
            days.append(60 if reached is None else reached)
        means.append(float(np.mean(days)))
    assert means[0] > means[1] > means[2]


def test_release_at_once_and_no_force_follows() -> None:
    scenario = world("arrest", ("households",), [(0.0, "tajikistan", "release")])
    for replicate in range(20):
        assert not run(scenario, 20, replicate).record.reached("days_to_force")


@pytest.mark.parametrize("name", ["no_arrest", "story_as_told", "pressure_100"])
def test_nobody_is_lost_or_made(name: str) -> None:
    model = run(name, 60, households=1000)
    rows = model.households.kernel.population
    start = run(name, 1, households=1000).households.kernel.population
    assert rows.members.sum() == start.members.sum()
    whereabouts = rows.away.astype(int) + rows.home.astype(int) + rows.banned.astype(int)
    assert (whereabouts == rows.members.astype(int)).all()
    for formation in (*model.theatre.army, *model.theatre.garrison):
        assert formation.strength + formation.killed == formation.initial


def test_what_was_killed_never_falls_and_shares_stay_shares() -> None:
    series = run("story_as_told", 60, households=500).timeseries()
    for name in ("killed_base", "killed_army", "killed_civilian", "deported", "returned", "departures"):
        assert (np.diff(series[name]) >= 0).all(), name
    for name in (
        "army_strength",
        "territory_held",
        "flights",
        "legitimacy",
        "narrative_share",
        "poverty_rate",
    ):
        assert series[name].between(0.0, 1.0).all(), name
