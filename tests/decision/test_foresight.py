"""Foresight on pictures made by hand: losses compound, threats add up to fear, and stakes point the right way."""

from dataclasses import replace

import numpy as np
import pytest

from model.actions import actions_of
from model.decision import coercion, foresight, resistance
from model.decision.foresight import gain_by_yielding, taken_by_force
from model.decision.holding_on import fate
from model.decision.picture import LEVERS, Effects, Levers, Picture, Temper
from model.decision.rule import CLASSES, Menu
from model.parameters import draw
from model.randomness import Luck
from model.scenario import load_scenario
from model.world.talks import deal_rate

ACTS = {
    "wait": ("status_quo", "", 0.0),
    "demand_release": ("posturing", "demand", 1.0),
    "block_transfers": ("nonviolent", "transfer_block", 1.0),
    "cut_fuel": ("nonviolent", "fuel_cut", 1.0),
    "free_detainee": ("violent", "rescue", 1.0),
    "ease": ("deescalation", "ease", 1.0),
    "withdraw": ("deescalation", "withdrawal", 1.0),
}
ONE = np.ones(1)
EXPOSED = {"transfer_block": 0.3, "fuel_cut": 0.1}


@pytest.fixture(scope="module")
def temper() -> Temper:
    return Temper.from_numbers(draw(load_scenario("arrest").numbers, Luck(1, 0), "nominal"))


def picture(**changes: object) -> Picture:
    """A detainee held, a demand that stands, and nothing done about it yet."""
    plain = Picture(
        open=True, held=True, attacked=False, levers={}, credit={}, fresh={}, exposure=EXPOSED,
        own_exposure=0.0, demand_stake=0.3, partner_value=0.02, shield=0.02, yield_stake=0.1, law_stake=0.05,
        office_at_risk=1.0,
    )  # fmt: skip
    return replace(plain, **changes)


def menu_of(kinds: dict[str, str]) -> Menu:
    classes = np.array([CLASSES.index(kind) for kind in kinds.values()])
    return Menu(tuple(kinds), np.arange(len(kinds)), classes, np.ones(len(kinds)))


def levers(acts: int, **standing: float) -> Levers:
    """Levers that no act changes."""
    return Levers(np.array([[standing.get(name, 0.0)] * acts for name in LEVERS]))


def effects(x: Picture, temper: Temper, *names: str, ceiling: float = 1.0) -> Effects:
    menu = menu_of({name: ACTS[name][0] for name in names})
    return coercion.effects_of(menu, [ACTS[name][1:] for name in names], x, temper, ceiling)


def chances(x: Picture, temper: Temper, *names: str, gone: float = 0.0) -> dict[str, float]:
    """Probability of each act of the coercer."""
    x = replace(x, hurry=gone, host_offer=0.0)
    return dict(
        zip(names, coercion.odds(x, effects(x, temper, *names), temper, ONE)[0].tolist(), strict=True)
    )


def test_losses_from_measures_compound(temper: Temper) -> None:
    x = picture(levers={"fuel_cut": 0.5})
    e = effects(x, temper, "wait", "block_transfers")
    expected = [1.0 - 0.95, 1.0 - 0.95 * 0.7]
    assert e.load.tolist() == pytest.approx(expected)
    both = effects(picture(levers={"fuel_cut": 1.0}), temper, "block_transfers").load[0]
    assert picture().full_burden == pytest.approx(both) == pytest.approx(1.0 - 0.7 * 0.9)


def test_of_threats_the_strongest_signals_force(temper: Temper) -> None:
    e = effects(picture(credit={"ultimatum": 0.5}), temper, "wait", "demand_release")
    ultimatum = 0.5 * temper.credibility["ultimatum"]
    assert ultimatum > temper.credibility["demand"]
    assert e.fear.tolist() == pytest.approx([ultimatum, ultimatum])


