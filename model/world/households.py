"""One day of all households: who leaves and returns, who sends what by which way, who protests.

State arrays in, aggregates by region out; nothing here knows an actor. One word of luck a row a day: the
hazards of that row partition it. Money is sent on paydays, which need no luck. Sums are made in 64-bit
fixed point, so they do not depend on the order of rows, on threads or on the machine.

What a day does to the rows stands in `household_kernel` (compiled) and in numpy here and in `journeys` and
`remitting` (the reference, and the path without numba): the same bits. Both read one vector of terms, filled
here once a day, and fill one table of totals.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from model.compiled import COMPILED, change, record, threads
from model.randomness import DECISIONS, Luck
from model.world import household_kernel as kernel
from model.world import household_pass, household_terms
from model.world.household_day import NAMES, ROWS, Aggregates, Conditions
from model.world.household_kernel import (
    AID,
    ALL,
    ANGERED,
    ARREST,
    AT_COERCER,
    AT_HOST,
    BROUGHT,
    CALM,
    CARD_KEEPS,
    CENTS,
    CHUNK,
    COURIER_KEEPS,
    CUT_BELOW,
    CUT_FOOD,
    EARNING,
    ELSEWHERE,
    FEAR,
    FELT,
    FINE,
    FURY,
    GAIN,
    HASTE,
    MEASURES,
    MEMORY,
    NEEDED,
    POOR,
    REGIONS,
    RELEASE,
    RESPONSE,
    SAVE,
    SEASON,
    SPENT,
    TERMS,
    TO_COERCER,
    TO_HOST,
    WEIGHT,
)
from model.world.household_strata import F32
from model.world.household_terms import CONDITIONS, HABITS
from model.world.journeys import Journeys
from model.world.population import Population, sum_by_region
from model.world.remitting import Remitting

#: rows from which a second thread pays (two threads against one, days of `arrest`)
ROWS_FOR_THREADS = 200_000
_values = attrgetter(*(field.name for field in fields(Conditions)))
_CROWDS = slice(ROWS["protesters_host"], ROWS["protesters_coercer"] + 1)


class Households:
    """The population, its habits (numbers `households.*`) and the scratch of one day.

    `step` needs the days in order from 0. compiled: whether the kernel or its twin does the row work.
    threads: how many share it.
    """

    def __init__(self, numbers: Mapping[str, float], luck: Luck, rows: int, mean_stock: float) -> None:
        self.compiled = COMPILED
        self.threads = threads() if self.compiled and rows >= ROWS_FOR_THREADS else 1
        p = self.population = Population(numbers, luck, rows, mean_stock, self.compiled)
        n = self._n = p.numbers
        self._luck = luck
        self.remitting = Remitting(p, n)
        households = p.weight * np.array([float(b - a) for a, b in p.bounds])
        base = sum_by_region(p.local_income, p.bounds) * p.weight
        other = sum_by_region(p.other_income, p.bounds) * p.weight
        self._usual = np.array([base, other, households])
        self._elsewhere = float(other.sum())
        self._all = float(households.sum())
        self._season: float | None = None
        self._crowds = np.zeros((2, REGIONS + 1))
        self._key = np.array([0, DECISIONS["household_day"], *luck.key])
        self._ends = np.array([0, *(last for _, last in p.bounds)])
        self._terms = self._habits()
        self.journeys = Journeys(p, n, self._terms)
        own = p.weight, p.rows, self._all, p.cycle, *self.journeys.most
        habits = {**n, **dict(zip(household_terms.OF_POPULATION, own, strict=True))}
        self._numbers = record(HABITS, [habits[name] for name in HABITS.names or ()])
        self._now = record(CONDITIONS, [0.0] * len(fields(Conditions)))
        # One table a part of the rows; the first is the sum in the end.
        self._totals = np.zeros((self.threads, MEASURES, REGIONS), dtype=np.int64)
        # From whole units to what a day's totals mean: rows, cents and shares, for the whole population.
        self._unit = np.full((MEASURES, REGIONS), p.weight)
        self._unit[BROUGHT : NEEDED + 1] /= CENTS
        self._unit[[FELT, ANGERED]] = p.weight / households.clip(1.0) / FINE
        self._unit[[AT_HOST, AT_COERCER]] = 1.0
        self._pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None

    def _habits(self) -> npt.NDArray[np.float64]:
        """The terms of a day, with those that never change."""
        n, terms = self._n, np.zeros(TERMS)
        terms[WEIGHT], terms[ALL], terms[FURY] = self.population.weight, self._all, n["removal_anger"]
        terms[RELEASE], terms[SAVE] = n["release_share"], n["savings_share"]
        terms[RESPONSE] = n["shortfall_response"]
        terms[CARD_KEEPS], terms[COURIER_KEEPS] = 1.0 - n["card_fee"], 1.0 - n["informal_fee"]
        terms[HASTE], terms[MEMORY] = 1.0 / n["spending_horizon_days"], 1.0 / n["hardship_days"]
        terms[GAIN], terms[CALM] = n["hardship_gain"], 1.0 - 1.0 / n["anger_days"]
        return terms

    def baseline_remittance(self, remit: float) -> float:
        """Remittances in USD that a day would bring in normal times; `remit` is `Season.remit` of the day."""
        n = self._n
        russian = n["remittances_total_usd"] * n["russian_share"] / 365.0
        return russian * remit + self._elsewhere

    def step(self, now: Conditions, day: int) -> Aggregates:
        """Move all households through one day."""
        terms = self._terms
        if self._season is None:
            self._season = now.remit_season
            self.remitting.start(now)
        # What a household counts on follows what came during the last pay cycle.
        self._season += (now.remit_season - self._season) * 2.0 / self.population.cycle
        self.journeys.heed_ban(now)
        change(self._now, _values(now))
        household_terms.face(
            self._now, self._numbers, self._season, self.journeys.abroad, self._usual[2], self._crowds, terms
        )
        table = np.empty((len(NAMES), REGIONS + 1))
        sums = self._unit, self._usual, self.journeys.stocks, self.journeys.abroad, table
        p, r, totals = self.population, self.remitting, self._totals
        if self.compiled:
            self._key[0] = day
            pay = p.payday(day), p.money, p.people, terms, r.rows, r.money, r.count, *r.slots(day), totals[0]
            if self._pool is None:
                household_pass.day(self._key, self._ends, *pay, *sums)
            else:
                self._share(self._pool, pay)
                household_pass.sum_up(totals[0], terms, *sums)
        else:
            totals.fill(0)
            self.journeys.move(self._luck.words(DECISIONS["household_day"], day, p.rows), terms, totals[0])
            r.pay(day, terms, totals[0])
            self._spend()
            self._protest()
            household_pass.sum_up(totals[0], terms, *sums)
        today = Aggregates(table)
        self._crowds = table[_CROWDS]
        return today

    def _share(self, pool: ThreadPoolExecutor, pay: tuple[Any, ...]) -> None:
        """The row work of a day with the rows shared among threads, each of which has totals of its own."""
        p, terms, totals = self.population, self._terms, self._totals
        parts = split(p.rows, self.threads)
        totals.fill(0)

        def travel(part: int) -> None:
            kernel.travel(self._key, *parts[part], p.money, p.people, terms, totals[part])

        def live(part: int) -> None:
            kernel.live(self._ends, *parts[part], p.money, terms, totals[part])

        list(pool.map(travel, range(self.threads)))
        kernel.pay(*pay)
        list(pool.map(live, range(self.threads)))
        totals[0] = totals.sum(axis=0)

    def _spend(self) -> None:
        """The first half of the kernel's `live`: earn, spend, cut food, remember hardship."""
        p, terms = self.population, self._terms.astype(np.float32)
        income = p.local_income * terms[EARNING] + p.other_income * terms[ELSEWHERE]
        income += terms[AID]
        need = p.lived_on * terms[SEASON] + (p.local_income + p.other_income)
        p.buffer += income
        # Whoever runs low spends the day's income and a share of what is left.
        spend = np.minimum((p.buffer - income) * terms[HASTE] + income, need)
        p.buffer -= spend
        ratio = spend / need
        self._book(SPENT, self._fixed(spend, CENTS))
        self._book(NEEDED, self._fixed(need, CENTS))
        self._book(CUT_FOOD, ratio + p.cushion < terms[CUT_BELOW])
        self._book(POOR, ratio < p.poor_below)
        gap = np.float32(1.0) - ratio - p.hardship
        p.hardship += gap * terms[MEMORY]

    def _protest(self) -> None:
        """The second half of the kernel's `live`: feel, and protest where that outweighs fear of arrest."""
        p, terms = self.population, self._terms.astype(np.float32)
        felt = np.minimum(p.hardship * (p.trait * terms[GAIN]), p.trait)
        p.anger *= terms[CALM]
        self._book(FELT, self._fixed(felt, FINE))
        self._book(ANGERED, self._fixed(p.anger, FINE))
        arrests = terms[ARREST : ARREST + 2 * REGIONS].reshape(2, REGIONS)
        host, coercer = arrests[:, p.region] * p.risk + terms[FEAR]
        self._book(AT_HOST, felt * terms[TO_HOST] > host)
        self._book(AT_COERCER, felt * terms[TO_COERCER] + p.anger > coercer)

    def _fixed(self, column: F32, unit: float) -> npt.NDArray[np.int32]:
        """Whole units of fixed point, 32 bits a row."""
        return (column * np.float32(unit)).astype(np.int32)

    def _book(self, measure: int, column: npt.NDArray[np.int32] | npt.NDArray[np.bool_]) -> None:
        for k, (first, last) in enumerate(self.population.bounds):
            self._totals[0, measure, k] = column[first:last].sum(dtype=np.int64)


def split(rows: int, parts: int) -> list[tuple[int, int]]:
    """First and past-last row of parts of whole chunks, as even as they can be."""
    chunks = -(-rows // CHUNK)
    edges = [min(rows, CHUNK * (chunks * k // parts)) for k in range(parts + 1)]
    return list(zip(edges[:-1], edges[1:], strict=True))
