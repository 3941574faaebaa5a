"""The economic hindcast: the model's households and economy against the years 2006 to 2024.

Each forecast looks one year ahead, from what was observed the year before, and knows the outside cause
(`economy_worlds`). What is forecast is the logarithm of this year / last year; its spread is that of the
parameters alone.

Nulls, each a distribution as well: last year and the rouble to the power of a pass-through (least squares on
the other years, with their residuals, in which their usual growth is contained), and no change at all (the
changes of the other years, up and down alike). A year is never among its own others. `dressed` is the
model's median with its own errors of the other years: what its response is worth once it has a null's spread.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from model.analysis.economy_series import FITTED, PARTS, Change, Level, Share, changes, levels, shares
from model.analysis.economy_worlds import DAYS_PER_YEAR, NOW, THEN, ModelYear, cause, name_of, still_of
from model.analysis.scores import covers, crps, quantile
from model.analysis.skill import bootstrap
from model.analysis.skill import skill as skill_of

Sample = list[float]
#: scenario -> replicate -> the year that it lived
Years = Mapping[str, Mapping[int, ModelYear]]


@dataclass(frozen=True)
class Line:
    """One forecast beside what was observed; ratios for growth, shares for season, USD for level.

    situation: THEN or NOW. forecast: quantiles 5, 25, 50, 75, 95 %. Scores are CRPS of logarithms, None where
    there is no such forecast: score of the model, dressed, null (pass-through; for a season the same quarter
    of the other years), no_change (for a season quarters by their days). fitted: the number of the model that
    was set on this observation, or "". doubt: why the observation is hard to compare, or "".
    """

    kind: str
    series: str
    definition: str
    situation: str
    year: int
    period: str
    observed: float
    n: int
    forecast: tuple[float, ...]
    score: float
    dressed: float | None
    null: float | None
    no_change: float | None
    in50: bool
    in90: bool
    fitted: str
    doubt: str


def money(year: ModelYear, series: str) -> tuple[float, ...]:
    """USD by quarter in the terms of a series: the World Bank counts all remittances, Russia its own."""
    return year.everything if series == "world_bank" else year.russian


def growth(change: Change, year: Mapping[int, ModelYear], still: Mapping[int, ModelYear]) -> Sample:
    """Log of this year / last year by replicate, in the terms of the series."""

    def size(lived: ModelYear) -> float:
        if change.series == "somoni":
            return lived.tjs_per_usd
        flow = money(lived, change.series)
        return math.fsum(flow[quarter] for quarter in PARTS[change.part])

    return [math.log(size(year[k]) / size(still[k])) for k in sorted(year.keys() & still.keys())]


def slope(x: Sequence[float], y: Sequence[float]) -> float:
    """Least squares slope of y on x with an intercept; 0 where x does not vary."""
    x_mean, y_mean = math.fsum(x) / len(x), math.fsum(y) / len(y)
    spread = math.fsum((a - x_mean) ** 2 for a in x)
    together = math.fsum((a - x_mean) * (b - y_mean) for a, b in zip(x, y, strict=True))
    return together / spread if spread > 0.0 else 0.0


def pass_through(year: int, others: Sequence[Change]) -> Sample:
    """Last year and the rouble to the power of the others' pass-through, with the residuals of the others."""
    x, y = [cause(other.year)[0] for other in others], [math.log(other.ratio) for other in others]
    power = slope(x, y)
    return [power * cause(year)[0] + b - power * a for a, b in zip(x, y, strict=True)]


def no_change(others: Sequence[Change]) -> Sample:
    """No change, with the changes of the others as its spread, up and down alike."""
    logs = [math.log(other.ratio) for other in others]
    return [*logs, *(-log for log in logs)]


def dressed(at: int, medians: Sequence[float], observed: Sequence[float]) -> Sample:
    """The forecast number `at` with the errors of all the other forecasts as its spread."""
    pairs = enumerate(zip(medians, observed, strict=True))
    return [medians[at] + seen - said for i, (said, seen) in pairs if i != at]


