"""The decision on a screen: the options by their stakes, the map of weights, and where the answer turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from model.analysis.overview import percent
from model.analysis.stakes import OBJECTIVES, STAKES
from model.analysis.structures import OWN

Rows = Sequence[Mapping[str, Any]]
#: letters of the map
LETTERS = {
    "refuse": "R",
    "host": "H",
    "arrest_then_decide": "A",
    "arrest_release": "L",
    "arrest_hold": "K",
    "arrest_surrender": "S",
}
LEGEND = (
    "Each stake from 0 (lost) to 1 (kept whole) over the horizon, mean over the worlds. Value: of the stakes as "
    "weighed, with 95 % interval. Regret: how far below the best option of the same world, on average. Best: share of "
    "worlds in which it is best. Over host: difference from hosting, world by world. The three objectives apart: "
    "survival of the government, welfare of the people, compliance with the law."
)
MAP_LEGEND = (
    "Which option has the highest expected value. Rows: weight of the law; columns: weight of survival (the rest "
    "is the people's welfare). Small letter: its lead over the second is within chance."
)


def pick(rows: Rows, weights: str, parameters: str, structure: str = OWN) -> Rows:
    """The rows of one way of weighing."""
    wanted = (weights, parameters, structure)
    return [row for row in rows if (row["weights"], row["parameters"], row["structure"]) == wanted]


def stake_lines(rows: Rows, parameters: str) -> list[str]:
    """The options by stakes and objectives: one line an option."""
    names = [*STAKES, *(f"{objective}_alone" for objective in OBJECTIVES)]
    heads = [*STAKES, *OBJECTIVES]
    lines = [
        f"{'option':<20}"
        + "".join(f"{head:>10}" for head in heads[:6])
        + " |"
        + "".join(f"{h:>9}" for h in heads[6:])
    ]
    cells = {name: {row["option"]: row["value"] for row in pick(rows, name, parameters)} for name in names}
    for option in cells[names[0]]:
        stakes = "".join(f"{cells[name][option]:>10.2f}" for name in names[:6])
        objectives = "".join(f"{cells[name][option]:>9.2f}" for name in names[6:])
        lines.append(f"{option:<20}{stakes} |{objectives}")
    return lines


def value_lines(rows: Rows, weights: str, parameters: str) -> list[str]:
    """The options under one way of weighing, the best first."""
    lines = [
        f"{'option':<20} {'value':>17} {'regret':>7} {'worst':>6} {'best':>5} {'over host':>22} {'better':>7}"
    ]
    for row in sorted(pick(rows, weights, parameters), key=lambda row: -row["value"]):
        over = ""
        if row.get("over_host") is not None:
            over = f"{row['over_host']:+.3f} {_span(row['over_host_low'], row['over_host_high'], '+.3f')}"
        better = "" if row.get("better_than_host") is None else percent(row["better_than_host"])
        lines.append(
            f"{row['option']:<20} {row['value']:.3f} {_span(row['low'], row['high'], '.3f'):>11} "
            f"{row['regret']:>7.3f} {row['regret_worst']:>6.2f} {percent(row['probability_best']):>5} "
            f"{over:>22} {better:>7}".rstrip()
        )
    return lines


def structure_lines(rows: Rows, weights: str, parameters: str) -> list[str]:
    """Which option wins under each rule of the model, and by how much over the best that is no arrest."""
    structures = list(dict.fromkeys(row["structure"] for row in rows if row["parameters"] == parameters))
    lines = [
        f"{'structure':<26} {'worlds':>6} {'wins':<20} {'value':>6} {'best arrest':<20} {'over host':>24}"
    ]
    for structure in structures:
        mine = pick(rows, weights, parameters, structure)
        if not mine:
            continue
        first = max(mine, key=lambda row: row["value"])
        arrests = [
            row for row in mine if row["option"].startswith("arrest") and row.get("over_host") is not None
        ]
        arrest = max(arrests, key=lambda row: row["value"], default=None)
        told = ""
        if arrest is not None:
            span = _span(arrest["over_host_low"], arrest["over_host_high"], "+.3f")
            told = f"{arrest['option']:<20} {arrest['over_host']:+.3f} {span:>17}"
        lines.append(
            f"{structure:<26} {first['worlds']:>6} {first['option']:<20} {first['value']:>6.3f} {told}".rstrip()
        )
    return lines


def map_lines(cells: Rows, parameters: str, menu: str) -> list[str]:
    """The map of one menu as a triangle of letters."""
    mine = [cell for cell in cells if (cell["parameters"], cell["menu"]) == (parameters, menu)]
    steps = sorted({cell["survival"] for cell in mine})
    lines = ["law \\ survival " + "".join(f"{step * 100:>4.0f}%" for step in steps)]
    for law in sorted({cell["law"] for cell in mine}, reverse=True):
        row = f"{law * 100:>13.0f}% "
        for step in steps:
            cell = next((c for c in mine if c["law"] == law and c["survival"] == step), None)
            row += f"{'' if cell is None else _letter(cell):>5}"
        lines.append(row.rstrip())
    used = dict.fromkeys(cell["winner"] for cell in mine)
    return [*lines, ", ".join(f"{LETTERS.get(option, '?')} {option}" for option in used)]


def _letter(cell: Mapping[str, Any]) -> str:
    letter = LETTERS.get(str(cell["winner"]), "?")
    sure = cell["lead_low"] is not None and cell["lead_low"] > 0
    return letter if sure else letter.lower()


def flip_lines(rows: Rows) -> list[str]:
    """What would have to be true for an arrest to be better than hosting, by way of weighing."""
    lines = []
    for row in rows:
        if row.get("flip") and row["structure"] == OWN and row["option"].startswith("arrest"):
            lines.append(
                f"{row['weights']}, {row['option']}: better than hosting in {percent(row['flip_below'])} of the "
                f"worlds with {row['flip']} ({row['flip_grade']}) below {row['flip_value']:.3g}, "
                f"{percent(row['flip_above'])} above"
            )
    return lines or ["No sampled number is tied to it closely enough to tell it from chance."]


def _span(low: float | None, high: float | None, form: str) -> str:
    return "" if low is None or high is None else f"({low:{form}} {high:{form}})"
