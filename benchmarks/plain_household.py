"""A household as a plain Mesa agent: the rules of `model.world` row by row, in the float64 of Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from benchmarks.plain_today import (
    ANGERED,
    AT_COERCER,
    AT_HOST,
    AWAY,
    BANNED,
    BARRED,
    BROUGHT,
    CUT_FOOD,
    DEPARTED,
    FELT,
    FOUND,
    HOME,
    NEEDED,
    POOR,
    RECEIVED,
    REMOVED,
    RETURNED,
    SPENT,
    STRANDED,
)  # fmt: skip
from model.world.population import CARD, INFORMAL, OPERATOR, PASSPORT

if TYPE_CHECKING:
    from benchmarks.plain_mesa import MesaCountry

COLUMNS = (
    "region", "status", "members", "away", "home", "banned", "turned_away", "counted_on", "found", "channel",
    "provider", "access", "risk", "unit", "savings", "held", "buffer", "anger", "lived_on", "local_income",
    "other_income", "cushion", "poor_below", "trait", "hardship",
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
        need = self.lived_on * today.season + self.local_income + self.other_income
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
