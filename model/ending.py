"""How the matter ends: what force did, who gives way, who falls, and what each end brings with it."""

from typing import TYPE_CHECKING

from model.randomness import DECISIONS
from model.world.places import Happening

if TYPE_CHECKING:
    from model.simulation import EscalationModel

#: states of custody that end the matter -> how it ended
ENDS = {"freed": "freed", "died": "died", "surrendered": "surrendered", "left": "arrest_failed"}
#: what may bring them about
ENDING = (
    "rescue_succeeded", "rescue_failed", "intercepted", "detainee_died", "surrendered", "arrest_failed",
)  # fmt: skip
#: lever that sends troops to storm a kind of place
LEVER_OF_PLACE = {
    "government_quarter": "seizure", "province": "seizure", "broadcaster": "seizure",
    "air_defence": "airspace_denial",
}  # fmt: skip


def take_note(model: "EscalationModel", happening: Happening) -> None:
    """What force did to the crisis: an order carried out or failed, a government fallen, the matter over."""
    kind = happening.kind
    where = model.place_kind(happening.place)
    if kind == "place_taken" and where in ("government_quarter", "province"):
        model.crisis.lift("seizure", model.day)
        if where == "government_quarter":
            government_falls(model, happening.day, to_force=True)
        else:
            taken_by_force(model, happening.day)
    elif kind in ("assault_failed", "place_retaken"):
        lever = LEVER_OF_PLACE.get(where)
        if lever and not (lever == "seizure" and model.theatre.seizing):
            model.crisis.lift(lever, model.day)
    elif kind in ("rescue_succeeded", "rescue_failed"):
        model.crisis.lift("rescue", model.day)
    elif kind == "taken_into_custody":
        for watcher in (*model.courts, *model.onlookers):
            watcher.note_custody()
    if kind in ENDING and model.crisis.open and model.custody.state in ENDS:
        settle(model, ENDS[model.custody.state], day=happening.day)


def settle(model: "EscalationModel", how: str, face: float = 0.0, day: float | None = None) -> None:
    """The matter of the detainee is over: `how` is an end state, `face` the coercer's face saved (0-1).

    `day` is when it happened, if not at the beginning of the tick.
    """
    if not model.crisis.open:
        return
    model.crisis.stage, model.crisis.settled_on = "settled", model.day
    model.ended = how
    model.record.mark("days_to_end", day)
    if how == "arrest_failed":
        model.crisis.lift("rescue", model.day)
    if model.theatre.squeezed > 0.0:
        model.theatre.squeeze(0.0)
        model.crisis.host["base_squeezed"] = 0.0
    if how == "released":
        model.custody.release(model.day)
        model.crisis.face_used = face
        model.record.mark("days_to_yielding")
        model.record.mark("days_to_first_concession")
    elif how == "surrendered":
        model.record.mark("days_to_surrender", day)
        for court in model.courts:
            court.receive()
    if model.coercer is not None:
        model.coercer.settle(how, face)
    for onlooker in model.onlookers:
        onlooker.settle(how)


def government_falls(model: "EscalationModel", day: float | None = None, to_force: bool = False) -> None:
    """The government loses power: to force, and what was demanded goes to those who took it; or to protest.

    Whom protest brings to power does what the people think right: it gives way where they hold the
    coercer's story, and else holds on.
    """
    crisis = model.crisis
    if not crisis.in_power:
        return
    crisis.in_power = False
    if model.coercer is not None:
        model.coercer.see_fall()
    if to_force:
        taken_by_force(model, day)
    elif _at_hand(model) and model.luck.uniform(DECISIONS["government_falls"], 0, 0, 1) < model.opinion.story:
        settle(model, "released", day=day)


def taken_by_force(model: "EscalationModel", day: float | None) -> None:
    """Who took the seat of power, of the country or of a province, has what it demanded there."""
    if _at_hand(model):
        model.custody.free(model.day)
        settle(model, "freed", day=day)


def _at_hand(model: "EscalationModel") -> bool:
    """Whether what the coercer demands is still there to be given or taken."""
    return model.crisis.stage == "defied" or (model.crisis.open and model.custody.in_hand)
