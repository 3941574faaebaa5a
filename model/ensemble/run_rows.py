"""runs.csv: a row for each run, the failed ones too, with its outcomes and its sampled numbers."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from model.ensemble.csv_files import Column, TableFile
from model.ensemble.finished_run import STATUSES, FinishedRun
from model.ensemble.payload import unpack_names, unpack_scalars
from model.ensemble.plan import Plan, RunKey
from model.ensemble.store import BatchStore
from model.ensemble.tables import Table, constants, number_columns, runs_table
from model.outcomes import Outcome
from model.outcomes import series as registered
from model.result import Array, RunResult

_BLOCK = 64  # runs that are decoded together
_T = TypeVar("_T")


def blocks_of(runs: Iterator[_T]) -> Iterator[list[_T]]:
    """Runs, some at a time."""
    while block := list(itertools.islice(runs, _BLOCK)):
        yield block


def write_runs(store: BatchStore, folder: Path, form: str = "csv") -> Table:
    """Write runs.csv (or runs.parquet) alone."""
    table = runs_table_of(store, form)
    with TableFile(folder / table.path, table.columns, form) as file:
        for name in sorted(store.plan.names):
            for block in blocks_of(store.rows(name)):
                results = {
                    run.key: RunResult(*unpack_scalars(run.scalars), {})
                    for run in block
                    if run.scalars is not None
                }
                write_some_runs(file, block, results, store.plan)
    return table


def runs_table_of(store: BatchStore, form: str = "csv") -> Table:
    """runs.csv with a column for each number that some run has sampled and that is no constant of the plan."""
    plan = store.plan
    found: set[str] = set()
    for name in plan.names:
        for run in store.rows(name):
            found.update(() if run.scalars is None else unpack_names(run.scalars))
    numbers = [column for column in number_columns(plan) if column.name in found]
    described = {column.name for column in numbers}
    numbers += [Column(name, "number", "", "number of the run") for name in sorted(found - described)]
    constant = constants(plan)
    return runs_table([column for column in numbers if column.name not in constant], form)


def write_some_runs(
    file: TableFile, runs: Sequence[FinishedRun], results: Mapping[RunKey, RunResult], plan: Plan
) -> None:
    """Append rows for some runs of one scenario; results: of those that are ok."""
    scalars = [results[run.key].scalars if run.key in results else {} for run in runs]
    drawn = [results[run.key].numbers if run.key in results else {} for run in runs]
    values: dict[str, Any] = {
        "scenario": [run.key.scenario for run in runs],
        "point": np.array([run.key.point for run in runs], np.int64),
        "replicate": np.array([run.key.replicate for run in runs], np.int64),
        "seed": np.full(len(runs), int(plan.settings.get("seed", 0)), np.int64),
        "status": np.array([STATUSES.index(run.status) for run in runs], np.int64),
        "error": [f"{run.error}: {run.message}" if run.message else run.error for run in runs],
        "command": [run.command for run in runs],
    }
    known = {outcome.name: outcome for outcome in registered("runs")}
    for column in file.columns:
        if column.name in known:
            values[column.name] = _outcome_cells(known[column.name], scalars)
        elif column.name not in values:
            values[column.name] = number_cells([numbers.get(column.name) for numbers in drawn])
    file.write(len(runs), values)


def _outcome_cells(outcome: Outcome, scalars: Sequence[Mapping[str, Any]]) -> Any:
    cells = [run.get(outcome.name) for run in scalars]
    if outcome.type == "category":
        return np.array([-1 if cell is None else outcome.levels.index(cell) for cell in cells], np.int64)
    return cells if outcome.type == "boolean" else number_cells(cells)


def number_cells(cells: Iterable[float | None]) -> Array:
    """Numbers as an array, NaN where there is none."""
    return np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)
