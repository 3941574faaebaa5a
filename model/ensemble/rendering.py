"""From the store to the files: one scenario at a time, some runs at a time, each decoded once, every row in order."""

from __future__ import annotations

import contextlib
import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.ensemble.crew import Crew
from model.ensemble.csv_files import TableFile
from model.ensemble.faults import EngineLost, EngineUnusable
from model.ensemble.finished_run import FAILED, OK, FinishedRun
from model.ensemble.plan import Plan, RunKey
from model.ensemble.quantiles import DayValues
from model.ensemble.run_columns import RunColumns
from model.ensemble.run_rows import blocks_of, runs_table_of, write_some_runs
from model.ensemble.scenario_rows import (
    add_days,
    add_decisions,
    add_events,
    add_quantiles,
    add_weeks,
    stacked_series,
)
from model.ensemble.store import BatchStore
from model.ensemble.tables import (
    Table,
    decisions_table,
    events_table,
    quantiles_table,
    regions_table,
    timeseries_table,
)
from model.outcomes import series as registered

SHARED = 400  # runs from which on it pays to start workers for the files


@dataclass(frozen=True)
class Rendered:
    """The tables written, in order, and the outcomes of the ok runs by scenario, which were read for them."""

    tables: list[Table]
    outcomes: dict[str, RunColumns]


def render(store: BatchStore, folder: Path, timeseries: str = "csv", workers: int = 1) -> Rendered:
    """Write every file of a batch that comes from its runs into `folder`.

    timeseries: csv, parquet or none; workers: processes that share the scenarios of a larger batch. An unfinished
    batch gives the files of the runs that are there.
    """
    names = sorted(store.plan.names)
    runs, quantiles = runs_table_of(store), quantiles_table()
    work = ScenarioFiles(store.path, folder, timeseries, runs)
    shared = workers if store.plan.size >= SHARED else 1
    outcomes = dict(_made_by(work, names, shared) if min(shared, len(names)) > 1 else ())
    for name in names:
        if name not in outcomes:  # nor by a worker that has failed or was lost: what is wrong is told here
            outcomes[name] = work.write(store, name)
    for table in (runs, quantiles):
        with TableFile(folder / table.path, table.columns) as file:
            for name in names:
                file.take_up(_part(folder, table, name))
    own = [table for name in names for table in _scenario_tables(store.plan, name, timeseries).values()]
    return Rendered([runs, *own, quantiles], outcomes)


def _made_by(work: ScenarioFiles, names: Sequence[str], workers: int) -> Iterator[tuple[str, RunColumns]]:
    with contextlib.suppress(EngineLost, EngineUnusable), Crew(work, min(workers, len(names))) as crew:
        for done in crew.make([RunKey(name, 0, 0) for name in names]):
            if done.status == OK and done.payload is not None:
                yield done.key.scenario, pickle.loads(done.payload)


def _part(folder: Path, table: Table, name: str) -> Path:
    """The rows of a scenario for a table that all scenarios share, until they are put together."""
    return folder / f".{name}.{table.path}.part"


class ScenarioFiles:
    """The work of writing the files of scenarios, for this process or for a crew, to whom a run's key names one."""

    function = f"{__name__}:render"

    def __init__(self, source: Path, folder: Path, timeseries: str, runs: Table) -> None:
        self._source, self._folder, self._timeseries, self._runs = source, folder, timeseries, runs
        self._store: BatchStore | None = None  # of a worker, who opens it once

    def prepare(self) -> None:
        """Nothing is left to import."""

    def attempt(self, key: RunKey) -> FinishedRun:
        """Write the files of the scenario of a key; its outcomes as the payload of a finished run."""
        try:
            self._store = self._store or BatchStore.open(self._source, read_only=True)
            return FinishedRun(key, OK, payload=pickle.dumps(self.write(self._store, key.scenario)))
        except Exception as problem:
            return FinishedRun(key, FAILED, type(problem).__name__)

    def write(self, store: BatchStore, name: str) -> RunColumns:
        """Write the tables of a scenario, and its rows of the two that all share as parts; its outcomes."""
        with contextlib.ExitStack() as stack:
            tables = _scenario_tables(store.plan, name, self._timeseries)
            files = {
                kind: stack.enter_context(
                    TableFile(self._folder / table.path, table.columns, Path(table.path).suffix[1:])
                )
                for kind, table in tables.items()
            }
            for kind, table in (("runs", self._runs), ("quantiles", quantiles_table())):
                file = TableFile(_part(self._folder, table, name), table.columns, part=True)
                files[kind] = stack.enter_context(file)
            return _write_scenario(store, self._folder, name, files)


def write_days(store: BatchStore, folder: Path, name: str, form: str = "csv") -> Table:
    """Write timeseries/<scenario>.csv (or .parquet) alone."""
    days = int(store.plan.settings["days"])
    start = np.datetime64(store.plan.scenario(name).start, "D")
    table = timeseries_table(name, form)
    with TableFile(folder / table.path, table.columns, form) as file:
        for block in blocks_of(store.results(name)):
            add_days(file, name, start, block, stacked_series(block, days))
    return table


def _scenario_tables(plan: Plan, name: str, timeseries: str) -> dict[str, Table]:
    """The tables that are the scenario's own, by their kind."""
    tables = {"regions": regions_table(name), "events": events_table(name)}
    if timeseries != "none":
        tables = {"timeseries": timeseries_table(name, timeseries)} | tables
    return tables | {"decisions": decisions_table(name)} if plan.decision_replicates else tables


def _write_scenario(store: BatchStore, folder: Path, name: str, files: Mapping[str, TableFile]) -> RunColumns:
    days = int(store.plan.settings["days"])
    start = np.datetime64(store.plan.scenario(name).start, "D")
    outcomes = RunColumns(registered("runs"))
    values = DayValues(registered("timeseries"), store.counts_of(name)["ok"], days, folder)
    with contextlib.closing(values):
        for some in blocks_of(store.runs(name)):
            block = [(run.key, run.result()) for run in some if run.status == OK]
            write_some_runs(files["runs"], some, dict(block), store.plan)
            for key, result in block:
                outcomes.add((key.point, key.replicate), result.scalars)
            stacked = stacked_series(block, days)
            values.add(stacked)
            if "timeseries" in files:
                add_days(files["timeseries"], name, start, block, stacked)
            add_weeks(files["regions"], name, start, block)
            add_events(files["events"], name, start, block)
            if "decisions" in files:
                add_decisions(files["decisions"], name, block)
        add_quantiles(files["quantiles"], name, values, days)
    return outcomes
