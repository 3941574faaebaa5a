"""What is said of a finished run: end state, milestones, extremes and objectives.

All definitions are in `outcomes.csv`; nothing here looks at more than the record.
"""

import math
from typing import TYPE_CHECKING

import numpy as np

from model.milestones import YEAR

if TYPE_CHECKING:
    from model.simulation import EscalationModel


def window_mean(values: np.ndarray, days: int) -> np.ndarray:
    """Means over each full window of `days`, shape (len - days + 1,); over all values where there are fewer."""
    if len(values) < days:
        return np.array([math.fsum(values.tolist()) / max(len(values), 1)])
    running = np.concatenate([[0.0], np.cumsum(values)])
    return (running[days:] - running[:-days]) / days


def findings(model: "EscalationModel") -> dict[str, float | int | str | bool | None]:
    """Every outcome of file `runs`, None where it does not apply or never came."""
    record, theatre, watch = model.record, model.theatre, model.milestones
    out: dict[str, float | int | str | bool | None] = {name: None for name in model.run_outcomes}
    out |= {name: day for name, day in record.milestones.items() if name in out}
    end = _end_state(model)
    dead = theatre.killed_base + theatre.killed_army + theatre.killed_civilian
    n = model.numbers
    level = sum(dead >= n[f"milestones.violence_{name}"] for name in ("minor", "serious", "war"))
    out |= {
        "end_state": end,
        "violence": ("none", "minor", "serious", "war")[level],
        "outcome": _outcome(model, end),
        "highest_rung": max((event.action.kahn_rung for event in record.events), default=0),
        "force_used": record.reached("days_to_force"),
        "inadvertent_force": model.inadvertent,
        "government_fell": not model.crisis.in_power,
        "punished_after_compliance": watch.punished,
        "base_withdrew": _withdrew(model),
        "killed_total": dead,
        "killed_civilian_total": float(theatre.killed_civilian),
        "killed_base_total": float(theatre.killed_base),
        "killed_army_total": float(theatre.killed_army),
        "displaced_peak": watch.displaced_peak,
        "airport_closed_days": watch.airport_closed_days,
        "coercer_cost_total_usd": model.coercer.cost_usd if model.coercer else None,
        "trade_cut_first_year": watch.embargo_days / min(YEAR, record.days),
        "survival_of_government": float(model.crisis.in_power) * theatre.territory_held,
        "compliance_with_law": compliance(model, end),
    }
    if model.households is not None:
        out |= _people(model)
    return out


def _withdrew(model: "EscalationModel") -> bool:
    """Whether the coercer's forces were ordered back after they had been used."""
    used = model.record.milestones["days_to_force"]
    return used is not None and any(
        e.action.name == "withdraw" and e.day >= used for e in model.record.events
    )


def _people(model: "EscalationModel") -> dict[str, float]:
    series, n = model.record.series, model.numbers
    index = series["remittance_index"]
    means = window_mean(index, int(n["milestones.remittance_days"]))
    band = (means >= n["milestones.remittance_dip"]) & (means <= n["milestones.remittance_band_high"])
    harmed = model.milestones.displaced_peak + float(model.theatre.killed_civilian)
    harmed /= model.affairs.inhabitants
    return {
        "remittance_floor": float(means.min()),
        "remittances_lost_usd": float(
            model.households_expected - math.fsum(series["remittances_usd"].tolist())
        ),
        "remittance_share_in_band": float(band.mean()),
        "poverty_peak": float(series["poverty_rate"].max()),
        "output_floor": float(series["output_index"].min()),
        "fuel_floor_days": float(series["fuel_stock_days"].min()),
        "price_peak": float(series["price_index"].max()),
        "reserves_floor_usd": float(series["reserves_usd"].min()),
        "protesters_peak": float(series["protesters"].max()),
        "deported_total": float(series["deported"][-1]),
        "deported_first_year": float(series["deported"][:YEAR][-1]),
        "remittance_first_year": math.fsum(index[:YEAR].tolist()) / len(index[:YEAR]),
        "returned_total": float(series["returned"][-1]),
        "welfare_of_people": max(
            0.0, math.fsum(series["consumption_index"].tolist()) / model.record.days - harmed
        ),
    }


def _end_state(model: "EscalationModel") -> str:
    """How the matter ended first."""
    if model.ended is not None:
        return model.ended
    if model.crisis.open and model.custody.state == "standoff":
        return "standoff"
    return {
        "cancelled": "visit_cancelled",
        "hosted": "not_arrested",
        "before": "not_arrested",
        "quiet": "not_arrested",
        "refused": "refused",
    }.get(model.crisis.stage, "held")


def _outcome(model: "EscalationModel", end: str) -> str:
    if end in ("released", "freed", "arrest_failed"):
        return "compromise" if end == "released" and model.crisis.face_used > 0.0 else "victory"
    return "defeat" if end in ("surrendered", "died") else "stalemate"


def compliance(model: "EscalationModel", end: str) -> float:
    """Duty under the Rome Statute met, 0-1.

    Where no court asked the host for the arrest there is no duty, and whatever it does is no breach. Surrender meets
    the duty; a visit hosted or a release does not. A visit refused or called off breaks none, since nobody wanted was
    on the territory. A suspect held, or lost to force or death in custody, met the duty to arrest, and who tried in
    vain a part of it.
    """
    n = model.numbers
    if not any(court.asked for court in model.courts):
        return 1.0
    if end in ("surrendered", "refused", "visit_cancelled"):
        return 1.0
    if end in ("held", "freed", "died", "standoff", "arrest_failed"):
        arrested = model.custody.ever_held or model.crisis.stage == "defied"
        return n["milestones.compliance_arrest_alone" if arrested else "milestones.compliance_attempt"]
    return 0.0
