"""What institutions do by rules of their own: the Court, the bloc, the alliance, the onlookers, the garrison."""

from dataclasses import replace

import pytest

from tests.toys import acts, played, run, world

pytestmark = pytest.mark.model
POLITICS = ("households",)
PASSIVE = {"decision": "scripted"}
RULER, COERCER = "tajikistan", "kremlin"
PROMPT = {"decision.lag_spread": 0.0}


# The Court


def test_the_court_asks_before_the_visit_and_notes_the_arrest() -> None:
    model = played("arrest", days=1)
    assert acts(model)[:2] == ["request_arrest", "arrest"]
    assert model.courts[0].stage == "executed"


def test_a_release_starts_the_slow_clock_as_a_visit_does() -> None:
    lags = PROMPT | {"court.inquiry_lag": 5.0, "court.finding_lag": 20.0, "court.referral_lag": 3.0}
    model = played("arrest", (2.0, RULER, "release"), days=30, overrides=lags)
    court = {e.action.name: e.day for e in model.record.events if e.actor == "icc"}
    assert court == {
        "request_arrest": 0.0, "open_inquiry": 7.0, "find_noncompliance": 22.0, "refer_to_assembly": 25.0
    }  # fmt: skip
    assert model.record.milestones["days_to_icc_finding"] == 22.0


def test_a_suspect_held_is_no_matter_for_a_finding() -> None:
    quick = PROMPT | {"court.finding_lag": 20.0}
    assert played("arrest_hold", days=60, overrides=quick).courts[0].stage == "executed"


# The norm bloc


def test_the_bloc_speaks_once_on_each_occasion() -> None:
    script = [(1.0, COERCER, m) for m in ("block_transfers", "cut_fuel", "ban_flights")]
    bloc = played("arrest", *script, days=40).blocs[0]
    assert bloc.spoken_on == {"arrest", "measures"}
    assert bloc.statements == 2


def test_the_bloc_speaks_after_its_lag() -> None:
    model = played("arrest", overrides=PROMPT | {"norm_bloc.statement_lag": 1.5})
    assert model.record.milestones["days_to_eu_statement"] == 1.5


@pytest.mark.parametrize("members", [1, 5, 27, 60])
def test_every_member_counts_and_the_most_reluctant_decides(members: int) -> None:
    bloc = played("story_as_told", overrides={"eu.members": float(members)}).blocs[0]
    assert len(bloc.thresholds) == members
    bar = bloc.behaviour("reluctance_sanction_coercer")
    bar *= 1.0 - bloc.situation("prepared_sanctions")
    bloc.thresholds = [bloc.gravity() - bar] * members
    assert bloc.agrees("sanction_coercer")
    for member in range(members):
        bloc.thresholds[member] += 1e-9
        assert not bloc.agrees("sanction_coercer")
        bloc.thresholds[member] -= 1e-9


def test_nobody_agrees_to_anything_before_something_has_happened() -> None:
    bloc = run(world("open_choice", POLITICS, switches=PASSIVE), 5).blocs[0]
    bloc.thresholds = [-9.0] * 27
    assert bloc.gravity() == 0.0
    assert not bloc.agrees("grant_aid")


def test_a_threat_of_sanctions_is_spent_when_they_are_imposed() -> None:
    before = played("arrest", days=2)
    after = played("arrest", (1.0, "eu", "sanction_coercer"), days=2)
    assert before.affairs.expected_sanctions() == before.blocs[0].behaviour("cost_of_sanctions") > 0.0
    assert after.affairs.expected_sanctions() == 0.0


def test_prepared_sanctions_are_feared_more_because_they_come_sooner() -> None:
    def feared(ready: float, lag: float = 1.5) -> float:
        numbers = {"eu.prepared_sanctions": ready, "norm_bloc.lag_prepared_sanctions": lag}
        return played("arrest", days=1, overrides=numbers).affairs.expected_sanctions()

    assert feared(0.0) < feared(0.5) < feared(1.0)
    assert feared(0.5) == pytest.approx((feared(0.0) + feared(1.0)) / 2.0)
    unhurried = played("arrest", days=1).blocs[0].behaviour("lag_sanction_coercer")
    assert feared(1.0, lag=unhurried) == pytest.approx(feared(0.0))


def test_aid_reaches_reserves_and_households_and_is_all_accounted_for() -> None:
    number = {"eu.aid_usd": 1e9}
    scenario = world("no_arrest", switches=PASSIVE)
    helped = world("no_arrest", script=[(5.0, "eu", "grant_aid")], switches=PASSIVE)
    plain, aided = run(scenario, 7, overrides=number), run(helped, 7, overrides=number)
    share = aided.numbers["norm_bloc.aid_to_households"]
    assert aided.blocs[0].aid_usd == 1e9
    booked = aided.economy.reserves_usd - plain.economy.reserves_usd
    assert booked == pytest.approx(1e9 * (1.0 - share), rel=0.02)
    days = aided.numbers["norm_bloc.relief_days"]
    assert aided.relief_usd == pytest.approx(1e9 * share * (1.0 - 1.0 / days) ** 2)


