"""The households of the country as columns: a sample of equal weight whose totals match the situation.

Every attribute is drawn with stratified luck: the rows queue in the order of keyed words, and place k of the
queue takes the quantile at (k + 1/2) / n. So shares and totals are exact up to one row for any luck, and luck
only says who is who. Money is in dollars at the prices of day 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from model.compiled import COMPILED
from model.randomness import Luck
from model.scenario_file import LEAST_ROWS
from model.world.household_kernel import (
    ACCESS,
    ANGER,
    AWAY,
    BARRED,
    BUFFER,
    CARD,
    CENTS,
    CHANNEL,
    CONTROLLED,
    COUNTED_ON,
    CUSHION,
    HARDSHIP,
    HELD,
    HOME,
    INFORMAL,
    IRREGULAR,
    LEGAL,
    LIVED_ON,
    LOCAL,
    MEMBERS,
    OPERATOR,
    OTHER,
    OTHER_WAY,
    PASSPORT,
    POOR_BELOW,
    PROVIDER,
    REGION,
    REGIONS,
    RISK,
    SAVINGS,
    STATUS,
    TRAIT,
    TURNED_AWAY,
    UNIT,
)
from model.world.household_strata import F32, Queues, count_below, levels, line_up, lognormal

F64 = npt.NDArray[np.float64]
U8 = npt.NDArray[np.uint8]
Bounds = tuple[tuple[int, int], ...]

#: Names of regions 1-5 of the flagship case; the model only counts them.
REGION_NAMES = ("Dushanbe", "Districts of Republican Subordination", "Khatlon", "Sughd", "Gorno-Badakhshan")
DAYS_PER_YEAR = 365.0
DAYS_PER_MONTH = DAYS_PER_YEAR / 12.0


class Population:
    """Rows of equal `weight` (households a row), sorted by region; contiguous float32 and uint8 columns.

    away, home, banned: members who work abroad, by where they are; their sum `members` never changes.
    turned_away: of the banned, those who were kept from leaving by a ban of entry on all.
    counted_on: members abroad whose money the household lives on (`lived_on`, USD a day at the yearly mean).
    status: LEGAL, IRREGULAR, CONTROLLED or PASSPORT of the row's migrants.
    unit: USD a day remitted by one migrant at the yearly mean, after the
    usual fee. channel: OPERATOR, CARD or INFORMAL; provider: place among the users of that channel, 0-1;
    found: has found another way; access: ease of finding one, 0-1.
    local_income, other_income: USD a day earned at home, and received from elsewhere than the coercer's
    country; their sum is what is needed a day beside `lived_on`. buffer: USD at hand; savings, held: USD kept
    abroad, and USD that could not be sent.
    hardship: remembered shortfall of consumption, 0-1; trait: how far it is felt, 0-1; anger: at the
    coercer, 0-1. risk: risk aversion, 0-1. cushion: share of consumption given up before food is cut.
    phase: day of the pay cycle on which money is sent (`payday`: the rows that send).
    poor_below: share of its usual consumption under which the household lives below the national line.

    money, people: all columns of float32 and of uint8, one a row of the table, in the order of the kernel's codes.
    numbers: those of section `households`, by name. `compiled` says whether numba may draw the luck, which
    is the same without it.
    """

    def __init__(
        self, numbers: Mapping[str, float], luck: Luck, rows: int, mean_stock: float, compiled: bool = True
    ) -> None:
        if rows < LEAST_ROWS:
            raise ValueError(f"a population needs at least {LEAST_ROWS} rows, not {rows}")
        n = self.numbers = own_numbers(numbers)
        self.rows = rows
        self.weight = n["count"] / rows
        shares = [n[f"region_{k}_share"] for k in range(1, REGIONS + 1)]
        self.bounds = _bounds(shares, rows)
        self._lay_out()
        for k, (first, last) in enumerate(self.bounds):
            self.region[first:last] = k
        queues = Queues(luck, rows, compiled and COMPILED)

        propensity = [n[f"region_{k}_migration"] for k in range(1, REGIONS + 1)]
        self._place_members(n, queues, propensity)
        self._give_papers(n, queues)
        self._give_money(n, queues, mean_stock)

        level = levels(rows)
        self.trait[queues.of("household_trait")] = level
        self.cushion[queues.of("household_cushion")] = np.float32(2.0 * n["cushion_share"]) * level
        self.risk[queues.of("household_risk")] = n["risk_floor"] + (1.0 - n["risk_floor"]) * level

    def _lay_out(self) -> None:
        money = self.money = np.zeros((15, self.rows), dtype=np.float32)
        self.local_income, self.other_income, self.lived_on = money[LOCAL], money[OTHER], money[LIVED_ON]
        self.cushion, self.poor_below = money[CUSHION], money[POOR_BELOW]
        self.trait, self.risk = money[TRAIT], money[RISK]
        self.buffer, self.hardship, self.anger = money[BUFFER], money[HARDSHIP], money[ANGER]
        self.unit, self.savings, self.held = money[UNIT], money[SAVINGS], money[HELD]
        self.provider, self.access = money[PROVIDER], money[ACCESS]
        people = self.people = np.zeros((10, self.rows), dtype=np.uint8)
        self.away, self.home, self.banned = people[AWAY], people[HOME], people[BARRED]
        self.turned_away, self.members, self.counted_on = (
            people[TURNED_AWAY],
            people[MEMBERS],
            people[COUNTED_ON],
        )
        self.region, self.status = people[REGION], people[STATUS]
        self.channel, self.found = people[CHANNEL], people[OTHER_WAY]

    def payday(self, day: int) -> npt.NDArray[np.int32]:
        """The rows that send money on a day, in their order."""
        phase = day % self.cycle
        return self._senders[self._ends[phase] : self._ends[phase + 1]]

    def _place_members(self, n: Mapping[str, float], queues: Queues, propensity: list[float]) -> None:
        away, home, banned = n["migrants_away"], n["migrants_at_home"], n["entry_banned"]
        pool = (away + home + banned) / self.weight
        sizes = [last - first for first, last in self.bounds]
        weights = [size * p for size, p in zip(sizes, propensity, strict=True)]
        households = n["migrant_households"] * self.rows
        queue = queues.of("household_migrants")
        regions = self.region[queue]
        chosen = np.zeros(self.rows, dtype=bool)
        for k, weight in enumerate(weights):
            share = weight / math.fsum(weights) if weight > 0.0 else 0.0
            quota = min(sizes[k], round(households * share))
            chosen[queue[np.flatnonzero(regions == k)[:quota]]] = True
        where = np.flatnonzero(chosen)
        if where.size and pool > 0.0:
            mean = max(1.0, pool / where.size)
            spread = np.empty(self.rows, dtype=np.float32)
            spread[queues.of("household_spread")] = 1.0 + 2.0 * (mean - 1.0) * levels(self.rows)
            self.members[where] = _spread_out(np.minimum(spread[where], np.float32(250.0)), round(pool))
            share_away = away / (away + home + banned)
            abroad = self.members[where] * np.float32(share_away)
            self.away[where] = _spread_out(abroad, round(away / self.weight))
            rest = self.members - self.away
            share_banned = banned / max(1.0, home + banned)
            queue = queues.of("household_away")
            turn = queue[chosen[queue]]
            taken = _spread_out(rest[turn] * np.float32(share_banned), round(banned / self.weight))
            self.banned[turn] = np.minimum(taken, rest[turn])
        self.home[:] = self.members - self.away - self.banned
        self.counted_on[:] = self.away

    def _give_papers(self, n: Mapping[str, float], queues: Queues) -> None:
        migrants = max(n["migrants_away"], 1.0)
        passport, controlled = n["passport_holders"] / migrants, n["controlled"] / migrants
        self.status[queues.of("household_status")] = self._by_share(
            LEGAL,
            (passport + controlled + n["irregular_share"], IRREGULAR),
            (passport + controlled, CONTROLLED),
            (passport, PASSPORT),
        )
        self.channel[queues.of("household_channel")] = self._by_share(
            OPERATOR, (n["informal_share"] + n["card_share"], CARD), (n["informal_share"], INFORMAL)
        )
        level = levels(self.rows)
        self.provider[queues.of("household_provider")] = level
        # The share that can find another way at all; among them some sooner than others.
        reach = 1.0 - level / np.float32(n["access_share"])
        self.access[queues.of("household_access")] = np.maximum(np.float32(0.0), reach)
        self.found[:] = self.channel == INFORMAL

    def _by_share(self, else_: int, *parts: tuple[float, int]) -> U8:
        """Along the queue: each code up to its share, a later one over those before, and `else_` beyond."""
        codes = np.full(self.rows, else_, dtype=np.uint8)
        for share, code in parts:
            codes[: count_below(share, self.rows)] = code
        return codes

    def _give_money(self, n: Mapping[str, float], queues: Queues, mean_stock: float) -> None:
        wage, habit = np.empty((2, self.rows), dtype=np.float32)
        wage[queues.of("household_wage")] = n["wage_rub"] * lognormal(self.rows, n["wage_spread"])
        habit[queues.of("household_habit")] = lognormal(self.rows, n["habit_spread"])
        wage[self.status == IRREGULAR] *= np.float32(n["irregular_wage"])
        russian = n["remittances_total_usd"] * n["russian_share"]
        per_migrant = russian / DAYS_PER_YEAR / max(mean_stock, 1.0)
        raw = wage.astype(np.float64)
        raw *= habit
        total = float(np.rint(raw * self.away).sum())  # whole roubles: the sum is exact in any order
        migrants = float(self.away.sum(dtype=np.int64))
        raw *= per_migrant * migrants / total if total > 0.0 else 0.0
        self.unit[:] = raw
        del raw, habit, wage

        income = np.empty(self.rows)
        income[queues.of("household_income")] = lognormal(self.rows, n["local_spread"])
        income[self.members > 0] *= n["migrant_household_income"]
        income *= n["local_income_usd"] / (float(np.rint(income * 2.0**30).sum()) / 2.0**30 / self.rows)
        self.local_income[:] = income
        del income
        elsewhere = (n["remittances_total_usd"] - russian) / DAYS_PER_YEAR / n["count"]
        receivers = count_below(n["other_receivers"], self.rows)
        queue = queues.of("household_other")[:receivers]
        self.other_income[queue] = elsewhere * self.rows / max(1, receivers)

        np.multiply(self.unit, self.counted_on, out=self.lived_on)
        need = self.local_income + self.other_income + self.lived_on
        poorest = min(self.rows - 1, int(n["poverty_at_start"] * self.rows))
        self.poor_below[:] = np.partition(need, poorest)[poorest] / need
        self._set_paydays(round(n["pay_cycle_days"]))

        extra = np.empty(self.rows, dtype=np.float32)
        extra[queues.of("household_buffer")] = np.float32(n["buffer_days"]) * lognormal(
            self.rows, n["buffer_spread"]
        )
        extra[queues.of("household_saver")[: count_below(n["no_savings_share"], self.rows)]] = 0.0
        # Everybody holds what lasts until the next payday, and what is needed not to ration before it.
        late = np.where(self.channel == INFORMAL, np.int16(round(n["informal_lag_days"])), np.int16(0))
        until = ((self.phase + late) % np.int16(self.cycle)).astype(np.float32)
        extra *= need
        until += np.float32(n["spending_horizon_days"])
        self.buffer[:] = extra + self.lived_on * until
        months = np.float32(n["savings_months"] * DAYS_PER_MONTH * n["savings_share"])
        self.savings[:] = self.unit * self.away * months

    def _set_paydays(self, cycle: int) -> None:
        """Paydays in turn along the rows by money sent, so that every day of the cycle brings the same."""
        self.cycle = cycle
        self.phase = np.empty(self.rows, dtype=np.uint8)
        # The bits of floats from 0 on rise with them.
        turns = np.arange(self.rows, dtype=np.int32) % np.int32(cycle)
        self.phase[line_up(self.lived_on.view(np.uint32))] = turns
        senders = np.flatnonzero(self.members).astype(np.int32)
        phases = self.phase[senders]
        self._senders = senders[np.argsort(phases, kind="stable")]
        self._ends: list[int] = [0, *np.cumsum(np.bincount(phases, minlength=cycle)).tolist()]


def own_numbers(numbers: Mapping[str, float]) -> dict[str, float]:
    """The numbers of section `households`, by name."""
    own = "households."
    return {key[len(own) :]: value for key, value in numbers.items() if key.startswith(own)}


def cents_by_region(money: npt.NDArray[np.floating], region: U8) -> npt.NDArray[np.float64]:
    """Sum of USD by region in whole units of fixed point, so the float64 sum is exact in any order."""
    cents = np.floor(money.astype(np.float64) * CENTS)
    return np.bincount(region, weights=cents, minlength=REGIONS).astype(np.float64)


def sum_by_region(money: F32, bounds: Iterable[tuple[int, int]]) -> F64:
    """Sum of USD of the rows of each region, of whole units of fixed point."""
    cents = np.floor(money.astype(np.float64) * CENTS)
    return np.array([cents[first:last].sum() for first, last in bounds]) / CENTS


def _bounds(shares: list[float], rows: int) -> Bounds:
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
