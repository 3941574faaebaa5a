from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.analysis.decision import GRID, OPTIONS, decision_rows, map_rows, weigh
from model.analysis.decision_view import map_lines, stake_lines, structure_lines, value_lines
from model.analysis.overview import WIDTH
from model.analysis.stakes import OBJECTIVES, STAKES, profiles, stakes_of
from model.result import RunResult
from model.scenario import load_scenario, shipped

NUMBERS = load_scenario("arrest").numbers


def world(**stakes: float) -> dict[str, float]:
    return {**dict.fromkeys([*STAKES, *OBJECTIVES], 0.5), **stakes}


def options(**values: list[float]) -> dict[str, dict[tuple[int, int], dict[str, float]]]:
    """Options whose office takes these values world by world."""
    return {
        option: {(0, k): world(office=value) for k, value in enumerate(found)}
        for option, found in values.items()
    }


def rows_of(stakes: Any, weights: str = "office") -> dict[str, dict[str, Any]]:
    rows = decision_rows(stakes, profiles(NUMBERS), "posterior", "own")
    return {row["option"]: row for row in rows if row["weights"] == weights}


def test_regret_and_the_chance_of_being_best_are_taken_world_by_world() -> None:
    rows = rows_of(options(host=[1.0, 0.0, 0.5], refuse=[0.5, 0.5, 0.5], arrest_hold=[0.0, 1.0, 0.25]))
    assert [rows[option]["value"] for option in ("host", "refuse")] == [0.5, 0.5]
    assert rows["host"]["regret"] == pytest.approx((0 + 1 + 0) / 3)
    assert rows["refuse"]["regret"] == pytest.approx((0.5 + 0.5 + 0) / 3)
    assert rows["host"]["probability_best"] == pytest.approx(1.5 / 3)  # the tie is shared
    assert rows["refuse"]["probability_best"] == pytest.approx(0.5 / 3)
    assert rows["arrest_hold"]["probability_best"] == pytest.approx(1 / 3)
    assert rows["arrest_hold"]["over_host"] == pytest.approx((-1 + 1 - 0.25) / 3)
    assert rows["arrest_hold"]["better_than_host"] == pytest.approx(1 / 3)
    assert "over_host" not in rows["host"]
    assert (rows["host"]["low"], rows["host"]["high"]) == (0.0, 1.0)  # of three worlds nothing is known
    assert rows["refuse"]["regret_low"] == 0.0  # Student's t would have it below, which no regret can be
    assert [rows[option]["wins"] for option in ("host", "refuse", "arrest_hold")] == [True, True, False]


def test_only_worlds_in_which_every_option_ran_count() -> None:
    stakes = options(host=[1.0, 0.0], refuse=[0.5])
    assert weigh(stakes, {"office": 1.0}).places == ((0, 0),)
    assert rows_of(stakes)["host"]["worlds"] == 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.floats(0, 1)] * 3), min_size=2, max_size=6))
def test_chances_of_being_best_sum_to_one_and_somebody_has_no_regret(worlds: list[tuple[float, ...]]) -> None:
    names = ("host", "refuse", "arrest_hold")
    rows = rows_of(options(**{name: [values[k] for values in worlds] for k, name in enumerate(names)}))
    assert sum(row["probability_best"] for row in rows.values()) == pytest.approx(1.0)
    assert all(row["regret"] >= 0 for row in rows.values())
    best = max(rows.values(), key=lambda row: row["value"])
    assert best["regret"] == min(row["regret"] for row in rows.values())
    if len({values.index(max(values)) for values in worlds}) == 1:
        assert best["regret"] == pytest.approx(0.0, abs=1e-12)


def test_the_map_gives_each_corner_to_who_is_best_there() -> None:
    def at(survival: float, people: float, law: float) -> dict[tuple[int, int], dict[str, float]]:
        return {(0, k): world(survival=survival, people=people, law=law) for k in range(4)}

    stakes = {"host": at(1, 0.5, 0), "arrest_hold": at(0, 0.5, 1), "refuse": at(0.9, 0.9, 1)}
    rows = map_rows(stakes, "posterior")
    assert len(rows) == 2 * (GRID + 1) * (GRID + 2) // 2
    cells = {(row["menu"], row["survival"], row["law"]): row for row in rows}
    assert cells["all", 1.0, 0.0]["winner"] == "host"
    assert cells["all", 0.5, 0.2]["winner"] == "refuse"
    assert cells["on_arrival", 0.3, 0.7]["winner"] == "arrest_hold"
    assert cells["on_arrival", 0.7, 0.3]["winner"] == "host"
    assert all(row["winner"] != "refuse" for row in rows if row["menu"] == "on_arrival")
    assert all(row["survival"] + row["people"] + row["law"] == pytest.approx(1) for row in rows)
    lines = map_lines(rows, "posterior", "on_arrival")
    assert lines[1].split() == ["100%", "K"]
    assert "H host" in lines[-1]


def test_profiles_sum_to_one_and_own_is_the_model_s_own() -> None:
    found = profiles(NUMBERS)
    assert all(sum(weights.values()) == pytest.approx(1) for weights in found.values())
    own = found["own"]
    assert own["office"] / own["welfare"] == pytest.approx(
        NUMBERS["government.office_stake"].value / NUMBERS["decision.income_weight"].value
    )
    assert found["law_first"]["standing"] == 0.5
    assert set(OPTIONS.values()) <= set(shipped())


def result(**scalars: Any) -> RunResult:
    days = 4
    series = {
        "host_in_power": np.array([1, 1, 0, 0]),
        "territory_held": np.full(days, 0.75),
        "eu_programmes": np.full(days, 0.5),
        "legitimacy": np.full(days, 0.6),
    }
    base = {
        "compliance_with_law": 1.0,
        "welfare_of_people": 0.9,
        "survival_of_government": 0.0,
        "days_to_ministries_seized": None,
    }
    return RunResult({**base, **scalars}, {}, series)


def test_stakes_are_read_off_what_happened() -> None:
    found = stakes_of(result())
    assert found["office"] == 0.5
    assert found["territory"] == 0.75
    assert found["welfare"] == found["people"] == 0.9
    assert found["standing"] == 0.75
    assert found["approval"] == pytest.approx(0.3)  # none after the fall
    assert found["safety"] == 1.0
    assert stakes_of(result(days_to_ministries_seized=1.5))["safety"] == 0.0
    with pytest.raises(ValueError, match="does not apply"):
        stakes_of(result(welfare_of_people=None))


def test_the_tables_fit_a_screen() -> None:
    stakes = options(**{option: [0.1, 0.9, 0.4] for option in OPTIONS})
    rows = decision_rows(stakes, profiles(NUMBERS), "posterior", "own")
    lines = value_lines(rows, "even", "posterior") + structure_lines(rows, "even", "posterior")
    assert max(map(len, [*lines, *stake_lines(rows, "posterior")])) <= WIDTH + 12
    assert len(value_lines(rows, "even", "posterior")) == len(OPTIONS) + 1
