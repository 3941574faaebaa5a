"""Numbers: each with value, unit, range, distribution, grade of evidence and source, or it does not load.

Behaviour stands in `parameters.toml` and is the same in every case; the numbers of a case have the same form.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal
from zlib import crc32

from pydantic import Field

from model.csv_source import heading_problems, read_table
from model.csv_source import number as number_of
from model.numbers import Numbers
from model.schema import Strict, check, kind_of
from model.toml_source import Document, InputError, Problem, nearest, read_toml, shown

if TYPE_CHECKING:
    from model.randomness import Luck

BEHAVIOUR = Path(__file__).with_name("parameters.toml")
POSTERIOR = BEHAVIOUR.with_name("posterior.csv")
#: ways of drawing the numbers of a run
MODES = ("posterior", "prior", "nominal")
SOURCES = Path(__file__).with_name("sources.csv")
ASSUMPTION = "assumption"
FIXED = "fixed"
NAME = r"^[a-z][a-z0-9_]*$"
Distribution = Literal["uniform", "loguniform", "triangular", "normal", "discrete"]


@dataclass(frozen=True)
class Source:
    """One row of `sources.csv`: a figure, a publication or a judgement that numbers rest on."""

    id: str
    kind: str
    quantity: str
    value: str
    low: str
    high: str
    unit: str
    period: str
    source: str
    address: str
    status: str
    note: str


@dataclass(frozen=True)
class Number:
    """A number of behaviour or situation, by its dotted key.

    value, low and high are in `unit`; distribution is one of the five, or "fixed" for a number that is never
    sampled; kind is uncertainty, lever or constant; grade A data, B literature, C expert, D assumption;
    values and weights belong to a discrete distribution; line is where the number stands in its file.
    """

    key: str
    value: float
    unit: str
    low: float
    high: float
    distribution: str
    kind: str
    grade: str
    source: tuple[str, ...]
    note: str
    values: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    line: int = field(default=0, compare=False)

    def at(self, share: float) -> float:
        """The value at a share (0-1) of the prior."""
        return _quantile()(
            self.distribution, share, self.value, self.low, self.high, self.values, self.weights
        )

    def spread(self, share: float) -> float:
        """The value at a share (0-1) of the prior, or of the range where the number is never sampled."""
        return self.at(share) if self.distribution != FIXED else self.low + (self.high - self.low) * share


@cache
def _quantile() -> Callable[..., float]:
    from model.distributions import quantile  # loads numpy, which reading a file does not need

    return quantile


class Entry(Strict):
    """A number as a TOML file gives it."""

    value: float = Field(description="the best single value, a number")
    unit: str = Field(min_length=1, description='the unit, "1" for a pure number')
    low: float = Field(description="the low end of the range, a number")
    high: float = Field(description="the high end of the range, a number")
    distribution: Distribution | None = Field(None, description="how an uncertainty is spread over its range")
    kind: Literal["uncertainty", "lever", "constant"] = Field(description="uncertainty, lever or constant")
    grade: Literal["A", "B", "C", "D"] = Field(description="A data, B literature, C expert or D assumption")
    source: list[str] = Field(min_length=1, description='ids in model/sources.csv, or ["assumption"]')
    note: str = Field(min_length=1, description="one line: meaning and arithmetic")
    values: list[float] | None = Field(None, description="values of a discrete distribution")
    weights: list[float] | None = Field(None, description="weights of a discrete distribution")


@cache
def _sources() -> dict[str, Source]:
    with SOURCES.open(newline="", encoding="utf-8") as lines:
        rows = [Source(**row) for row in csv.DictReader(lines)]
    table = {row.id: row for row in rows}
    if len(table) != len(rows):
        twice = sorted({row.id for row in rows if table[row.id] is not row})
        raise ValueError(f"{SOURCES.name}: ids given twice: {', '.join(twice)}")
    return table


def sources() -> dict[str, Source]:
    """All sources by id, in the order of the table. Raises ValueError when an id stands in two rows."""
    return dict(_sources())


@cache
def _behaviour() -> dict[str, Number]:
    document = read_toml(BEHAVIOUR)
    numbers: dict[str, Number] = {}
    problems: list[Problem] = []
    for section, entries in document.values.items():
        found, wrong = read_section(document, section, entries)
        numbers.update(found)
        problems += wrong
    if problems:
        raise InputError(problems)
    return numbers


def behaviour() -> dict[str, Number]:
    """The numbers of `parameters.toml` by dotted key. Raises InputError with all that is wrong with them."""
    return dict(_behaviour())


def read_section(document: Document, section: str, entries: Any) -> tuple[dict[str, Number], list[Problem]]:
    """The numbers `[section.name]` of a file by dotted key, and what is wrong with them."""
    if not isinstance(entries, dict):
        message = f"expected a section of numbers such as [{section}.name], found {kind_of(entries)}"
        return {}, [document.problem((section,), message)]
    numbers: dict[str, Number] = {}
    problems: list[Problem] = []
    for name, entry in entries.items():
        number, wrong = read_number(document, (section, name), entry)
        problems += wrong
        if number is not None:
            numbers[number.key] = number
    return numbers, problems


def read_number(
    document: Document, place: tuple[str, str], entry: Any
) -> tuple[Number | None, list[Problem]]:
    """One number of a file with what is wrong with it; None when its form is wrong."""
    table, problems = check(Entry, entry, document, place)
    if table is None:
        return None, problems
    number = Number(
        key=".".join(place),
        value=float(table.value),
        unit=table.unit,
        low=float(table.low),
        high=float(table.high),
        distribution=table.distribution or FIXED,
        kind=table.kind,
        grade=table.grade,
        source=tuple(table.source),
        note=table.note,
        values=tuple(map(float, table.values or ())),
        weights=tuple(map(float, table.weights or ())),
        line=document.line(place),
    )
    wrong = spread_problems(number) + _evidence_problems(number)
    return number, [
        document.problem((*place, key) if key in entry else place, message, hint, ".".join((*place, key)))
        for key, message, hint in wrong
    ]


def spread_problems(number: Number) -> list[tuple[str, str, str]]:
    """What is wrong with range and distribution of a number: (key, message, nearest name)."""
    wrong: list[tuple[str, str, str]] = []
    if number.low > number.high:
        wrong.append(("low", f"expected at most high = {number.high:g}, found {number.low:g}", ""))
    elif not number.low <= number.value <= number.high:
        wrong.append(
            ("value", f"expected within {number.low:g} to {number.high:g}, found {number.value:g}", "")
        )
    if number.kind == "uncertainty" and number.distribution == FIXED:
        wrong.append(("distribution", "missing; an uncertainty is sampled and needs one", ""))
    if number.distribution == "loguniform" and number.low <= 0:
        wrong.append(("low", f"expected above 0 for loguniform, found {number.low:g}", ""))
    if number.distribution != "discrete":
        for key, given in (("values", number.values), ("weights", number.weights)):
            if given:
                wrong.append(
                    (key, f"expected only with the distribution discrete, not {number.distribution}", "")
                )
    elif not number.values or len(number.values) != len(number.weights):
        wrong.append(("values", "expected values and as many weights for the distribution discrete", ""))
    elif min(number.weights) < 0 or sum(number.weights) <= 0:
        wrong.append(("weights", "expected weights from 0 on that are not all 0", ""))
    elif not all(number.low <= value <= number.high for value in number.values):
        wrong.append(("values", f"expected within {number.low:g} to {number.high:g}", ""))
    return wrong


def _evidence_problems(number: Number) -> list[tuple[str, str, str]]:
    known = _sources()
    wrong: list[tuple[str, str, str]] = []
    for source in number.source:
        if source != ASSUMPTION and source not in known:
            hint = nearest(source, (*known, ASSUMPTION))
            wrong.append(("source", f"expected ids of model/sources.csv, found {source!r}", hint))
    if ASSUMPTION in number.source and number.grade != "D":
        wrong.append(("grade", f"expected D for an assumption, found {number.grade}", ""))
    return wrong


@cache
def posterior() -> tuple[Mapping[str, float], ...]:
    """Joint draws of the numbers of behaviour that history informs, as `run.py calibrate` left them.

    Raises InputError with file, line and column of all that does not fit the numbers.
    """
    file, known = shown(POSTERIOR), _behaviour()
    uncertain = {key: number for key, number in known.items() if number.kind == "uncertainty"}
    rows, heading = read_table(POSTERIOR)
    problems = heading_problems(file, heading, uncertain)
    if problems:
        raise InputError(problems)
    draws: list[dict[str, float]] = []
    for line, row in rows:
        drawn: dict[str, float] = {}
        for key, cell in row.items():
            value, wrong = number_of(file, line, key, cell)
            low, high = uncertain[key].low, uncertain[key].high
            if not wrong and not low <= value <= high:
                wrong = [Problem(file, line, key, f"expected within {low:g} to {high:g}, found {cell}")]
            problems += wrong
            drawn[key] = value
        draws.append(drawn)
    if problems:
        raise InputError(problems)
    return tuple(MappingProxyType(drawn) for drawn in draws)


def draw(numbers: Mapping[str, Number], luck: Luck, mode: str) -> Numbers:
    """Every number by dotted key in one of MODES.

    nominal: its value. prior: as luck has it; a sampled number is the quantile function of a uniform keyed by
    its own name, so it depends neither on the other numbers nor on their order. posterior: numbers that
    history informs come together from one joint draw, the rest as in the prior; so does a number that a
    scenario has given a meaning of its own. Levers and constants keep their value. Raises ValueError for
    another mode.
    """
    if mode not in MODES:
        raise ValueError(f"no mode {mode!r} of drawing numbers; expected one of {', '.join(MODES)}")
    if mode == "nominal":
        return Numbers({key: number.value for key, number in numbers.items()})
    joint: Mapping[str, float] = _joint_draw(luck) if mode == "posterior" else {}
    known = _behaviour()
    together = {key for key in joint if key in numbers and _alike(numbers[key], known[key])}
    alone = [key for key, number in numbers.items() if number.kind == "uncertainty" and key not in together]
    places = dict(zip(alone, places_in_prior(alone, luck), strict=True))
    return Numbers({
        key: joint[key] if key in together else number.at(places[key]) if key in places else number.value
        for key, number in numbers.items()
    })  # fmt: skip


def _alike(one: Number, other: Number) -> bool:
    return one is other or one == other


def _joint_draw(luck: Luck) -> Mapping[str, float]:
    from model.randomness import DECISIONS  # loads numpy, which reading a file does not need

    rows = posterior()
    u = luck.uniform(DECISIONS["parameter"], 0, 0, crc32(b"posterior"))
    return rows[min(int(u * len(rows)), len(rows) - 1)]


def places_in_prior(keys: Sequence[str], luck: Luck) -> list[float]:
    """Where luck puts numbers in their priors, 0-1: the uniform behind the draw of each."""
    from model.randomness import DECISIONS

    return luck.items(DECISIONS["parameter"], 0, 0, [crc32(key.encode()) for key in keys]).tolist()


def plain(number: Number) -> dict[str, Any]:
    """A number as plain data for JSON, without the line on which it stands."""
    data = {part.name: getattr(number, part.name) for part in fields(number) if part.name != "line"}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in data.items()}
