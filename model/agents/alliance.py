"""The alliance: in Dushanbe the Collective Security Treaty Organization.

By its charter (switch `alliance = consensus`) it acts on consensus, and the host is one of its members: asked to
act against the host, the host's own objection stops it; asked by the host for troops against the coercer, the
coercer's does. It may act when the host itself asks, or when a rival claimant does whom the members take for the
government. It did so once (Kazakhstan 2022: decided within twelve hours, there in a day, 2,030 troops) and
refused twice.

Charters bend. With `alliance = quorum` the votes of a part of the members are enough, the coercer may have the
host's membership suspended so that its objection no longer counts, only members who agreed send troops, and a
refusal takes from the coercer the cover that its call gave it: it can still act, alone.
"""

from typing import TYPE_CHECKING

from model.actions import Action
from model.agents.actor import Actor
from model.randomness import DECISIONS
from model.scenario import ActorSpec

if TYPE_CHECKING:
    from model.simulation import EscalationModel


#: votes of one meeting, each with draws of its own
REQUEST, SUSPENSION = range(2)


class Alliance(Actor):
    """An alliance of the coercer, with `other_members` beside the coercer and the host.

    status: none, requested, consulting, vetoed, refused, decided, deployed. troops: in the country. share: of the
    members who agreed to the last request (0-1).
    """

    role = "alliance"

    def __init__(self, model: "EscalationModel", spec: ActorSpec, code: int) -> None:
        super().__init__(model, spec, code)
        self.members = int(self.situation("other_members"))
        self.host_is_member = self.situation("host_is_member") > 0.0
        self.status = "none"
        self.by_quorum = model.switches["alliance"] == "quorum"
        self.share = 1.0
        self.troops = 0.0
        self.meetings = 0

    def hear(self, actor: Actor, action: Action) -> None:
        """A request starts the procedure, unless one is under way or was granted."""
        if action.lever in ("alliance_call", "alliance_request", "rival") and self.status in (
            "none",
            "vetoed",
            "refused",
        ):
            if action.lever == "rival" and not self.model.crisis.coercion("alliance_call"):
                return
            self.status = "requested"
            self.meetings += 1
            lag = self.lag(self.behaviour("convening_lag"), self.meetings)
            self.model.agenda.enter(self.model.day + lag, self._convene)

    def follow_script(self, action: Action) -> None:
        """Take a step that the scenario lays down, whatever its members think."""
        steps = {"convene": self._convene, "veto_request": self._refuse, "suspend_host": self._suspend,
                 "decide_deployment": self._agree, "deploy": self._deploy}  # fmt: skip
        steps[action.name]()

    def _convene(self) -> None:
        if not self.model.do(self, "convene"):
            return
        self.status = "consulting"
        lag = self.lag(self.behaviour("decision_lag"), 20 + self.meetings)
        self.model.agenda.enter(self.model.day + lag, self._decide)

    def host_blocks(self) -> bool:
        """Whether the host, as a member in good standing, objects: it did not ask, and still governs."""
        crisis = self.model.crisis
        return self.host_is_member and crisis.in_power and crisis.policy("alliance_request") <= 0.0

    def coercer_blocks(self) -> bool:
        """Whether the coercer, a member too, objects to troops for a host with which it is in dispute."""
        coercer, crisis = self.model.coercer, self.model.crisis
        asked = crisis.policy("alliance_request") > 0.0 and crisis.in_power
        both = crisis.coercion("alliance_call") > 0.0
        return asked and not both and coercer is not None and coercer.in_dispute

    def consent(self) -> float:
        """Chance that one member agrees, by who asks."""
        crisis = self.model.crisis
        if crisis.policy("alliance_request") > 0.0:
            return self.behaviour("consent_if_host_asks")
        if crisis.coercion("rival") > 0.0 or not crisis.in_power:
            return self.behaviour("consent_if_rival_asks")
        return self.behaviour("consent_if_coercer_asks")

    def _decide(self) -> None:
        if (
            self.by_quorum
            and self.host_blocks()
            and self._agreed(self.behaviour("consent_to_suspend"), SUSPENSION)
        ):
            self._suspend()
        if self.host_blocks() or self.coercer_blocks():
            self._refuse("vetoed")
        elif self._agreed(self.consent(), REQUEST):
            self._agree()
        else:
            self._refuse()

    def _agreed(self, consent: float, vote: int) -> bool:
        """Whether enough members agree in a vote, each with the chance given: all of them, or a quorum."""
        draws = self.model.luck.uniforms(
            DECISIONS["alliance"], self.meetings, self.code, max((1 + vote) * self.members, 1)
        )
        votes = [draw < consent for draw in draws.tolist()[vote * self.members : (1 + vote) * self.members]]
        self.share = sum(votes) / len(votes) if votes else 1.0
        return self.share >= (self.behaviour("quorum") if self.by_quorum else 1.0)

    def _suspend(self) -> None:
        """The host's membership is suspended, and with it its objection."""
        if self.host_is_member and self.model.do(self, "suspend_host"):
            self.host_is_member = False

    def _refuse(self, status: str = "refused") -> None:
        if self.model.do(self, "veto_request"):
            self.status = status
            if self.by_quorum:  # a call that was refused covers nothing
                self.model.crisis.lift("alliance_call", self.model.day)

    def _agree(self) -> None:
        if not self.model.do(self, "decide_deployment"):
            return
        self.status = "decided"
        self.model.record.mark("days_to_csto_decision")
        lag = self.lag(self.behaviour("deployment_lag"), 40 + self.meetings)
        self.model.agenda.enter(self.model.day + lag, self._deploy)

    def _deploy(self) -> None:
        if self.model.do(self, "deploy"):
            self.status = "deployed"
            self.troops = self.situation("troops") * (self.share if self.by_quorum else 1.0)
