from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from model.analysis.comparison import compare, write_comparison
from model.analysis.observations import Observed
from model.analysis.overview import (
    WIDTH,
    difference_lines,
    headline,
    ordered,
    overview_lines,
    percent,
    signed,
)
from model.analysis.statistics import variance_reduction
from model.analysis.summary import summarise, write_summary


def observed(name: str, failed: int = 0, **outcomes: list[Any]) -> Observed:
    """Runs in which the named outcomes take these values by replicate; `...` for a run that is not there."""
    length = len(next(iter(outcomes.values())))
    runs = {}
    for replicate in range(length):
        values = {outcome: column[replicate] for outcome, column in outcomes.items()}
        if ... not in values.values():
            runs[(0, replicate)] = values
    return Observed(name, name, runs, horizon=100, planned=length, failed=failed)


def row(rows: list[dict[str, Any]], outcome: str, **where: str) -> dict[str, Any]:
    (found,) = [
        row
        for row in rows
        if row["outcome"] == outcome and all(row.get(key) == value for key, value in where.items())
    ]
    return found


def test_pairs_are_runs_of_one_replicate_that_both_have() -> None:
    ours = observed("arrest", poverty_peak=[0.5, 0.75, ..., 0.25, None])
    base = observed("no_arrest", poverty_peak=[0.25, 0.25, 0.5, ..., 0.5])
    found = row(compare(ours, base), "poverty_peak")
    assert (found["measure"], found["pairs"]) == ("mean", 2)
    assert (found["scenario_value"], found["baseline_value"], found["difference"]) == (0.625, 0.25, 0.375)
    # differences 0.25 and 0.5: sd 0.1768, t of one degree of freedom 12.7062
    assert found["low"] == pytest.approx(0.375 - 12.7062047 * 0.125, abs=1e-6)
    assert found["high"] == pytest.approx(0.375 + 12.7062047 * 0.125, abs=1e-6)
    assert found["probability_worse"] == 1.0
    assert found["effect_size"] == pytest.approx(0.375 / 0.1767767, rel=1e-6)


def test_what_is_worse_is_read_from_the_register() -> None:
    ours = observed("a", remittance_floor=[0.5, 0.5], coercer_cost_total_usd=[1.0, 1.0])
    base = observed("b", remittance_floor=[1.0, 0.5], coercer_cost_total_usd=[0.0, 0.0])
    rows = compare(ours, base)
    assert row(rows, "remittance_floor")["probability_worse"] == 0.75  # lower is worse, a tie counts half
    assert row(rows, "coercer_cost_total_usd")["probability_worse"] is None


def test_days_are_compared_by_whether_and_by_restricted_time() -> None:
    ours = observed(
        "a", days_to_force=[10.0, 20.0, None, None], days_to_airport_reopened=[None, 5.0, 5.0, 5.0]
    )
    base = observed(
        "b", days_to_force=[None, 30.0, None, 40.0], days_to_airport_reopened=[5.0, 5.0, 5.0, 5.0]
    )
    rows = compare(ours, base)
    reached = row(rows, "days_to_force", measure="reached")
    assert (reached["scenario_value"], reached["baseline_value"], reached["difference"]) == (0.5, 0.5, 0.0)
    assert reached["probability_worse"] == 0.5
    days = row(rows, "days_to_force", measure="restricted_days")
    assert days["scenario_value"] == (10 + 20 + 100 + 100) / 4
    assert days["baseline_value"] == (100 + 30 + 100 + 40) / 4
    assert days["probability_worse"] == (1 + 1 + 0.5 + 0) / 4  # earlier is worse
    reopened = row(rows, "days_to_airport_reopened", measure="reached")
    assert reopened["probability_worse"] is None  # never reopened may mean never closed


def test_levels_are_marks_and_never_numbers() -> None:
    ours = observed("a", violence=["none", "war"], end_state=["held", "freed"])
    base = observed("b", violence=["none", "minor"], end_state=["held", "held"])
    rows = compare(ours, base)
    order = row(rows, "violence", measure="order")
    assert order["probability_worse"] == 0.75
    assert "difference" not in order
    assert row(rows, "violence", level="war")["difference"] == 0.5
    assert row(rows, "end_state", level="held")["difference"] == -0.5
    assert not [row for row in rows if row["outcome"] == "end_state" and row["measure"] == "order"]


