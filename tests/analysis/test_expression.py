from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.analysis.expression import DEEPEST, ExpressionError, known_columns, parse

COLUMNS = known_columns(["coercer.patience"])
RUNS: dict[str, list[Any]] = {
    "force_used": [True, False, True, None],
    "days_to_force": [1.0, None, 9.0, None],
    "end_state": ["freed", "held", "released", None],
    "remittance_floor": [0.25, 0.5, None, 1.0],
    "coercer.patience": [1.0, 2.0, 0.0, 4.0],
    "welfare_of_people": [0.5, 0.5, 0.5, 0.5],
    "welfare_of_people@no_arrest": [1.0, 0.25, None, 0.5],
}


def marks(text: str) -> list[bool | None]:
    """What each run says of a condition."""
    found = parse(text, COLUMNS, ["no_arrest"]).evaluate(RUNS)
    return [None if math.isnan(mark) else bool(mark) for mark in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("force_used", [True, False, True, None]),
        ("not force_used", [False, True, False, None]),
        ("days_to_force <= 7", [True, False, False, False]),  # never is later than any day
        ("days_to_force > 7", [False, True, True, True]),
        ("days_to_force is never", [False, True, False, True]),
        ("force_used is empty", [False, False, False, True]),
        ("end_state is not empty", [True, True, True, False]),
        ("end_state == 'freed'", [True, False, False, None]),
        ('end_state in ("freed", "held")', [True, True, False, None]),
        ("end_state not in ('freed', 'held')", [False, False, True, None]),
        ("remittance_floor < 0.5 or force_used", [True, False, True, None]),
        ("remittance_floor < 0.5 and force_used", [True, False, None, False]),
        ("not (remittance_floor < 0.5 and force_used)", [False, True, None, True]),
        ("0.25 <= remittance_floor < 1", [True, True, None, False]),
        ("coercer.patience * 2 - 1 == 3", [False, True, False, False]),
        ("1 / coercer.patience > 0.4", [True, True, None, False]),
        ("- remittance_floor + 1 >= .5", [True, True, None, False]),
        ("welfare_of_people < welfare_of_people @ no_arrest", [True, False, None, False]),
        ("days_to_force - days_to_force == 0", [True, None, True, None]),
        ("true", [True]),
        ("force_used == false", [False, True, False, None]),
    ],
)
def test_what_a_condition_says_of_each_run(text: str, expected: list[bool | None]) -> None:
    assert marks(text) == expected


def test_a_data_frame_will_do_with_its_nulls() -> None:
    frame = pd.DataFrame(
        {"force_used": pd.array([True, None], dtype="boolean"), "end_state": ["freed", None]}
    )
    found = parse("force_used and end_state == 'freed'", COLUMNS).evaluate(frame)
    assert found[0] == 1.0
    assert math.isnan(found[1])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a column"),
        ("days_to_forse < 7", r"no column 'days_to_forse'; there are end_state, .*nearest valid name: days_to_force\)"),
        ("coercer.patients > 1", r"nearest valid name: coercer.patience"),
        ("end_state == 'fred'", r"its levels are not_arrested, .*nearest valid name: freed"),
        ("end_state in ('freed', 'hold')", r"nearest valid name: held"),
        ("welfare_of_people@no_arest > 1", r"no scenario 'no_arest'.*nearest valid name: no_arrest"),
        ("force_used = true", r"did you mean ==\?"),
        ("end_state < 'freed'", "no order"),
        ("end_state == 3", "a number cannot be compared with a text"),
        ("days_to_force", "neither true nor false"),
        ("force_used + 1 > 0", "cannot be reckoned with"),
        ("force_used force_used", "expected and, or"),
        ("(force_used", r"expected \)"),
        ("days_to_force is later", "expected empty or never"),
        ("1 + 1 is empty", "only a column"),
        ("__import__('os').system('true')", r"'\.' has no meaning here"),
        ("__import__('os')", "no column '__import__'"),
        ("force_used.__class__", "no column 'force_used.__class__'"),
        ("1e999 > 1", "too large"),
        ("7days > 1", "no meaning here"),
        ("lambda: 0", "':' has no meaning here"),
        ("end_state[0] == 'f'", r"'\[' has no meaning here"),
        ("(" * (DEEPEST + 1) + "force_used", "nested more than"),
        ("not " * 3000 + "force_used", "longer than"),
        ("not " * 200 + "force_used", "nested more than"),
    ],
)  # fmt: skip
def test_a_wrong_condition_says_what_was_expected(text: str, message: str) -> None:
    with pytest.raises(ExpressionError, match=message):
        parse(text, COLUMNS, ["no_arrest"])


