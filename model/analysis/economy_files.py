"""What `run.py backtest --economy` writes and prints."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from model.analysis.economy_hindcast import Line, comparable, interval, skill
from model.analysis.economy_worlds import NOW, THEN
from model.analysis.summary import write_rows
from model.ensemble.csv_files import Column
from model.ensemble.tables import Table
from model.randomness import DECISIONS, Luck

DRAWS = 400
#: years of which the report speaks by name
SHOCKS = (2009, 2015, 2016, 2022, 2023, 2024)
#: what the skill is told of: title, kind, series, situation
GROUPS = (
    ("World Bank", "growth", "world_bank", THEN),
    ("  share of 2025", "growth", "world_bank", NOW),
    ("Central Bank of Russia", "growth", "central_bank", THEN),
    ("somoni", "growth", "somoni", THEN),
    ("season", "season", "central_bank", THEN),
)
#: before the rouble floated (November 2014), until borders closed, and since the figures are in doubt
ERAS = ((2006, 2013), (2014, 2019), (2020, 2024))
PAIRS = (("score", "null"), ("score", "no_change"), ("dressed", "null"), ("dressed", "no_change"))
_UNIT = "ratio, share or USD"

ECONOMY = Table(
    path="economy.csv",
    meaning="one observed figure of the economy, and how it was forecast",
    columns=(
        Column("kind", "string", "", "growth (this year / last year), season (share of the year) or level"),
        Column("series", "string", "", "world_bank, central_bank (of Russia) or somoni (per USD)"),
        Column("definition", "string", "", "of the Central Bank's figure; empty for the others"),
        Column("situation", "string", "", "whose share of Russia in remittances the model was given"),
        Column("year", "integer", "", "calendar year"),
        Column("period", "string", "", "the year, or the part of it that is compared"),
        Column("observed", "number", _UNIT, "what was observed"),
        Column("n", "integer", "runs", "size of the forecast sample"),
        *(Column(f"q{share}", "number", _UNIT, f"{int(share)} % quantile of the forecast")
          for share in ("05", "25", "50", "75", "95")),
        Column("score", "number", "log points", "CRPS of the model, lower is better"),
        Column("score_dressed", "number", "log points", "CRPS of its median with its errors of other years"),
        Column("score_null", "number", "log points",
               "CRPS of last year plus pass-through of the rouble; for a season the quarter in other years"),
        Column("score_no_change", "number", "log points", "CRPS of no change; for a season quarters by days"),
        Column("in50", "boolean", "", "the central 50 % interval holds the observation"),
        Column("in90", "boolean", "", "the central 90 % interval holds the observation"),
        Column("fitted", "string", "", "number of the model that was set on this figure; empty: none"),
        Column("doubt", "string", "", "why the figure is hard to compare; empty: it is not"),
    ),
)  # fmt: skip


def write_economy(lines: Sequence[Line], folder: Path) -> Path:
    """Write economy.csv, one line a figure and situation; returns its path."""
    rows = []
    for line in lines:
        quantiles = dict(zip(("q05", "q25", "q50", "q75", "q95"), line.forecast, strict=True))
        rows.append({
            "kind": line.kind, "series": line.series, "definition": line.definition or None,
            "situation": line.situation, "year": line.year, "period": line.period,
            "observed": line.observed, "n": line.n, **quantiles, "score": line.score,
            "score_dressed": line.dressed, "score_null": line.null, "score_no_change": line.no_change,
            "in50": line.in50, "in90": line.in90, "fitted": line.fitted or None, "doubt": line.doubt or None,
        })  # fmt: skip
    write_rows(folder, ECONOMY, rows)
    return folder / ECONOMY.path


def printed(lines: Sequence[Line], seed: int) -> str:
    """Every forecast beside what was observed, then the shocks, then skill and coverage by series."""
    out = [f"{'':<30} {'observed':>8}   {'5 %, median, 95 %':<22} score dressed  null  same"]
    for line in lines:
        if line.situation == THEN or line.kind == "level":
            out.append(_told(line))
    out += ["", "shocks, World Bank: observed; forecast with the share of its year; with the share of 2025"]
    for year in SHOCKS:
        then, now = (
            next(line for line in _of(lines, "growth", "world_bank", situation) if line.year == year)
            for situation in (THEN, NOW)
        )
        out.append(f"{year}  {then.observed:5.2f}   {_range(then)}   {_range(now)}{_mark(then)}")
    out += ["", f"{'skill':<24} {'n':>3}  against null {'':<15} no change  dressed  no change   50 %  90 %"]
    luck = Luck(seed, 0)
    draws = [luck.uniforms(DECISIONS["bootstrap"], draw, 1, len(lines)).tolist() for draw in range(DRAWS)]
    for title, kind, series, situation in GROUPS:
        own = _of(lines, kind, series, situation)
        for name, group in ((title, comparable(own)), ("    with all figures", own)):
            out.append(_summary(name, group, draws))
    for first, last in ERAS:
        own = _of(lines, "growth", "world_bank", THEN)
        era = [line for line in own if first <= line.year <= last]
        out.append(_summary(f"World Bank {first}-{last}", era, draws))
    out += [
        "",
        "null: last year and the rouble to the power of a pass-through; for a season the quarter in other years",
        "same: no change; dressed: the model's median with its errors of the other years",
        "* hard to compare   + a number of the model was set on it; left out of the first line of each skill",
    ]
    return "\n".join(out)


def _of(lines: Sequence[Line], kind: str, series: str, situation: str) -> list[Line]:
    wanted = (kind, series, situation)
    return [line for line in lines if (line.kind, line.series, line.situation) == wanted]


def _told(line: Line) -> str:
    name = f"{line.kind:<6} {line.series} {line.period}"
    scores = (line.score, line.dressed, line.null, line.no_change)
    told = " ".join("    -" if value is None else f"{value:5.2f}" for value in scores)
    return f"{name:<30} {_number(line.observed):>8}   {_range(line):<22} {told}{_mark(line)}"


def _range(line: Line) -> str:
    return ", ".join(f"{_number(line.forecast[i]):>6}" for i in (0, 2, 4))


def _number(value: float) -> str:
    return f"{value / 1e9:.2f}bn" if value > 1e6 else f"{value:.3f}"


def _mark(line: Line) -> str:
    return (" *" if line.doubt else "") + (" +" if line.fitted else "")


def _summary(title: str, lines: Sequence[Line], draws: Sequence[Sequence[float]]) -> str:
    ends = interval(lines, draws)
    spread = f"({ends[0]:+.2f} to {ends[1]:+.2f})" if ends else ""
    first, *rest = (skill(lines, score, null) for score, null in PAIRS)
    held = [sum(getattr(line, name) for line in lines) for name in ("in50", "in90")]
    shares = " ".join(f"{value / len(lines):5.0%}" if lines else "    -" for value in held)
    told = "  ".join(_skill(value) for value in rest)
    return f"{title:<24} {len(lines):>3}  {_skill(first)} {spread:<18} {told}   {shares}"


def _skill(value: float | None) -> str:
    return f"{value:>9.2f}" if value is not None else f"{'-':>9}"
