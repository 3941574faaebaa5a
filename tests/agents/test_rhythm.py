"""How often actors deliberate: at a rate per day, whatever the length of a tick, and more often on news."""

import math
from collections import Counter

import numpy as np
import pytest

from model.agents.actor import Decider
from model.agents.government import Government
from tests.toys import run, world

pytestmark = pytest.mark.model
POLITICS = ("households",)
DAYS, RUNS = 30, 25
#: Without these the matter stays open, and both sides have something to decide on every day.
HELD = ["release", "offer_release", "order_surrender", "accept_terms", "free_detainee", "seize_government"]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    count: Counter[str] = Counter()
    deliberate = Decider.deliberate

    def and_count(self: Decider) -> None:
        count[self.role] += 1
        deliberate(self)

    monkeypatch.setattr(Decider, "deliberate", and_count)
    return count


def deliberations(counted: Counter[str], role: str, ticks: int, numbers: dict[str, float]) -> np.ndarray:
    """Deliberations of one role in each of many runs in which the detainee is held throughout."""
    scenario = world("arrest", POLITICS, forbid=HELD)
    found = []
    for replicate in range(RUNS):
        counted.clear()
        run(scenario, DAYS, replicate, ticks_per_day=ticks, overrides=numbers)
        found.append(counted[role])
    return np.array(found, dtype=float)


@pytest.mark.parametrize("role", ["coercer", "government"])
def test_without_news_deliberations_come_at_their_rate_at_any_tick(counted: Counter[str], role: str) -> None:
    calm = {f"{role}.news_factor": 0.0, f"{role}.deliberation_rate": 0.5, "decision.attention_floor": 1.0}
    for ticks in (4, 8):
        found = deliberations(counted, role, ticks, calm)
        expected = DAYS * ticks * (1.0 - math.exp(-0.5 / ticks))  # one a tick at most
        error = math.sqrt(expected / RUNS)
        assert abs(found.mean() - expected) < 3.0 * error


def test_news_brings_deliberations_forward(counted: Counter[str]) -> None:
    calm = deliberations(counted, "coercer", 4, {"coercer.news_factor": 0.0})
    alert = deliberations(counted, "coercer", 4, {"coercer.news_factor": 5.0})
    assert alert.mean() > calm.mean() + 3.0 * math.sqrt((alert.var() + calm.var()) / RUNS)


@pytest.mark.parametrize("day", [5.0, 70.0])
def test_a_cabinet_sits_without_a_break_as_an_attack_begins(
    monkeypatch: pytest.MonkeyPatch, day: float
) -> None:
    """At once, and neither before it nor for as long as troops that do not fight are merely on their way."""
    sat: list[float] = []
    monkeypatch.setattr(Government, "deliberate", lambda self: sat.append(self.model.day))
    numbers = {f"{role}.deliberation_rate": 1e-9 for role in ("government", "coercer")}
    numbers |= {"government.sessions_under_attack": 24.0, "roads.detention": 10_000.0}
    attack = world(
        "arrest_hold", POLITICS, [(day, "kremlin", "free_detainee")], forbid=["fire_on_own_initiative"]
    )
    run(attack, int(day) + 25, overrides=numbers)
    assert min(sat) == day
    assert not [when for when in sat if when > day + 20.0]  # old news
    if day < 60.0:  # four ticks a day
        assert sum(when < day + 2.0 for when in sat) >= 6
