"""Events from outside the crisis, as a scenario dates them: what each does when it begins and when it ends."""

from functools import partial
from typing import TYPE_CHECKING

from model.ending import take_note
from model.scenario import Inject
from model.world.places import Happening

if TYPE_CHECKING:
    from model.simulation import EscalationModel


def await_events(model: "EscalationModel") -> None:
    """Enter the scenario's outside events in the agenda."""
    for inject in model.case.injects:
        model.agenda.enter(inject.day, partial(befall, model, inject, inject.size))
        if inject.days is not None:
            model.agenda.enter(inject.day + inject.days, partial(befall, model, inject, 0.0))


def befall(model: "EscalationModel", inject: Inject, size: float) -> None:
    """An outside event begins with its size, or ends (size 0). What is read off `crisis.injected` needs no more."""
    model.crisis.injected[inject.event] = size
    if inject.event in ("mediator", "legal_formula"):
        model.crisis.ways_out[inject.event] = size * model.numbers["decision.formula_face"]
    elif inject.event == "emergency_aid_usd":
        model.receive_aid(size, 0.0)
    elif inject.event == "fuel_shipment":
        model.receive_aid(0.0, size)
    elif inject.event == "rouble_shock":
        model.rouble_shock += size
    elif inject.event == "russian_output_shock":
        model.russian_output_shock += size
    elif inject.event == "security_guarantee" and model.government is not None and size > 0.0:
        model.government.support.observe(size, model.numbers["decision.belief_evidence"])
    elif inject.event in ("warrant_executed", "warrant_ignored"):
        for onlooker in model.onlookers:
            onlooker.credibility.observe(1.0 if inject.event == "warrant_executed" else 0.0, size)
    elif inject.event == "joint_refusal":
        for onlooker in model.onlookers:
            onlooker.see_refusals(size)
    elif inject.event == "detainee_dies" and size > 0.0 and model.custody.in_hand:
        died = Happening("detainee_died", model.day, model.custody.place)
        model.custody.die()
        take_note(model, died)
        if model.coercer is not None:  # whatever he died of, it is laid at the host's door
            model.coercer.take_offence(1.0)
