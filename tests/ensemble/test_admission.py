from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from model.ensemble.admission import ResultError, admit
from model.result import RunResult
from tests.ensemble.fake_simulation import FakeScenario, Settings, simulate


@pytest.fixture
def result() -> RunResult:
    return simulate(FakeScenario("arrest"), 0, Settings())


def test_a_whole_result_is_admitted_with_plain_values(result: RunResult) -> None:
    scalars = dict(result.scalars) | {"remittance_floor": np.float64(-0.0), "force_used": np.bool_(True)}
    admitted = admit(replace(result, scalars=scalars), 30)
    assert repr(admitted.scalars["remittance_floor"]) == "0.0"
    assert admitted.scalars["force_used"] is True
    assert "csto_troops" not in admitted.series
    assert admitted.series["detainee"].dtype == np.int64


def changed(part: str, name: str, value: Any) -> Callable[[RunResult], RunResult]:
    return lambda result: replace(result, **{part: dict(getattr(result, part)) | {name: value}})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (changed("scalars", "made_up", 1.0), "outcome made_up is not in outcomes.csv"),
        (changed("scalars", "poverty_peak", float("nan")), "outcome poverty_peak is nan"),
        (changed("scalars", "poverty_peak", float("inf")), "outcome poverty_peak is inf"),
        (changed("scalars", "end_state", "vanished"), "no level 'vanished'"),
        (changed("scalars", "highest_rung", 2.5), "not whole"),
        (changed("scalars", "force_used", 2), "neither true nor false"),
        (changed("scalars", "poverty_peak", "high"), "not a number"),
        (changed("numbers", "coercer.patience", float("nan")), "coercer.patience is nan"),
        (changed("series", "made_up", np.zeros(30)), "series made_up is not in outcomes.csv"),
        (changed("series", "flights", np.zeros(29)), "shape"),
        (changed("series", "flights", np.full(30, np.nan)), "NaN"),
        (changed("series", "detainee", np.full(30, 99)), "code without a level"),
        (changed("series", "rung", np.full(30, 0.5)), "not whole"),
        (changed("regions", "deported", np.zeros((1, 3))), "shape"),
        (changed("events", "day", np.zeros(99)), "differ in length"),
        (changed("events", "colour", np.zeros(1)), "event columns are"),
    ],
)
def test_what_is_not_admitted(
    result: RunResult, change: Callable[[RunResult], RunResult], message: str
) -> None:
    with pytest.raises(ResultError, match=message):
        admit(change(result), 30)


def test_a_missing_outcome_is_not_admitted(result: RunResult) -> None:
    scalars = {name: value for name, value in result.scalars.items() if name != "killed_total"}
    with pytest.raises(ResultError, match="killed_total is missing"):
        admit(replace(result, scalars=scalars), 30)


def test_a_result_without_series_is_admitted(result: RunResult) -> None:
    assert admit(replace(result, series={}, regions={}, region_names=()), 30).series == {}
