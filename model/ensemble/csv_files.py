"""The one writer of tables: every CSV (or Parquet) file of a results folder passes through here.

The form: one header line, UTF-8, LF, ISO dates, '.' as decimal sign, the shortest digits that give back the
exact float (a whole float is written without '.0'), no '-0', empty for null, strings quoted, numbers not. No
string may begin with = + - @, which a spreadsheet would run as a formula. A file appears whole or not at all:
it is written aside, synced to the disk and renamed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
FORMATS = ("csv", "parquet")


@dataclass(frozen=True)
class Column:
    """One column: its type (string, category, integer, number, boolean or date), unit, meaning and levels."""

    name: str
    type: str
    unit: str = ""
    meaning: str = ""
    levels: tuple[str, ...] = ()

    @property
    def arrow_type(self) -> pa.DataType:
        """The arrow type of this column's arrays."""
        return _ARROW_TYPES[self.type]


@dataclass(frozen=True)
class Coded:
    """Strings as int codes into levels; -1 is null."""

    codes: np.ndarray[Any, Any]
    levels: Sequence[str]


_TEXT = pa.dictionary(pa.int32(), pa.string())
_ARROW_TYPES = {
    "string": _TEXT,
    "category": _TEXT,
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}


def arrow_array(column: Column, values: Any, length: int) -> pa.Array:
    """Values of a column as an arrow array of `length` rows.

    values: None (all null); numbers as an array in which NaN is null; codes (int array, -1 null) for a
    category; `Coded` or a sequence of str or None for a string; a bool array or a sequence with None for a
    boolean; datetime64[D] for a date. Raises ValueError on an infinite number, a broken whole number, a wrong
    length and a string that a spreadsheet would take for a formula.
    """
    if values is None:
        return pa.nulls(length, column.arrow_type)
    array = _convert(column, values)
    if len(array) != length:
        raise ValueError(f"column {column.name} has {len(array)} rows where {length} are due")
    return array


def _convert(column: Column, values: Any) -> pa.Array:
    if column.type == "number":
        numbers = np.asarray(values, dtype=np.float64) + 0.0  # adding 0.0 turns -0.0 into 0.0
        if np.isinf(numbers).any():
            raise ValueError(f"column {column.name} holds an infinite number")
        return pa.array(numbers, from_pandas=True)
    if column.type == "integer":
        return _integers(column, np.asarray(values))
    if column.type == "boolean":
        if isinstance(values, np.ndarray) and values.dtype == np.bool_:
            return pa.array(values)
        return pa.array([None if value is None else bool(value) for value in values], pa.bool_())
    if column.type == "date":
        return pa.array(np.asarray(values, dtype="datetime64[D]"))
    if column.type == "category" and not isinstance(values, Coded):
        values = Coded(np.asarray(values), column.levels)
    return _texts(column, values)


def _integers(column: Column, values: np.ndarray[Any, Any]) -> pa.Array:
    if values.dtype.kind in "iub":
        return pa.array(values.astype(np.int64))
    numbers = values.astype(np.float64)
    absent = np.isnan(numbers)
    whole = np.where(absent, 0.0, numbers)
    if (whole != np.floor(whole)).any():
        raise ValueError(f"column {column.name} holds a number that is not whole")
    return pa.array(whole.astype(np.int64), mask=absent)


def _texts(column: Column, values: Any) -> pa.Array:
    if not isinstance(values, Coded):
        position: dict[str, int] = {}
        places = [-1 if value is None else position.setdefault(str(value), len(position)) for value in values]
        values = Coded(np.asarray(places, dtype=np.int64), list(position))
    for level in values.levels:
        if level.startswith(FORMULA_STARTS):
            raise ValueError(f"column {column.name} holds a text that begins like a formula: {level[:40]!r}")
    codes = np.asarray(values.codes)
    if codes.size and (codes.min() < -1 or codes.max() >= len(values.levels)):
        raise ValueError(f"column {column.name} holds a code without a level")
    indices = pa.array(codes.astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(values.levels), pa.string()))


class TableFile:
    """A table being written beside its final place; `with` puts it there whole, or leaves nothing.

    path: the final file; columns: their order is the file's; form: "csv" or "parquet". part: only rows, for another
    table to take up; no sync is waited for.
    """

    def __init__(self, path: Path, columns: Sequence[Column], form: str = "csv", part: bool = False) -> None:
        if form not in FORMATS:
            raise ValueError(f"a table is written as one of {FORMATS}, not {form!r}")
        self.path = path
        self.columns = tuple(columns)
        self.form = form
        self.part = part
        self.rows = 0
        self._schema = pa.schema([(column.name, column.arrow_type) for column in self.columns])
        self._aside = aside(path)
        self._file: IO[bytes] | None = None
        self._writer: Any = None

    def __enter__(self) -> TableFile:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._aside.open("wb")
        if self.form == "parquet":
            self._writer = pa.parquet.ParquetWriter(self._file, self._schema)
        else:
            options = pa.csv.WriteOptions(include_header=not self.part)
            self._writer = pa.csv.CSVWriter(self._file, self._schema, write_options=options)
        return self

    def write(self, length: int, values: Mapping[str, Any]) -> None:
        """Append `length` rows; a column that `values` does not name is empty; see `arrow_array`."""
        unknown = set(values) - {column.name for column in self.columns}
        if unknown:
            raise ValueError(f"{self.path.name} has no column {sorted(unknown)[0]!r}")
        if length:
            arrays = [arrow_array(column, values.get(column.name), length) for column in self.columns]
            self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))
            self.rows += length

    def take_up(self, part: Path) -> None:
        """Append the rows of a part, which is removed (CSV only)."""
        assert self._file is not None
        with part.open("rb") as rows:
            shutil.copyfileobj(rows, self._file)
        part.unlink()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._file is not None
        try:
            if kind is None:
                self._writer.close()
                put_in_place(self._file, self.path, sync=not self.part)
        finally:
            self._file.close()
            self._aside.unlink(missing_ok=True)


def aside(path: Path) -> Path:
    """Where a file is written before it is put in place."""
    return path.with_name(f".{path.name}.part")


def put_in_place(file: IO[bytes], path: Path, sync: bool = True) -> None:
    """Sync an open file written at `aside(path)` and rename it to `path`."""
    file.flush()
    if sync:
        os.fsync(file.fileno())
    file.close()
    os.replace(aside(path), path)
    if sync and os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def write_text(path: Path, text: str) -> None:
    """Put a text file in place whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with aside(path).open("wb") as file:
            file.write(text.encode(errors="backslashreplace"))  # a path may hold bytes that are no letters
            put_in_place(file, path)
    finally:
        aside(path).unlink(missing_ok=True)
