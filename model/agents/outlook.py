"""The pictures that the two sides have of the crisis, each with its own beliefs, its own resolve and its own bias."""

from typing import TYPE_CHECKING

from model.decision.beliefs import biased
from model.decision.picture import Picture

if TYPE_CHECKING:
    from model.agents.coercer import Coercer
    from model.agents.government import Government


def as_the_host_sees_it(host: "Government") -> Picture:
    """The crisis as the government believes it to be; of the coercer it sees what is in force."""
    crisis, theatre, other = host.model.crisis, host.model.theatre, host.model.coercer
    orders = 1 if crisis.policy("resist") > 0.0 else -1 if crisis.policy("stand_aside") > 0.0 else 0
    p = tuple(max(theatre.win_chance("rescue", o), theatre.win_chance("seizure", o)) for o in (-1, 0, 1))
    late = crisis.deadline is not None and host.model.day >= crisis.deadline
    return Picture(
        open=crisis.open,
        held=crisis.open,
        attacked=host.model.affairs.attacked(),
        levers=crisis.coercer,
        credit=host.model.affairs.credit(),
        fresh=host.model.affairs.fresh(),
        exposure=host.exposure,
        own_exposure=other.situation("own_exposure") if other else 0.0,
        demand_stake=other.situation("demand_stake") if other else 0.0,
        partner_value=other.situation("partner_value") if other else 0.0,
        shield=other.shield() if other else 0.0,
        yield_stake=host.situation("yield_stake"),
        law_stake=host.situation("law_stake"),
        office_stake=host.office_at_risk,
        face_share=host.situation("face_share"),
        freshness=host.freshness,
        affront=other.audience.affront if other else 0.0,
        slight=other.situation("affront_by_refusal") * host.alone() if other else 0.0,
        commitment_coercer=other.audience.commitment if other else 0.0,
        commitment_host=host.audience.commitment,
        overdue=1.0 if late else 0.0,
        face=crisis.face,
        host_offer=crisis.policy("host_offer"),
        p_rescue=theatre.win_chance("rescue"),
        p_seizure=theatre.win_chance("seizure"),
        p_orders=(p[0], p[1], p[2]),
        orders=orders,
        p_moved=max(
            p[orders + 1] * (1.0 - host.model.numbers["custody.hidden"]), theatre.win_chance("seizure")
        ),
        p_squeezed=p[orders + 1] * (1.0 - host.model.numbers["force.squeeze"]),
        fresh_orders=host.fresh_orders(),
        transfer_rate=host.transfer_rate(),
        hurry=other.expected_transfer() if other else 0.0,
        chain_rate=host.model.custody.expected_rate(True, host.model.affairs.way_out_shut()),
        punishment=host.punishment.mean,
        responsiveness=other.responsiveness() if other else 1.0,
        support=host.support.mean,
        unrest=host.model.affairs.unrest_pressure(),
        ration_relief=host.behaviour("ration_relief"),
    )


def as_the_coercer_sees_it(coercer: "Coercer") -> Picture:
    """The crisis as the coercer believes it to be."""
    crisis, host, theatre = coercer.model.crisis, coercer.model.government, coercer.model.theatre
    bias = coercer.behaviour("optimism_in_force")
    rescue = biased(theatre.win_chance("rescue"), bias)
    seizure = biased(theatre.win_chance("seizure"), bias)
    coercer.force_success = max(rescue, seizure)
    late = crisis.deadline is not None and coercer.model.day >= crisis.deadline
    return Picture(
        open=crisis.open,
        held=crisis.open,
        attacked=coercer.model.affairs.attacked(),
        levers=crisis.coercer
        | {lever: level * coercer.ceiling(lever) for lever, level in coercer.ordered.items()},
        credit=coercer.model.affairs.credit(coercer.ordered),
        fresh=coercer.model.affairs.fresh(),
        exposure=host.exposure if host else {},
        own_exposure=coercer.situation("own_exposure"),
        demand_stake=coercer.situation("demand_stake"),
        partner_value=coercer.situation("partner_value"),
        shield=coercer.shield(),
        yield_stake=host.situation("yield_stake") if host else 0.0,
        law_stake=host.situation("law_stake") if host else 0.0,
        office_stake=host.office_at_risk if host else 0.0,
        face_share=host.situation("face_share") if host else 1.0,
        freshness=host.freshness if host else 1.0,
        affront=coercer.audience.affront,
        commitment_coercer=coercer.audience.commitment,
        commitment_host=host.audience.commitment if host else 0.0,
        overdue=1.0 if late else 0.0,
        face=crisis.face,
        host_offer=crisis.policy("host_offer"),
        p_rescue=rescue,
        p_seizure=seizure,
        transfer_rate=host.transfer_rate() if host else 0.0,
        hurry=coercer.expected_transfer(),
        chain_rate=coercer.model.custody.expected_rate(True, coercer.model.affairs.way_out_shut()),
        punishment=host.punishment.mean if host else 0.5,
        responsiveness=coercer.responsiveness(),
    )
