from __future__ import annotations

from dataclasses import replace

import pytest

from model.ensemble.plan import Plan, PlanError, RunKey, plan_batch
from tests.ensemble.fake_simulation import FakeScenario

SETTINGS = {"seed": 1, "days": 30, "households": 100, "parameters": "prior"}
A, B = FakeScenario("arrest"), FakeScenario("no_arrest")


def test_the_hash_says_which_runs_and_not_how_they_were_named() -> None:
    plan = plan_batch([A, B], 3, SETTINGS)
    assert plan.hash == plan_batch([B, A], 3, SETTINGS, references={"arrest": "a/arrest.toml"}).hash
    others = [
        plan_batch([A], 3, SETTINGS),
        plan_batch([A, B], 4, SETTINGS),
        plan_batch([A, B], 3, SETTINGS | {"seed": 2}),
        plan_batch([A, FakeScenario("no_arrest", "raises")], 3, SETTINGS),
        replace(plan, code="other"),
        replace(plan, points=({"a.b": 1.0},)),
    ]
    assert len({plan.hash, *(other.hash for other in others)}) == len(others) + 1


def test_a_plan_comes_back_from_its_text() -> None:
    plan = replace(plan_batch([A, B], 2, SETTINGS), points=({"a.b": 0.1}, {"a.b": 0.2}))
    assert Plan.from_json(plan.to_json()) == plan
    assert Plan.from_json(plan.to_json()).hash == plan.hash


def test_runs_go_replicate_by_replicate() -> None:
    plan = plan_batch([B, A], 2, SETTINGS)
    assert list(plan.runs()) == [
        RunKey("no_arrest", 0, 0),
        RunKey("arrest", 0, 0),
        RunKey("no_arrest", 0, 1),
        RunKey("arrest", 0, 1),
    ]
    assert plan.size == 4


def test_the_baseline_is_no_arrest_or_the_first() -> None:
    assert plan_batch([A, B], 1, SETTINGS).baseline == "no_arrest"
    assert plan_batch([FakeScenario("z"), A], 1, SETTINGS).baseline == "z"


def test_the_same_scenario_twice_is_one_and_two_of_one_name_are_refused() -> None:
    assert plan_batch([A, A], 1, SETTINGS).names == ["arrest"]
    for other in (FakeScenario("arrest", "raises"), FakeScenario("Arrest")):
        with pytest.raises(PlanError, match="two different scenarios"):
            plan_batch([A, other], 1, SETTINGS)
    with pytest.raises(PlanError, match="no scenario"):
        plan_batch([], 1, SETTINGS)


def test_the_command_that_repeats_a_run() -> None:
    plan = plan_batch([A], 9, SETTINGS, references={"arrest": "mine/arrest.toml"})
    assert plan.repeat(RunKey("arrest", 0, 7)) == (
        "run.py run mine/arrest.toml --replicate 7 --seed 1 --days 30 --households 100 --parameters prior"
    )
