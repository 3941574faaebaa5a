"""The rows that docs/findings.md stands on, how one is found, and how a cell of its tables is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from model.analysis.overview import percent
from model.analysis.structures import OWN

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Results:
    """Rows of the analyses, and the settings that a reader has to know.

    about: sentences on how the runs were made; widths: rows of replicates.csv; compared: of comparison.csv with
    `arrest` as the baseline, saved: with `no_arrest`; grades: of the evidence for each number, by dotted key.
    """

    claims: Rows
    steps: Rows
    times: Rows
    compared: Rows
    saved: Rows
    widths: Rows
    decision: Rows
    cells: Rows
    about: Sequence[str]
    grades: Mapping[str, str]


def own_rules(rows: Rows, parameters: str = "posterior") -> Rows:
    """Rows under the model's own rules, with numbers of one kind."""
    return [row for row in rows if (row["structure"], row["parameters"]) == (OWN, parameters)]


def find_row(rows: Rows, **where: str) -> Mapping[str, Any]:
    """The first row of no level in which these columns have these values; empty for none."""
    for row in rows:
        if all(row[key] == value for key, value in where.items()) and not row.get("level"):
            return row
    return {}


def best_option(rows: Rows, structure: str) -> Mapping[str, Any]:
    """The row of the option worth most under a structure, stakes weighed evenly."""
    mine = [
        r for r in rows if (r["structure"], r["weights"], r["parameters"]) == (structure, "even", "posterior")
    ]
    return max(mine, key=lambda row: row["value"], default={})


def best_arrest(rows: Rows, structure: str) -> list[str]:
    """Name and lead over hosting of the best option that arrests, under a structure."""
    mine = [
        row
        for row in rows
        if (row["structure"], row["weights"], row["parameters"]) == (structure, "even", "posterior")
        and row["option"].startswith("arrest")
    ]
    best = max(mine, key=lambda row: row["value"])
    return [best["option"], signed_cell(best, "over_host", 1, 3)]


def prior_cell(rows: Rows, claim: str) -> str:
    """Share of worlds of the prior in which a claim holds."""
    row = find_row(own_rules(rows, "prior"), claim=claim)
    return share_cell(row["holds"], row["low"], row["high"]) if row else "-"


def span_cell(rows: Rows, claim: str) -> str:
    """Lowest and highest share in which a claim holds under other rules, and how many worlds stand behind each."""
    found = [r for r in rows if r["claim"] == claim and r["structure"] != OWN and r["holds"] is not None]
    if not found:
        return "-"
    shares, worlds = [r["holds"] for r in found], [r["worlds"] for r in found]
    each = f"{min(worlds)}" if min(worlds) == max(worlds) else f"{min(worlds)} to {max(worlds)}"
    return f"{percent(min(shares))} to {percent(max(shares))} ({each})"


def share_cell(value: float | None, low: float | None, high: float | None) -> str:
    """A share in per cent with its interval."""
    if value is None or low is None or high is None:
        return "-"
    return f"{percent(value)} ({max(0.0, low) * 100:.0f} to {min(1.0, high) * 100:.0f})"


def signed_cell(row: Mapping[str, Any], name: str, scale: int, digits: int = 0) -> str:
    """A difference with its interval, bold where that excludes 0."""
    value, low, high = (row.get(key) for key in (name, f"{name}_low", f"{name}_high"))
    if value is None or low is None or high is None:
        return "-"
    text = f"{value * scale:+.{digits}f} ({low * scale:+.{digits}f} to {high * scale:+.{digits}f})"
    return f"**{text}**" if low > 0 or high < 0 else text


def difference_cell(row: Mapping[str, Any], scale: int) -> str:
    """A paired difference with its interval, bold where Holm leaves it significant."""
    if not row or row["difference"] is None or row["low"] is None:
        return "-"
    text = f"{row['difference'] * scale:+.1f} ({row['low'] * scale:+.1f} to {row['high'] * scale:+.1f})"
    return f"**{text}**" if row["p_holm"] is not None and row["p_holm"] < 0.05 else text


def number_cell(value: float | None) -> str:
    """A number to three digits; empty for none."""
    return "" if value is None else f"{value:.3g}"


def without_dust(value: float | None) -> float | None:
    """Without the dust of rounding around 0."""
    return 0.0 if value is not None and abs(value) < 1e-9 else value


def markdown_table(head: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    columns = list(head)
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def rests_on(rows: Rows, claims: Iterable[str]) -> list[str]:
    """Keys of the numbers on which these claims rest, each once; rows: of claims.csv. Raises KeyError for no claim."""
    found = {row["claim"]: row["rests_on"] for row in own_rules(rows)}
    return list(dict.fromkeys(part.split(" ")[0] for claim in claims for part in found[claim].split(", ")))


def grade_banner(what: str, keys: Iterable[str], grades: Mapping[str, str]) -> str:
    """The banner on a conclusion: the assumptions (grade D) among its numbers; without any, the weakest of them."""
    known = list(dict.fromkeys(keys))
    worst = max(grades[key] for key in known)
    named = ", ".join(f"`{key}`" for key in known if grades[key] == worst)
    carried = "An assumption, not evidence, carries it" if worst == "D" else "The weakest of its numbers"
    return f"> **Rests on grade {worst}: {what}.** {carried}: {named}."


def weight_that_turns(found: Results) -> str:
    """From which weight of the law an arrest wins once he is here, survival and people sharing the rest."""
    even = [
        cell
        for cell in found.cells
        if (cell["parameters"], cell["menu"]) == ("posterior", "on_arrival")
        and abs(cell["survival"] - cell["people"]) < 0.15
        and cell["winner"].startswith("arrest")
        and cell["lead"] is not None
    ]
    if not even:
        return (
            "Once he is here no weight of the law makes an arrest win, survival and people sharing the rest."
        )
    first = min(even, key=lambda cell: cell["law"])
    sure = min((cell["law"] for cell in even if (cell["lead_low"] or 0.0) > 0.0), default=None)
    beyond = "nowhere beyond chance" if sure is None else f"beyond chance from {sure * 100:.0f} %"
    return (
        f"Once he is here, with survival and people sharing the rest, {first['winner']} wins from a weight of the law "
        f"of {first['law'] * 100:.0f} % on ({beyond})."
    )
