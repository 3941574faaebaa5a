"""What a calibration writes and prints: draws of the posterior, what the data constrain, skill left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from model.analysis.backtest import NULLS, by_kind, coverage, mean_skill, skill
from model.analysis.calibration import Calibration, constraint
from model.analysis.emulator import Floats
from model.analysis.summary import write_rows
from model.ensemble.csv_files import Column
from model.ensemble.tables import Table

#: digits of a number in posterior.csv
DIGITS = 6

CONSTRAINTS = Table(
    path="constraints.csv",
    meaning="one number of behaviour: how far history moved it from its prior",
    columns=(
        Column("key", "string", "", "dotted key"),
        Column("position", "number", "0-1", "posterior mean of its position in the prior; 0.5: history says nothing"),
        Column("spread", "number", "ratio", "posterior spread of the position against the prior's; 1: not narrowed"),
        Column("moved", "number", "prior spreads", "how far the mean position moved"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Candidates:
    """Fresh sets drawn from the prior: keys of their numbers, positions (sets, numbers), and the values of one set."""

    keys: tuple[str, ...]
    positions: Floats
    values: Callable[[int], Mapping[str, float]]


def write_calibration(result: Calibration, candidates: Candidates, folder: Path) -> tuple[str, ...]:
    """Write posterior.csv (a draw a row) and constraints.csv; returns their names."""
    posterior = Table(
        path="posterior.csv",
        meaning="one joint draw of the numbers of behaviour",
        columns=tuple(Column(key, "number", "", "value") for key in candidates.keys),
    )
    rows = [
        {key: float(f"{value:.{DIGITS}g}") for key, value in candidates.values(index).items()}
        for index in result.draws
    ]
    write_rows(folder, posterior, rows)
    write_rows(folder, CONSTRAINTS, constrained(result, candidates))
    return posterior.path, CONSTRAINTS.path


def constrained(result: Calibration, candidates: Candidates) -> list[dict[str, Any]]:
    """Rows of constraints.csv, the numbers that history moved most first."""
    drawn = candidates.positions[result.draws]
    rows: list[dict[str, Any]] = []
    for column, key in enumerate(candidates.keys):
        position, spread, moved = constraint(drawn[:, column].tolist())
        rows.append({"key": key, "position": position, "spread": spread, "moved": moved})
    return sorted(rows, key=lambda row: (-abs(row["moved"]), row["key"]))


def printed(result: Calibration, candidates: Candidates) -> str:
    """Skill in sample and left out by kind, coverage, and the numbers that history moved most."""
    out = [
        f"{len(result.weights)} sets, of which {result.effective:.0f} count (tau {result.tau:g}); the emulator "
        f"foretells {result.explained:.0%} of the variance of the losses; {result.reach:.0f} of "
        f"{len(candidates.positions)} candidates stand behind the posterior",
        f"{'skill against':<17} {'n':>3}  " + "  ".join(f"{null:>9}" for null in NULLS) + "   (left out)",
    ]
    fitted, left_out = by_kind(result.fitted), by_kind(result.left_out)
    for kind, own in fitted.items():
        out.append(f"{kind:<17} {len(own):>3}  {_skills(own, skill)}   ({_skills(left_out[kind], skill)})")
    for title, keep in (("mean, all", False), ("mean, coerced", True)):
        inside = [line for line in result.fitted if line.coerced or not keep]
        outside = [line for line in result.left_out if line.coerced or not keep]
        told = f"{_skills(inside, mean_skill)}   ({_skills(outside, mean_skill)})"
        out.append(f"{title:<17} {len(inside):>3}  {told}")
        cut = partial(mean_skill, floor=-1.0)
        out.append(f"{'  cut at -1':<17}      {_skills(inside, cut)}   ({_skills(outside, cut)})")
    for name, scored in (("in sample", result.fitted), ("left out", result.left_out)):
        held, told_of = coverage(scored, 90)
        half, _ = coverage(scored, 50)
        out.append(
            f"{name}: 50 % intervals hold {half / told_of:.0%}, 90 % intervals {held / told_of:.0%} of {told_of}"
        )
    chance = (12.0 * min(result.reach, len(result.draws))) ** -0.5
    out.append(
        f"moved most (position in the prior, 0.5 where history says nothing; by chance +-{chance:.2f}):"
    )
    for row in constrained(result, candidates)[:12]:
        out.append(f"  {row['key']:<36} {row['position']:.2f}  spread {row['spread']:.2f}")
    return "\n".join(out)


def _skills(scored: Sequence[object], measure: object) -> str:
    values = [measure(scored, null) for null in NULLS]  # type: ignore[operator]
    return "  ".join(f"{value:>9.2f}" if value is not None else f"{'-':>9}" for value in values)
