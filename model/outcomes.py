"""The register of results: every outcome, series and column, from `outcomes.csv`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("outcomes.csv")
FILES = ("runs", "timeseries", "regions")
TYPES = ("category", "integer", "number", "boolean")


@dataclass(frozen=True)
class Outcome:
    """One column of the results.

    file: one of FILES; type: one of TYPES; reduction: how a batch sums it up (share, mean, days, or "" for a
    series); worse: the direction that is worse (higher, lower, or "" where neither is); levels: the values
    of a category, in the order of their codes from 0.
    """

    name: str
    file: str
    type: str
    unit: str
    meaning: str
    reduction: str
    worse: str
    levels: tuple[str, ...]


@cache
def _table() -> tuple[Outcome, ...]:
    with TABLE.open(newline="", encoding="utf-8") as lines:
        rows = tuple(
            Outcome(
                name=row["name"],
                file=row["file"],
                type=row["type"],
                unit=row["unit"],
                meaning=row["meaning"],
                reduction=row["reduction"],
                worse=row["worse"],
                levels=tuple(row["levels"].split("|")) if row["levels"] else (),
            )
            for row in csv.DictReader(lines)
        )
    if len({(row.file, row.name) for row in rows}) != len(rows):
        raise ValueError(f"{TABLE.name}: an outcome stands in two rows of one file")
    for row in rows:
        if row.file not in FILES or row.type not in TYPES or (row.type == "category") != bool(row.levels):
            raise ValueError(f"{TABLE.name}: the row of {row.name} does not fit")
    return rows


def series(file: str = "timeseries") -> tuple[Outcome, ...]:
    """The columns of one file (runs, timeseries or regions), in the order of the table."""
    if file not in FILES:
        raise ValueError(f"no file {file!r}; expected one of {', '.join(FILES)}")
    return tuple(row for row in _table() if row.file == file)


def outcomes(file: str | None = None) -> dict[str, Outcome]:
    """Outcomes by name: of one file, or of `runs` and `timeseries`, whose names are all different.

    Names of `regions` repeat those of `timeseries`; ask for them with `outcomes("regions")`.
    """
    if file is not None:
        return {row.name: row for row in series(file)}
    return {row.name: row for row in _table() if row.file != "regions"}
