"""`run.py export`: a batch as a file of the EMA Workbench, as NetCDF, or as Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from model.commands.selection import needs
from model.commands.terminal import DONE, STOPPED, Refused, machine_fault, one_of, say

FORMS = ("ema", "netcdf", "parquet")


def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a batch, finished or not.")],
    form: Annotated[str, typer.Option(help="ema (tar.gz of the EMA Workbench), netcdf or parquet.")],
    series: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Daily series to take along (ema, netcdf); may be repeated."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write (parquet: a folder); in DIR if none.")
    ] = None,
) -> None:
    """Write a batch in a form that other tools read."""
    try:
        one_of("--form", form, FORMS)
        if form == "parquet" and series:
            raise Refused(
                "--series is for ema and netcdf; parquet takes all series, a file for each scenario"
            )
        for path in write_export(folder, form, series or [], out):
            print(path)
        raise typer.Exit(DONE)
    except Refused as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(refusal.code) from None


def write_export(folder: Path, form: str, series: list[str], out: Path | None) -> list[Path]:
    """Write the export; the files written. Raises Refused."""
    from model.ensemble.store import StoreError

    needs(*{"ema": ("ema_workbench",), "netcdf": ("xarray",)}.get(form, ()))
    from model.analysis.export import ExportError

    try:
        if out is not None:
            (out if form == "parquet" else out.parent).mkdir(parents=True, exist_ok=True)
        return _write(folder, form, series, out)
    except (StoreError, ExportError) as problem:
        raise Refused(str(problem)) from None
    except OSError as problem:
        if fault := machine_fault(problem):
            raise Refused(f"{fault}; give the command again when that is mended", STOPPED) from None
        raise Refused(f"{out or folder} cannot be written: {problem.strerror or problem}") from None


def _write(folder: Path, form: str, series: list[str], out: Path | None) -> list[Path]:
    from model.analysis.export import save_ema, to_ema, to_parquet, to_xarray
    from model.ensemble.csv_files import aside

    if form == "parquet":
        target = out or folder
        return [target / table.path for table in to_parquet(folder, target)]
    if form == "ema":
        path = out or folder / "ema.tar.gz"
        save_ema(to_ema(folder, series), path)
        return [path]
    path = out or folder / "batch.nc"
    to_xarray(folder, series).to_netcdf(aside(path), engine="scipy")
    aside(path).replace(path)
    return [path]
