"""One page that shows a batch: it opens anywhere, asks for nothing, holds no script, and prints."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from model.report.batch import Batch
from model.report.exhibits import Exhibit
from model.report.svg import inline

FOLDER = Path(__file__).parent
#: most rows of a table on the page; the files have them all
ROWS = 120
QUESTION = (
    "What would have followed if the Russian president, under a warrant of the International Criminal Court, had been "
    "arrested in Dushanbe on 8 October 2025, under which assumptions, and which of them matter?"
)


@dataclass(frozen=True)
class Rows:
    """A table as the page shows it."""

    columns: list[tuple[str, bool]]  # the head of a column, and whether it holds texts and no numbers
    rows: list[list[str]]
    left_out: int


@dataclass(frozen=True)
class Section:
    """A section of the page: text, a figure (as SVG) or a table or both, commands. fold: what is written over a table
    that is folded away."""

    name: str
    title: str
    paragraphs: list[str] = field(default_factory=list)
    figure: Any = ""
    text: str = ""
    table: Rows | None = None
    fold: str = ""
    commands: list[str] = field(default_factory=list)


def page(batch: Batch, sections: Iterable[Section], warnings: Iterable[str] = ()) -> str:
    """The whole page as HTML; every text from outside comes out as text."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    style = (FOLDER / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return environment.get_template("page.html.jinja").render(
        title=f"Escalation after an arrest: {len(batch.scenarios)} scenarios",
        question=QUESTION,
        caution=batch.manifest.get("caution", ""),
        facts=list(_facts(batch.manifest).items()),
        warnings=list(warnings),
        sections=list(sections),
        style=Markup(style),
        style_hash=digest,
    )


def shown(exhibit: Exhibit) -> Section:
    """An exhibit as a section."""
    from markupsafe import Markup

    svg = Markup(inline(exhibit.draw(), exhibit.name, exhibit.title, exhibit.text))
    return Section(
        exhibit.name, exhibit.title, figure=svg, text=exhibit.text, table=rows(exhibit.table),
        fold="The numbers behind the figure",
    )  # fmt: skip


def rows(table: pd.DataFrame, most: int = ROWS) -> Rows:
    """A data frame as the page shows it, numbers to three digits."""
    kept = table.head(most)
    heads = [
        (str(column).replace("_", " "), bool(kept.iloc[:, place].map(_is_text).any()))
        for place, column in enumerate(table.columns)
    ]
    cells = [[_cell(value) for value in row] for row in kept.itertuples(index=False)]
    return Rows(heads, cells, len(table) - len(kept))


def _is_text(value: Any) -> bool:
    """Whether a cell is read from the left: no number, and no share with its interval."""
    return isinstance(value, str) and bool(value) and not value[0].isdigit() and value[0] not in "<>+-"


def _cell(value: Any) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.3g}"
    return str(value)


def _facts(manifest: Mapping[str, Any]) -> dict[str, str]:
    """What was run, with what: for the head of the page."""
    runs, settings = manifest["runs"], manifest["settings"]
    failed = runs.get("failed", 0) + runs.get("timeout", 0)
    return {
        "Runs": f"{runs['ok']:,} of {runs['planned']:,}" + (f", {failed} failed" if failed else ""),
        "Replicates of each scenario": f"{manifest['replicates']:,}",
        "Days of a run": f"{settings['days']}, from 8 October 2025",
        "Households": f"{settings['households']:,} rows",
        "Numbers drawn from": str(settings["parameters"]),
        "Seed": str(manifest["seed"]),
        "Finished": str(manifest["finished"] or "not yet").replace("T", " ").replace("Z", " UTC"),
        "Plan": str(manifest["plan"])[:12],
        "Code": str(manifest.get("commit") or manifest["code"])[:12],
    }
