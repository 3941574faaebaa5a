"""comparison.csv: each scenario against a baseline, pair by pair under the same luck."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from model.analysis.comparison_table import COMPARISON
from model.analysis.observations import Observed
from model.analysis.pairing import Pairing, pair
from model.analysis.significance import (
    bca_interval,
    benjamini_hochberg,
    correlation,
    holm,
    mcnemar,
    paired_t,
    share_difference,
    welch,
)
from model.analysis.statistics import (
    Interval,
    equal,
    mean,
    mean_interval,
    paired_effect,
    paired_share_interval,
    probability_greater,
    probability_greater_of_any,
    variance_reduction,
)
from model.analysis.summary import write_rows
from model.ensemble.tables import Table
from model.outcomes import Outcome
from model.outcomes import series as registered

__all__ = ["COMPARISON", "INTERVALS", "compare", "compare_all", "write_comparison"]

#: intervals of a mean: Student's t, or the bootstrap for skewed differences
INTERVALS = ("t", "bca")


@dataclass(frozen=True)
class _Sides:
    """An outcome on both sides: the scenario's values, the baseline's, pairs or not, how a mean is bounded."""

    ours: list[Any]
    theirs: list[Any]
    paired: bool
    interval: str

    def of(self, measure: Callable[[Any], float]) -> _Sides:
        """The same with each value measured."""
        return replace(
            self,
            ours=[float(measure(value)) for value in self.ours],
            theirs=[float(measure(value)) for value in self.theirs],
        )


def compare(observed: Observed, baseline: Observed, interval: str = "t") -> list[dict[str, Any]]:
    """Rows of comparison.csv for one scenario, outcomes in the order of outcomes.csv.

    interval: one of INTERVALS, for means and days. p values are not corrected yet: see `compare_all`.
    """
    pairing = pair(observed, baseline)
    rows = []
    for outcome in registered("runs"):
        if not pairing.same_horizon and outcome.reduction != "days":
            continue  # a total or an end over different spans is no difference of scenarios
        sides, empty = _sides(outcome, observed, baseline, pairing, interval)
        for row in _rows(outcome, sides, pairing.horizon):
            rows.append(
                {
                    "scenario": observed.scenario,
                    "baseline": baseline.scenario,
                    "outcome": outcome.name,
                    "dropped_missing": pairing.dropped if pairing.paired else 0,
                    "dropped_empty": empty,
                    **row,
                }
            )
    return rows


def compare_all(observed: Mapping[str, Observed], baseline: str, interval: str = "t") -> list[dict[str, Any]]:
    """Rows of comparison.csv for every other scenario, by name, with p values corrected over all of them."""
    rows = [
        row
        for name in sorted(observed)
        if name != baseline
        for row in compare(observed[name], observed[baseline], interval)
    ]
    values = [row.get("p_value") for row in rows]
    for row, strict, lenient in zip(rows, holm(values), benjamini_hochberg(values), strict=True):
        row["p_holm"], row["p_bh"] = strict, lenient
    return rows


def write_comparison(
    observed: Mapping[str, Observed],
    baseline: str,
    folder: Path,
    file_name: str = COMPARISON.path,
    interval: str = "t",
) -> Table:
    """Write comparison.csv."""
    table = replace(COMPARISON, path=file_name)
    write_rows(folder, table, compare_all(observed, baseline, interval))
    return table


def _sides(
    outcome: Outcome, observed: Observed, baseline: Observed, pairing: Pairing, interval: str
) -> tuple[_Sides, int]:
    """Both sides of an outcome without empty cells (days keep theirs: never), and the pairs left out for one."""
    if not pairing.paired:
        ours, theirs = observed.values(outcome.name), baseline.values(outcome.name)
        if outcome.reduction != "days":
            ours, theirs = [v for v in ours if v is not None], [v for v in theirs if v is not None]
        return _Sides(ours, theirs, False, interval), 0
    ours = observed.values(outcome.name, pairing.places)
    theirs = baseline.values(outcome.name, pairing.places)
    if outcome.reduction == "days":
        return _Sides(ours, theirs, True, interval), 0
    both = [(a, b) for a, b in zip(ours, theirs, strict=True) if a is not None and b is not None]
    return _Sides([a for a, _ in both], [b for _, b in both], True, interval), len(ours) - len(both)


def _rows(outcome: Outcome, sides: _Sides, horizon: int) -> list[dict[str, Any]]:
    if outcome.reduction == "days":
        earlier_is_worse = {"lower": "higher", "higher": "lower"}.get(outcome.worse, "")
        reached = sides.of(lambda day: day is not None and day <= horizon)
        days = sides.of(lambda day: horizon if day is None else min(float(day), float(horizon)))
        return [
            {"measure": "reached", **_share(reached, earlier_is_worse)},
            {"measure": "restricted_days", **_mean(days, outcome.worse)},
        ]
    if outcome.type == "boolean":
        return [{"measure": "share", **_share(sides.of(bool), outcome.worse)}]
    if outcome.type != "category":
        return [{"measure": "mean", **_mean(sides.of(float), outcome.worse)}]
    rows: list[dict[str, Any]] = []
    if outcome.worse:  # an ordered category: its levels are ranks, never numbers to subtract
        ranks = sides.of(outcome.levels.index)
        rows.append(
            {"measure": "order", "pairs": len(ranks.ours), "probability_worse": _worse(ranks, outcome.worse)}
        )
    for level in outcome.levels:
        marks = sides.of(lambda value, level=level: value == level)  # type: ignore[misc]
        rows.append({"level": level, "measure": "share", **_share(marks, "")})
    return rows


def _share(sides: _Sides, worse: str) -> dict[str, Any]:
    ours, theirs = sides.ours, sides.theirs
    found = _mean(replace(sides, interval="t"), worse)
    if not sides.paired:
        low, high = share_difference(round(sum(ours)), len(ours), round(sum(theirs)), len(theirs))
        return {**found, "low": low, "high": high, "method": "newcombe"}
    gained = sum(a > b for a, b in zip(ours, theirs, strict=True))
    lost = sum(a < b for a, b in zip(ours, theirs, strict=True))
    low, high = paired_share_interval(gained, lost, len(ours))
    p_value = mcnemar(gained, lost) if ours else None
    return {**found, "low": low, "high": high, "method": "agresti_min", "p_value": p_value}


def _mean(sides: _Sides, worse: str) -> dict[str, Any]:
    if sides.paired:  # what differs by the rounding of a sum does not differ
        same = [a if equal(a, b) else b for a, b in zip(sides.ours, sides.theirs, strict=True)]
        sides = replace(sides, theirs=same)
    ours, theirs = sides.ours, sides.theirs
    found = {
        "pairs": len(ours) if sides.paired else 0,
        "baseline_value": mean(theirs),
        "scenario_value": mean(ours),
        "probability_worse": _worse(sides, worse),
    }
    if not sides.paired:
        (low, high), p_value = welch(ours, theirs)
        centres = mean(ours), mean(theirs)
        difference = None if centres[0] is None or centres[1] is None else centres[0] - centres[1]
        return {
            **found,
            "difference": difference,
            "low": low,
            "high": high,
            "method": "welch",
            "p_value": p_value,
        }
    differences = [a - b for a, b in zip(ours, theirs, strict=True)]
    bounds: Interval = bca_interval(differences) if sides.interval == "bca" else mean_interval(differences)
    return {
        **found,
        "difference": mean(differences),
        "low": bounds[0],
        "high": bounds[1],
        "method": sides.interval,
        "p_value": paired_t(differences),
        "effect_size": paired_effect(differences),
        "correlation": correlation(ours, theirs),
        "variance_reduction": variance_reduction(ours, theirs),
    }


def _worse(sides: _Sides, worse: str) -> float | None:
    greater = probability_greater if sides.paired else probability_greater_of_any
    if worse == "higher":
        return greater(sides.ours, sides.theirs)
    if worse == "lower":
        return greater(sides.theirs, sides.ours)
    return None
