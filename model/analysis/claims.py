"""claims.csv: in how many worlds each claim of the commentary holds, and on what that depends."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.analysis.claims_file import STORY, Claim
from model.analysis.expression import Expression
from model.analysis.flips import Flip, find_flip
from model.analysis.observations import Observed, Place
from model.analysis.significance import holm, mcnemar
from model.analysis.statistics import Interval, paired_share_interval, wilson
from model.analysis.structures import OWN, name_under
from model.analysis.summary import write_rows
from model.ensemble.csv_files import Column
from model.ensemble.tables import Table
from model.parameters import Number

POSTERIOR, PRIOR = "posterior", "prior"
_W = "share of worlds"

CLAIMS_TABLE = Table(
    "claims.csv",
    "one claim under one structure of the model, with numbers drawn in one way",
    (
        Column("claim", "string", "", "short name of the claim in docs/claims.toml"),
        Column("text", "string", "", "the claim in our words"),
        Column("scenario", "string", "", "scenario in which it is tested"),
        Column("predicate", "string", "", "the condition on outcomes that stands for it"),
        Column("given", "string", "", "what it presupposes; runs without it do not count"),
        Column("parameters", "string", "", "posterior or prior: how the numbers of behaviour are drawn"),
        Column("structure", "string", "", "own: the model as it is; else the rule that stands in place of its own"),
        Column("worlds", "integer", "runs", "runs that count: the outcomes are known and what is presupposed is so"),
        Column("holds", "number", _W, "share of these worlds in which the claim holds"),
        Column("low", "number", _W, "lower end of its 95 % interval (Wilson)"),
        Column("high", "number", _W, "upper end of that interval"),
        Column("change", "number", _W, "holds under this structure less under the model's own, same luck"),
        Column("change_low", "number", _W, "lower end of its 95 % interval (Agresti and Min, paired)"),
        Column("change_high", "number", _W, "upper end of that interval"),
        Column("change_p", "number", "0-1", "of no change (McNemar, exact)"),
        Column("change_holm", "number", "0-1", "the same corrected for all changes in the file (Holm 1979)"),
        Column("story", "number", _W, "share of the runs of story_as_told in which it holds; own structure only"),
        Column("departs", "number", _W, "holds with free actors less in the story as told, same luck"),
        Column("departs_low", "number", _W, "lower end of its 95 % interval (Agresti and Min, paired)"),
        Column("departs_high", "number", _W, "upper end of that interval"),
        Column("grade", "string", "", "worst grade of the numbers it rests on, and of the number that flips it"),
        Column("rests_on", "string", "", "those numbers with their grades"),
        Column("flip", "string", "", "sampled number most closely tied to the answer; empty where chance will do"),
        Column("flip_grade", "string", "", "grade of that number"),
        Column("flip_value", "number", "unit of the number", "value that parts yes and no best"),
        Column("flip_below", "number", _W, "share of the worlds below that value in which it holds; they chose it"),
        Column("flip_above", "number", _W, "share of the worlds above it"),
        Column("flip_turns", "boolean", "", "the majority of worlds changes sides there"),
        Column("flip_p", "number", "0-1", "of no tie to any number, corrected for all of them (Holm)"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What the worlds say of a claim: 1, 0 or NaN (unknown or not presupposed) by (point, replicate)."""

    marks: Mapping[Place, float]

    @property
    def known(self) -> dict[Place, bool]:
        """The worlds that count."""
        return {place: bool(mark) for place, mark in self.marks.items() if not math.isnan(mark)}

    @property
    def share(self) -> float | None:
        """Share of these in which it holds."""
        known = self.known
        return sum(known.values()) / len(known) if known else None

    @property
    def interval(self) -> Interval:
        """Wilson's interval of that share."""
        return wilson(sum(self.known.values()), len(self.known))


def ask(
    claim: Claim, observed: Mapping[str, Observed], structure: str = OWN, scenario: str | None = None
) -> Answer:
    """What each world of the claim's scenario (or of another one) says, under a structure.

    Raises KeyError where a scenario that the claim needs has not been observed under the structure.
    """
    place_of = name_under(scenario or claim.scenario, structure)
    places = list(observed[place_of].runs)
    marks = _marks(claim.predicate, observed, place_of, structure, places)
    if claim.given is not None:
        presupposed = _marks(claim.given, observed, place_of, structure, places)
        marks = [
            mark if condition == 1.0 else math.nan for mark, condition in zip(marks, presupposed, strict=True)
        ]
    return Answer(dict(zip(places, marks, strict=True)))


