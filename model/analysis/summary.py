"""summary.csv: every outcome of every scenario in one line (a category in one line for each level)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from model.analysis.observations import Observed
from model.analysis.statistics import Interval, mean, mean_interval, median_interval, quantile, wilson
from model.ensemble.csv_files import Column, TableFile
from model.ensemble.tables import QUANTILE_NAMES, QUANTILES, SCENARIO, Table, quantile_columns
from model.outcomes import Outcome
from model.outcomes import series as registered

_OF_DAYS = (
    "the runs; for days to a milestone over all runs, never counting as later than any day (empty: never)"
)
_T = "95 % interval of the mean (Student's t)"
_ORDER = "95 % interval of that median (order statistics; empty for fewer than six runs)"
_WILSON = "95 % interval of the share (Wilson)"

SUMMARY = Table(
    "summary.csv",
    "one outcome of one scenario (one level of it, for a category)",
    (
        SCENARIO,
        Column("outcome", "string", "", "outcome of the file runs"),
        Column("level", "string", "", "level of a category; else empty"),
        Column(
            "n",
            "integer",
            "runs",
            "ok runs to which the outcome applies; for days to a milestone all ok runs",
        ),
        Column(
            "n_failed",
            "integer",
            "runs",
            "runs of the scenario that failed or timed out, in no other number here",
        ),
        Column(
            "mean",
            "number",
            "unit of the outcome",
            "mean over the runs; for days to a milestone only over the runs that reached it",
        ),
        Column("mean_low", "number", "unit of the outcome", f"lower end of the {_T}"),
        Column("mean_high", "number", "unit of the outcome", f"upper end of the {_T}"),
        Column(
            "median_reached", "number", "days", "days to a milestone: median over the runs that reached it"
        ),
        Column("median_low", "number", "days", f"lower end of the {_ORDER}"),
        Column("median_high", "number", "days", f"upper end of the {_ORDER}"),
        *quantile_columns(_OF_DAYS),
        Column(
            "share",
            "number",
            "share of runs",
            "share of the runs at the level, with a true outcome, or that reached the milestone",
        ),
        Column("share_low", "number", "share of runs", f"lower end of the {_WILSON}"),
        Column("share_high", "number", "share of runs", f"upper end of the {_WILSON}"),
    ),
)


def summarise(observed: Observed) -> list[dict[str, Any]]:
    """Rows of summary.csv of one scenario, outcomes in the order of outcomes.csv."""
    rows = []
    for outcome in registered("runs"):
        values = observed.values(outcome.name)
        for row in _rows(outcome, values):
            rows.append(
                {"scenario": observed.scenario, "outcome": outcome.name, "n_failed": observed.failed, **row}
            )
    return rows


def _rows(outcome: Outcome, values: list[Any]) -> list[dict[str, Any]]:
    if outcome.reduction == "days":
        reached = [float(value) for value in values if value is not None]
        ordered = [math.inf if value is None else float(value) for value in values]
        return [
            {
                "n": len(values),
                **_mean(reached),
                **_median(reached),
                **_quantiles(ordered),
                **_share(len(reached), len(values)),
            }
        ]
    present = [value for value in values if value is not None]
    if outcome.type == "category":
        return [
            {"level": level, "n": len(present), **_share(present.count(level), len(present))}
            for level in outcome.levels
        ]
    if outcome.type == "boolean":
        return [{"n": len(present), **_share(sum(map(bool, present)), len(present))}]
    numbers = [float(value) for value in present]
    return [{"n": len(numbers), **_mean(numbers), **_quantiles(numbers)}]


def _mean(values: list[float]) -> dict[str, Any]:
    low, high = mean_interval(values)
    return {"mean": mean(values), "mean_low": low, "mean_high": high}


def _median(values: list[float]) -> dict[str, Any]:
    low, high = median_interval(values)
    return {"median_reached": quantile(values, 0.5), "median_low": low, "median_high": high}


def _quantiles(values: list[float]) -> dict[str, Any]:
    return {name: quantile(values, share) for share, name in zip(QUANTILES, QUANTILE_NAMES, strict=True)}


def _share(found: int, of: int) -> dict[str, Any]:
    interval: Interval = wilson(found, of)
    return {"share": found / of if of else None, "share_low": interval[0], "share_high": interval[1]}


def write_summary(observed: Mapping[str, Observed], folder: Path) -> Table:
    """Write summary.csv, scenarios by name."""
    write_rows(folder, SUMMARY, (row for name in sorted(observed) for row in summarise(observed[name])))
    return SUMMARY


def write_rows(folder: Path, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write a small table from rows; a column that a row does not name is empty in it."""
    kept = list(rows)
    values: dict[str, Any] = {}
    for column in table.columns:
        cells = [row.get(column.name) for row in kept]
        if column.type in ("number", "integer"):
            cells = [math.nan if cell is None else cell for cell in cells]
        values[column.name] = cells
    with TableFile(folder / table.path, table.columns) as file:
        file.write(len(kept), values)
