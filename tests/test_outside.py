"""Outside events that teach, take away or share: warrants elsewhere, a death in custody, refusals together."""

import pytest

from model.simulation import EscalationModel
from tests.toys import acts, run, world

pytestmark = pytest.mark.model
POLITICS = ("households",)
COERCER, RULER = "kremlin", "tajikistan"
PASSIVE = {"decision": "scripted"}


def befallen(name: str, event: str, size: float, day: float = 1.0, days: int = 20) -> EscalationModel:
    return run(world(name, POLITICS, injects=[(day, event, size, 400.0)], switches=PASSIVE), days)


@pytest.mark.parametrize(("event", "up"), [("warrant_executed", True), ("warrant_ignored", False)])
def test_what_becomes_of_warrants_elsewhere_is_a_lesson(event: str, up: bool) -> None:
    seen, unseen = befallen("no_arrest", event, 1.0), befallen("no_arrest", event, 0.0)
    one, other = (model.onlookers[0].credibility.mean for model in (seen, unseen))
    assert (one > other) is up and one != other


def test_a_death_in_custody_ends_the_matter_without_force() -> None:
    model = befallen("arrest_hold", "detainee_dies", 1.0, day=5.0)
    outcomes = model.result().scalars
    assert outcomes["end_state"] == "died" and outcomes["days_to_end"] == 5.0
    assert not outcomes["force_used"] and outcomes["killed_total"] == 0
    assert befallen("no_arrest", "detainee_dies", 1.0).result().scalars["end_state"] == "not_arrested"


def test_a_refusal_shared_by_many_is_less_of_a_slight() -> None:
    alone, together = (
        befallen("refuse_visit", "joint_refusal", size, day=0.0, days=1) for size in (0.0, 0.8)
    )
    left = together.coercer.audience.affront / alone.coercer.audience.affront
    assert left == pytest.approx(0.2, abs=0.01)


def test_hosts_that_refuse_together_teach_others_that_a_warrant_counts() -> None:
    alone, together = (
        befallen("refuse_visit", "joint_refusal", size, day=0.0, days=2).onlookers[0].credibility.mean
        for size in (0.0, 0.8)
    )
    assert together > alone == pytest.approx(0.15)


def test_a_detainee_who_was_moved_is_not_always_found() -> None:
    def freed(hidden: float) -> int:
        script = [(0.25, RULER, "move_detainee"), (1.0, COERCER, "free_detainee")]
        scenario = world("arrest", (*POLITICS, "army"), script, switches=PASSIVE | {"custody": "mobile"})
        return sum(
            run(scenario, 5, k, overrides={"custody.hidden": hidden}).ended == "freed" for k in range(12)
        )

    assert freed(1.0) == 0 < freed(0.0)


def test_he_is_moved_once_and_only_where_the_scenario_lets_him() -> None:
    script = [(0.25, RULER, "move_detainee"), (0.5, RULER, "move_detainee")]
    moved = run(world("arrest", POLITICS, script, switches=PASSIVE | {"custody": "mobile"}), 2)
    assert acts(moved, RULER).count("move_detainee") == 1
    assert "move_detainee" not in acts(run(world("arrest", POLITICS, script, switches=PASSIVE), 2))


def test_who_was_moved_reaches_the_court_though_his_prison_was_stormed() -> None:
    script = [(0.25, RULER, "move_detainee"), (0.5, COERCER, "free_detainee")]
    sure = {
        "custody.hidden": 1.0, "custody.interception_host": 0.0, "custody.overflight_chance": 1.0,
        "custody.court_order_days": 1.0, "custody.aircraft_days": 1.0,
    }  # fmt: skip
    scenario = world("arrest_surrender", POLITICS, script, switches=PASSIVE | {"custody": "mobile"})
    model = run(scenario, 60, overrides=sure)
    assert model.custody.searched
    assert "free_detainee" not in model.coercer.menu().names
    assert model.ended == "surrendered"
