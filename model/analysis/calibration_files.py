"""What a calibration writes and prints: draws of the posterior, what the data constrain, skill left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from model.analysis.backtest import NULLS, by_kind, coverage, mean_skill, skill
from model.analysis.calibration import Calibration, constraint
from model.analysis.summary import write_rows
from model.ensemble.csv_files import Column
from model.ensemble.tables import Table

CONSTRAINTS = Table(
    path="constraints.csv",
    meaning="one number of behaviour: how far history moved it from its prior",
    columns=(
        Column("key", "string", "", "dotted key"),
        Column("rank", "number", "0-1", "posterior mean of its rank in the prior; 0.5 where history says nothing"),
        Column("spread", "number", "ratio", "posterior spread of the rank against the prior's; 1: not narrowed"),
        Column("moved", "number", "prior spreads", "how far the mean rank moved"),
    ),
)  # fmt: skip


def write_calibration(
    result: Calibration, points: Sequence[Mapping[str, float]], folder: Path
) -> tuple[str, ...]:
    """Write posterior.csv (a draw a row) and constraints.csv; returns their names."""
    keys = sorted(points[0])
    posterior = Table(
        path="posterior.csv",
        meaning="one joint draw of the numbers of behaviour",
        columns=(
            Column("draw", "integer", "", "number of the draw"),
            Column("set", "integer", "", "parameter set of the table"),
            *(Column(key, "number", "", "value") for key in keys),
        ),
    )
    rows = [{"draw": n, "set": index, **points[index]} for n, index in enumerate(result.draws)]
    write_rows(folder, posterior, rows)
    write_rows(folder, CONSTRAINTS, constrained(result, points))
    return posterior.path, CONSTRAINTS.path


def constrained(result: Calibration, points: Sequence[Mapping[str, float]]) -> list[dict[str, Any]]:
    """Rows of constraints.csv, the numbers that history moved or narrowed most first."""
    rows: list[dict[str, Any]] = []
    for key in sorted(points[0]):
        rank, spread, moved = constraint([point[key] for point in points], result.weights)
        rows.append({"key": key, "rank": rank, "spread": spread, "moved": moved})
    return sorted(rows, key=lambda row: (-abs(row["moved"]), row["key"]))


def printed(result: Calibration, points: Sequence[Mapping[str, float]]) -> str:
    """Skill in sample and left out by kind, coverage, and the numbers that history moved most."""
    out = [
        f"{len(points)} sets, of which {result.effective:.0f} count (tau {result.tau:g})",
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
    chance = result.effective**-0.5
    out.append(
        f"moved most (rank in the prior, 0.5 where history says nothing; by chance +-{chance * 12**-0.5:.2f}):"
    )
    for row in constrained(result, points)[:12]:
        out.append(f"  {row['key']:<36} {row['rank']:.2f}  spread {row['spread']:.2f}")
    return "\n".join(out)


def _skills(scored: Sequence[object], measure: object) -> str:
    values = [measure(scored, null) for null in NULLS]  # type: ignore[operator]
    return "  ".join(f"{value:>9.2f}" if value is not None else f"{'-':>9}" for value in values)
