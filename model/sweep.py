"""A sweep: the parameter points at which a scenario asks to be run, from `[sweep]` in its file.

`[sweep.grid]` takes every combination of the values listed, `[sweep.lhs]` a Latin hypercube (McKay, Beckman and
Conover 1979), `[sweep.sobol]` a scrambled Sobol sequence (Owen 1998). A sample goes over the distribution that each
number has in this scenario, overrides included; one that is never sampled goes evenly over its range. Where more
than one is asked for, every combination is taken.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from model.case import Case
from model.parameters import Number
from model.scenario_chain import Link
from model.scenario_file import MOST_POINTS, SweepTable
from model.scenario_meaning import nearest_key, possible
from model.toml_source import Place, Problem

Point = dict[str, float]


@dataclass(frozen=True)
class Sample:
    """Points spread over some numbers: method lhs or sobol, how many, dotted keys, seed of the design."""

    method: str
    points: int
    keys: tuple[str, ...]
    seed: int


@dataclass(frozen=True)
class Sweep:
    """grid: values by dotted key, in the order of the file; samples: what is spread over distributions."""

    grid: tuple[tuple[str, tuple[float, ...]], ...] = ()
    samples: tuple[Sample, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Dotted keys of the numbers swept."""
        return (*(key for key, _ in self.grid), *(key for sample in self.samples for key in sample.keys))

    @property
    def size(self) -> int:
        """Number of points."""
        return math.prod([len(values) for _, values in self.grid] + [s.points for s in self.samples])

    def points(self, numbers: Mapping[str, Number]) -> tuple[Point, ...]:
        """The points in order, the last key of the grid going round fastest, samples within the grid."""
        names = [key for key, _ in self.grid]
        cells = [
            dict(zip(names, cell, strict=True)) for cell in itertools.product(*(v for _, v in self.grid))
        ]
        parts = [cells, *(sampled(sample, numbers) for sample in self.samples)]
        return tuple(
            {k: v for part in chosen for k, v in part.items()} for chosen in itertools.product(*parts)
        )


def sampled(sample: Sample, numbers: Mapping[str, Number]) -> list[Point]:
    """The points of a sample; the same for the same seed."""
    from scipy.stats import qmc  # loads scipy, which reading a file does not need

    kind = qmc.LatinHypercube if sample.method == "lhs" else qmc.Sobol
    shares = kind(d=len(sample.keys), rng=sample.seed).random(sample.points)
    return placed(sample.keys, shares, numbers)


def placed(
    keys: Sequence[str], shares: Sequence[Sequence[float]], numbers: Mapping[str, Number]
) -> list[Point]:
    """Points whose numbers lie at these shares (points, keys), 0-1, of their distributions.

    Both ends are drawn in by 2**-53, where a normal distribution still has a quantile.
    """
    edge = 2.0**-53
    return [
        {
            key: numbers[key].spread(min(max(float(u), edge), 1.0 - edge))
            for key, u in zip(keys, row, strict=True)
        }
        for row in shares
    ]


def read_sweep(
    links: Sequence[Link], case: Case, numbers: Mapping[str, Number]
) -> tuple[Sweep | None, list[Problem]]:
    """The sweep of a chain (root first), which is that of its last file to have one, and all problems with it."""
    found = [link for link in links if link.table.sweep is not None]
    if not found:
        return None, []
    link = found[-1]
    table = link.table.sweep
    assert table is not None
    sweep = Sweep(
        tuple((key, tuple(map(float, values))) for key, values in table.grid.items()),
        tuple(
            Sample(method, asked.points, tuple(asked.numbers), asked.seed)
            for method, asked in (("lhs", table.lhs), ("sobol", table.sobol))
            if asked is not None
        ),
    )
    return sweep, list(_problems(link, table, sweep, case, numbers))


def _problems(
    link: Link, table: SweepTable, sweep: Sweep, case: Case, numbers: Mapping[str, Number]
) -> Iterator[Problem]:
    places: list[tuple[Place, str]] = [(("sweep", "grid", key), key) for key, _ in sweep.grid]
    for sample in sweep.samples:
        places += [(("sweep", sample.method, "numbers", n), key) for n, key in enumerate(sample.keys)]
    seen: set[str] = set()
    for place, key in places:
        if key not in numbers:
            message = "unknown number; expected a dotted key that `parameters` lists"
            yield link.document.problem(place, message, nearest_key(key, numbers), key)
        elif key in seen:
            yield link.document.problem(place, "swept twice; expected each number once", key=key)
        elif place[1] != "grid" and numbers[key].low == numbers[key].high:
            message = (
                "has no range to go over; expected a distribution in [overrides], or values in [sweep.grid]"
            )
            yield link.document.problem(place, message, key=key)
        seen.add(key)
    for key, values in sweep.grid:
        if key in numbers:
            yield from _out_of_range(link, key, values, case, numbers[key])
    if table.sobol is not None and table.sobol.points & (table.sobol.points - 1):
        near = 2 ** round(math.log2(table.sobol.points))
        message = f"expected a power of 2, in which the sequence is balanced, found {table.sobol.points}"
        yield link.document.problem(("sweep", "sobol", "points"), f"{message}; the nearest is {near}")
    if not places:
        yield link.document.problem(
            ("sweep",), "expected [sweep.grid], [sweep.lhs] or [sweep.sobol], found none"
        )
    elif sweep.size > MOST_POINTS:
        message = f"expected at most {MOST_POINTS:,} points, found {sweep.size:,}"
        first = "grid" if sweep.grid else sweep.samples[0].method
        yield link.document.problem(("sweep", first), message, key="sweep")


def _out_of_range(
    link: Link, key: str, values: Sequence[float], case: Case, number: Number
) -> Iterator[Problem]:
    low, high = possible(case, number)
    for position, value in enumerate(values):
        place = ("sweep", "grid", key, position)
        if not low <= value <= high:
            message = f"expected within {low:g} to {high:g} {number.unit}, found {value:g}"
            yield link.document.problem(place, message, key=key)
        elif value in values[:position]:
            yield link.document.problem(place, f"expected different values, found {value:g} twice", key=key)
