"""The line of a day: every series of `outcomes.csv` that the case can show, read off the model."""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from model.outcomes import outcomes

if TYPE_CHECKING:
    from model.simulation import EscalationModel


@cache
def code(series: str, level: str) -> int:
    """Position of a level in the levels of a categorical series. Raises ValueError for an unknown level."""
    return outcomes()[series].levels.index(level)


def line_of_today(model: "EscalationModel") -> dict[str, float]:
    """Value of each series at the end of the day; those of roles that the case lacks are left out."""
    line = _politics(model) | _force(model)
    if model.coercer is not None:
        line["coercer_cost_usd"] = model.coercer.cost_usd
        line["coercer_unity"] = model.coercer.factions.unity
        line["belief_force_success"] = model.coercer.force_success
    if model.government is not None:
        line |= {
            "belief_resolve": model.government.belief.mean,
            "belief_in_support": model.government.support.mean,
            "belief_punishment": model.government.punishment.mean,
            "elite_loyalty": model.opinion.loyalty,
            "legitimacy": model.opinion.legitimacy,
        }
    for bloc in model.blocs:
        line |= {
            "eu_statements": bloc.statements,
            "eu_aid_usd": bloc.aid_usd,
            "eu_sanctions": int(bloc.sanctions),
            "eu_programmes": bloc.programmes,
        }
    for alliance in model.alliances:
        line |= {"csto_status": code("csto_status", alliance.status), "csto_troops": alliance.troops}
    for court in model.courts:
        line["icc_stage"] = code("icc_stage", court.stage)
    for onlooker in model.onlookers:
        line |= {"un_resolutions": onlooker.resolutions, "norm_credibility": onlooker.credibility.mean}
    if model.households is not None:
        line |= _people(model) | _economy(model)
    return line


def _politics(model: "EscalationModel") -> dict[str, float]:
    acts = model.record.acts_since(model.day - 1.0)
    rung, hostility = model.affairs.standing_rung() if model.crisis.since else (0, 1)
    return {
        "detainee": code("detainee", model.custody.state),
        "detainee_place": code("detainee_place", model.custody.place),
        "host_in_power": int(model.crisis.in_power),
        "rung": max([rung, *(a.kahn_rung for a in acts)]),
        "hostility": max([hostility, *(a.mid_hostility for a in acts)]),
        "measures": model.affairs.measures(),
        "internet_on": model.affairs.internet_on(),
    }


def _force(model: "EscalationModel") -> dict[str, float]:
    theatre, flights = model.theatre, model.affairs.flights()
    return {
        "airport_open": int(flights >= model.numbers["milestones.airport_closed_flights"]),
        "flights": flights,
        "airspace_control": code("airspace_control", theatre.airspace_control),
        "base_posture": code("base_posture", theatre.base_posture),
        "armour_in_capital": int(theatre.armour_in_capital),
        "sites_held_by_base": theatre.sites_held_by_base,
        "territory_held": theatre.territory_held,
        "army_strength": theatre.army_strength,
        "army_cohesion": theatre.army_cohesion,
        "army_resisting": theatre.army_resisting,
        "killed_base": theatre.killed_base,
        "killed_army": theatre.killed_army,
        "killed_civilian": theatre.killed_civilian,
        "displaced": theatre.displaced,
    }


def _people(model: "EscalationModel") -> dict[str, float]:
    people = model.households
    assert people is not None
    today = people.today.totals
    households, normal = today["households"], today["normal_consumption_usd"]
    return {
        "narrative_share": model.opinion.story,
        "remittances_usd": today["remittances_usd"],
        "remittances_informal_usd": today["remittances_informal_usd"],
        "remittance_index": people.index,
        "transfer_channel_open": model.affairs.transfer_open(),
        "migrants_in_russia": today["migrants_in_russia"],
        "deported": people.removed,
        "returned": people.came_home,
        "departures": people.left,
        "entry_banned": today["entry_banned"],
        "consumption_index": today["consumption_usd"] / normal if normal > 0.0 else 1.0,
        "food_cut_rate": today["food_cut"] / households if households > 0.0 else 0.0,
        "poverty_rate": today["poverty"] / households if households > 0.0 else 0.0,
        "protesters": model.affairs.protesters,
        "protesters_against_host": today["protesters_host"],
        "protesters_against_coercer": today["protesters_coercer"],
        "unrest": model.affairs.unrest(),
    }


def _economy(model: "EscalationModel") -> dict[str, float]:
    economy = model.economy
    assert economy is not None
    names = (
        "reserves_usd",
        "gold_usd",
        "rub_per_usd", "tjs_per_usd", "fx_premium", "deposits", "price_index", "food_price_index",
        "fuel_stock_days", "fuel_price_index", "output_index", "budget_arrears",
    )  # fmt: skip
    return {name: getattr(economy, name) for name in names}


def regions_of_today(model: "EscalationModel") -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Regional values of the day, each (regions,): flows, to be summed over the week, and stocks."""
    assert model.households is not None
    today = model.households.today
    flows = {
        "remittances_usd": today.remittances_usd,
        "deported": today.deported,
        "returned": today.returned,
        "departures": today.departures,
        "protesters": today.protesters_host + today.protesters_coercer,
    }
    stocks = {
        "migrants_in_russia": today.migrants_in_russia,
        "poverty_rate": today.poverty / np.maximum(today.households, 1.0),
        "grievance_against_host": today.grievance_host,
        "grievance_against_coercer": today.grievance_coercer,
    }
    return flows, stocks
