"""Ways out that others offer, and talks between the two sides: what a tick makes of them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.agents.government import Government
    from model.simulation import EscalationModel


def talk(model: "EscalationModel", days: float) -> None:
    """Guests of the summit speak for a way out while they are in town; talks on offer may come to a draft."""
    crisis, summit = model.crisis, model.summit
    if summit.present:
        summit.step(model.day, model.affairs.way_out_shut() >= 1.0)
    if crisis.open and summit.mediates:
        crisis.ways_out["summit"] = model.temper.formula_face
    else:
        crisis.ways_out.pop("summit", None)
    if model.government is not None and crisis.open:
        _negotiate(model, model.government, days)


def _negotiate(model: "EscalationModel", host: "Government", days: float) -> None:
    """Talks that the host has offered come to a draft sooner or later: a release that saves the face, if it will."""
    crisis = model.crisis
    if crisis.policy("host_offer") <= 0.0 and model.talks.left > 0.0:
        return
    way = "give_way" if crisis.stage == "defied" else "release"
    if model.forbidden(host, way):
        return
    if model.talks.step(crisis.policy("host_offer"), crisis.face, days):
        crisis.ways_out["talks"] = model.temper.formula_face
        if host.agrees(way):
            host.perform(model.actions[way])
        else:
            crisis.ways_out.pop("talks")
            model.talks.refuse()