def test_an_answer_is_in_proportion_and_by_how_grave_it_looks(temper: Temper) -> None:
    after = levers(4, propaganda=1.0)
    for act, level in enumerate((0.0, 0.15, 1.0, 1.0)):
        after["trade_embargo"][act] = level
    after["rescue"][3] = 1.0
    expected = [temper.words_answer, 0.5 + 0.3 * 0.15, 0.8, 0.9]  # -5 to -8 of 10, and -9 for an assault
    answers = [foresight.answer(after.block, act, temper.words_answer, foresight.LOOKS) for act in range(4)]
    assert answers == pytest.approx(expected)
    standing = {"demand": 1.0, "trade_embargo": 0.15, "raids": 0.0}
    assert coercion.gravity(standing) == pytest.approx(expected[1])
    assert coercion.gravity({"demand": 1.0}) == 0.0

    def deterrence(affront: float) -> list[float]:
        x = picture(affront=affront, levers={"demand": 1.0})
        e = effects(x, temper, "wait", "cut_fuel", "free_detainee")
        row = coercion.STAKES.index("deterrence")
        return coercion.on_average(x, e, temper, 1.0, ONE, ONE)[row].tolist()

    words, weight = temper.words_answer, temper.deterrence_weight
    assert deterrence(0.5) == pytest.approx([-weight * (0.5 - words), 0.0, 0.0])  # a slight asks for no force
    assert deterrence(1.0) == pytest.approx([-weight * (1.0 - words), -weight * 0.2, -weight * 0.1])


def test_a_ceiling_holds_measures_down_and_nothing_else(temper: Temper) -> None:
    e = effects(picture(), temper, "wait", "block_transfers", "free_detainee", ceiling=0.25)
    assert e.after["transfer_block"].tolist() == [0.0, 0.25, 0.0]
    assert e.after["rescue"].tolist() == [0.0, 0.0, 1.0]


def test_easing_lifts_the_measures_and_withdrawal_the_force(temper: Temper) -> None:
    x = picture(
        levers={"transfer_block": 1.0, "fuel_cut": 1.0, "rescue": 1.0, "blockade": 1.0, "demand": 1.0}
    )
    e = effects(x, temper, "wait", "ease", "withdraw")
    standing = {name: e.after[name].tolist() for name in LEVERS if e.after[name].any()}
    assert standing == {
        "transfer_block": [1.0, 0.0, 1.0],
        "fuel_cut": [1.0, 0.0, 1.0],
        "rescue": [1.0, 1.0, 0.0],
        "blockade": [1.0, 1.0, 0.0],
        "demand": [1.0, 1.0, 1.0],
    }


def rates(x: Picture, temper: Temper, host: float = 1.0) -> list[float]:
    e = effects(x, temper, "wait", "block_transfers")
    return coercion.yield_rate(x, e, temper, host * ONE, 0.0)[0].tolist()


def test_how_grave_a_deed_looks_is_read_from_the_table_and_not_kept_in_compiled_code() -> None:
    after = levers(1, trade_embargo=1.0)
    looks = [foresight.answer(after.block, 0, 0.0, times * foresight.LOOKS) for times in (1.0, 0.5)]
    assert looks[0] == pytest.approx(2.0 * looks[1])


def test_pressure_makes_a_host_yield_sooner_and_resolve_later(temper: Temper) -> None:
    idle, pressed = rates(picture(), temper)
    assert pressed > idle
    assert rates(picture(), temper, host=2.0)[1] < pressed < rates(picture(), temper, host=0.5)[1]
    assert rates(picture(commitment_host=1.0), temper)[1] < pressed < rates(picture(face=0.9), temper)[1]


def test_a_host_that_expects_punishment_anyway_gains_nothing_by_yielding(temper: Temper) -> None:
    idle, pressed = rates(picture(punishment=1.0), temper)
    assert pressed == pytest.approx(idle)