def test_summary_of_days_counts_never_as_later_than_any_day() -> None:
    days: list[Any] = [1.0, 2.0, 3.0, None]
    found = row(summarise(observed("a", failed=2, days_to_force=days)), "days_to_force")
    assert (found["n"], found["n_failed"], found["share"], found["mean"]) == (4, 2, 0.75, 2.0)
    assert (found["q50"], found["q75"], found["q95"]) == (2.5, None, None)
    assert found["share_low"] == pytest.approx(0.30064, abs=1e-5)


def test_summary_leaves_out_runs_to_which_an_outcome_does_not_apply() -> None:
    rows = summarise(
        observed("a", force_used=[True, None, False, False], end_state=["held", "held", "freed", None])
    )
    assert (row(rows, "force_used")["n"], row(rows, "force_used")["share"]) == (3, 1 / 3)
    assert row(rows, "end_state", level="held")["share"] == 2 / 3
    assert row(rows, "poverty_peak")["n"] == 0


def test_files(tmp_path: Path) -> None:
    both = {"b": observed("b", killed_total=[1, 2]), "a": observed("a", killed_total=[3, 3])}
    write_summary(both, tmp_path)
    write_comparison(both, "b", tmp_path)
    lines = (tmp_path / "summary.csv").read_text().splitlines()
    assert lines[0].startswith('"scenario","outcome","level","n","n_failed","mean","mean_low"')
    assert [line for line in lines if line.startswith('"a","killed_total"')] == [
        '"a","killed_total",,2,0,3,3,3,,,,3,3,3,3,3,,,'
    ]
    (line,) = [
        line for line in (tmp_path / "comparison.csv").read_text().splitlines() if "killed_total" in line[:30]
    ]
    assert line.startswith('"a","b","killed_total",,"mean",2,0,0,1.5,3,1.5,')


def test_the_overview_fits_a_screen_and_says_what_differs() -> None:
    both = {
        "no_arrest": observed(
            "no_arrest", force_used=[False, False], killed_total=[0, 0], poverty_peak=[0.2, 0.2]
        ),
        "arrest_with_a_name_that_is_very_long_indeed": observed(
            "x", force_used=[True, True], killed_total=[10**6] * 2
        ),
        "arrest": observed(
            "arrest", force_used=[True, False], killed_total=[5, 7], days_to_force=[12.3, None]
        ),
    }
    assert ordered(both, "no_arrest")[0] == "no_arrest"
    assert ordered(both, "no_arrest")[2] == "arrest"
    lines = overview_lines(both, "no_arrest")
    assert len(lines) == 5
    assert max(map(len, lines)) <= WIDTH
    assert lines[2].split()[:3] == ["no_arrest", "0%", "-"]
    assert lines[4].split()[:3] == ["arrest", "50%", "12"]
    text = headline(both, "no_arrest").replace("\n", " ")
    assert "Force is used in 0% (no_arrest) to 100% (arrest_with_a_name" in text
    assert "poverty peaks (median) at 20% in every scenario" in text
    assert headline({"a": observed("a", force_used=[...])}, "a") == "No run is finished yet."
    differences = difference_lines(compare(both["arrest"], both["no_arrest"]))
    assert max(map(len, differences)) <= WIDTH
    assert differences[1].split() == ["arrest", "+50", "(-40", "+90)", "-", "-", "+6.0", "(-6.7", "+19)"]


def test_runs_that_are_equal_but_for_rounding_differ_by_nothing() -> None:
    ours = observed("a", fuel_floor_days=[0.1 + 0.2, 4e-16, 5.0])
    theirs = observed("b", fuel_floor_days=[0.3, 0.0, 5.0])
    (row,) = [row for row in compare(ours, theirs) if row["outcome"] == "fuel_floor_days"]
    assert (row["difference"], row["low"], row["high"], row["probability_worse"]) == (0.0, 0.0, 0.0, 0.5)
    assert variance_reduction([0.1, 0.4, 0.9], [0.3, 0.3, 0.3]) == 0.0


def test_numbers_on_the_screen_do_not_round_to_certainty() -> None:
    assert [percent(value) for value in (0.0, 0.001, 0.5, 0.999, 1.0)] == ["0%", "<1%", "50%", ">99%", "100%"]
    assert [signed(value) for value in (-0.01, 0.0, 0.25, -12.3, 23456.0)] == [
        "0",
        "0",
        "+0.2",
        "-12",
        "+23k",
    ]
