"""The table of skill by kind of `validation.md`, from the files of four backtests that lie in `docs/validation/`.

Whoever runs a backtest anew copies its `backtest.csv` there (`left_out.csv` of a calibration as it is), and
`python -m docs.generate` writes the table.
"""

from __future__ import annotations

from pathlib import Path

from model.analysis.backtest import LEAST, NULLS, Line, by_kind, mean_interval, mean_skill, skill
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


def skill_table() -> str:
    """Skill against the base rate by kind, then the means: a column a backtest, with the number of outcomes."""
    columns = {title: read_backtest(FOLDER / f"{name}.csv") for name, title in COLUMNS.items()}
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
