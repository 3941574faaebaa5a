"""The Court: in Dushanbe the International Criminal Court. It has a warrant, two clocks and no police.

Where the warrant is not executed, the slow clock runs: proceedings, a finding of non-compliance (52 to
754 days in four cases), a referral to the Assembly, and no material sanction in four of four. Where the
suspect is handed over, the fast one: 39 hours from the arrest to The Hague in 2025.
"""

from typing import TYPE_CHECKING

from model.actions import Action
from model.agents.actor import Actor
from model.scenario import ActorSpec

if TYPE_CHECKING:
    from model.simulation import EscalationModel


class Court(Actor):
    """A court with a warrant. stage: warrant, request, executed, received, inquiry, finding, referral.

    asked: it asked the host for the arrest, so that the host has a duty; it asks no state that is not its member.
    """

    role = "court"

    def __init__(self, model: "EscalationModel", spec: ActorSpec, code: int) -> None:
        super().__init__(model, spec, code)
        self.stage, self.asked = "warrant", False

    def start(self) -> None:
        """The request to arrest goes out before the visit."""
        if self.model.do(self, "request_arrest"):
            self.stage, self.asked = "request", True

    def hear(self, actor: Actor, action: Action) -> None:
        """A visit hosted, or a suspect let go, starts the slow clock; an arrest is an execution in part."""
        if action.name == "arrest":
            self.note_custody()
        elif action.name in ("host_visit", "release", "accept_terms"):
            self._open_slow_clock()

    def note_custody(self) -> None:
        """The warrant is executed once he is in custody; to surround him is not enough."""
        if self.model.custody.state == "held":
            self.stage = "executed"

    def _open_slow_clock(self) -> None:
        day = self.model.day
        self.model.agenda.enter(day + self.lag(self.behaviour("inquiry_lag"), 1), self._inquire)
        finding = day + self.lag(self.behaviour("finding_lag"), 2)
        self.model.agenda.enter(finding, self._find)
        self.model.agenda.enter(finding + self.lag(self.behaviour("referral_lag"), 3), self._refer)

    def receive(self) -> None:
        """The suspect is brought before the Court."""
        self.stage = "received"
        self.model.do(self, "receive_suspect")

    def follow_script(self, action: Action) -> None:
        """Take a step that the scenario lays down, ahead of the clock."""
        steps = {
            "open_inquiry": self._inquire,
            "find_noncompliance": self._find,
            "refer_to_assembly": self._refer,
        }
        if action.name in steps:
            steps[action.name]()
        else:
            super().follow_script(action)

    def _inquire(self) -> None:
        if self.stage not in ("received", "finding", "referral") and self.model.do(self, "open_inquiry"):
            self.stage = "inquiry"

    def _find(self) -> None:
        if self.stage not in ("received", "finding", "referral") and self.model.do(
            self, "find_noncompliance"
        ):
            self.stage = "finding"
            self.model.record.mark("days_to_icc_finding")

    def _refer(self) -> None:
        if self.stage == "finding" and self.model.do(self, "refer_to_assembly"):
            self.stage = "referral"
