"""The peer: the households of this model as plain Mesa, one agent object a household.

The same population, numbers and rules as `model.world`. A day is staged as the rules demand: all travel, those
whose payday it is are paid, all live. It is as fast as plain Mesa gets: fixed order, tallies kept by the
agents as they act, no data collector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import mesa

from benchmarks.plain_household import COLUMNS, COURIER, Household
from benchmarks.plain_today import AT_COERCER, AT_HOST, CARRIED, MEASURES, REGIONS, Habits, Today
from model.randomness import Luck
from model.world.household_day import Conditions
from model.world.population import INFORMAL, Population


class MesaCountry(mesa.Model):
    """All households, and what a day adds up to.

    tally: what happened today and stocks: members away, at home and barred, both by region and in rows, not
    weighted.
    """

    def __init__(self, numbers: Mapping[str, float], luck: Luck, rows: int, mean_stock: float) -> None:
        super().__init__(rng=1)
        people = Population(numbers, luck, rows, mean_stock)
        columns = [getattr(people, name).tolist() for name in COLUMNS]
        self.households = Household.create_agents(self, rows, *columns)
        everyone: list[Household] = list(self.households)
        self.paydays = [[everyone[row] for row in people.payday(day)] for day in range(people.cycle)]
        self.weight, self.rows = people.weight, rows
        self.habits = Habits(people.numbers, people.weight, [last - first for first, last in people.bounds])
        self.chance: Callable[[], float] = self.random.random
        self.stocks = [[0] * REGIONS for _ in range(3)]
        self.away_by_status = [0] * 4
        for one in everyone:
            self.away_by_status[one.status] += one.away
            for where, name in enumerate(("away", "home", "banned")):
                self.stocks[where][one.region] += getattr(one, name)
        self.most = max(one.members for one in everyone)
        self.carried: list[list[tuple[Household, float]]] = [[] for _ in range(self.habits.lag + 1)]
        self.tally = [[0.0] * REGIONS for _ in range(MEASURES)]
        self.crowds = [[0.0] * REGIONS for _ in range(2)]
        self.entry_ban = 0.0
        self.season: float | None = None

    def day(self, now: Conditions, number: int, words: Iterable[int] | None = None) -> list[list[float]]:
        """Move all households through a day, the days in order from 0; the tally.

        words: the luck of the day as 32-bit words in the order of rows; Mesa's own generator if None.
        """
        if words is not None:
            self.chance = (word / 2.0**32 for word in words).__next__
        first = self.season is None
        last = now.remit_season if self.season is None else self.season
        self.season = last + (now.remit_season - last) * 2.0 / len(self.paydays)
        self.today = Today(self, now, self.season)
        if first:
            self.start_couriers()
        self.tally = [[0.0] * REGIONS for _ in range(MEASURES)]
        if now.entry_ban <= 0.0 < self.entry_ban:
            self.households.do("let_back")
        self.entry_ban = now.entry_ban
        self.households.do("travel")
        self.pay(number)
        self.households.do("live")
        turnout = self.weight * now.unrest * self.habits.turnout
        self.crowds = [[n * turnout for n in self.tally[side]] for side in (AT_HOST, AT_COERCER)]
        return self.tally

    def start_couriers(self) -> None:
        """What couriers carry on day 0 already."""
        for day in range(self.habits.lag):
            senders = self.paydays[(day - self.habits.lag) % len(self.paydays)]
            self.carried[day] = [
                (one, one.unit * one.away * self.today.wage) for one in senders if one.channel == INFORMAL
            ]

    def pay(self, number: int) -> None:
        """Those whose payday it is send; couriers, who can carry so much in a day, arrive after some days."""
        senders, lag = self.paydays[number % len(self.paydays)], self.habits.lag
        release = self.habits.release_share
        asked = sum(one.wanted() + release * one.held for one in senders if one.way() == COURIER)
        capacity = self.today.now.informal_capacity_usd
        room = min(1.0, capacity / (asked * self.weight)) if asked > 0.0 else 1.0
        self.carried[(number + lag) % (lag + 1)] = [
            (one, usd) for one in senders if (usd := one.send(room)) > 0.0
        ]
        for one, usd in self.carried[number % (lag + 1)]:
            one.receive(usd, CARRIED)
