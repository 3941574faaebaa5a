"""PRIM finds a planted box and says nothing of noise; the smallest change that flips an answer is the smallest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.analysis.discovery import Limit, find_boxes, fit, inside, kept_apart, parted
from model.analysis.expression import known_columns, parse
from model.analysis.smallest_changes import PAIR_STEPS, Lever, Tried, alone, flips, in_pairs


def sample(runs: int, numbers: int, seed: int) -> pd.DataFrame:
    values = np.random.default_rng(seed).random((runs, numbers)) * 10.0
    return pd.DataFrame(values, columns=[f"x.n{n}" for n in range(numbers)])


ODD = np.arange(1000) % 2 == 1


def test_a_planted_box_is_found_among_many_numbers_and_holds_on_other_runs() -> None:
    x = sample(1000, 60, 1)
    y = ((x["x.n3"] > 6.0) & (x["x.n8"] < 5.0)).to_numpy() ^ (np.random.default_rng(2).random(1000) < 0.03)
    first = find_boxes(x, y, ODD, boxes=1)[0]
    limits = {limit.key: limit for limit in first.limits}
    assert set(limits) == {"x.n3", "x.n8"}
    assert limits["x.n3"].low == pytest.approx(6.0, abs=0.4)
    assert limits["x.n3"].high is None
    assert limits["x.n8"].high == pytest.approx(5.0, abs=0.4)
    assert limits["x.n8"].low is None
    assert max(limits["x.n3"].p_low or 1.0, limits["x.n8"].p_high or 1.0) < 1e-6
    assert first.borne_out
    assert first.apart.density > 0.85
    assert first.apart.coverage > 0.75
    assert first.apart.base == pytest.approx(y[ODD].mean())


def test_two_planted_boxes_are_found_one_after_the_other() -> None:
    x = sample(1000, 10, 3)
    y = ((x["x.n0"] > 7.5) | (x["x.n1"] > 8.0)).to_numpy()
    found = find_boxes(x, y, ODD, boxes=2)
    assert [[limit.key for limit in box.limits] for box in found] == [["x.n0"], ["x.n1"]]
    assert sum(box.apart.hits for box in found) <= int(y[ODD].sum())  # no case is counted twice
    assert found[0].apart.coverage + found[1].apart.coverage > 0.9


def test_noise_gives_no_box_that_holds_apart() -> None:
    dense, borne_out = [], 0
    for seed in range(5):
        x = sample(1000, 40, 100 + seed)
        y = np.random.default_rng(seed).random(1000) < 0.4
        found = find_boxes(x, y, ODD, boxes=1)
        dense += [box.apart.density - box.apart.base for box in found]
        borne_out += sum(box.borne_out for box in found)
    assert len(dense) <= 4  # most searches find nothing that chance would not give
    assert np.mean(dense or [0.0]) < 0.1
    assert borne_out <= 1


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_an_outcome_that_always_or_never_comes_about_has_no_box(share: float) -> None:
    assert find_boxes(sample(200, 5, 1), np.full(200, share > 0.5), ODD[:200]) == []


@given(st.floats(0, 10), st.floats(0, 10))
def test_a_box_holds_what_lies_within_its_ends(low: float, high: float) -> None:
    x = sample(100, 2, 7)
    limits = (Limit("x.n0", low, None, None, None), Limit("x.n1", None, high, None, None))
    expected = [(a >= low) and (b <= high) for a, b in zip(x["x.n0"], x["x.n1"], strict=True)]
    assert inside(x, limits).tolist() == expected
    y = np.arange(100) % 3 == 0
    own = fit(x, y, limits)
    assert (own.runs, own.inside, own.cases) == (100, sum(expected), int(y.sum()))
    assert own.hits == sum(e and bool(c) for e, c in zip(expected, y, strict=True))


def frame(name: str, killed: list[float | None], points: list[tuple[int, int]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "scenario": name,
            "point": [p for p, _ in points],
            "replicate": [r for _, r in points],
            "killed_total": killed,
        }
    )


def test_a_condition_on_two_scenarios_is_read_pair_by_pair() -> None:
    frames = {
        "a": frame("a", [1.0, 5.0, 2.0, None], [(0, 0), (0, 1), (0, 2), (0, 3)]),
        "b": frame("b", [4.0, 3.0, 9.0], [(0, 1), (0, 0), (0, 3)]),
    }
    condition = parse("killed_total < killed_total@b", known_columns(), ["b"])
    runs, held, apart = parted(condition, frames, "a")
    assert runs["replicate"].tolist() == [0, 1]  # 2 has no partner, 3 has no dead
    assert held.tolist() == [True, False]
    assert apart.tolist() == [False, True]


A = Lever("l.a", "men", 2.0, 0.0, 10.0)
B = Lever("l.b", "USD", 0.0, 0.0, 100.0)
C = Lever("l.c", "1", 1.0, 0.0, 1.0)


def answered(values: dict[str, float]) -> Tried:
    """Held in 80 of 100 runs; A above 7 flips it, and so does half of A's rise with a fifth of B's."""
    a, b = values.get("l.a", A.value), values.get("l.b", B.value)
    push = max(a - 2.0, 0.0) / 5.5 + b / 60.0
    return Tried(values, 100, max(0, round(80 - 31 * push)))


def test_the_smallest_change_of_each_lever_is_found() -> None:
    tried = [answered(point) for point in alone([A, C], 11)]
    assert len(tried) == 10 + 10
    found = flips([A, C], answered({}), tried)
    assert [(dict(flip.values), flip.flips) for flip in found] == [
        ({"l.a": 8.0}, True),
        ({"l.c": 0.9}, False),
    ]
    assert found[0].change == pytest.approx(0.6)
    assert not found[0].sure  # 46 of 100


def test_a_pair_is_told_where_it_flips_with_less_than_either_alone() -> None:
    base = answered({})
    levers = [A, B, C]
    tried = [answered(point) for point in alone(levers, 11)]
    pairs = in_pairs(levers, base, tried)
    assert len(pairs) == PAIR_STEPS**2  # C moves nothing
    assert {tuple(pair) for pair in pairs} == {("l.b", "l.a")} or {tuple(pair) for pair in pairs} == {
        ("l.a", "l.b")
    }
    found = flips(levers, base, [*tried, *(answered(pair) for pair in pairs)])
    singles = {next(iter(f.values)): f for f in found if len(f.values) == 1}
    both = [f for f in found if len(f.values) == 2]
    assert all(f.change < min(singles["l.a"].change, singles["l.b"].change) for f in both)
    assert found[0].change == min(f.change for f in found if f.flips)


@given(st.integers(0, 100), st.lists(st.integers(0, 100), min_size=10, max_size=10))
def test_what_is_told_first_flips_with_the_least(base: int, held: list[int]) -> None:
    points = alone([A], 11)
    tried = [Tried(point, 100, count) for point, count in zip(points, held, strict=True)]
    (best,) = flips([A], Tried({}, 100, base), tried)
    changing = [A.change(p["l.a"]) for p, h in zip(points, held, strict=True) if (h >= 50) != (base >= 50)]
    assert best.flips == bool(changing)
    if changing:
        assert best.change == min(changing)
    else:
        assert best.share == (min(held) if base >= 50 else max(held)) / 100


def test_of_points_with_one_run_each_half_are_kept_apart_and_judge_the_box() -> None:
    runs = frame("a", [1.0] * 400, [(point, 0) for point in range(400)])
    apart = kept_apart(runs)
    assert apart.sum() == 200
    assert 60 < apart[::2].sum() < 140  # not every other point: of a grid that would be one end of a number
    assert (kept_apart(runs) == apart).all()
    x = sample(400, 8, 9)
    found = find_boxes(x, (x["x.n2"] > 7.0).to_numpy(), apart, boxes=1)[0]
    assert (found.apart.runs, found.borne_out) == (200, True)
    assert kept_apart(frame("a", [1.0] * 4, [(0, 0), (0, 1), (1, 0), (1, 1)])).tolist() == [False, True] * 2
