"""Officials put a first step to the government in their own time; it decides on the merits."""

import pytest

from model.decision.rule import Precision, accepts
from tests.toys import acts, run, world

pytestmark = pytest.mark.model
RULER = "tajikistan"
#: nobody presses further, the leader never looks at the matter by himself, and the officials' time is their median
QUIET = {
    "government.deliberation_rate": 1e-9, "coercer.deliberation_rate": 1e-9, "government.first_step_lag": 5.0,
    "government.first_step_spread": 0.0, f"{RULER}.law_stake": 0.0, f"{RULER}.punishment_at_start": 0.0,
}  # fmt: skip


def held(stake: float, rule: str = "best_response", days: int = 40, **more: float):
    """A detainee worth `stake` to a host that is cut off from its remittances."""
    script = [(0.0, "kremlin", "block_transfers")]
    scenario = world("arrest", ("households", "eu"), script, switches={"decision": rule})
    return run(scenario, days, overrides=QUIET | {f"{RULER}.yield_stake": stake} | more)


def test_a_step_that_costs_little_is_taken_when_it_is_put() -> None:
    model = held(0.001)
    step = next(event for event in model.record.events if event.action.name == "offer_release")
    lead = step.day - 5.0
    assert 0.0 <= lead <= 2.0  # the lead time of the act
    assert model.government.officials.proposals == 1


def test_a_step_that_costs_much_is_refused_and_comes_up_again_after_twice_the_time() -> None:
    model = held(0.9)
    assert "offer_release" not in acts(model, RULER)
    assert model.government.officials.proposals == 3  # on days 5, 15 and 35
    assert held(0.9, days=14).government.officials.proposals == 1


def test_where_the_script_alone_decides_nobody_takes_a_step() -> None:
    model = held(0.0, "scripted")
    assert "offer_release" not in acts(model, RULER)


def test_nobody_proposes_what_is_over() -> None:
    scenario = world("arrest", ("households",), [(1.0, RULER, "release")], switches={"decision": "scripted"})
    assert run(scenario, 40, overrides=QUIET).government.officials.proposals == 0


@pytest.mark.parametrize(
    ("rule", "gain", "chance", "taken"),
    [
        ("logit", 0.0, 0.49, True), ("logit", 0.0, 0.51, False), ("logit", 1.0, 0.999, True),
        ("logit", -1.0, 0.001, False), ("random", -1.0, 0.49, True), ("best_response", -1e-9, 0.0, False),
        ("best_response", 1e-9, 1.0, True), ("threshold", 0.02, 0.0, False), ("threshold", 0.04, 1.0, True),
    ],
)  # fmt: skip
def test_a_proposal_is_decided_on_its_merits(rule: str, gain: float, chance: float, taken: bool) -> None:
    assert accepts(gain, Precision(30.0, 60.0, 20.0), rule, chance) is taken


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown rule of choice 'habit'"):
        accepts(0.0, Precision(30.0, 60.0, 20.0), "habit", 0.5)
