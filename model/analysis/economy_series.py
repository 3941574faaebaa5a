"""What was observed of money sent to Tajikistan, and what reached it from outside: `series/*.csv`.

Every row names its source; the same series stand in `model/sources.csv` as SERIES_wdi_tjk_annual,
SERIES_russia_annual and SERIES_cbr_russia_to_tjk_transfers. Three series are told apart and never joined:
the World Bank's remittances, the Central Bank of Russia's transfers (operators alone, or all channels), and
the somoni's rate. For 2024 the first two differ by a factor of 3 to 4.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("series")
#: Parts of a year, the longest first -> the quarters (0-3) in them.
PARTS: dict[str, tuple[int, ...]] = {
    "Y": (0, 1, 2, 3), "9M": (0, 1, 2), "H1": (0, 1), "Q1": (0,), "Q2": (1,), "Q3": (2,), "Q4": (3,),
}  # fmt: skip
#: Definitions of the Central Bank's series; figures are compared within one of them only.
DEFINITIONS = ("operators", "all_channels")
#: What a number of the model was set on: no test of that number.
FITTED = {
    ("world_bank", "2009"): "households.output_response",
    ("somoni", "2015"): "economy.rate_per_gap",
    **{("season", f"{year} Q{q}"): f"season.remit_q{q}" for year in (2013, 2014) for q in (1, 2, 3, 4)},
}


@dataclass(frozen=True)
class Outside:
    """A year in Russia: roubles per USD on average, and growth of output in per cent."""

    rub_per_usd: float
    growth_pct: float


@dataclass(frozen=True)
class Change:
    """A series in a year (or a part of it) against the same part of the year before, in one definition.

    series: world_bank, central_bank or somoni. definition: of the Central Bank's figures, else "".
    ratio: this year / last year. doubt: why the figure is hard to compare, or "".
    """

    series: str
    definition: str
    year: int
    part: str
    ratio: float
    doubt: str = ""

    @property
    def period(self) -> str:
        """The year, and the part of it where it is not the whole."""
        return str(self.year) if self.part == "Y" else f"{self.year} {self.part}"


@dataclass(frozen=True)
class Share:
    """The share of a quarter (0-3) in the transfers of its year, in one definition."""

    definition: str
    year: int
    quarter: int
    share: float
    doubt: str = ""

    @property
    def period(self) -> str:
        """The year and the quarter."""
        return f"{self.year} Q{self.quarter + 1}"


@dataclass(frozen=True)
class Level:
    """USD of a whole year."""

    series: str
    definition: str
    year: int
    usd: float
    doubt: str


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@cache
def outside() -> dict[int, Outside]:
    """Russia by year, 2005 to 2024."""
    return {
        int(row["year"]): Outside(float(row["rub_per_usd"]), float(row["growth_pct"]))
        for row in _rows("russia_annual.csv")
    }


@cache
def _annual() -> dict[int, dict[str, str]]:
    return {int(row["year"]): row for row in _rows("tajikistan_annual.csv")}


@cache
def _transfers() -> dict[str, dict[int, dict[str, float]]]:
    """Million USD from Russia by definition, year and part of the year."""
    found: dict[str, dict[int, dict[str, float]]] = {}
    for row in _rows("russia_to_tajikistan.csv"):
        years = found.setdefault(row["definition"], {})
        years.setdefault(int(row["year"]), {})[row["period"]] = float(row["musd"])
    return found


@cache
def _doubted() -> dict[tuple[str, int], str]:
    rows = _rows("russia_to_tajikistan.csv")
    return {(row["definition"], int(row["year"])): row["doubt"] for row in rows if row["doubt"]}


def _doubt(definition: str, year: int) -> str:
    return _doubted().get((definition, year), "")


def changes() -> list[Change]:
    """Every change from year to year that can be told: World Bank, Central Bank of Russia, somoni."""
    return [*_annual_changes("world_bank", "remittances_usd"), *_transfer_changes(),
            *_annual_changes("somoni", "tjs_per_usd")]  # fmt: skip


def _annual_changes(series: str, column: str) -> Iterator[Change]:
    years = _annual()
    for year, row in years.items():
        if year - 1 in years:
            ratio = float(row[column]) / float(years[year - 1][column])
            yield Change(series, "", year, "Y", ratio, row["doubt"] if series == "world_bank" else "")


def _transfer_changes() -> Iterator[Change]:
    """One change a year and definition: of the longest part of the year that both years give."""
    for definition in DEFINITIONS:
        years = _transfers()[definition]
        for year in sorted(years):
            before = years.get(year - 1, {})
            part = next((part for part in PARTS if part in years[year] and part in before), None)
            if part is not None:
                ratio = years[year][part] / before[part]
                yield Change("central_bank", definition, year, part, ratio, _doubt(definition, year))


def shares() -> list[Share]:
    """Shares of single quarters, where the quarter and its year are given in one definition."""
    return [
        Share(definition, year, PARTS[part][0], parts[part] / parts["Y"], _doubt(definition, year))
        for definition in DEFINITIONS
        for year, parts in sorted(_transfers()[definition].items())
        for part in ("Q1", "Q2", "Q3", "Q4")
        if part in parts and "Y" in parts
    ]


def levels() -> list[Level]:
    """Whole years near the case: the World Bank's total, and what a Russian official said of 2024."""
    found = [
        Level("world_bank", "", year, float(row["remittances_usd"]), row["doubt"])
        for year, row in _annual().items()
        if year >= 2023
    ]
    for year, parts in _transfers()["statement"].items():
        usd = parts["Y"] * 1e6
        found.append(Level("central_bank", "statement", year, usd, _doubt("statement", year)))
    return found


def known_share(year: int, highest: float) -> tuple[float, float]:
    """Russia's share of all remittances, lowest and highest, as the figures of the years before `year` give it.

    The lowest is the last Russian figure against the World Bank's of the same year, at most `highest` (the
    share of departures that go to Russia); that alone where nothing was known. Doubted Russian figures, which
    hold a part of the transfers only, are passed over.
    """
    known = {
        then: parts["Y"] * 1e6 / float(_annual()[then]["remittances_usd"])
        for definition in DEFINITIONS
        for then, parts in _transfers()[definition].items()
        if "Y" in parts and then < year and not _doubt(definition, then)
    }
    return (min(highest, known[max(known)]) if known else highest), highest
