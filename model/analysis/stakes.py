"""What an option left of the government's six stakes, in one run, each from 0 (lost) to 1 (kept whole).

DESIGN and docs/model.md name six: office, territory, welfare of the households, aid and legal standing, approval
at home, personal safety. They are measured here on what happened, alike for every option, and not on what the
government of the model expects (that is `decision/resistance.py`). Means over the days of the run; no discount.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from model.ensemble.store import BatchStore
    from model.parameters import Number
    from model.result import RunResult

Place = tuple[int, int]
Weights = Mapping[str, float]

STAKES = {
    "office": "share of the days in power",
    "territory": "mean share of the country's places held",
    "welfare": "welfare_of_people: consumption against normal, less the killed and displaced",
    "standing": "half compliance_with_law, half the mean share of the norm bloc's programmes that run",
    "approval": "mean legitimacy among the people while in power, 0 after its fall",
    "safety": "1 unless the coercer's forces took the government quarter",
}
OBJECTIVES = {
    "survival": "survival_of_government",
    "people": "welfare_of_people",
    "law": "compliance_with_law",
}


def stakes_of(result: RunResult) -> dict[str, float]:
    """The six stakes and the three objectives of one run, each 0-1."""
    power = _mean(result, "host_in_power", 1.0)
    standing = 0.5 * _number(result, "compliance_with_law") + 0.5 * _mean(result, "eu_programmes", 1.0)
    legitimacy = result.series.get("legitimacy")
    in_power = result.series.get("host_in_power")
    approval = 0.0
    if legitimacy is not None and in_power is not None:
        approval = float(np.mean(np.asarray(legitimacy) * np.asarray(in_power)))
    return {
        "office": power,
        "territory": _mean(result, "territory_held", 1.0),
        "welfare": _number(result, "welfare_of_people"),
        "standing": standing,
        "approval": approval,
        "safety": float(result.scalars.get("days_to_ministries_seized") is None),
        **{name: _number(result, outcome) for name, outcome in OBJECTIVES.items()},
    }


def _mean(result: RunResult, series: str, without: float) -> float:
    found = result.series.get(series)
    return without if found is None else float(np.mean(np.asarray(found, dtype=np.float64)))


def _number(result: RunResult, outcome: str) -> float:
    value = result.scalars.get(outcome)
    if value is None:
        raise ValueError(f"{outcome} does not apply to this case: it has no government or no people to weigh")
    return float(value)


def read_stakes(store: BatchStore, scenario: str) -> dict[Place, dict[str, float]]:
    """Stakes and objectives of each ok run of a scenario, by point and replicate."""
    return {(key.point, key.replicate): stakes_of(result) for key, result in store.results(scenario)}


def profiles(numbers: Mapping[str, Number], government: str = "tajikistan") -> dict[str, dict[str, float]]:
    """Ways to weigh the stakes, each summing to 1: even, the government's own, and three that stress one end.

    own: the nominal weights by which the government of the model decides (office and what a province is worth
    of it, income, law, unrest, blood), brought to a sum of 1.
    """

    def value(key: str) -> float:
        return numbers[key].value

    own = {
        "office": value("government.office_stake"),
        "territory": value("government.office_stake") * value("government.province_share"),
        "welfare": value("decision.income_weight"),
        "standing": value(f"{government}.law_stake"),
        "approval": value("government.unrest_weight"),
        "safety": value("decision.blood_weight"),
    }
    found = {"even": dict.fromkeys(STAKES, 1.0), "own": own}
    for name, stressed in (("law_first", "standing"), ("people_first", "welfare"), ("power_first", "office")):
        found[name] = {stake: 5.0 if stake == stressed else 1.0 for stake in STAKES}
    for stake in STAKES:
        found[stake] = {stake: 1.0}
    for objective in OBJECTIVES:
        found[f"{objective}_alone"] = {objective: 1.0}
    return {name: _whole(weights) for name, weights in found.items()}


def _whole(weights: Mapping[str, float]) -> dict[str, float]:
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}
