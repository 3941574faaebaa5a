"""Tables of `validation.md` from the files of four backtests that lie in `docs/validation/`: skill by kind, and how
often and when things come in all episodes together.

Whoever runs a backtest anew copies its `backtest.csv` there (`left_out.csv` of a calibration as it is), and
`python -m docs.generate` writes the tables.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from model.analysis.backtest import BY, LEAST, NULLS, Line, by_kind, mean_interval, mean_skill, skill
from model.analysis.backtest_files import read_backtest, uniforms
from model.episode import KINDS

FOLDER = Path(__file__).parent / "validation"
#: files, and how the table calls them
COLUMNS = {"in_sample": "in sample", "further": "further", "left_out": "left out", "unseen": "**unseen**"}
NULL_NAMES = {
    "base_rate": "against the base rate",
    "regression": "against *regression*",
    "random": "against *random*",
    "nothing": "against *nothing*",
}
GROUPS = {
    "without non-arrests": lambda line: not line.non_arrest,
    "troops in reach": lambda line: line.reached,
    "no prior set on it": lambda line: not line.fitted,
}
#: kinds that are days and kinds that are not, which are looked at in the large
DAYS, ODDS = ("first_measure", "first_yield", "yield"), ("force", "trade_fell", "punished")


def skill_table() -> str:
    """Skill against the base rate by kind, then the means: a column a backtest, with the number of outcomes."""
    columns = _columns()
    rows = ["| kind |" + "".join(f" n | {title} |" for title in columns), "|---|" + "---|---|" * len(columns)]
    for kind in KINDS:
        own = [by_kind(lines).get(kind, []) for lines in columns.values()]
        if any(own):
            rows.append(f"| {kind.replace('_', ' ')} |" + "".join(map(_kind, own)))
    for null in NULLS:
        rows.append(f"| **mean, {NULL_NAMES[null]}** |" + "".join(_mean(ls, null) for ls in columns.values()))
    for title, belongs in GROUPS.items():
        kept = [[line for line in lines if belongs(line)] for lines in columns.values()]
        rows.append(f"| mean, {title} |" + "".join(_mean(lines, "base_rate", False) for lines in kept))
    return "\n".join(rows)


def _columns() -> dict[str, list[Line]]:
    """Lines of each column of the table of skill; the seventeen left out have a column of their own."""
    found: dict[str, list[Line]] = {}
    for name, title in COLUMNS.items():
        found[title] = list(read_backtest(FOLDER / f"{name}.csv"))
        if name == "left_out":
            asked = {line.episode for line in found[COLUMNS["in_sample"]]}
            found[f"{title}, the seventeen"] = [line for line in found[title] if line.episode in asked]
    return found


def _kind(own: list[Line]) -> str:
    value = skill(own, "base_rate")
    return f" {len(own) or ''} | {'' if value is None else f'{value:.2f}'} |"


def _mean(lines: list[Line], null: str, interval: bool = True) -> str:
    """Mean over the kinds observed LEAST times or more, with the bootstrap's interval."""
    value, counts = mean_skill(lines, null), [len(own) for own in by_kind(lines).values()]
    said = "-" if value is None else f"{value:.2f}"
    ends = (
        mean_interval(lines, null, uniforms(1, 0, len({line.episode for line in lines})))
        if interval
        else None
    )
    if ends:
        said += f" ({ends[0]:.2f} to {ends[1]:.2f})"
    return f" {sum(count for count in counts if count >= LEAST)} | {said} |"


def large_table() -> str:
    """How much had come by some days, and how often force, trade and punishment: observed and forecast on average."""
    columns = {COLUMNS[name]: read_backtest(FOLDER / f"{name}.csv") for name in ("left_out", "unseen")}
    head = "".join(f" {title}: observed | forecast |" for title in columns)
    rows = [f"| what |{head}", "|---|" + "---|---|" * len(columns)]
    for kind in DAYS:
        for number, day in enumerate(BY):
            cells = [_by_day(by_kind(lines).get(kind, []), number) for lines in columns.values()]
            rows.append(f"| {kind.replace('_', ' ')} by day {day} |" + "".join(cells))
    for kind in ODDS:
        cells = [_how_often(by_kind(lines).get(kind, [])) for lines in columns.values()]
        rows.append(f"| {kind.replace('_', ' ')} |" + "".join(cells))
    return "\n".join(rows)


def _by_day(lines: Sequence[Line], number: int) -> str:
    asked = [line for line in lines if line.watched >= BY[number]]
    return _pair([float(line.observed <= BY[number]) for line in asked], [line.by[number] for line in asked])


def _how_often(lines: Sequence[Line]) -> str:
    return _pair(
        [line.observed for line in lines],
        [line.probability for line in lines if line.probability is not None],
    )


def _pair(observed: Sequence[float], forecast: Sequence[float]) -> str:
    if not observed:
        return " | |"
    observed_share, forecast_share = (math.fsum(own) / len(own) for own in (observed, forecast))
    return f" {observed_share:.0%} of {len(observed)} | {forecast_share:.0%} |"