def test_force_is_likelier_the_more_is_at_stake_and_the_surer_it_works(temper: Temper) -> None:
    names = ("wait", "block_transfers", "free_detainee")
    low, high = (
        [chances(picture(demand_stake=s, p_rescue=0.8), temper, *names)["free_detainee"] for s in stakes]
        for stakes in ((0.1, 0.3), (0.3, 0.9))
    )
    assert low[0] < low[1] == high[0] < high[1]
    by_chance = [chances(picture(p_rescue=p), temper, *names)["free_detainee"] for p in (0.0, 0.4, 0.9)]
    assert by_chance[0] < by_chance[1] < by_chance[2]


def test_force_is_less_likely_where_it_would_cost_more(temper: Temper) -> None:
    names = ("wait", "free_detainee")
    cheap, guarded = (
        chances(picture(p_rescue=0.8, shield=s), temper, *names)["free_detainee"] for s in (0.0, 0.4)
    )
    assert guarded < cheap


def test_a_detainee_soon_out_of_reach_makes_waiting_worth_less(temper: Temper) -> None:
    soon, late = (
        coercion.on_average(x, effects(x, temper, "wait"), temper, 1.0, ONE, ONE)[0, 0]
        for x in (picture(p_rescue=0.6, hurry=rate) for rate in (0.5, 0.001))
    )
    assert soon < late  # the demand then is seldom met


OPTIONS = {
    "host_visit": "status_quo", "refuse_visit": "nonviolent", "arrest": "nonviolent", "hold": "status_quo",
    "release": "deescalation",
    "offer_release": "deescalation",
}  # fmt: skip


def worth(
    x: Picture, temper: Temper, force: float = 0.0, loss: float = 0.0, seizing: float = 1.0
) -> dict[str, float]:
    """Value of the host's options but for the effort they take, where so much is to be feared."""
    threat = resistance.Threat.absent(1)
    threat.force += force
    threat.seizing += seizing
    threat.loss += loss
    out = resistance.prospect(x, menu_of(OPTIONS), threat, temper, np.ones(1))
    return dict(zip(OPTIONS, out[:-1].sum(axis=0)[0].tolist(), strict=True))


def test_a_host_with_nothing_to_fear_gains_by_the_arrest_and_loses_by_hosting(temper: Temper) -> None:
    values = worth(picture(yield_stake=0.3, law_stake=0.2), temper)
    assert values["arrest"] > 0.0 == values["refuse_visit"]
    assert values["host_visit"] == pytest.approx(-0.2)
    assert values["hold"] == pytest.approx(0.3 + 0.1)  # standing unbroken, half the duty done
    assert values["hold"] > values["release"]


def test_a_host_about_to_lose_its_office_is_better_off_without_the_detainee(temper: Temper) -> None:
    values = worth(picture(p_seizure_by_orders=(1.0, 1.0, 1.0)), temper, force=1.0)
    assert values["release"] > values["hold"]
    assert values["host_visit"] > values["arrest"]


def test_income_at_risk_counts_against_holding_on_alone(temper: Temper) -> None:
    calm, pressed = worth(picture(), temper), worth(picture(), temper, loss=0.3)
    assert pressed["hold"] == pytest.approx(calm["hold"] - 0.3 * temper.income_weight)
    assert pressed["release"] == calm["release"]


def test_a_refusal_costs_what_the_slight_would_be_paid_back_with(temper: Temper) -> None:
    values = worth(picture(slight=0.4, punishment=0.5), temper)
    expected = -temper.income_weight * 0.5 * 0.4 * picture().full_burden
    assert values["refuse_visit"] == pytest.approx(expected)


def test_a_host_that_fears_a_stronger_coercer_expects_more_force(temper: Temper) -> None:
    x = picture(p_rescue=0.8)
    e = effects(x, temper, "wait", "block_transfers", "free_detainee")
    threat = resistance.Threat(x, e, temper, np.array([0.5, 1.0, 2.0]))
    assert (np.diff(threat.force[resistance.AS_IS]) > 0.0).all()


def test_a_threat_is_no_more_likely_to_be_meant_for_standing_long(temper: Temper) -> None:
    attacked, standing, _ = fate(0.0, 0.3, 0.0, temper.numbers[0])
    assert 0.25 < attacked <= 0.3
    assert standing > 0.7


