"""Exact quantiles over the runs of a scenario, day by day, in bounded memory.

All values of a scenario are kept until its last run has been read, in an unnamed file of the results folder, and
are read back series by series. (A mapped file would count as memory of the process as soon as it is touched.)
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from model.ensemble.tables import QUANTILES
from model.outcomes import Outcome
from model.result import Array


class DayValues:
    """Values of every series, shape (series, runs, days) in float64, NaN where a run lacks the series."""

    def __init__(self, outcomes: tuple[Outcome, ...], runs: int, days: int, folder: Path) -> None:
        self.outcomes = outcomes
        self._runs, self._days, self._filled = runs, days, 0
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (lives as long as this object)

    def add(self, block: Array) -> None:
        """Append runs: shape (series, some runs, days)."""
        for series, values in enumerate(block):
            self._seek(series, self._filled)
            self._file.write(np.ascontiguousarray(values, np.float64).data)
        self._filled += block.shape[1]

    def __iter__(self) -> Iterator[tuple[Outcome, Array]]:
        """Each series with its values, shape (runs, days)."""
        for series, outcome in enumerate(self.outcomes):
            self._seek(series, 0)
            values = np.fromfile(self._file, np.float64, self._filled * self._days)
            yield outcome, values.reshape(self._filled, self._days)

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def _seek(self, series: int, run: int) -> None:
        self._file.seek((series * self._runs + run) * self._days * np.dtype(np.float64).itemsize)


def day_quantiles(values: Array) -> tuple[Array, Array, Array]:
    """Per day of values (runs, days), NaN left out: n (days,), mean (days,), quantiles (5, days).

    Mean and quantiles are NaN where n is 0.

    Quantiles are interpolated linearly between the order statistics (definition 7 of Hyndman and Fan 1996).
    """
    runs, days = values.shape
    if runs == 0:
        return np.zeros(days, np.int64), np.full(days, np.nan), np.full((len(QUANTILES), days), np.nan)
    ordered = np.sort(values, axis=0)  # NaN goes last
    absent = np.isnan(ordered)
    count = runs - absent.sum(axis=0)
    total = np.where(absent, 0.0, ordered).sum(axis=0)
    mean = np.divide(total, count, out=np.full(days, np.nan), where=count > 0)
    place = np.asarray(QUANTILES)[:, None] * np.maximum(count - 1, 0)[None, :]
    lower = np.floor(place).astype(np.int64)
    upper = np.minimum(lower + 1, np.maximum(count - 1, 0))
    below = np.take_along_axis(ordered, lower, axis=0)
    above = np.take_along_axis(ordered, upper, axis=0)
    return count, mean, below + (above - below) * (place - lower)


def day_shares(codes: Array, levels: int) -> tuple[Array, Array]:
    """Per day of codes (runs, days), NaN left out: n (days,) and the share of each level (levels, days)."""
    count = (~np.isnan(codes)).sum(axis=0)
    found = np.stack([(codes == level).sum(axis=0) for level in range(levels)])
    shares = np.full(found.shape, np.nan)
    np.divide(found, count[None, :], out=shares, where=count[None, :] > 0)
    return count, shares
