"""comparison.csv: each scenario against a baseline, pair by pair under the same luck."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from model.analysis.observations import Observed
from model.analysis.statistics import (
    equal,
    mean,
    mean_interval,
    paired_effect,
    paired_share_interval,
    probability_greater,
    variance_reduction,
)
from model.analysis.summary import write_rows
from model.ensemble.csv_files import Column
from model.ensemble.tables import SCENARIO, Table
from model.outcomes import Outcome
from model.outcomes import series as registered

_UNIT = "unit of the measure"
_INTERVAL = "95 % interval of the difference (Student's t; Agresti and Min 2005 for shares)"

COMPARISON = Table(
    "comparison.csv",
    "one outcome of one scenario against the baseline, over the replicates that both have finished",
    (
        SCENARIO,
        Column("baseline", "string", "", "scenario that it is compared with"),
        Column("outcome", "string", "", "outcome of the file runs"),
        Column("level", "string", "", "level of a category; else empty"),
        Column(
            "measure",
            "string",
            "",
            "mean; share (of runs at the level, or true); reached (share of runs that reach the milestone "
            "within the horizon); restricted_days (mean days to the milestone, never counting as the "
            "horizon); order (only the probability of a worse level)",
        ),
        Column(
            "pairs",
            "integer",
            "pairs",
            "pairs of runs with equal point and replicate that both have the outcome",
        ),
        Column("baseline_value", "number", _UNIT, "the measure in the baseline's runs of the pairs"),
        Column("scenario_value", "number", _UNIT, "the measure in the scenario's runs of the pairs"),
        Column("difference", "number", _UNIT, "mean of scenario minus baseline over the pairs"),
        Column("low", "number", _UNIT, f"lower end of the {_INTERVAL}"),
        Column("high", "number", _UNIT, f"upper end of the {_INTERVAL}"),
        Column(
            "probability_worse",
            "number",
            "0-1",
            "share of pairs in which the scenario's run is the worse one, ties counted half; empty where "
            "neither direction is worse by outcomes.csv",
        ),
        Column("effect_size", "number", "standard deviations", "Cohen's d of the paired differences"),
        Column(
            "variance_reduction",
            "number",
            "share",
            "variance that pairing saved: 1 - var(difference) / (var(scenario) + var(baseline))",
        ),
    ),
)

Pairs = tuple[list[float], list[float]]  # scenario, baseline


def compare(observed: Observed, baseline: Observed) -> list[dict[str, Any]]:
    """Rows of comparison.csv for one scenario, outcomes in the order of outcomes.csv."""
    shared = sorted(set(observed.runs) & set(baseline.runs))
    rows = []
    for outcome in registered("runs"):
        ours, theirs = observed.values(outcome.name, shared), baseline.values(outcome.name, shared)
        for row in _rows(outcome, ours, theirs, observed.horizon):
            rows.append(
                {"scenario": observed.scenario, "baseline": baseline.scenario, "outcome": outcome.name, **row}
            )
    return rows


def compare_all(observed: Mapping[str, Observed], baseline: str) -> list[dict[str, Any]]:
    """Rows of comparison.csv for every other scenario, by name."""
    return [
        row
        for name in sorted(observed)
        if name != baseline
        for row in compare(observed[name], observed[baseline])
    ]


def write_comparison(
    observed: Mapping[str, Observed], baseline: str, folder: Path, file_name: str = COMPARISON.path
) -> Table:
    """Write comparison.csv."""
    table = replace(COMPARISON, path=file_name)
    write_rows(folder, table, compare_all(observed, baseline))
    return table


def _rows(outcome: Outcome, ours: list[Any], theirs: list[Any], horizon: int) -> list[dict[str, Any]]:
    if outcome.reduction == "days":
        earlier_is_worse = {"lower": "higher", "higher": "lower"}.get(outcome.worse, "")
        reached = _numbers(ours, theirs, lambda day: day is not None)
        days = _numbers(
            ours, theirs, lambda day: float(horizon) if day is None else min(float(day), float(horizon))
        )
        return [
            {"measure": "reached", **_share(*reached, earlier_is_worse)},
            {"measure": "restricted_days", **_mean(*days, outcome.worse)},
        ]
    both = [(a, b) for a, b in zip(ours, theirs, strict=True) if a is not None and b is not None]
    ours, theirs = [a for a, _ in both], [b for _, b in both]
    if outcome.type == "boolean":
        return [{"measure": "share", **_share(*_numbers(ours, theirs, bool), outcome.worse)}]
    if outcome.type != "category":
        return [{"measure": "mean", **_mean(*_numbers(ours, theirs, float), outcome.worse)}]
    rows = []
    if outcome.worse:  # an ordered category: its levels are ranks, never numbers to subtract
        ranks = _numbers(ours, theirs, outcome.levels.index)
        rows.append(
            {"measure": "order", "pairs": len(both), "probability_worse": _worse(*ranks, outcome.worse)}
        )
    for level in outcome.levels:
        marks = [float(value == level) for value in ours], [float(value == level) for value in theirs]
        rows.append({"level": level, "measure": "share", **_share(*marks, "")})
    return rows


def _numbers(ours: list[Any], theirs: list[Any], measure: Callable[[Any], float]) -> Pairs:
    return [float(measure(value)) for value in ours], [float(measure(value)) for value in theirs]


def _share(ours: list[float], theirs: list[float], worse: str) -> dict[str, Any]:
    gained = sum(a > b for a, b in zip(ours, theirs, strict=True))
    lost = sum(a < b for a, b in zip(ours, theirs, strict=True))
    low, high = paired_share_interval(gained, lost, len(ours))
    return {**_mean(ours, theirs, worse), "low": low, "high": high}


def _mean(ours: list[float], theirs: list[float], worse: str) -> dict[str, Any]:
    theirs = [a if equal(a, b) else b for a, b in zip(ours, theirs, strict=True)]
    differences = [a - b for a, b in zip(ours, theirs, strict=True)]
    low, high = mean_interval(differences)
    return {
        "pairs": len(differences),
        "baseline_value": mean(theirs),
        "scenario_value": mean(ours),
        "difference": mean(differences),
        "low": low,
        "high": high,
        "probability_worse": _worse(ours, theirs, worse),
        "effect_size": paired_effect(differences),
        "variance_reduction": variance_reduction(ours, theirs),
    }


def _worse(ours: list[float], theirs: list[float], worse: str) -> float | None:
    if worse == "higher":
        return probability_greater(ours, theirs)
    if worse == "lower":
        return probability_greater(theirs, ours)
    return None
