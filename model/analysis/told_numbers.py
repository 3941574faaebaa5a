"""How the files of an analysis tell a number: which it is, in what unit, on what evidence, over which range."""

from __future__ import annotations

from typing import Any

from model.ensemble.csv_files import Column
from model.parameters import Number

KEY = Column("key", "string", "", "dotted key of the number")
UNIT = Column("unit", "string", "", "unit of the number")
GRADE = Column("grade", "string", "", "evidence: A data, B literature, C expert, D assumption")
OF_NUMBER = "unit of the number"


def range_columns(prefix: str = "") -> tuple[Column, Column]:
    """The ends of a number's range; prefix: of their names, where low and high mean something else."""
    return (
        Column(f"{prefix}low", "number", OF_NUMBER, "low end of its range"),
        Column(f"{prefix}high", "number", OF_NUMBER, "high end of its range"),
    )


def number_cells(number: Number, prefix: str = "") -> dict[str, Any]:
    """The cells of these columns."""
    ends = {f"{prefix}low": number.low, f"{prefix}high": number.high}
    return {"key": number.key, "unit": number.unit, "grade": number.grade, **ends}
