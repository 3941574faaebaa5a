"""A batch as other tools take it: the EMA Workbench, xarray and NetCDF, Parquet."""

from __future__ import annotations

import gzip
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from model.analysis.frames import KEY, runs_frame
from model.ensemble.csv_files import aside, put_in_place
from model.ensemble.manifest import CAUTION
from model.ensemble.plan import Plan
from model.ensemble.rendering import write_days
from model.ensemble.run_rows import write_runs
from model.ensemble.store import BatchStore
from model.ensemble.tables import Table, number_columns
from model.outcomes import Outcome
from model.outcomes import series as registered
from model.result import Array
from model.toml_source import nearest

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Results = tuple["pd.DataFrame", dict[str, Array]]


class ExportError(ValueError):
    """What was asked for is not in the batch; the message names the nearest that is."""


def to_ema(folder: Path | str, series: Sequence[str] = ()) -> Results:
    """Experiments and outcomes of a batch, as `perform_experiments` and `load_results` of the EMA Workbench give them.

    experiments: a row for each ok run: its numbers by dotted key, then `scenario` (number of the draw of luck and
    numbers, as the workbench counts scenarios), `policy` (our scenario) and `model`. outcomes: by name an array
    (runs,): numbers, with NaN where empty; truths as 0 and 1; texts, "" where empty; and for each of `series` an
    array (runs, days). Raises StoreError for no batch, ExportError for an unknown series.
    """
    import pandas as pd

    with BatchStore.open(Path(folder)) as store:
        wanted = _series(series)
        frames = [runs_frame(store, name) for name in sorted(store.plan.names)]
        runs = pd.concat(frames, ignore_index=True)
        days = int(store.plan.settings["days"])
        daily = {outcome.name: np.full((len(runs), days), np.nan) for outcome in wanted}
        for row, result in enumerate(_results(store) if wanted else ()):
            for outcome in wanted:
                if outcome.name in result:
                    daily[outcome.name][row] = result[outcome.name]
        replicates = store.plan.replicates
    outcomes = registered("runs")
    experiments = runs.drop(columns=[*KEY, *(outcome.name for outcome in outcomes)])
    experiments["scenario"] = runs["point"] * replicates + runs["replicate"]
    experiments["policy"] = runs["scenario"].astype(str).astype(object)
    experiments["model"] = pd.Series(["EscalationModel"] * len(runs), dtype=object)
    return experiments, {outcome.name: _cells(outcome, runs[outcome.name]) for outcome in outcomes} | daily


def _results(store: BatchStore) -> Iterator[Mapping[str, Array]]:
    for name in sorted(store.plan.names):
        for _, result in store.results(name):
            yield result.series


def _cells(outcome: Outcome, column: Any) -> Array:
    if outcome.type == "category":
        return np.array(["" if cell is None else str(cell) for cell in column], dtype=object)
    return np.array([np.nan if cell is None else float(cell) for cell in column], dtype=np.float64)


def _series(names: Sequence[str]) -> list[Outcome]:
    known = {outcome.name: outcome for outcome in registered("timeseries")}
    for name in names:
        if name not in known:
            hint = nearest(name, known)
            near = f" (nearest valid name: {hint})" if hint else ""
            raise ExportError(f"no series {name!r}{near}; `outcomes` lists them")
    return [known[name] for name in names]


