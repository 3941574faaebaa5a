"""One test for each mechanism S1-S20 of the commentary, on a world where the right answer is obvious."""

import pytest

from tests.toys import acts, run, world

pytestmark = pytest.mark.model

ONLY_POLITICS = ("households",)
PASSIVE = {"decision": "scripted"}  # nobody decides: only what the script says happens
RULER, COERCER = "tajikistan", "kremlin"


def test_s1_a_visit_hosted_starts_the_slow_clock_of_the_court() -> None:
    lag = {"court.finding_lag": 40.0, "court.inquiry_lag": 10.0, "decision.lag_spread": 0.0}
    model = run(world("no_arrest", ONLY_POLITICS), days=60, overrides=lag)
    assert model.record.milestones["days_to_icc_finding"] == pytest.approx(40.0, abs=0.5)
    assert model.courts[0].stage == "referral"


def test_s1_a_suspect_surrendered_is_received_and_no_finding_follows() -> None:
    quick = {"custody.interception_host": 0.0, "custody.overflight_chance": 1.0, "court.finding_lag": 52.0}
    scenario = world("arrest_surrender", (*ONLY_POLITICS, "garrison"), switches=PASSIVE)
    model = run(scenario, days=120, overrides=quick)
    assert model.ended == "surrendered"
    assert model.courts[0].stage == "received"
    assert model.record.milestones["days_to_icc_finding"] is None


def test_s2_a_government_with_much_to_gain_and_nothing_to_fear_arrests() -> None:
    safe = {f"{RULER}.exposure_{m}": 0.0 for m in MEASURES} | {
        f"{RULER}.law_stake": 1.0, f"{RULER}.yield_stake": 1.0, "decision.inertia": 1.0,
        "decision.precision_between": 90.0,
    }  # fmt: skip
    arrests = sum(
        "arrest"
        in acts(run(world("open_choice", (*ONLY_POLITICS, "garrison")), 2, replicate, overrides=safe))
        for replicate in range(12)
    )
    assert arrests >= 10


def test_s2_a_government_with_little_to_gain_and_much_to_fear_does_not() -> None:
    poor = {f"{RULER}.law_stake": 0.003, f"{RULER}.yield_stake": 0.03, f"{COERCER}.demand_stake": 0.95}
    for replicate in range(8):
        done = acts(run(world("open_choice", ONLY_POLITICS), 2, replicate, overrides=poor), RULER)
        assert done[0] in ("host_visit", "refuse_visit")


MEASURES = (
    "raids",
    "entry_ban",
    "transfer_block",
    "fuel_cut",
    "flight_ban",
    "trade_embargo",
    "airspace_denial",
)


def test_s3_all_members_must_agree_and_one_stops_the_measure() -> None:
    bloc = run(world("story_as_told", ONLY_POLITICS), days=20).blocs[0]
    bloc.thresholds = [0.0] * 27
    assert bloc.gravity() > 0.3
    assert bloc.agrees("grant_aid")
    bloc.thresholds[13] = 1.1
    assert not bloc.agrees("grant_aid")


def test_s3_statements_come_first_and_alone() -> None:
    model = run(world("no_arrest", ONLY_POLITICS), days=20)
    assert model.record.milestones["days_to_eu_statement"] <= 3.0
    assert model.blocs[0].aid_usd == 0.0
    assert not model.blocs[0].sanctions


@pytest.mark.parametrize("replicate", range(4))
def test_s4_no_garrison_no_force(replicate: int) -> None:
    model = run(world("arrest_hold", (*ONLY_POLITICS, "garrison")), 60, replicate)
    assert not model.record.reached("days_to_force")
    assert model.theatre.killed_army == model.theatre.killed_base == 0
    assert not any(event.action.kind == "violent" for event in model.record.events)


def test_s4_the_garrison_goes_to_alert_on_orders() -> None:
    model = run(world("no_arrest", ONLY_POLITICS, [(1.0, COERCER, "alert_garrison")], switches=PASSIVE), 4)
    assert model.theatre.base_posture == "alert"


def test_s5_a_blockade_closes_the_airport() -> None:
    model = run(world("arrest", ONLY_POLITICS, [(1.0, COERCER, "blockade")], switches=PASSIVE), 6)
    assert 1.0 <= model.record.milestones["days_to_airport_closed"] <= 3.0
    assert model.timeseries()["airport_open"].iloc[-1] == 0


def test_s6_an_undefended_government_quarter_is_seized() -> None:
    script = [(1.0, COERCER, "seize_government")]
    model = run(world("arrest", (*ONLY_POLITICS, "army"), script, switches=PASSIVE), 6)
    assert model.record.reached("days_to_ministries_seized")
    assert not model.crisis.in_power
    assert model.ended == "freed"  # who takes the government takes the detainee


def test_s7_an_army_ordered_aside_does_not_resist() -> None:
    script = [(0.1, RULER, "order_stand_aside"), (1.0, COERCER, "free_detainee")]
    sides = {"force.order_weight": 3.0}
    model = run(world("arrest", ONLY_POLITICS, script, switches=PASSIVE), 6, overrides=sides)
    assert model.theatre.killed_army < 5
    assert model.timeseries()["army_resisting"].max() < 0.2


