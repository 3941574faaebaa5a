"""The alliance: its procedure, whom it hears, who stops it; and where charters bend."""

import numpy as np
import pytest

from model.simulation import EscalationModel
from tests.toys import acts, played, run, world

pytestmark = pytest.mark.model
POLITICS = ("households",)
PASSIVE = {"decision": "scripted"}
RULER, COERCER = "tajikistan", "kremlin"
PROMPT = {"decision.lag_spread": 0.0}


def test_the_alliance_takes_its_time_step_by_step() -> None:
    lags = {"alliance.convening_lag": 1.0, "alliance.decision_lag": 2.0, "alliance.deployment_lag": 3.0}
    agreed = PROMPT | lags | {"alliance.consent_if_host_asks": 1.0}
    model = played("no_arrest", (1.0, RULER, "request_alliance"), overrides=agreed)
    steps = {e.action.name: e.day for e in model.record.events if e.actor == "csto"}
    assert steps == {"convene": 2.0, "decide_deployment": 4.0, "deploy": 7.0}
    assert model.record.milestones["days_to_csto_decision"] == 4.0


def test_a_host_that_asks_itself_does_not_veto_the_coercer() -> None:
    calls = [(0.5, RULER, "request_alliance"), (1.0, COERCER, "call_alliance")]
    alliance = played("arrest", *calls, overrides={"alliance.consent_if_host_asks": 1.0}).alliances[0]
    assert alliance.status == "deployed"
    assert alliance.meetings == 1  # who was granted a request does not meet again


def test_a_rival_is_heard_once_the_government_has_fallen() -> None:
    script = [(0.5, COERCER, "seize_government"), (5.0, COERCER, "call_alliance")]
    scenario = world("arrest", (*POLITICS, "army"), script, switches=PASSIVE)
    for consent, status in ((0.0, "refused"), (1.0, "deployed")):
        number = {
            "alliance.consent_if_rival_asks": consent,
            "alliance.consent_if_coercer_asks": 1.0 - consent,
        }
        assert run(scenario, 20, overrides=number).alliances[0].status == status


def test_one_vote_of_many_stops_the_alliance_about_as_often_as_it_should() -> None:
    number = {"csto.host_is_member": 0.0, "alliance.consent_if_coercer_asks": 0.6}
    scenario = world("arrest_csto_invoked", POLITICS, switches=PASSIVE)
    runs = [run(scenario, 8, k, overrides=number).alliances[0] for k in range(150)]
    granted = np.mean([alliance.status in ("decided", "deployed") for alliance in runs])
    expected = 0.6 ** runs[0].members
    error = (expected * (1.0 - expected) / len(runs)) ** 0.5
    assert abs(granted - expected) < 3.0 * error


QUORUM = {"decision": "scripted", "alliance": "quorum"}
WILLING_TO_ACT = {"alliance.consent_if_coercer_asks": 1.0, "alliance.consent_to_suspend": 1.0}


def called(rule: str, **numbers: float) -> EscalationModel:
    script = [(0.5, COERCER, "call_alliance")]
    scenario = world("arrest", POLITICS, script, switches={"decision": "scripted", "alliance": rule})
    return run(scenario, 10, overrides=WILLING_TO_ACT | {k.replace("__", "."): v for k, v in numbers.items()})


def test_a_host_whose_membership_is_suspended_no_longer_blocks() -> None:
    assert called("consensus").alliances[0].status == "vetoed"
    suspended = called("quorum")
    assert "suspend_host" in acts(suspended, "csto")
    assert suspended.alliances[0].status == "deployed"
    assert called("quorum", alliance__consent_to_suspend=0.0).alliances[0].status == "vetoed"


def test_a_refusal_takes_the_cover_that_the_call_gave() -> None:
    refused = {"alliance__consent_to_suspend": 0.0}
    assert called("consensus", **refused).crisis.coercion("alliance_call") == 1.0
    assert called("quorum", **refused).crisis.coercion("alliance_call") == 0.0


def test_a_quorum_is_met_sooner_than_consensus_and_brings_fewer_troops() -> None:
    def granted(rule: str) -> list[float]:
        number = {"csto.host_is_member": 0.0, "alliance.consent_if_coercer_asks": 0.6, "alliance.quorum": 0.5}
        script = [(0.5, COERCER, "call_alliance")]
        scenario = world("arrest", POLITICS, script, switches=QUORUM | {"alliance": rule})
        return [run(scenario, 8, k, overrides=number).alliances[0].troops for k in range(60)]

    all_agree, some_agree = granted("consensus"), granted("quorum")
    assert sum(t > 0.0 for t in all_agree) < sum(t > 0.0 for t in some_agree)
    assert min(t for t in some_agree if t > 0.0) < max(all_agree)
