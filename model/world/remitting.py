"""Sending money: how much on a payday, by which way, with what fee and lag; the rest is held back.

The row work is `household_kernel.pay`, or the same in array expressions where numba is missing.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from model.world import household_kernel as kernel
from model.world.household_day import Conditions
from model.world.household_kernel import CARRIED, CENTS, INFORMAL, OPERATOR, RECEIVED
from model.world.population import F32, I64, Population, cents_by_region

Index = npt.NDArray[np.intp]


class Remitting:
    """Paydays of the rows, and the money that couriers carry: rows and USD a row, by day of arrival.

    Couriers take `lag` days, so a ring of lag + 1 days holds all that is under way.
    """

    def __init__(self, population: Population, numbers: Mapping[str, float]) -> None:
        p, n = population, numbers
        self.population = p
        self._n = n
        self.lag = round(n["informal_lag_days"])
        most = max(rows.size for rows in p.paydays)
        self._rows = np.zeros((self.lag + 1, most), dtype=np.int64)
        self._money = np.zeros((self.lag + 1, most), dtype=np.float32)
        self._count = np.zeros(self.lag + 1, dtype=np.int64)
        self._columns = (
            p.region, p.away, p.channel, p.found, p.provider, p.unit, p.hardship, p.held, p.savings, p.buffer,
        )  # fmt: skip
        names = ("release_share", "savings_share", "shortfall_response", "card_fee", "informal_fee")
        self._habits = tuple(n[name] for name in names)

    def _wage(self, now: Conditions) -> float:
        """What a migrant can send for a pay cycle, against a day at the yearly mean."""
        earned = now.remit_season * now.russian_output ** self._n["output_response"] / now.rub_per_usd
        wage: float = earned * self.population.cycle
        return wage

    def _wanted(self, wage: float, rows: Index) -> F32:
        """USD that the migrants of these rows would send for one pay cycle, without asking who needs it."""
        p = self.population
        return p.unit[rows] * p.away[rows] * np.float32(wage)

    def start(self, now: Conditions) -> None:
        """What couriers carry on day 0 already."""
        p = self.population
        for day in range(self.lag):
            rows = p.paydays[(day - self.lag) % p.cycle]
            rows = rows[p.channel[rows] == INFORMAL]
            self._hand_over(day, rows, self._wanted(self._wage(now), rows))

    def _hand_over(self, slot: int, rows: Index, money: F32) -> None:
        self._count[slot] = rows.size
        self._rows[slot, : rows.size] = rows
        self._money[slot, : rows.size] = money

    def pay(self, now: Conditions, day: int, value: float, totals: I64, compiled: bool) -> None:
        """Pay the rows whose payday it is; book in `totals` what came at once and what couriers brought."""
        p, n = self.population, self._n
        rows, wage = p.paydays[day % p.cycle], self._wage(now)
        eager = 1.0 + n["block_response"] * now.expected_block
        leaving, arriving = (day + self.lag) % (self.lag + 1), day % (self.lag + 1)
        if compiled:
            kernel.pay(
                rows, *self._columns, *self._habits, wage, eager, now.operator_open, now.card_open, p.weight,
                now.informal_capacity_usd, value, self._rows, self._money, self._count, leaving, arriving,
                totals,
            )  # fmt: skip
            return
        wanted = self._wanted(wage, rows)
        wanted *= np.float32(eager) + np.float32(n["shortfall_response"]) * p.hardship[rows]
        direct, by_card, carried = self._ways(now, rows)
        due = wanted + np.float32(n["release_share"]) * p.held[rows]
        asked = _money(due[carried]) * p.weight
        room = min(1.0, now.informal_capacity_usd / asked) if asked > 0.0 else 1.0
        sent = due * direct
        sent[carried] = due[carried] * np.float32(room)
        p.held[rows] += wanted - sent
        p.savings[rows] += wanted * np.float32(n["savings_share"])
        sent[by_card] *= np.float32(1.0 - n["card_fee"])
        newcomers = carried[p.channel[rows[carried]] != INFORMAL]
        sent[newcomers] *= np.float32(1.0 - n["informal_fee"])
        self._hand_over(leaving, rows[carried], sent[carried])
        at_once, where = sent[direct], rows[direct]
        p.buffer[where] += at_once * np.float32(value)
        totals[RECEIVED] = cents_by_region(at_once, p.region[where])
        arrived = self._rows[arriving, : self._count[arriving]]
        money = self._money[arriving, : self._count[arriving]]
        p.buffer[arrived] += money * np.float32(value)
        totals[CARRIED] = cents_by_region(money, p.region[arrived])

    def _ways(self, now: Conditions, rows: Index) -> tuple[npt.NDArray[np.bool_], Index, Index]:
        """Of these rows: mask of those whose money comes at once; places turned to cards, to couriers."""
        p = self.population
        channel, found, provider = p.channel[rows], p.found[rows] > 0, p.provider[rows]
        way = np.where(channel == OPERATOR, now.operator_open, now.card_open)
        usual = (channel != INFORMAL) & (provider < way)
        by_card = ~usual & (channel == OPERATOR) & found & (provider < np.float32(now.card_open))
        carried = ~usual & ~by_card & found
        return usual | by_card, np.flatnonzero(by_card), np.flatnonzero(carried)


def _money(column: F32) -> float:
    """Sum of a column of USD in fixed point."""
    return float((column * np.float32(CENTS)).astype(np.int64).sum()) / CENTS