def _line(
    kind: str, of: Change | Share | Level, observed: float, sample: Sample, situation: str, others: _Others
) -> Line:
    """A line from samples and observation in logarithms."""

    def against(null: Sample | None) -> float | None:
        return crps(null, observed) if null else None

    period = of.period if isinstance(of, Change | Share) else str(of.year)
    series = of.series if isinstance(of, Change | Level) else "central_bank"
    return Line(
        kind=kind,
        series=series,
        definition=of.definition,
        situation=situation,
        year=of.year,
        period=period,
        observed=math.exp(observed),
        n=len(sample),
        forecast=tuple(math.exp(quantile(sample, q)) for q in (0.05, 0.25, 0.5, 0.75, 0.95)),
        score=crps(sample, observed),
        dressed=against(others.dressed),
        null=against(others.null),
        no_change=against(others.no_change),
        in50=covers(sample, observed, math.inf, 0.5),
        in90=covers(sample, observed, math.inf, 0.9),
        fitted=FITTED.get(("season" if kind == "season" else series, period), ""),
        doubt=of.doubt,
    )


@dataclass(frozen=True)
class _Others:
    """Samples of what a forecast is held against; None where there is none."""

    dressed: Sample | None = None
    null: Sample | None = None
    no_change: Sample | None = None


def growth_lines(observed: Sequence[Change], years: Years, highest: float) -> list[Line]:
    """Every change of year to year in both situations, series by series."""
    lines = []
    for series in dict.fromkeys(change.series for change in observed):
        own = [change for change in observed if change.series == series]
        for situation in (THEN, NOW):
            samples = [
                growth(c, years[name_of(situation, c.year)], years[still_of(situation, c.year, highest)])
                for c in own
            ]
            medians = [quantile(sample, 0.5) for sample in samples]
            seen = [math.log(change.ratio) for change in own]
            for i, change in enumerate(own):
                rest = [other for other in own if other.year != change.year]
                others = _Others(dressed(i, medians, seen), pass_through(change.year, rest), no_change(rest))
                lines.append(_line("growth", change, seen[i], samples[i], situation, others))
    return lines


def season_lines(observed: Sequence[Share], still: Mapping[int, ModelYear]) -> list[Line]:
    """Shares of quarters against those of a year in which nothing changes."""
    lines = []
    even = [math.log(days / DAYS_PER_YEAR) for days in (90, 91, 92, 92)]
    for share in observed:
        q = share.quarter
        sample = [math.log(year.russian[q] / math.fsum(year.russian)) for _, year in sorted(still.items())]
        rest = [math.log(s.share) for s in observed if s.quarter == q and s.year != share.year]
        others = _Others(null=rest, no_change=[even[q]])
        lines.append(_line("season", share, math.log(share.share), sample, THEN, others))
    return lines


def level_lines(observed: Sequence[Level], still: Mapping[int, ModelYear]) -> list[Line]:
    """USD of a year of the case in which nothing changes. The case was given the total: no test, a check."""
    lines = []
    for level in observed:
        sample = [math.log(math.fsum(money(year, level.series))) for _, year in sorted(still.items())]
        lines.append(_line("level", level, math.log(level.usd), sample, NOW, _Others()))
    return lines


def all_lines(years: Years, highest: float) -> list[Line]:
    """Growth, season and level, from every year that was lived."""
    first = min(change.year for change in changes())
    still = years[still_of(THEN, first, highest)]
    return [*growth_lines(changes(), years, highest), *season_lines(shares(), still),
            *level_lines(levels(), years["still_now"])]  # fmt: skip


def skill(lines: Sequence[Line], score: str = "score", null: str = "null") -> float | None:
    """1 - sum of a score / sum of a null's; score and null are names of scores of `Line`.

    None where a line lacks one of the two, or the null is never wrong.
    """
    said, against = [getattr(line, score) for line in lines], [getattr(line, null) for line in lines]
    return None if None in said or None in against else skill_of(said, against)


def interval(
    lines: Sequence[Line], draws: Sequence[Sequence[float]], score: str = "score", null: str = "null"
) -> tuple[float, float] | None:
    """95 % interval of the skill by resampling lines; `draws` are uniforms (draws, lines at least)."""
    return bootstrap([[line] for line in lines], lambda again: skill(again, score, null), draws)


def comparable(lines: Sequence[Line]) -> list[Line]:
    """Those that can test the model: comparable, and no number of it was set on them."""
    return [line for line in lines if not line.doubt and not line.fitted]
