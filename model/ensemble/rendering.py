"""From the store to the files: one scenario at a time, some runs at a time, each decoded once, every row in order."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from model.actions import actions
from model.ensemble.csv_files import Coded, TableFile
from model.ensemble.finished_run import OK
from model.ensemble.plan import Plan, RunKey
from model.ensemble.quantiles import DayValues, day_quantiles, day_shares
from model.ensemble.run_columns import RunColumns
from model.ensemble.run_rows import blocks_of, number_cells, runs_table_of, write_some_runs
from model.ensemble.store import BatchStore
from model.ensemble.tables import (
    QUANTILE_NAMES,
    Table,
    decisions_table,
    events_table,
    quantiles_table,
    regions_table,
    timeseries_table,
)
from model.outcomes import series as registered
from model.result import Array, RunResult

Block = Sequence[tuple[RunKey, RunResult]]


@dataclass(frozen=True)
class Rendered:
    """The tables written, in order, and the outcomes of the ok runs by scenario, which were read for them."""

    tables: list[Table]
    outcomes: dict[str, RunColumns]


def render(store: BatchStore, folder: Path, timeseries: str = "csv") -> Rendered:
    """Write every file of a batch that comes from its runs into `folder`.

    timeseries: csv, parquet or none. An unfinished batch gives the files of the runs that are there.
    """
    runs, quantiles = runs_table_of(store), quantiles_table()
    tables, outcomes = [runs], {}
    with (
        TableFile(folder / runs.path, runs.columns) as runs_file,
        TableFile(folder / quantiles.path, quantiles.columns) as quantile_file,
    ):
        for name in sorted(store.plan.names):
            own = _scenario_tables(store.plan, name, timeseries)
            outcomes[name] = _render_scenario(store, folder, name, own, runs_file, quantile_file)
            tables += own.values()
    return Rendered([*tables, quantiles], outcomes)


def write_days(store: BatchStore, folder: Path, name: str, form: str = "csv") -> Table:
    """Write timeseries/<scenario>.csv (or .parquet) alone."""
    days = int(store.plan.settings["days"])
    start = np.datetime64(store.plan.scenario(name).start, "D")
    table = timeseries_table(name, form)
    with TableFile(folder / table.path, table.columns, form) as file:
        for block in blocks_of(store.results(name)):
            _write_days(file, name, start, block, _stack(block, days))
    return table


def _scenario_tables(plan: Plan, name: str, timeseries: str) -> dict[str, Table]:
    """The tables that are the scenario's own, by their kind."""
    tables = {"regions": regions_table(name), "events": events_table(name)}
    if timeseries != "none":
        tables = {"timeseries": timeseries_table(name, timeseries)} | tables
    return tables | {"decisions": decisions_table(name)} if plan.decision_replicates else tables


def _render_scenario(
    store: BatchStore,
    folder: Path,
    name: str,
    tables: Mapping[str, Table],
    runs_file: TableFile,
    quantile_file: TableFile,
) -> RunColumns:
    """Write the tables of a scenario and its rows of the two that all share; its outcomes."""
    days = int(store.plan.settings["days"])
    start = np.datetime64(store.plan.scenario(name).start, "D")
    values = DayValues(registered("timeseries"), store.counts_of(name)["ok"], days, folder)
    outcomes = RunColumns(registered("runs"))
    with contextlib.ExitStack() as stack:
        stack.callback(values.close)
        files = {
            kind: stack.enter_context(
                TableFile(folder / table.path, table.columns, Path(table.path).suffix[1:])
            )
            for kind, table in tables.items()
        }
        for some in blocks_of(store.runs(name)):
            block = [(run.key, run.result()) for run in some if run.status == OK]
            write_some_runs(runs_file, some, dict(block), store.plan)
            for key, result in block:
                outcomes.add((key.point, key.replicate), result.scalars)
            stacked = _stack(block, days)
            values.add(stacked)
            if "timeseries" in files:
                _write_days(files["timeseries"], name, start, block, stacked)
            _write_weeks(files["regions"], name, start, block)
            _write_events(files["events"], name, start, block)
            if "decisions" in files:
                _write_decisions(files["decisions"], name, block)
        _write_quantiles(quantile_file, name, values, days)
    return outcomes


def _stack(block: Block, days: int) -> Array:
    """Series of some runs, shape (series, runs, days), NaN where a run lacks a series."""
    outcomes = registered("timeseries")
    stacked = np.full((len(outcomes), len(block), days), np.nan)
    for position, outcome in enumerate(outcomes):
        for run, (_, result) in enumerate(block):
            if outcome.name in result.series:
                stacked[position, run] = result.series[outcome.name]
    return stacked


def _run_columns(name: str, block: Block, lengths: Sequence[int] | int) -> dict[str, Any]:
    points = np.repeat(np.array([key.point for key, _ in block], np.int64), lengths)
    replicates = np.repeat(np.array([key.replicate for key, _ in block], np.int64), lengths)
    return {
        "scenario": Coded(np.zeros(len(points), np.int32), [name]),
        "point": points,
        "replicate": replicates,
    }


def _write_days(file: TableFile, name: str, start: np.datetime64, block: Block, stacked: Array) -> None:
    days = stacked.shape[2]
    day = np.tile(np.arange(days), len(block))
    values = _run_columns(name, block, days) | {"day": day, "date": start + day}
    for outcome, series in zip(registered("timeseries"), stacked, strict=True):
        flat = series.reshape(-1)
        if outcome.type == "category":
            flat = np.where(np.isnan(flat), -1.0, flat).astype(np.int64)
        values[outcome.name] = flat
    file.write(len(day), values)


