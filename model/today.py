"""The line of a day: every series of `outcomes.csv` that the case can show, read off the model.

Written once a day of every run: what stands side by side on one object is fetched in one go.
"""

from collections.abc import Callable
from functools import cache
from itertools import chain
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

import numpy as np

from model.compiled import compiled
from model.outcomes import outcomes
from model.world.household_day import ROWS, Aggregates
from model.world.household_kernel import REGIONS

if TYPE_CHECKING:
    from model.simulation import EscalationModel

Values = Callable[["EscalationModel"], tuple[float, ...]]


@cache
def code(series: str, level: str) -> int:
    """Position of a level in the levels of a categorical series. Raises ValueError for an unknown level."""
    return outcomes()[series].levels.index(level)


class Line:
    """The line that one model writes every day; series of roles that the case lacks are left out.

    names: of the series, in the order of the values. Of several actors of a role the last is shown. weeks, regions:
    what is shown by region, and its tables by name; none where nothing is.
    """

    def __init__(self, model: "EscalationModel") -> None:
        shown: list[tuple[tuple[str, ...], Values, object]] = [
            (POLITICS, _politics, True),
            (FORCE, _force, True),
            (COERCER, _coercer, model.coercer),
            (GOVERNMENT, _government, model.government),
            (BLOC, _bloc, model.blocs),
            (ALLIANCE, _alliance, model.alliances),
            (COURT, _court, model.courts),
            (ONLOOKERS, _onlookers, model.onlookers),
        ]
        # Where nobody looks at the series, only those are written off which outcomes are read (`findings`).
        shown = shown if model.settings.series else []
        shown += [(PEOPLE, _people, model.households), (ECONOMY, _economy, model.households)]
        self._model = model
        self.weeks = Weeks(model.settings.days) if model.settings.series and model.households else None
        self.regions = self.weeks.tables if self.weeks else {}
        self.names = tuple(name for names, _, there in shown if there for name in names)
        self._parts = [values for _, values, there in shown if there]

    def today(self) -> list[float]:
        """Value of each series at the end of the day."""
        model = self._model
        return [*chain.from_iterable([values(model) for values in self._parts])]


POLITICS = (
    "detainee", "detainee_place", "host_in_power", "rung", "hostility", "measures", "internet_on"
)  # fmt: skip


def _politics(model: "EscalationModel") -> tuple[float, ...]:
    rung, hostility = model.affairs.standing_rung() if model.crisis.since else (0, 1)
    for act in model.record.acts_since(model.day - 1.0):
        rung, hostility = max(rung, act.kahn_rung), max(hostility, act.mid_hostility)
    return (
        code("detainee", model.custody.state),
        code("detainee_place", model.custody.place),
        model.crisis.in_power,
        rung,
        hostility,
        model.affairs.measures(),
        model.affairs.internet_on(),
    )


_SEEN = (
    "armour_in_capital", "sites_held_by_base", "territory_held", "army_strength", "army_cohesion",
    "army_resisting", "killed_base", "killed_army", "killed_civilian", "displaced",
)  # fmt: skip
FORCE = ("airport_open", "flights", "airspace_control", "base_posture", *_SEEN)
_seen = attrgetter(*_SEEN)


def _force(model: "EscalationModel") -> tuple[float, ...]:
    theatre, flights = model.theatre, model.affairs.flights()
    return (
        flights >= model.numbers["milestones.airport_closed_flights"],
        flights,
        code("airspace_control", theatre.airspace_control),
        code("base_posture", theatre.base_posture),
        *_seen(theatre),
    )


COERCER = ("coercer_cost_usd", "coercer_unity", "belief_force_success")
_coercer = attrgetter("coercer.cost_usd", "coercer.factions.unity", "coercer.force_success")
GOVERNMENT = ("belief_resolve", "belief_in_support", "belief_punishment", "elite_loyalty", "legitimacy")
_government = attrgetter(
    "government.belief.mean", "government.support.mean", "government.punishment.mean",
    "opinion.loyalty", "opinion.legitimacy",
)  # fmt: skip
BLOC = ("eu_statements", "eu_aid_usd", "eu_sanctions", "eu_programmes")
_of_bloc = attrgetter("statements", "aid_usd", "sanctions", "programmes")
ALLIANCE = ("csto_status", "csto_troops")
COURT = ("icc_stage",)
ONLOOKERS = ("un_resolutions", "norm_credibility")
_of_onlookers = attrgetter("resolutions", "credibility.mean")


def _bloc(model: "EscalationModel") -> tuple[float, ...]:
    found: tuple[float, ...] = _of_bloc(model.blocs[-1])
    return found


def _alliance(model: "EscalationModel") -> tuple[float, ...]:
    alliance = model.alliances[-1]
    return code("csto_status", alliance.status), alliance.troops


