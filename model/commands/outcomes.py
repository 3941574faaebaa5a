"""`outcomes`: every outcome and series of the results."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from model.commands.table import holds, none_found, print_json, print_table
from model.outcomes import FILES, series

COLUMNS = ("name", "file", "type", "unit", "worse", "meaning", "levels")


def outcomes(
    word: Annotated[
        str | None, typer.Argument(help="Only outcomes whose name or meaning holds this.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
) -> None:
    """List the outcomes and series of the results: file, type, unit, meaning, direction that is worse."""
    found = [o for file in FILES for o in series(file) if holds(word, o.name, o.meaning)]
    if as_json:
        print_json([asdict(o) for o in found])
        return
    if not found:
        none_found(word, "outcome", [o.name for file in FILES for o in series(file)])
    print_table(
        COLUMNS, [(o.name, o.file, o.type, o.unit, o.worse, o.meaning, " ".join(o.levels)) for o in found]
    )
