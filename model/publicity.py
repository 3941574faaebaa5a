"""What becomes of an act once it has happened: who is meant by it, what milestone it is, who hears of it."""

from typing import TYPE_CHECKING

from model.actions import Action
from model.agents.actor import Actor
from model.record import Event

if TYPE_CHECKING:
    from model.simulation import EscalationModel

#: acts of the host that are aimed at nobody outside
DOMESTIC = (
    "declare_martial_law", "ration", "cut_internet", "order_resistance", "order_stand_aside",
    "appeal_for_help", "request_alliance",
)  # fmt: skip


def announce(model: "EscalationModel", actor: Actor, action: Action, inadvertent: bool = False) -> None:
    """Write an act down and let the others hear."""
    target = target_of(model, actor, action.name)
    model.record.events.append(Event(model.day, actor.name, action, target, inadvertent))
    if action.name in ("demand_release", "issue_ultimatum", "recall_ambassador"):
        model.record.mark("days_to_demand")
    elif action.name in ("offer_release", "release", "give_way"):
        model.record.mark("days_to_first_concession")
    elif actor.role == "norm_bloc":
        milestone = {"criticise": "days_to_eu_statement", "grant_aid": "days_to_eu_aid",
                     "sanction_coercer": "days_to_eu_sanctions"}.get(action.name)  # fmt: skip
        if milestone:
            model.record.mark(milestone)
    if action.public:
        for other in model.cast_list:
            if other is not actor:
                other.hear(actor, action)


def target_of(model: "EscalationModel", actor: Actor, action: str) -> str:
    """Whom an act is aimed at: the host by its coercer, its alliance, the Court and its helpers, else the coercer.

    What a government does at home is aimed at nobody outside. A bloc or an onlooker that speaks of a visit
    hosted means the host.
    """
    if action in DOMESTIC:
        return ""
    at_host = (
        actor is model.coercer
        or actor.role in ("garrison", "alliance", "court")
        or action in ("grant_aid", "suspend_programmes", "supply_fuel", "let_goods_through", "grant_credit")
        or (actor.role in ("norm_bloc", "onlookers") and model.crisis.stage in ("before", "hosted"))
    )
    other = model.government if at_host else model.coercer
    return other.name if other is not None and other is not actor else ""
