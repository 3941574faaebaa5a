"""`run.py report`: one HTML page that shows a batch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from model.commands.terminal import DONE, Refused, say

PAGE = "report.html"


def report(
    folder: Annotated[Path, typer.Argument(help="Folder of a batch.", metavar="DIR")],
    replicate: Annotated[
        int | None, typer.Option(help="Replicate of the run told act by act; the typical one if none.")
    ] = None,
    backtest: Annotated[Path | None, typer.Option(help="Folder that `backtest` wrote, to be shown.")] = None,
    out: Annotated[Path | None, typer.Option(help=f"The page; {PAGE} in the folder if none.")] = None,
) -> None:
    """Show a batch on one page that opens anywhere, without a network and without a script."""
    try:
        path = out or folder / PAGE
        write_report(folder, path, replicate, backtest)
        say(f"{path}")
    except Refused as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(refusal.code) from None
    raise typer.Exit(DONE)


def write_report(
    folder: Path, path: Path, replicate: int | None = None, backtest: Path | None = None
) -> None:
    """Write the page of a batch. Raises Refused, or InputError for a folder that cannot be shown."""
    from model.commands.finished import finished_files
    from model.ensemble.csv_files import write_text
    from model.report.batch import Batch
    from model.report.page import page
    from model.report.sections import sections

    with finished_files(folder) as (files, warnings):
        batch = Batch(files)
        known = batch.finished["replicate"].unique()
        if replicate is not None and replicate not in known:
            raise Refused(
                f"no finished run has replicate {replicate}; there are {known.min()} to {known.max()}"
            )
        text = page(batch, sections(batch, replicate, backtest), warnings)
    try:
        write_text(path, text)
    except OSError as problem:
        raise Refused(f"{path} cannot be written: {problem.strerror}") from None