def _court(model: "EscalationModel") -> tuple[float, ...]:
    return (code("icc_stage", model.courts[-1].stage),)


def _onlookers(model: "EscalationModel") -> tuple[float, ...]:
    found: tuple[float, ...] = _of_onlookers(model.onlookers[-1])
    return found


PEOPLE = (
    "narrative_share", "remittances_usd", "remittances_informal_usd", "remittance_index", "transfer_channel_open",
    "migrants_in_russia", "deported", "returned", "departures", "entry_banned", "consumption_index",
    "food_cut_rate", "poverty_rate", "protesters", "protesters_against_host", "protesters_against_coercer", "unrest",
)  # fmt: skip
_totals = itemgetter(
    "households", "normal_consumption_usd", "remittances_usd", "remittances_informal_usd", "migrants_in_russia",
    "entry_banned", "consumption_usd", "food_cut", "poverty", "protesters_host", "protesters_coercer",
)  # fmt: skip


def _people(model: "EscalationModel") -> tuple[float, ...]:
    people, affairs = model.households, model.affairs
    assert people is not None
    households, normal, remitted, informal, away, banned, consumed, food_cut, poor, at_host, at_coercer = (
        _totals(people.today.totals)
    )
    return (
        model.opinion.story,
        remitted,
        informal,
        people.index,
        affairs.transfer_open(),
        away,
        people.removed,
        people.came_home,
        people.left,
        banned,
        consumed / normal if normal > 0.0 else 1.0,
        food_cut / households if households > 0.0 else 0.0,
        poor / households if households > 0.0 else 0.0,
        affairs.protesters,
        at_host,
        at_coercer,
        affairs.unrest(),
    )


ECONOMY = (
    "reserves_usd",
    "gold_usd",
    "rub_per_usd", "tjs_per_usd", "fx_premium", "deposits", "price_index", "food_price_index",
    "fuel_stock_days", "fuel_price_index", "output_index", "budget_arrears",
)  # fmt: skip
_of_economy = attrgetter(*ECONOMY)


def _economy(model: "EscalationModel") -> tuple[float, ...]:
    found: tuple[float, ...] = _of_economy(model.economy)
    return found


# By region

#: flows of a day, summed over the week, and stocks, of which the last of the week stands
FLOWS = ("remittances_usd", "deported", "returned", "departures", "protesters")
STOCKS = ("migrants_in_russia", "poverty_rate", "grievance_against_host", "grievance_against_coercer")
_FLOWS = tuple(
    ROWS[name] for name in ("remittances_usd", "deported", "returned", "departures", "protesters_host")
)
_STOCKS = tuple(
    ROWS[name] for name in ("migrants_in_russia", "poverty", "grievance_host", "grievance_coercer")
)
_PROTESTERS, _POVERTY = FLOWS.index("protesters"), STOCKS.index("poverty_rate")
_AT_COERCER, _HOUSEHOLDS = ROWS["protesters_coercer"], ROWS["households"]
DAYS_PER_WEEK = 7


@compiled("f8[:,:,::1]", "i8", "i8", "f8[:,:,::1]", "f8[:,:,::1]")
def _close(days, count, week, flows, stocks):  # type: ignore[no-untyped-def]
    """What the first `count` days of a week come to by region: a row a series of FLOWS and of STOCKS."""
    for region in range(flows.shape[2]):
        for i in range(len(_FLOWS)):
            total = 0.0
            for day in range(count):
                today = days[day, _FLOWS[i], region]
                total += today + days[day, _AT_COERCER, region] if i == _PROTESTERS else today
            flows[i, week, region] = total
        for i in range(len(_STOCKS)):
            last = days[count - 1, _STOCKS[i], region]
            stocks[i, week, region] = (
                last / max(days[count - 1, _HOUSEHOLDS, region], 1.0) if i == _POVERTY else last
            )


class Weeks:
    """The regional values of a run by week, `tables` (weeks, regions) by name, filled week by week."""

    def __init__(self, days: int) -> None:
        weeks = -(-days // DAYS_PER_WEEK)
        self._days, self._week = days, np.zeros((DAYS_PER_WEEK, len(ROWS), REGIONS + 1))
        self._flows = np.zeros((len(FLOWS), weeks, REGIONS))
        self._stocks = np.zeros((len(STOCKS), weeks, REGIONS))
        self.tables = dict(zip((*FLOWS, *STOCKS), (*self._flows, *self._stocks), strict=True))

    def note(self, day: int, today: Aggregates) -> None:
        """Write a day (0-based) into its week, once that is over."""
        week, weekday = divmod(day, DAYS_PER_WEEK)
        self._week[weekday] = today.table
        if weekday == DAYS_PER_WEEK - 1 or day + 1 == self._days:
            _close(self._week, weekday + 1, week, self._flows, self._stocks)
