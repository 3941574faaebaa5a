"""The neighbours: in Dushanbe Kazakhstan, Kyrgyzstan, Uzbekistan and China, asked by both sides.

Each lives with the coercer and with the host, and is asked for things that please one and hurt the other: fuel
in place of what was cut, credit, an aircraft let through to the Court or one with troops, good offices. Which
side it takes on an occasion is a draw by its leaning (0: the host's, 1: the coercer's), once and for all; it
answers after a while. With the switch `neighbours = absent` they look on.
"""

import math
from collections.abc import Callable, Sequence
from itertools import product
from typing import TYPE_CHECKING

from model.actions import Action
from model.agents.actor import Actor
from model.randomness import DECISIONS
from model.scenario import ActorSpec

if TYPE_CHECKING:
    from model.simulation import EscalationModel

#: occasions on which a side is taken, by item of luck
SUPPLY, CREDIT, FLIGHT, TROOPS, OFFICES = range(5)


class Neighbour(Actor):
    """A neighbour of the host.

    supplies: share of the fuel cut that it makes good now (0-1).
    """

    role = "neighbour"

    def __init__(self, model: "EscalationModel", spec: ActorSpec, code: int) -> None:
        super().__init__(model, spec, code)
        self.active = model.switches["neighbours"] == "active"
        self.supplies = 0.0
        self._asked: list[str] = []

    def sides_with_coercer(self, occasion: int) -> bool:
        """Which side it takes on an occasion: by its leaning, once and for all."""
        draw = self.model.luck.uniform(DECISIONS["neighbours"], 0, self.code, occasion)
        return draw < self.situation("leaning")

    def hear(self, actor: Actor, action: Action) -> None:
        """Fuel cut, an appeal, a quarrel that lasts: each is an occasion, once."""
        if not self.active:
            return
        if action.lever == "fuel_cut" and not self.sides_with_coercer(SUPPLY):
            self._after(self.behaviour("supply_lag"), self.supply)
        elif action.lever == "appeal" and not self.sides_with_coercer(CREDIT):
            self._after(self.behaviour("credit_lag"), self.lend)
        elif action.name in ("arrest", "defy"):
            draw = self.model.luck.uniform(DECISIONS["neighbours"], 0, self.code, OFFICES)
            if draw < self.situation("good_offices"):
                self._after(self.behaviour("mediation_lag"), self.mediate)

    def _after(self, median: float, what: Callable[[], None]) -> None:
        """Do something once, after a while."""
        if what.__name__ not in self._asked:
            self._asked.append(what.__name__)
            self.model.agenda.enter(self.model.day + self.lag(median, len(self._asked)), what)

    def supply(self) -> None:
        """Deliver fuel in place of what was cut."""
        if self.situation("fuel_share") > 0.0 and self.model.do(self, "supply_fuel"):
            self.supplies = self.situation("fuel_share")

    def lend(self) -> None:
        """Grant an emergency credit."""
        if self.situation("credit_usd") > 0.0 and self.model.do(self, "grant_credit"):
            self.model.receive_aid(self.situation("credit_usd"), 0.0)

    def mediate(self) -> None:
        """Offer a formula, as long as there is something to settle."""
        if self.model.crisis.open and self.model.do(self, "offer_good_offices"):
            self.model.crisis.ways_out[self.name] = self.behaviour("face_by_good_offices")

    def follow_script(self, action: Action) -> None:
        """Do as the scenario lays down, whatever its leaning."""
        {"supply_fuel": self.supply, "grant_credit": self.lend, "offer_good_offices": self.mediate}[
            action.name
        ]()


def route(neighbours: Sequence[Neighbour], goal: str, willing: Callable[[Neighbour], bool]) -> bool:
    """Whether those who are willing make a way from the host to where `goal` says (a number of the neighbours)."""
    open_ = [neighbour for neighbour in neighbours if willing(neighbour)]
    first = [neighbour for neighbour in open_ if neighbour.situation("borders_host") > 0.0]
    there = [neighbour for neighbour in open_ if neighbour.situation(goal) > 0.0]
    return bool(first and there)


def way_to_court(neighbours: Sequence[Neighbour]) -> bool:
    """Whether an aircraft with the detainee finds a way, as the neighbours will answer."""
    return route(neighbours, "reaches_court", lambda neighbour: not neighbour.sides_with_coercer(FLIGHT))


def expected_way_to_court(neighbours: Sequence[Neighbour]) -> float:
    """Chance of such a way before anybody is asked: over all answers, each by its leaning."""
    chance = 0.0
    for answers in product((True, False), repeat=len(neighbours)):
        willing = [neighbour for neighbour, yes in zip(neighbours, answers, strict=True) if yes]
        if route(neighbours, "reaches_court", willing.__contains__):
            leanings = [neighbour.situation("leaning") for neighbour in neighbours]
            odds = [1.0 - lean if yes else lean for yes, lean in zip(answers, leanings, strict=True)]
            chance += math.prod(odds)
    return chance


def passage(model: "EscalationModel") -> bool:
    """Whether the coercer's troops find a way across those that take its side; else one that bars it says so."""
    if not model.neighbours:
        return True
    if route(model.neighbours, "reaches_coercer", lambda neighbour: neighbour.sides_with_coercer(TROOPS)):
        return True
    barring = next(n for n in model.neighbours if not n.sides_with_coercer(TROOPS))
    model.do(barring, "refuse_passage")
    return False
