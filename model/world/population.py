"""The households of the country as columns: a sample of equal weight whose totals match the situation.

Every attribute is drawn with stratified luck: the rows are ranked by keyed words, and rank k takes the
quantile at (k + 1/2) / n. So shares and totals are exact up to one row for any luck, and luck only says
who is who. Money is in dollars at the prices of day 0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from model.compiled import COMPILED
from model.distributions import inverse_normal
from model.randomness import DECISIONS, WORD, Luck
from model.scenario_file import LEAST_ROWS
from model.world import household_kernel as kernel
from model.world.household_kernel import (
    CARD,
    CENTS,
    CONTROLLED,
    INFORMAL,
    IRREGULAR,
    LEGAL,
    OPERATOR,
    PASSPORT,
    REGIONS,
)

F32 = npt.NDArray[np.float32]
U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
I64 = npt.NDArray[np.int64]

#: Names of regions 1-5 of the flagship case; the model only counts them.
REGION_NAMES = ("Dushanbe", "Districts of Republican Subordination", "Khatlon", "Sughd", "Gorno-Badakhshan")
DAYS_PER_YEAR = 365.0
DAYS_PER_MONTH = DAYS_PER_YEAR / 12.0


class Population:
    """Rows of equal `weight` (households a row), sorted by region; contiguous float32 and uint8 columns.

    away, home, banned: members who work abroad, by where they are; their sum `members` never changes.
    turned_away: of the banned, those who were kept from leaving by a ban of entry on all.
    counted_on: members abroad whose money the household lives on.
    status: LEGAL, IRREGULAR, CONTROLLED or PASSPORT of the row's migrants. wage_rub: roubles a month.
    unit: USD a day remitted by one migrant at the yearly mean, after the
    usual fee. channel: OPERATOR, CARD or INFORMAL; provider: place among the users of that channel, 0-1;
    found: has found another way; access: ease of finding one, 0-1.
    local_income, other_income: USD a day earned at home, and received from elsewhere than the coercer's
    country. buffer: USD at hand; savings, held: USD kept abroad, and USD that could not be sent.
    hardship: remembered shortfall of consumption, 0-1; trait: how far it is felt, 0-1; anger: at the
    coercer, 0-1. risk: risk aversion, 0-1. cushion: share of consumption given up before food is cut.
    phase: day of the pay cycle on which money is sent; paydays: the rows that send, by phase.
    poor_below: share of its usual consumption under which the household lives below the national line.

    numbers: those of section `households`, by name. `compiled` says whether numba may rank the rows; the
    order is the same without it.
    """

    def __init__(
        self, numbers: Mapping[str, float], luck: Luck, rows: int, mean_stock: float, compiled: bool = True
    ) -> None:
        if rows < LEAST_ROWS:
            raise ValueError(f"a population needs at least {LEAST_ROWS} rows, not {rows}")
        n = self.numbers = own_numbers(numbers)
        self.rows = rows
        self.weight = n["count"] / rows
        self.persons = n["count"] * n["persons_per_household"]
        shares = [n[f"region_{k}_share"] for k in range(1, REGIONS + 1)]
        self.bounds = _bounds(shares, rows)
        self.region = np.empty(rows, dtype=np.uint8)
        for k, (first, last) in enumerate(self.bounds):
            self.region[first:last] = k
        rank = _Ranks(luck, rows, compiled and COMPILED)

        propensity = [n[f"region_{k}_migration"] for k in range(1, REGIONS + 1)]
        self._place_members(n, rank, propensity)
        self._give_papers(n, rank)
        self._give_money(n, rank, mean_stock)

        self.hardship = np.zeros(rows, dtype=np.float32)
        self.anger = np.zeros(rows, dtype=np.float32)
        self.trait = rank.uniform("household_trait")
        self.cushion = np.float32(2.0 * n["cushion_share"]) * rank.uniform("household_cushion")
        self.risk = n["risk_floor"] + (1.0 - n["risk_floor"]) * rank.uniform("household_risk")
        self.risk = self.risk.astype(np.float32)

    def _place_members(self, n: Mapping[str, float], rank: _Ranks, propensity: list[float]) -> None:
        away, home, banned = n["migrants_away"], n["migrants_at_home"], n["entry_banned"]
        pool = (away + home + banned) / self.weight
        sizes = [last - first for first, last in self.bounds]
        weights = [size * p for size, p in zip(sizes, propensity, strict=True)]
        households = n["migrant_households"] * self.rows
        order = rank.order("household_migrants")
        chosen = np.zeros(self.rows, dtype=bool)
        for (first, last), weight in zip(self.bounds, weights, strict=True):
            share = weight / math.fsum(weights) if weight > 0.0 else 0.0
            quota = min(last - first, round(households * share))
            if quota > 0:
                local = order[first:last]
                chosen[first:last] = local <= np.partition(local, quota - 1)[quota - 1]
        where = np.flatnonzero(chosen)
        self.members = np.zeros(self.rows, dtype=np.uint8)
        self.away = np.zeros(self.rows, dtype=np.uint8)
        self.banned = np.zeros(self.rows, dtype=np.uint8)
        self.turned_away = np.zeros(self.rows, dtype=np.uint8)
        if where.size and pool > 0.0:
            mean = max(1.0, pool / where.size)
            spread = 1.0 + 2.0 * (mean - 1.0) * rank.uniform("household_spread")[where]
            self.members[where] = _spread_out(np.minimum(spread, np.float32(250.0)), round(pool))
            share_away = away / (away + home + banned)
            abroad = self.members[where] * np.float32(share_away)
            self.away[where] = _spread_out(abroad, round(away / self.weight))
            rest = self.members - self.away
            share_banned = banned / max(1.0, home + banned)
            queue = np.empty(self.rows, dtype=np.int64)
            queue[rank.order("household_away")] = np.arange(self.rows)
            turn = queue[chosen[queue]]
            taken = _spread_out(rest[turn] * np.float32(share_banned), round(banned / self.weight))
            self.banned[turn] = np.minimum(taken, rest[turn])
        self.home = self.members - self.away - self.banned
        self.counted_on = self.away.copy()

    def _give_papers(self, n: Mapping[str, float], rank: _Ranks) -> None:
        u = rank.uniform("household_status")
        migrants = max(n["migrants_away"], 1.0)
        passport, controlled = n["passport_holders"] / migrants, n["controlled"] / migrants
        self.status = np.full(self.rows, LEGAL, dtype=np.uint8)
        self.status[u < passport + controlled + n["irregular_share"]] = IRREGULAR
        self.status[u < passport + controlled] = CONTROLLED
        self.status[u < passport] = PASSPORT
        reach = rank.uniform("household_channel")
        self.channel = np.full(self.rows, OPERATOR, dtype=np.uint8)
        self.channel[reach < n["informal_share"] + n["card_share"]] = CARD
        self.channel[reach < n["informal_share"]] = INFORMAL
        self.provider = rank.uniform("household_provider")
        # The share that can find another way at all; among them some sooner than others.
        reach = 1.0 - rank.uniform("household_access") / np.float32(n["access_share"])
        self.access = np.maximum(np.float32(0.0), reach)
        self.found = (self.channel == INFORMAL).astype(np.uint8)

    def _give_money(self, n: Mapping[str, float], rank: _Ranks, mean_stock: float) -> None:
        wage = n["wage_rub"] * rank.lognormal("household_wage", n["wage_spread"])
        self.wage_rub = np.where(self.status == IRREGULAR, wage * np.float32(n["irregular_wage"]), wage)
        self.wage_rub = self.wage_rub.astype(np.float32)
        habit = rank.lognormal("household_habit", n["habit_spread"])
        russian = n["remittances_total_usd"] * n["russian_share"]
        per_migrant = russian / DAYS_PER_YEAR / max(mean_stock, 1.0)
        raw = self.wage_rub.astype(np.float64) * habit
        total = float(np.rint(raw * self.away).sum())  # whole roubles: the sum is exact in any order
        migrants = float(self.away.sum(dtype=np.int64))
        scale = per_migrant * migrants / total if total > 0.0 else 0.0
        self.unit = (raw * scale).astype(np.float32)

        income = rank.lognormal("household_income", n["local_spread"]).astype(np.float64)
        income[self.members > 0] *= n["migrant_household_income"]
        income *= n["local_income_usd"] / (float(np.rint(income * 2.0**30).sum()) / 2.0**30 / self.rows)
        self.local_income = income.astype(np.float32)
        elsewhere = (n["remittances_total_usd"] - russian) / DAYS_PER_YEAR / n["count"]
        receives = rank.uniform("household_other") < n["other_receivers"]
        count = max(1, int(np.count_nonzero(receives)))
        self.other_income = np.where(receives, elsewhere * self.rows / count, 0.0).astype(np.float32)

        self.fixed_need = self.local_income + self.other_income
        self.lived_on = self.unit * self.counted_on
        need = self.fixed_need + self.lived_on
        poorest = min(self.rows - 1, int(n["poverty_at_start"] * self.rows))
        line = np.partition(need, poorest)[poorest]
        self.poor_below = (line / need).astype(np.float32)

        # Paydays in turn along the rows by money sent, so that every day of the cycle brings the same.
        self.cycle = round(n["pay_cycle_days"])
        turn = rank.places(self.lived_on.view(np.uint32))  # the bits of floats from 0 on rise with them
        self.phase = (turn % self.cycle).astype(np.uint8)
        senders = np.flatnonzero(self.members)
        senders = senders[np.argsort(self.phase[senders], kind="stable")]
        ends = np.searchsorted(self.phase[senders], np.arange(1, self.cycle, dtype=np.uint8))
        self.paydays = np.split(senders, ends)

        extra = np.float32(n["buffer_days"]) * rank.lognormal("household_buffer", n["buffer_spread"])
        extra[rank.uniform("household_saver") < n["no_savings_share"]] = 0.0
        # Everybody holds what lasts until the next payday, and what is needed not to ration before it.
        late = np.where(self.channel == INFORMAL, round(n["informal_lag_days"]), 0)
        until = ((self.phase + late) % self.cycle).astype(np.float32)
        self.buffer = extra * need + self.lived_on * (until + np.float32(n["spending_horizon_days"]))
        months = np.float32(n["savings_months"] * DAYS_PER_MONTH * n["savings_share"])
        self.savings = self.unit * self.away * months
        self.held = np.zeros(self.rows, dtype=np.float32)


def own_numbers(numbers: Mapping[str, float]) -> dict[str, float]:
    """The numbers of section `households`, by name."""
    own = "households."
    return {key[len(own) :]: value for key, value in numbers.items() if key.startswith(own)}


def exponential(x: F32) -> F32:
    """e to the power x in float32 by a polynomial (Cephes expf): the same bits on any machine."""
    x = np.clip(x, np.float32(-80.0), np.float32(80.0))
    whole = np.floor(x * np.float32(1.44269504) + np.float32(0.5))
    part = x - whole * np.float32(0.693359375)
    part -= whole * np.float32(-2.12194440e-4)
    value = np.full_like(part, 1.9875691500e-4)
    for coefficient in (1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1):
        value *= part
        value += np.float32(coefficient)
    value *= part * part
    value += part
    value += np.float32(1.0)
    power = ((whole.astype(np.int32) + np.int32(127)) << np.int32(23)).view(np.float32)
    result: F32 = value * power
    return result


def cents_by_region(money: npt.NDArray[np.floating], region: U8) -> npt.NDArray[np.float64]:
    """Sum of USD by region in whole units of fixed point, so the float64 sum is exact in any order."""
    cents = np.floor(money.astype(np.float64) * CENTS)
    return np.bincount(region, weights=cents, minlength=REGIONS).astype(np.float64)


def sum_by_region(money: npt.NDArray[np.floating], region: U8) -> npt.NDArray[np.float64]:
    """Sum of USD by region, of whole units of fixed point."""
    return cents_by_region(money, region) / CENTS


class _Ranks:
    """Stratified luck: the rows in an order drawn by keyed words, one order a name of DECISIONS."""

    def __init__(self, luck: Luck, rows: int, compiled: bool) -> None:
        self._luck = luck
        self._rows = rows
        self._compiled = compiled
        self._words = np.empty(rows, dtype=np.uint32)

    def order(self, name: str) -> I64:
        """Place of each row in the order of this name, 0..rows-1."""
        if not self._compiled:
            return self.places(self._luck.words(DECISIONS[name], 0, self._rows))
        kernel.draw_words(self._words, 0, 0, DECISIONS[name], *self._luck.key)
        return self.places(self._words)

    def places(self, keys: U32) -> I64:
        """Place of each row in the rising order of its key, equal keys in the order of rows."""
        place = np.empty(self._rows, dtype=np.int64)
        if self._compiled:
            kernel.rank(keys, place)
            return place
        index = np.arange(self._rows, dtype=np.uint64)
        # The row in the low half makes the keys distinct: a plain sort, far faster than a stable argsort.
        ordered = np.sort((keys.astype(np.uint64) << np.uint64(32)) | index)
        place[(ordered & np.uint64(WORD)).astype(np.int64)] = np.arange(self._rows)
        return place

    def uniform(self, name: str) -> F32:
        """(place + 1/2) / rows."""
        return _levels(self._rows)[self.order(name)]

    def lognormal(self, name: str, spread: float) -> F32:
        """Lognormal factors with median 1 and standard deviation `spread` of the logarithm."""
        return exponential(_deviates(self._rows) * np.float32(spread))[self.order(name)]


@lru_cache(maxsize=4)
def _levels(rows: int) -> F32:
    """(k + 1/2) / rows, rising."""
    return ((np.arange(rows) + 0.5) / rows).astype(np.float32)


@lru_cache(maxsize=4)
def _deviates(rows: int) -> F32:
    """Standard normal quantiles at (k + 1/2) / rows, rising."""
    half = [inverse_normal((k + 0.5) / rows) for k in range((rows + 1) // 2)]
    mirror = [-value for value in reversed(half[: rows // 2])]
    return np.array(half + mirror, dtype=np.float32)


def _bounds(shares: list[float], rows: int) -> tuple[tuple[int, int], ...]:
    """First and past-last row of each region, in proportion to its share."""
    total = math.fsum(shares)
    ends = [round(rows * math.fsum(shares[: k + 1]) / total) for k in range(len(shares))]
    return tuple(zip([0, *ends[:-1]], ends, strict=True))


def _spread_out(expected: npt.NDArray[np.floating], total: int) -> U8:
    """Whole numbers in proportion to `expected` that add up to `total`: rounds the running sum."""
    running = np.cumsum(expected.astype(np.float64))
    if total <= 0 or running[-1] <= 0.0:
        return np.zeros(expected.size, dtype=np.uint8)
    steps = np.floor(running * (total / running[-1]) + 0.5)
    whole: U8 = np.diff(steps, prepend=0.0).astype(np.uint8)
    return whole
