"""The acts of a crisis: one row of `actions.csv` each, with its codes, class, rung, lever and lead time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from model.csv_source import number, read_rows
from model.toml_source import InputError, Problem, nearest, shown

TABLE = Path(__file__).with_name("actions.csv")
COLUMNS = (
    "action", "role", "label", "cameo", "goldstein", "plover", "mid_hostility", "kahn_rung", "class", "rung", "lever",
    "level", "lead_days", "reversible", "needs", "public", "meaning",
)  # fmt: skip
NUMBERS = ("goldstein", "mid_hostility", "kahn_rung", "rung", "level", "lead_days")
#: columns that may name a number of the register instead of holding one
DRAWN = ("level", "lead_days")
#: columns of codes that an act may lack
UNCODED = ("mid_hostility", "kahn_rung")
CLASSES = ("deescalation", "status_quo", "posturing", "nonviolent", "violent")


@dataclass(frozen=True)
class Action:
    """One act that actors of one role may do.

    cameo, goldstein, plover, mid_hostility and kahn_rung are its codes in `event_codes.csv` (0: not coded);
    kind is its class, one of CLASSES; rung the model's own ladder; lever the world quantity that it sets to
    level; level_of the number of the register that is its level, if it has one (then level is 0 until a run has
    drawn it); lead_days the median days from order to effect, likewise by lead_of; needs what must be so before it
    can be done; code its position in the table, from 0.
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
    level_of: str
    lead_days: float
    lead_of: str
    reversible: bool
    needs: tuple[str, ...]
    public: bool
    meaning: str
    code: int


@cache
def _table() -> dict[str, Action]:
    found = read_rows(TABLE, COLUMNS)
    problems = [problem for line, row in found for problem in _misfits(line, row)]
    names = [row["action"] for _, row in found]
    problems += [
        Problem(shown(TABLE), line, "action", f"{row['action']} stands in two rows")
        for place, (line, row) in enumerate(found)
        if row["action"] in names[:place]
    ]
    if problems:
        raise InputError(problems)
    rows = [row for _, row in found]
    return {
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
            level=_fixed(row["level"]),
            level_of=_key(row["level"]),
            lead_days=_fixed(row["lead_days"]),
            lead_of=_key(row["lead_days"]),
            reversible=row["reversible"] == "true",
            needs=tuple(need for need in row["needs"].split(";") if need),
            public=row["public"] == "true",
            meaning=row["meaning"],
            code=code,
        )
        for code, row in enumerate(rows)
    }


def _key(cell: str) -> str:
    """The cell, where it is the dotted key of a number of the register and no number itself; else nothing."""
    section, _, name = cell.partition(".")
    return cell if section.isidentifier() and name.isidentifier() else ""


def _fixed(cell: str) -> float:
    return 0.0 if _key(cell) else float(cell)


def _misfits(line: int, row: dict[str, str]) -> list[Problem]:
    """Cells of a row that are no number, no truth value or no class."""
    file = shown(TABLE)
    filled = [name for name in NUMBERS if row[name] or name not in UNCODED]
    filled = [name for name in filled if name not in DRAWN or not _key(row[name])]
    problems = [problem for name in filled for problem in number(file, line, name, row[name])[1]]
    problems += [
        Problem(file, line, name, f"expected true or false, found {row[name]!r}")
        for name in ("reversible", "public")
        if row[name] not in ("true", "false")
    ]
    if row["class"] not in CLASSES:
        message = f"expected one of {', '.join(CLASSES)}, found {row['class']!r}"
        problems.append(Problem(file, line, "class", message, nearest(row["class"], CLASSES)))
    return problems


def actions() -> dict[str, Action]:
    """All acts by name, in the order of the table. Raises InputError for a table that does not fit."""
    return dict(_table())


def drawn_actions(numbers: Mapping[str, float]) -> dict[str, Action]:
    """All acts by name, with the levels and lead times of a run's numbers. Raises KeyError for an unknown number."""
    return {
        name: replace(
            act,
            level=numbers[act.level_of] if act.level_of else act.level,
            lead_days=numbers[act.lead_of] if act.lead_of else act.lead_days,
        )
        if act.level_of or act.lead_of
        else act
        for name, act in _table().items()
    }


@cache
def actions_of(role: str) -> tuple[Action, ...]:
    """The acts of one role, in the order of the table."""
    return tuple(action for action in _table().values() if action.role == role)