def save_ema(results: Results, path: Path) -> None:
    """Write what `to_ema` gives as an archive (.tar.gz) that `load_results` of the EMA Workbench reads, whole or not
    at all, with the same bytes for the same results."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the workbench's optional packages
        from ema_workbench import ScalarOutcome, TimeSeriesOutcome, save_results

        for name, values in results[1].items():
            (ScalarOutcome if values.ndim == 1 else TimeSeriesOutcome)(name)  # registers how it is stored
        whole = aside(path)
        save_results(results, str(whole))
    archive = gzip.decompress(whole.read_bytes())
    with whole.open("wb") as file:
        file.write(gzip.compress(archive, mtime=0))
        put_in_place(file, path)


def to_xarray(folder: Path | str, series: Sequence[str] | None = None) -> xr.Dataset:
    """A batch as a Dataset: outcomes and numbers over (scenario, point, replicate), series over day as well.

    Empty cells and runs that are missing are NaN ("" for a text); truths are 0 and 1; the categories among the
    series are codes, whose levels stand in the attribute `levels`. Every variable has its unit and meaning.
    series: names; all of them for None, which takes 8 bytes a run, day and series. Raises StoreError, ExportError.
    """
    import xarray as xr

    with BatchStore.open(Path(folder)) as store:
        plan = store.plan
        names = sorted(plan.names)
        known = [outcome.name for outcome in registered("timeseries")]
        wanted = _series(known if series is None else series)
        shape = (len(names), len(plan.points), plan.replicates)
        variables = _of_runs(store, names, shape)
        daily = _of_days(store, names, shape, wanted)
    coordinates = {
        "scenario": np.array(names, dtype=np.str_),
        "point": np.arange(shape[1]),
        "replicate": np.arange(shape[2]),
        "day": np.arange(int(plan.settings["days"])),
    }
    attributes = {"description": CAUTION, "seed": int(plan.settings["seed"]), "plan": plan.hash}
    return xr.Dataset(variables | daily, coordinates, attributes)


def _of_runs(store: BatchStore, names: Sequence[str], shape: tuple[int, ...]) -> dict[str, Any]:
    described = {column.name: column for column in number_columns(store.plan)}
    variables: dict[str, Any] = {}
    for place, name in enumerate(names):
        runs = runs_frame(store, name)
        at = (place, runs["point"].to_numpy(), runs["replicate"].to_numpy())
        for outcome in registered("runs"):
            text = outcome.type == "category"
            empty = np.full(shape, "", dtype=object) if text else np.full(shape, np.nan)
            entry = variables.setdefault(outcome.name, (_RUN, empty, _attributes(outcome)))
            entry[1][at] = _cells(outcome, runs[outcome.name])
        for key in runs.columns.difference([*KEY, *variables], sort=True):
            column = described.get(key)
            attributes = {"units": column.unit, "long_name": column.meaning} if column else {}
            variables.setdefault(key, (_RUN, np.full(shape, np.nan), attributes))
        for key in set(runs.columns) & set(variables) - {outcome.name for outcome in registered("runs")}:
            variables[key][1][at] = runs[key].to_numpy()
    return {
        name: (_RUN, values.astype(np.str_) if values.dtype == object else values, attributes)
        for name, (_, values, attributes) in variables.items()
    }


_RUN = ("scenario", "point", "replicate")


def _of_days(
    store: BatchStore, names: Sequence[str], shape: tuple[int, ...], wanted: Sequence[Outcome]
) -> dict[str, Any]:
    days = int(store.plan.settings["days"])
    daily = {outcome.name: np.full((*shape, days), np.nan) for outcome in wanted}
    for place, name in enumerate(names):
        for key, result in store.results(name) if wanted else ():
            for series, values in daily.items():
                if series in result.series:
                    values[place, key.point, key.replicate] = result.series[series]
    return {outcome.name: ((*_RUN, "day"), daily[outcome.name], _attributes(outcome)) for outcome in wanted}


def _attributes(outcome: Outcome) -> dict[str, Any]:
    levels = {"levels": " ".join(outcome.levels)} if outcome.levels else {}
    return {"units": outcome.unit, "long_name": outcome.meaning, **levels}


def to_parquet(folder: Path | str, out: Path) -> list[Table]:
    """Write runs.parquet and timeseries/<scenario>.parquet into `out`, columns as in the CSV; the tables written."""
    with BatchStore.open(Path(folder)) as store:
        tables = [write_runs(store, out, "parquet")]
        plan: Plan = store.plan
        return tables + [write_days(store, out, name, "parquet") for name in sorted(plan.names)]
