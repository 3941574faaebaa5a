"""How scenarios differ, on one screen: a line of numbers for each scenario and a sentence above them."""

from __future__ import annotations

import math
import statistics
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from model.analysis.observations import Observed

WIDTH = 100
_NAME_WIDTH = 30
Cell = float | None


@dataclass(frozen=True)
class Measure:
    """One column: two header lines, its width, how it is taken from runs and how it is written."""

    head: tuple[str, str]
    width: int
    take: Callable[[Observed], Cell]
    write: Callable[[float], str]


def share_of(outcome: str, level: object = True) -> Callable[[Observed], Cell]:
    """Share of the runs whose outcome is at the level, among those to which it applies."""

    def take(observed: Observed) -> Cell:
        values = [value for value in observed.values(outcome) if value is not None]
        return sum(value == level for value in values) / len(values) if values else None

    return take


def share_reached(outcome: str) -> Callable[[Observed], Cell]:
    """Share of all runs that reached the milestone within the horizon."""

    def take(observed: Observed) -> Cell:
        values = observed.values(outcome)
        return sum(value is not None for value in values) / len(values) if values else None

    return take


def median_of(outcome: str) -> Callable[[Observed], Cell]:
    """Median over the runs that have the outcome."""

    def take(observed: Observed) -> Cell:
        values = [float(value) for value in observed.values(outcome) if value is not None]
        return statistics.median(values) if values else None

    return take


def percent(value: float) -> str:
    """A share in per cent; a share that is neither none nor all is not rounded to either."""
    text = f"{value * 100:.0f}%"
    if text == "0%" and value > 0:
        return "<1%"
    return ">99%" if text == "100%" and value < 1 else text


def day(value: float) -> str:
    """A day with one digit while it is early."""
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"


def count(value: float) -> str:
    """A number of people, shortened from ten thousand on."""
    return f"{value:.0f}" if value < 10_000 else f"{value / 1000:.0f}k"


def index(value: float) -> str:
    """An index around 1."""
    return f"{value:.2f}"


MEASURES = (
    Measure(("force", "used"), 5, share_of("force_used"), percent),
    Measure(("from", "day"), 4, median_of("days_to_force"), day),
    Measure(("", "freed"), 5, share_of("end_state", "freed"), percent),
    Measure(("let", "go"), 4, share_of("end_state", "released"), percent),
    Measure(("", "Court"), 5, share_of("end_state", "surrendered"), percent),
    Measure(("", "held"), 4, share_of("end_state", "held"), percent),
    Measure(("port", "shut"), 4, share_reached("days_to_airport_closed"), percent),
    Measure(("from", "day"), 4, median_of("days_to_airport_closed"), day),
    Measure(("army", "gone"), 4, share_reached("days_to_army_collapse"), percent),
    Measure(("gov.", "fell"), 4, share_of("government_fell"), percent),
    Measure(("remit", "floor"), 5, median_of("remittance_floor"), index),
    Measure(("poor", "peak"), 4, median_of("poverty_peak"), percent),
    Measure(("med.", "dead"), 5, median_of("killed_total"), count),
)
_SENTENCES = (
    ("Force is used in", share_of("force_used"), percent, "of the runs"),
    ("the government falls in", share_of("government_fell"), percent, ""),
    ("dead (median)", median_of("killed_total"), count, ""),
    ("poverty peaks (median) at", median_of("poverty_peak"), percent, ""),
)
LEGEND = (
    "Shares of runs: force used, how the matter of the detainee ended first, airport closed, army gone, "
    "government fell. Medians: days over the runs in which it happened, lowest 28 days of remittances (1: "
    "what the season would bring), highest share of poor households, dead on all sides."
)


def ordered(observed: Mapping[str, Observed], baseline: str) -> list[str]:
    """The baseline first, then by falling share of force used, then by name."""
    force = share_of("force_used")
    rest = sorted(
        (name for name in observed if name != baseline),
        key=lambda name: (-(force(observed[name]) or 0), name),
    )
    return [baseline, *rest] if baseline in observed else rest


def overview_lines(
    observed: Mapping[str, Observed], baseline: str, names: Sequence[str] | None = None
) -> list[str]:
    """The table as lines of at most WIDTH columns: two header lines, then one per scenario, or for each of `names`."""
    lines = [
        " " * _NAME_WIDTH + "".join(f" {measure.head[0]:>{measure.width}}" for measure in MEASURES),
        f"{'scenario':<{_NAME_WIDTH}}"
        + "".join(f" {measure.head[1]:>{measure.width}}" for measure in MEASURES),
    ]
    for name in ordered(observed, baseline) if names is None else names:
        cells = ((measure, measure.take(observed[name])) for measure in MEASURES)
        lines.append(
            f"{_short(name):<{_NAME_WIDTH}}"
            + "".join(
                f" {'-' if cell is None else measure.write(cell):>{measure.width}}" for measure, cell in cells
            )
        )
    return [line.rstrip() for line in lines]