# The onlookers


@pytest.mark.parametrize("how", ["release", "free_detainee"])
def test_a_suspect_let_go_or_taken_back_undoes_what_the_arrest_taught(how: str) -> None:
    without = (*POLITICS, "army") if how == "free_detainee" else POLITICS
    actor = RULER if how == "release" else COERCER
    held = played("arrest").onlookers[0].credibility.mean
    lost = run(world("arrest", without, [(1.0, actor, how)], switches=PASSIVE), 20)
    assert lost.ended == ("released" if how == "release" else "freed")
    assert lost.onlookers[0].credibility.mean < held


def test_no_resolution_is_asked_for_without_force_and_one_may_fail() -> None:
    sure, never = {"onlookers.resolution_chance": 1.0}, {"onlookers.resolution_chance": 0.0}
    storm = (1.0, COERCER, "free_detainee")
    assert played("arrest", days=40, overrides=sure).onlookers[0].resolutions == 0
    assert played("arrest", storm, days=40, overrides=sure).onlookers[0].resolutions == 1
    assert played("arrest", storm, days=40, overrides=never).onlookers[0].resolutions == 0


# The garrison and the levers of the coercer


def test_an_act_without_orders_is_marked_inadvertent() -> None:
    alert = (0.5, COERCER, "alert_garrison")
    model = played("arrest", alert, days=20, overrides={"force.initiative_rate": 5.0})
    stirred = [e for e in model.record.events if e.action.name == "fire_on_own_initiative"]
    assert stirred and all(e.inadvertent and e.actor.startswith("base_") for e in stirred)
    assert model.result().scalars["inadvertent_force"]
    ordered = played("arrest", (0.5, COERCER, "free_detainee"), overrides={"force.initiative_rate": 0.0})
    assert not ordered.result().scalars["inadvertent_force"]


def test_every_formation_belongs_to_one_actor() -> None:
    model = played("arrest", days=1)
    owned = [f.name for garrison in model.garrisons for f in garrison.formations]
    assert sorted(owned) == sorted(f.name for f in model.theatre.garrison)
    armies = [actor for actor in model.cast_list if actor.role == "army"]
    assert sorted(f.name for a in armies for f in a.formations) == sorted(f.name for f in model.theatre.army)


def test_easing_lifts_every_measure_and_no_threat() -> None:
    script = [(1.0, COERCER, a) for a in ("block_transfers", "cut_fuel", "ban_flights", "alert_garrison")]
    model = run(world("arrest", script=[*script, (3.0, COERCER, "ease")], switches=PASSIVE), 5)
    measures = model.timeseries()["measures"].tolist()
    assert measures[1] > 0.0 and measures[4] == 0.0
    assert model.theatre.base_posture == "alert"


def test_a_withdrawal_brings_the_troops_home_and_opens_the_airport() -> None:
    model = played("arrest", (1.0, COERCER, "blockade"), (5.0, COERCER, "withdraw"), days=12)
    series = model.timeseries()
    assert (series["airport_open"].iloc[2:5] == 0).all()
    assert series["airport_open"].iloc[-1] == 1
    assert series["base_posture"].iloc[-1] == "barracks"
    assert not series["armour_in_capital"].iloc[-1]
    assert "withdraw" in acts(model, COERCER)


@pytest.mark.parametrize("ceiling", [0.0, 0.25, 1.0])
def test_measures_reach_the_ceiling_of_the_scenario(ceiling: float) -> None:
    script = [(0.0, COERCER, "block_transfers")]
    scenario = world("no_arrest", script=script, switches=PASSIVE)
    model = run(scenario, 3, overrides={"coercer.pressure_ceiling": ceiling})
    assert (model.timeseries()["transfer_channel_open"] == 1.0 - ceiling).all()


# Outside events and switches


@pytest.mark.parametrize(
    ("event", "series", "inside", "outside"),
    [
        ("border_closed", "airport_open", 0, 1),
        ("internet_outage", "internet_on", 0, 1),
        ("transfer_outage", "transfer_channel_open", 0.0, 1.0),
    ],
)
def test_an_outside_event_lasts_as_long_as_it_says(
    event: str, series: str, inside: float, outside: float
) -> None:
    model = run(world("no_arrest", injects=[(3.0, event, 1.0, 4.0)], switches=PASSIVE), 10)
    expected = [inside if 3 <= day < 7 else outside for day in range(10)]
    assert model.timeseries()[series].tolist() == expected


