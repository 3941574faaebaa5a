"""What the conditions of a day come to for the rows, in plain arithmetic, compiled where numba is.

`now` are the day's `household_day.Conditions`, `n` numbers of the section `households` with a few of the population
(HABITS). The outcome is the vector of terms that the kernel and its twin read.
"""

from __future__ import annotations

import math
from dataclasses import fields

from model.compiled import compiled, compiled_within, kind_of_record
from model.world.household_day import Conditions
from model.world.household_kernel import (
    AID,
    AID_PAID,
    ARREST,
    AT_RISK,
    BOUND,
    CAPACITY,
    CARD_OPEN,
    CAUGHT,
    COMING,
    CUT_BELOW,
    EAGER,
    EARNING,
    ELSEWHERE,
    ENTRY_BAN,
    FEAR,
    FIND,
    FLIGHT,
    LEAVING,
    NONRUSSIAN,
    OPERATOR_OPEN,
    REGIONS,
    REMOVAL,
    ROUTES_OPEN,
    SEASON,
    STREET,
    TO_COERCER,
    TO_HOST,
    VALUE,
    WAGE,
    WORDS,
)  # fmt: skip

CONDITIONS = kind_of_record(*(field.name for field in fields(Conditions)))
#: of the population: households a row, rows, all households, days of a pay cycle, members of the largest row, and what
#: the most exposed status adds to the risk of removal and of fright
OF_POPULATION = ("weight", "rows", "all", "cycle", "most", "most_caught", "most_frightened")
HABITS = kind_of_record(
    *OF_POPULATION,
    "removals_per_day", "removals_peak", "fright_rate", "raid_deterrence", "find_rate", "output_response",
    "block_response", "indexed_share", "violence_work", "food_share", "fuel_share", "ration_relief",
    "coercer_standing", "protest_threshold", "violence_fear", "turnout", "coordination_offline", "police_persons",
    "police_for_coercer", "arrest_constant",
)  # fmt: skip


@compiled("f8", "f8", "f8", "f8", "f8", returns="f8")
def wage(remit_season, russian_output, rub_per_usd, response, cycle):  # type: ignore[no-untyped-def]
    """What a migrant can send for a pay cycle, against a day at the yearly mean."""
    return remit_season * russian_output**response / rub_per_usd * cycle


@compiled_within
def _face_journeys(now, n, abroad, terms):  # type: ignore[no-untyped-def]
    """Hazards of removal, flight, return and departure."""
    exposed = 0.0
    for status in range(4):
        exposed += abroad[status] * terms[REMOVAL + status]
    exposed *= n.weight
    capacity = n.removals_per_day + now.raids * max(0.0, n.removals_peak - n.removals_per_day)
    caught = min(1.0, capacity / exposed if exposed > 0.0 else 0.0)
    flight = now.raids * n.fright_rate * now.routes_open
    coming = now.return_season * now.routes_open
    leaving = min(1.0, max(0.0, now.departure_season * (1.0 - n.raid_deterrence * now.raids)))
    another = n.find_rate if now.informal_capacity_usd > 0.0 or now.card_open > 0.0 else 0.0
    blocked = now.operator_open < 1.0 or now.card_open < 1.0
    find = another if blocked else 0.0
    # What a member abroad, and any row, cannot exceed: so only the few rows below are looked at.
    away = caught * n.most_caught + 1.5 * (flight * n.most_frightened) + coming
    terms[AT_RISK] = away
    terms[BOUND] = int(min(WORDS - 1.0, (n.most * max(away, leaving) + find) * WORDS))
    terms[CAUGHT], terms[FLIGHT], terms[COMING] = caught, flight, coming
    terms[LEAVING], terms[FIND] = leaving, find
    terms[ROUTES_OPEN], terms[ENTRY_BAN] = now.routes_open, now.entry_ban


@compiled_within
def _face_prices(now, n, value, season, terms):  # type: ignore[no-untyped-def]
    """What is earned and needed: own produce and fees rise with prices, wages do not."""
    eroded = now.price_index ** (1.0 - n.indexed_share)
    terms[EARNING] = now.work_index * (1.0 - n.violence_work * now.violence) / eroded
    terms[NONRUSSIAN], terms[ELSEWHERE] = now.nonrussian, now.nonrussian * value
    paid = now.aid_usd * value
    terms[AID_PAID], terms[AID] = paid, paid / (n.weight * n.rows)
    terms[SEASON] = season
    food = n.food_share * (now.food_price_index / now.price_index - 1.0)
    fuel = n.fuel_share * (now.fuel_price_index / now.price_index - 1.0)
    # Fuel and the like are paid first and in full, so dearer fuel and food eat into the cushion.
    terms[CUT_BELOW] = 1.0 + food + fuel - n.ration_relief * now.rationing


@compiled_within
def _face_streets(now, n, households, crowds, terms):  # type: ignore[no-untyped-def]
    """What is felt and feared: protest is that of Epstein (2002, model I) by region.

    It comes where grievance - risk aversion * P(arrest) > threshold. Grievance = hardship felt * (1 - legitimacy) of
    whom it is directed at, by the share of the blame. Police and protesters of the region are compared as in the
    NetLogo and Mesa versions of the model, with the quotient rounded.
    """
    terms[TO_HOST] = (1.0 - now.legitimacy) * (1.0 - now.blame_coercer)
    terms[TO_COERCER] = (1.0 - n.coercer_standing) * now.blame_coercer
    terms[FEAR] = n.protest_threshold + n.violence_fear * now.violence
    terms[STREET] = n.weight * now.unrest * n.turnout
    seen = 1.0 if now.internet_on > 0.0 else n.coordination_offline
    for side in range(2):
        force = n.police_persons * now.police * (1.0 if side == 0 else n.police_for_coercer)
        for k in range(REGIONS):
            crowd = crowds[side, k] * seen + 1.0  # including oneself
            officers = force * households[k] / n.all
            arrest = 1.0 - math.exp(-n.arrest_constant * math.floor(officers / crowd + 0.5))
            terms[ARREST + side * REGIONS + k] = arrest


@compiled(CONDITIONS, HABITS, "f8", "i8[::1]", "f8[::1]", "f8[:,::1]", "f8[::1]")
def face(conditions, habits, season, abroad, households, crowds, terms):  # type: ignore[no-untyped-def]
    """The day's terms, into `terms`. season: of the money that is lived on; abroad: members away by status (4,).

    households: by region; crowds: yesterday's protesters by side and region.
    """
    now, n = conditions[0], habits[0]
    value = now.tjs_per_usd / now.price_index
    terms[VALUE] = value
    _face_journeys(now, n, abroad, terms)
    terms[WAGE] = wage(now.remit_season, now.russian_output, now.rub_per_usd, n.output_response, n.cycle)
    terms[EAGER] = 1.0 + n.block_response * now.expected_block
    terms[OPERATOR_OPEN], terms[CARD_OPEN] = now.operator_open, now.card_open
    terms[CAPACITY] = now.informal_capacity_usd
    _face_prices(now, n, value, season, terms)
    _face_streets(now, n, households, crowds, terms)
