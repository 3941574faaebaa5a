"""The neighbours: in Dushanbe Kazakhstan, Kyrgyzstan, Uzbekistan and China, asked by both sides.

Each lives with the coercer and with the host, and is asked for things that please one and hurt the other: fuel
in place of what was cut, goods let through, credit, an aircraft let through to the Court or one with troops, good
offices. Which side it takes on an occasion is a draw, once and for all, by its leaning (0: the host's, 1: the
coercer's) under pressure from both sides: on the log-odds scale the coercer pulls by its affront times the share of
the neighbour's trade that is with it, the bloc and the host by the shares that are with them. Trade as the means of
such influence is Hirschman's (1945). It answers after a while. With the switch `neighbours = absent` they look on.
"""

import math
from collections.abc import Callable, Sequence
from itertools import product
from typing import TYPE_CHECKING

from model.actions import Action
from model.agents.actor import Actor
from model.decision.beliefs import biased
from model.randomness import DECISIONS
from model.scenario import ActorSpec

if TYPE_CHECKING:
    from model.simulation import EscalationModel

#: occasions on which a side is taken, by item of luck
SUPPLY, CREDIT, FLIGHT, TROOPS, OFFICES, TRANSIT = range(6)


class Neighbour(Actor):
    """A neighbour of the host.

    supplies, passes_on: share of the fuel cut that it makes good now, of the embargoed goods that it lets through.
    """

    role = "neighbour"

    def __init__(self, model: "EscalationModel", spec: ActorSpec, code: int) -> None:
        super().__init__(model, spec, code)
        self.active = model.switches["neighbours"] == "active"
        self.supplies = self.passes_on = 0.0
        self._answers: dict[int, bool] = {}
        self._asked: list[str] = []

    def sides_with_coercer(self, occasion: int) -> bool:
        """Which side it takes on an occasion, once and for all."""
        if occasion not in self._answers:
            draw = self.model.luck.uniform(DECISIONS["neighbours"], 0, self.code, occasion)
            self._answers[occasion] = draw < self.chance_of_siding(occasion)
        return self._answers[occasion]

    def chance_of_siding(self, occasion: int) -> float:
        """Chance that it takes the coercer's side: its leaning, pulled at by both sides by what it lives on."""
        leaning, pull = (
            self.situation("leaning"),
            self.behaviour("pull_of_trade") * self._dependence(occasion),
        )
        return biased(leaning, pull) if pull != 0.0 and 0.0 < leaning < 1.0 else leaning

    def _dependence(self, occasion: int) -> float:
        """Share of its trade that the coercer's anger puts at risk, less what it has with the bloc and the host."""
        model, at_stake = self.model, 0.0
        if model.coercer is not None:
            affront = model.coercer.audience.affront
            if occasion in (FLIGHT, TROOPS):  # they arise with an arrest, whenever they are asked
                affront = model.coercer.situation("affront_by_arrest")
            at_stake = affront * self.situation("trade_with_coercer")
        if model.blocs:
            at_stake -= self.situation("trade_with_bloc")
        return at_stake - self.situation("trade_with_host")

    def hear(self, actor: Actor, action: Action) -> None:
        """Fuel cut, an appeal, a quarrel that lasts: each is an occasion, once."""
        if not self.active:
            return
        if action.lever == "fuel_cut" and not self.sides_with_coercer(SUPPLY):
            self._after(self.behaviour("supply_lag"), self.supply)
        elif action.lever == "trade_embargo" and not self.sides_with_coercer(TRANSIT):
            self._after(self.behaviour("supply_lag"), self.let_through)
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

    def let_through(self) -> None:
        """Let goods through that the coercer keeps back."""
        if self.situation("transit_share") > 0.0 and self.model.do(self, "let_goods_through"):
            self.passes_on = self.situation("transit_share")

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
        {
            "supply_fuel": self.supply,
            "let_goods_through": self.let_through,
            "grant_credit": self.lend,
            "offer_good_offices": self.mediate,
        }[action.name]()


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
    """Chance of such a way before anybody is asked: over all answers, each by its leaning under pressure."""
    leanings = [neighbour.chance_of_siding(FLIGHT) for neighbour in neighbours]
    chance = 0.0
    for answers in product((True, False), repeat=len(neighbours)):
        willing = [neighbour for neighbour, yes in zip(neighbours, answers, strict=True) if yes]
        if route(neighbours, "reaches_court", willing.__contains__):
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
