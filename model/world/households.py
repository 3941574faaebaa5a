"""One day of all households: who leaves and returns, who sends what by which way, who protests.

State arrays in, aggregates by region out; nothing here knows an actor. One word of luck a row a day: the
hazards of that row partition it. Money is sent on paydays, which need no luck. Sums are made in 64-bit
fixed point, so they do not depend on the order of rows or on the machine.

What a day does to the rows stands in `household_kernel` (compiled) and in numpy here and in `journeys` and
`remitting` (the reference, and the path without numba): the same bits. Both fill one table of totals.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from model.compiled import COMPILED
from model.randomness import DECISIONS, Luck
from model.world import household_kernel as kernel
from model.world.household_day import Aggregates, Conditions
from model.world.household_kernel import (
    ANGERED,
    AT_COERCER,
    AT_HOST,
    AWAY,
    BARRED,
    BROUGHT,
    CARRIED,
    CENTS,
    CUT_FOOD,
    DEPARTED,
    FELT,
    FINE,
    FRIGHTENED,
    HOME,
    MEASURES,
    NEEDED,
    POOR,
    RECEIVED,
    REGIONS,
    REMOVED,
    RETURNED,
    SPENT,
)
from model.world.journeys import Journeys
from model.world.population import F32, Population, sum_by_region
from model.world.remitting import Remitting


class Households:
    """The population, its habits (numbers `households.*`) and the scratch of one day.

    `step` needs the days in order from 0 and one uint32 word a row (`words`); it raises ValueError for
    another number of words. compiled: whether the kernel or its twin does the row work.
    """

    def __init__(self, numbers: Mapping[str, float], luck: Luck, rows: int, mean_stock: float) -> None:
        self.compiled = COMPILED
        p = self.population = Population(numbers, luck, rows, mean_stock, self.compiled)
        n = self._n = p.numbers
        self.journeys = Journeys(p, n)
        self.remitting = Remitting(p, n)
        self._base = sum_by_region(p.local_income, p.region) * p.weight
        self._other = sum_by_region(p.other_income, p.region) * p.weight
        self._elsewhere = float(self._other.sum())
        self._households = p.weight * np.array([float(b - a) for a, b in p.bounds])
        self._all = float(self._households.sum())
        self._season: float | None = None
        self._active = [[0.0] * REGIONS, [0.0] * REGIONS]
        self._arrests = np.zeros((2, REGIONS))
        self._faced: tuple[object, ...] = ()
        self._words = np.empty(rows, dtype=np.uint32)
        self._ends = np.array([0, *(last for _, last in p.bounds)])
        self._columns = (
            p.local_income, p.other_income, p.fixed_need, p.cushion, p.poor_below, p.trait, p.risk,
            p.lived_on, p.buffer, p.hardship, p.anger,
        )  # fmt: skip
        names = ("spending_horizon_days", "hardship_days", "hardship_gain", "anger_days")
        self._memory = tuple(n[name] for name in names)
        # From whole units to what a day's totals mean: rows, cents and shares, for the whole population.
        self._totals = np.zeros((MEASURES, REGIONS), dtype=np.int64)
        self._unit = np.full((MEASURES, REGIONS), p.weight)
        self._unit[BROUGHT : NEEDED + 1] /= CENTS
        self._unit[[FELT, ANGERED]] = p.weight / self._households.clip(1.0) / FINE
        self._unit[[AT_HOST, AT_COERCER]] = 1.0

    def words(self, luck: Luck, day: int) -> npt.NDArray[np.uint32]:
        """The luck of a day: one word a row (`Luck.words` of `household_day`), valid until the next call."""
        decision = DECISIONS["household_day"]
        if not self.compiled:
            return luck.words(decision, day, self.population.rows)
        kernel.draw_words(self._words, day, 0, decision, *luck.key)
        return self._words

    def baseline_remittance(self, remit: float) -> float:
        """Remittances in USD that a day would bring in normal times; `remit` is `Season.remit` of the day."""
        n = self._n
        russian = n["remittances_total_usd"] * n["russian_share"] / 365.0
        return russian * remit + self._elsewhere

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
        earning = self._earning(now)
        at_host = (1.0 - now.legitimacy) * (1.0 - now.blame_coercer)
        at_coercer = (1.0 - self._n["coercer_standing"]) * now.blame_coercer
        self._totals.fill(0)
        self.journeys.move(now, words, value, self._totals, self.compiled)
        self.remitting.pay(now, day, value, self._totals, self.compiled)
        self._live(now, value, earning, at_host, at_coercer)
        self._totals[RECEIVED] += self._totals[CARRIED]
        self._totals[RETURNED] += self._totals[FRIGHTENED]
        total = self._totals * self._unit
        crowds = total[AT_HOST : AT_COERCER + 1]
        crowds *= self.population.weight * now.unrest * self._n["turnout"]
        self._active = crowds.tolist()
        stocks = self.journeys.stocks * self.population.weight
        russian, brought, spent = total[RECEIVED], total[BROUGHT], total[SPENT]
        other = self._other * now.nonrussian
        aid = self._households * (now.aid_usd * value) / self._all
        income = self._base * earning + self._other * (now.nonrussian * value) + aid
        income += (russian + brought) * value
        return Aggregates(
            remittances_usd=russian + other,
            remittances_russian_usd=russian,
            remittances_informal_usd=total[CARRIED],
            migrants_in_russia=stocks[AWAY],
            migrants_home=stocks[HOME],
            entry_banned=stocks[BARRED],
            deported=total[REMOVED],
            returned=total[RETURNED],
            departures=total[DEPARTED],
            households=self._households.copy(),
            poverty=total[POOR],
            food_cut=total[CUT_FOOD],
            protesters_host=crowds[0],
            protesters_coercer=crowds[1],
            grievance_host=total[FELT] * at_host,
            grievance_coercer=total[FELT] * at_coercer + total[ANGERED],
            consumption_usd=spent,
            normal_consumption_usd=total[NEEDED],
            savings_brought_usd=brought,
            withdrawals_usd=spent - income,
        )

    def _earning(self, now: Conditions) -> float:
        """Real earnings at home against day 0: own produce and fees rise with prices, wages do not."""
        eroded: float = now.price_index ** (1.0 - self._n["indexed_share"])
        return now.work_index * (1.0 - self._n["violence_work"] * now.violence) / eroded

    def _live(self, now: Conditions, value: float, earning: float, at_host: float, at_coercer: float) -> None:
        """Earn, spend and protest.

        Protest is that of Epstein (2002, model I) by region: where grievance - risk aversion * P(arrest) >
        threshold. Grievance = hardship felt * (1 - legitimacy) of whom it is directed at, by the share of
        the blame.
        """
        p, n = self.population, self._n
        fear = n["protest_threshold"] + n["violence_fear"] * now.violence
        self._face_police(now)
        food = n["food_share"] * (now.food_price_index / now.price_index - 1.0)
        fuel = n["fuel_share"] * (now.fuel_price_index / now.price_index - 1.0)
        # Fuel and the like are paid first and in full, so dearer fuel and food eat into the cushion.
        cut_below = 1.0 + food + fuel - n["ration_relief"] * now.rationing
        elsewhere, aid = now.nonrussian * value, now.aid_usd * value / (p.weight * p.rows)
        if self.compiled:
            kernel.live(
                self._ends, *self._columns, *self._memory, earning, elsewhere, aid, self._season, cut_below,
                at_host, at_coercer, fear, self._arrests, self._totals,
            )  # fmt: skip
            return
        self._spend(earning, elsewhere, aid, cut_below)
        self._protest(at_host, at_coercer, fear)

    def _face_police(self, now: Conditions) -> None:
        """Chance of arrest by side and region; worked out anew where yesterday's crowd or the police changed.

        Police and protesters of the region are compared as in the NetLogo and Mesa versions of the model,
        with the quotient rounded.
        """
        n = self._n
        seen = 1.0 if now.internet_on > 0.0 else n["coordination_offline"]
        faced = (now.police, seen, self._active)
        if faced == self._faced:
            return
        self._faced = faced
        for side, force in enumerate((1.0, n["police_for_coercer"])):
            force = n["police_persons"] * now.police * force
            for k in range(REGIONS):
                crowd = self._active[side][k] * seen + 1.0  # including oneself
                officers = force * float(self._households[k]) / self._all
                self._arrests[side, k] = 1.0 - math.exp(
                    -n["arrest_constant"] * math.floor(officers / crowd + 0.5)
                )

    def _spend(self, earning: float, elsewhere: float, aid: float, cut_below: float) -> None:
        """The first half of the kernel's `live`: earn, spend, cut food, remember hardship."""
        p = self.population
        income = p.local_income * np.float32(earning) + p.other_income * np.float32(elsewhere)
        income += np.float32(aid)
        need = p.lived_on * np.float32(self._season or 0.0) + p.fixed_need
        p.buffer += income
        # Whoever runs low spends the day's income and a share of what is left.
        share = np.float32(1.0 / self._n["spending_horizon_days"])
        spend = np.minimum((p.buffer - income) * share + income, need)
        p.buffer -= spend
        ratio = spend / need
        self._book(SPENT, self._fixed(spend, CENTS))
        self._book(NEEDED, self._fixed(need, CENTS))
        self._book(CUT_FOOD, ratio + p.cushion < np.float32(cut_below))
        self._book(POOR, ratio < p.poor_below)
        gap = np.float32(1.0) - ratio - p.hardship
        p.hardship += gap * np.float32(1.0 / self._n["hardship_days"])

    def _protest(self, at_host: float, at_coercer: float, fear: float) -> None:
        """The second half of the kernel's `live`: feel, and protest where that outweighs fear of arrest."""
        p, n = self.population, self._n
        felt = np.minimum(p.hardship * (p.trait * np.float32(n["hardship_gain"])), p.trait)
        p.anger *= np.float32(1.0 - 1.0 / n["anger_days"])
        self._book(FELT, self._fixed(felt, FINE))
        self._book(ANGERED, self._fixed(p.anger, FINE))
        host, coercer = self._arrests.astype(np.float32)[:, p.region] * p.risk + np.float32(fear)
        self._book(AT_HOST, felt * np.float32(at_host) > host)
        self._book(AT_COERCER, felt * np.float32(at_coercer) + p.anger > coercer)

    def _fixed(self, column: F32, unit: float) -> npt.NDArray[np.int32]:
        """Whole units of fixed point, 32 bits a row."""
        return (column * np.float32(unit)).astype(np.int32)

    def _book(self, measure: int, column: npt.NDArray[np.int32] | npt.NDArray[np.bool_]) -> None:
        for k, (first, last) in enumerate(self.population.bounds):
            self._totals[measure, k] = column[first:last].sum(dtype=np.int64)
