"""The visit as a chain: the guest may stay away, units may disobey, bodyguards may resist."""

from dataclasses import replace

import pytest

from model.agents import visit
from model.scenario import Scenario
from model.simulation import EscalationModel
from tests.toys import acts, run, world

pytestmark = pytest.mark.model
POLITICS = ("households",)
COERCER = "kremlin"
PASSIVE = {"decision": "scripted"}
SURE = {"arrest.leak_chance": 0.0, "arrest.visit_worth": 0.15, "kremlin.demand_stake": 0.0,
        "decision.precision_between": 100.0}  # fmt: skip


#: a host that may well arrest
EAGER = {"tajikistan.law_stake": 0.08, "tajikistan.yield_stake": 0.35, "arrest.visit_worth": 0.02}


def chained(name: str = "arrest", **more: object) -> Scenario:
    return world(name, POLITICS, switches=PASSIVE | {"arrest": "chain"}, **more)  # type: ignore[arg-type]


def ends(scenario: Scenario, numbers: dict[str, float], days: int = 20, runs: int = 30) -> list[str]:
    found = (run(scenario, days, k, overrides=numbers).result().scalars["end_state"] for k in range(runs))
    return [str(end) for end in found]


def test_a_guest_who_learns_of_the_arrest_stays_away() -> None:
    warned = {"arrest.leak_chance": 1.0, "arrest.visit_worth": 0.02, "kremlin.demand_stake": 1.0,
              "decision.precision_between": 100.0, "tajikistan.elite_loyalty": 1.0}  # fmt: skip
    model = run(chained(), 5, overrides=warned)
    assert model.result().scalars["end_state"] == "visit_cancelled"
    assert acts(model, COERCER)[0] == visit.STAY_AWAY
    assert model.custody.state == "absent" and not model.crisis.open
    assert model.result().scalars["compliance_with_law"] == 1.0


def test_a_guest_with_nothing_to_fear_comes() -> None:
    assert "visit_cancelled" not in ends(chained("no_arrest"), SURE)


def test_who_is_warned_stays_away_the_more_often_the_more_he_has_to_lose() -> None:
    warned = {"arrest.leak_chance": 1.0, "arrest.visit_worth": 0.06}
    low, high = (
        ends(chained(), warned | {"kremlin.demand_stake": stake}, days=1).count("visit_cancelled")
        for stake in (0.05, 0.95)
    )
    assert low < high


def test_a_host_that_would_pay_dearly_for_an_arrest_is_less_to_be_feared() -> None:
    low, high = (
        EscalationModel(chained("no_arrest"), overrides=EAGER | {"kremlin.demand_stake": stake})
        for stake in (0.05, 0.95)
    )
    assert visit.expected_arrest(low.coercer, low.government) > visit.expected_arrest(
        high.coercer, high.government
    )


def test_without_obedience_no_arrest_succeeds() -> None:
    model = run(chained(), 20, overrides=SURE | {"tajikistan.elite_loyalty": 0.0})
    assert model.ended == "arrest_failed"
    assert model.custody.state == "left" and not model.crisis.open
    assert model.record.milestones["days_to_end"] == 0.0
    assert model.courts[0].stage != "executed"
    assert model.coercer.audience.affront > 0.0  # an attempt is an affront all the same


def test_guards_who_give_in_leave_him_in_custody_at_once() -> None:
    model = run(chained(), 1, overrides=SURE | {"tajikistan.elite_loyalty": 1.0, "arrest.guards_resist": 0.0})
    assert model.custody.state == "held"


@pytest.mark.parametrize(
    ("custody", "death", "end"), [(1.0, 0.0, "held"), (0.0, 0.0, "arrest_failed"), (0.5, 1.0, "died")]
)
def test_a_standoff_ends_in_custody_in_his_leaving_or_in_his_death(
    custody: float, death: float, end: str
) -> None:
    numbers = SURE | {
        "tajikistan.elite_loyalty": 1.0, "arrest.guards_resist": 1.0, "arrest.standoff_days": 0.2,
        "arrest.standoff_custody": custody, "arrest.standoff_death": death,
    }  # fmt: skip
    assert set(ends(chained(), numbers, runs=8)) == {end}


def test_a_standoff_may_outlast_the_horizon() -> None:
    numbers = SURE | {
        "tajikistan.elite_loyalty": 1.0,
        "arrest.guards_resist": 1.0,
        "arrest.standoff_days": 7.0,
    }
    found = ends(chained(), numbers, days=1)
    assert found.count("standoff") > 20


