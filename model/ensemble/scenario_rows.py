"""Rows of the tables of one scenario: days, weeks, acts, decisions and quantiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from model.actions import actions
from model.ensemble.csv_files import Coded, TableFile
from model.ensemble.plan import RunKey
from model.ensemble.quantiles import DayValues, day_quantiles, day_shares
from model.ensemble.run_rows import number_cells
from model.ensemble.tables import QUANTILE_NAMES
from model.outcomes import series as registered
from model.result import Array, RunResult

Block = Sequence[tuple[RunKey, RunResult]]


def stacked_series(block: Block, days: int) -> Array:
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


def add_days(file: TableFile, name: str, start: np.datetime64, block: Block, stacked: Array) -> None:
    """Append rows for each day of some runs; stacked: their `stacked_series`."""
    days = stacked.shape[2]
    day = np.tile(np.arange(days), len(block))
    values = _run_columns(name, block, days) | {"day": day, "date": start + day}
    for outcome, series in zip(registered("timeseries"), stacked, strict=True):
        flat = series.reshape(-1)
        if outcome.type == "category":
            flat = np.where(np.isnan(flat), -1.0, flat).astype(np.int64)
        values[outcome.name] = flat
    file.write(len(day), values)


def add_weeks(file: TableFile, name: str, start: np.datetime64, block: Block) -> None:
    """Append rows for each week of some runs in each region."""
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


def add_events(file: TableFile, name: str, start: np.datetime64, block: Block) -> None:
    """Append a row for each act in some runs, by day and hour."""
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


def add_decisions(file: TableFile, name: str, block: Block) -> None:
    """Append a row for each stake of each option weighed in some runs."""
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


def add_quantiles(file: TableFile, name: str, values: DayValues, days: int) -> None:
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
