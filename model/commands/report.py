"""`run.py report`: one HTML page that shows a batch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from model.commands.terminal import DONE, Refused, say

PAGE = "report.html"
WITH = (
    "Folder that claims, decide, findings, sensitivity or backtest wrote, to be shown too; may be repeated."
)


def report(
    folder: Annotated[Path, typer.Argument(help="Folder of a batch.", metavar="DIR")],
    replicate: Annotated[
        int | None, typer.Option(help="Replicate of the run told act by act; the typical one if none.")
    ] = None,
    studies: Annotated[list[Path] | None, typer.Option("--with", metavar="DIR", help=WITH)] = None,
    out: Annotated[Path | None, typer.Option(help=f"The page; {PAGE} in the folder if none.")] = None,
) -> None:
    """Show a batch on one page that opens anywhere, without a network and without a script."""
    try:
        path = out or folder / PAGE
        write_report(folder, path, replicate, studies or ())
        say(f"{path}")
    except Refused as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(refusal.code) from None
    raise typer.Exit(DONE)


def write_report(
    folder: Path, path: Path, replicate: int | None = None, studies: Sequence[Path] = ()
) -> None:
    """Write the page of a batch, with what is in the folders of other analyses. Raises Refused, or InputError."""
    from model.commands.finished import finished_files
    from model.ensemble.csv_files import write_text
    from model.report.batch import Batch
    from model.report.page import page
    from model.report.sections import sections
    from model.report.studies import studies as read

    with finished_files(folder) as (files, warnings):
        batch = Batch(files, read(folder, studies))
        known = batch.finished["replicate"].unique()
        if replicate is not None and replicate not in known:
            raise Refused(
                f"no finished run has replicate {replicate}; there are {known.min()} to {known.max()}"
            )
        text = page(batch, sections(batch, replicate), warnings)
    try:
        write_text(path, text)
    except OSError as problem:
        raise Refused(f"{path} cannot be written: {problem.strerror}") from None
