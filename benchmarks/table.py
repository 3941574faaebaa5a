"""The table on the terminal, and the same as CSV."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.measurement import Measurement

COLUMNS = tuple(field.name for field in fields(Measurement))
#: met -> how it is shown
COLOUR = {"aim": "green", "must": "yellow", "no": "red"}


def print_table(lines: Sequence[Measurement], console: Console | None = None) -> None:
    """Measured values beside what the issue asks for; one line a case."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("benchmark", "case"):
        table.add_column(column, no_wrap=True)
    for column in ("median", "low", "high"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("unit", no_wrap=True)
    for column in ("must", "aim"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("met")
    table.add_column("note", overflow="fold")
    shown = ""
    for line in lines:
        numbers = [_number(value) for value in (line.median, line.low, line.high)]
        asked = [_number(value) for value in (line.must, line.aim)]
        first = line.benchmark if line.benchmark != shown else ""
        shown = line.benchmark
        table.add_row(
            first, line.case, *numbers, line.unit, *asked, line.met, line.note, style=COLOUR.get(line.met)
        )
    (console or Console(width=160, highlight=False)).print(table)


def write_csv(lines: Sequence[Measurement], path: Path) -> None:
    """One row a line of the table, numbers to six digits; missing ones empty."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        for line in lines:
            rows.writerow(
                f"{value:.6g}" if isinstance(value, float) else value for value in asdict(line).values()
            )


def _number(value: float | None) -> str:
    """Three digits, or all of a larger number."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100.0 else f"{value:.3g}"
