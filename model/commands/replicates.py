"""`run.py replicates`: how many replicates are enough for a batch's outcomes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.commands.gathering import gather
from model.commands.targets import targets_of
from model.commands.terminal import DONE, Refused, say
from model.toml_source import nearest

if TYPE_CHECKING:
    from model.analysis.precision import Target

LEADING = (
    "force_used",
    "government_fell",
    "welfare_of_people",
    "remittance_floor",
    "poverty_peak",
    "killed_total",
)


def replicates(
    folder: Annotated[Path, typer.Argument(help="Folder of a batch, finished or not.", metavar="DIR")],
    until: Annotated[
        list[str] | None, typer.Option(help="Half width asked of an outcome, as force_used=0.05; repeatable.")
    ] = None,
    scenario: Annotated[str | None, typer.Option(help="Show this scenario only.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows of the CSV as JSON.")] = False,
) -> None:
    """Write and show how the intervals narrow with the number of replicates."""
    try:
        raise typer.Exit(show_precision(folder, targets_of(until or []), scenario, as_json))
    except Refused as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(refusal.code) from None


def show_precision(
    folder: Path, targets: Sequence[Target] = (), scenario: str | None = None, as_json: bool = False
) -> int:
    """Write replicates.csv into the folder and print it; the exit code. Raises Refused."""
    from model.analysis.pairing import SHARED_LUCK
    from model.analysis.precision import precision_rows, write_precision

    gathered = gather([folder])
    observed = gathered.observed
    if scenario is not None and scenario not in observed:
        hint = nearest(scenario, observed)
        near = f" (nearest valid name: {hint})" if hint else ""
        raise Refused(f"no scenario {scenario!r}; there are {', '.join(observed)}{near}")
    rows = precision_rows(observed, targets)
    if any(point for found in observed.values() for point, _ in found.runs):
        say(f"note: {SHARED_LUCK}")
    try:
        table = write_precision(rows, gathered.folder)
    except OSError as problem:
        raise Refused(f"{gathered.folder} cannot be written to: {problem.strerror}") from None
    shown = [scenario] if scenario else sorted(observed)
    if as_json:
        print(json.dumps({"unfinished": gathered.unfinished, "rows": rows}, indent=1, allow_nan=False))
    else:
        for name in shown:
            print("\n".join([*width_lines([row for row in rows if row["scenario"] == name], targets), ""]))
        print("Half widths of 95 % intervals by number of replicates; they fall with the root of it.")
    say(f"{gathered.folder / table.path}")
    return DONE


def width_lines(rows: Sequence[Mapping[str, Any]], targets: Sequence[Target]) -> list[str]:
    """One scenario's half widths: an outcome a line, some numbers of replicates across."""
    wanted = [target.outcome for target in targets] or list(LEADING)
    steps = sorted({row["replicates"] for row in rows})
    steps = steps[-6:]
    head = "".join(f"{step:>9}" for step in steps)
    lines = [f"{rows[0]['scenario'] if rows else '':<30}{head}" + (f"{'needed':>9}" if targets else "")]
    for outcome in wanted:
        mine = {row["replicates"]: row for row in rows if row["outcome"] == outcome}
        widths = ""
        for step in steps:
            width = mine[step]["half_width"] if step in mine else None
            widths += f"{'-' if width is None else f'{width:.3g}':>9}"
        needs = [row["needed"] for row in mine.values() if row.get("needed") is not None]
        lines.append(f"{outcome:<30}{widths}" + (f"{needs[-1]:>9}" if needs else ""))
    return lines