def test_a_quarrel_that_pales_and_a_way_out_make_giving_way_cheaper(temper: Temper) -> None:
    def price(**what: float) -> float:
        values = worth(picture(yield_stake=0.3, law_stake=0.0, face_share=0.8, **what), temper)
        return values["hold"] - values["release"]

    assert price() == pytest.approx(0.3)
    assert price(freshness=0.5) == pytest.approx(0.3 * (0.2 + 0.8 * 0.5))
    assert price(face=0.5) == pytest.approx(0.3 * (0.2 + 0.8 * 0.5))
    assert price(freshness=0.0) == pytest.approx(0.3 * 0.2)
    assert price(face=1.0) == pytest.approx(0.3 * 0.2)


def test_the_coercer_expects_a_host_to_give_way_by_the_hosts_own_reckoning(temper: Temper) -> None:
    def rate(**what: float) -> float:
        x = picture(yield_stake=0.3, face_share=0.8, **what)
        return float(coercion.yield_rate(x, effects(x, temper, "wait"), temper, ONE, 0.0)[0, 0])

    assert rate() < rate(freshness=0.5) == pytest.approx(rate(face=0.5))


def test_force_under_way_is_expected_to_go_on(temper: Temper) -> None:
    x = picture(attacked=True)
    threat = resistance.Threat(x, effects(x, temper, "wait"), temper, np.ones(1))
    assert (threat.force >= temper.attack_rate).all()


def test_the_coercer_reckons_the_hosts_gain_as_the_host_does(temper: Temper) -> None:
    calm = replace(temper, losses_without_orders=0.0, help_unasked=0.0, threat_term=1e-3)
    for stake, face, office in (
        (0.9, 0.0, 0.8),
        (0.8, 0.15, 0.8),
        (0.4, 0.15, 0.8),
        (0.4, 0.15, 0.24),
        (0.1, 0.8, 0.8),
    ):
        x = picture(
            yield_stake=stake, face_share=face, office_at_risk=office, law_stake=0.0, punishment=0.0, p_seizure=0.9,
            p_seizure_by_orders=(0.9, 0.9, 0.9), levers={"ultimatum": 1.0}, credit={"ultimatum": 1.0},
        )  # fmt: skip
        e = effects(x, temper, "wait")
        threat = resistance.Threat.absent(1)
        threat.meant += e.fear[0]
        threat.seizing += 1.0
        values = resistance.prospect(
            x, menu_of({"hold": "status_quo", "release": "deescalation"}), threat, calm, np.ones(1)
        )[:-1].sum(axis=0)[0]
        load, fear = float(e.load[0]), float(e.fear[0])
        gain = gain_by_yielding(x.numbers[0], temper.numbers[0], load, fear, 1.0, 0.0)
        assert gain == pytest.approx(float(values[1] - values[0]), abs=0.05)


def test_force_takes_the_office_or_the_thing_and_not_both() -> None:
    rule, person = picture(yield_stake=0.9, face_share=0.0), picture(yield_stake=0.9, face_share=1.0)
    seized = {"p_seizure": 0.5, "p_rescue": 0.0, "office_at_risk": 0.8}
    assert taken_by_force(replace(rule, **seized).numbers[0], 1.0) == pytest.approx(0.45)
    assert taken_by_force(replace(person, **seized).numbers[0], 1.0) == pytest.approx(0.4)
    freed = {"p_seizure": 0.0, "p_rescue": 0.5}
    assert taken_by_force(replace(rule, **freed).numbers[0], 1.0) == pytest.approx(0.45)
    assert taken_by_force(replace(person, **freed).numbers[0], 1.0) == 0.0


