"""`run.py figures`: the figures of a batch as files for papers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from model.commands.report import WITH
from model.commands.terminal import DONE, Refused, one_of, say

FORMATS = ("svg", "pdf", "png")
FOLDER = "figures"


def figures(
    folder: Annotated[Path, typer.Argument(help="Folder of a batch.", metavar="DIR")],
    form: Annotated[str, typer.Option("--format", help="svg, pdf or png; all three if none.")] = "",
    replicate: Annotated[
        int | None, typer.Option(help="Replicate of the run told act by act; the typical one if none.")
    ] = None,
    studies: Annotated[list[Path] | None, typer.Option("--with", metavar="DIR", help=WITH)] = None,
    out: Annotated[Path | None, typer.Option(help=f"Folder of the figures; {FOLDER} in DIR if none.")] = None,
) -> None:
    """Write the figures of the report as SVG, PDF and PNG, each with the table behind it as CSV."""
    try:
        if form:
            one_of("--format", form, FORMATS)
        write_figures(folder, out or folder / FOLDER, (form,) if form else FORMATS, replicate, studies or ())
    except Refused as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(refusal.code) from None
    raise typer.Exit(DONE)


def write_figures(
    folder: Path,
    out: Path,
    forms: tuple[str, ...],
    replicate: int | None = None,
    studies: Sequence[Path] = (),
) -> None:
    """Write every exhibit of a batch in these forms. Raises Refused, or InputError."""
    from model.commands.finished import finished_files
    from model.report.batch import Batch
    from model.report.exhibits import exhibits
    from model.report.studies import studies as read
    from model.report.style import METADATA, drawing

    with finished_files(folder) as (files, _), drawing():
        try:
            out.mkdir(parents=True, exist_ok=True)
            for exhibit in exhibits(Batch(files, read(folder, studies)), replicate):
                drawn = exhibit.draw()
                for form in forms:
                    about = {"CreationDate": None} if form == "pdf" else METADATA if form == "svg" else None
                    drawn.savefig(out / f"{exhibit.name}.{form}", metadata=about, dpi=300)
                exhibit.table.to_csv(out / f"{exhibit.name}.csv", index=False, lineterminator="\n")
                say(f"{out / exhibit.name}: {exhibit.title}")
        except OSError as problem:
            raise Refused(f"{out} cannot be written: {problem.strerror}") from None
