"""One day of all households: who leaves and returns, who sends what by which way, who protests.

State arrays in, aggregates by region out; nothing here knows an actor. One word of luck a row a day: the
hazards of that row partition it. Money is sent on paydays, which need no luck. Sums are made in 64-bit
fixed point, so they do not depend on the order of rows or on the machine.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from model.randomness import Luck
from model.world.household_day import Aggregates, Conditions, Regions
from model.world.population import (
    CARD,
    CONTROLLED,
    F32,
    INFORMAL,
    IRREGULAR,
    LEGAL,
    OPERATOR,
    PASSPORT,
    REGIONS,
    Population,
    own_numbers,
)

Index = npt.NDArray[np.intp]
Moves = npt.NDArray[np.int64]

WORDS = 2.0**32
CENTS = 1024.0  # fixed point of money: 1/1024 USD
FINE = 2.0**20  # fixed point of shares

REMOVED, FRIGHTENED, RETURNED, BANNED, DEPARTED, STRANDED, FOUND = range(7)
# What an event does to the places of one member of the row, in the order of the events.
ABROAD = np.array([-1, -1, -1, 0, 1, 0, 0], dtype=np.int64)
TO_ABROAD = ABROAD.astype(np.uint8)
TO_HOME = np.array([0, 1, 1, -1, -1, 0, 0]).astype(np.uint8)
TO_BANNED = np.array([1, 0, 0, 1, 0, 0, 0], dtype=np.uint8)
HOMEWARD = np.array([1, 1, 1, 0, 0, 0, 0], dtype=np.float32)
MISSED = np.array([0, 0, 0, 1, 0, 1, 0], dtype=np.uint8)


class Households:
    """The population, its habits (numbers `households.*`) and the scratch of one day.

    `step` needs the days in order from 0 and one uint32 word a row (`Luck.words` of `household_day`); it
    raises ValueError for another number of words.
    """

    def __init__(self, numbers: Mapping[str, float], luck: Luck, rows: int, mean_stock: float) -> None:
        self.population = Population(numbers, luck, rows, mean_stock)
        n = self._n = own_numbers(numbers)
        self.lag = round(n["informal_lag_days"])
        self._removal = np.empty(4)
        self._removal[[LEGAL, CONTROLLED]] = n["removal_legal"], n["removal_controlled"]
        self._removal[[IRREGULAR, PASSPORT]] = 1.0, 0.0
        self._fright = np.empty(4)
        self._fright[[LEGAL, CONTROLLED]] = n["fright_legal"], n["fright_controlled"]
        self._fright[[IRREGULAR, PASSPORT]] = 1.0, n["fright_passport"]
        p = self.population
        self._base = p.weight * np.array([_money(p.local_income[a:b]) for a, b in p.bounds])
        self._other = p.weight * np.array([_money(p.other_income[a:b]) for a, b in p.bounds])
        self._households = p.weight * np.array([float(b - a) for a, b in p.bounds])
        self._away_by_status = np.array([p.away[p.status == s].sum(dtype=np.int64) for s in range(4)])
        self._stocks = {
            name: np.array([column[a:b].sum(dtype=np.int64) for a, b in p.bounds])
            for name, column in (("away", p.away), ("home", p.home), ("banned", p.banned))
        }
        self._most = float(p.members.max(initial=0))
        self._fury = np.zeros(7, dtype=np.float32)
        self._fury[REMOVED] = n["removal_anger"]
        self._nerves = p.risk + np.float32(0.5)
        self._gain = p.trait * np.float32(n["hardship_gain"])
        self._transit: deque[tuple[int, Index, F32]] = deque()
        self._season: float | None = None
        self._active = [[0.0] * REGIONS, [0.0] * REGIONS]
        self._arrests: list[list[float]] = [[-1.0] * REGIONS, [-1.0] * REGIONS]
        self._bar = np.empty((2, rows), dtype=np.float32)
        self._scratch = np.empty((4, rows), dtype=np.float32)
        self._fixed = np.empty(rows, dtype=np.int32)
        self._present = [k for k, (first, last) in enumerate(p.bounds) if last > first]
        self._starts = np.array([p.bounds[k][0] for k in self._present])
        self._fear = -1.0

    def baseline_remittance(self, remit: float) -> float:
        """Remittances in USD that a day would bring in normal times; `remit` is `Season.remit` of the day."""
        n = self._n
        russian = n["remittances_total_usd"] * n["russian_share"] / 365.0
        return russian * remit + float(self._other.sum())

    def step(self, now: Conditions, words: npt.NDArray[np.uint32], day: int) -> Aggregates:
        """Move all households through one day; shape of `words`: (rows,)."""
        if words.shape != (self.population.rows,):
            raise ValueError(f"one word a row: {self.population.rows}, not {words.shape}")
        if self._season is None:
            self._season = now.remit_season
            self._fill_transit(now)
        # What a household counts on follows what came during the last pay cycle.
        self._season += (now.remit_season - self._season) * 2.0 / self.population.cycle
        value = now.tjs_per_usd / now.price_index
        moved, brought = self._move(now, words, value)
        received, informal = self._remit(now, day, value)
        russian = received * self.population.weight
        spent, normal, food_cut, poor = self._live(now, value)
        host, coercer, means = self._protest(now)
        p = self.population
        other = self._other * now.nonrussian
        income = self._income(now, value) + (russian + brought) * value
        return Aggregates(
            remittances_usd=russian + other,
            remittances_russian_usd=russian,
            remittances_informal_usd=informal * p.weight,
            migrants_in_russia=self._stocks["away"] * p.weight,
            migrants_home=self._stocks["home"] * p.weight,
            entry_banned=self._stocks["banned"] * p.weight,
            deported=moved[REMOVED] * p.weight,
            returned=(moved[FRIGHTENED] + moved[RETURNED]) * p.weight,
            departures=moved[DEPARTED] * p.weight,
            households=self._households.copy(),
            poverty=poor * p.weight,
            food_cut=food_cut * p.weight,
            protesters_host=host,
            protesters_coercer=coercer,
            grievance_host=means[0],
            grievance_coercer=means[1],
            consumption_usd=spent,
            normal_consumption_usd=normal,
            savings_brought_usd=brought,
            withdrawals_usd=spent - income,
        )

    def _income(self, now: Conditions, value: float) -> Regions:
        """Income by region without money from the coercer's country, USD of day 0."""
        aid = now.aid_usd * value * self._households / float(self._households.sum())
        other = self._other * (now.nonrussian * value)
        return self._base * self._earning(now) + other + aid

    def _earning(self, now: Conditions) -> float:
        return now.work_index * (1.0 - self._n["violence_work"] * now.violence) / now.price_index

    def _move(self, now: Conditions, words: npt.NDArray[np.uint32], value: float) -> tuple[Moves, Regions]:
        """Competing hazards: counts of rows (event, region), and savings brought home, USD by region."""
        p, n = self.population, self._n
        exposed = float((self._away_by_status * self._removal).sum()) * p.weight
        capacity = n["removals_per_day"] + now.raids * max(0.0, n["removals_peak"] - n["removals_per_day"])
        removal = self._removal * min(1.0, capacity / exposed if exposed > 0.0 else 0.0)
        fright = self._fright * (now.raids * n["fright_rate"] * now.routes_open)
        coming = now.return_season * now.routes_open
        leaving = min(1.0, now.departure_season * (1.0 - n["raid_deterrence"] * now.raids))
        another = n["find_rate"] if now.informal_capacity_usd > 0.0 or now.card_open > 0.0 else 0.0
        blocked = now.operator_open < 1.0 or now.card_open < 1.0
        find = another if blocked else 0.0
        # No row can exceed this total, so only the few rows below it are looked at.
        abroad = float(removal.max()) + 1.5 * float(fright.max()) + coming
        bound = self._most * max(abroad, leaving) + find
        rows = np.flatnonzero(words < np.uint32(min(WORDS - 1.0, bound * WORDS)))
        status, away = p.status[rows], p.away[rows].astype(np.float64)
        home = p.home[rows].astype(np.float64)
        ban = np.where(status == PASSPORT, 0.0, now.entry_ban)
        way = np.where(p.channel[rows] == CARD, now.card_open, now.operator_open)
        seeks = (p.found[rows] == 0) & (p.provider[rows] >= way)
        parts = np.empty((7, rows.size))
        parts[REMOVED] = away * removal[status]
        parts[FRIGHTENED] = away * fright[status] * self._nerves[rows]
        parts[RETURNED] = away * coming
        parts[BANNED] = home * (leaving * ban)
        parts[DEPARTED] = home * (leaving * now.routes_open) * (1.0 - ban)
        parts[STRANDED] = home * (leaving * (1.0 - now.routes_open)) * (1.0 - ban)
        parts[FOUND] = np.where(seeks & (away > 0.0), find * p.access[rows], 0.0)
        edges = (np.cumsum(parts, axis=0) * WORDS).astype(np.int64)
        kind = np.add.reduce(words[rows] >= edges, axis=0)
        happens = kind <= FOUND
        return self._carry_out(rows[happens], kind[happens], value)

    def _carry_out(self, rows: Index, kind: npt.NDArray[np.intp], value: float) -> tuple[Moves, Regions]:
        p = self.population
        region, away, unit = p.region[rows], p.away[rows], p.unit[rows]
        moved = np.bincount(kind * REGIONS + region, minlength=7 * REGIONS).reshape(7, REGIONS)
        # Whoever comes home brings his part of the savings, once.
        share = HOMEWARD[kind] / np.maximum(away, 1)
        saved = (p.savings[rows] + p.held[rows]) * share
        stays = np.float32(1.0) - share
        p.savings[rows] *= stays
        p.held[rows] *= stays
        p.buffer[rows] += saved * np.float32(value)
        away += TO_ABROAD[kind]  # bytes wrap, so 255 takes one away
        p.away[rows] = away
        p.home[rows] += TO_HOME[kind]
        p.banned[rows] += TO_BANNED[kind]
        p.anger[rows] = np.minimum(np.float32(1.0), p.anger[rows] + self._fury[kind])
        p.found[rows] |= kind == FOUND
        # A planned return is not missed; whoever is removed, frightened home or kept from leaving is.
        counted = np.maximum(p.counted_on[rows] - (kind == RETURNED), away + MISSED[kind])
        p.counted_on[rows] = np.minimum(counted, p.members[rows])
        p.lived_on[rows] = unit * p.counted_on[rows]
        stocks = self._stocks
        came, left, lost = moved[FRIGHTENED] + moved[RETURNED], moved[DEPARTED], moved[BANNED]
        stocks["away"] += left - came - moved[REMOVED]
        stocks["home"] += came - left - lost
        stocks["banned"] += lost + moved[REMOVED]
        change = np.bincount(p.status[rows], weights=ABROAD[kind], minlength=4)
        self._away_by_status += change.astype(np.int64)
        return moved, _by_region(saved, region) * p.weight

    def _wanted(self, now: Conditions, rows: Index) -> F32:
        """USD that the migrants of these rows would send for one pay cycle, without asking who needs it."""
        p = self.population
        wage = now.remit_season * now.russian_output ** self._n["output_response"] / now.rub_per_usd
        return p.unit[rows] * p.away[rows] * np.float32(wage * p.cycle)

    def _fill_transit(self, now: Conditions) -> None:
        """What couriers carry on day 0 already."""
        p = self.population
        for day in range(self.lag):
            rows = p.paydays[(day - self.lag) % p.cycle]
            rows = rows[p.channel[rows] == INFORMAL]
            self._transit.append((day, rows, self._wanted(now, rows)))

    def _remit(self, now: Conditions, day: int, value: float) -> tuple[Regions, Regions]:
        """Money of the rows whose payday it is: USD received a row sum by region, all and informal."""
        p, n = self.population, self._n
        rows = p.paydays[day % p.cycle]
        wanted = self._wanted(now, rows)
        eager = 1.0 + n["block_response"] * now.expected_block
        wanted *= np.float32(eager) + np.float32(n["shortfall_response"]) * p.hardship[rows]
        channel, provider = p.channel[rows], p.provider[rows]
        way = np.where(channel == OPERATOR, now.operator_open, now.card_open)
        usual = (channel != INFORMAL) & (provider < way)
        by_card = ~usual & (channel == OPERATOR) & (p.found[rows] > 0) & (provider < now.card_open)
        carried = ~usual & ~by_card & (p.found[rows] > 0)
        direct = usual | by_card
        due = wanted + np.float32(n["release_share"]) * p.held[rows]
        asked = _money(due[carried]) * p.weight
        room = min(1.0, now.informal_capacity_usd / asked) if asked > 0.0 else 1.0
        sent = np.where(direct, due, np.where(carried, due * np.float32(room), np.float32(0.0)))
        p.held[rows] += wanted - sent
        p.savings[rows] += wanted * np.float32(n["savings_share"])
        keeps = np.where(by_card, 1.0 - n["card_fee"], 1.0).astype(np.float32)
        keeps[carried & (channel != INFORMAL)] = 1.0 - n["informal_fee"]
        sent *= keeps
        self._transit.append((day + self.lag, rows[carried], sent[carried]))
        at_once, where = sent[direct], rows[direct]
        p.buffer[where] += at_once * np.float32(value)
        received = _by_region(at_once, p.region[where])
        informal = np.zeros(REGIONS)
        while self._transit and self._transit[0][0] <= day:
            _, arrived, money = self._transit.popleft()
            p.buffer[arrived] += money * np.float32(value)
            informal += _by_region(money, p.region[arrived])
        return received + informal, informal

    def _live(self, now: Conditions, value: float) -> tuple[Regions, Regions, Regions, Regions]:
        """Earn and spend: by region USD spent and usual, rows that cut food, rows below the line."""
        p, n = self.population, self._n
        income, need, spend, spare = self._scratch
        np.multiply(p.local_income, np.float32(self._earning(now)), out=income)
        np.multiply(p.other_income, np.float32(now.nonrussian * value), out=spare)
        income += spare
        if now.aid_usd > 0.0:
            income += np.float32(now.aid_usd * value / (p.weight * p.rows))
        np.multiply(p.lived_on, np.float32(self._season or 0.0), out=need)
        need += p.fixed_need
        p.buffer += income
        # Whoever runs low spends the day's income and a share of what is left.
        np.subtract(p.buffer, income, out=spend)
        spend *= np.float32(1.0 / n["spending_horizon_days"])
        spend += income
        np.minimum(spend, need, out=spend)
        p.buffer -= spend
        ratio = np.divide(spend, need, out=spare)
        # Fuel and the like are paid first and in full, so dearer fuel and food eat into the cushion.
        food = n["food_share"] * (now.food_price_index / now.price_index - 1.0)
        fuel = n["fuel_share"] * (now.fuel_price_index / now.price_index - 1.0)
        cut_below = 1.0 + food + fuel - n["ration_relief"] * now.rationing
        np.add(ratio, p.cushion, out=income)
        cut = income < np.float32(cut_below)
        poor = ratio < p.poor_below
        np.subtract(np.float32(1.0), ratio, out=ratio)
        ratio -= p.hardship
        ratio *= np.float32(1.0 / n["hardship_days"])
        p.hardship += ratio
        return (
            self._sum(spend, CENTS) * p.weight,
            self._sum(need, CENTS) * p.weight,
            self._count(cut),
            self._count(poor),
        )

    def _protest(self, now: Conditions) -> tuple[Regions, Regions, tuple[Regions, Regions]]:
        """Epstein (2002, model I) by region: protest where grievance - risk aversion * P(arrest) >
        threshold.

        Grievance = hardship felt * (1 - legitimacy) of whom it is directed at, by the share of the blame;
        police and protesters of the region are compared as in the NetLogo and Mesa versions, with the
        quotient rounded.
        """
        p, n = self.population, self._n
        felt, grievance = self._scratch[0], self._scratch[1]
        np.multiply(p.hardship, self._gain, out=felt)
        np.minimum(felt, p.trait, out=felt)
        p.anger *= np.float32(1.0 - 1.0 / n["anger_days"])
        at_host = (1.0 - now.legitimacy) * (1.0 - now.blame_coercer)
        at_coercer = (1.0 - n["coercer_standing"]) * now.blame_coercer
        mean = p.weight / self._households.clip(1.0)
        of_all = self._sum(felt, FINE) * mean
        means = of_all * at_host, of_all * at_coercer + self._sum(p.anger, FINE) * mean
        crowds = []
        fear = n["protest_threshold"] + n["violence_fear"] * now.violence
        for side, direction in enumerate((at_host, at_coercer)):
            np.multiply(felt, np.float32(direction), out=grievance)
            if side == 1:
                grievance += p.anger
            self._raise_bar(side, now, fear)
            crowd = self._count(grievance > self._bar[side]) * (p.weight * now.unrest * n["turnout"])
            self._active[side] = crowd.tolist()
            crowds.append(crowd)
        self._fear = fear
        return crowds[0], crowds[1], means

    def _raise_bar(self, side: int, now: Conditions, fear: float) -> None:
        """Threshold + risk aversion * P(arrest) a row; made anew only where yesterday's crowd changed it."""
        p, n = self.population, self._n
        force = n["police_persons"] * now.police * (n["police_for_coercer"] if side == 1 else 1.0)
        seen = 1.0 if now.internet_on > 0.0 else n["coordination_offline"]
        total = float(self._households.sum())
        for k, (first, last) in enumerate(p.bounds):
            crowd = self._active[side][k] * seen + 1.0  # including oneself
            officers = force * float(self._households[k]) / total
            arrest = 1.0 - math.exp(-n["arrest_constant"] * math.floor(officers / crowd + 0.5))
            if arrest != self._arrests[side][k] or fear != self._fear:
                self._arrests[side][k] = arrest
                np.multiply(p.risk[first:last], np.float32(arrest), out=self._bar[side, first:last])
                self._bar[side, first:last] += np.float32(fear)

    def _sum(self, column: F32, unit: float) -> Regions:
        """Sum by region in fixed point; 32 bits a row, 64 bits a sum."""
        spare = self._scratch[3]
        np.multiply(column, np.float32(unit), out=spare)
        np.copyto(self._fixed, spare, casting="unsafe")
        total = np.zeros(REGIONS)
        total[self._present] = np.add.reduceat(self._fixed, self._starts, dtype=np.int64)
        return total / unit

    def _count(self, mask: npt.NDArray[np.bool_]) -> Regions:
        return np.array([np.count_nonzero(mask[a:b]) for a, b in self.population.bounds], dtype=np.float64)


def _money(column: F32) -> float:
    """Sum of a column of USD in fixed point."""
    return float((column * np.float32(CENTS)).astype(np.int64).sum()) / CENTS


def _by_region(money: npt.NDArray[np.floating], region: npt.NDArray[np.uint8]) -> Regions:
    """Sum of USD by region; whole units of fixed point, so the float64 sum is exact in any order."""
    cents = np.floor(money.astype(np.float64) * CENTS)
    return np.bincount(region, weights=cents, minlength=REGIONS) / CENTS
