"""What an analysis looks at in a run: an outcome by its name, or a condition on outcomes, as one number a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from model.analysis.expression import Expression, ExpressionError, known_columns, parse
from model.outcomes import Outcome, outcomes

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Measure:
    """A number a run: `text` as the user wrote it, `unit` of the number."""

    text: str
    unit: str
    horizon: float
    _outcome: Outcome | None = None
    _condition: Expression | None = None

    def values(self, runs: pd.DataFrame) -> Floats:
        """The number of each run, shape (runs,); NaN where it does not apply.

        A condition is 1 where it holds and 0 where not; so is a boolean outcome. Days to a milestone that was
        never reached, or later than the horizon, count as the horizon (restricted time; Royston and Parmar 2013).
        """
        if self._condition is not None:
            return self._condition.evaluate({name: runs[name] for name in self._condition.names})
        assert self._outcome is not None
        cells = runs[self._outcome.name]
        found = np.array([np.nan if cell is None else float(cell) for cell in cells], dtype=np.float64)
        if self._outcome.reduction == "days":
            return np.minimum(np.where(np.isnan(found), self.horizon, found), self.horizon)
        return found


def read_measure(text: str, horizon: float) -> Measure:
    """The measure of an outcome's name or a condition; horizon: days of a run. Raises ExpressionError."""
    name = text.strip()
    outcome = outcomes("runs").get(name)
    if outcome is None:
        return Measure(text, "share of runs", horizon, None, parse(text, known_columns()))
    if outcome.type == "category":
        levels = ", ".join(outcome.levels)
        message = (
            f"{name} is no number; expected a condition such as {name} == '{outcome.levels[0]}' ({levels})"
        )
        raise ExpressionError(text, 0, message)
    unit = "share of runs" if outcome.type == "boolean" else outcome.unit
    return Measure(text, unit, horizon, outcome)


def by_point(runs: pd.DataFrame, values: Floats, points: int, replicates: int) -> Floats:
    """Values of runs as a table (points, replicates), NaN where there is no run or the value does not apply."""
    table = np.full((points, replicates), np.nan)
    table[runs["point"].to_numpy(), runs["replicate"].to_numpy()] = values
    return table


def point_means(table: Floats) -> Floats:
    """The mean of each point over its replicates, shape (points,); NaN for a point without any."""
    known = ~np.isnan(table)
    count = known.sum(axis=1)
    total = np.where(known, table, 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
