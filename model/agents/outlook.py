"""The pictures that the two sides have of the crisis, each with its own beliefs, its own resolve and its own bias.

What the host stands to lose and what it believes is in both pictures: the coercer reads the host's acts, and expects
them, by the host's own rule. What neither knows is the other's resolve.
"""

from typing import TYPE_CHECKING, Any

from model.agents.inference import responsiveness
from model.decision.beliefs import biased
from model.decision.picture import Picture

if TYPE_CHECKING:
    from model.agents.coercer import Coercer
    from model.agents.government import Government
    from model.simulation import EscalationModel


#: chances where there is nobody who could use it
NO_FORCE: dict[str, Any] = {
    "p_rescue": 0.0,
    "p_seizure": 0.0,
    "p_rescue_by_orders": (0.0, 0.0, 0.0),
    "p_seizure_by_orders": (0.0, 0.0, 0.0),
}


def as_the_host_sees_it(host: "Government") -> Picture:
    """The crisis as the government believes it to be; of the coercer it sees what is in force."""
    model, other = host.model, host.model.coercer
    return Picture(
        levers=model.crisis.coercer,
        credit=model.affairs.credit(),
        **_of_the_crisis(model),
        **_of_the_coercer(other),
        **_of_the_host(host),
        **(_not_found(chances(model), model) if model.custody.hidden else chances(model)),
    )


def as_the_coercer_sees_it(coercer: "Coercer") -> Picture:
    """The crisis as the coercer believes it to be: it counts what it has ordered, and its hopes of force."""
    model, host = coercer.model, coercer.model.government
    seen = chances(model, coercer.behaviour("optimism_in_force"))
    seen = _not_found(seen, model) if model.custody.searched else seen
    coercer.force_success = max(seen["p_rescue"], seen["p_seizure"])
    ordered = {lever: level * coercer.ceiling(lever) for lever, level in coercer.ordered.items()}
    return Picture(
        levers=model.crisis.coercer | ordered,
        credit=model.affairs.credit(coercer.ordered),
        **_of_the_crisis(model),
        **_of_the_coercer(coercer),
        **_of_the_host(host),
        **seen,
    )


def chances(model: "EscalationModel", bias: float = 0.0, supposed: str = "") -> dict[str, Any]:
    """Chances that force succeeds, with an optimism on the log-odds. supposed: where the detainee would be."""
    theatre = model.theatre
    if not theatre.garrison:
        return NO_FORCE

    def by_orders(task: str) -> tuple[float, float, float]:
        found = [biased(theatre.win_chance(task, orders, supposed), bias) for orders in (-1.0, 0.0, 1.0)]
        return found[0], found[1], found[2]

    rescue, seizure, in_force = by_orders("rescue"), by_orders("seizure"), 1 + int(theatre.climate.orders)
    return {
        "p_rescue": rescue[in_force],
        "p_seizure": seizure[in_force],
        "p_rescue_by_orders": rescue,
        "p_seizure_by_orders": seizure,
    }


def _not_found(found: dict[str, Any], model: "EscalationModel") -> dict[str, Any]:
    """Chances where the detainee may not be where troops look for him; the coercer learns it by a search in vain."""
    share = 1.0 - model.numbers["custody.hidden"]
    by_orders = tuple(share * chance for chance in found["p_rescue_by_orders"])
    return found | {"p_rescue": share * found["p_rescue"], "p_rescue_by_orders": by_orders}


def _of_the_crisis(model: "EscalationModel") -> dict[str, Any]:
    crisis = model.crisis
    resist, aside = crisis.policy("resist") > 0.0, crisis.policy("stand_aside") > 0.0
    return {
        "open": crisis.open,
        "held": crisis.open,
        "attacked": model.affairs.attacked(),
        "fresh": model.affairs.fresh(),
        "overdue": 1.0 if crisis.deadline is not None and model.day >= crisis.deadline else 0.0,
        "face": crisis.face,
        "host_offer": crisis.policy("host_offer"),
        "orders": 1 if resist else -1 if aside else 0,
        "chain_rate": model.custody.expected_rate(True, model.affairs.way_out_shut()),
        "unrest": model.affairs.unrest_pressure(),
        "squeeze": model.numbers["force.squeeze"],
        "hidden": model.numbers["custody.hidden"],
    }


def expected_transfer(coercer: "Coercer") -> float:
    """Rate per day at which the coercer expects to lose for good what it wants."""
    model = coercer.model
    if not model.crisis.open:
        return 0.0
    if model.crisis.policy("surrender_order") > 0.0:
        return model.custody.expected_rate(True, model.affairs.way_out_shut())
    return hurry_after_arrest(coercer)


def hurry_after_arrest(coercer: "Coercer") -> float:
    """The rate at which it expects to lose it, once there is something to lose."""
    return 1.0 / coercer.situation("expected_days_to_transfer")


def _of_the_coercer(coercer: "Coercer | None") -> dict[str, Any]:
    if coercer is None:
        return {"own_exposure": 0.0, "demand_stake": 0.0, "partner_value": 0.0, "shield": 0.0}
    return {
        "own_exposure": coercer.situation("own_exposure"),
        "demand_stake": coercer.situation("demand_stake"),
        "partner_value": coercer.situation("partner_value"),
        "shield": coercer.shield(),
        "affront": coercer.audience.affront,
        "slight": coercer.situation("affront_by_refusal") * coercer.alone(),
        "commitment_coercer": coercer.audience.commitment,
        "hurry": expected_transfer(coercer),
        "responsiveness": responsiveness(coercer),
    }


def _of_the_host(host: "Government | None") -> dict[str, Any]:
    if host is None:
        return {"exposure": {}, "yield_stake": 0.0, "law_stake": 0.0, "office_at_risk": 0.0}
    return {
        "exposure": host.exposure_now(),
        "yield_stake": host.situation("yield_stake"),
        "law_stake": host.situation("law_stake"),
        "office_at_risk": host.office_at_risk,
        "face_share": host.situation("face_share"),
        "freshness": host.freshness,
        "commitment_host": host.audience.commitment,
        "fresh_orders": host.fresh_orders(),
        "transfer_rate": host.transfer_rate(),
        "punishment": host.punishment.mean,
        "support": host.support.mean,
        "ration_relief": host.behaviour("ration_relief"),
    }
