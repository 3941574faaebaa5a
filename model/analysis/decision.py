"""decision.csv, decision_map.csv: the government's options weighed, and which of them wins under which weights."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.analysis.flips import Flip, find_flip
from model.analysis.stakes import OBJECTIVES, STAKES, Place, Weights
from model.analysis.statistics import mean, mean_interval, quantile, wilson
from model.analysis.summary import write_rows
from model.ensemble.csv_files import Column
from model.ensemble.tables import Table
from model.parameters import Number

#: option -> the scenario that pins it. Scenarios fix the choice; all else stays free.
OPTIONS = {
    "refuse": "refuse_visit",
    "host": "no_arrest",
    "arrest_then_decide": "arrest",
    "arrest_release": "arrest_release",
    "arrest_hold": "arrest_hold",
    "arrest_surrender": "arrest_surrender",
}
HOST, REFUSE = "host", "refuse"
GRID = 10  # steps of the map on each side
_V = "0-1"
_STAKES = "; ".join(f"{name}: {meaning}" for name, meaning in STAKES.items())

DECISION = Table(
    "decision.csv",
    "one option under one way of weighing, one structure and one way of drawing numbers",
    (
        Column("parameters", "string", "", "posterior or prior: how the numbers of behaviour are drawn"),
        Column("structure", "string", "", "own: the model as it is; else the rule that stands in place of its own"),
        Column("weights", "string", "", f"a profile, or one stake or objective alone ({_STAKES})"),
        Column("option", "string", "", "what the government does"),
        Column("scenario", "string", "", "scenario that pins it"),
        Column("worlds", "integer", "runs", "worlds in which every option was run"),
        Column("value", "number", _V, "expected value: mean over the worlds of the weighted stakes"),
        Column("low", "number", _V, "lower end of its 95 % interval (Student's t), within 0 to 1"),
        Column("high", "number", _V, "upper end of that interval"),
        Column("regret", "number", _V, "expected regret: the best option's value less this one's, mean over worlds"),
        Column("regret_low", "number", _V, "lower end of its 95 % interval (Student's t), no less than 0"),
        Column("regret_high", "number", _V, "upper end of that interval"),
        Column("regret_worst", "number", _V, "95 % quantile of the regret over the worlds"),
        Column("probability_best", "number", _V, "share of the worlds in which it is best, ties shared"),
        Column("wins", "boolean", "", "it has the highest expected value"),
        Column("over_host", "number", _V, "mean of its value less that of hosting, world by world"),
        Column("over_host_low", "number", _V, "lower end of its 95 % interval (Student's t)"),
        Column("over_host_high", "number", _V, "upper end of that interval"),
        Column("better_than_host", "number", "share of worlds", "worlds in which its value is above that of hosting"),
        Column("better_low", "number", "share of worlds", "lower end of its 95 % interval (Wilson)"),
        Column("better_high", "number", "share of worlds", "upper end of that interval"),
        Column("flip", "string", "", "sampled number most closely tied to being better than hosting; prior, own only"),
        Column("flip_grade", "string", "", "grade of that number"),
        Column("flip_value", "number", "unit of the number", "value that parts the worlds best"),
        Column("flip_below", "number", "share of worlds", "share better than hosting below it"),
        Column("flip_above", "number", "share of worlds", "share better than hosting above it"),
    ),
)  # fmt: skip
MAP = Table(
    "decision_map.csv",
    "one way of weighing survival, people and law",
    (
        Column("parameters", "string", "", "posterior or prior"),
        Column("menu", "string", "", "all: every option; on_arrival: without refusing, since he is here"),
        Column("survival", "number", "share", "weight of survival_of_government"),
        Column("people", "number", "share", "weight of welfare_of_people"),
        Column("law", "number", "share", "weight of compliance_with_law"),
        Column("winner", "string", "", "option with the highest expected value"),
        Column("value", "number", _V, "its expected value"),
        Column("second", "string", "", "option with the next highest"),
        Column("lead", "number", _V, "difference of the two, world by world"),
        Column(
            "lead_low", "number", _V, "lower end of its 95 % interval (Student's t); below 0: within chance"
        ),
        Column("lead_high", "number", _V, "upper end of that interval"),
    ),
)

#: stakes by option and world
Stakes = Mapping[str, Mapping[Place, Mapping[str, float]]]


@dataclass(frozen=True)
class Weighed:
    """Values of all options in the worlds that every option was run in: by option, in the order of `places`."""

    places: tuple[Place, ...]
    values: Mapping[str, tuple[float, ...]]

    def best(self, world: int) -> float:
        """The highest value of any option in a world."""
        return max(values[world] for values in self.values.values())


def weigh(stakes: Stakes, weights: Weights) -> Weighed:
    """The options' values under some weights, worlds in order."""
    places = tuple(sorted(set.intersection(*(set(found) for found in stakes.values()))))
    values = {
        option: tuple(
            math.fsum(weight * found[place][stake] for stake, weight in weights.items()) for place in places
        )
        for option, found in stakes.items()
    }
    return Weighed(places, values)