def _write_weeks(file: TableFile, name: str, start: np.datetime64, block: Block) -> None:
    block = [(key, result) for key, result in block if result.regions]
    if not block:
        return
    shapes = [next(iter(result.regions.values())).shape for _, result in block]
    sizes = [weeks * regions for weeks, regions in shapes]
    names = sorted({region for _, result in block for region in result.region_names})
    week = np.concatenate([np.repeat(np.arange(weeks), regions) for weeks, regions in shapes])
    region = np.concatenate(
        [
            np.tile([names.index(region) for region in result.region_names], weeks)
            for (_, result), (weeks, _) in zip(block, shapes, strict=True)
        ]
    )
    values = _run_columns(name, block, sizes)
    values |= {"week": week, "date": start + 7 * week, "region": Coded(region, names)}
    for outcome in registered("regions"):
        parts = [
            result.regions[outcome.name].reshape(-1).astype(np.float64)
            if outcome.name in result.regions
            else np.full(size, np.nan)
            for (_, result), size in zip(block, sizes, strict=True)
        ]
        values[outcome.name] = np.concatenate(parts)
    file.write(len(week), values)


def _write_events(file: TableFile, name: str, start: np.datetime64, block: Block) -> None:
    lengths = [len(result.events["day"]) for _, result in block]
    if not sum(lengths):
        return
    orders = [np.lexsort((result.events["hour"], result.events["day"])) for _, result in block]  # stable
    columns = _joined([result.events for _, result in block], orders)
    names, codes = np.unique(columns["action"], return_inverse=True)
    acts = [actions().get(str(name)) for name in names]
    values = _run_columns(name, block, lengths)
    values |= {key: _coded(array) if array.dtype.kind == "U" else array for key, array in columns.items()}
    values["date"] = start + columns["day"].astype(np.int64)
    values["cameo"] = _coded_by([act.cameo if act else None for act in acts], codes)
    values["class"] = _coded_by([act.kind if act else None for act in acts], codes)
    values["goldstein"] = number_cells([act.goldstein if act else None for act in acts])[codes]
    values["rung"] = number_cells([act.kahn_rung if act else None for act in acts])[codes]
    file.write(sum(lengths), values)


def _write_decisions(file: TableFile, name: str, block: Block) -> None:
    lengths = [len(result.decisions["day"]) for _, result in block]
    if not sum(lengths):
        return
    columns = _joined([result.decisions for _, result in block], [np.arange(length) for length in lengths])
    values = _run_columns(name, block, lengths)
    values |= {key: _coded(array) if array.dtype.kind == "U" else array for key, array in columns.items()}
    file.write(sum(lengths), values)


def _joined(tables: Sequence[Mapping[str, Array]], orders: Sequence[Array]) -> dict[str, Array]:
    return {
        name: np.concatenate([table[name][order] for table, order in zip(tables, orders, strict=True)])
        for name in tables[0]
    }


def _coded(texts: Array) -> Coded:
    levels, codes = np.unique(texts, return_inverse=True)
    return _coded_by([str(level) for level in levels], codes)


def _coded_by(texts: Sequence[str | None], codes: Array) -> Coded:
    """Texts by code, the empty text being null."""
    levels = sorted({text for text in texts if text})
    places = np.array([levels.index(text) if text else -1 for text in texts], np.int64)
    return Coded(places[codes], levels)


def _write_quantiles(file: TableFile, name: str, values: DayValues, days: int) -> None:
    """Rows by day, then by series in the order of outcomes.csv, then by level."""
    entries: list[tuple[str, str | None, Array, Array, Array | None]] = []
    for outcome, series in values:
        if outcome.type == "category":
            count, shares = day_shares(series, len(outcome.levels))
            entries += [
                (outcome.name, level, count, share, None)
                for level, share in zip(outcome.levels, shares, strict=True)
            ]
        else:
            entries.append((outcome.name, None, *day_quantiles(series)))
    width = len(entries)
    nothing = np.full((len(QUANTILE_NAMES), days), np.nan)
    quantiles = np.stack(
        [nothing if entry[4] is None else entry[4] for entry in entries], axis=2
    )  # (5, days, width)
    series_names = list(dict.fromkeys(entry[0] for entry in entries))
    levels = sorted({entry[1] for entry in entries if entry[1]})
    count = np.stack([entry[2] for entry in entries], axis=1).reshape(-1)
    present = count > 0
    columns: dict[str, Any] = {
        "scenario": Coded(np.zeros(present.sum(), np.int32), [name]),
        "day": np.repeat(np.arange(days), width)[present],
        "series": Coded(
            np.tile([series_names.index(entry[0]) for entry in entries], days)[present], series_names
        ),
        "level": Coded(
            np.tile([levels.index(entry[1]) if entry[1] else -1 for entry in entries], days)[present], levels
        ),
        "n": count[present],
        "mean": np.stack([entry[3] for entry in entries], axis=1).reshape(-1)[present],
    }
    for position, quantile in enumerate(QUANTILE_NAMES):
        columns[quantile] = quantiles[position].reshape(-1)[present]
    file.write(int(present.sum()), columns)
