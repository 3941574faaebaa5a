"""Which numbers a case must give for each role that it has, and for its world: `situation.csv`."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("situation.csv")
ROLES = (
    "coercer",
    "garrison",
    "government",
    "army",
    "households",
    "norm_bloc",
    "alliance",
    "court",
    "onlookers",
    "neighbour",
)
#: Sections of the world -> the role whose presence makes their numbers needed.
WORLD = {"economy": "households", "season": "households", "roads": "garrison"}


@dataclass(frozen=True)
class Need:
    """One number that a case must give: owner is a role or a section of the world; low and high bound it."""

    owner: str
    key: str
    unit: str
    low: float
    high: float
    meaning: str


@cache
def _table() -> dict[str, dict[str, Need]]:
    table: dict[str, dict[str, Need]] = {owner: {} for owner in (*ROLES, *WORLD)}
    with TABLE.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            owner, key = row["owner"], row["key"]
            if owner not in table or key in table[owner]:
                raise ValueError(f"{TABLE.name}: {owner},{key} has an unknown owner or stands in two rows")
            low = float(row["min"]) if row["min"] else -math.inf
            high = float(row["max"]) if row["max"] else math.inf
            table[owner][key] = Need(owner, key, row["unit"], low, high, row["meaning"])
    return table


def needs(owner: str) -> dict[str, Need]:
    """The numbers needed of a role or a section of the world, by key. Raises KeyError for another owner."""
    return dict(_table()[owner])
