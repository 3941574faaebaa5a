"""The large tier of the backtest: how well the agents forecast crisis actors of ICB, decade by decade.

Violence is a class in order and is scored by the ranked probability score, how the crisis ended for the actor
a class without order and by the Brier score over classes (`scores.py`); lower is better. Both forecasts are
out of sample: nothing of ICB was fitted, and the null, the **base rate**, is what the actors of all *other
decades* showed. A second null, **random**, is the same situations with actors whom values do not inform.
Skill against a null is 1 - (sum of scores / sum of its scores). Intervals resample crises, not actors, since
the actors of one crisis share its violence.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from model.analysis.icb import OUTCOM, VIOL, CrisisActor
from model.analysis.scores import categorical, ranked
from model.analysis.skill import bootstrap
from model.analysis.skill import skill as skill_of
from model.result import Scalar

#: what is forecast of every actor -> its classes
CLASSES = {"violence": tuple(VIOL.values()), "outcome": tuple(OUTCOM.values())}
NULLS = ("base_rate", "random")
Runs = Sequence[Mapping[str, Scalar]]
#: what is forecast -> indices of classes, one a run
Samples = Mapping[str, list[float]]


@dataclass(frozen=True)
class Scored:
    """One forecast of one actor: what was observed, the probabilities of the classes, and the scores.

    score: of the model as sampled; fair: as an endless sample of the same forecast would score on average.
    """

    actor: CrisisActor
    observed: str
    probabilities: tuple[float, ...]
    score: float
    fair: float
    nulls: Mapping[str, float]


def samples(runs: Runs) -> Samples:
    """The replays of one actor as indices of classes."""
    said = [{"violence": str(run["violence"]), "outcome": outcome_of(run)} for run in runs]
    return {kind: [float(names.index(one[kind])) for one in said] for kind, names in CLASSES.items()}


def outcome_of(run: Mapping[str, Scalar]) -> str:
    """How a replay ended for the coercer, as ICB would say of the crisis actor.

    As the run reports it, but force that was used and did not get what was demanded is a defeat. What stays
    open at the horizon is a stalemate; that the actor may have given in by leaving it so, no run can say.
    """
    reported = str(run["outcome"])
    return "defeat" if reported == "stalemate" and run["force_used"] else reported


def base_rate(kind: str, actors: Iterable[CrisisActor], decade: int) -> list[float]:
    """What the actors of other decades showed, as indices; each class once where there is no other decade."""
    names = CLASSES[kind]
    seen = [observed(kind, actor) for actor in actors if actor.decade != decade]
    found = [float(names.index(value)) for value in seen if value is not None]
    return found or [float(index) for index in range(len(names))]


def observed(kind: str, actor: CrisisActor) -> str | None:
    """What ICB says of an actor; None where it says nothing that is scored."""
    return actor.violence if kind == "violence" else actor.outcome


def scored(
    kind: str, actors: Sequence[CrisisActor], model: Mapping[str, Samples], random: Mapping[str, Samples]
) -> list[Scored]:
    """Score every actor of whom ICB tells the kind; `model` and `random` are replays by name of actor."""
    names = CLASSES[kind]
    base = {decade: base_rate(kind, actors, decade) for decade in {actor.decade for actor in actors}}
    found = []
    for actor in actors:
        value = observed(kind, actor)
        if value is None:
            continue
        truth, sample = float(names.index(value)), model[actor.name][kind]
        found.append(
            Scored(
                actor=actor,
                observed=value,
                probabilities=shares(sample, len(names)),
                score=_score(kind, sample, truth),
                fair=_score(kind, sample, truth, fair=True),
                nulls={
                    "base_rate": _score(kind, base[actor.decade], truth),
                    "random": _score(kind, random[actor.name][kind], truth),
                },
            )
        )
    return found


def _score(kind: str, sample: Sequence[float], truth: float, fair: bool = False) -> float:
    rule = ranked if kind == "violence" else categorical
    return rule(sample, truth, len(CLASSES[kind]), fair)


def shares(sample: Sequence[float], classes: int) -> tuple[float, ...]:
    """Share of a sample in each class."""
    return tuple(sum(value == one for value in sample) / len(sample) for one in range(classes))


def mean(values: Iterable[float]) -> float:
    """Arithmetic mean, summed exactly. Raises ZeroDivisionError for no value."""
    kept = list(values)
    return math.fsum(kept) / len(kept)


def skill(lines: Sequence[Scored], null: str, fair: bool = False) -> float | None:
    """Skill of some forecasts against a null; None where the null is never wrong."""
    own = (line.fair if fair else line.score for line in lines)
    return skill_of(own, (line.nulls[null] for line in lines))


def concordance(lines: Sequence[Scored], first: int) -> float | None:
    """How well the forecasts tell classes from `first` on from those before: 0.5 is chance, 1 always right.

    The chance that, of one actor of each sort, the former had the higher forecast of it, a tie counting half
    (area under the ROC curve; Hanley and McNeil 1982). None where one of the sorts is absent.
    """
    sorts: dict[bool, list[float]] = {True: [], False: []}
    for line in lines:
        names = CLASSES["violence"]
        sorts[names.index(line.observed) >= first].append(math.fsum(line.probabilities[first:]))
    pairs = [(one > other) + 0.5 * (one == other) for one in sorts[True] for other in sorts[False]]
    return mean(pairs) if pairs else None


def by_decade(lines: Sequence[Scored]) -> dict[int, list[Scored]]:
    """Forecasts by decade, in order."""
    decades = sorted({line.actor.decade for line in lines})
    return {decade: [line for line in lines if line.actor.decade == decade] for decade in decades}


def crises(lines: Sequence[Scored]) -> list[list[Scored]]:
    """Forecasts by crisis, in order of its number."""
    found: dict[int, list[Scored]] = {}
    for line in lines:
        found.setdefault(line.actor.crisis, []).append(line)
    return [found[number] for number in sorted(found)]


def interval(
    lines: Sequence[Scored], null: str, draws: Sequence[Sequence[float]]
) -> tuple[float, float] | None:
    """95 % interval of the skill by resampling crises; `draws` are uniforms (draws, crises or more).

    None where no resample has a skill.
    """
    return bootstrap(crises(lines), lambda again: skill(again, null), draws)
