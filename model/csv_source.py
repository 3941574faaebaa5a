"""CSV tables of the model's own folder, read row by row with the line of each, and what is wrong with them."""

from __future__ import annotations

import csv
import math
from collections.abc import Collection, Sequence
from pathlib import Path

from model.toml_source import InputError, Problem, nearest, shown

Row = tuple[int, dict[str, str]]


def read_rows(path: Path, columns: Sequence[str]) -> list[Row]:
    """The rows of a table with exactly these columns, each with its line in the file.

    Raises InputError where the file cannot be read, a column is missing, unknown or given twice, or a row has
    another number of cells than there are columns.
    """
    rows, heading = _rows(path)
    problems = heading_problems(shown(path), heading, columns)
    absent = [column for column in columns if column not in heading]
    problems += [
        Problem(shown(path), 1, column, "missing; it is a column of this table", nearest(column, heading))
        for column in absent
    ]
    if problems:
        raise InputError(problems)
    return rows


def read_table(path: Path) -> tuple[list[Row], list[str]]:
    """The rows of a table of whatever columns, and their names; raises InputError for a file that is no table."""
    return _rows(path)


def heading_problems(file: str, heading: Sequence[str], known: Collection[str]) -> list[Problem]:
    """What is wrong with the names of columns: one that is not known, and one that stands there twice."""
    problems = [
        Problem(file, 1, name or "(empty)", "unknown column", nearest(name, known))
        for name in dict.fromkeys(heading)
        if name not in known
    ]
    twice = sorted({name for name in heading if heading.count(name) > 1})
    return problems + [Problem(file, 1, name, "stands in the header twice") for name in twice]


def number(file: str, line: int, column: str, cell: str) -> tuple[float, list[Problem]]:
    """The number in a cell, NaN and a problem where it holds none that is finite."""
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if math.isfinite(value):
        return value, []
    return math.nan, [Problem(file, line, column, f"expected a number, found {cell!r}")]


def _rows(path: Path) -> tuple[list[Row], list[str]]:
    file = shown(path)
    try:
        with path.open(newline="", encoding="utf-8") as text:
            reader = csv.reader(text)
            heading = next(reader, [])
            found = [(reader.line_num, cells) for cells in reader if cells]
    except (OSError, UnicodeDecodeError, csv.Error) as broken:
        said = broken.strerror if isinstance(broken, OSError) else str(broken)
        raise InputError([Problem(file, 0, "", f"cannot be read: {said}")]) from None
    if not heading:
        raise InputError([Problem(file, 1, "", "is empty; expected a header and rows")])
    problems = [
        Problem(file, line, "", f"expected {len(heading)} cells as in the header, found {len(cells)}")
        for line, cells in found
        if len(cells) != len(heading)
    ]
    if not found:
        problems.append(Problem(file, 1, "", "has a header and no rows"))
    if problems:
        raise InputError(problems)
    return [(line, dict(zip(heading, cells, strict=True))) for line, cells in found], heading
