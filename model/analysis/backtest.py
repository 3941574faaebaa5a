"""The backtest: how well the agents replay history, against forecasts that know no agents.

Four nulls, each scored like the model. `base_rate`: what the other episodes showed for that kind of outcome
(never with the one forecast; a share is pulled towards a half by half an observation of each, so that one
other case makes no certainty; what was watched for a shorter time than asked is left out). `regression`: the same
regressed on the scores of their situations (`regression.py`). `random`: the same
worlds with actors whom values do not inform. `nothing`: nothing changes - no force, no violence, no measure,
no concession, no dead. Skill against a null is 1 - (sum of scores / sum of its scores) for each kind of
outcome; the headline is the mean over kinds of which at least three outcomes were observed.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from model.analysis.regression import regressed
from model.analysis.scores import class_quantile, covers, pit, quantile, score
from model.analysis.skill import bootstrap
from model.analysis.skill import skill as skill_of
from model.episode import KINDS, Episode
from model.replay import NEVER, measured
from model.result import Scalar

FITTED = Path(__file__).with_name("fitted.csv")
NULLS = ("base_rate", "regression", "random", "nothing")
#: outcomes of a kind from which on it counts in the mean
LEAST = 3
#: days by which a line says how likely it is that something has come
BY = (5, 20, 80, 320)
Sample = list[float]
#: kind -> values of the runs that can say
Samples = dict[str, Sample]


@dataclass(frozen=True)
class Line:
    """One forecast: an episode, a kind of outcome, what was observed and how forecasts scored.

    coerced: an act of the host stood against a coercer's will. reached: troops of a coercer could reach the host.
    by: forecast chance that a thing of days has come by each day of BY; empty for other scales.
    """

    episode: str
    kind: str
    scale: str
    observed: float
    watched: float
    coerced: bool
    reached: bool
    non_arrest: bool
    fitted: bool
    n: int
    forecast: tuple[float, float, float, float, float]
    probability: float | None
    by: tuple[float, ...]
    score: float
    nulls: Mapping[str, float]
    in50: bool | None
    in90: bool | None
    pit: tuple[float, float] | None


@cache
def fitted() -> frozenset[tuple[str, str]]:
    """(kind, episode) of outcomes on which the prior of a number was set (`fitted.csv`): no test of anything."""
    with FITTED.open(newline="", encoding="utf-8") as rows:
        return frozenset((row["kind"], row["episode"]) for row in csv.DictReader(rows))


def samples(runs: Iterable[Mapping[str, Scalar]]) -> Samples:
    """The replays of one episode by kind of outcome."""
    found: Samples = {kind: [] for kind in KINDS}
    for run in runs:
        for kind, value in measured(run).items():
            if value is not None:
                found[kind].append(value)
    return found


def base_rate(kind: str, others: Sequence[Episode], watched: float) -> Sample:
    """What other episodes showed, as a sample; that nothing comes where they are silent."""
    scale = KINDS[kind].scale
    sample = [episode.value(kind) for episode in others if episode.tells(kind, watched)]
    if not sample:
        return nothing(scale)
    return [*sample, 0.5] if scale == "yes" else sample  # a half observation of each (Jeffreys)


def come_by(sample: Sample) -> tuple[float, ...]:
    """Share of a sample of days that has come by each day of BY."""
    return tuple(sum(value <= day for value in sample) / len(sample) for day in BY)


def nothing(scale: str) -> Sample:
    """The forecast that nothing changes."""
    return [NEVER] if scale == "days" else [0.0]


def lines(
    episodes: Sequence[Episode],
    model: Mapping[str, Samples],
    random: Mapping[str, Samples],
    known: Sequence[Episode],
    fair: bool = False,
) -> list[Line]:
    """Score every observed outcome; `known` are the episodes that the base rate may look at.

    `fair`: score the model as if its sample were endless (for small samples), as the random actor always is;
    the other nulls are scored as they are.

    An outcome of which no run of the model can speak (nobody gave way, so nobody was punished after it) is
    forecast by the base rate: that earns no skill and loses none.
    """
    result = []
    for episode in episodes:
        for kind in episode.observed:
            scale, value, watched = KINDS[kind].scale, episode.value(kind), episode.watched(kind)
            others = [e for e in known if e.name != episode.name]
            base, told = base_rate(kind, others, watched), regressed(kind, episode, others)
            drawn = model[episode.name][kind]
            sample = drawn or base
            at_random = random[episode.name][kind]

            def scored(
                forecast: Sample, fair: bool, to: tuple[str, float, float] = (scale, value, watched)
            ) -> float:
                return score(to[0], forecast, to[1], to[2], fair)

            spread = scale in ("days", "count")
            end = watched if scale == "days" else math.inf  # a count may be larger than the days of the watch
            of = quantile if spread else class_quantile
            low, q25, mid, q75, high = (of(sample, q) for q in (0.05, 0.25, 0.5, 0.75, 0.95))
            result.append(
                Line(
                    episode=episode.name,
                    kind=kind,
                    scale=scale,
                    observed=value,
                    watched=watched,
                    coerced=episode.coerced,
                    reached=episode.coerced and bool(episode.scenario.actors_of("garrison")),
                    non_arrest=episode.non_arrest,
                    fitted=(kind, episode.name) in fitted(),
                    n=len(drawn),
                    forecast=(low, q25, mid, q75, high),
                    probability=math.fsum(sample) / len(sample) if scale == "yes" else None,
                    by=come_by(sample) if scale == "days" else (),
                    score=scored(sample, fair and bool(drawn)),
                    nulls={
                        "base_rate": scored(base, False),
                        "regression": scored(base, False) if told is None else told,
                        "random": scored(at_random or base, bool(at_random)),
                        "nothing": scored(nothing(scale), False),
                    },
                    in50=covers(sample, value, end, 0.5) if spread else None,
                    in90=covers(sample, value, end, 0.9) if spread else None,
                    pit=pit(sample, value, end) if spread else None,
                )
            )
    return result


def skill(scored: Sequence[Line], null: str) -> float | None:
    """Skill of some forecasts against a null; None where the null is never wrong."""
    return skill_of((line.score for line in scored), (line.nulls[null] for line in scored))


def by_kind(scored: Sequence[Line]) -> dict[str, list[Line]]:
    """Lines of each kind that has any, in the order of KINDS."""
    return {kind: own for kind in KINDS if (own := [line for line in scored if line.kind == kind])}


#: kinds that speak of one event, or of two steps of one
CONSTRUCTS = {"violence": "force", "deaths": "force", "first_yield": "yield"}


def mean_by_construct(scored: Sequence[Line], null: str) -> float | None:
    """Mean skill in which kinds that speak of one event count as one; None where no kind is left."""
    found: dict[str, list[float]] = {}
    for kind, own in by_kind(scored).items():
        value = skill(own, null) if len(own) >= LEAST else None
        if value is not None:
            found.setdefault(CONSTRUCTS.get(kind, kind), []).append(value)
    means = [math.fsum(values) / len(values) for values in found.values()]
    return math.fsum(means) / len(means) if means else None


def mean_skill(
    scored: Sequence[Line], null: str, least: int = LEAST, floor: float = -math.inf
) -> float | None:
    """Mean over kinds of the skill against a null, of kinds with `least` outcomes in which it can be beaten.

    `floor` cuts the skill of a kind below, to show how much one kind decides. None where no kind is left.
    """
    found = [skill(own, null) for own in by_kind(scored).values() if len(own) >= least]
    usable = [max(value, floor) for value in found if value is not None]
    return math.fsum(usable) / len(usable) if usable else None


def mean_interval(
    scored: Sequence[Line], null: str, draws: Sequence[Sequence[float]]
) -> tuple[float, float] | None:
    """95 % interval of the mean skill by resampling episodes; `draws` are uniforms (draws, episodes).

    The kinds are those of the whole sample. None where no resample has a mean.
    """
    kinds = {kind for kind, group in by_kind(scored).items() if len(group) >= LEAST}
    names = sorted({line.episode for line in scored})
    own = [[line for line in scored if line.episode == name and line.kind in kinds] for name in names]
    return bootstrap(own, lambda again: mean_skill(again, null, least=1), draws)


def coverage(scored: Sequence[Line], level: int) -> tuple[int, int]:
    """How many observations of days and counts the central interval of 50 or 90 % holds, of how many."""
    found = [line.in50 if level == 50 else line.in90 for line in scored]
    told = [value for value in found if value is not None]
    return sum(told), len(told)
