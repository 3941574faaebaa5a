"""Entities and their state variables: `state.csv` says what each is, a model that was run says what there is."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("state.csv")
#: a state variable may change in a run; what is fixed is given or drawn at its start
KINDS = ("state", "fixed")
#: what Mesa gives every agent, and the ways to its numbers
MESA = {"model", "unique_id", "pos", "situation", "behaviour"}


@dataclass(frozen=True)
class Variable:
    """One row. where: how to get from a model to an object of the entity."""

    entity: str
    what: str
    where: str
    variable: str
    unit: str
    kind: str
    meaning: str


def variables() -> list[Variable]:
    """All rows in order. Raises ValueError for a kind that is not one of KINDS."""
    with TABLE.open(newline="", encoding="utf-8") as lines:
        rows = [Variable(**row) for row in csv.DictReader(lines)]
    for row in rows:
        if row.kind not in KINDS:
            raise ValueError(f"{TABLE.name}: {row.entity}, {row.variable}: {row.kind!r} is none of {KINDS}")
    return rows


def found(model: Any, where: str) -> Any:
    """The object at a dotted path of names and places in lists."""
    for step in where.split("."):
        model = model[int(step)] if step.isdigit() else getattr(model, step)
    return model


def held(thing: Any) -> set[str]:
    """Names of what an object holds for all to read; of an actor without what Mesa gives every agent."""
    slots = (getattr(kind, "__slots__", ()) for kind in type(thing).__mro__)
    names = {name for own in slots for name in ([own] if isinstance(own, str) else own)}
    names |= set(getattr(thing, "__dict__", {}))
    return {name for name in names if not name.startswith("_")} - MESA
