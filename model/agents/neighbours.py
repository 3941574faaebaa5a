"""The neighbours: in Dushanbe Kazakhstan, Uzbekistan and China, under pressure from both sides.

Each lives with the coercer and with the host, and is asked for things that please one and hurt the other: fuel
in place of what was cut, credit, an aircraft let through to the Court or one with troops, good offices. Which
side it takes on an occasion is a draw by its leaning (0: the host's, 1: the coercer's), once and for all; it
answers after a while. With the switch `neighbours = absent` they look on.
"""

from collections.abc import Callable
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

    def lets_through_to_court(self) -> bool:
        """Whether an aircraft with the detainee may cross."""
        return self.situation("on_way_to_court") > 0.0 and not self.sides_with_coercer(FLIGHT)

    def lets_troops_through(self) -> bool:
        """Whether the coercer's troops may cross; who is not on their way has no say."""
        return self.situation("on_way_of_troops") <= 0.0 or self.sides_with_coercer(TROOPS)

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


def passage(model: "EscalationModel") -> bool:
    """Whether all on the way let the coercer's troops cross; one that refuses says so."""
    for neighbour in model.neighbours:
        if not neighbour.lets_troops_through():
            return not model.do(neighbour, "refuse_passage")
    return True
