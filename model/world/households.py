"""One day of all households: who leaves and returns, who sends what by which way, who protests.

State arrays in, aggregates by region out; nothing here knows an actor. One word of luck a row a day: the
hazards of that row partition it. Money is sent on paydays, which need no luck. Sums are made in 64-bit
fixed point, so they do not depend on the order of rows or on the machine.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from model.randomness import DECISIONS, Luck
from model.world.household_day import Aggregates, Conditions, Regions
from model.world.household_kernel import COMPILED, draw_words, feel_day, spend_day
from model.world.journeys import DEPARTED, FRIGHTENED, REMOVED, RETURNED, Journeys
from model.world.population import CENTS, F32, REGIONS, Population, own_numbers, sum_by_region
from model.world.remitting import Remitting

FINE = 2.0**20  # fixed point of shares


class Households:
    """The population, its habits (numbers `households.*`) and the scratch of one day.

    `step` needs the days in order from 0 and one uint32 word a row (`Luck.words` of `household_day`); it
    raises ValueError for another number of words.
    """

    def __init__(self, numbers: Mapping[str, float], luck: Luck, rows: int, mean_stock: float) -> None:
        self.population = Population(numbers, luck, rows, mean_stock)
        n = self._n = own_numbers(numbers)
        p = self.population
        self.journeys = Journeys(p, n)
        self.remitting = Remitting(p, n)
        self._base = sum_by_region(p.local_income, p.region) * p.weight
        self._other = sum_by_region(p.other_income, p.region) * p.weight
        self._households = p.weight * np.array([float(b - a) for a, b in p.bounds])
        self._gain = p.trait * np.float32(n["hardship_gain"])
        self._season: float | None = None
        self._active = [[0.0] * REGIONS, [0.0] * REGIONS]
        self._arrests: list[list[float]] = [[-1.0] * REGIONS, [-1.0] * REGIONS]
        self._bar = np.empty((2, rows), dtype=np.float32)
        self._scratch = np.empty((4, rows), dtype=np.float32)
        self._fixed = np.empty(rows, dtype=np.int32)
        self._present = [k for k, (first, last) in enumerate(p.bounds) if last > first]
        self._starts = np.array([p.bounds[k][0] for k in self._present])
        self._fear = -1.0
        self._out = np.zeros((REGIONS, 4), dtype=np.int64)
        self._words = np.empty(rows, dtype=np.uint32)
        self.compiled = COMPILED

    def words(self, luck: Luck, day: int) -> npt.NDArray[np.uint32]:
        """The luck of a day: one word a row (`Luck.words` of `household_day`), valid until the next call."""
        decision = DECISIONS["household_day"]
        if not self.compiled:
            return luck.words(decision, day, self.population.rows)
        draw_words(self._words, day, 0, decision, *luck.key)
        return self._words

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
            self.remitting.start(now)
        # What a household counts on follows what came during the last pay cycle.
        self._season += (now.remit_season - self._season) * 2.0 / self.population.cycle
        value = now.tjs_per_usd / now.price_index
        moved, brought = self.journeys.move(now, words, value)
        received, informal = self.remitting.pay(now, day, value)
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
            migrants_in_russia=self.journeys.stocks["away"] * p.weight,
            migrants_home=self.journeys.stocks["home"] * p.weight,
            entry_banned=self.journeys.stocks["banned"] * p.weight,
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
        """Real earnings at home against day 0: own produce and fees rise with prices, wages do not."""
        eroded: float = now.price_index ** (1.0 - self._n["indexed_share"])
        return now.work_index * (1.0 - self._n["violence_work"] * now.violence) / eroded

    def _live(self, now: Conditions, value: float) -> tuple[Regions, Regions, Regions, Regions]:
        """Earn and spend: by region USD spent and usual, rows that cut food, rows below the line."""
        p, n = self.population, self._n
        food = n["food_share"] * (now.food_price_index / now.price_index - 1.0)
        fuel = n["fuel_share"] * (now.fuel_price_index / now.price_index - 1.0)
        # Fuel and the like are paid first and in full, so dearer fuel and food eat into the cushion.
        rates = np.array(
            [
                self._earning(now),
                now.nonrussian * value,
                now.aid_usd * value / (p.weight * p.rows),
                self._season or 0.0,
                1.0 / n["spending_horizon_days"],
                1.0 + food + fuel - n["ration_relief"] * now.rationing,
                1.0 / n["hardship_days"],
            ],
            dtype=np.float32,
        )
        if self.compiled:
            spent, needed, cut, poor = self._compiled_spending(rates)
        else:
            spent, needed, cut, poor = self._spending(rates)
        return spent * p.weight, needed * p.weight, cut, poor

    def _compiled_spending(self, rates: F32) -> tuple[Regions, Regions, Regions, Regions]:
        p = self.population
        for k, (a, b) in enumerate(p.bounds):
            spend_day(
                p.local_income[a:b], p.other_income[a:b], p.lived_on[a:b], p.fixed_need[a:b], p.buffer[a:b],
                p.cushion[a:b], p.poor_below[a:b], p.hardship[a:b], rates, np.float32(CENTS), self._out[k],
            )  # fmt: skip
        spent, needed, cut, poor = self._out.T.astype(np.float64)
        return spent / CENTS, needed / CENTS, cut, poor

    def _spending(self, rates: F32) -> tuple[Regions, Regions, Regions, Regions]:
        """What `spend_day` does, pass by pass: USD of rows spent and needed, rows that cut food, poor rows."""
        p = self.population
        earning, other, aid, season, share, cut_below, memory = rates
        income, need, spend, spare = self._scratch
        np.multiply(p.local_income, earning, out=income)
        np.multiply(p.other_income, other, out=spare)
        income += spare
        income += aid
        np.multiply(p.lived_on, season, out=need)
        need += p.fixed_need
        p.buffer += income
        # Whoever runs low spends the day's income and a share of what is left.
        np.subtract(p.buffer, income, out=spend)
        spend *= share
        spend += income
        np.minimum(spend, need, out=spend)
        p.buffer -= spend
        ratio = np.divide(spend, need, out=spare)
        np.add(ratio, p.cushion, out=income)
        cut = income < cut_below
        poor = ratio < p.poor_below
        np.subtract(np.float32(1.0), ratio, out=ratio)
        ratio -= p.hardship
        ratio *= memory
        p.hardship += ratio
        return self._sum(spend, CENTS), self._sum(need, CENTS), self._count(cut), self._count(poor)

    def _protest(self, now: Conditions) -> tuple[Regions, Regions, tuple[Regions, Regions]]:
        """Epstein (2002, model I) by region: protest where grievance - risk aversion * P(arrest) >
        threshold.

        Grievance = hardship felt * (1 - legitimacy) of whom it is directed at, by the share of the blame;
        police and protesters of the region are compared as in the NetLogo and Mesa versions, with the
        quotient rounded.
        """
        p, n = self.population, self._n
        at_host = (1.0 - now.legitimacy) * (1.0 - now.blame_coercer)
        at_coercer = (1.0 - n["coercer_standing"]) * now.blame_coercer
        fear = n["protest_threshold"] + n["violence_fear"] * now.violence
        for side in (0, 1):
            self._raise_bar(side, now, fear)
        self._fear = fear
        rates = np.array([1.0 - 1.0 / n["anger_days"], at_host, at_coercer], dtype=np.float32)
        felt, anger, *crowds = self._compiled_feeling(rates) if self.compiled else self._feeling(rates)
        mean = p.weight / self._households.clip(1.0)
        means = felt * mean * at_host, felt * mean * at_coercer + anger * mean
        host, coercer = (crowd * (p.weight * now.unrest * n["turnout"]) for crowd in crowds)
        self._active = [host.tolist(), coercer.tolist()]
        return host, coercer, means

    def _compiled_feeling(self, rates: F32) -> tuple[Regions, Regions, Regions, Regions]:
        p = self.population
        for k, (a, b) in enumerate(p.bounds):
            feel_day(
                p.hardship[a:b], self._gain[a:b], p.trait[a:b], p.anger[a:b], self._bar[0, a:b],
                self._bar[1, a:b], rates, np.float32(FINE), self._out[k],
            )  # fmt: skip
        felt, anger, host, coercer = self._out.T.astype(np.float64)
        return felt / FINE, anger / FINE, host, coercer

    def _feeling(self, rates: F32) -> tuple[Regions, Regions, Regions, Regions]:
        """What `feel_day` does, pass by pass: hardship felt and anger summed, rows in either crowd."""
        p = self.population
        fade, at_host, at_coercer = rates
        felt, grievance = self._scratch[0], self._scratch[1]
        np.multiply(p.hardship, self._gain, out=felt)
        np.minimum(felt, p.trait, out=felt)
        p.anger *= fade
        np.multiply(felt, at_host, out=grievance)
        host = self._count(grievance > self._bar[0])
        np.multiply(felt, at_coercer, out=grievance)
        grievance += p.anger
        coercer = self._count(grievance > self._bar[1])
        return self._sum(felt, FINE), self._sum(p.anger, FINE), host, coercer

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
