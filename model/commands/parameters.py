"""`parameters`: every number of behaviour and of the shipped cases, with its evidence."""

from __future__ import annotations

from typing import Annotated

import typer

from model.case import load_case
from model.commands.table import holds, none_found, print_json, print_table
from model.parameters import Number, behaviour, plain
from model.scenario_chain import SCENARIOS

COLUMNS = ("key", "case", "value", "unit", "low", "high", "distribution", "kind", "grade", "source", "note")


def parameters(
    word: Annotated[str | None, typer.Argument(help="Only numbers whose key or note holds this.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
) -> None:
    """List the numbers of behaviour and of the shipped cases: value, unit, range, grade, source."""
    found: list[tuple[str, Number]] = [("", number) for number in behaviour().values()]
    for path in sorted((SCENARIOS / "cases").glob("*.toml")):
        found += [(path.stem, number) for number in load_case(path).numbers.values()]
    keys = [number.key for _, number in found]
    found = [(case, number) for case, number in found if holds(word, number.key, number.note)]
    if as_json:
        print_json([{"case": case or None} | plain(number) for case, number in found])
        return
    if not found:
        none_found(word, "number", keys)
    print_table(COLUMNS, [_row(case, number) for case, number in found])


def _row(case: str, number: Number) -> tuple[str, ...]:
    return (
        number.key,
        case,
        f"{number.value:g}",
        number.unit,
        f"{number.low:g}",
        f"{number.high:g}",
        number.distribution,
        number.kind,
        number.grade,
        " ".join(number.source),
        number.note,
    )
