"""A crisis actor of ICB as a situation of the model: by rule, the same for every actor, and nothing by hand.

The actor perceives the threat and resents the act that triggered its crisis, so it is the coercer; the
triggering entity is the host; day 0 is the act `defy`. `icb_situation.toml` is the middle level of the rubric
in every line, `icb_codes.csv` says which code of ICB means which level of it; what a level is worth stands in the
rubric (`rubric.py`), for distances in `icb_distances.csv`. A later line of `icb_codes.csv` overrides an earlier
one; a missing code leaves the middle level. No column that records what the crisis became is read here.

ICB coded GRAVTY and POWDIS afterwards: the gravity of a threat is itself hindsight.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from model.analysis.rubric import rubric
from model.case import Case, load_case
from model.episode import Episode
from model.parameters import Number, behaviour
from model.scenario import Scenario, ScriptedAct
from model.scenario_file import DEFAULT_SWITCHES

if TYPE_CHECKING:
    from model.analysis.icb import CrisisActor

FOLDER = Path(__file__).parent
SITUATION = FOLDER / "icb_situation.toml"
#: (whose, column) -> code, None where it is missing
Coded = Mapping[tuple[str, str], int | None]


@dataclass(frozen=True)
class PowerDiscrepancy:
    """How POWDIS becomes the ratio of the actor's forces to the host's.

    POWDIS is the difference of two sums of six scores on ordered scales (people, output, territory, alliance,
    arms, nuclear weapons), so a difference is read as a logarithm. `doubling` is one step on each of the six;
    beyond `largest_ratio` more troops find no room at the place. Both are assumptions (grade D); the forces
    themselves are sampled from half to twice their value.
    """

    column: str = "powdis"
    largest: int = 179
    doubling: float = 6.0
    largest_ratio: float = 8.0

    def ratio(self, discrepancy: int) -> float:
        """Actor's forces over the host's: 1 at parity, monotone, and inverted where the sign is."""
        stronger = min(2.0 ** (abs(discrepancy) / self.doubling), self.largest_ratio)
        return stronger if discrepancy >= 0 else 1.0 / stronger


POWDIS = PowerDiscrepancy()
HOURS = "troops.hours_to_capital"
#: numbers that POWDIS moves, and the power of the ratio by which it does: both sides alike
FORCES = {"troops.strength": 0.5, "army.strength": -0.5}


@dataclass(frozen=True)
class Rule:
    """One line of icb_codes.csv: a code of a column of the actor's or the host's row means a level of a number."""

    whose: str
    column: str
    code: int
    meaning: str
    number: str
    level: str


@cache
def rules() -> tuple[Rule, ...]:
    """The lines of icb_codes.csv, in its order."""
    return tuple(
        Rule(row["whose"], row["column"], int(row["code"]), row["meaning"], row["number"], row["level"])
        for row in _table("icb_codes.csv")
    )


def codes_of() -> dict[tuple[str, str], tuple[int, ...]]:
    """The codes that are known of each (whose, column) that the situation reads."""
    found: dict[tuple[str, str], tuple[int, ...]] = {}
    for rule in rules():
        place = rule.whose, rule.column
        found[place] = tuple(dict.fromkeys((*found.get(place, ()), rule.code)))
    return found


@cache
def distances() -> dict[str, Number]:
    """Level of distance -> hours of road to the place in question."""
    hours = situation().numbers[HOURS]
    return {
        row["level"]: replace(
            hours,
            value=float(row["value"]),
            low=float(row["low"]),
            high=float(row["high"]),
            distribution=row["distribution"],
            note=row["note"],
        )
        for row in _table("icb_distances.csv")
    }


def at_level(key: str, level: str) -> Number:
    """A number of the situation at a level of the rubric, or of the table of distances."""
    if key == HOURS:
        return distances()[level]
    return rubric()[key.partition(".")[2], level].of(situation().numbers[key])


@cache
def situation() -> Case:
    """The situation at the middle level of every line, checked as every case is."""
    return load_case(SITUATION)


def _table(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(newline="", encoding="utf-8") as lines:
        yield from csv.DictReader(lines)


def numbers_of(codes: Coded) -> dict[str, Number]:
    """The numbers that an actor's codes move, by dotted key; of a code that is missing, none."""
    found = {
        rule.number: at_level(rule.number, rule.level)
        for rule in rules()
        if rule.number and codes.get((rule.whose, rule.column)) == rule.code
    }
    discrepancy = codes.get(("actor", POWDIS.column))
    if discrepancy is not None:
        ratio = POWDIS.ratio(discrepancy)
        for key, power in FORCES.items():
            middle, factor = situation().numbers[key], ratio**power
            found[key] = replace(
                middle, value=middle.value * factor, low=middle.low * factor, high=middle.high * factor
            )
    return found


def episode_of(actor: CrisisActor) -> Episode:
    """The actor's situation with the act that it resents on day 0, ready for a replay."""
    case = situation()
    (host,) = (spec for spec in case.actors if spec.role == "government")
    scenario = Scenario(
        name=actor.name,
        title=f"{actor.crisis_name} ({actor.label})",
        question=case.about,
        case=case.name,
        start=date(actor.year, 1, 1),
        actors=case.actors,
        places=case.places,
        numbers=behaviour() | case.numbers | numbers_of(actor.codes),
        switches=dict(DEFAULT_SWITCHES),
        script=(ScriptedAct(0.0, host.name, "defy"),),
    )
    return Episode(scenario, {}, False)
