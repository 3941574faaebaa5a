"""Tables and JSON for stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn

from model.toml_source import nearest

WIDE = 100_000


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows under their columns: wrapped to a terminal, and one line a row to anything else."""
    from rich.console import Console
    from rich.table import Table

    terminal = sys.stdout.isatty()
    console = Console(markup=False, highlight=False, emoji=False, width=None if terminal else WIDE)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=not terminal)
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    console.print(table)


def print_json(data: Mapping[str, Any] | Sequence[Any]) -> None:
    """Data as JSON, with letters as they are."""
    print(json.dumps(data, indent=2, ensure_ascii=False))


def holds(word: str | None, *texts: str) -> bool:
    """Whether one of the texts holds a word, in either case; every text holds no word."""
    return word is None or any(word.lower() in text.lower() for text in texts)


def none_found(word: str | None, what: str, names: Iterable[str]) -> NoReturn:
    """Say on stderr that a word is nowhere, with the nearest name; exit code 2."""
    names = list(names)
    parts = {part: name for name in names for part in name.split(".")}
    hint = nearest(word or "", names) or parts.get(nearest(word or "", parts), "")
    near = f" (nearest valid name: {hint})" if hint else ""
    print(f"no {what} whose name or meaning holds {word!r}{near}", file=sys.stderr)
    sys.exit(2)
