"""What `run.py backtest` writes and prints."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from model.analysis.backtest import (
    BY,
    LEAST,
    NULLS,
    Line,
    Samples,
    by_kind,
    coverage,
    mean_by_construct,
    mean_interval,
    mean_skill,
    skill,
)
from model.analysis.doubt import climate, histogram, placebo
from model.analysis.summary import write_rows
from model.ensemble.csv_files import Column
from model.ensemble.tables import Table
from model.episode import VIOLENCE
from model.randomness import DECISIONS, Luck

DRAWS = 400
#: observations from which on a PIT in five bins is more than noise: two for each
LEAST_OF_PIT = 10

_NULLS = {
    "base_rate": "what the other episodes showed",
    "regression": "what they showed, regressed on the scores of their situations",
    "random": "the same worlds with actors whom values do not inform",
    "nothing": "that nothing changes",
}
BACKTEST = Table(
    path="backtest.csv",
    meaning="one observed outcome of one episode, and how it was forecast",
    columns=(
        Column("episode", "string", "", "name of the episode"),
        Column("outcome", "string", "", "kind of outcome, as in [observed] of the episode (model/episode.py)"),
        Column("scale", "string", "", "how the kind is measured: yes (0 or 1), class (0 none to 3 war), days, count"),
        Column("observed", "number", "by scale", "what was observed; empty for never within the watch"),
        Column("watched_days", "number", "days", "how long it was watched"),
        Column("coerced", "boolean", "", "whether the episode has a coercer; where not, no force is easily foretold"),
        Column("reached", "boolean", "", "whether troops of the coercer could reach the host"),
        Column("non_arrest", "boolean", "", "a visit without an arrest, where next to nothing can be got wrong"),
        Column("fitted", "boolean", "", "the prior of a number was set on this outcome (model/analysis/fitted.csv)"),
        Column("n", "integer", "replays", "replays that can say; 0: the base rate speaks for the model"),
        Column("q05", "number", "by scale", "5 % quantile of the forecast; empty for never"),
        Column("q25", "number", "by scale", "25 % quantile"),
        Column("q50", "number", "by scale", "median"),
        Column("q75", "number", "by scale", "75 % quantile"),
        Column("q95", "number", "by scale", "95 % quantile"),
        Column("probability", "number", "0-1", "forecast probability of yes"),
        *(Column(f"by_{day}", "number", "0-1", f"forecast probability that it has come by day {day}") for day in BY),
        Column("score", "number", "0-1", "score of the model, lower is better"),
        *(Column(f"score_{null}", "number", "0-1", f"score of the null {null}: {_NULLS[null]}") for null in NULLS),
        *(Column(f"skill_{null}", "number", "share", f"1 - score / score_{null}; empty where the null is never wrong")
          for null in NULLS),
        Column("in50", "boolean", "", "the central 50 % interval holds the observation"),
        Column("in90", "boolean", "", "the central 90 % interval holds the observation"),
        Column("pit_low", "number", "0-1", "share of the forecast below the observation: the least its PIT can be"),
        Column("pit_high", "number", "0-1", "share at or below it: the most; 1 where nothing came in the watch"),
    ),
)  # fmt: skip


def write_backtest(scored: Sequence[Line], folder: Path, name: str = BACKTEST.path) -> Path:
    """Write backtest.csv (or another name), one line an episode and outcome; returns its path."""
    rows = []
    for line in scored:
        quantiles = dict(zip(("q05", "q25", "q50", "q75", "q95"), map(_finite, line.forecast), strict=True))
        rows.append({
            "episode": line.episode, "outcome": line.kind, "scale": line.scale,
            "observed": _finite(line.observed), "watched_days": line.watched, "coerced": line.coerced,
            "reached": line.reached,
            "non_arrest": line.non_arrest, "fitted": line.fitted, "n": line.n, **quantiles,
            "probability": line.probability,
            **{f"by_{day}": share for day, share in zip(BY, line.by or [None] * len(BY), strict=True)},
            "score": line.score,
            **{f"score_{null}": line.nulls[null] for null in NULLS},
            **{f"skill_{null}": skill([line], null) for null in NULLS},
            "in50": line.in50, "in90": line.in90,
            "pit_low": line.pit[0] if line.pit else None, "pit_high": line.pit[1] if line.pit else None,
        })  # fmt: skip
    write_rows(folder, replace(BACKTEST, path=name), rows)
    return folder / name


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def read_backtest(path: Path) -> list[Line]:
    """The lines of a file that `write_backtest` wrote. Raises OSError, and KeyError for a column that is missing."""
    with path.open(newline="", encoding="utf-8") as rows:
        return [_line(row) for row in csv.DictReader(rows)]


def _line(row: Mapping[str, str]) -> Line:
    def number(name: str, empty: float = math.inf) -> float:
        return float(row[name]) if row[name] else empty

    def yes(name: str) -> bool:
        return row[name] == "true"

    return Line(
        row["episode"], row["outcome"], row["scale"], _observed(row), number("watched_days"), yes("coerced"),
        yes("reached"), yes("non_arrest"), yes("fitted"), int(row["n"]),
        (number("q05"), number("q25"), number("q50"), number("q75"), number("q95")),
        float(row["probability"]) if row["probability"] else None,
        tuple(float(row[f"by_{day}"]) for day in BY if row[f"by_{day}"]),
        number("score"), {null: number(f"score_{null}") for null in NULLS},
        yes("in50") if row["in50"] else None, yes("in90") if row["in90"] else None,
        (number("pit_low"), number("pit_high")) if row["pit_low"] else None,
    )  # fmt: skip


def _observed(row: Mapping[str, str]) -> float:
    """As it is written: empty for never; a yes may be written as a word."""
    return float({"": "inf", "true": "1", "false": "0"}.get(row["observed"], row["observed"]))


def printed(scored: Sequence[Line], model: Mapping[str, Samples], seed: int, at_random: int) -> str:
    """Every forecast beside what was observed, skill by kind, the means with their intervals, and the doubts.

    at_random: replays of each episode by the random actor.
    """
    return "\n".join([*_forecasts(scored), *skills(scored, seed, at_random), *_doubts(scored, model, seed)])


def _forecasts(scored: Sequence[Line]) -> list[str]:
    out = [
        f"{'episode':<20} {'outcome':<17} {'observed':>9}   {'forecast: 5 %, median, 95 %':<28} score  base"
    ]
    for line in scored:
        mark = "" if line.in90 is not False else "  outside 90 %"
        out.append(
            f"{line.episode:<20} {line.kind:<17} {_told(line, line.observed):>9}   {_forecast(line):<28} "
            f"{line.score:5.2f} {line.nulls['base_rate']:5.2f}{mark}"
        )
    return [*out, ""]


def skills(scored: Sequence[Line], seed: int, at_random: int) -> list[str]:
    """Lines of the table of skill by kind, of the means, their interval and their yardstick.

    at_random: replays of each episode behind the null of that name. A mean that no kind is left for has no line.
    """
    out = [f"{'skill by kind':<17} {'n':>3}  " + "  ".join(f"{null:>9}" for null in NULLS)]
    for kind, own in by_kind(scored).items():
        out.append(f"{kind:<17} {len(own):>3}  " + "  ".join(_skill(skill(own, null)) for null in NULLS))
    for title, group, floor in (
        ("mean, all", scored, -math.inf),
        ("  cut at -1", scored, -1.0),
        ("no non-arrests", [line for line in scored if not line.non_arrest], -math.inf),
        ("coerced only", [line for line in scored if line.coerced], -math.inf),
        ("troops in reach", [line for line in scored if line.reached], -math.inf),
        ("no prior set on", [line for line in scored if not line.fitted], -math.inf),
    ):
        out += _means(title, len(group), [mean_skill(group, null, floor=floor) for null in NULLS])
    out += _means("one a construct", len(scored), [mean_by_construct(scored, null) for null in NULLS])
    episodes = len({line.episode for line in scored})
    if episodes > 1:
        draws = uniforms(seed, 0, episodes)
        ends = [mean_interval(scored, null, draws) for null in NULLS]
        said = "  ".join(f"{end[0]:+.2f} {end[1]:+.2f}" if end else "-" for end in ends)
        out += [f"{'95 % of mean, all':<17}      {said}"] if any(ends) else []
    out.append(
        f"replays of each episode behind the null random: {at_random}; base_rate and nothing have none, they are "
        f"what the other episodes showed, and that nothing comes"
    )
    plain = mean_skill(climate(scored), "base_rate")
    if plain is not None:
        out.append(
            f"means are of kinds observed three times or more; a forecast of what all episodes showed, the one "
            f"in question included, would have {plain:.2f} against the base rate"
        )
    else:
        out.append(f"no means: no kind was observed {LEAST} times or more")
    return [*out, ""]


def _means(title: str, count: int, means: Sequence[float | None]) -> list[str]:
    if all(value is None for value in means):
        return []
    return [f"{title:<17} {count:>3}  {'  '.join(map(_skill, means))}"]


def uniforms(seed: int, agent: int, count: int) -> list[list[float]]:
    """Uniforms (draws, count) of a bootstrap over `count` episodes; `agent` tells the bootstraps of a seed apart."""
    luck = Luck(seed, 0)
    return [luck.uniforms(DECISIONS["bootstrap"], draw, agent, count).tolist() for draw in range(DRAWS)]


def _doubts(scored: Sequence[Line], model: Mapping[str, Samples], seed: int) -> list[str]:
    out = []
    events = [line for line in scored if 0.0 < line.observed < math.inf]
    for what, group in (("days and counts", scored), ("those that came about", events)):
        held, told_of = coverage(group, 90)
        half, _ = coverage(group, 50)
        if told_of:
            out.append(
                f"of {told_of} {what} the 50 % intervals hold {half / told_of:.0%}, "
                f"the 90 % intervals {held / told_of:.0%}"
            )
    intervals = [line.pit for line in scored if line.pit]
    if len(intervals) >= LEAST_OF_PIT:
        shares = "  ".join(f"{share:.2f}" for share in histogram(intervals))
        out.append(f"PIT in five bins, 0.20 each if the spread is honest: {shares}")
    coerced = [line for line in scored if line.coerced]
    found = placebo(scored, model, uniforms(seed, 1, len({line.episode for line in coerced})))
    own = mean_skill(coerced, "base_rate")
    if found and own is not None:
        mean, beaten = math.fsum(found) / len(found), sum(value < own for value in found) / len(found)
        out.append(
            f"placebo, situations exchanged: mean skill {mean:.2f} where it was {own:.2f} (above {beaten:.0%} of "
            f"{len(found)} exchanges)"
        )
    return out


def _told(line: Line, value: float) -> str:
    if line.scale == "yes":
        return "yes" if value else "no"
    if line.scale == "class":
        return VIOLENCE[int(value)]
    if value > line.watched and line.scale == "days":
        return "never"
    return f"{value:.3g}" if value < 10 else f"{value:.0f}"


def _forecast(line: Line) -> str:
    if line.probability is not None:
        return f"{line.probability:.0%}" + ("" if line.n else " (base rate)")
    told = [_told(line, line.forecast[i]) for i in (0, 2, 4)]
    return ", ".join(told) + ("" if line.n else " (base rate)")


def _skill(value: float | None) -> str:
    return f"{value:>9.2f}" if value is not None else f"{'-':>9}"
