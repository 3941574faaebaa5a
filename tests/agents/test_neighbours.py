"""Neighbours under pressure from both sides: what they give the one they take from the other."""

import pytest

from model.agents.neighbours import FLIGHT, SUPPLY
from model.simulation import EscalationModel
from tests.toys import acts, run, world

pytestmark = pytest.mark.model
COERCER, RULER = "kremlin", "tajikistan"
ALL = ("kazakhstan", "kyrgyzstan", "uzbekistan", "china")
PROMPT = {"decision.lag_spread": 0.0, "neighbour.supply_lag": 2.0, "neighbour.credit_lag": 2.0}


def leaning(to_coercer: float) -> dict[str, float]:
    return PROMPT | {f"{name}.leaning": to_coercer for name in ALL}


def played(
    rule: str, side: float, *script: tuple[float, str, str], days: int = 30, **numbers: float
) -> EscalationModel:
    scenario = world("no_arrest", (), script, switches={"decision": "scripted", "neighbours": rule})
    more = {key.replace("__", "."): value for key, value in numbers.items()}
    return run(scenario, days, overrides=leaning(side) | more)


def fuel(model: EscalationModel) -> float:
    return float(model.timeseries()["fuel_stock_days"].iloc[-1])


def test_friends_deliver_what_the_coercer_cuts_and_others_do_not() -> None:
    cut = (1.0, COERCER, "cut_fuel")
    helped, left_alone, absent = (
        played(rule, side, cut) for rule, side in (("active", 0.0), ("active", 1.0), ("absent", 0.0))
    )
    assert "supply_fuel" in acts(helped, "kazakhstan")
    assert fuel(helped) > fuel(left_alone) == fuel(absent)
    assert not set(acts(absent)) & {"supply_fuel", "grant_credit", "offer_good_offices"}


def test_no_more_is_made_good_than_was_cut() -> None:
    cut = (1.0, COERCER, "cut_fuel")
    plenty = {f"{name}__fuel_share": 1.0 for name in ALL}
    assert fuel(played("active", 0.0, cut, **plenty)) <= fuel(played("active", 0.0)) + 1e-9


def test_a_credit_is_granted_once_on_an_appeal_and_reaches_the_reserves() -> None:
    appeals = [(1.0, RULER, "appeal_for_help")]
    lent, refused = (played("active", side, *appeals, china__credit_usd=1e9) for side in (0.0, 1.0))
    assert acts(lent, "china") == ["grant_credit"]
    reserves = [float(model.timeseries()["reserves_usd"].iloc[-1]) for model in (lent, refused)]
    assert reserves[0] > reserves[1]


@pytest.mark.parametrize(("side", "end"), [(0.0, "surrendered"), (1.0, "held")])
def test_one_neighbour_that_lets_an_aircraft_through_is_enough(side: float, end: str) -> None:
    sure = {"custody.interception_host": 0.0, "custody.court_order_days": 1.0, "custody.aircraft_days": 1.0}
    scenario = world(
        "arrest_surrender",
        ("households", "garrison"),
        switches={"decision": "scripted", "neighbours": "active"},
    )
    model = run(scenario, 60, overrides=leaning(side) | sure)
    assert model.result().scalars["end_state"] == end
    by_one = run(scenario, 60, overrides=leaning(1.0) | sure | {"uzbekistan.leaning": 0.0})
    assert by_one.result().scalars["end_state"] == "surrendered"
    alone = run(scenario, 60, overrides=leaning(1.0) | sure | {"kazakhstan.leaning": 0.0})
    assert alone.result().scalars["end_state"] == "held"  # it does not border the host
    by_two = {"kazakhstan.leaning": 0.0, "kyrgyzstan.leaning": 0.0}
    assert (
        run(scenario, 60, overrides=leaning(1.0) | sure | by_two).result().scalars["end_state"]
        == "surrendered"
    )


def test_nobody_knows_the_answers_of_neighbours_before_they_are_asked() -> None:
    scenario = world("open_choice", ("households",), switches={"neighbours": "active"})
    rates = {
        EscalationModel(scenario, replicate=k, overrides=leaning(0.5)).custody.expected_rate(
            True, supposed=True
        )
        for k in range(12)
    }
    assert len(rates) == 1 and rates.pop() > 0.0


def test_fuel_that_is_made_good_is_nothing_to_fear() -> None:
    cut = (1.0, COERCER, "cut_fuel")
    helped, alone = (played("active", side, cut).government for side in (0.0, 1.0))
    assert helped.exposure_now()["fuel_cut"] < alone.exposure_now()["fuel_cut"] == alone.exposure["fuel_cut"]


def test_good_offices_are_a_way_out() -> None:
    scenario = world("arrest", ("households",), switches={"decision": "scripted", "neighbours": "active"})
    offered = run(
        scenario, 20, overrides=PROMPT | {"uzbekistan.good_offices": 1.0, "neighbour.mediation_lag": 3.0}
    )
    assert "offer_good_offices" in acts(offered, "uzbekistan")
    assert offered.crisis.face >= offered.numbers["neighbour.face_by_good_offices"]


def test_friends_let_through_what_is_embargoed() -> None:
    embargo = (1.0, COERCER, "embargo_trade")
    helped, left_alone, absent = (
        played(rule, side, embargo, days=60)
        for rule, side in (("active", 0.0), ("active", 1.0), ("absent", 0.0))
    )
    assert "let_goods_through" in acts(helped, "kazakhstan")
    food = [float(model.timeseries()["food_price_index"].iloc[-1]) for model in (helped, left_alone, absent)]
    assert food[0] < food[1] == food[2]
    exposures = [m.government.exposure_now()["trade_embargo"] for m in (helped, left_alone)]
    assert exposures[0] < exposures[1] == left_alone.government.exposure["trade_embargo"]


def asked(occasion: int, **numbers: float) -> float:
    """The chance that Kazakhstan sides with the coercer on a question, of an even leaning."""
    more = {key.replace("__", "."): value for key, value in numbers.items()}
    scenario = world("arrest", ("households",), switches={"decision": "scripted", "neighbours": "active"})
    model = run(scenario, 1, overrides={"kazakhstan.leaning": 0.5} | more)
    return model.neighbours[0].chance_of_siding(occasion)


@pytest.mark.parametrize("occasion", [SUPPLY, FLIGHT])
def test_a_neighbour_sides_with_whom_it_trades(occasion: int) -> None:
    usual = asked(occasion)
    assert asked(occasion, kazakhstan__trade_with_coercer=0.9) > usual
    assert asked(occasion, kazakhstan__trade_with_bloc=0.9) < usual
    assert asked(occasion, kazakhstan__trade_with_host=0.9) < usual
    assert asked(occasion, neighbour__pull_of_trade=0.0) == 0.5
    assert asked(occasion, neighbour__pull_of_trade=8.0, kazakhstan__trade_with_coercer=0.9) > 0.9


def test_a_coercer_that_is_not_offended_threatens_nobody() -> None:
    angry, calm = (asked(SUPPLY, kremlin__affront_by_arrest=affront) for affront in (1.0, 0.0))
    assert calm < angry


def test_who_has_made_up_his_mind_is_not_moved() -> None:
    pulled = {"kazakhstan__trade_with_coercer": 1.0, "neighbour__pull_of_trade": 8.0}
    assert asked(SUPPLY, kazakhstan__leaning=0.0, **pulled) == 0.0
    assert asked(SUPPLY, kazakhstan__leaning=1.0, **pulled) == 1.0
