"""The finished runs of a batch as a pandas data frame: one row a run, as in runs.csv."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.ensemble.plan import RunKey
from model.ensemble.store import BatchStore
from model.outcomes import series as registered

if TYPE_CHECKING:
    import pandas as pd

#: columns that say which run a row is
KEY = ("scenario", "point", "replicate")


def runs_frame(store: BatchStore, scenario: str, numbers: bool = True) -> pd.DataFrame:
    """The ok runs of a scenario by point and replicate: KEY, outcomes, sampled numbers by dotted key.

    Numbers and days are floats with NaN for an empty cell; texts, and truths that can be empty, are objects with None.
    numbers: with the sampled numbers, of which there are hundreds.
    """
    import pandas as pd

    keys: list[RunKey] = []
    outcomes: list[Mapping[str, Any]] = []
    sampled: list[Mapping[str, float]] = []
    for key, found, drawn in store.outcomes(scenario):
        keys.append(key)
        outcomes.append(found)
        if numbers:
            sampled.append(drawn)
    columns: dict[str, Any] = {name: [getattr(key, name) for key in keys] for name in KEY}
    for outcome in registered("runs"):
        cells = [run.get(outcome.name) for run in outcomes]
        if outcome.type in ("number", "integer"):
            columns[outcome.name] = pd.Series(cells, dtype="float64")
        else:
            columns[outcome.name] = pd.Series(cells, dtype="bool" if _whole(outcome.type, cells) else object)
    for name in sorted({name for run in sampled for name in run}):
        columns[name] = pd.Series([run.get(name) for run in sampled], dtype="float64")
    return pd.DataFrame(columns)


def _whole(kind: str, cells: list[Any]) -> bool:
    return kind == "boolean" and None not in cells


def read_runs(folder: Path | str, scenario: str | None = None) -> pd.DataFrame:
    """`runs_frame` of a batch folder: of one scenario, or of all by name. Raises StoreError, KeyError."""
    import pandas as pd

    with BatchStore.open(Path(folder)) as store:
        if scenario is not None:
            return runs_frame(store, store.plan.scenario(scenario).name)
        return pd.concat([runs_frame(store, name) for name in sorted(store.plan.names)], ignore_index=True)