def headline(observed: Mapping[str, Observed], baseline: str) -> str:
    """What differs most: the range of the leading outcomes and the scenarios at its ends."""
    names = ordered(observed, baseline)
    parts = []
    for start, take, write, end in _SENTENCES:
        found = [(value, name) for name in names if (value := take(observed[name])) is not None]
        if not found:
            continue
        low = min(found, key=lambda entry: entry[0])  # the first of equals
        high = max(found, key=lambda entry: entry[0])
        if write(low[0]) == write(high[0]):
            parts.append(f"{start} {write(low[0])} {end}".strip() + " in every scenario")
        else:
            parts.append(f"{start} {write(low[0])} ({low[1]}) to {write(high[0])} ({high[1]}) {end}".strip())
    if not parts:
        return "No run is finished yet."
    text = "; ".join(parts) + "."
    return wrapped(text[0].upper() + text[1:])


def wrapped(text: str) -> str:
    """Text on lines of at most WIDTH columns."""
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _short(name: str) -> str:
    return name if len(name) <= _NAME_WIDTH else name[: _NAME_WIDTH - 1] + "~"


SKEW = (
    "The table above has medians, the differences are of means: a few runs with many dead, or very poor ones, pull "
    "the mean and not the median (skew), so that the two may differ, even in sign."
)
DIFFERENCES = (
    ("force used", "force_used", "share", 100.0),
    ("gov. fell", "government_fell", "share", 100.0),
    ("mean pov. peak", "poverty_peak", "mean", 100.0),
    ("mean dead", "killed_total", "mean", 1.0),
)


def difference_lines(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """Differences from the baseline with their 95 % intervals, from rows of comparison.csv."""
    width = (WIDTH - _NAME_WIDTH) // len(DIFFERENCES)
    lines = [f"{'scenario':<{_NAME_WIDTH}}" + "".join(f"{head:>{width}}" for head, *_ in DIFFERENCES)]
    for name in dict.fromkeys(str(row["scenario"]) for row in rows):
        cells = []
        for _, outcome, measure, scale in DIFFERENCES:
            row = next(
                (
                    row
                    for row in rows
                    if (row["scenario"], row["outcome"], row["measure"]) == (name, outcome, measure)
                ),
                {},
            )
            cells.append(f"{_difference(row, scale):>{width}}")
        lines.append(f"{_short(name):<{_NAME_WIDTH}}" + "".join(cells))
    return [line.rstrip() for line in lines]


def _difference(row: Mapping[str, object], scale: float) -> str:
    parts = [row.get(key) for key in ("difference", "low", "high")]
    numbers = [float(part) * scale for part in parts if isinstance(part, float | int) and math.isfinite(part)]
    if not numbers:
        return "-"
    difference = signed(numbers[0])
    p_value = row.get("p_holm")
    mark = "*" if isinstance(p_value, float) and p_value < 0.05 else ""
    if len(numbers) < 3:
        return f"{difference}{mark}"
    return f"{difference}{mark} ({signed(numbers[1])} {signed(numbers[2])})"


def pairing_line(rows: Sequence[Mapping[str, object]]) -> str:
    """What pairing by luck saved: the median over scenarios for the outcomes at the ends and in the middle."""
    saved: dict[str, list[float]] = {}
    for row in rows:
        share = row.get("variance_reduction")
        if isinstance(share, float) and not row.get("level"):
            saved.setdefault(f"{row['outcome']} ({row['measure']})", []).append(share)
    if not saved:
        return "Nothing was paired."
    medians = sorted((statistics.median(shares), name) for name, shares in saved.items())
    least, middle, most = medians[0], medians[len(medians) // 2], medians[-1]
    return (
        f"Pairing by luck took away {percent(most[0])} of the variance of {most[1]} at best, "
        f"{percent(middle[0])} in the middle of {len(medians)} measures, {percent(least[0])} of {least[1]} at "
        "worst (below 0: it added some); every row of the CSV has its own."
    )


def signed(value: float) -> str:
    """A difference with its sign, in whole numbers from 10 on, in thousands from 10,000 on."""
    if abs(value) >= 10_000:
        return f"{value / 1000:+.0f}k"
    text = f"{value:+.1f}" if abs(value) < 9.95 else f"{value:+.0f}"
    return "0" if text in ("+0.0", "-0.0") else text
