"""Sending money: how much on a payday, by which way, with what fee and lag; the rest is held back."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from model.world.household_day import Conditions, Regions
from model.world.population import CENTS, F32, INFORMAL, OPERATOR, REGIONS, Population, sum_by_region

Index = npt.NDArray[np.intp]


class Remitting:
    """Paydays of the rows, and the money that couriers carry: (day of arrival, rows, USD a row)."""

    def __init__(self, population: Population, numbers: Mapping[str, float]) -> None:
        self.population = population
        self._n = numbers
        self.lag = round(numbers["informal_lag_days"])
        self._transit: deque[tuple[int, Index, F32]] = deque()

    def _wanted(self, now: Conditions, rows: Index) -> F32:
        """USD that the migrants of these rows would send for one pay cycle, without asking who needs it."""
        p = self.population
        wage = now.remit_season * now.russian_output ** self._n["output_response"] / now.rub_per_usd
        return p.unit[rows] * p.away[rows] * np.float32(wage * p.cycle)

    def start(self, now: Conditions) -> None:
        """What couriers carry on day 0 already."""
        p = self.population
        for day in range(self.lag):
            rows = p.paydays[(day - self.lag) % p.cycle]
            rows = rows[p.channel[rows] == INFORMAL]
            self._transit.append((day, rows, self._wanted(now, rows)))

    def pay(self, now: Conditions, day: int, value: float) -> tuple[Regions, Regions]:
        """Money of the rows whose payday it is: USD received a row sum by region, all and informal."""
        p, n = self.population, self._n
        rows = p.paydays[day % p.cycle]
        wanted = self._wanted(now, rows)
        eager = 1.0 + n["block_response"] * now.expected_block
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
        self._transit.append((day + self.lag, rows[carried], sent[carried]))
        at_once, where = sent[direct], rows[direct]
        p.buffer[where] += at_once * np.float32(value)
        received = sum_by_region(at_once, p.region[where])
        informal = np.zeros(REGIONS)
        while self._transit and self._transit[0][0] <= day:
            _, arrived, money = self._transit.popleft()
            p.buffer[arrived] += money * np.float32(value)
            informal += sum_by_region(money, p.region[arrived])
        return received + informal, informal

    def _ways(self, now: Conditions, rows: Index) -> tuple[npt.NDArray[np.bool_], Index, Index]:
        """Of these rows: mask of those whose money comes at once; places turned to cards, to couriers."""
        p = self.population
        channel, found = p.channel[rows], p.found[rows] > 0
        usual = channel != INFORMAL
        if now.operator_open >= 1.0 and now.card_open >= 1.0:
            return usual, np.flatnonzero(usual)[:0], np.flatnonzero(~usual)
        provider = p.provider[rows]
        usual &= provider < np.where(channel == OPERATOR, now.operator_open, now.card_open)
        by_card = ~usual & (channel == OPERATOR) & found & (provider < now.card_open)
        carried = ~usual & ~by_card & found
        return usual | by_card, np.flatnonzero(by_card), np.flatnonzero(carried)


def _money(column: F32) -> float:
    """Sum of a column of USD in fixed point."""
    return float((column * np.float32(CENTS)).astype(np.int64).sum()) / CENTS
