"""Sending money: how much on a payday, by which way, with what fee and lag; the rest is held back.

The row work is `household_kernel.pay`, or the same in array expressions where numba is missing.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from model.world.household_day import Conditions
from model.world.household_kernel import (
    CAPACITY,
    CARD_KEEPS,
    CARD_OPEN,
    CARRIED,
    CENTS,
    COURIER_KEEPS,
    EAGER,
    INFORMAL,
    OPERATOR,
    OPERATOR_OPEN,
    RECEIVED,
    RELEASE,
    RESPONSE,
    SAVE,
    VALUE,
    WAGE,
)
from model.world.household_strata import F32, I64
from model.world.household_terms import wage
from model.world.population import F64, Population, cents_by_region

Index = npt.NDArray[np.int32]
Places = npt.NDArray[np.intp]


class Remitting:
    """Paydays of the rows, and the money that couriers carry: rows and USD a row, by day of arrival.

    Couriers take `lag` days, so a ring of lag + 1 days holds all that is under way.
    """

    def __init__(self, population: Population, numbers: Mapping[str, float]) -> None:
        p, n = population, numbers
        self.population = p
        self._n = n
        self.lag = round(n["informal_lag_days"])
        most = max(p.payday(phase).size for phase in range(p.cycle))
        self.rows = np.zeros((self.lag + 1, most), dtype=np.int32)
        self.money = np.zeros((self.lag + 1, most), dtype=np.float32)
        self.count = np.zeros(self.lag + 1, dtype=np.int64)

    def _wanted(self, wage: float, rows: Index) -> F32:
        """USD that the migrants of these rows would send for one pay cycle, without asking who needs it."""
        p = self.population
        return p.unit[rows] * p.away[rows] * np.float32(wage)

    def start(self, now: Conditions) -> None:
        """What couriers carry on day 0 already."""
        p = self.population
        response = self._n["output_response"]
        wages = wage(now.remit_season, now.russian_output, now.rub_per_usd, response, p.cycle)
        for day in range(self.lag):
            rows = p.payday(day - self.lag)
            rows = rows[p.channel[rows] == INFORMAL]
            self._hand_over(day, rows, self._wanted(wages, rows))

    def _hand_over(self, slot: int, rows: Index, money: F32) -> None:
        self.count[slot] = rows.size
        self.rows[slot, : rows.size] = rows
        self.money[slot, : rows.size] = money

    def slots(self, day: int) -> tuple[int, int]:
        """Lines of the ring: of those who set out today, and of those who arrive."""
        return (day + self.lag) % (self.lag + 1), day % (self.lag + 1)

    def pay(self, day: int, terms: F64, totals: I64) -> None:
        """Pay the rows whose payday it is; book in `totals` what came at once and what couriers brought."""
        p = self.population
        rows = p.payday(day)
        leaving, arriving = self.slots(day)
        wanted = self._wanted(terms[WAGE], rows)
        wanted *= np.float32(terms[EAGER]) + np.float32(terms[RESPONSE]) * p.hardship[rows]
        direct, by_card, carried = self._ways(terms, rows)
        due = wanted + np.float32(terms[RELEASE]) * p.held[rows]
        asked = _money(due[carried]) * p.weight
        room = min(1.0, terms[CAPACITY] / asked) if asked > 0.0 else 1.0
        sent = due * direct
        sent[carried] = due[carried] * np.float32(room)
        p.held[rows] += wanted - sent
        p.savings[rows] += wanted * np.float32(terms[SAVE])
        sent[by_card] *= np.float32(terms[CARD_KEEPS])
        newcomers = carried[p.channel[rows[carried]] != INFORMAL]
        sent[newcomers] *= np.float32(terms[COURIER_KEEPS])
        self._hand_over(leaving, rows[carried], sent[carried])
        at_once, where = sent[direct], rows[direct]
        p.buffer[where] += at_once * np.float32(terms[VALUE])
        totals[RECEIVED] = cents_by_region(at_once, p.region[where])
        arrived = self.rows[arriving, : self.count[arriving]]
        money = self.money[arriving, : self.count[arriving]]
        p.buffer[arrived] += money * np.float32(terms[VALUE])
        totals[CARRIED] = cents_by_region(money, p.region[arrived])

    def _ways(self, terms: F64, rows: Index) -> tuple[npt.NDArray[np.bool_], Places, Places]:
        """Of these rows: mask of those whose money comes at once; places turned to cards, to couriers."""
        p = self.population
        channel, found, provider = p.channel[rows], p.found[rows] > 0, p.provider[rows]
        way = np.where(channel == OPERATOR, terms[OPERATOR_OPEN], terms[CARD_OPEN])
        usual = (channel != INFORMAL) & (provider < way)
        by_card = ~usual & (channel == OPERATOR) & found & (provider < np.float32(terms[CARD_OPEN]))
        carried = ~usual & ~by_card & found
        return usual | by_card, np.flatnonzero(by_card), np.flatnonzero(carried)


def _money(column: F32) -> float:
    """Sum of a column of USD in fixed point."""
    return float((column * np.float32(CENTS)).astype(np.int64).sum()) / CENTS
