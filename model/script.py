"""What a scenario lays down and did not come about: acts whose conditions did not hold when their time came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.actions import actions

if TYPE_CHECKING:
    from model.scenario import Scenario, ScriptedAct
    from model.simulation import EscalationModel

#: conditions of the table of actions, as what was not so
NEEDS = {
    "airlift": "reinforcement by air is off ([switches] reinforcement), or was tried before",
    "alliance": "there is no alliance that would hear of it",
    "army": "there was no army left to give orders to",
    "attacked": "nobody was under attack",
    "before": "it had been decided before whether he comes, and what becomes of him",
    "court": "there is no court",
    "defied": "the host had not defied a coercer, or no longer did",
    "deployed": "no troops were out",
    "economy": "the case has no households and no economy",
    "garrison": "there were no troops at hand",
    "held": "nobody was in the host's hands, or known to be there",
    "leverage": "there was no base to squeeze, or it is off ([switches] leverage)",
    "measures": "no measure was in force",
    "migrants": "no migrants depend on the coercer",
    "mobile": "the detainee cannot be moved ([switches] custody), or was not in custody",
    "open": "the matter was not open: nothing was demanded, or it was over",
    "pressed": "the host no longer had what is demanded",
    "threatened": "the host was not under threat",
}
#: acts that deciders choose to leave all as it is: no lever, no event
IDLE = ("wait", "hold")
#: roles without which a condition can never hold
ROLES = {
    "garrison": "garrison",
    "alliance": "alliance",
    "court": "court",
    "army": "army",
    "economy": "households",
}
#: switches at which a condition can never hold
OFF = {"airlift": ("reinforcement", "air"), "leverage": ("leverage", "base")}
#: from the day of an act to that of its event, at most: a tick, which is a day after the first sixty
TICK = 1.0


@dataclass(frozen=True)
class Undone:
    """An act laid down that did not happen: when, whose, which, and what was not so."""

    act: ScriptedAct
    why: str


def undone(model: EscalationModel) -> list[Undone]:
    """Acts of the script that have no event at their time, in its order, with what stood against them."""
    record, found = model.record, []
    for act in model.case.script:
        if act.action in IDLE or act.day >= model.day:
            continue
        happened = any(
            event.actor == act.actor and event.action.name == act.action and _at(event.day, act.day)
            for event in record.events
        )
        if not happened:
            unmet = next(
                (needs for day, actor, action, needs in record.unmet
                 if (actor, action) == (act.actor, act.action) and _at(day, act.day)),
                (),
            )  # fmt: skip
            found.append(Undone(act, "; ".join(NEEDS[need] for need in unmet) or _otherwise(model, act)))
    return found


def _at(day: float, laid_down: float) -> bool:
    return laid_down <= day + 1e-9 and day < laid_down + TICK + 1e-9


def _otherwise(model: EscalationModel, act: ScriptedAct) -> str:
    if act.action == "grant_aid" and model.numbers.get(f"{act.actor}.aid_usd", 0.0) == 0.0:
        return "the case gives no aid to grant"
    return "its conditions were not met then, or it stood already"


def never(scenario: Scenario) -> Iterator[str]:
    """Acts of the script that cannot happen in any run of this case, each in a sentence."""
    roles, known = {actor.role for actor in scenario.actors}, actions()
    for act in scenario.script:
        told = f"{scenario.name}: the act {act.action} of {act.actor} on day {act.day:g}"
        if act.action in IDLE:
            yield f"{told} changes nothing and leaves no event; to hold an actor back, forbid its acts in [limits]"
        for need in known[act.action].needs:
            switch, value = OFF.get(need, ("", ""))
            if ROLES.get(need, need) not in roles and need in ROLES:
                yield f"{told} will not happen: the case has no actor of the role {ROLES[need]}"
            elif switch and scenario.switches[switch] != value:
                yield f'{told} will not happen: it needs [switches] {switch} = "{value}"'
