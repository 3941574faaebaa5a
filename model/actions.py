"""The acts of a crisis: one row of `actions.csv` each, with its codes, class, rung, lever and lead time."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("actions.csv")
CLASSES = ("deescalation", "status_quo", "posturing", "nonviolent", "violent")


@dataclass(frozen=True)
class Action:
    """One act that actors of one role may do.

    cameo, goldstein, plover, mid_hostility and kahn_rung are its codes in `event_codes.csv` (0: not coded);
    kind is its class, one of CLASSES; rung the model's own ladder; lever the world quantity that it sets to
    level; lead_days the median days from order to effect; needs what must be so before it can be done;
    code its position in the table, from 0.
    """

    name: str
    role: str
    label: str
    cameo: str
    goldstein: float
    plover: str
    mid_hostility: int
    kahn_rung: int
    kind: str
    rung: int
    lever: str
    level: float
    lead_days: float
    reversible: bool
    needs: tuple[str, ...]
    public: bool
    meaning: str
    code: int


@cache
def _table() -> dict[str, Action]:
    with TABLE.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    table = {
        row["action"]: Action(
            name=row["action"],
            role=row["role"],
            label=row["label"],
            cameo=row["cameo"],
            goldstein=float(row["goldstein"]),
            plover=row["plover"],
            mid_hostility=int(row["mid_hostility"] or 0),
            kahn_rung=int(row["kahn_rung"] or 0),
            kind=row["class"],
            rung=int(row["rung"]),
            lever=row["lever"],
            level=float(row["level"]),
            lead_days=float(row["lead_days"]),
            reversible=_truth(row["reversible"]),
            needs=tuple(need for need in row["needs"].split(";") if need),
            public=_truth(row["public"]),
            meaning=row["meaning"],
            code=code,
        )
        for code, row in enumerate(rows)
    }
    if len(table) != len(rows):
        raise ValueError(f"{TABLE.name}: an action stands in two rows")
    return table


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"{TABLE.name}: expected true or false, found {text!r}")
    return text == "true"


def actions() -> dict[str, Action]:
    """All acts by name, in the order of the table. Raises ValueError for a table that does not fit."""
    return dict(_table())


@cache
def actions_of(role: str) -> tuple[Action, ...]:
    """The acts of one role, in the order of the table."""
    return tuple(action for action in _table().values() if action.role == role)
