"""replicates.csv: how wide the intervals are by the number of replicates, and how many a wanted width takes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.analysis.observations import Observed, Place
from model.analysis.statistics import Z, mean, mean_interval, variance, wilson
from model.analysis.summary import write_rows
from model.ensemble.csv_files import Column
from model.ensemble.tables import SCENARIO, Table
from model.outcomes import Outcome, outcomes
from model.outcomes import series as registered

STEPS = (10, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 5000)
#: looks before this many replicates would stop on luck: the width is itself an estimate (Chow and Robbins 1965)
FIRST_LOOK = 30
_UNIT = "unit of the measure"

REPLICATES = Table(
    "replicates.csv",
    "one measure of one scenario after some number of replicates",
    (
        SCENARIO,
        Column("outcome", "string", "", "outcome of the file runs"),
        Column("measure", "string", "", "mean, or share (of runs: true, or reached within the horizon)"),
        Column("replicates", "integer", "replicates", "the first so many replicates"),
        Column("n", "integer", "runs", "runs of these to which the outcome applies"),
        Column("value", "number", _UNIT, "the measure over these runs"),
        Column(
            "half_width",
            "number",
            _UNIT,
            "half of its 95 % interval (Student's t for means, Wilson for shares)",
        ),
        Column("target", "number", _UNIT, "half width asked for, if any"),
        Column("enough", "boolean", "", "the half width is at most the target"),
        Column(
            "needed",
            "integer",
            "replicates",
            "about how many replicates reach the target, from all runs so far",
        ),
    ),
)


@dataclass(frozen=True)
class Target:
    """A half width that is asked of an outcome's interval, in the unit of its measure."""

    outcome: str
    half_width: float


def measure_of(outcome: Outcome) -> str | None:
    """mean or share; None for a category, whose levels have no single width."""
    if outcome.type == "category":
        return None
    return "share" if outcome.type == "boolean" or outcome.reduction == "days" else "mean"


def half_width(outcome: Outcome, values: Sequence[Any]) -> tuple[int, float | None, float | None]:
    """Runs that count, the measure over them, and half of its 95 % interval (None for too few)."""
    if outcome.reduction == "days":
        marks = [value is not None for value in values]
    else:
        values = [value for value in values if value is not None]
        marks = [bool(value) for value in values] if outcome.type == "boolean" else []
    if measure_of(outcome) == "share":
        if not marks:
            return 0, None, None
        low, high = wilson(sum(marks), len(marks))
        assert low is not None and high is not None
        return len(marks), sum(marks) / len(marks), (high - low) / 2
    numbers = [float(value) for value in values]
    low, high = mean_interval(numbers)
    return len(numbers), mean(numbers), None if low is None or high is None else (high - low) / 2


def needed(outcome: Outcome, values: Sequence[Any], target: float) -> int | None:
    """About how many replicates bring the half width to the target, by the spread of the runs so far."""
    if outcome.reduction == "days":
        numbers = [float(value is not None) for value in values]
    else:
        numbers = [float(value) for value in values if value is not None]
    if not numbers:
        return None
    if measure_of(outcome) == "share":
        share = (sum(numbers) + Z * Z / 2) / (len(numbers) + Z * Z)  # Wilson's centre: never quite 0 or 1
        spread = share * (1 - share)
    else:
        found = variance(numbers)
        if found is None:
            return None
        spread = found
    applies = len(numbers) / len(values)
    return max(2, math.ceil(Z * Z * spread / target**2 / applies))


def first_replicates(observed: Observed, replicates: int) -> list[Place]:
    """Runs of the first so many replicates, all points."""
    return [place for place in observed.runs if place[1] < replicates]


def precision_rows(observed: Mapping[str, Observed], targets: Sequence[Target] = ()) -> list[dict[str, Any]]:
    """Rows of replicates.csv: scenarios by name, outcomes in the order of outcomes.csv."""
    wanted = {target.outcome: target.half_width for target in targets}
    rows = []
    for name in sorted(observed):
        found = observed[name]
        most = max((place[1] for place in found.runs), default=-1) + 1
        steps = [step for step in STEPS if step < most] + ([most] if most else [])
        for outcome in registered("runs"):
            measure = measure_of(outcome)
            if measure is None:
                continue
            target = wanted.get(outcome.name)
            all_values = found.values(outcome.name)
            for step in steps:
                n, value, width = half_width(
                    outcome, found.values(outcome.name, first_replicates(found, step))
                )
                row = {
                    "scenario": name,
                    "outcome": outcome.name,
                    "measure": measure,
                    "replicates": step,
                    "n": n,
                    "value": value,
                    "half_width": width,
                }
                if target is not None:
                    row |= {
                        "target": target,
                        "enough": width is not None and width <= target,
                        "needed": needed(outcome, all_values, target),
                    }
                rows.append(row)
    return rows


def looks(replicates: int, targets: Sequence[Target]) -> list[int]:
    """After how many replicates a batch looks whether they are enough: a few fixed numbers, the last being all."""
    if not targets:
        return [replicates]
    return [*(step for step in STEPS if FIRST_LOOK <= step < replicates), replicates]


def enough(observed: Mapping[str, Observed], targets: Sequence[Target], replicates: int) -> bool:
    """Whether the first so many replicates meet every target in every scenario; never before FIRST_LOOK."""
    if replicates < FIRST_LOOK:
        return False
    known = outcomes("runs")
    for found in observed.values():
        places = first_replicates(found, replicates)
        for target in targets:
            n, _, width = half_width(known[target.outcome], found.values(target.outcome, places))
            if n and (width is None or width > target.half_width):
                return False
    return True


def write_precision(rows: Sequence[Mapping[str, Any]], folder: Path) -> Table:
    """Write replicates.csv."""
    write_rows(folder, REPLICATES, rows)
    return REPLICATES
