"""The onlookers: the United Nations, rights organisations, and other states that depend on a great power.

They speak. The Security Council can be stopped by a permanent member, the Assembly cannot but binds
nobody. The dependent states watch what enforcement is worth: their belief that a warrant will be
executed, `norm_credibility`, moves with each case they see (the mirror, S19).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from model.actions import Action
from model.agents.actor import Actor
from model.decision.beliefs import Chance
from model.randomness import DECISIONS
from model.scenario import ActorSpec

if TYPE_CHECKING:
    from model.simulation import EscalationModel


class Onlookers(Actor):
    """Those who watch. resolutions: passed so far. credibility: belief in enforcement (0-1)."""

    role = "onlookers"

    def __init__(self, model: "EscalationModel", spec: ActorSpec, code: int) -> None:
        super().__init__(model, spec, code)
        self.resolutions = 0
        self.credibility = Chance(self.situation("credibility_at_start"), self.behaviour("belief_evidence"))
        self.heard: set[str] = set()

    def hear(self, actor: Actor, action: Action) -> None:
        """Denounce what is done to the norm or by force; draw the lesson from a visit hosted."""
        if action.name in ("host_visit", "arrest"):
            self._once("visit", self.behaviour("denunciation_lag"), self._denounce)
        if action.name == "host_visit":
            self.credibility.observe(0.0)
        elif action.name == "arrest":
            self.note_custody()
        if action.kind == "violent" and (actor is self.model.coercer or actor.role == "garrison"):
            self._once("force", self.behaviour("denunciation_lag"), self._denounce)
            self._once("resolution", self.behaviour("resolution_lag"), self._vote)

    def note_custody(self) -> None:
        """A warrant executed teaches once he is in custody."""
        if self.model.custody.state == "held":
            self.credibility.observe(self.behaviour("worth_of_arrest"))

    def see_refusals(self, hosts: float) -> None:
        """Several hosts that refuse a guest together (worth in visits) honour the warrant, short of executing it."""
        self.credibility.observe(self.behaviour("worth_of_refusal"), hosts)

    def _once(self, occasion: str, median: float, what: Callable[[], None]) -> None:
        if occasion not in self.heard:
            self.heard.add(occasion)
            self.model.agenda.enter(self.model.day + self.lag(median, len(self.heard)), what)

    def _denounce(self) -> None:
        self.model.do(self, "denounce")

    def _vote(self) -> None:
        if self.model.luck.uniform(DECISIONS["onlookers"], 0, self.code, 0) < self.behaviour(
            "resolution_chance"
        ):
            self._resolve()

    def _resolve(self) -> None:
        if self.model.do(self, "pass_resolution"):
            self.resolutions += 1

    def follow_script(self, action: Action) -> None:
        """Speak as the scenario lays down."""
        if action.name == "pass_resolution":
            self._resolve()
        else:
            super().follow_script(action)

    def settle(self, how: str) -> None:
        """The lesson of how it ended: a warrant executed, a suspect let go, or taken back by force."""
        if how == "surrendered":
            self.credibility.observe(1.0, self.behaviour("weight_of_end"))
        elif how in ("released", "freed", "arrest_failed"):
            self.credibility.observe(0.0, self.behaviour("weight_of_end"))