def decision_rows(
    stakes: Stakes,
    ways: Mapping[str, Weights],
    parameters: str,
    structure: str,
    numbers: Mapping[Place, Mapping[str, float]] | None = None,
    register: Mapping[str, Number] | None = None,
) -> list[dict[str, Any]]:
    """Rows of decision.csv for one structure. numbers: what each world drew, to look for what flips (prior)."""
    rows = []
    for name, weights in ways.items():
        weighed = weigh(stakes, weights)
        if not weighed.places:
            continue
        centres = {option: mean(values) or 0.0 for option, values in weighed.values.items()}
        highest = max(centres.values())
        for option, values in weighed.values.items():
            regrets = [weighed.best(world) - value for world, value in enumerate(values)]
            row = {
                "parameters": parameters,
                "structure": structure,
                "weights": name,
                "option": option,
                "scenario": OPTIONS.get(option, option),
                "worlds": len(weighed.places),
                "value": centres[option],
                **_bounds("", values, least=0.0, most=1.0),
                "regret": mean(regrets),
                **_bounds("regret_", regrets, least=0.0),
                "regret_worst": quantile(regrets, 0.95),
                "probability_best": _best_share(weighed, values),
                "wins": centres[option] == highest,
            }
            if HOST in weighed.values and option != HOST:
                row |= _over_host(weighed, option, numbers, register)
            rows.append(row)
    return rows


def _bounds(
    name: str, values: Sequence[float], least: float = -math.inf, most: float = math.inf
) -> dict[str, Any]:
    """Student's interval of a mean, within what the mean can be."""
    low, high = mean_interval(values)
    if low is None or high is None:
        return {f"{name}low": None, f"{name}high": None}
    return {f"{name}low": max(least, low), f"{name}high": min(most, high)}


def _best_share(weighed: Weighed, values: Sequence[float]) -> float | None:
    shares = []
    for world, value in enumerate(values):
        best = weighed.best(world)
        equals = sum(other[world] == best for other in weighed.values.values())
        shares.append(1 / equals if value == best else 0.0)
    return mean(shares)


def _over_host(
    weighed: Weighed,
    option: str,
    numbers: Mapping[Place, Mapping[str, float]] | None,
    register: Mapping[str, Number] | None,
) -> dict[str, Any]:
    over = [ours - host for ours, host in zip(weighed.values[option], weighed.values[HOST], strict=True)]
    better = [difference > 0 for difference in over]
    low, high = wilson(sum(better), len(better))
    row = {
        "over_host": mean(over),
        **_bounds("over_host_", over),
        "better_than_host": sum(better) / len(better),
        "better_low": low,
        "better_high": high,
    }
    flip = _flip(weighed, better, numbers) if numbers else None
    if flip is not None:
        grade = register[flip.key].grade if register and flip.key in register else None
        row |= {
            "flip": flip.key,
            "flip_grade": grade,
            "flip_value": flip.value,
            "flip_below": flip.share_below,
            "flip_above": flip.share_above,
        }
    return row


def _flip(
    weighed: Weighed, better: Sequence[bool], numbers: Mapping[Place, Mapping[str, float]]
) -> Flip | None:
    drawn = [numbers.get(place, {}) for place in weighed.places]
    keys = set.intersection(*(set(found) for found in drawn))
    return find_flip(better, {key: [found[key] for found in drawn] for key in keys})


def map_rows(stakes: Stakes, parameters: str) -> list[dict[str, Any]]:
    """Rows of decision_map.csv: every mixture of the three objectives in steps of a tenth, for both menus."""
    on_arrival = {option: found for option, found in stakes.items() if option != REFUSE}
    return [
        row
        for menu, open_to in (("all", stakes), ("on_arrival", on_arrival))
        for row in _map(open_to, menu, parameters)
    ]


def _map(stakes: Stakes, menu: str, parameters: str) -> list[dict[str, Any]]:
    rows = []
    for law in range(GRID, -1, -1):
        for survival in range(GRID - law, -1, -1):
            weights = {
                "survival": survival / GRID,
                "people": (GRID - law - survival) / GRID,
                "law": law / GRID,
            }
            assert set(weights) == set(OBJECTIVES)
            weighed = weigh(stakes, weights)
            if not weighed.places:
                continue
            centres = sorted(
                ((mean(values) or 0.0, option) for option, values in weighed.values.items()),
                key=lambda entry: -entry[0],
            )
            (value, winner), (_, second) = centres[0], centres[1]
            lead = [a - b for a, b in zip(weighed.values[winner], weighed.values[second], strict=True)]
            rows.append(
                {
                    "parameters": parameters,
                    "menu": menu,
                    **weights,
                    "winner": winner,
                    "value": value,
                    "second": second,
                    "lead": mean(lead),
                    **_bounds("lead_", lead),
                }
            )
    return rows


def write_decision(
    rows: Sequence[Mapping[str, Any]], cells: Sequence[Mapping[str, Any]], folder: Path
) -> list[Table]:
    """Write decision.csv and decision_map.csv."""
    write_rows(folder, DECISION, rows)
    write_rows(folder, MAP, cells)
    return [DECISION, MAP]
