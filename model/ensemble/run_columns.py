"""Outcomes or sampled numbers of many runs: eight bytes a cell, where a dictionary for each run takes a hundred."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from model.outcomes import Outcome
from model.result import Scalar

Place = tuple[int, int]


class RunColumns(Mapping[Place, Mapping[str, Any]]):
    """Runs by (point, replicate) in the order in which they were added, each as a mapping, or column by column.

    outcomes: columns that every run has, None where empty; any others are numbers that a run may lack.
    """

    def __init__(self, outcomes: Iterable[Outcome] = ()) -> None:
        self._outcomes = {outcome.name: outcome for outcome in outcomes}
        self._columns = {name: array("d") for name in self._outcomes}
        self._rows: dict[Place, int] = {}

    def add(self, place: Place, run: Mapping[str, Any]) -> None:
        """Append a run."""
        row = self._rows[place] = len(self._rows)
        for name in run.keys() - self._columns.keys():
            self._columns[name] = array("d", [math.nan]) * row
        for name, column in self._columns.items():
            column.append(self._code(name, run.get(name)))

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return list(self._columns)

    def column(self, name: str, places: Iterable[Place] | None = None) -> list[Scalar]:
        """A column in each run (or in each of `places`), None where it is empty or there is no such column."""
        cells: Iterable[float] = self._columns.get(name, array("d", [math.nan]) * len(self._rows))
        if places is not None:
            cells = map(list(cells).__getitem__, map(self._rows.__getitem__, places))
        return [self._value(name, cell) for cell in cells]

    def only(self, places: Sequence[Place]) -> RunColumns:
        """Some of the runs, in the order of `places`."""
        some = RunColumns(self._outcomes.values())
        some._rows = {place: row for row, place in enumerate(places)}
        rows = [self._rows[place] for place in places]
        some._columns = {
            name: array("d", map(column.__getitem__, rows)) for name, column in self._columns.items()
        }
        return some

    def __getitem__(self, place: Place) -> dict[str, Any]:
        row = self._rows[place]
        values = {name: self._value(name, column[row]) for name, column in self._columns.items()}
        return {name: value for name, value in values.items() if value is not None or name in self._outcomes}

    def __iter__(self) -> Iterator[Place]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def _code(self, name: str, value: Any) -> float:
        """A cell as a number: NaN where empty, the position of a level."""
        if value is None:
            return math.nan
        outcome = self._outcomes.get(name)
        return float(outcome.levels.index(value) if outcome is not None and outcome.levels else value)

    def _value(self, name: str, cell: float) -> Scalar:
        """What was put into a cell."""
        if cell != cell:
            return None
        outcome = self._outcomes.get(name)
        if outcome is None or outcome.type == "number":
            return cell
        if outcome.levels:
            return outcome.levels[int(cell)]
        return bool(cell) if outcome.type == "boolean" else int(cell)
