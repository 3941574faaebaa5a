"""What the registers say about the columns of results: outcomes by file, acts by name."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Outcome:
    name: str
    file: str
    type: str
    unit: str
    meaning: str
    reduction: str
    worse: str
    levels: tuple[str, ...]


@cache
def register(file: str) -> tuple[Outcome, ...]:
    """Outcomes of a file (runs, timeseries, regions) in the order of outcomes.csv."""
    path = Path(__file__).parent.parent / "outcomes.csv"
    with path.open(newline="") as f:
        return tuple(
            Outcome(**{**row, "levels": tuple(row["levels"].split("|")) if row["levels"] else ()})
            for row in csv.DictReader(f)
            if row["file"] == file
        )


@dataclass(frozen=True)
class ActCodes:
    cameo: str
    goldstein: float
    rung: int
    class_: str


@cache
def act_codes(name: str) -> ActCodes | None:
    path = Path(__file__).parent.parent / "actions.csv"
    with path.open(newline="") as f:
        for row in csv.DictReader(f):
            if row["action"] == name:
                return ActCodes(row["cameo"], float(row["goldstein"]), int(row["kahn_rung"]), row["class"])
    return None
