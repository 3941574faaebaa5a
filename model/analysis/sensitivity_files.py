"""What a sensitivity analysis writes and prints: sensitivity.csv, chance.csv, and the ranking with its grades."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.analysis.overview import percent, wrapped
from model.analysis.sensitivity import Chance
from model.analysis.summary import write_rows
from model.analysis.told_numbers import GRADE, KEY, UNIT, number_cells, range_columns
from model.ensemble.csv_files import Column
from model.ensemble.tables import SCENARIO, Table
from model.parameters import Number

if TYPE_CHECKING:
    import pandas as pd

#: numbers shown of each outcome, and the share of an outcome's variance below which none is said to stand out
SHOWN, STANDS_OUT = 8, 0.02
_BOOT = "95 % bootstrap interval"
_OF_Y = "unit of the outcome"

SENSITIVITY = Table(
    "sensitivity.csv",
    "one number and what one outcome owes to it",
    (
        SCENARIO,
        Column("outcome", "string", "", "outcome or condition, as it was asked for"),
        Column("rank", "integer", "", "1 moves the outcome most: by st, those without by mu_star"),
        KEY,
        UNIT,
        *range_columns(),
        GRADE,
        Column("source", "string", "", "ids of model/sources.csv, or assumption"),
        Column("mu", "number", _OF_Y, "mean elementary effect over the whole range (Morris)"),
        Column("mu_star", "number", _OF_Y, "mean size of the elementary effects"),
        Column("mu_star_low", "number", _OF_Y, f"lower end of the {_BOOT}"),
        Column("mu_star_high", "number", _OF_Y, f"upper end of the {_BOOT}"),
        Column("sigma", "number", _OF_Y, "spread of the elementary effects: curvature and interactions"),
        Column("s1", "number", "share", "first-order Sobol index; empty where screening left the number out"),
        Column("s1_low", "number", "share", f"lower end of the {_BOOT}"),
        Column("s1_high", "number", "share", f"upper end of the {_BOOT}"),
        Column("st", "number", "share", "total Sobol index, interactions included"),
        Column("st_low", "number", "share", f"lower end of the {_BOOT}"),
        Column("st_high", "number", "share", f"upper end of the {_BOOT}"),
        Column("pawn", "number", "0-1", "PAWN: median distance of distributions of single runs"),
        Column("pawn_dummy", "number", "0-1", "95 % of columns without any influence stay below this"),
    ),
)
CHANCE = Table(
    "chance.csv",
    "one outcome in one stage: of what the variance of its single runs is made",
    (
        SCENARIO,
        Column("outcome", "string", "", "outcome or condition, as it was asked for"),
        Column("stage", "string", "", "screening: all numbers move, on a grid; indices: those kept, over their priors"),
        Column("numbers_moving", "integer", "numbers", "how many numbers move"),
        Column("points", "integer", "points", "parameter points"),
        Column("replicates", "integer", "runs", "runs of each point, with the same luck at every point"),
        Column("mean", "number", _OF_Y, "mean over points and replicates"),
        Column("variance", "number", "squared unit", "variance of single runs"),
        Column("share_numbers", "number", "share", "of that variance: what the numbers do by themselves"),
        Column("share_luck", "number", "share", "luck alone, the same at every point"),
        Column("share_both", "number", "share", "luck whose effect depends on the numbers"),
        Column("share_chance", "number", "share", "pure chance: luck alone and with the numbers"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """One stage for one outcome: name, how many numbers moved, points, replicates, and the parting of chance."""

    name: str
    moving: int
    points: int
    replicates: int
    chance: Chance


@dataclass(frozen=True)
class Finding:
    """What was found for one outcome: a table by key with the columns of SENSITIVITY that it has, and its stages."""

    outcome: str
    unit: str
    table: pd.DataFrame
    stages: tuple[Stage, ...]


def ranked(table: pd.DataFrame) -> pd.DataFrame:
    """The table by falling st, then (numbers without) by falling mu_star, then by key."""
    known = table.reindex(columns=["st", "mu_star"]).astype("float64").fillna(-math.inf)
    worth = {key: (-st, -mu_star) for key, st, mu_star in known.itertuples()}
    order = sorted(worth, key=lambda key: (worth[key], key))
    return table.loc[order]


def sensitivity_rows(
    scenario: str, findings: Sequence[Finding], numbers: Mapping[str, Number]
) -> list[dict[str, Any]]:
    """Rows of sensitivity.csv, outcomes as asked for, numbers by rank."""
    rows = []
    for finding in findings:
        for rank, (key, cells) in enumerate(ranked(finding.table).iterrows(), start=1):
            number = numbers[str(key)]
            measured = {str(name): float(cell) for name, cell in cells.items() if not math.isnan(cell)}
            row = {"scenario": scenario, "outcome": finding.outcome, "rank": rank, **number_cells(number)}
            rows.append(row | {"source": "; ".join(number.source)} | measured)
    return rows


def chance_rows(scenario: str, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Rows of chance.csv."""
    return [
        {
            "scenario": scenario,
            "outcome": finding.outcome,
            "stage": stage.name,
            "numbers_moving": stage.moving,
            "points": stage.points,
            "replicates": stage.replicates,
            **{name: None if math.isnan(value) else value for name, value in _chance_cells(stage.chance)},
        }
        for finding in findings
        for stage in finding.stages
    ]