def test_a_standoff_is_a_milestone_however_soon_it_ends() -> None:
    numbers = SURE | {"tajikistan.elite_loyalty": 1.0, "arrest.standoff_days": 0.2}
    met, given_in = (run(chained(), 20, overrides=numbers | {"arrest.guards_resist": g}) for g in (1.0, 0.0))
    assert met.record.milestones["days_to_standoff"] == 0.0 and met.ended != "standoff"
    assert given_in.record.milestones["days_to_standoff"] is None


def test_force_can_free_who_is_surrounded() -> None:
    numbers = SURE | {
        "tajikistan.elite_loyalty": 1.0,
        "arrest.guards_resist": 1.0,
        "arrest.standoff_days": 7.0,
    }
    script = [(0.1, COERCER, "free_detainee")]
    scenario = replace(chained(script=script), actors=tuple(a for a in chained().actors if a.role != "army"))
    found = ends(scenario, numbers, days=5)
    assert found.count("freed") > 10


def test_the_host_reckons_with_a_leak_and_with_failure() -> None:
    def success(loyalty: float, leak: float = 0.0) -> float:
        numbers = {"tajikistan.elite_loyalty": loyalty, "arrest.leak_chance": leak}
        return visit.success(EscalationModel(chained(), overrides=numbers))

    assert success(0.0) == 0.0 < success(0.5) < success(1.0) < 1.0
    assert success(1.0, leak=0.5) == pytest.approx(0.5 * success(1.0))
    assert visit.success(EscalationModel("arrest")) == 1.0


def test_an_arrest_is_weighed_with_the_chance_that_it_fails() -> None:
    def worth(loyalty: float) -> float:
        numbers = EAGER | {"tajikistan.elite_loyalty": loyalty, "arrest.leak_chance": 0.0}
        host = EscalationModel(chained("open_choice"), overrides=numbers).government
        menu = host.menu()
        return float(host.weigh(menu)[0].sum(axis=0)[menu.index("arrest")])

    assert worth(0.01) != worth(0.99)


def test_a_guest_who_is_not_at_risk_comes_at_nominal_numbers() -> None:
    assert "visit_cancelled" not in ends(chained("no_arrest", forbid=["arrest"]), {}, days=1)


def test_a_leak_is_an_affront() -> None:
    model = run(chained(), 3, overrides={"arrest.leak_chance": 1.0, "tajikistan.elite_loyalty": 1.0})
    assert model.crisis.stage == "cancelled" and model.coercer.audience.affront > 0.0


def test_before_an_arrest_all_reckon_with_a_rescue() -> None:
    model = EscalationModel("open_choice")
    host = model.government
    assert "free_detainee" in host.expected_menu(model.coercer, host.if_arrested(host.perceive())).names
    assert model.custody.state == "absent" and model.crisis.stage == "before"


def test_a_standoff_is_no_execution_of_the_warrant_until_he_is_taken() -> None:
    numbers = SURE | {
        "tajikistan.elite_loyalty": 1.0, "arrest.guards_resist": 1.0, "arrest.standoff_days": 0.5,
        "arrest.standoff_death": 0.0,
    }  # fmt: skip
    taken, gone = (run(chained(), 20, overrides=numbers | {"arrest.standoff_custody": c}) for c in (1.0, 0.0))
    assert taken.courts[0].stage == "executed" and gone.courts[0].stage == "request"
    assert taken.onlookers[0].credibility.mean > gone.onlookers[0].credibility.mean
    compliance = [model.result().scalars["compliance_with_law"] for model in (taken, gone)]
    assert compliance == [0.5, 0.25]


HELD = {"arrest.guards_resist": 1.0, "arrest.leak_chance": 1.0, "arrest.standoff_custody": 0.0}


def test_who_is_no_leader_is_arrested_as_without_the_chain() -> None:
    pilot = HELD | {f"{COERCER}.leader_at_stake": 0.0}
    alone = EscalationModel("arrest", overrides=pilot)
    model = run(chained(), 5, overrides=pilot)
    assert model.custody.state == "held" and visit.STAY_AWAY not in acts(model)
    assert visit.success(model) == visit.success(alone) == 1.0
    assert visit.chained(EscalationModel(chained(), overrides=HELD))
    assert not visit.chained(EscalationModel(world("arrest", ("coercer",), switches={"arrest": "chain"})))
