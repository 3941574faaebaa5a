"""A scenario: a case plus small named differences, resolved into the plain data that a run needs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from os.path import isdir
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.case import ActorSpec, PlaceSpec
from model.numbers import Numbers
from model.parameters import Number, behaviour, draw, plain
from model.scenario_chain import members, path_of, read_chain, shipped
from model.scenario_file import DEFAULT_SWITCHES, HORIZON, INJECTS
from model.scenario_meaning import acts_and_events, apply_overrides
from model.sweep import Sweep, read_sweep
from model.toml_source import InputError, Problem, shown

if TYPE_CHECKING:
    from model.randomness import Luck

__all__ = [
    "HORIZON",
    "INJECTS",
    "ActorSpec",
    "Inject",
    "PlaceSpec",
    "Problem",
    "Scenario",
    "ScenarioError",
    "ScriptedAct",
    "load_many",
    "load_scenario",
    "shipped",
]

EVIDENCE = ("grade", "source", "note")


class ScenarioError(InputError):
    """A scenario, or a file that it needs, is wrong; `problems` says where and what was expected."""


@dataclass(frozen=True)
class ScriptedAct:
    """An act that must happen: days since the start, the actor's name, the act's name."""

    day: float
    actor: str
    action: str


@dataclass(frozen=True)
class Inject:
    """An outside event: days since the start, a key of INJECTS, its size, and how many days it lasts."""

    day: float
    event: str
    size: float
    days: float


@dataclass(frozen=True)
class Scenario:
    """All that a run needs to know; plain and picklable.

    numbers: behaviour and situation by dotted key, with the overrides on top; overridden: the keys of those.
    switches: every switch with its value. forbid: acts, or actor.act. script and injects: the root's first.
    sweep: parameter points that the file asks for; no part of the digest, since a run is made at one of them.
    """

    name: str
    title: str
    question: str
    case: str
    start: date
    actors: tuple[ActorSpec, ...]
    places: tuple[PlaceSpec, ...]
    numbers: dict[str, Number]
    switches: dict[str, str]
    forbid: tuple[str, ...] = ()
    script: tuple[ScriptedAct, ...] = ()
    injects: tuple[Inject, ...] = ()
    overridden: tuple[str, ...] = ()
    sweep: Sweep | None = None

    def actors_of(self, role: str) -> tuple[ActorSpec, ...]:
        """The actors that play a role, in the order of the case; none, one or more."""
        return tuple(actor for actor in self.actors if actor.role == role)

    def sampled(self, luck: Luck, mode: str, overrides: Mapping[str, float] | None = None) -> Numbers:
        """Every number by dotted key under this luck, in one of the modes of `draw`, with overrides on top.

        Raises ValueError for another mode and for a key that is no number of this scenario.
        """
        values = draw(self.numbers, luck, mode)
        for key, value in (overrides or {}).items():
            if key not in values:
                raise ValueError(f"{key}: no number of the scenario {self.name}")
            values[key] = float(value)
        return values

    def to_dict(self) -> dict[str, Any]:
        """The scenario as plain data for JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "question": self.question,
            "case": self.case,
            "start": self.start.isoformat(),
            "actors": [asdict(actor) for actor in self.actors],
            "places": [asdict(place) for place in self.places],
            "numbers": {key: plain(number) for key, number in self.numbers.items()},
            "switches": dict(self.switches),
            "forbid": list(self.forbid),
            "script": [asdict(act) for act in self.script],
            "injects": [asdict(inject) for inject in self.injects],
            "overridden": list(self.overridden),
        }

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Scenario:
        """The scenario of `to_dict`; of its numbers the line in the file is not known."""
        lists = ("source", "values", "weights")
        numbers: dict[str, Number] = {}
        for key, number in data["numbers"].items():
            parts: dict[str, Any] = {
                name: tuple(number[name]) if name in lists else number[name] for name in number
            }
            numbers[key] = Number(**parts)
        tables: dict[str, Any] = {
            "actors": ActorSpec, "places": PlaceSpec, "script": ScriptedAct, "injects": Inject
        }  # fmt: skip
        return Scenario(**{
            **data,
            "start": date.fromisoformat(data["start"]),
            "numbers": numbers,
            "forbid": tuple(data["forbid"]),
            "overridden": tuple(data["overridden"]),
            **{name: tuple(part(**entry) for entry in data[name]) for name, part in tables.items()},
        })  # fmt: skip

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the scenario as canonical JSON, without the evidence for its numbers."""
        data = self.to_dict()
        for number in data["numbers"].values():
            for key in EVIDENCE:
                del number[key]
        text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()


def load_scenario(name_or_path: str | Path) -> Scenario:
    """The scenario of a shipped name or a TOML file; raises ScenarioError with all problems of one stage."""
    try:
        return _load(path_of(name_or_path))
    except ScenarioError:
        raise
    except InputError as wrong:
        raise ScenarioError(wrong.problems) from None


def load_many(names_or_paths: Iterable[str | Path]) -> list[Scenario]:
    """The scenarios of shipped names, files and folders, in that order; raises ScenarioError."""
    problems: list[Problem] = []
    found: list[Scenario] = []
    origin: dict[str, str] = {}
    for name in names_or_paths:
        try:
            path = path_of(name)
            for file in members(path) if isdir(path) else [path]:
                scenario = _load(file)
                if scenario.name in origin:
                    message = (
                        f"expected a name of its own; {origin[scenario.name]} is called {scenario.name!r} too"
                    )
                    raise InputError([Problem(shown(file), 1, "", message)])
                origin[scenario.name] = shown(file)
                found.append(scenario)
        except InputError as wrong:
            problems += wrong.problems
    if problems:
        raise ScenarioError(dict.fromkeys(problems))
    return found


def _load(path: Path) -> Scenario:
    links, case = read_chain(path)
    numbers, overridden, problems = apply_overrides(links, case, behaviour() | case.numbers)
    forbid, script, injects, wrong = acts_and_events(links, case)
    sweep, astray = read_sweep(links, case, numbers)
    if problems + wrong + astray:
        raise InputError(problems + wrong + astray)
    switches = dict(DEFAULT_SWITCHES)
    for link in links:
        switches |= link.table.switches.model_dump(exclude_none=True)
    starts = [link.table.start for link in links if link.table.start is not None]
    last = links[-1]
    return Scenario(
        name=last.name,
        title=last.table.title,
        question=last.table.question,
        case=case.name,
        start=starts[-1] if starts else case.start,
        actors=case.actors,
        places=case.places,
        numbers=numbers,
        switches=switches,
        forbid=forbid,
        script=tuple(ScriptedAct(float(act.day), act.actor, act.action) for act in script),
        injects=tuple(
            Inject(float(e.day), e.event, float(e.size), HORIZON - e.day if e.days is None else float(e.days))
            for e in injects
        ),
        overridden=overridden,
        sweep=sweep,
    )
