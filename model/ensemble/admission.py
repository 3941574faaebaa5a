"""The gate of the store: a result is complete, finite and of the registered form, or its run has failed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from model.outcomes import Outcome
from model.outcomes import series as registered
from model.result import DECISION_COLUMNS, EVENT_COLUMNS, Array, RunResult, Scalar


class ResultError(ValueError):
    """A run returned something that has no place in the results; the message names it."""


def admit(result: RunResult, days: int) -> RunResult:
    """The result with plain Python scalars and plain arrays, if every part is as outcomes.csv says.

    Raises ResultError on a missing or unknown outcome, NaN, infinity, a series that is not `days` long, a
    code without a level, columns of unequal length.
    """
    return replace(
        result,
        scalars=_scalars(result.scalars),
        numbers={name: _finite(name, value) for name, value in result.numbers.items()},
        series=_series(result.series, (days,), "timeseries"),
        regions=_regions(result),
        events=_table(result.events, EVENT_COLUMNS, "event"),
        decisions=_table(result.decisions, DECISION_COLUMNS, "decision"),
    )


def _scalars(given: Mapping[str, Scalar]) -> dict[str, Scalar]:
    known = {outcome.name: outcome for outcome in registered("runs")}
    for name in (*(set(given) - set(known)), *(set(known) - set(given))):
        raise ResultError(f"outcome {name} is {'not in outcomes.csv' if name in given else 'missing'}")
    return {name: _scalar(known[name], given[name]) for name in known}


def _scalar(outcome: Outcome, value: Any) -> Scalar:
    if value is None:
        return None
    if outcome.type == "category":
        if value not in outcome.levels:
            raise ResultError(f"outcome {outcome.name} has no level {str(value)!r}")
        return str(value)
    if outcome.type == "boolean":
        if value not in (0, 1):
            raise ResultError(f"outcome {outcome.name} is neither true nor false: {value!r}")
        return bool(value)
    number = _finite(f"outcome {outcome.name}", value)
    if outcome.type == "integer":
        if number != math.floor(number):
            raise ResultError(f"outcome {outcome.name} is not whole: {value!r}")
        return int(number)
    return number


def _finite(name: str, value: Any) -> float:
    try:
        number = float(value) + 0.0
    except (TypeError, ValueError):
        raise ResultError(f"{name} is not a number: {value!r}") from None
    if not math.isfinite(number):
        raise ResultError(f"{name} is {number}")
    return number


def _series(given: Mapping[str, Array], shape: tuple[int, ...], file: str) -> dict[str, Array]:
    known = {outcome.name: outcome for outcome in registered(file)}
    for name in sorted(set(given) - set(known)):
        raise ResultError(f"series {name} is not in outcomes.csv")
    there = [outcome for outcome in known.values() if outcome.name in given]
    numbers = _finite_arrays({outcome.name: np.asarray(given[outcome.name]) for outcome in there}, shape)
    odd = (numbers != np.floor(numbers)).any(axis=tuple(range(1, numbers.ndim)))
    found = {}
    for position, outcome in enumerate(there):
        if outcome.type == "number":
            found[outcome.name] = numbers[position]
            continue
        if odd[position]:
            raise ResultError(f"series {outcome.name} is not whole")
        codes = found[outcome.name] = numbers[position].astype(np.int64)
        levels = len(outcome.levels)
        if levels and codes.size and not 0 <= codes.min() <= codes.max() < levels:
            raise ResultError(f"series {outcome.name} holds a code without a level")
    return found


def _finite_arrays(given: Mapping[str, Array], shape: tuple[int, ...]) -> Array:
    """Arrays of numbers of one shape as one of float64, without -0.0 (to test one by one takes ten times as long)."""
    for name, array in given.items():
        if array.shape != shape:
            raise ResultError(f"series {name} has the shape {array.shape}, not {shape}")
        if array.dtype.kind not in "fiub":
            raise ResultError(f"series {name} holds {array.dtype}, not numbers")
    numbers: Array = np.array(list(given.values()), np.float64).reshape(len(given), *shape) + 0.0
    finite = np.isfinite(numbers)
    if not finite.all():
        place, first = np.argwhere(~finite)[0][:2]
        step = "day" if len(shape) == 1 else "week"
        raise ResultError(f"{step} {first}: series {list(given)[place]} holds NaN or infinity")
    return numbers


def _regions(result: RunResult) -> dict[str, Array]:
    if not result.regions:
        return {}
    weeks = len(next(iter(result.regions.values())))
    return _series(result.regions, (weeks, len(result.region_names)), "regions")


def _table(given: Mapping[str, Array], columns: tuple[str, ...], what: str) -> dict[str, Array]:
    if set(given) != set(columns):
        raise ResultError(f"{what} columns are {sorted(given)}, not {sorted(columns)}")
    table = {name: np.asarray(given[name]) for name in columns}
    if len({array.shape for array in table.values()}) > 1 or table[columns[0]].ndim != 1:
        raise ResultError(f"{what} columns differ in length")
    for name, array in table.items():
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise ResultError(f"{what} column {name} holds NaN or infinity")
    return table
