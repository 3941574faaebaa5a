"""Series as one line of blocks each, for a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

BLOCKS = "▁▂▃▄▅▆▇█"
#: for a terminal that cannot show blocks
PLAIN = "_.-:=+*#"
WIDTH = 60
#: series -> what it is called
SHOWN = {
    "rung": "rung of the ladder",
    "remittance_index": "remittances, 1: seasonal",
    "output_index": "output, 1: normal",
    "poverty_rate": "poor households, share",
    "army_strength": "army under command, share",
    "protesters": "people in the streets",
}


def sparklines(series: Mapping[str, np.ndarray], width: int = WIDTH) -> Iterator[str]:
    """A line a series that the run has: its name, lowest, course (means of equal spans of days), highest."""
    for name, label in SHOWN.items():
        if name in series:
            values = np.asarray(series[name], dtype=float)
            low, high = float(values.min()), float(values.max())
            yield f"{label:<27}{_short(low):>7} {spark(values, width)} {_short(high)}"


def spark(values: Sequence[float] | np.ndarray, width: int = WIDTH) -> str:
    """Values as blocks, each the mean of a span; where nothing moves, low if it is nought and half high if not."""
    spans = np.array_split(np.asarray(values, dtype=float), min(width, len(values)))
    means = np.array([span.mean() for span in spans])
    low, high = float(np.min(values)), float(np.max(values))
    marks = BLOCKS if _shows_blocks() else PLAIN
    if high <= low:
        return marks[len(marks) // 2 if low else 0] * len(means)
    return "".join(marks[int((mean - low) / (high - low) * (len(marks) - 1) + 0.5)] for mean in means)


def _shows_blocks() -> bool:
    try:
        BLOCKS.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100.0 else f"{value:.3g}"
