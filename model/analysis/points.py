"""points.csv: the outcomes of a sweep point by point, and the same on one screen."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from model.analysis.observations import Observed, some_of
from model.analysis.overview import overview_lines, wrapped
from model.analysis.summary import SUMMARY, summarise
from model.ensemble.csv_files import Column, TableFile
from model.ensemble.plan import Plan
from model.ensemble.tables import POINT, SCENARIO, Table, number_columns

#: points that a table on the screen shows
SHOWN = 40
_LEFT_OUT = ("scenario", "n_failed")


def swept(plan: Plan) -> list[str]:
    """Dotted keys of the numbers that the points of a plan fix, in the order of the first point that has them."""
    return list(dict.fromkeys(key for point in plan.points for key in point))


def by_point(observed: Observed) -> dict[int, Observed]:
    """The runs of a scenario parted by point, in order; the counts of what failed stay those of the whole."""
    parts: dict[int, list[tuple[int, int]]] = {}
    for place in observed.runs:
        parts.setdefault(place[0], []).append(place)
    return {point: replace(observed, runs=some_of(observed.runs, parts[point])) for point in sorted(parts)}


def points_table(plan: Plan) -> Table:
    """points.csv of a plan: the numbers that its points fix, then the columns of summary.csv."""
    known = {column.name: column for column in number_columns(plan)}
    numbers = [known.get(key, Column(key, "number", "", "number fixed by the point")) for key in swept(plan)]
    rest = [column for column in SUMMARY.columns if column.name not in _LEFT_OUT]
    return Table(
        "points.csv", "one outcome of one scenario at one parameter point", (SCENARIO, POINT, *numbers, *rest)
    )


def write_points(observed: Mapping[str, Observed], plan: Plan, folder: Path) -> Table:
    """Write points.csv: scenarios by name, then points, outcomes in the order of outcomes.csv."""
    table = points_table(plan)
    with TableFile(folder / table.path, table.columns) as file:
        for name in sorted(observed):
            for point, part in by_point(observed[name]).items():
                rows = [row | {"point": point, **plan.points[point]} for row in summarise(part)]
                file.write(len(rows), _cells(table, rows))
    return table


def _cells(table: Table, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    names = [column for column in table.columns if any(column.name in row for row in rows)]
    return {
        column.name: [
            math.nan if row.get(column.name) is None and column.type != "string" else row.get(column.name)
            for row in rows
        ]
        for column in names
    }


def point_lines(observed: Observed, plan: Plan) -> list[str]:
    """The overview of one scenario with a line for each point, named by its number and its values."""
    keys = swept(plan)
    labelled = {
        " ".join([f"{point}:", *(f"{plan.points[point][key]:.3g}" for key in keys if key in plan.points[point])]): part
        for point, part in by_point(observed).items()
    }  # fmt: skip
    shown = list(labelled)[:SHOWN]
    lines = [wrapped(f"{observed.scenario} by point: {', '.join(keys)}"), ""]
    lines += overview_lines(labelled, shown[0] if shown else "", shown)
    if len(labelled) > len(shown):
        lines.append(f"... and {len(labelled) - len(shown)} more points in points.csv")
    return lines
