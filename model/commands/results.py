"""From a store with its runs to the files of the folder and the table on the screen."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from model.commands.terminal import DONE, SOME_FAILED, command_line, say

if TYPE_CHECKING:
    from model.analysis.observations import Observed
    from model.ensemble.store import BatchStore


def finish(
    store: BatchStore,
    path: Path,
    command: str,
    began: datetime,
    timeseries: str,
    page: bool = False,
    workers: int = 1,
) -> int:
    """Write every file of a batch from its store, and a page of them if asked, and print its table; the exit code.

    workers: processes for the files of a larger batch.
    """
    from model.analysis.observations import observe
    from model.analysis.summary import write_summary
    from model.ensemble.manifest import write_data_package, write_manifest
    from model.ensemble.rendering import render

    plan = store.plan
    rendered = render(store, path, timeseries, workers)
    observed = observe(store, outcomes=rendered.outcomes)
    tables = [*rendered.tables, write_summary(observed, path)]
    if len(plan.points) > 1:
        from model.analysis.points import write_points

        tables.append(write_points(observed, plan, path))
    if len(plan.names) > 1:
        from model.analysis.comparison import write_comparison

        tables.append(write_comparison(observed, plan.baseline, path))
    write_data_package(path, tables)
    counts = store.counts()
    write_manifest(path, plan, command, began, datetime.now(UTC), counts)
    files = [table.path for table in tables]
    if page:
        from model.commands.report import PAGE, write_report

        write_report(path, path / PAGE)
        files.append(PAGE)
    _print(store, observed, path, files)
    return SOME_FAILED if counts["failed"] + counts["timeout"] else DONE


def import_ahead() -> None:
    """Import what `finish` needs, half a second's worth: it costs no time while workers import what they need."""
    import pandas  # noqa: F401 (pyarrow does, at its first array)
    import scipy.special  # noqa: F401

    from model.analysis import comparison, summary  # noqa: F401
    from model.ensemble import rendering  # noqa: F401


def began(path: Path) -> datetime:
    """When the batch of a folder was started: now, unless its manifest says it already."""
    try:
        return datetime.fromisoformat(json.loads((path / "manifest.json").read_text("utf-8"))["started"])
    except (OSError, ValueError, KeyError, TypeError):
        return datetime.now(UTC)


def _print(store: BatchStore, observed: Mapping[str, Observed], path: Path, files: Sequence[str]) -> None:
    from model.analysis.overview import LEGEND, headline, overview_lines, wrapped
    from model.ensemble.manifest import CAUTION

    plan = store.plan
    table = overview_lines(observed, plan.baseline)
    if len(plan.points) > 1:
        from model.analysis.points import point_lines

        table += [line for found in observed.values() for line in ("", *point_lines(found, plan))]
    print("\n".join([headline(observed, plan.baseline), "", *table, "", wrapped(LEGEND), wrapped(CAUTION)]))
    for count, failure in enumerate(store.failures()):
        if count == 5:
            say("... every failed run is a row of runs.csv")
            break
        say(f"{failure.status}: {failure.error}: {failure.message}\n  again: {failure.command}")
    sys.stdout.flush()
    written = f"files: {_named(files)}, datapackage.json, manifest.json, batch.sqlite"
    print(f"\n{wrapped(written)}\nin {path}")
    if len(plan.names) > 1:
        again = command_line(["compare", str(path)])
        print(f"how each differs from {plan.baseline} under the same luck, with intervals:\n  {again}")


def _named(files: Sequence[str]) -> str:
    """File names, those of a folder with one file for each scenario as folder/*."""
    names = [f"{Path(file).parent}/*{Path(file).suffix}" if "/" in file else file for file in files]
    return ", ".join(dict.fromkeys(names))
