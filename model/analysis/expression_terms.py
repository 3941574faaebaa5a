"""What an expression is made of: columns with their kinds, and what is done to them, empty cells included."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NUMBER, DAYS, TRUTH, TEXT = "number", "days", "truth", "text"
Values = NDArray[Any]
Columns = Mapping[str, Values]
Take = Callable[[Columns], Any]

COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}
CALCULATE: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
}


@dataclass(frozen=True)
class Kind:
    """What a column holds: number, days to a milestone, truth or text, and the levels of a text."""

    type: str
    levels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Term:
    """A part of an expression: the type of its values, how they are had from columns, where it stands."""

    type: str
    take: Take
    place: int
    column: str = ""
    constant: str | None = None


def joined(left: Term, right: Term, settles: float) -> Take:
    """`or` (settled by 1) or `and` (settled by 0) of two truths, unknown where neither settles it."""

    def take(columns: Columns) -> Any:
        first, second = left.take(columns), right.take(columns)
        settled = np.equal(first, settles) | np.equal(second, settles)
        absent = np.isnan(first) | np.isnan(second)
        return np.where(settled, settles, np.where(absent, np.nan, 1.0 - settles))

    return take


def negated(term: Term) -> Take:
    """`not` of a truth."""
    return lambda columns: 1.0 - term.take(columns)


def compared(sign: str, left: Term, right: Term) -> Take:
    """A comparison, unknown where either side is."""
    compare = COMPARE[sign]

    def take(columns: Columns) -> Any:
        first, second = left.take(columns), right.take(columns)
        absent = unknown(first) | unknown(second)
        return np.where(absent, np.nan, np.asarray(compare(first, second), dtype=np.float64))

    return take


def calculated(sign: str, left: Term, right: Term) -> Take:
    """A sum, difference, product or quotient; a quotient with a divisor of 0 is unknown."""
    calculate = CALCULATE[sign]

    def take(columns: Columns) -> Any:
        first, second = left.take(columns), right.take(columns)
        found = calculate(first, second)
        return np.where(np.equal(second, 0.0), np.nan, found) if sign == "/" else found

    return take


def column(values: Sequence[Any], kind: Kind) -> Values:
    """A column as an array: texts as objects with None, all else as floats with NaN, never as infinity."""
    if kind.type == TEXT:
        return np.array([None if _is_null(value) else str(value) for value in values], dtype=object)
    never = math.inf if kind.type == DAYS else math.nan
    return np.array([never if _is_null(value) else float(value) for value in values], dtype=np.float64)


def _is_null(value: Any) -> bool:
    return value is None or type(value).__name__ == "NAType" or value != value


def unknown(values: Any) -> Values:
    """Where nothing is known."""
    array = np.asarray(values)
    return np.asarray(array == None if array.dtype == object else np.isnan(array))  # noqa: E711


def empty(values: Values, kind: str) -> Values:
    """Where a cell was empty."""
    return np.isinf(values) if kind == DAYS else unknown(values)
