"""Sweeps: a section of a scenario file becomes exactly the parameter points that it names."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.parameters import behaviour
from model.scenario import ScenarioError, load_scenario
from model.sweep import Sample, Sweep, placed

GRID = '[sweep.grid]\n"ruler.legitimacy" = [0.2, 0.4, 0.9]\n"decision.mood_half_life" = [10, 20]\n'
LHS = '[sweep.lhs]\npoints = 8\nnumbers = ["decision.precision_between", "decision.precision_within"]\n'


def refusal(path: Path) -> list[str]:
    with pytest.raises(ScenarioError) as wrong:
        load_scenario(path)
    return str(wrong.value).splitlines()


def test_a_grid_is_every_combination_the_last_number_fastest(write_toy: Callable[..., Path]) -> None:
    scenario = load_scenario(write_toy("grid", GRID))
    assert scenario.sweep is not None
    assert scenario.sweep.size == 6
    assert [tuple(p.values()) for p in scenario.sweep.points(scenario.numbers)] == [
        (0.2, 10), (0.2, 20), (0.4, 10), (0.4, 20), (0.9, 10), (0.9, 20)
    ]  # fmt: skip


@given(st.lists(st.lists(st.floats(0, 1), min_size=1, max_size=4, unique=True), min_size=1, max_size=4))
def test_any_grid_enumerates_exactly(values: list[list[float]]) -> None:
    sweep = Sweep(tuple((f"a.{n}", tuple(own)) for n, own in enumerate(values)))
    points = sweep.points({})
    assert len(points) == sweep.size
    assert [tuple(point.values()) for point in points] == list(itertools.product(*values))


@settings(deadline=None)  # the first call loads scipy
@given(st.integers(2, 40), st.integers(0, 2**32))
def test_a_latin_hypercube_has_one_point_in_each_stratum_of_each_distribution(count: int, seed: int) -> None:
    numbers = behaviour()
    keys = ("decision.precision_between", "decision.mood_half_life", "coercer.pressure_ceiling")
    points = Sweep((), (Sample("lhs", count, keys, seed),)).points(numbers)
    for key in keys:
        edges = [numbers[key].spread(min(max(n / count, 1e-12), 1 - 1e-12)) for n in range(count + 1)]
        values = sorted(point[key] for point in points)
        assert all(low <= v <= high for low, v, high in zip(edges, values, edges[1:], strict=False))


def test_a_sobol_sequence_halves_every_distribution(write_toy: Callable[..., Path]) -> None:
    scenario = load_scenario(write_toy("sobol", LHS.replace("lhs", "sobol").replace("8", "16")))
    assert scenario.sweep is not None
    points = scenario.sweep.points(scenario.numbers)
    for key in scenario.sweep.keys:
        middle = scenario.numbers[key].at(0.5)
        assert sum(point[key] < middle for point in points) == 8


@pytest.mark.bytes
def test_the_same_seed_gives_the_same_points(write_toy: Callable[..., Path]) -> None:
    scenario = load_scenario(write_toy("lhs", LHS))
    assert scenario.sweep is not None
    points = scenario.sweep.points(scenario.numbers)
    assert points == scenario.sweep.points(scenario.numbers)
    other = replace(scenario.sweep, samples=(replace(scenario.sweep.samples[0], seed=2),))
    assert points != other.points(scenario.numbers)
    assert repr(points[0]["decision.precision_within"]) == "44.76832293890189"


def test_a_sample_within_a_grid_meets_every_cell(write_toy: Callable[..., Path]) -> None:
    scenario = load_scenario(write_toy("both", GRID + LHS))
    assert scenario.sweep is not None
    points = scenario.sweep.points(scenario.numbers)
    assert len(points) == scenario.sweep.size == 48
    assert [p["ruler.legitimacy"] for p in points[:9]] == [0.2] * 9
    assert [p["decision.mood_half_life"] for p in points[:9]] == [10] * 8 + [20]
    assert points[0]["decision.precision_within"] == points[8]["decision.precision_within"]


def test_an_override_gives_the_distribution_that_is_swept(write_toy: Callable[..., Path]) -> None:
    own = '[overrides]\n"decision.precision_within" = {value=20, low=19, high=21, distribution="uniform"}\n'
    scenario = load_scenario(write_toy("narrow", own + LHS))
    assert scenario.sweep is not None
    values = [point["decision.precision_within"] for point in scenario.sweep.points(scenario.numbers)]
    assert 19 <= min(values) < 19.25 < 20.75 < max(values) <= 21


def test_a_child_has_the_sweep_of_its_parent_or_its_own(write_toy: Callable[..., Path]) -> None:
    write_toy("parent", GRID)
    heir = load_scenario(write_toy("heir", "", 'extends = "parent"'))
    own = load_scenario(write_toy("own", LHS, 'extends = "parent"'))
    assert heir.sweep == load_scenario("parent.toml").sweep
    assert own.sweep is not None
    assert own.sweep.grid == ()


def test_a_sweep_is_no_part_of_what_one_run_is(write_toy: Callable[..., Path]) -> None:
    assert load_scenario(write_toy("one", GRID)).digest == load_scenario(write_toy("one")).digest


def test_shares_at_the_ends_have_values() -> None:
    numbers = behaviour()
    for key, number in numbers.items():
        low, high = placed([key], [[0.0], [1.0]], numbers)
        assert low[key] <= high[key]
        assert number.low <= low[key]
        assert high[key] <= number.high


@pytest.mark.parametrize(
    ("sweep", "lines"),
    [
        (
            '[sweep.grid]\n"ruler.legitimcy" = [0.5]\n"decision.mood_half_life" = [10, 10, 9e9]',
            [
                (":5: ruler.legitimcy: unknown number", "(nearest valid name: ruler.legitimacy)"),
                (":6: decision.mood_half_life: expected different values, found 10 twice",),
                (":6: decision.mood_half_life: expected within", "found 9e+09"),
            ],
        ),
        (
            '[sweep.lhs]\npoints = 4\nnumbers = ["ruler.legitimacy", "decision.impatence"]',
            [
                (":6: decision.impatence: unknown number", "(nearest valid name: decision.impatience)"),
                (":6: ruler.legitimacy: has no range to go over",),
            ],
        ),
        (
            '[sweep.sobol]\npoints = 12\nnumbers = ["decision.impatience", "decision.impatience"]',
            [
                (":5: sweep.sobol.points: expected a power of 2", "found 12; the nearest is 16"),
                (":6: decision.impatience: swept twice",),
            ],
        ),
        ("[sweep.grid]\nruler.legitimacy = [0.5]", [(":5: sweep.grid.ruler.legitimacy:", '"ruler.legitimacy"')]),
        ("[sweep.grids]\n", [(":4: sweep.grids: unknown key", "(nearest valid name: grid)")]),
        ('[sweep.lhs]\nnumbers = ["decision.impatience"]', [(":4: sweep.lhs.points: missing", "how many points")]),
        ("[sweep]", [(":4: sweep: expected [sweep.grid], [sweep.lhs] or [sweep.sobol], found none",)]),
        (
            '[sweep.grid]\n"ruler.legitimacy" = [0.1, 0.2]\n[sweep.lhs]\npoints = 60_000\n'
            'numbers = ["decision.impatience"]',
            [(":4: sweep: expected at most 100,000 points, found 120,000",)],
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_sweep_is_told_with_its_line(
    write_toy: Callable[..., Path], sweep: str, lines: list[tuple[str, ...]]
) -> None:
    told = refusal(write_toy("wrong", sweep))
    assert len(told) == len(lines)
    for line, parts in zip(told, lines, strict=True):
        for part in parts:
            assert part in line
