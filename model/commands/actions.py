"""`actions`: the acts of a crisis and their codes."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from model.actions import drawn_actions
from model.commands.table import holds, none_found, print_json, print_table
from model.parameters import behaviour

COLUMNS = ("action", "role", "class", "CAMEO", "Goldstein", "PLOVER", "MID", "Kahn", "lead days", "meaning")


def actions(
    word: Annotated[str | None, typer.Argument(help="Only acts whose name or meaning holds this.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
) -> None:
    """List the acts of a crisis: who may do them, their class, event codes, lead time and meaning."""
    table = drawn_actions({key: number.value for key, number in behaviour().items()})
    found = [a for a in table.values() if holds(word, a.name, a.role, a.label, a.kind, a.meaning)]
    if as_json:
        print_json([asdict(a) for a in found])
        return
    if not found:
        none_found(word, "act", table)
    print_table(
        COLUMNS,
        [
            (
                a.name,
                a.role,
                a.kind,
                a.cameo,
                f"{a.goldstein:g}",
                a.plover,
                a.mid_hostility or "",
                a.kahn_rung or "",
                f"{a.lead_days:g}",
                a.meaning,
            )
            for a in found
        ],
    )
