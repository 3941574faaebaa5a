"""Talks that the host has offered come to drafts at the rate that both sides reckon with."""

import math

import pytest

from model.randomness import Luck
from model.world.talks import Talks
from tests.toys import acts, run, world

pytestmark = pytest.mark.model
POLITICS = ("households",)
PASSIVE = {"decision": "scripted"}
RULER, COERCER = "tajikistan", "kremlin"
NUMBERS = {"decision.talks_rate": 0.1, "decision.talks_without_face": 0.5}


def offered(*script: tuple[float, str, str], forbid: tuple[str, ...] = (), rate: float = 10.0):
    scenario = world("arrest", POLITICS, script, forbid, switches=PASSIVE)
    return run(scenario, 40, overrides={"decision.talks_rate": rate})


def test_an_offer_ends_in_a_release_that_saves_face() -> None:
    model = offered((2.0, RULER, "offer_release"))
    assert model.ended == "released"
    assert 2.0 <= model.record.milestones["days_to_yielding"] < 4.0
    assert model.crisis.face_used == pytest.approx(model.temper.formula_face)
    assert acts(model, RULER) == ["arrest", "offer_release", "release"]


def test_without_an_offer_there_are_no_talks() -> None:
    assert offered().ended is None
    assert offered((2.0, COERCER, "negotiate")).ended is None


def test_a_scenario_that_forbids_the_release_has_no_deal() -> None:
    assert offered((2.0, RULER, "offer_release"), forbid=(f"{RULER}.release",)).ended is None


@pytest.mark.parametrize("face", [0.0, 1.0])
def test_waits_have_the_mean_of_the_rate_whatever_the_tick(face: float) -> None:
    waits = {}
    for tick in (0.25, 1.0):
        waits[tick] = []
        for replicate in range(400):
            talks, day = Talks(NUMBERS, Luck(1, replicate)), 0.0
            while not talks.step(1.0, face, tick):
                day += tick
            waits[tick].append(day)
    mean = 1.0 / (0.1 * (1.0 if face else 0.5))
    for tick, days in waits.items():
        assert math.fsum(days) / len(days) == pytest.approx(mean - tick / 2, rel=0.15)
    for fine, coarse in zip(waits[0.25], waits[1.0], strict=True):
        assert coarse <= fine < coarse + 1.0


@pytest.mark.parametrize("tick", [0.25, 1.0])
def test_drafts_come_at_the_rate_whatever_the_tick(tick: float) -> None:
    drafts, days = 0, 2000.0
    for replicate in range(20):
        talks = Talks(NUMBERS | {"decision.talks_rate": 0.4}, Luck(1, replicate))
        for _ in range(int(days / tick)):
            if talks.step(1.0, 1.0, tick):
                drafts += 1
                talks.refuse()
    assert drafts / (20 * days) == pytest.approx(0.4, rel=0.02)


def test_a_draft_that_costs_more_than_holding_on_is_refused_and_the_talks_go_on() -> None:
    dear = {"tajikistan.yield_stake": 0.9, "decision.talks_rate": 1.0, "government.deliberation_rate": 1e-9}
    scenario = world(
        "arrest", POLITICS, [(2.0, RULER, "offer_release")], switches={"decision": "best_response"}
    )
    quiet = dear | {"coercer.deliberation_rate": 1e-9, "decision.talks_without_face": 1.0}
    model = run(scenario, 40, overrides=quiet)
    assert model.ended is None and model.crisis.open
    assert 15 < model.talks.proposals < 60  # one a day in the mean
    assert "talks" not in model.crisis.ways_out
