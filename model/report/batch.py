"""A finished batch as data frames, read from the files that it left."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from model.toml_source import InputError, Problem

if TYPE_CHECKING:
    from model.report.studies import Study

#: scenarios that say most about the question, in the order in which they are shown if a batch has them
FEATURED = ("arrest", "open_choice", "arrest_hold", "arrest_surrender", "arrest_release", "pressure_25")
#: most scenarios that are drawn in one panel, with the baseline
MOST = 6


class Batch:
    """What a results folder holds.

    manifest: its manifest.json; studies: tables of other analyses by file name, to be shown with it.
    Raises InputError for a folder that holds no results, or lacks a file or a column.
    """

    def __init__(self, folder: Path, studies: Mapping[str, Study] | None = None) -> None:
        self.folder = folder
        self.studies = studies or {}
        try:
            self.manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            self.titles = {entry["name"]: entry["title"] for entry in self.manifest["scenarios"]}
        except FileNotFoundError:
            raise _missing(folder, "holds no batch: manifest.json is missing") from None
        except (ValueError, KeyError, TypeError) as wrong:
            raise _missing(folder / "manifest.json", f"is not the manifest of a batch ({wrong})") from None

    @property
    def scenarios(self) -> list[str]:
        """Names of the scenarios, in the order of the plan."""
        return list(self.titles)

    def actors(self, scenario: str) -> dict[str, str]:
        """Names of the actors of a scenario, and what a reader calls them."""
        entry = next(entry for entry in self.manifest["scenarios"] if entry["name"] == scenario)
        return {actor["name"]: actor["label"] for actor in entry["resolved"]["actors"]}

    @cached_property
    def by_force(self) -> list[str]:
        """Names of the scenarios: the baseline, then those with most force first."""
        own = self.summary[self.summary["outcome"] == "force_used"].set_index("scenario")["share"].fillna(0.0)
        order = sorted(self.scenarios, key=lambda name: (-float(own.get(name, 0.0)), name))
        return list(dict.fromkeys([self.baseline, *order]))

    @property
    def days(self) -> int:
        """Days of a run."""
        return int(self.manifest["settings"]["days"])

    @cached_property
    def baseline(self) -> str:
        """The scenario that the others are compared with."""
        if len(self.titles) < 2:
            return self.scenarios[0]
        return str(self.comparison["baseline"].iloc[0])

    @cached_property
    def featured(self) -> list[str]:
        """Up to MOST scenarios to draw together: the baseline, those that say most, then the first ones."""
        others = [name for name in (*FEATURED, *self.scenarios) if name in self.titles]
        return list(dict.fromkeys([self.baseline, *others]))[:MOST]

    @cached_property
    def runs(self) -> pd.DataFrame:
        """runs.csv: one row a run."""
        return self.read("runs.csv", ["scenario", "replicate", "status", "end_state"])

    @cached_property
    def finished(self) -> pd.DataFrame:
        """The rows of runs that came to an end."""
        return self.runs[self.runs["status"] == "ok"]

    @cached_property
    def summary(self) -> pd.DataFrame:
        """summary.csv: one row an outcome of a scenario."""
        return self.read("summary.csv", ["scenario", "outcome", "level", "n", "n_failed", "share"])

    @cached_property
    def comparison(self) -> pd.DataFrame:
        """comparison.csv: one row an outcome of a scenario against the baseline."""
        return self.read("comparison.csv", ["scenario", "baseline", "outcome", "difference", "low", "high"])

    @cached_property
    def quantiles(self) -> pd.DataFrame:
        """quantiles.csv: one row a day, series and level of a scenario."""
        return self.read("quantiles.csv", ["scenario", "day", "series", "q05", "q25", "q50", "q75", "q95"])

    def timeseries(self, scenario: str, columns: Sequence[str]) -> pd.DataFrame:
        """Some columns of timeseries/<scenario>, one row a day of a run; empty where none were written."""
        needed = ["point", "replicate", "day", *columns]
        for suffix in ("csv", "parquet"):
            if (self.folder / "timeseries" / f"{scenario}.{suffix}").is_file():
                return self.read(f"timeseries/{scenario}.{suffix}", needed, only=True)
        return pd.DataFrame(columns=needed)

    def regions(self, scenario: str) -> pd.DataFrame:
        """regions/<scenario>.csv: one row a week of a run in a region."""
        return self.read(f"regions/{scenario}.csv", ["replicate", "week", "region", "remittances_usd"])

    def events(self, scenario: str) -> pd.DataFrame:
        """events/<scenario>.csv: one row an act."""
        return self.read(f"events/{scenario}.csv", ["replicate", "day", "hour", "actor", "action", "class"])

    def read(self, name: str, needed: Sequence[str], only: bool = False) -> pd.DataFrame:
        """A file of the folder, with the columns needed (`only` these). Raises InputError."""
        return self.table(self.folder, name, needed, only)

    @staticmethod
    def table(folder: Path, name: str, needed: Sequence[str], only: bool = False) -> pd.DataFrame:
        """A CSV or Parquet file of a folder. Raises InputError for one that is missing or lacks a column."""
        import pyarrow as pa
        from pyarrow import csv, parquet

        path = folder / name
        try:
            if path.suffix == ".parquet":
                table = parquet.read_table(path, columns=list(needed) if only else None)
            else:
                wanted = csv.ConvertOptions(
                    include_columns=list(needed) if only else None, strings_can_be_null=True
                )
                table = csv.read_csv(path, convert_options=wanted)
        except FileNotFoundError:
            raise _missing(path, "is missing; finish the batch with --resume") from None
        except (pa.ArrowInvalid, pa.ArrowKeyError) as wrong:
            raise _missing(path, f"cannot be read: {str(wrong).splitlines()[0]}") from None
        frame: pd.DataFrame = table.to_pandas()
        lacking = [column for column in needed if column not in frame]
        if lacking:
            raise _missing(path, f"lacks the columns {', '.join(lacking)}")
        return frame


def _missing(path: Path, what: str) -> InputError:
    return InputError([Problem(str(path), 0, "", what)])