def _marks(
    expression: Expression,
    observed: Mapping[str, Observed],
    here: str,
    structure: str,
    places: Sequence[Place],
) -> list[float]:
    sources = {}
    for name in expression.names:
        column, _, other = name.partition("@")
        sources[name] = column, observed[name_under(other, structure) if other else here]
    kept = [place for place in places if all(place in source.runs for _, source in sources.values())]
    columns = {name: source.column(column, kept) for name, (column, source) in sources.items()}
    marks = expression.evaluate(columns)
    if not columns:  # a condition that names no column says the same of every world
        return [float(marks[0])] * len(places)
    found = dict(zip(kept, map(float, marks), strict=True))
    return [found.get(place, math.nan) for place in places]


def claim_rows(
    claims: Iterable[Claim],
    batches: Mapping[str, Mapping[str, Observed]],
    structures: Sequence[str],
    numbers: Mapping[str, Number],
) -> list[dict[str, Any]]:
    """Rows of claims.csv. batches: what was observed by way of drawing numbers (posterior, prior).

    The structures are looked for in the posterior batch; one that was not made has no row.
    """
    rows = []
    for claim in claims:
        flip = _flip(claim, batches[PRIOR]) if PRIOR in batches else None
        for parameters, observed in batches.items():
            own = ask(claim, observed)
            rows.append(
                {
                    **_row(claim, parameters, OWN, own),
                    **_story(claim, observed, own),
                    **_evidence(claim, flip, numbers),
                }
            )
            for structure in structures if parameters == POSTERIOR else ():
                if any(name_under(name, structure) not in observed for name in claim.needs):
                    continue
                answer = ask(claim, observed, structure)
                change = _change("change", answer, own, tested=True)
                rows.append({**_row(claim, parameters, structure, answer), **change})
    for row, corrected in zip(rows, holm([row.get("change_p") for row in rows]), strict=True):
        row["change_holm"] = corrected
    return rows


def _row(claim: Claim, parameters: str, structure: str, answer: Answer) -> dict[str, Any]:
    low, high = answer.interval
    return {
        "claim": claim.name,
        "text": claim.text,
        "scenario": claim.scenario,
        "predicate": claim.predicate.text,
        "given": claim.given.text if claim.given else None,
        "parameters": parameters,
        "structure": structure,
        "worlds": len(answer.known),
        "holds": answer.share,
        "low": low,
        "high": high,
    }


def _change(name: str, answer: Answer, other: Answer, tested: bool = False) -> dict[str, Any]:
    """The difference of two answers over the worlds that count in both; tested: with the p value of none."""
    ours, theirs = answer.known, other.known
    both = sorted(set(ours) & set(theirs))
    if not both:
        return {}
    gained = sum(ours[place] and not theirs[place] for place in both)
    lost = sum(theirs[place] and not ours[place] for place in both)
    low, high = paired_share_interval(gained, lost, len(both))
    found: dict[str, Any] = {name: (gained - lost) / len(both), f"{name}_low": low, f"{name}_high": high}
    return found | ({f"{name}_p": mcnemar(gained, lost)} if tested else {})


def _story(claim: Claim, observed: Mapping[str, Observed], own: Answer) -> dict[str, Any]:
    if not claim.told or STORY not in observed:
        return {}
    told = ask(claim, observed, scenario=STORY)
    return {"story": told.share, **_change("departs", own, told)}


def _flip(claim: Claim, observed: Mapping[str, Observed]) -> Flip | None:
    scenario = observed[claim.scenario]
    known = ask(claim, observed).known
    return find_flip(list(known.values()), scenario.drawn(list(known)))


def _evidence(claim: Claim, flip: Flip | None, numbers: Mapping[str, Number]) -> dict[str, Any]:
    rests_on = ", ".join(f"{key} ({numbers[key].grade})" for key in claim.rests_on)
    if flip is None:
        return {"grade": claim.grade, "rests_on": rests_on}
    grade = numbers[flip.key].grade if flip.key in numbers else "D"
    return {
        "grade": max(claim.grade, grade),
        "rests_on": rests_on,
        "flip": flip.key,
        "flip_grade": grade,
        "flip_value": flip.value,
        "flip_below": flip.share_below,
        "flip_above": flip.share_above,
        "flip_turns": flip.turns,
        "flip_p": flip.p,
    }


def write_claims(rows: Sequence[Mapping[str, Any]], folder: Path) -> Table:
    """Write claims.csv."""
    write_rows(folder, CLAIMS_TABLE, rows)
    return CLAIMS_TABLE
