"""The rubric by which situations are scored: what value, and what range between two readers, a level stands for.

`scenarios/scoring/rubric.csv` holds it; `docs/scoring-episodes.md` says how to use it.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from functools import cache

from model.parameters import FIXED, Number
from model.scenario_chain import SCENARIOS

RUBRIC = SCENARIOS / "scoring" / "rubric.csv"


@dataclass(frozen=True)
class Level:
    """A level: whose number it is, the value it stands for, how far two readers may be apart, and its wording."""

    role: str
    value: float
    low: float
    high: float
    when: str

    def of(self, number: Number) -> Number:
        """The number at this level."""
        if self.low == self.high:
            spread = {"distribution": FIXED, "kind": "constant"}
        elif number.kind == "constant":
            spread = {"distribution": "triangular", "kind": "uncertainty"}
        else:
            spread = {}
        return replace(number, value=self.value, low=self.low, high=self.high, **spread)  # type: ignore[arg-type]


def in_markdown(role: str) -> list[str]:
    """The levels of a role as lines of a table in Markdown: what docs/scoring-episodes.md holds."""
    lines = ["| number | level | value (range) | when |", "|---|---|---|---|"]
    for (number, name), level in rubric().items():
        if level.role == role:
            told = (
                f"{level.value:g}"
                if level.low == level.high
                else f"{level.value:g} ({level.low:g}-{level.high:g})"
            )
            lines.append(f"| `{number}` | {name} | {told} | {level.when} |")
    return lines


@cache
def rubric() -> dict[tuple[str, str], Level]:
    """Levels by (number, level), in the order of the table."""
    with RUBRIC.open(newline="", encoding="utf-8") as lines:
        return {
            (row["number"], row["level"]): Level(
                row["role"], float(row["value"]), float(row["low"]), float(row["high"]), row["when"]
            )
            for row in csv.DictReader(lines)
        }
