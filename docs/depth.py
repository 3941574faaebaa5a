"""`uv run python -m docs.depth DIR`: write the effects in `mechanisms.md` anew, DIR a batch of `scenarios/depth`.

Each row is a scenario less its control, which differs from it by one switch.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docs.blocks import FOLDER
from docs.measured import renew
from model.analysis.comparison import compare_all
from model.analysis.observations import Observed
from model.commands.gathering import gather

PAGE = FOLDER / "mechanisms.md"
#: what a row is called, its scenario and its control
ROWS = (
    ("`arrest = chain`", "chain", "alone"),
    ("`arrest = chain`, open choice", "choice_chain", "choice"),
    ("`coercer = factional`", "factions", "alone"),
    ("`elites = cascade`", "cascade", "alone"),
    ("`elites = cascade`, held on", "held_cascade", "held"),
    ("`alliance = quorum`, called", "called_quorum", "called"),
    ("`neighbours = active`", "neighbours", "alone"),
    ("`neighbours = active`, surrender ordered", "handed_over_neighbours", "handed_over"),
    ("`neighbours = active`, fuel cut, no arrest", "short_of_fuel_neighbours", "short_of_fuel"),
    ("`reinforcement = air`, flown in", "reinforced", "alone"),
    ("`leverage = base`, cut off", "besieged", "alone"),
    ("`summit = guests`", "guests", "alone"),
    ("`custody = mobile`, moved", "moved", "alone"),
    ("the last eight together", "eight", "alone"),
)
#: title, outcome, level, measure, factor, digits
POLITICS = (
    ("force", "force_used", None, "share", 100, 1),
    ("released", "end_state", "released", "share", 100, 1),
    ("surrendered", "end_state", "surrendered", "share", 100, 1),
    ("government falls", "government_fell", None, "share", 100, 1),
    ("welfare", "welfare_of_people", None, "mean", 100, 1),
)
COURSE = (
    ("days to force", "days_to_force", None, "restricted_days", 1, 1),
    ("killed", "killed_total", None, "mean", 1, 0),
    ("airport closed", "days_to_airport_closed", None, "reached", 100, 1),
    ("army collapses", "days_to_army_collapse", None, "reached", 100, 1),
    ("lowest remittances", "remittance_floor", None, "mean", 100, 1),
    ("highest poverty", "poverty_peak", None, "mean", 100, 1),
)
Columns = tuple[tuple[str, str, str | None, str, int, int], ...]


def parts(observed: Mapping[str, Observed]) -> dict[str, str]:
    """What stands in each place of the page. Raises KeyError where the batch lacks a scenario."""
    found = [(label, _differences(observed, name, control)) for label, name, control in ROWS]
    return {
        "effects-politics": _table(found, POLITICS),
        "effects-course": _table(found, COURSE),
        "effects-controls": _controls(observed["alone"]),
    }


def _differences(observed: Mapping[str, Observed], name: str, control: str) -> list[dict[str, Any]]:
    return compare_all({control: observed[control], name: observed[name]}, control)


def _table(found: list[tuple[str, list[dict[str, Any]]]], columns: Columns) -> str:
    head = [
        "| switch | " + " | ".join(column[0] for column in columns) + " |",
        "|---" * (len(columns) + 1) + "|",
    ]
    return "\n".join(
        [*head, *(f"| {label} | {' | '.join(_cells(rows, columns))} |" for label, rows in found)]
    )


def _cells(rows: list[dict[str, Any]], columns: Columns) -> list[str]:
    """Difference and interval of each column, bold where the interval excludes 0."""
    said = []
    for _, outcome, level, measure, factor, digits in columns:
        row = next(
            row for row in rows
            if (row["outcome"], row.get("level") or None, row["measure"]) == (outcome, level, measure)
        )  # fmt: skip
        middle, low, high = (
            factor * (row["difference"] if row.get(end) is None else row[end])
            for end in ("difference", "low", "high")
        )
        sure = "**" if low > 0.0 or high < 0.0 else ""
        said.append(f"{sure}{middle:+.{digits}f}{sure} ({low:+.{digits}f} to {high:+.{digits}f})")
    return said


def _controls(alone: Observed) -> str:
    def share(outcome: str, level: object = True) -> str:
        values = alone.values(outcome)
        hits = sum(value is not None if level is None else value == level for value in values)
        return f"{100 * hits / len(values):.0f} %"

    def mean(outcome: str) -> float:
        values = [float(value) for value in alone.values(outcome) if value is not None]
        return sum(values) / len(values)

    return (
        f"The control `alone` ({len(alone.runs)} runs) has force in {share('force_used')}, a release in "
        f"{share('end_state', 'released')}, a surrender in {share('end_state', 'surrendered')}, a fallen "
        f"government in {share('government_fell')}, welfare {100 * mean('welfare_of_people'):.1f}, "
        f"{mean('killed_total'):.0f} killed, the airport closed in "
        f"{share('days_to_airport_closed', None)}, an army that collapses in "
        f"{share('days_to_army_collapse', None)}, lowest remittances {100 * mean('remittance_floor'):.0f} and highest "
        f"poverty {100 * mean('poverty_peak'):.0f}."
    )


def main(arguments: list[str]) -> int:
    """Write the page; 0."""
    renew(PAGE, parts(gather([Path(name) for name in arguments]).observed))
    print(PAGE.name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