def _chance_cells(chance: Chance) -> list[tuple[str, float]]:
    shares = {"numbers": chance.numbers, "luck": chance.luck, "both": chance.both, "chance": chance.pure}
    return [
        ("mean", chance.mean),
        ("variance", chance.variance),
        *((f"share_{name}", share) for name, share in shares.items()),
    ]


def write_sensitivity(
    scenario: str, findings: Sequence[Finding], numbers: Mapping[str, Number], folder: Path
) -> list[Table]:
    """Write sensitivity.csv and chance.csv."""
    write_rows(folder, SENSITIVITY, sensitivity_rows(scenario, findings, numbers))
    write_rows(folder, CHANCE, chance_rows(scenario, findings))
    return [SENSITIVITY, CHANCE]


def printed(findings: Sequence[Finding], numbers: Mapping[str, Number]) -> str:
    """For each outcome what chance leaves and the numbers that move it most, then the assumption that matters most."""
    lines: list[str] = []
    for finding in findings:
        lines += [*_head(finding), ""]
        if finding.stages and finding.stages[-1].chance.variance > 0.0:
            lines += [*_ranking(finding, numbers), ""]
    return "\n".join([*lines, wrapped(weakest(findings, numbers))])


def _head(finding: Finding) -> list[str]:
    lines = [f"{finding.outcome} ({finding.unit})"]
    if not finding.stages:
        lines.append("  does not apply at every point")
    for stage in finding.stages:
        parts = stage.chance
        if math.isnan(parts.pure):
            said = "too few points are complete to part chance from numbers"
        elif parts.variance > 0.0:
            said = f"{percent(parts.pure)} of the variance is chance ({percent(parts.luck)} luck alone)"
        else:
            said = "it never varies"
        lines.append(f"  {stage.name}, {stage.moving} numbers: mean {parts.mean:.3g}; {said}")
    return lines


def _ranking(finding: Finding, numbers: Mapping[str, Number]) -> list[str]:
    head = f"  {'':>2} {'number':<34} {'grade':<5} {'total index':<18} {'first':>6} {'mu*':>8} {'PAWN':>5} {'dummy':>6}"
    lines = [head]
    for rank, (key, row) in enumerate(ranked(finding.table).head(SHOWN).iterrows(), start=1):
        cells = row.reindex(["st", "st_low", "st_high", "s1", "mu_star", "pawn", "pawn_dummy"]).tolist()
        st, low, high, first, mu_star, pawn, dummy = (None if math.isnan(cell) else cell for cell in cells)
        total = "-" if st is None else f"{st:.2f} ({low:.2f} to {high:.2f})"
        lines.append(
            f"  {rank:>2} {str(key)[:34]:<34} {numbers[str(key)].grade:<5} {total:<18} {_short(first):>6} "
            f"{'-' if mu_star is None else f'{mu_star:.3g}':>8} {_short(pawn):>5} {_short(dummy):>6}"
        )
    return lines


def _short(cell: float | None) -> str:
    return "-" if cell is None else f"{cell:.2f}"


def weakest(findings: Sequence[Finding], numbers: Mapping[str, Number]) -> str:
    """Which number of grade D moves any outcome most, by what its index (mu_star where there is none) is at least.

    The lower end of the interval is what counts: the largest index of a small sample is mostly noise.
    """
    if not any(finding.stages for finding in findings):
        return "None of these outcomes applies at every point, so nothing can be said of what they depend on."
    found: list[tuple[float, str, str, str]] = []
    for finding in findings:
        table = finding.table
        if not finding.stages or finding.stages[-1].chance.variance == 0.0:
            continue
        column = "st" if "st" in table and table["st"].notna().any() else "mu_star"
        if column not in table:
            continue
        largest = float(table["mu_star"].max()) if column == "mu_star" else 1.0
        for key, row in table[table[column].notna()].iterrows():
            if numbers[str(key)].grade == "D" and largest > 0.0:
                name = "total index" if column == "st" else "effect (mu*)"
                low, high = float(row[f"{column}_low"]), float(row[f"{column}_high"])
                told = f"{name} {row[column]:.2g} ({low:.2g} to {high:.2g})"
                found.append((low / largest, str(key), finding.outcome, told))
    if not found:
        return "No number of grade D (assumption) moves any of these outcomes."
    sure, key, outcome, told = max(found, key=lambda entry: (entry[0], entry[1]))
    if sure < STANDS_OUT:
        return "No assumption (grade D) stands out of the noise of this sample; take a larger --base."
    number = numbers[key]
    unit = "" if number.unit == "1" else f" {number.unit}"
    return (
        f"The assumption (grade D) that matters most: {key}, for {outcome}: {told}. It is a judgement between "
        f"{number.low:g} and {number.high:g}{unit}: {number.note}"
    )
