"""The norm bloc: in Dushanbe the European Union.

Its High Representative may speak alone and at once. A measure needs the Council, and there all 27 must
agree: each member has a threshold of gravity below which it will not, and one is enough to stop it.
What the bloc decides arrives later still. The lags are institutions' own (facts: statement in 0-2 days,
ministers in 1-5, sanctions in 1-2 when prepared, 12-29 when not, a mission in 38-54).
"""

from functools import partial
from typing import TYPE_CHECKING

from model.actions import Action
from model.agents.actor import Actor
from model.randomness import DECISIONS
from model.scenario import ActorSpec

if TYPE_CHECKING:
    from model.simulation import EscalationModel

MEASURES = ("grant_aid", "sanction_coercer", "suspend_programmes", "mediate")


class NormBloc(Actor):
    """A bloc of states that stands for a norm.

    occasion: day of the last thing that called for a word of the bloc; the lags of its measures run from it.
    thresholds: gravity (0-1) at which each member agrees to a measure of ordinary cost; `gravity` is what
    has happened so far. Counts of statements, USD of aid paid and flags for sanctions are in the record.
    """

    role = "norm_bloc"

    def __init__(self, model: "EscalationModel", spec: ActorSpec, code: int) -> None:
        super().__init__(model, spec, code)
        members = int(self.situation("members"))
        z = model.luck.normals(DECISIONS["norm_bloc"], 0, code, members).tolist()
        centre, spread = self.situation("threshold"), self.situation("threshold_spread")
        self.thresholds = [centre + spread * v for v in z]
        self.statements = 0
        self.aid_usd = 0.0
        self.sanctions = False
        self.programmes = 1.0
        self.decided: set[str] = set()
        self.spoken_on: set[str] = set()
        self.next_council = self.occasion = 0.0

    def gravity(self) -> float:
        """How grave the crisis is to the bloc, 0-1: the gravest of what has happened."""
        crisis, theatre = self.model.crisis, self.model.theatre
        grave = [0.0]
        if crisis.stage == "hosted":
            grave.append(self.behaviour("gravity_non_arrest"))
        host = self.model.government
        if self.model.custody.state == "released":  # let go, against the warrant
            grave.append(self.behaviour("gravity_non_arrest") * (1.0 - crisis.face_used))
        grave.append(self.behaviour("gravity_coercion") * (crisis.pressed(host.exposure) if host else 0.0))
        if self.model.record.reached("days_to_force"):
            grave.append(self.behaviour("gravity_force"))
            dead = theatre.killed_civilian + theatre.killed_army
            grave.append(
                min(
                    1.0,
                    self.behaviour("gravity_force") + self.behaviour("gravity_per_1000_dead") * dead / 1000.0,
                )
            )
        return max(grave)

    def agrees(self, measure: str) -> bool:
        """Whether every member agrees to a measure now; with fewer than one member nobody can object."""
        cost = self.behaviour(f"reluctance_{measure}")
        if measure == "grant_aid":
            cost *= 1.0 - self.situation("prepared_aid")
        elif measure == "sanction_coercer":
            cost *= 1.0 - self.situation("prepared_sanctions")
        gravity = self.gravity()
        return gravity > 0.0 and all(gravity >= threshold + cost for threshold in self.thresholds)

    def hear(self, actor: Actor, action: Action) -> None:
        """A visit hosted, an arrest, a first measure, a first use of force: the spokesperson has to say something."""
        occasion = {"host_visit": "visit", "arrest": "arrest", "defy": "arrest"}.get(action.name)
        if actor is self.model.coercer or actor.role == "garrison":
            occasion = {"violent": "force", "nonviolent": "measures"}.get(action.kind)
        if occasion is None or occasion in self.spoken_on:
            return
        self.spoken_on.add(occasion)
        self.occasion = self.model.day
        item = len(self.spoken_on)
        self.model.agenda.enter(self.model.day + self.lag(self.behaviour("statement_lag"), item), self._speak)
        council = self.model.day + self.lag(self.behaviour("council_lag"), 10 + item)
        self.next_council = (
            council if self.next_council <= self.model.day else min(self.next_council, council)
        )

    def _speak(self) -> None:
        if self.model.do(self, "criticise"):
            self.statements += 1

    def tick(self, days: float) -> None:
        """Meet when a council is due, and again at the bloc's rhythm while the crisis lasts."""
        if self.next_council and self.model.day >= self.next_council:
            self.next_council = self.model.day + self.behaviour("council_interval")
            self._meet()

    def _meet(self) -> None:
        if "council" not in self.decided:
            self.decided.add("council")
            self.model.do(self, "hold_council")
        for number, measure in enumerate(MEASURES):
            if measure in self.decided or not self._called_for(measure) or not self.agrees(measure):
                continue
            self.decided.add(measure)
            median = self.behaviour(f"lag_{measure}")
            if measure == "sanction_coercer" and self.situation("prepared_sanctions") > 0.0:
                median = self.behaviour("lag_prepared_sanctions")
            if measure == "grant_aid":
                median *= 1.0 - self.situation("prepared_aid") * self.behaviour("preparation_saves")
            day = max(self.model.day, self.occasion + self.lag(median, 20 + number))
            self.model.agenda.enter(day, partial(self._take, measure))

    def _called_for(self, measure: str) -> bool:
        stage = self.model.crisis.stage
        if measure == "suspend_programmes":
            return stage == "hosted" or self.model.custody.state == "released"
        if measure == "mediate":
            return self.model.crisis.open
        return stage in ("detained", "defied", "settled")

    def follow_script(self, action: Action) -> None:
        """Do what the scenario lays down, whatever the members think."""
        if action.name == "criticise":
            self._speak()
        elif action.name == "hold_council":
            self._meet()
        else:
            self.decided.add(action.name)
            self._take(action.name)

    def _take(self, measure: str) -> None:
        if measure == "mediate" and not self.model.crisis.open:
            return
        usd, fuel_days = self.situation("aid_usd"), self.situation("fuel_aid_days")
        if measure == "grant_aid" and usd == 0.0 and fuel_days == 0.0:
            return  # aid of nothing is no aid
        if not self.model.do(self, measure):
            return
        if measure == "grant_aid":
            self.aid_usd += usd
            self.model.receive_aid(usd, fuel_days)
        elif measure == "sanction_coercer":
            self.sanctions = True
        elif measure == "suspend_programmes":
            self.programmes = 0.0
        elif measure == "mediate":
            self.model.crisis.ways_out["mediation"] = self.behaviour("face_by_mediation")
