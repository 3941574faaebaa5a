"""Journeys of a day: removals, flight home, returns, departures, bans; and who finds a way of sending.

Competing hazards partition one uniform word a row by comparing integers: one event a row and day.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from model.world.household_day import Conditions, Regions
from model.world.population import (
    CARD,
    CONTROLLED,
    IRREGULAR,
    LEGAL,
    PASSPORT,
    REGIONS,
    Population,
    sum_by_region,
)

Index = npt.NDArray[np.intp]
Moves = npt.NDArray[np.int64]

WORDS = 2.0**32

REMOVED, FRIGHTENED, RETURNED, BANNED, DEPARTED, STRANDED, FOUND = range(7)
# What an event does to the places of one member of the row, in the order of the events.
ABROAD = np.array([-1, -1, -1, 0, 1, 0, 0], dtype=np.int64)
TO_ABROAD = ABROAD.astype(np.uint8)
TO_HOME = np.array([0, 1, 1, -1, -1, 0, 0]).astype(np.uint8)
TO_BANNED = np.array([1, 0, 0, 1, 0, 0, 0], dtype=np.uint8)
HOMEWARD = np.array([1, 1, 1, 0, 0, 0, 0], dtype=np.float32)
MISSED = np.array([0, 0, 0, 1, 0, 1, 0], dtype=np.uint8)


class Journeys:
    """Moves members of the rows between abroad, home and under a ban; nobody is lost or made.

    stocks: members `away`, `home`, `banned` by region, in rows' members (without the weight).
    """

    def __init__(self, population: Population, numbers: Mapping[str, float]) -> None:
        p, n = population, numbers
        self.population = p
        self._n = n
        self._removal = np.empty(4)
        self._removal[[LEGAL, CONTROLLED]] = n["removal_legal"], n["removal_controlled"]
        self._removal[[IRREGULAR, PASSPORT]] = 1.0, 0.0
        self._fright = np.empty(4)
        self._fright[[LEGAL, CONTROLLED]] = n["fright_legal"], n["fright_controlled"]
        self._fright[[IRREGULAR, PASSPORT]] = 1.0, n["fright_passport"]
        self._away_by_status = np.array([p.away[p.status == s].sum(dtype=np.int64) for s in range(4)])
        self.stocks = {
            name: np.array([column[a:b].sum(dtype=np.int64) for a, b in p.bounds])
            for name, column in (("away", p.away), ("home", p.home), ("banned", p.banned))
        }
        self._most = float(p.members.max(initial=0))
        self._fury = np.zeros(7, dtype=np.float32)
        self._fury[REMOVED] = n["removal_anger"]
        self._nerves = p.risk + np.float32(0.5)

    def move(self, now: Conditions, words: npt.NDArray[np.uint32], value: float) -> tuple[Moves, Regions]:
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
        parts = np.zeros((7, rows.size))
        parts[REMOVED] = away * removal[status]
        parts[RETURNED] = away * coming
        if now.raids > 0.0:
            parts[FRIGHTENED] = away * fright[status] * self._nerves[rows]
        if now.entry_ban > 0.0 or now.routes_open < 1.0:
            let_in = np.where(status == PASSPORT, 1.0, 1.0 - now.entry_ban)
            parts[BANNED] = home * leaving * (1.0 - let_in)
            parts[DEPARTED] = home * (leaving * now.routes_open) * let_in
            parts[STRANDED] = home * (leaving * (1.0 - now.routes_open)) * let_in
        else:
            parts[DEPARTED] = home * leaving
        if find > 0.0:
            way = np.where(p.channel[rows] == CARD, now.card_open, now.operator_open)
            seeks = (p.found[rows] == 0) & (p.provider[rows] >= way) & (away > 0.0)
            parts[FOUND] = np.where(seeks, find * p.access[rows], 0.0)
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
        stocks = self.stocks
        came, left, lost = moved[FRIGHTENED] + moved[RETURNED], moved[DEPARTED], moved[BANNED]
        stocks["away"] += left - came - moved[REMOVED]
        stocks["home"] += came - left - lost
        stocks["banned"] += lost + moved[REMOVED]
        change = np.bincount(p.status[rows], weights=ABROAD[kind], minlength=4)
        self._away_by_status += change.astype(np.int64)
        return moved, sum_by_region(saved, region) * p.weight
