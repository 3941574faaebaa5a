"""Doubts about a backtest: does the skill come from the situations, and are the forecasts honest about their spread?

Placebo: the replays of one episode are scored against the outcomes of another, at random among the episodes with
a coercer. If the skill stayed, it would come from being about right on average and not from telling cases apart.

PIT: where the observation falls in its forecast distribution (0-1). Over honest forecasts it is uniform; heaped at
the ends the forecasts are too narrow, in the middle too wide (Dawid 1984; for samples and censored times as the
interval that it can lie in, spread evenly, Czado, Gneiting and Held 2009).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from model.analysis.backtest import Line, Samples, mean_skill
from model.analysis.scores import score


def placebo(
    scored: Sequence[Line], model: Mapping[str, Samples], draws: Sequence[Sequence[float]]
) -> list[float]:
    """Mean skill against the base rate with situations exchanged, one for each row of uniforms (draws, episodes).

    Each draw sends the episodes round in a circle, so that none keeps its own situation. What no replay of the
    other episode can say is left to the base rate. Empty where fewer than two episodes have a coercer.
    """
    own = [line for line in scored if line.coerced]
    names = sorted({line.episode for line in own})
    if len(names) < 2:
        return []
    worth = {
        (line.episode, line.kind, other): _of_another(line, model[other]) for line in own for other in names
    }
    values = []
    for draw in draws:
        circle = [name for _, name in sorted(zip(draw, names, strict=False))]
        sent = dict(zip(circle, circle[1:] + circle[:1], strict=True))
        exchanged = [replace(line, score=worth[line.episode, line.kind, sent[line.episode]]) for line in own]
        value = mean_skill(exchanged, "base_rate")
        if value is not None:
            values.append(value)
    return values


def climate(scored: Sequence[Line]) -> list[Line]:
    """The same outcomes, forecast by what all episodes showed, this one included: agents unknown, climate known.

    A base rate that leaves the episode out leans away from what it forecasts, so that this scores above it
    without knowing anything of the case. What is not left out has to be compared with this.
    """
    result = []
    for line in scored:
        seen = [one.observed for one in scored if one.kind == line.kind and _told(one, line.watched)]
        sample = [*seen, 0.5] if line.scale == "yes" else seen
        result.append(replace(line, score=score(line.scale, sample, line.observed, line.watched)))
    return result


def _told(line: Line, watched: float) -> bool:
    return line.observed < math.inf or line.watched >= watched


def _of_another(line: Line, samples: Samples) -> float:
    sample = samples[line.kind]
    return score(line.scale, sample, line.observed, line.watched) if sample else line.nulls["base_rate"]


def histogram(intervals: Sequence[tuple[float, float]], bins: int = 5) -> list[float]:
    """Shares of the PIT in equal bins, each interval spread evenly over its length; 1 / bins each if honest."""
    shares = []
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        shares.append(math.fsum(_within(a, b, low, high) for a, b in intervals) / len(intervals))
    return shares


def _within(a: float, b: float, low: float, high: float) -> float:
    if b <= a:
        return float(low <= a < high or (a >= 1.0 and high >= 1.0))
    return max(0.0, min(b, high) - max(a, low)) / (b - a)
