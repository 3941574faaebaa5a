"""What a day is like for households, and what they make of it: input and output of `Households.step`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Regions = npt.NDArray[np.float64]


@dataclass(slots=True)
class Conditions:
    """What the world outside is like for households on a day; the defaults are normal times.

    remit_season: money of one migrant against the yearly mean (`Season.remit_per_migrant`).
    departure_season, return_season: chance a day that a migrant at home leaves, and that one abroad comes
    back (`Season.departure_hazard`, `return_hazard`). rub_per_usd, tjs_per_usd, russian_output, work_index
    and the price indices: against day 0. operator_open, card_open: share of that way of sending that works.
    informal_capacity_usd: USD a day that couriers and the like can carry. expected_block: belief in a
    block of transfers, 0-1. raids, entry_ban: level of the measure, 0 being the normal regime.
    routes_open: share of travel. legitimacy of the host, blame_coercer (share of the blame), police (share
    left for order), rationing, violence: 0-1. internet_on: 0 or 1. aid_usd: USD a day handed to
    households. nonrussian: remittances from elsewhere against normal. unrest: 0 switches protest off.
    """

    remit_season: float
    departure_season: float
    return_season: float
    informal_capacity_usd: float
    rub_per_usd: float = 1.0
    tjs_per_usd: float = 1.0
    russian_output: float = 1.0
    operator_open: float = 1.0
    card_open: float = 1.0
    expected_block: float = 0.0
    raids: float = 0.0
    entry_ban: float = 0.0
    routes_open: float = 1.0
    price_index: float = 1.0
    food_price_index: float = 1.0
    fuel_price_index: float = 1.0
    work_index: float = 1.0
    legitimacy: float = 0.7
    blame_coercer: float = 0.5
    police: float = 1.0
    internet_on: float = 1.0
    rationing: float = 0.0
    violence: float = 0.0
    aid_usd: float = 0.0
    nonrussian: float = 1.0
    unrest: float = 1.0


class Aggregates:
    """A day by region: float64 arrays of shape (5,), for the whole population (weights applied).

    Persons: migrants_in_russia, entry_banned and migrants_home are stocks; deported, returned, departures
    flows of the day; protesters_host, protesters_coercer of the day. Households: households, poverty,
    food_cut. USD of the day: remittances_usd (all, of which remittances_russian_usd and
    remittances_informal_usd), savings_brought_usd; at prices of day 0: consumption_usd,
    normal_consumption_usd, withdrawals_usd (spent out of savings; negative when put aside). Means 0-1:
    grievance_host, grievance_coercer.

    table: all of it, a row a name and a last column with the totals: each name's sum over regions, exactly rounded
    as by `math.fsum`, and by name in `totals`. The order here is that of the
    rows that `household_pass.sum_up` fills.
    """

    remittances_usd: Regions
    remittances_russian_usd: Regions
    remittances_informal_usd: Regions
    migrants_in_russia: Regions
    migrants_home: Regions
    entry_banned: Regions
    deported: Regions
    returned: Regions
    departures: Regions
    households: Regions
    poverty: Regions
    food_cut: Regions
    protesters_host: Regions
    protesters_coercer: Regions
    grievance_host: Regions
    grievance_coercer: Regions
    consumption_usd: Regions
    normal_consumption_usd: Regions
    savings_brought_usd: Regions
    withdrawals_usd: Regions

    def __init__(self, table: npt.NDArray[np.float64]) -> None:
        self.table = table

    @cached_property
    def totals(self) -> dict[str, float]:
        """The last column by name."""
        return dict(zip(NAMES, self.table[:, -1].tolist(), strict=True))

    def __getattr__(self, name: str) -> Regions:
        """The row of the table that has this name."""
        if name not in ROWS:
            raise AttributeError(name)
        row: Regions = self.table[ROWS[name], :-1]
        return row


NAMES = tuple(Aggregates.__annotations__)
ROWS = {name: row for row, name in enumerate(NAMES)}
