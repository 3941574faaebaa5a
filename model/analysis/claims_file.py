"""docs/claims.toml: claims as data, each a condition on outcomes with the reason for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from model.analysis.expression import Expression, ExpressionError, known_columns, parse
from model.parameters import Number
from model.scenario_chain import shipped
from model.schema import Strict, check
from model.toml_source import Document, InputError, Problem, nearest, read_toml

CLAIMS = Path(__file__).parents[2] / "docs" / "claims.toml"
#: what the commentary lays down step by step, with nobody free to do otherwise
STORY = "story_as_told"


class ClaimTable(Strict):
    """`[[claim]]` as the file gives it."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="a short name")
    claim: str = Field(min_length=1, description="the claim in one's own words")
    scenario: str = Field(description="the shipped scenario in which it is tested")
    predicate: str = Field(min_length=1, description="a condition on outcomes")
    given: str | None = Field(None, description="a condition that the claim presupposes")
    why: str = Field(min_length=1, description="why this predicate stands for the claim")
    rests_on: list[str] = Field(min_length=1, description="keys of numbers on which the answer leans")
    told: bool = Field(description="whether story_as_told lays it down, true or false")


class ClaimsFile(Strict):
    """The whole file."""

    claim: list[ClaimTable] = Field(min_length=1, description="the claims, each under [[claim]]")


@dataclass(frozen=True)
class Claim:
    """A claim that has been read. grade: the worst grade of the numbers that it rests on."""

    name: str
    text: str
    scenario: str
    predicate: Expression
    given: Expression | None
    why: str
    rests_on: tuple[str, ...]
    grade: str
    told: bool

    @property
    def needs(self) -> tuple[str, ...]:
        """The scenarios of which its runs are needed, its own first."""
        others = [
            name.partition("@")[2]
            for expression in (self.predicate, self.given)
            if expression is not None
            for name in expression.names
            if "@" in name
        ]
        return tuple(dict.fromkeys([self.scenario, *others]))


def read_claims(path: Path, numbers: Mapping[str, Number]) -> list[Claim]:
    """The claims of a file; numbers: those of the case, for columns and grades. Raises InputError."""
    document = read_toml(path)
    table, problems = check(ClaimsFile, document.values, document)
    if table is None:
        raise InputError(problems)
    found: list[Claim] = []
    seen: dict[str, int] = {}
    for place, entry in enumerate(table.claim):
        problems += _wrong_names(document, place, entry, numbers, seen)
        columns = known_columns(key for key, number in numbers.items() if number.kind != "constant")
        expressions: dict[str, Expression] = {}
        for key, text in (("predicate", entry.predicate), ("given", entry.given)):
            if text is None:
                continue
            try:
                expressions[key] = parse(text, columns, shipped())
            except ExpressionError as wrong:
                where = f"at character {wrong.place + 1}: {wrong.message}"
                problems.append(document.problem(("claim", place, key), where, wrong.hint))
        if "predicate" in expressions and not problems:
            found.append(
                Claim(
                    name=entry.name,
                    text=entry.claim,
                    scenario=entry.scenario,
                    predicate=expressions["predicate"],
                    given=expressions.get("given"),
                    why=entry.why,
                    rests_on=tuple(entry.rests_on),
                    grade=max(numbers[key].grade for key in entry.rests_on),
                    told=entry.told,
                )
            )
    if problems:
        raise InputError(problems)
    return found


def _wrong_names(
    document: Document, place: int, entry: ClaimTable, numbers: Mapping[str, Number], seen: dict[str, int]
) -> list[Problem]:
    above = ("claim", place)
    problems = []
    if entry.name in seen:
        message = f"expected a name of its own; claim {seen[entry.name] + 1} is called {entry.name!r} too"
        problems.append(document.problem((*above, "name"), message))
    seen.setdefault(entry.name, place)
    if entry.scenario not in shipped():
        message = f"expected the name of a shipped scenario, found {entry.scenario!r}"
        problems.append(document.problem((*above, "scenario"), message, nearest(entry.scenario, shipped())))
    for key in entry.rests_on:
        if key not in numbers:
            message = f"expected the key of a number, found {key!r}"
            problems.append(document.problem((*above, "rests_on"), message, nearest(key, numbers)))
    return problems
