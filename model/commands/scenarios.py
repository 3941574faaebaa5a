"""`scenarios`: what is shipped, and the question that each answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from model.commands.table import print_json, print_table
from model.scenario_chain import SCENARIOS, shipped
from model.toml_source import read_toml

COLUMNS = ("name", "title", "builds_on", "question")


def scenarios(
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print the list as it stands in docs/scenarios.md.")
    ] = False,
) -> None:
    """List the shipped scenarios: name, title, what each builds on, and the question that it answers."""
    rows = listed()
    if markdown:
        print("\n".join(in_markdown(rows)))
    elif as_json:
        print_json([dict(zip(COLUMNS, row, strict=True)) for row in rows])
    else:
        print_table(COLUMNS, rows)


def listed() -> list[tuple[str, ...]]:
    """A row of COLUMNS for each shipped scenario, by name."""
    rows = []
    for name in shipped():
        values = read_toml(SCENARIOS / f"{name}.toml").values
        base = values.get("extends") or values.get("case") or ""
        rows.append(
            (name, *(str(text) for text in (values.get("title", ""), base, values.get("question", ""))))
        )
    return rows


def in_markdown(rows: Sequence[Sequence[str]]) -> list[str]:
    """The list as lines of a table in Markdown."""
    told = [f"| `{name}` | {title} | `{base}` | {question} |" for name, title, base, question in rows]
    return ["| name | title | builds on | question |", "|---|---|---|---|", *told]
