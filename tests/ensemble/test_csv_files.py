from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.ensemble.csv_files import Coded, Column, TableFile, write_text

COLUMNS = (
    Column("name", "string"),
    Column("state", "category", levels=("held", "freed")),
    Column("people", "integer"),
    Column("share", "number"),
    Column("public", "boolean"),
    Column("date", "date"),
)
GOLDEN = (
    b'"name","state","people","share","public","date"\n'
    b'"Tajik, ""host""","held",3,0.1,true,2025-10-08\n'
    b',"freed",,12,false,2025-10-09\n'
    b'"b",,0,0,,2025-10-10\n'
    b'"b","held",-7,,true,2025-10-11\n'
    b'"b","held",9007199254740993,0.30000000000000004,true,2025-10-12\n'
    b'"b","held",1,1e-7,true,2025-10-13\n'
    b'"b","held",1,5e-324,true,2025-10-14\n'
    b'"b","held",1,-1.5e+300,true,2025-10-15\n'
)


def test_golden_bytes(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "table.csv"
    with TableFile(path, COLUMNS) as file:
        file.write(
            4,
            {
                "name": ['Tajik, "host"', None, "b", "b"],
                "state": np.array([0, 1, -1, 0]),
                "people": np.array([3.0, math.nan, -0.0, -7.0]),
                "share": np.array([0.1, 12.0, -0.0, math.nan]),
                "public": [True, False, None, True],
                "date": np.datetime64("2025-10-08") + np.arange(4),
            },
        )
        file.write(
            4,
            {
                "name": Coded(np.ones(4, int), ["a", "b"]),
                "state": np.zeros(4, int),
                "people": np.array([2**53 + 1, 1, 1, 1]),
                "share": np.array([0.1 + 0.2, 1e-7, 5e-324, -1.5e300]),
                "public": np.ones(4, bool),
                "date": np.datetime64("2025-10-12") + np.arange(4),
            },
        )
        assert not path.exists()
    assert path.read_bytes() == GOLDEN
    assert [entry.name for entry in path.parent.iterdir()] == ["table.csv"]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_a_float_is_written_exactly_and_no_longer_than_its_repr(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[float]
) -> None:
    path = tmp_path_factory.mktemp("floats") / "floats.csv"
    with TableFile(path, [Column("x", "number")]) as file:
        file.write(len(numbers), {"x": np.array(numbers)})
    written = path.read_text().split("\n")[1:-1]
    assert [float(cell) for cell in written] == numbers
    assert all(_digits(cell) == _digits(repr(number)) for cell, number in zip(written, numbers, strict=True))
    assert "-0" not in written


def _digits(text: str) -> str:
    """Significant digits, without sign, point, exponent and the zeros around them."""
    return text.lstrip("-").split("e")[0].replace(".", "").strip("0")


@pytest.mark.parametrize("text", ["=SUM(A1)", "+1", "-a", "@x", "\tx"])
def test_no_text_begins_like_a_formula(tmp_path: Path, text: str) -> None:
    with (
        pytest.raises(ValueError, match="formula"),
        TableFile(tmp_path / "t.csv", [Column("a", "string")]) as file,
    ):
        file.write(1, {"a": [text]})
    assert list(tmp_path.iterdir()) == []


def test_what_a_table_refuses(tmp_path: Path) -> None:
    for kind, values, message in (
        ("number", [math.inf], "infinite"),
        ("integer", [0.5], "not whole"),
        ("number", [1.0, 2.0], "2 rows where 1"),
        ("category", [2], "code without a level"),
    ):
        column = Column("a", kind, levels=("x", "y"))
        with pytest.raises(ValueError, match=message), TableFile(tmp_path / "t.csv", [column]) as file:
            file.write(1, {"a": np.array(values)})
    with (
        pytest.raises(ValueError, match="no column 'b'"),
        TableFile(tmp_path / "t.csv", [Column("a", "date")]) as file,
    ):
        file.write(1, {"b": [1]})
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_stood_there_stays_when_writing_fails(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    write_text(path, "old")
    with pytest.raises(KeyError), TableFile(path, [Column("a", "number")]) as file:
        file.write(1, {"a": [1.0]})
        raise KeyError
    assert path.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_parquet_holds_the_same(tmp_path: Path) -> None:
    with TableFile(tmp_path / "t.parquet", COLUMNS, "parquet") as file:
        file.write(1, {"name": ["a"], "share": [0.1], "date": np.array(["2025-10-08"], "datetime64[D]")})
    table = pyarrow.parquet.read_table(tmp_path / "t.parquet")
    assert table.to_pylist() == [
        {"name": "a", "state": None, "people": None, "share": 0.1, "public": None, "date": date(2025, 10, 8)}
    ]
