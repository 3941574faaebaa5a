"""A case: who plays which role of a coercive crisis, where, and the numbers of that situation."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from model.parameters import NAME, Number, behaviour, read_section
from model.schema import Strict, check, kind_of
from model.situation import WORLD, Need, needs
from model.toml_source import Document, InputError, Problem, nearest, read_toml


@dataclass(frozen=True)
class ActorSpec:
    """An actor of a case: the role it plays, its name (also the section of its numbers), its label."""

    role: str
    name: str
    label: str


@dataclass(frozen=True)
class PlaceSpec:
    """A place of a case, of one of the kinds that PlaceTable lists."""

    kind: str
    name: str


@dataclass(frozen=True)
class Case:
    """A situation as its file gives it: day 0, actors, places, and numbers by dotted key."""

    name: str
    title: str
    about: str
    start: date
    actors: tuple[ActorSpec, ...]
    places: tuple[PlaceSpec, ...]
    numbers: dict[str, Number]
    bounds: dict[str, tuple[float, float]]


class ActorTable(Strict):
    """`[[actor]]` of a case file."""

    role: Literal[
        "coercer",
        "garrison",
        "government",
        "army",
        "households",
        "norm_bloc",
        "alliance",
        "court",
        "onlookers",
        "neighbour",
    ] = Field(description="the role played")
    name: str = Field(pattern=NAME, description="a name of its own, also the section of its numbers")
    label: str = Field(min_length=1, description="what a reader calls it")


class PlaceTable(Strict):
    """`[[place]]` of a case file."""

    kind: Literal[
        "base",
        "airport",
        "government_quarter",
        "province",
        "detention",
        "broadcaster",
        "air_defence",
        "depot",
        "border",
    ] = Field(description="what kind of place it is")
    name: str = Field(pattern=NAME, description="a name of its own")


class CaseFile(Strict):
    """A case file without its sections of numbers."""

    title: str = Field(min_length=1, description="a short title")
    about: str = Field(min_length=1, description="a sentence or two on the case")
    start: date = Field(description="day 0, a date such as 2025-10-08")
    actor: list[ActorTable] = Field(min_length=1, description="at least one [[actor]]")
    place: list[PlaceTable] = Field([], description="places as [[place]]")


def is_case(values: dict[str, Any]) -> bool:
    """Whether the values of a file are those of a case rather than of a scenario."""
    return ("actor" in values or "place" in values) and not ("case" in values or "extends" in values)


def load_case(path: Path) -> Case:
    """Read a case file; raises InputError with all problems of its syntax, else of form, else of meaning."""
    return read_case(read_toml(path), path.stem)


def read_case(document: Document, name: str, others: Collection[str] = ()) -> Case:
    """The case in a file already read; raises InputError as `load_case` does.

    others: keys that the file may have beside those of a case, and that somebody else reads.
    """
    head = {key: value for key, value in document.values.items() if key in CaseFile.model_fields}
    table, problems = check(CaseFile, head, document)
    if table is None:
        raise InputError(problems + list(_strange(document, None, others)))
    actors = tuple(ActorSpec(row.role, row.name, row.label) for row in table.actor)
    places = tuple(PlaceSpec(row.kind, row.name) for row in table.place)
    problems += _strange(document, actors, others)
    problems += _repeated(document, actors, places)
    kinds = [place.kind for place in places]
    if "province" in kinds and "government_quarter" in kinds:
        message = "expected no government_quarter beside it: force can reach the one or the other"
        problems.append(document.problem(("place", kinds.index("province"), "kind"), message))
    numbers: dict[str, Number] = {}
    bounds: dict[str, tuple[float, float]] = {}
    for section, needed, required in _sections(actors, places):
        given = document.values.get(section, {})
        known = given
        if isinstance(given, dict):
            known = {key: entry for key, entry in given.items() if key in needed}
            problems += [_unknown(document, section, key, needed) for key in given if key not in needed]
            problems += [_missing(document, section, needed[key]) for key in required if key not in given]
        found, wrong = read_section(document, section, known)
        problems += wrong
        for number in found.values():
            need = needed[number.key.split(".")[1]]
            problems += _misfit(document, number, need)
            bounds[number.key] = (need.low, need.high)
        numbers.update(found)
    if problems:
        raise InputError(problems)
    return Case(name, table.title, table.about, table.start, actors, places, numbers, bounds)


def _sections(
    actors: tuple[ActorSpec, ...], places: tuple[PlaceSpec, ...]
) -> Iterator[tuple[str, dict[str, Need], list[str]]]:
    """Every section that a case with these actors and places may have, its numbers, and the keys required."""
    for actor in actors:
        yield actor.name, needs(actor.role), list(needs(actor.role))
    kinds = {place.kind for place in places}
    present = {actor.role for actor in actors}
    for section, role in WORLD.items():
        needed = needs(section)
        if section == "roads":  # a road for each kind of place that there is
            yield section, needed, [key for key in needed if key in kinds]
        else:
            yield section, needed, list(needed) if role in present else []


def _strange(
    document: Document, actors: tuple[ActorSpec, ...] | None, others: Collection[str]
) -> Iterator[Problem]:
    """Top-level keys that are neither of a case nor sections of numbers (those only with known actors)."""
    names = [actor.name for actor in actors or ()]
    for key, value in document.values.items():
        if key in CaseFile.model_fields or key in WORLD or key in names:
            continue
        if not isinstance(value, dict):
            valid = sorted({*CaseFile.model_fields, *others})
            yield document.problem(
                (key,), f"unknown key; expected one of {', '.join(valid)}", nearest(key, valid)
            )
        elif actors is not None:
            misplaced = [name for name in value if f"{key}.{name}" in behaviour()]
            for name in misplaced:
                yield _behaviour_key(document, key, name)
            if not misplaced:
                valid = [*names, *WORLD]
                message = f"unknown section; expected the name of an actor or one of {', '.join(WORLD)}"
                yield document.problem((key,), message, nearest(key, valid))


def _repeated(
    document: Document, actors: tuple[ActorSpec, ...], places: tuple[PlaceSpec, ...]
) -> Iterator[Problem]:
    """Names given to two actors or two places, and actors named like something else of the file."""
    for table, names in (("actor", [a.name for a in actors]), ("place", [p.name for p in places])):
        for number, name in enumerate(names):
            if name in names[:number]:
                message = f"expected a name of its own; another {table} is called {name!r} too"
                yield document.problem((table, number, "name"), message)
            elif table == "actor" and (name in WORLD or name in CaseFile.model_fields):
                message = f"expected another name; {name!r} is a section or key of every case file"
                yield document.problem((table, number, "name"), message)


def _unknown(document: Document, section: str, key: str, needed: dict[str, Need]) -> Problem:
    if f"{section}.{key}" in behaviour():
        return _behaviour_key(document, section, key)
    hint = nearest(key, needed)
    message = "unknown number; expected one of the keys that model/situation.csv names for this section"
    return document.problem((section, key), message, f"{section}.{hint}" if hint else "")


def _behaviour_key(document: Document, section: str, key: str) -> Problem:
    message = "is behaviour, the same in every case; expected only numbers of the situation here"
    return document.problem((section, key), message)


def _missing(document: Document, section: str, need: Need) -> Problem:
    message = (
        f"missing; expected {need.meaning}, in {need.unit}, {need.low:g} to {need.high:g} ({need.owner})"
    )
    return document.problem((section, need.key), message)


def _misfit(document: Document, number: Number, need: Need) -> Iterator[Problem]:
    """A unit other than the one declared, or a range beyond its hard bounds."""
    place = tuple(number.key.split("."))
    if number.unit != need.unit:
        message = f"expected {need.unit!r}, found {kind_of(number.unit)}"
        yield document.problem((*place, "unit"), message, need.unit)
    for key in ("value", "low", "high"):
        given = getattr(number, key)
        if not need.low <= given <= need.high:
            message = f"expected within {need.low:g} to {need.high:g} {need.unit}, found {given:g}"
            yield document.problem((*place, key), message)
