"""The register of results: every outcome, series and column, from `outcomes.csv`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from model.csv_source import read_rows
from model.toml_source import InputError, Problem, nearest, shown

TABLE = Path(__file__).with_name("outcomes.csv")
COLUMNS = ("name", "file", "type", "unit", "meaning", "reduction", "worse", "levels")
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
    found = read_rows(TABLE, COLUMNS)
    problems, seen = [], set()
    for line, row in found:
        problems += _misfits(line, row)
        if (row["file"], row["name"]) in seen:
            message = f"{row['name']} stands in two rows of {row['file']}"
            problems.append(Problem(shown(TABLE), line, "name", message))
        seen.add((row["file"], row["name"]))
    if problems:
        raise InputError(problems)
    return tuple(
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
        for _, row in found
    )


def _misfits(line: int, row: dict[str, str]) -> list[Problem]:
    """Cells of a row that are no file, no type, or levels where there can be none."""
    problems = [
        Problem(
            shown(TABLE), line, column, f"expected one of {', '.join(known)}, found {row[column]!r}",
            nearest(row[column], known),
        )
        for column, known in (("file", FILES), ("type", TYPES))
        if row[column] not in known
    ]  # fmt: skip
    if (row["type"] == "category") != bool(row["levels"]):
        message = f"expected levels for a category and for nothing else, found {row['levels']!r}"
        problems.append(Problem(shown(TABLE), line, "levels", message))
    return problems


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
