"""`run.py compare`: scenarios of one or more batches against a baseline, as CSV and as tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.commands.gathering import Gathered, gather
from model.commands.terminal import DONE, STOPPED, Refused, machine_fault, one_of, say
from model.toml_source import nearest

if TYPE_CHECKING:
    from model.analysis.observations import Observed

INTERVALS = ("t", "bca")


def compare(
    folders: Annotated[
        list[Path],
        typer.Argument(help="Folders of batches, finished or not; or files runs.csv.", metavar="DIR..."),
    ],
    baseline: Annotated[
        str | None, typer.Option(help="Scenario to compare with; no_arrest or the first if none.")
    ] = None,
    interval: Annotated[str, typer.Option(help="Of means: t, or bca (bootstrap).")] = "t",
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows of the CSV as JSON.")] = False,
) -> None:
    """Write and show how scenarios differ under the same luck."""
    try:
        one_of("--interval", interval, INTERVALS)
        raise typer.Exit(compare_folders(folders, baseline, as_json, interval))
    except Refused as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(refusal.code) from None


def compare_folders(
    folders: Sequence[Path], baseline: str | None = None, as_json: bool = False, interval: str = "t"
) -> int:
    """Compare what the folders hold, write it into the first and print it; the exit code. Raises Refused."""
    from model.analysis.comparison import compare_all, write_comparison
    from model.analysis.competing import times_rows, write_times
    from model.analysis.overview import wrapped
    from model.analysis.pairing import warnings
    from model.ensemble.manifest import CAUTION

    gathered = gather(folders)
    observed = gathered.observed
    base = _baseline(gathered, baseline)
    if len(observed) < 2:
        raise Refused(f"there is only one scenario ({base}) to compare")
    suffix = _suffix(gathered, base, interval)
    try:
        write_comparison(observed, base, gathered.folder, f"comparison{suffix}.csv", interval)
        tables = write_times(observed, base, gathered.folder, suffix)
    except OSError as problem:
        if fault := machine_fault(problem):
            say(f"error: {fault}; give the command again when that is mended")
            return STOPPED
        file = gathered.folder / f"comparison{suffix}.csv"
        raise Refused(f"{file} cannot be written: {problem.strerror}") from None
    rows = compare_all(observed, base, interval)
    told = warnings([found for name, found in observed.items() if name != base], observed[base])
    for note in [*gathered.notes, *told]:
        say(f"note: {note}")
    if as_json:
        body = {
            "caution": CAUTION,
            "baseline": base,
            "unfinished": gathered.unfinished,
            "warnings": [*gathered.notes, *told],
            "runs": {found.scenario: len(found.runs) for found in observed.values()},
            "rows": rows,
            "times": times_rows(observed, base),
        }
        print(json.dumps(body, indent=1, allow_nan=False))
    else:
        _show(observed, base, rows, gathered.unfinished)
        print(wrapped(CAUTION))
    for name in (f"comparison{suffix}.csv", *(table.path for table in tables)):
        say(f"{gathered.folder / name}")
    return DONE


def _suffix(gathered: Gathered, base: str, interval: str) -> str:
    """What tells the files of this comparison from the batch's own, which stays what it is."""
    parts = []
    if len(gathered.hashes) > 1:
        parts.append(hashlib.sha256(" ".join(gathered.hashes).encode()).hexdigest()[:8])
    own = gathered.firsts.get("no_arrest", next(iter(gathered.observed)))
    if base != own:
        parts.append(base)
    if interval != "t":
        parts.append(interval)
    return "".join(f"-{part}" for part in parts)


def _baseline(gathered: Gathered, asked: str | None) -> str:
    if asked is None:
        return gathered.firsts.get("no_arrest", next(iter(gathered.observed)))
    if asked in gathered.observed:
        return asked
    if asked in gathered.firsts:  # in several batches: the first batch's
        return gathered.firsts[asked]
    hint = nearest(asked, [*gathered.firsts, *gathered.observed])
    near = f" (nearest valid name: {hint})" if hint else ""
    raise Refused(f"no scenario {asked!r} to compare with; there are {', '.join(gathered.observed)}{near}")


def _show(
    observed: Mapping[str, Observed], base: str, rows: Sequence[Mapping[str, Any]], note: str | None
) -> None:
    from model.analysis.overview import (
        LEGEND,
        SKEW,
        difference_lines,
        headline,
        overview_lines,
        pairing_line,
        wrapped,
    )

    if note:
        print(f"{note[0].upper()}{note[1:]}.")
    print("\n".join([headline(observed, base), "", *overview_lines(observed, base), "", wrapped(LEGEND), ""]))
    print(f"Difference from {base} in the mean, 95 % interval (shares in points of 100). *: still")
    print("surprising (5 %) after Holm's correction for every row of the file:")
    print("\n".join([*difference_lines(rows), "", wrapped(SKEW), wrapped(pairing_line(rows)), ""]))
