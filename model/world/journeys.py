"""Journeys of a day: removals, flight home, returns, departures, bans; and who finds a way of sending.

Competing hazards partition one uniform word a row by comparing integers: one event a row and day. The row
work is `household_kernel.travel`, or the same in array expressions where numba is missing.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from model.world import household_kernel as kernel
from model.world.household_day import Conditions
from model.world.household_kernel import (
    AWAY,
    BANNED,
    BARRED,
    BROUGHT,
    CARD,
    CONTROLLED,
    DEPARTED,
    FOUND,
    FRIGHTENED,
    HOME,
    IRREGULAR,
    LEGAL,
    PASSPORT,
    REGIONS,
    REMOVED,
    RETURNED,
    STRANDED,
    WORDS,
)
from model.world.population import I64, Population, cents_by_region

Index = npt.NDArray[np.intp]

# What an event does to the places of one member of the row, in the order of the events.
ABROAD = np.array([-1, -1, -1, 0, 1, 0, 0], dtype=np.int64)
TO_ABROAD = ABROAD.astype(np.uint8)
TO_HOME = np.array([0, 1, 1, -1, -1, 0, 0]).astype(np.uint8)
TO_BANNED = np.array([1, 0, 0, 1, 0, 0, 0], dtype=np.uint8)
HOMEWARD = np.array([1, 1, 1, 0, 0, 0, 0], dtype=np.float32)
MISSED = np.array([0, 0, 0, 1, 0, 1, 0], dtype=np.uint8)


class Journeys:
    """Moves members of the rows between abroad, home and under a ban; nobody is lost or made.

    stocks: members AWAY, HOME and BARRED by region, shape (3, 5), in rows' members (without the weight).
    """

    def __init__(self, population: Population, numbers: Mapping[str, float]) -> None:
        p, n = population, numbers
        self.population = p
        self._n = n
        # Hazards of the statuses relative to the most exposed one, and their part in a raid.
        self._removal = np.empty(4)
        self._removal[[LEGAL, CONTROLLED]] = n["removal_legal"], n["removal_controlled"]
        self._removal[[IRREGULAR, PASSPORT]] = 1.0, 0.0
        self._fright = np.empty(4)
        self._fright[[LEGAL, CONTROLLED]] = n["fright_legal"], n["fright_controlled"]
        self._fright[[IRREGULAR, PASSPORT]] = 1.0, n["fright_passport"]
        self._away_by_status = np.bincount(p.status, weights=p.away, minlength=4).astype(np.int64)
        columns = (p.away, p.home, p.banned)
        self.stocks = np.array([np.bincount(p.region, weights=c, minlength=REGIONS) for c in columns])
        self.stocks = self.stocks.astype(np.int64)
        self._ban = 0.0
        self._most = float(p.members.max(initial=0))
        self._columns = (
            p.region, p.status, p.members, p.away, p.home, p.banned, p.turned_away, p.counted_on, p.found, p.channel,
            p.provider, p.access, p.risk, p.unit, p.savings, p.held, p.buffer, p.anger, p.lived_on,
        )  # fmt: skip

    def move(
        self, now: Conditions, words: npt.NDArray[np.uint32], value: float, totals: I64, compiled: bool
    ) -> None:
        """Carry out the day's events, and book them and the savings brought home in `totals`."""
        n = self._n
        if now.entry_ban <= 0.0 < self._ban:
            self._let_back()
        self._ban = now.entry_ban
        exposed = float((self._away_by_status * self._removal).sum()) * self.population.weight
        capacity = n["removals_per_day"] + now.raids * max(0.0, n["removals_peak"] - n["removals_per_day"])
        removal = self._removal * min(1.0, capacity / exposed if exposed > 0.0 else 0.0)
        fright = self._fright * (now.raids * n["fright_rate"] * now.routes_open)
        coming = now.return_season * now.routes_open
        leaving = min(1.0, now.departure_season * (1.0 - n["raid_deterrence"] * now.raids))
        another = n["find_rate"] if now.informal_capacity_usd > 0.0 or now.card_open > 0.0 else 0.0
        blocked = now.operator_open < 1.0 or now.card_open < 1.0
        find = another if blocked else 0.0
        # No row can exceed this total, so only the few rows below it are looked at.
        abroad = max(removal.tolist()) + 1.5 * max(fright.tolist()) + coming
        bound = int(min(WORDS - 1.0, (self._most * max(abroad, leaving) + find) * WORDS))
        if compiled:
            kernel.travel(
                words, bound, *self._columns, removal, fright, coming, leaving, now.routes_open,
                now.entry_ban, find, now.operator_open, now.card_open, n["removal_anger"], value,
                self.stocks, self._away_by_status, totals,
            )  # fmt: skip
            return
        rows = np.flatnonzero(words < np.uint32(bound))
        parts = self._parts(now, rows, removal, fright, coming, leaving, find)
        edges = (np.cumsum(parts, axis=0) * WORDS).astype(np.int64)
        kind = np.add.reduce(words[rows] >= edges, axis=0)
        happens = kind <= FOUND
        self._carry_out(rows[happens], kind[happens], value, totals)

    def _let_back(self) -> None:
        """The ban on all is lifted: whom it kept from leaving may leave again; who was removed may not."""
        p = self.population
        back = np.bincount(p.region, weights=p.turned_away, minlength=REGIONS).astype(np.int64)
        p.home += p.turned_away
        p.banned -= p.turned_away
        p.turned_away[:] = 0
        self.stocks[HOME] += back
        self.stocks[BARRED] -= back

    def _parts(
        self,
        now: Conditions,
        rows: Index,
        removal: npt.NDArray[np.float64],
        fright: npt.NDArray[np.float64],
        coming: float,
        leaving: float,
        find: float,
    ) -> npt.NDArray[np.float64]:
        """Chances of the events of these rows, shape (events, rows)."""
        p = self.population
        status, away = p.status[rows], p.away[rows].astype(np.float64)
        home = p.home[rows].astype(np.float64)
        let_in = np.where(status == PASSPORT, 1.0, 1.0 - now.entry_ban)
        parts = np.zeros((7, rows.size))
        parts[REMOVED] = away * removal[status]
        parts[FRIGHTENED] = away * fright[status] * (p.risk[rows] + np.float32(0.5))
        parts[RETURNED] = away * coming
        parts[BANNED] = home * leaving * (1.0 - let_in)
        parts[DEPARTED] = home * (leaving * now.routes_open) * let_in
        parts[STRANDED] = home * (leaving * (1.0 - now.routes_open)) * let_in
        if find > 0.0:
            way = np.where(p.channel[rows] == CARD, now.card_open, now.operator_open)
            seeks = (p.found[rows] == 0) & (p.provider[rows] >= way) & (away > 0.0)
            parts[FOUND] = np.where(seeks, find * p.access[rows], 0.0)
        return parts

    def _carry_out(self, rows: Index, kind: npt.NDArray[np.intp], value: float, totals: I64) -> None:
        p = self.population
        region, away, unit = p.region[rows], p.away[rows], p.unit[rows]
        moved = np.bincount(kind * REGIONS + region, minlength=7 * REGIONS).reshape(7, REGIONS)
        totals[: FOUND + 1] = moved
        # Whoever comes home brings his part of the savings, once.
        share = HOMEWARD[kind] / np.maximum(away, 1)
        saved = (p.savings[rows] + p.held[rows]) * share
        totals[BROUGHT] = cents_by_region(saved, region)
        stays = np.float32(1.0) - share
        p.savings[rows] *= stays
        p.held[rows] *= stays
        p.buffer[rows] += saved * np.float32(value)
        away += TO_ABROAD[kind]  # bytes wrap, so 255 takes one away
        p.away[rows] = away
        p.home[rows] += TO_HOME[kind]
        p.banned[rows] += TO_BANNED[kind]
        p.turned_away[rows] += kind == BANNED
        fury = np.float32(self._n["removal_anger"]) * (kind == REMOVED)
        p.anger[rows] = np.minimum(np.float32(1.0), p.anger[rows] + fury)
        p.found[rows] |= kind == FOUND
        # A planned return is not missed; whoever is removed, frightened home or kept from leaving is.
        counted = np.maximum(p.counted_on[rows] - (kind == RETURNED), away + MISSED[kind])
        p.counted_on[rows] = np.minimum(counted, p.members[rows])
        p.lived_on[rows] = unit * p.counted_on[rows]
        came, left, lost = moved[FRIGHTENED] + moved[RETURNED], moved[DEPARTED], moved[BANNED]
        self.stocks[AWAY] += left - came - moved[REMOVED]
        self.stocks[HOME] += came - left - lost
        self.stocks[BARRED] += lost + moved[REMOVED]
        change = np.bincount(p.status[rows], weights=ABROAD[kind], minlength=4)
        self._away_by_status += change.astype(np.int64)
