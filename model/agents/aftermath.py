"""What a coercer does once the matter is over: demands fall, orders are called off, measures come up for review.

A measure under a demand is a promise too: it ends when the demand is met (Schelling 1966). Whether it ends is the
coercer's choice, and since its reason is gone no habit speaks for leaving it.
"""

from typing import TYPE_CHECKING

from model.decision.picture import ARMED, ECONOMIC, FORCE
from model.randomness import DECISIONS

if TYPE_CHECKING:
    from model.agents.coercer import Coercer

#: levers that stand for a demand, and fall with it
DEMANDS = ("demand", "ultimatum", "alliance_call", "rival")
#: ends in which the coercer has what it demanded
MET = ("released", "freed", "arrest_failed")


def stand_down(coercer: "Coercer", how: str) -> None:
    """Demands fall and orders of force are called off; where the demand is met, also those of measures.

    Where the host gave way, troops sent for what it held or under terms go back.
    """
    crisis, day = coercer.model.crisis, coercer.model.day
    coercer.agencies.stand_down()
    forcing = any(crisis.coercion(lever) > 0.0 for lever in (*FORCE, "blockade"))
    if how in ("released", "arrest_failed") and forcing and not coercer.model.forbidden(coercer, "withdraw"):
        coercer.perform(coercer.model.actions["withdraw"])
    ended = (*ARMED, *ECONOMIC) if how in MET else ARMED
    for lever in [lever for lever in coercer.ordered if lever in ended and lever not in coercer.at_once]:
        coercer.call_off(lever)
    for lever in DEMANDS:
        crisis.lift(lever, day)


def review(coercer: "Coercer", how: str) -> None:
    """What was laid on for the sake of a demand that is met has lost its reason: whether it stays is decided anew."""
    menu = coercer.menu()
    if how in MET and {"ease", "wait"} <= {*menu.names}:
        chance = coercer.model.luck.uniform(DECISIONS["review"], 0, coercer.code, 0)
        if coercer.accepts(menu, "ease", "wait", chance):
            coercer.order(coercer.model.actions["ease"])
