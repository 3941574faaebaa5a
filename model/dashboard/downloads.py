"""What is seen, as CSV files in the form of a batch's: the series and acts of the runs, and the replicates."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from model.dashboard.course import Course
from model.dashboard.replicates import Replicates
from model.ensemble.csv_files import Coded, Column, TableFile
from model.ensemble.tables import QUANTILE_NAMES, RUN, events_table, outcome_columns, timeseries_table
from model.outcomes import Outcome, outcomes
from model.outcomes import series as registered
from model.report.style import SERIES


def series_csv(courses: Sequence[Course]) -> bytes:
    """All series of all days that are over, one row a day of a run, as in timeseries/*.csv."""
    columns = timeseries_table("").columns
    return _written(columns, [_days(course) for course in _in_order(courses) if course.days])


def _days(course: Course) -> tuple[int, dict[str, Any]]:
    days = np.arange(course.days)
    values = _run(course, course.days)
    values |= {"day": days, "date": np.datetime64(course.scenario.start, "D") + days}
    for outcome in registered("timeseries"):
        found = course.series(outcome.name)
        if found is not None:
            values[outcome.name] = found.astype(np.int64) if outcome.type == "category" else found
    return course.days, values


def acts_csv(courses: Sequence[Course]) -> bytes:
    """All acts so far, one row an act, as in events/*.csv."""
    columns = events_table("").columns
    return _written(columns, [_acts(course) for course in _in_order(courses)])


def _acts(course: Course) -> tuple[int, dict[str, Any]]:
    events = course.model.record.events
    known = [event.action for event in events]
    values = _run(course, len(events)) | {
        "day": np.array([int(event.day) for event in events], np.int64),
        "hour": np.array([int(round(event.day % 1.0 * 24.0, 6)) for event in events], np.int64),
        "actor": [event.actor for event in events],
        "action": [act.name for act in known],
        "target": [event.target for event in events],
        "cameo": [act.cameo for act in known],
        "goldstein": np.array([act.goldstein for act in known], float),
        "class": [act.kind for act in known],
        "rung": np.array([act.kahn_rung for act in known], np.int64),
        "public": [act.public for act in known],
        "inadvertent": [event.inadvertent for event in events],
    }
    values["date"] = np.datetime64(course.scenario.start, "D") + values["day"]
    return len(events), values


def _in_order(courses: Sequence[Course]) -> list[Course]:
    return sorted(courses, key=lambda course: course.scenario.name)


def _run(course: Course, rows: int) -> dict[str, Any]:
    return {
        "scenario": Coded(np.zeros(rows, np.int32), [course.scenario.name]),
        "point": np.zeros(rows, np.int64),
        "replicate": np.full(rows, course.replicate, np.int64),
    }


def runs_csv(replicates: Replicates) -> bytes:
    """Every outcome of every finished run, as in runs.csv without the sampled numbers."""
    columns = (*RUN, *outcome_columns("runs"))
    blocks = []
    for name, found in sorted(replicates.finished.items()):
        keys = sorted(found)
        values: dict[str, Any] = {
            "scenario": [name] * len(keys),
            "point": np.zeros(len(keys), np.int64),
            "replicate": np.array(keys, np.int64),
        }
        values |= {
            outcome.name: _cells(outcome, [found[key][outcome.name] for key in keys])
            for outcome in registered("runs")
        }
        blocks.append((len(keys), values))
    return _written(columns, blocks)


def _cells(outcome: Outcome, cells: Sequence[Any]) -> Any:
    if outcome.type == "category":
        return np.array([-1 if cell is None else outcome.levels.index(cell) for cell in cells], np.int64)
    if outcome.type == "boolean":
        return list(cells)
    return np.array([np.nan if cell is None else cell for cell in cells], float)


def bands_csv(replicates: Replicates, names: Sequence[str] = tuple(SERIES)) -> bytes:
    """Quantiles over the finished runs of some series by day."""
    days = np.arange(replicates.settings.days)
    known = outcomes("timeseries")
    columns = (
        RUN[0], Column("series", "string"), Column("day", "integer"), Column("n", "integer"),
        *(Column(name, "number") for name in QUANTILE_NAMES),
    )  # fmt: skip
    blocks = []
    for scenario in sorted(replicates.scenarios):
        for name in names:
            bands = replicates.bands(scenario, known[name].name)
            if bands is None:
                continue
            values: dict[str, Any] = dict(zip(QUANTILE_NAMES, bands, strict=True))
            values |= {
                "scenario": [scenario] * len(days),
                "series": [name] * len(days),
                "day": days,
                "n": np.full(len(days), len(replicates.values(scenario, name)), np.int64),
            }
            blocks.append((len(days), values))
    return _written(columns, blocks)


def _written(columns: Sequence[Column], blocks: Sequence[tuple[int, Mapping[str, Any]]]) -> bytes:
    """A table as the one writer of CSV writes it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        with TableFile(path, columns) as file:
            for rows, values in blocks:
                file.write(rows, values)
        return path.read_bytes()
