"""The peer: the households of this model as plain Mesa, one agent object a household, rule by rule.

The same population, numbers and rules as `model.world`, in the float64 of Python. A day is staged as the rules
demand: all travel, those whose payday it is are paid, all live. It is as fast as plain Mesa gets: fixed order,
tallies kept by the agents as they act, no data collector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter

import mesa

from benchmarks.plain_today import (
    ANGERED,
    AT_COERCER,
    AT_HOST,
    AWAY,
    BANNED,
    BARRED,
    BROUGHT,
    CARRIED,
    CUT_FOOD,
    DEPARTED,
    FELT,
    FOUND,
    HOME,
    MEASURES,
    NEEDED,
    POOR,
    RECEIVED,
    REGIONS,
    REMOVED,
    RETURNED,
    SPENT,
    STRANDED,
    Habits,
    Today,
)  # fmt: skip
from model.randomness import Luck
from model.world.household_day import Conditions
from model.world.population import CARD, INFORMAL, OPERATOR, PASSPORT, Population

COLUMNS = (
    "region", "status", "members", "away", "home", "banned", "turned_away", "counted_on", "found", "channel",
    "provider", "access", "risk", "unit", "savings", "held", "buffer", "anger", "lived_on", "local_income",
    "other_income", "fixed_need", "cushion", "poor_below", "trait", "hardship",
)  # fmt: skip
USUAL, BY_CARD, COURIER, NONE = range(4)


class Household(mesa.Agent):
    """A household; its attributes are the columns of `Population`."""

    model: MesaCountry
    region: int
    status: int
    members: int
    away: int
    home: int
    banned: int
    turned_away: int
    counted_on: int
    found: int
    channel: int
    buffer: float
    anger: float
    hardship: float

    def __init__(self, model: MesaCountry, *values: float) -> None:
        super().__init__(model)
        for name, value in zip(COLUMNS, values, strict=True):
            setattr(self, name, value)

    def travel(self) -> None:
        """At most one event a day: the hazards partition one uniform."""
        model = self.model
        today, luck = model.today, model.chance()
        if luck >= today.bound:
            return
        let_in = 1.0 if self.status == PASSPORT else 1.0 - today.now.entry_ban
        leaves = self.home * today.leaving
        luck -= self.away * today.removal[self.status]
        if luck < 0.0:
            return self.come_home(REMOVED)
        luck -= self.away * today.fright[self.status] * (self.risk + 0.5)
        if luck < 0.0:
            return self.come_home(RETURNED)
        luck -= self.away * today.coming
        if luck < 0.0:
            return self.come_home(RETURNED, planned=True)
        luck -= leaves * (1.0 - let_in)
        if luck < 0.0:
            return self.turn_away()
        luck -= leaves * today.now.routes_open * let_in
        if luck < 0.0:
            return self.depart()
        luck -= leaves * (1.0 - today.now.routes_open) * let_in
        if luck < 0.0:
            model.tally[STRANDED][self.region] += 1
            return self.count_on(self.counted_on, self.away + 1)
        way = today.now.card_open if self.channel == CARD else today.now.operator_open
        if not self.found and self.provider >= way and self.away and luck < today.find * self.access:
            model.tally[FOUND][self.region] += 1
            self.found = 1

    def come_home(self, why: int, planned: bool = False) -> None:
        """One member is back, with his part of the savings; a planned return is not missed."""
        model, k = self.model, self.region
        model.tally[why][k] += 1
        share = 1.0 / self.away
        saved = (self.savings + self.held) * share
        self.savings *= 1.0 - share
        self.held *= 1.0 - share
        self.buffer += saved * model.today.value
        model.tally[BROUGHT][k] += saved
        self.away -= 1
        model.away_by_status[self.status] -= 1
        model.stocks[AWAY][k] -= 1
        if why == REMOVED:
            self.anger = min(1.0, self.anger + model.habits.removal_anger)
            self.banned += 1
            model.stocks[BARRED][k] += 1
        else:
            self.home += 1
            model.stocks[HOME][k] += 1
        self.count_on(self.counted_on - planned, self.away)

    def turn_away(self) -> None:
        """One member may not enter, and is missed."""
        model, k = self.model, self.region
        model.tally[BANNED][k] += 1
        self.home -= 1
        self.banned += 1
        self.turned_away += 1
        model.stocks[HOME][k] -= 1
        model.stocks[BARRED][k] += 1
        self.count_on(self.counted_on, self.away + 1)

    def depart(self) -> None:
        """One member leaves for work."""
        model, k = self.model, self.region
        model.tally[DEPARTED][k] += 1
        self.away += 1
        self.home -= 1
        model.away_by_status[self.status] += 1
        model.stocks[AWAY][k] += 1
        model.stocks[HOME][k] -= 1
        self.count_on(self.counted_on, self.away)

    def count_on(self, counted: int, missed: int) -> None:
        """The household lives on the money of so many members."""
        self.counted_on = min(max(counted, missed), self.members)
        self.lived_on = self.unit * self.counted_on

    def let_back(self) -> None:
        """The ban on all is lifted: whom it kept from leaving may leave again."""
        self.home += self.turned_away
        self.banned -= self.turned_away
        self.model.stocks[HOME][self.region] += self.turned_away
        self.model.stocks[BARRED][self.region] -= self.turned_away
        self.turned_away = 0

    def wanted(self) -> float:
        """USD that its migrants would send for a pay cycle."""
        today, habits = self.model.today, self.model.habits
        need = today.eager + habits.shortfall_response * self.hardship
        return float(self.unit * self.away * today.wage * need)

    def way(self) -> int:
        """How its money goes today."""
        now = self.model.today.now
        is_open = now.operator_open if self.channel == OPERATOR else now.card_open
        if self.channel != INFORMAL and self.provider < is_open:
            return USUAL
        if self.channel == OPERATOR and self.found and self.provider < now.card_open:
            return BY_CARD
        return COURIER if self.found else NONE

    def send(self, room: float) -> float:
        """Send, hold back and save; USD handed to a courier. room: share of what couriers are asked to take."""
        habits, way = self.model.habits, self.way()
        wanted = self.wanted()
        due = wanted + habits.release_share * self.held
        sent = 0.0 if way == NONE else due * room if way == COURIER else due
        self.held += wanted - sent
        self.savings += wanted * habits.savings_share
        if way == COURIER:
            return sent if self.channel == INFORMAL else sent * (1.0 - habits.informal_fee)
        self.receive(sent * (1.0 - habits.card_fee) if way == BY_CARD else sent, RECEIVED)
        return 0.0

    def receive(self, usd: float, how: int) -> None:
        """Money arrives."""
        self.buffer += usd * self.model.today.value
        self.model.tally[how][self.region] += usd

    def live(self) -> None:
        """Earn, spend, cut food, remember hardship, and protest where grievance outweighs fear."""
        model, k = self.model, self.region
        today, habits, tally = model.today, model.habits, model.tally
        income = self.local_income * today.earning + self.other_income * today.elsewhere + today.aid
        need = self.lived_on * today.season + self.fixed_need
        at_hand = self.buffer + income
        spend = min((at_hand - income) / habits.spending_horizon_days + income, need)
        self.buffer = at_hand - spend
        ratio = spend / need
        self.hardship += (1.0 - ratio - self.hardship) / habits.hardship_days
        tally[SPENT][k] += spend
        tally[NEEDED][k] += need
        if ratio + self.cushion < today.cut_below:
            tally[CUT_FOOD][k] += 1
        if ratio < self.poor_below:
            tally[POOR][k] += 1
        felt = min(self.hardship * self.trait * habits.hardship_gain, self.trait)
        self.anger *= habits.anger_kept
        tally[FELT][k] += felt
        tally[ANGERED][k] += self.anger
        if felt * today.at_host > self.risk * today.arrest[0][k] + today.fear:
            tally[AT_HOST][k] += 1
        if felt * today.at_coercer + self.anger > self.risk * today.arrest[1][k] + today.fear:
            tally[AT_COERCER][k] += 1


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
        self.paydays = [[everyone[row] for row in senders] for senders in people.paydays]
        self.weight, self.rows = people.weight, rows
        self.habits = Habits(people.numbers, people.weight, [last - first for first, last in people.bounds])
        self.chance: Callable[[], float] = self.random.random
        self.stocks = [[0] * REGIONS for _ in range(3)]
        self.away_by_status = [0] * 4
        for one in everyone:
            self.away_by_status[one.status] += one.away
            for where, name in enumerate(("away", "home", "banned")):
                self.stocks[where][one.region] += attrgetter(name)(one)
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
