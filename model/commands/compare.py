"""`run.py compare`: scenarios of one or more batches against a baseline, as CSV and as a table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.commands.terminal import DONE, STOPPED, Refused, machine_fault, say
from model.toml_source import nearest

if TYPE_CHECKING:
    from model.analysis.observations import Observed
    from model.ensemble.plan import Plan


def compare(
    folders: Annotated[
        list[Path], typer.Argument(help="Folders of batches, finished or not.", metavar="DIR...")
    ],
    baseline: Annotated[
        str | None, typer.Option(help="Scenario to compare with; no_arrest or the first if none.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows of the CSV as JSON.")] = False,
) -> None:
    """Write and show how scenarios differ under the same luck."""
    try:
        raise typer.Exit(compare_folders(folders, baseline, as_json))
    except Refused as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(refusal.code) from None


def compare_folders(folders: Sequence[Path], baseline: str | None = None, as_json: bool = False) -> int:
    """Compare what the folders hold, write it into the first and print it; the exit code. Raises Refused."""
    from model.analysis.comparison import COMPARISON, compare_all, write_comparison
    from model.analysis.overview import wrapped
    from model.ensemble.manifest import CAUTION

    observed, plans, note = _observe(folders)
    base = _baseline(observed, plans, baseline)
    if len(observed) < 2:
        raise Refused(f"there is only one scenario ({base}) to compare")
    name = COMPARISON.path
    if len(plans) > 1:
        together = hashlib.sha256(" ".join(plan.hash for plan in plans).encode()).hexdigest()
        name = f"comparison-{together[:8]}.csv"
    elif base != plans[0].baseline:  # the batch's own comparison stays what it is
        name = f"comparison-{base}.csv"
    try:
        write_comparison(observed, base, folders[0], name)
    except OSError as problem:
        if fault := machine_fault(problem):
            say(f"error: {fault}; give the command again when that is mended")
            return STOPPED
        raise Refused(f"{folders[0] / name} cannot be written: {problem.strerror}") from None
    rows = compare_all(observed, base)
    if as_json:
        finished = {found.scenario: len(found.runs) for found in observed.values()}
        body = {"caution": CAUTION, "baseline": base, "unfinished": note, "runs": finished, "rows": rows}
        print(json.dumps(body, indent=1, allow_nan=False))
    else:
        _show(observed, base, rows, note)
        print(wrapped(CAUTION))
    say(f"{folders[0] / name}")
    return DONE


def _observe(folders: Sequence[Path]) -> tuple[dict[str, Observed], list[Plan], str | None]:
    """What the folders hold by scenario (with the plan's hash where a name occurs twice), what is missing."""
    from model.analysis.observations import observe
    from model.ensemble.faults import StoreError
    from model.ensemble.store import BatchStore

    with ExitStack() as stack:
        stores = []
        for folder in folders:
            try:
                stores.append(stack.enter_context(BatchStore.open(folder)))
            except StoreError as problem:
                raise Refused(str(problem)) from None
        plans = [store.plan for store in stores]
        if len({plan.hash for plan in plans}) < len(plans):
            raise Refused("the same batch is named twice")
        for option in ("days", "seed"):
            values = sorted({str(plan.settings[option]) for plan in plans})
            if len(values) > 1:
                raise Refused(
                    f"batches of different --{option} ({', '.join(values)}) cannot be compared in pairs"
                )
        rows = sorted({str(plan.settings["households"]) for plan in plans})
        if len(rows) > 1:
            say(
                f"note: the batches differ in --households ({', '.join(rows)}): the luck of households differs too"
            )
        names = [name for plan in plans for name in plan.names]
        observed = {}
        for store in stores:
            for name, found in observe(store).items():
                label = f"{name}-{store.plan.hash[:8]}" if names.count(name) > 1 else name
                observed[label] = replace(found, scenario=label)
    planned = sum(found.planned for found in observed.values())
    missing = sum(found.missing for found in observed.values())
    note = f"unfinished: {missing} of {planned} runs have not been made yet" if missing else None
    return observed, plans, note


def _baseline(observed: Mapping[str, Observed], plans: Sequence[Plan], asked: str | None) -> str:
    if asked is not None:
        if asked not in observed:
            hint = nearest(asked, observed)
            near = f" (nearest valid name: {hint})" if hint else ""
            raise Refused(f"no scenario {asked!r} to compare with; there are {', '.join(observed)}{near}")
        return asked
    first = plans[0].baseline
    return first if first in observed else next(iter(observed))


def _show(
    observed: Mapping[str, Observed], base: str, rows: Sequence[Mapping[str, object]], note: str | None
) -> None:
    from model.analysis.overview import LEGEND, difference_lines, headline, overview_lines, wrapped

    if note:
        print(f"{note[0].upper()}{note[1:]}.")
    print("\n".join([headline(observed, base), "", *overview_lines(observed, base), "", wrapped(LEGEND), ""]))
    print(f"Difference from {base}, paired by luck, mean and 95 % interval (shares in points of 100):")
    print("\n".join(difference_lines(rows)))