def test_what_an_attack_may_fail_to_take_is_worth_holding(temper: Temper) -> None:
    def held(p: float) -> float:
        x = picture(office_at_risk=0.0, yield_stake=0.3, law_stake=0.0, p_seizure_by_orders=(p, p, p))
        return worth(x, replace(temper, losses_without_orders=0.0), force=0.5)["hold"]

    assert held(0.0) == pytest.approx(0.3)
    assert held(0.5) == pytest.approx((held(0.0) + held(1.0)) / 2.0)
    assert held(1.0) < 0.1


def test_a_rescue_takes_the_man_and_leaves_the_office(temper: Temper) -> None:
    x = picture(yield_stake=0.0, p_seizure_by_orders=(0.9,) * 3, p_rescue_by_orders=(0.9,) * 3)
    calm = replace(temper, losses_without_orders=0.0)
    assert worth(x, calm, force=0.5)["hold"] < -0.5
    assert worth(x, calm, force=0.5, seizing=0.0)["hold"] > -0.1


def test_talks_end_in_a_deal_as_far_as_it_is_worth_more_than_holding_on(temper: Temper) -> None:
    bold = replace(temper, talks_without_face=1.0, retreat_talks=0.0)
    slow, quick = (replace(bold, talks_rate=rate) for rate in (1e-4, 10.0))
    dear, cheap = (picture(yield_stake=stake, law_stake=0.0, face_share=0.0) for stake in (0.9, 0.001))

    def offer(x: Picture, by: Temper) -> tuple[float, float, float]:
        values = worth(x, by, loss=0.1)
        return values["offer_release"], values["hold"], values["release"]

    talking, holding, _ = offer(cheap, slow)
    assert talking == pytest.approx(holding, abs=0.01)
    talking, holding, giving = offer(cheap, quick)
    assert talking == pytest.approx(giving, abs=0.01) and giving > holding
    talking, holding, giving = offer(dear, quick)
    assert talking == pytest.approx(holding, abs=0.01) and giving < holding


def test_who_talks_about_a_thing_has_put_it_in_question(temper: Temper) -> None:
    slow = replace(temper, talks_rate=1e-9)
    x = picture(yield_stake=0.4, law_stake=0.0, commitment_host=0.5)
    values = worth(x, slow)
    lost = temper.retreat_talks * (0.4 + temper.audience_weight * 0.5)
    assert values["offer_release"] == pytest.approx(values["hold"] - lost, abs=1e-6)


def test_a_host_in_talks_is_expected_to_take_only_what_is_worth_it(temper: Temper) -> None:
    def rate(stake: float, offer: float) -> float:
        x = picture(yield_stake=stake, face_share=0.0, responsiveness=0.0)
        e = effects(x, temper, "wait")
        return float(coercion.yield_rate(x, e, temper, np.ones(1), offer)[0, 0])

    drafts = deal_rate(temper.talks_rate, temper.talks_without_face, 1.0, 0.0)
    assert rate(0.9, 0.0) == rate(0.0, 0.0) == 0.0
    assert rate(0.0, 1.0) == pytest.approx(drafts / 2.0)  # nothing to gain or lose: heads or tails
    assert rate(0.9, 1.0) < 1e-4 * drafts


def test_giving_way_under_attack_is_on_the_coercers_terms(temper: Temper) -> None:
    calm, attacked = (
        worth(picture(attacked=storm, yield_stake=0.1), temper)["release"] for storm in (False, True)
    )
    assert attacked == pytest.approx(calm - temper.terms_share * (1.0 - 0.1 * (1.0 - picture().face_share)))


def test_what_makes_no_difference_to_holding_on_is_no_policy(temper: Temper) -> None:
    """POLICIES names all that `differs` tells apart, and nothing else."""
    x = picture(
        support=0.5, unrest=0.3, squeeze=0.2, hidden=0.4, ration_relief=0.1,
        p_seizure_by_orders=(0.9, 0.6, 0.3), p_rescue_by_orders=(0.9, 0.6, 0.3),
    )  # fmt: skip
    plain = resistance.differs("hold", x, temper)
    apart = {act.name for act in actions_of("government") if resistance.differs(act.name, x, temper) != plain}
    assert apart == set(resistance.POLICIES)
