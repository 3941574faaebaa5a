"""The end of a day: households live, the economy moves, opinion follows, and the record is written."""

import math
from typing import TYPE_CHECKING

from model.agents.households import Households
from model.ending import government_falls
from model.randomness import DECISIONS
from model.world.economy import Economy, Inputs
from model.world.information import News

if TYPE_CHECKING:
    from model.simulation import EscalationModel


def end_of_day(model: "EscalationModel", day: int) -> None:
    """Close the day (0-based): steps 5 to 8 of the tick."""
    dead = model.affairs.close_day()
    over = day + 1 >= model.numbers["milestones.visit_days"]
    if over and model.custody.state == "visiting":
        model.custody.depart()
    if model.households is not None and model.economy is not None:
        _live(model, model.households, model.economy, day)
    _move_opinion(model, day, dead)
    model.milestones.see_day(day)
    if model.settings.series or model.households is not None:
        model.record.note(model.line.today())
    if model.line.weeks is not None and model.households is not None:
        model.line.weeks.note(day, model.households.today)


def _live(model: "EscalationModel", people: Households, economy: Economy, day: int) -> None:
    crisis, affairs = model.crisis, model.affairs
    relief = model.relief_usd / model.numbers["norm_bloc.relief_days"]
    model.relief_usd -= relief
    today = people.live(day, relief).totals
    affairs.see_homes(today)
    model.households_expected += people.expected_usd
    normal = today["normal_consumption_usd"]
    economy.step(Inputs(
        remittances_usd=today["remittances_usd"],
        expected_remittances_usd=people.expected_usd,
        consumption_index=today["consumption_usd"] / normal if normal > 0.0 else 1.0,
        fuel_cut=crisis.coercion("fuel_cut") * (1.0 - affairs.made_good()),
        trade_embargo=crisis.coercion("trade_embargo") * (1.0 - affairs.let_through()),
        routes_open=affairs.routes_open(),
        rationing=crisis.policy("rationing"),
        aid_usd=model.aid_due,
        fuel_aid_days=model.fuel_due,
        capital_fighting=affairs.violence(),
        transfer_open=affairs.transfer_open(),
        withdrawals_usd=today["withdrawals_usd"],
        rouble_shock=model.rouble_shock,
        russian_output_shock=model.russian_output_shock,
    ))  # fmt: skip
    model.aid_due = model.fuel_due = model.rouble_shock = model.russian_output_shock = 0.0


def news_of(model: "EscalationModel", dead: int) -> News:
    """The news of a day on which so many civilians were killed."""
    crisis, affairs = model.crisis, model.affairs
    return News(
        crisis=crisis.stage in ("detained", "defied", "settled", "refused", "cancelled")
        or affairs.measures() > 0.0,
        propaganda=crisis.coercion("propaganda"),
        state_voice=1.0 if crisis.in_power else 0.0,
        internet=affairs.internet_on(),
        attacked=affairs.attacked(),
        hardship=affairs.hardship,
        deaths=dead / (affairs.inhabitants / 1e6) if affairs.inhabitants > 0.0 else 0.0,
        concession=1.0 if model.ended == "released" else 0.0,
        support=model.government.support.mean if model.government else 0.0,
        pay_arrears=model.economy.budget_arrears if model.economy else 0.0,
        danger=affairs.danger() if crisis.open else 0.0,
    )


def _move_opinion(model: "EscalationModel", day: int, dead: int) -> None:
    news = news_of(model, dead)
    model.opinion.step(news, 1.0)
    pressure = max(model.affairs.unrest_pressure(), model.opinion.overthrow(news.danger))
    fall = model.numbers["government.fall_rate"] * pressure * (1.0 - model.opinion.loyalty)
    if fall > 0.0 and model.luck.uniform(DECISIONS["government_falls"], day, 0, 0) < 1.0 - math.exp(-fall):
        government_falls(model)
