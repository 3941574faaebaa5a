"""Journeys of a day: removals, flight home, returns, departures, bans; and who finds a way of sending.

Competing hazards partition one uniform word a row by comparing integers: one event a row and day. The row
work is `household_kernel.travel`, or the same in array expressions where numba is missing.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from model.world.household_day import Conditions
from model.world.household_kernel import (
    BANNED,
    BARRED,
    BOUND,
    BROUGHT,
    CARD,
    CARD_OPEN,
    CAUGHT,
    COMING,
    CONTROLLED,
    DEPARTED,
    ENTRY_BAN,
    FIND,
    FLIGHT,
    FOUND,
    FRIGHT,
    FRIGHTENED,
    FURY,
    HOME,
    IRREGULAR,
    LEAVING,
    LEFT,
    LEGAL,
    OPERATOR_OPEN,
    PASSPORT,
    REGIONS,
    REMOVAL,
    REMOVED,
    RETURNED,
    ROUTES_OPEN,
    STRANDED,
    VALUE,
    WORDS,
)
from model.world.household_strata import I64, U32
from model.world.population import F64, Population, cents_by_region

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
    abroad: members away by status, shape (4,). most: members of the largest row, and the relative hazards of removal
    and of fright of the most exposed status. terms: those of a day; what never changes is put there at once.
    """

    def __init__(self, population: Population, numbers: Mapping[str, float], terms: F64) -> None:
        p, n = population, numbers
        self.population = p
        self._n = n
        self.abroad = np.bincount(p.status, weights=p.away, minlength=4).astype(np.int64)
        columns = (p.away, p.home, p.banned)
        self.stocks = np.array([[c[a:b].sum(dtype=np.int64) for a, b in p.bounds] for c in columns])
        self._ban = 0.0
        # Hazards of the statuses relative to the most exposed one, and their part in a raid.
        removal, fright = [0.0] * 4, [0.0] * 4
        removal[LEGAL], removal[CONTROLLED] = n["removal_legal"], n["removal_controlled"]
        removal[IRREGULAR], removal[PASSPORT] = 1.0, 0.0
        fright[LEGAL], fright[CONTROLLED] = n["fright_legal"], n["fright_controlled"]
        fright[IRREGULAR], fright[PASSPORT] = 1.0, n["fright_passport"]
        terms[REMOVAL : REMOVAL + 4], terms[FRIGHT : FRIGHT + 4] = removal, fright
        self.most = float(p.members.max(initial=0)), max(removal), max(fright)

    def heed_ban(self, now: Conditions) -> None:
        """A ban of entry on all that was lifted lets people go again."""
        if now.entry_ban <= 0.0 < self._ban:
            self._let_back()
        self._ban = now.entry_ban

    def _let_back(self) -> None:
        """The ban on all is lifted: whom it kept from leaving may leave again; who was removed may not."""
        p = self.population
        back = [p.turned_away[first:last].sum(dtype=np.int64) for first, last in p.bounds]
        p.home += p.turned_away
        p.banned -= p.turned_away
        p.turned_away[:] = 0
        self.stocks[HOME] += back
        self.stocks[BARRED] -= back

    def move(self, words: U32, terms: F64, totals: I64) -> None:
        """Carry out the day's events, and book them and the savings brought home in `totals`."""
        rows = np.flatnonzero(words <= np.uint32(terms[BOUND]))
        edges = (np.cumsum(self._parts(rows, terms), axis=0) * WORDS).astype(np.int64)
        kind = np.add.reduce(words[rows] >= edges, axis=0)
        happens = kind <= FOUND
        self._carry_out(rows[happens], kind[happens], terms, totals)

    def _parts(self, rows: Index, terms: F64) -> F64:
        """Chances of the events of these rows, shape (events, rows)."""
        p = self.population
        status, away = p.status[rows], p.away[rows].astype(np.float64)
        home = p.home[rows].astype(np.float64)
        let_in = np.where(status == PASSPORT, 1.0, 1.0 - terms[ENTRY_BAN])
        leaving, routes_open = terms[LEAVING], terms[ROUTES_OPEN]
        parts = np.zeros((7, rows.size))
        parts[REMOVED] = away * (terms[CAUGHT] * terms[REMOVAL + status])
        parts[FRIGHTENED] = away * (terms[FLIGHT] * terms[FRIGHT + status]) * (p.risk[rows] + np.float32(0.5))
        parts[RETURNED] = away * terms[COMING]
        parts[BANNED] = home * leaving * (1.0 - let_in)
        parts[DEPARTED] = home * (leaving * routes_open) * let_in
        parts[STRANDED] = home * (leaving * (1.0 - routes_open)) * let_in
        if terms[FIND] > 0.0:
            way = np.where(p.channel[rows] == CARD, terms[CARD_OPEN], terms[OPERATOR_OPEN])
            seeks = (p.found[rows] == 0) & (p.provider[rows] >= way) & (away > 0.0)
            parts[FOUND] = np.where(seeks, np.float32(terms[FIND]) * p.access[rows], 0.0)
        return parts

    def _carry_out(self, rows: Index, kind: Index, terms: F64, totals: I64) -> None:
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
        p.buffer[rows] += saved * np.float32(terms[VALUE])
        away += TO_ABROAD[kind]  # bytes wrap, so 255 takes one away
        p.away[rows] = away
        p.home[rows] += TO_HOME[kind]
        p.banned[rows] += TO_BANNED[kind]
        p.turned_away[rows] += kind == BANNED
        fury = np.float32(terms[FURY]) * (kind == REMOVED)
        p.anger[rows] = np.minimum(np.float32(1.0), p.anger[rows] + fury)
        p.found[rows] |= kind == FOUND
        # A planned return is not missed; whoever is removed, frightened home or kept from leaving is.
        counted = np.maximum(p.counted_on[rows] - (kind == RETURNED), away + MISSED[kind])
        p.counted_on[rows] = np.minimum(counted, p.members[rows])
        p.lived_on[rows] = unit * p.counted_on[rows]
        change = np.bincount(p.status[rows], weights=ABROAD[kind], minlength=4)
        totals[LEFT, :4] = change.astype(np.int64)
