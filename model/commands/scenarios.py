"""`scenarios`: what is shipped, and the question that each answers."""

from __future__ import annotations

from typing import Annotated

import typer

from model.commands.table import print_json, print_table
from model.scenario_chain import SCENARIOS, shipped
from model.toml_source import read_toml

COLUMNS = ("name", "title", "question")


def scenarios(
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
) -> None:
    """List the shipped scenarios: name, title and the question that each answers."""
    rows = []
    for name in shipped():
        values = read_toml(SCENARIOS / f"{name}.toml").values
        rows.append((name, str(values.get("title", "")), str(values.get("question", ""))))
    if as_json:
        print_json([dict(zip(COLUMNS, row, strict=True)) for row in rows])
    else:
        print_table(COLUMNS, rows)
