"""What a discovery writes and prints: boxes.csv, discover.csv (what each box asks) and flips.csv."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from model.analysis.discovery import Box, Fit, Limit
from model.analysis.overview import percent, wrapped
from model.analysis.smallest_changes import Flip, Lever, Tried
from model.analysis.summary import write_rows
from model.analysis.told_numbers import GRADE, KEY, OF_NUMBER, UNIT, number_cells, range_columns
from model.ensemble.csv_files import Column
from model.ensemble.tables import SCENARIO, Table
from model.parameters import Number

SHOWN = 8
_OUTCOME = Column("outcome", "string", "", "the condition that was asked about")


def _fit_columns(prefix: str, of: str) -> tuple[Column, ...]:
    return (
        Column(f"{prefix}runs", "integer", "runs", f"runs {of}"),
        Column(f"{prefix}inside", "integer", "runs", "of these in the box (and in none before it)"),
        Column(f"{prefix}cases", "integer", "runs", "of the runs those in which the outcome came about"),
        Column(f"{prefix}hits", "integer", "runs", "of these cases those in the box"),
        Column(f"{prefix}coverage", "number", "share", "hits among the cases"),
        Column(f"{prefix}density", "number", "share", "hits among the runs in the box"),
        Column(f"{prefix}base", "number", "share", "cases among all runs"),
        Column(f"{prefix}p", "number", "0-1", "how often chance gives a box of that size as many cases"),
    )


BOXES = Table(
    "boxes.csv",
    "one box in which the outcome is frequent",
    (
        SCENARIO,
        _OUTCOME,
        Column("box", "integer", "", "number of the box, the first found first"),
        Column("numbers", "integer", "numbers", "how many numbers it restricts"),
        *_fit_columns("", "on which the box was found"),
        *_fit_columns("apart_", "kept apart, on which it is judged"),
        Column("borne_out", "boolean", "", "apart_p is below 0.05: the box holds on the runs kept apart"),
    ),
)
DISCOVER = Table(
    "discover.csv",
    "one number that a box restricts",
    (
        SCENARIO,
        _OUTCOME,
        Column("box", "integer", "", "number of the box"),
        KEY,
        UNIT,
        GRADE,
        *range_columns("range_"),
        Column("low", "number", OF_NUMBER, "the box asks for this at least; empty for no limit"),
        Column("high", "number", OF_NUMBER, "the box asks for this at most; empty for no limit"),
        Column("p_low", "number", "0-1", "quasi-p-value of the lower limit (Bryant and Lempert 2010)"),
        Column("p_high", "number", "0-1", "quasi-p-value of the upper limit"),
    ),
)
FLIPS = Table(
    "flips.csv",
    "one lever, or two together, and the smallest change that flips the answer, or how near it comes",
    (
        SCENARIO,
        _OUTCOME,
        Column("rank", "integer", "", "1 flips with the smallest change"),
        KEY,
        UNIT,
        GRADE,
        Column("now", "number", "unit of the lever", "its value in the scenario"),
        Column("value", "number", "unit of the lever", "its value at the point told"),
        Column("second_key", "string", "", "the other lever of a pair"),
        Column("second_unit", "string", "", "its unit"),
        Column("second_now", "number", "unit of the lever", "its value in the scenario"),
        Column("second_value", "number", "unit of the lever", "its value at the point told"),
        Column("change", "number", "share of range", "size of the change, summed over the levers"),
        Column("share_now", "number", "share of runs", "runs in which the condition holds as things are"),
        Column("share", "number", "share of runs", "runs in which it holds after the change"),
        Column("share_low", "number", "share of runs", "lower end of its 95 % interval (Wilson)"),
        Column("share_high", "number", "share of runs", "upper end of its 95 % interval (Wilson)"),
        Column("flips", "boolean", "", "the answer of most runs is another"),
        Column("sure", "boolean", "", "and the interval lies wholly on the other side"),
    ),
)


def box_rows(scenario: str, outcome: str, boxes: Sequence[Box]) -> list[dict[str, Any]]:
    """Rows of boxes.csv."""
    return [
        {"scenario": scenario, "outcome": outcome, "box": number, "numbers": len(box.limits)}
        | {"borne_out": box.borne_out}
        | _fit_cells("", box.found)
        | _fit_cells("apart_", box.apart)
        for number, box in enumerate(boxes, start=1)
    ]


def _fit_cells(prefix: str, fit: Fit) -> dict[str, Any]:
    names = ("runs", "inside", "cases", "hits", "coverage", "density", "base", "p")
    return {f"{prefix}{name}": getattr(fit, name) for name in names}


def limit_rows(
    scenario: str, outcome: str, boxes: Sequence[Box], numbers: Mapping[str, Number]
) -> list[dict[str, Any]]:
    """Rows of discover.csv."""
    rows = []
    for count, box in enumerate(boxes, start=1):
        for limit in box.limits:
            row = {"scenario": scenario, "outcome": outcome, "box": count}
            row |= number_cells(numbers[limit.key], "range_")
            row |= {"low": limit.low, "high": limit.high, "p_low": limit.p_low, "p_high": limit.p_high}
            rows.append(row)
    return rows


def flip_rows(
    scenario: str,
    outcome: str,
    base: Tried,
    found: Sequence[Flip],
    levers: Sequence[Lever],
    numbers: Mapping[str, Number],
) -> list[dict[str, Any]]:
    """Rows of flips.csv."""
    known = {lever.key: lever for lever in levers}
    rows = []
    for rank, flip in enumerate(found, start=1):
        row: dict[str, Any] = {"scenario": scenario, "outcome": outcome, "rank": rank, "change": flip.change}
        for prefix, (key, value) in zip(("", "second_"), flip.values.items(), strict=False):
            lever = known[key]
            row |= {f"{prefix}key": key, f"{prefix}unit": lever.unit}
            row |= {f"{prefix}now": lever.value, f"{prefix}value": value}
        row |= {"grade": numbers[next(iter(flip.values))].grade, "share_now": base.share, "share": flip.share}
        row |= {"share_low": flip.low, "share_high": flip.high, "flips": flip.flips, "sure": flip.sure}
        rows.append(row)
    return rows


def write_boxes(
    scenario: str, outcome: str, boxes: Sequence[Box], numbers: Mapping[str, Number], folder: Path
) -> list[Table]:
    """Write boxes.csv and discover.csv."""
    write_rows(folder, BOXES, box_rows(scenario, outcome, boxes))
    write_rows(folder, DISCOVER, limit_rows(scenario, outcome, boxes, numbers))
    return [BOXES, DISCOVER]


def write_flips(rows: Sequence[Mapping[str, Any]], folder: Path) -> Table:
    """Write flips.csv."""
    write_rows(folder, FLIPS, rows)
    return FLIPS


def printed_boxes(
    outcome: str, boxes: Sequence[Box], numbers: Mapping[str, Number], cases: int, runs: int
) -> str:
    """The boxes as text: what each asks, and how it does on the runs kept apart."""
    lines = [wrapped(f"{outcome}: in {cases} of {runs} runs ({percent(cases / runs) if runs else '-'}).")]
    if not boxes:
        lines.append("No conditions tell the runs in which it comes about from the others.")
    for count, box in enumerate(boxes, start=1):
        apart = box.apart
        doubt = "" if box.borne_out else " (NOT borne out by the runs kept apart)"
        lines += ["", f"Box {count}{doubt}: it comes about in {percent(apart.density)} of the runs with"]
        lines += [f"  {_asked(limit, numbers[limit.key])}" for limit in box.limits]
        lines.append(
            wrapped(
                f"against {percent(apart.base)} of all. The box holds {percent(apart.coverage)} of the cases "
                f"({apart.inside} of {apart.runs} runs kept apart; where it was found: density "
                f"{percent(box.found.density)}, coverage {percent(box.found.coverage)})."
            )
        )
    assumed = sorted(
        {one.key for box in boxes if box.borne_out for one in box.limits if numbers[one.key].grade == "D"}
    )
    if assumed:
        lines += ["", wrapped(f"Resting on assumptions (grade D): {', '.join(assumed)}.")]
    return "\n".join(lines)


def _asked(limit: Limit, number: Number) -> str:
    low = None if limit.low is None else f"{limit.low:.3g}"
    high = None if limit.high is None else f"{limit.high:.3g}"
    between = f"at least {low}" if high is None else f"at most {high}" if low is None else f"{low} to {high}"
    p = min(value for value in (limit.p_low, limit.p_high, 1.0) if value is not None)
    unit = "" if number.unit == "1" else f" {number.unit}"
    return (
        f"{limit.key} {between}{unit} (of {number.low:g} to {number.high:g}; {number.grade}; quasi-p {p:.1g})"
    )


def printed_flips(outcome: str, base: Tried, rows: Sequence[Mapping[str, Any]]) -> str:
    """The smallest changes that flip the answer as text; where none does, what comes nearest."""
    answer = "holds" if base.share >= 0.5 else "does not hold"
    lines = [
        wrapped(f"As things are, {outcome} {answer} in most of {base.runs} runs ({percent(base.share)}).")
    ]
    flipping = [row for row in rows if row["flips"]]
    if not rows:
        return "\n".join([*lines, "There is no lever to move."])
    told = (
        "Smallest changes that flip the answer:"
        if flipping
        else "No lever flips the answer; what comes nearest:"
    )
    lines.append(told)
    for row in (flipping or rows)[:SHOWN]:
        said = f"{row['key']} {row['now']:.3g} -> {row['value']:.3g} {row['unit']}"
        if row.get("second_key"):
            said += f" and {row['second_key']} {row['second_now']:.3g} -> {row['second_value']:.3g}"
        doubt = "" if row["sure"] or not row["flips"] else ", within the noise"
        lines.append(
            f"  {said}: {percent(row['share'])} "
            f"({percent(row['share_low'])} to {percent(row['share_high'])}{doubt}), "
            f"{percent(row['change'])} of its range"
        )
    return "\n".join(lines)