def test_s8_propaganda_spreads_the_story_and_silence_does_not() -> None:
    told = run(world("arrest", script=[(0.5, COERCER, "run_propaganda")], switches=PASSIVE), 40)
    silent = run(world("arrest", switches=PASSIVE), 40)
    assert told.opinion.story > silent.opinion.story + 0.02


def test_s9_the_coercer_stops_troops_that_the_host_asks_for_against_it() -> None:
    willing = {"alliance.consent_if_host_asks": 1.0, "decision.lag_spread": 0.0}
    asked = [(1.0, RULER, "request_alliance")]
    against = run(world("arrest", ONLY_POLITICS, asked, switches=PASSIVE), 10, overrides=willing)
    assert against.alliances[0].status == "vetoed"
    calm = run(world("no_arrest", ONLY_POLITICS, asked, switches=PASSIVE), 10, overrides=willing)
    assert calm.alliances[0].status == "deployed"


def test_s9_the_host_is_a_member_and_blocks_the_request_of_the_coercer() -> None:
    agreed = {"alliance.consent_if_coercer_asks": 1.0}
    scenario = world("arrest", ONLY_POLITICS, [(0.5, COERCER, "call_alliance")], switches=PASSIVE)
    assert run(scenario, 5, overrides=agreed).alliances[0].status == "vetoed"
    agreed["csto.host_is_member"] = 0.0
    assert run(scenario, 5, overrides=agreed).alliances[0].status == "deployed"


def test_s9_one_member_that_does_not_agree_is_enough() -> None:
    scenario = world("arrest", ONLY_POLITICS, [(0.5, COERCER, "call_alliance")], switches=PASSIVE)
    refused = {"alliance.consent_if_coercer_asks": 0.0, "csto.host_is_member": 0.0}
    assert run(scenario, 5, overrides=refused).alliances[0].status == "refused"


def test_s9_the_alliance_comes_when_the_host_itself_asks() -> None:
    scenario = world("no_arrest", ONLY_POLITICS, [(0.5, RULER, "request_alliance")], switches=PASSIVE)
    alliance = run(scenario, 8, overrides={"alliance.consent_if_host_asks": 1.0}).alliances[0]
    assert alliance.status == "deployed"
    assert alliance.troops > 0.0


def test_s10_closing_the_airspace_gives_it_to_the_coercer() -> None:
    script = [(0.1, RULER, "order_stand_aside"), (1.0, COERCER, "close_airspace")]
    model = run(world("arrest", (*ONLY_POLITICS, "army"), script, switches=PASSIVE), 6)
    assert model.theatre.airspace_control == "coercer"
    assert model.affairs.flights() == 0.0


def test_s18_territory_is_lost_with_the_places_that_fall() -> None:
    script = [(1.0, COERCER, "seize_government")]
    series = run(world("arrest", (*ONLY_POLITICS, "army"), script, switches=PASSIVE), 6).timeseries()
    assert series["territory_held"].iloc[0] == 1.0
    assert series["territory_held"].iloc[-1] < 1.0


def test_s19_others_learn_what_enforcement_is_worth() -> None:
    start = load("credibility_at_start")
    hosted = run(world("no_arrest", ONLY_POLITICS), 10).onlookers[0].credibility.mean
    sure = {"custody.interception_host": 0.0, "custody.overflight_chance": 1.0}
    scenario = world("arrest_surrender", (*ONLY_POLITICS, "garrison"), switches=PASSIVE)
    surrendered = run(scenario, 60, overrides=sure).onlookers[0].credibility.mean
    assert hosted < start < surrendered


def load(key: str) -> float:
    return run(world("no_arrest", ONLY_POLITICS), 1).numbers[f"world.{key}"]


def test_s20_the_visit_without_arrest_is_the_record_of_october_2025() -> None:
    inside, prompt = 0, 0
    for replicate in range(20):
        model = run("no_arrest", 90, replicate, households=1000, parameters="prior")
        series, scalars = model.timeseries(), model.result().scalars
        assert (series["airport_open"] == 1).all()
        assert not scalars["force_used"]
        assert scalars["killed_total"] == 0
        assert scalars["end_state"] == "not_arrested"
        inside += scalars["remittance_share_in_band"] == 1.0
        prompt += scalars["days_to_eu_statement"] < 3.0
    assert inside >= 19
    assert prompt >= 18


def test_s2_a_government_that_holds_on_chooses_among_all_its_ways() -> None:
    model = run(world("arrest", ONLY_POLITICS, switches=PASSIVE), 1)
    ways = {"hold", "offer_release", "release", "order_surrender", "appeal_for_help", "order_resistance"}
    assert ways <= set(model.government.menu().names)


def test_s18_accepting_terms_keeps_the_places_and_costs_the_law() -> None:
    terms = [(0.5, COERCER, "seize_government"), (0.75, RULER, "accept_terms")]
    model = run(world("arrest", ONLY_POLITICS, terms, switches=PASSIVE), 10)
    scalars = model.result().scalars
    assert scalars["survival_of_government"] == 1.0
    assert scalars["compliance_with_law"] == 0.0