def test_the_place_of_a_mistake_is_told() -> None:
    with pytest.raises(ExpressionError) as wrong:
        parse("force_used and nothing > 1", COLUMNS)
    assert wrong.value.place == len("force_used and ")


def test_columns_are_named_once_and_missing_ones_are_no_nulls() -> None:
    expression = parse("force_used or force_used and remittance_floor < 1", COLUMNS)
    assert expression.names == ("force_used", "remittance_floor")
    with pytest.raises(KeyError):
        expression.evaluate({"force_used": [True]})
    with pytest.raises(ValueError, match="different lengths"):
        expression.evaluate({"force_used": [True], "remittance_floor": [1.0, 2.0]})


NUMBERS = ["remittance_floor", "poverty_peak", "coercer.patience"]
VALUES = st.one_of(st.none(), st.integers(-4, 4).map(float))
Sum = tuple[str, Callable[[dict[str, float]], float]]


def _binary(sign: str, act: Callable[[float, float], float]) -> Callable[[tuple[Sum, Sum]], Sum]:
    return lambda pair: (
        f"({pair[0][0]} {sign} {pair[1][0]})",
        lambda row: act(pair[0][1](row), pair[1][1](row)),
    )


SUMS: st.SearchStrategy[Sum] = st.recursive(
    st.one_of(
        st.sampled_from(NUMBERS).map(lambda name: (name, lambda row: row[name])),
        st.integers(0, 4).map(lambda number: (str(number), lambda row: float(number))),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(_binary("+", operator.add)),
        st.tuples(inner, inner).map(_binary("-", operator.sub)),
        st.tuples(inner, inner).map(_binary("*", operator.mul)),
    ),
    max_leaves=4,
)
Truth = tuple[str, Callable[[dict[str, float]], bool | None]]
COMPARE = {"<": operator.lt, "<=": operator.le, "==": operator.eq, "!=": operator.ne, ">=": operator.ge}


def _comparison(parts: tuple[Sum, str, Sum]) -> Truth:
    left, sign, right = parts

    def take(row: dict[str, float]) -> bool | None:
        a, b = left[1](row), right[1](row)
        return None if math.isnan(a) or math.isnan(b) else bool(COMPARE[sign](a, b))

    return f"{left[0]} {sign} {right[0]}", take


def _all(pair: tuple[Truth, Truth]) -> Truth:
    def take(row: dict[str, float]) -> bool | None:
        both = [part[1](row) for part in pair]
        return False if False in both else None if None in both else True

    return f"({pair[0][0]}) and ({pair[1][0]})", take


def _any(pair: tuple[Truth, Truth]) -> Truth:
    def take(row: dict[str, float]) -> bool | None:
        both = [part[1](row) for part in pair]
        return True if True in both else None if None in both else False

    return f"({pair[0][0]}) or ({pair[1][0]})", take


def _none(part: Truth) -> Truth:
    def take(row: dict[str, float]) -> bool | None:
        found = part[1](row)
        return None if found is None else not found

    return f"not ({part[0]})", take


TRUTHS: st.SearchStrategy[Truth] = st.recursive(
    st.tuples(SUMS, st.sampled_from(sorted(COMPARE)), SUMS).map(_comparison),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(_all), st.tuples(inner, inner).map(_any), inner.map(_none)
    ),
    max_leaves=5,
)
ROWS = st.lists(st.fixed_dictionaries(dict.fromkeys(NUMBERS, VALUES)), min_size=1, max_size=5)


@settings(max_examples=150, deadline=None)
@given(TRUTHS, ROWS)
def test_any_condition_says_what_plain_arithmetic_run_by_run_says(
    truth: Truth, rows: list[dict[str, float | None]]
) -> None:
    text, take = truth
    columns = {name: [row[name] for row in rows] for name in NUMBERS}
    expression = parse(text, COLUMNS)
    found = [None if math.isnan(mark) else bool(mark) for mark in expression.evaluate(columns)]
    plain = [take({k: math.nan if v is None else v for k, v in row.items()}) for row in rows]
    assert found == (plain if expression.names else plain[:1])


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=60), st.text(alphabet="()<>=!+-*/.,'\"@ andortisnfuce_170", max_size=60)))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        found = parse(text, COLUMNS, ["no_arrest"])
    except ExpressionError as wrong:
        assert 0 <= wrong.place <= len(text)
    else:
        (mark,) = found.evaluate({name: [1] for name in found.names})
        assert mark in (0.0, 1.0) or math.isnan(mark)


def test_the_longest_expression_is_worked_out() -> None:
    text = "1+" * 496 + "1 > 0"
    assert list(parse(text, COLUMNS).evaluate({})) == [1.0]