@pytest.mark.parametrize("rule", ["logit", "best_response", "threshold", "random"])
def test_a_run_goes_by_any_rule_and_the_rule_matters(rule: str) -> None:
    done = {
        name: [acts(run(world("arrest", POLITICS, switches={"decision": name}), 20, k)) for k in range(4)]
        for name in (rule, "scripted")
    }
    assert done[rule] != done["scripted"]


def test_beliefs_that_are_fixed_do_not_move() -> None:
    fixed = run(world("arrest_hold", POLITICS, switches={"beliefs": "fixed"}), 30).timeseries()
    moving = run(world("arrest_hold", POLITICS), 30).timeseries()
    assert fixed["belief_resolve"].nunique() == 1
    assert moving["belief_resolve"].nunique() > 1


def test_without_attrition_nobody_dies_fighting() -> None:
    script = [(0.1, RULER, "order_resistance"), (1.0, COERCER, "free_detainee")]
    dead = {}
    for combat in ("lanchester_square", "lanchester_linear", "none"):
        scenario = world("arrest", POLITICS, script, switches=PASSIVE | {"combat": combat})
        ends = [run(scenario, 5, replicate).theatre for replicate in range(6)]
        dead[combat] = sum(theatre.killed_army + theatre.killed_base for theatre in ends)
    assert dead["none"] == 0
    assert dead["lanchester_square"] > 0 and dead["lanchester_linear"] > 0


def test_a_cast_in_another_order_has_the_same_institutions() -> None:
    scenario = world("no_arrest", POLITICS, switches=PASSIVE)
    back = replace(scenario, actors=scenario.actors[::-1])
    certain = PROMPT | {"court.finding_lag": 20.0}
    for column in ("icc_stage", "eu_statements", "detainee"):
        first = run(scenario, 40, overrides=certain).timeseries()[column]
        assert first.tolist() == run(back, 40, overrides=certain).timeseries()[column].tolist()


# What a scenario lays down


@pytest.mark.parametrize(
    ("actor", "action"),
    [("eu", "criticise"), ("icc", "find_noncompliance"), ("icc", "request_arrest"), ("world", "denounce")],
)
def test_a_forbidden_act_of_an_institution_does_not_happen(actor: str, action: str) -> None:
    quick = PROMPT | {"court.finding_lag": 5.0}
    free = played("no_arrest", overrides=quick)
    assert action in acts(free, actor)
    barred = run(world("no_arrest", POLITICS, forbid=(f"{actor}.{action}",)), 20, overrides=quick)
    assert action not in acts(barred, actor)
    if action == "criticise":
        assert barred.blocs[0].statements == 0
        assert barred.record.milestones["days_to_eu_statement"] is None
    if action == "find_noncompliance":
        assert barred.record.milestones["days_to_icc_finding"] is None


def test_scripted_acts_of_institutions_do_what_they_say() -> None:
    script = [
        (1.0, "csto", "decide_deployment"), (2.0, "icc", "find_noncompliance"), (3.0, "icc", "refer_to_assembly"),
        (4.0, "world", "pass_resolution"), (5.0, "eu", "criticise"),
    ]  # fmt: skip
    model = played("arrest", *script, overrides=PROMPT | {"norm_bloc.statement_lag": 30.0})
    assert model.alliances[0].status == "deployed"
    assert model.alliances[0].troops > 0.0
    assert model.record.milestones["days_to_csto_decision"] == 1.0
    assert model.record.milestones["days_to_icc_finding"] == 2.0
    assert model.courts[0].stage == "referral"
    assert model.onlookers[0].resolutions == 1
    assert (model.blocs[0].statements, model.record.milestones["days_to_eu_statement"]) == (1, 5.0)


def test_acts_name_whom_they_are_aimed_at() -> None:
    hosted = {(e.actor, e.action.name): e.target for e in played("no_arrest").record.events}
    assert hosted["icc", "request_arrest"] == RULER
    assert hosted["eu", "criticise"] == RULER
    pressed = played("arrest", (1.0, COERCER, "block_transfers"), (30.0, "eu", "grant_aid"), days=60)
    targets = {(e.actor, e.action.name): e.target for e in pressed.record.events}
    assert targets["eu", "criticise"] == COERCER
    assert targets["eu", "grant_aid"] == RULER
    assert targets[COERCER, "block_transfers"] == RULER


@pytest.mark.parametrize(("name", "lawful"), [("open_choice", 0.0), ("host_quits_statute", 1.0)])
def test_to_host_the_visit_is_a_breach_only_where_there_is_a_duty(name: str, lawful: float) -> None:
    model = run(world(name, POLITICS, [(0.0, RULER, "host_visit")], switches=PASSIVE), 10)
    assert model.result().scalars["compliance_with_law"] == lawful
    assert model.courts[0].asked == (lawful == 0.0)
