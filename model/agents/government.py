"""The host government: whether to refuse, to host or to arrest, and what to do with the man it holds.

It weighs its options on office, welfare, honour, law and its word (`decision/resistance.py`), expecting
the coercer to choose by the coercer's own rule at a resolve it has to guess. It does not know whether
help will come, nor whether Moscow would punish even after it gave way: both are beliefs, and move.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from model.actions import Action
from model.agents import visit
from model.agents.actor import Actor, Decider
from model.agents.inference import conclude_about_coercer
from model.agents.officials import Officials
from model.agents.outlook import as_the_host_sees_it, chances, hurry_after_arrest
from model.decision import resistance
from model.decision.beliefs import Chance
from model.decision.picture import MEASURES, Picture
from model.decision.rule import Menu
from model.scenario import ActorSpec

if TYPE_CHECKING:
    from model.agents.coercer import Coercer
    from model.simulation import EscalationModel

#: acts among which it chooses whether there is a visit, and an arrest
OPENING = ("refuse_visit", "host_visit", "arrest")


class Government(Decider):
    """The host of the case.

    exposure: share of income at stake in each measure. support: belief that help arrives in time. punishment: belief
    that the coercer punishes after compliance. officials: who put a first step to it.
    """

    role = "government"

    def __init__(self, model: "EscalationModel", spec: ActorSpec, code: int) -> None:
        super().__init__(model, spec, code)
        evidence = model.numbers["decision.belief_evidence"]
        self.support = Chance(self.situation("support_at_start"), evidence)
        self.punishment = Chance(self.situation("punishment_at_start"), evidence)
        self.officials = Officials(self)
        self._opening = [act for act in self.acts if act.name in OPENING]
        self._calm = [act for act in self.acts if act.kind == "status_quo"]
        self.calm_days = self.seen_unrest = 0.0
        self.orders_given: float | None = None
        self.exposure = {measure: self.situation(f"exposure_{measure}") for measure in MEASURES}

    # What it sees

    def perceive(self) -> Picture:
        """The crisis as the government believes it to be; of the coercer it sees what is in force."""
        return as_the_host_sees_it(self)

    @property
    def freshness(self) -> float:
        """How much the quarrel is still a matter of face in public, 1 as it breaks out, 0-1.

        Attention goes to other things (Downs 1972), and with it the price of being seen to give way.
        """
        return 0.5 ** (self.model.crisis.days_open(self.model.day) / self.behaviour("face_half_life"))

    @property
    def office_at_risk(self) -> float:
        """Share of survival it would lose to force: its office with the capital, a part of it with a province."""
        theatre = self.model.theatre
        province = theatre.board.kinds("province") and not theatre.board.kinds("government_quarter")
        return self.behaviour("office_stake") * (self.behaviour("province_share") if province else 1.0)

    def exposure_now(self) -> dict[str, float]:
        """Share of income at stake in each measure, less what neighbours make good."""
        if not self.model.neighbours:
            return self.exposure
        affairs = self.model.affairs
        good = {"fuel_cut": affairs.made_good(), "trade_embargo": affairs.let_through()}
        return self.exposure | {measure: self.exposure[measure] * (1.0 - g) for measure, g in good.items()}

    def fresh_orders(self) -> float:
        """How recently the army's orders were changed: 1 just now, halved with each half-life of a threat."""
        if self.orders_given is None:
            return 0.0
        return 0.5 ** ((self.model.day - self.orders_given) / self.model.numbers["decision.threat_half_life"])

    def transfer_rate(self) -> float:
        """Rate per day at which the detainee reaches the Court as things stand: 0 unless the surrender is ordered."""
        if not self.model.crisis.open or self.model.crisis.policy("surrender_order") <= 0.0:
            return 0.0
        return self.model.custody.expected_rate(True, self.model.affairs.way_out_shut())

    # What it weighs

    def weigh(self, menu: Menu) -> tuple[np.ndarray, tuple[str, ...]]:
        """Value of each option by stake, averaged over the types of coercer it believes in."""
        picture = self.perceive()
        if self.model.crisis.stage == "before":
            picture = self.if_arrested(picture)
        threat = self._threat(picture)
        values = resistance.prospect(picture, menu, threat, self.model.temper, np.array([self.resolve]))
        return np.add.reduce(values * self.belief.weights[:, None], axis=1), resistance.STAKES

    def if_arrested(self, picture: Picture) -> Picture:
        """A picture as it would be on the morning after an arrest: what the option is worth hangs on it."""
        affront = self.model.coercer.situation("affront_by_arrest") if self.model.coercer else 0.0
        chain = self.model.custody.expected_rate(ordered=True, supposed=True)
        hurry = hurry_after_arrest(self.model.coercer) if self.model.coercer else 0.0
        return replace(
            picture, open=True, held=True, affront=affront, chain_rate=chain, hurry=hurry,
            arrest_success=visit.success(self.model), **chances(self.model, supposed="detention"),
        )  # fmt: skip

    def agrees(self, way: str) -> bool:
        """Whether it takes what talks have come to: it gives way (an act of its menu), or holds on and talks on."""
        if self.model.switches["decision"] == "scripted":
            return self.meets_all(self.model.actions[way])
        menu = self.menu()
        return {way, "hold"} <= {*menu.names} and self.accepts(menu, way, "hold", self.model.talks.chance())

    def _threat(self, picture: Picture) -> resistance.Threat:
        coercer = self.model.coercer
        if coercer is None:
            return resistance.Threat.absent(len(self.belief.types))
        effects = coercer.effects(self.expected_menu(coercer, picture), picture)
        return resistance.Threat(picture, effects, self.model.temper, self.belief.types)

    def expected_menu(self, coercer: "Coercer", picture: Picture) -> Menu:
        """The acts that the host thinks are open to the coercer in its picture."""
        if picture.open == self.model.crisis.open:
            return coercer.menu()
        crisis, custody = self.model.crisis, self.model.custody  # what would be open to it after an arrest
        before = crisis.stage, custody.state
        crisis.stage, custody.state = "detained", "held"
        try:
            return coercer.menu()
        finally:
            crisis.stage, custody.state = before

    # What it may do, and does

    def meets(self, need: str) -> bool:
        """Conditions of the table of actions, as they stand for the host."""
        crisis = self.model.crisis
        if not crisis.in_power:
            return False
        if need == "before":
            return crisis.stage == "before"
        if need == "held":
            return crisis.open and self.model.custody.in_hand
        if need == "defied":
            return crisis.stage == "defied"
        if need == "pressed":  # it still has what the coercer demands
            return crisis.stage == "defied" or (crisis.open and self.model.custody.in_hand)
        if need == "attacked":  # and something is left to give
            return crisis.open and self.model.affairs.attacked()
        if need == "court":
            return bool(self.model.courts)
        if need == "army":
            return self.model.theatre.army_strength > 0.0
        if need == "threatened":
            return crisis.open or self.model.affairs.attacked()
        if need == "alliance":
            return any(alliance.host_is_member for alliance in self.model.alliances)
        if need == "mobile":
            fixed = self.model.switches["custody"] == "fixed" or self.model.custody.hidden
            return not fixed and self.model.custody.state == "held"
        if need == "leverage":
            base = self.model.theatre.garrison_strength > 0
            return base and self.model.switches["leverage"] == "base" and self.model.crisis.open
        if need == "economy":
            return self.model.economy is not None
        return super().meets(need)

    def choices(self) -> list[Action]:
        """Before the visit only the options about it, after it only what there is to fear; out of power none."""
        crisis = self.model.crisis
        if not crisis.in_power:
            return []
        return self._opening if crisis.stage == "before" else self.acts if self._concerned() else self._calm

    def open_to(self, action: Action) -> bool:
        """Options not taken yet."""
        return not action.lever or self.model.crisis.policy(action.lever) <= 0.0

    @property
    def engaged(self) -> bool:
        """Nothing to decide while nothing presses it."""
        return self._concerned() or self.model.crisis.stage == "before"

    def _concerned(self, unrest: float | None = None) -> bool:
        """Whether something presses it; `unrest`: the pressure of the streets, where it is known."""
        crisis = self.model.crisis
        if crisis.open or not crisis.in_force.keys().isdisjoint(MEASURES):
            return True
        unrest = self.model.affairs.unrest_pressure() if unrest is None else unrest
        return unrest > self.behaviour("unrest_alarm")

    def sittings(self, days: float, alarmed: float) -> float:
        """A cabinet sits while the streets are full; under attack at any news, and without a break amid a storm.

        It is under attack also while the coercer holds what it took.
        """
        forced = self.seen_unrest * self.behaviour("emergency_sessions") * days
        if self.model.crisis.open and self.model.affairs.attacked():
            pressing = days if self.model.theatre.storming else alarmed
            forced = max(forced, pressing * self.behaviour("sessions_under_attack"))
        return forced

    def perform(self, action: Action) -> None:
        """As ordered; but it takes a guest to host or to arrest one."""
        coming = action.name in ("host_visit", "arrest") and self.meets_all(action)
        if not (coming and visit.stays_away(self.model, prepared=action.name == "arrest")):
            super().perform(action)

    def carry_out(self, action: Action) -> None:
        """Set the policy and what hangs on it."""
        model, crisis = self.model, self.model.crisis
        crisis.host[action.lever] = action.level
        if action.name == "arrest":
            self._open_up("detained")
            model.custody.visit()
            model.custody.arrest(model.day, visit.attempt(model))
            if model.custody.state == "standoff":
                model.record.mark("days_to_standoff", model.day)
            elif model.custody.state == "left":
                model.settle("arrest_failed")
        elif action.name == "host_visit":
            crisis.stage = "hosted"
            model.custody.visit()
        elif action.name == "refuse_visit":
            crisis.stage = "refused"
        elif action.name == "defy":
            self._open_up("defied")
        elif action.name == "move_detainee":
            model.custody.hidden = True
        elif action.name == "squeeze_base":
            model.theatre.squeeze(model.numbers["force.squeeze"])
        elif action.name == "carry_on":
            crisis.stage = "quiet"
        elif action.name in ("release", "give_way"):
            model.settle("released", face=crisis.face)
        elif action.name == "order_surrender":
            model.custody.order_surrender(model.day)
            self.audience.commit(self.behaviour("commitment_by_surrender"))
        elif action.name == "accept_terms":
            model.settle("released", face=crisis.face)
            crisis.host["resist"], crisis.host["stand_aside"] = 0.0, 1.0
            self._capitulate()
        elif action.name in ("order_resistance", "order_stand_aside"):
            self.orders_given = model.day
            crisis.host["resist" if action.lever == "stand_aside" else "stand_aside"] = 0.0
            if action.lever == "stand_aside" and model.affairs.attacked():
                self._capitulate()

    def _open_up(self, stage: str) -> None:
        """There is a quarrel: it has said in public where it stands, and its officials will take it up."""
        self.model.crisis.open_up(stage, self.model.day)
        self.alarm()
        self.officials.take_up()
        self.audience.commit(self.behaviour("commitment_by_arrest"))

    def _capitulate(self) -> None:
        """Under attack the government gives up the fight; as defined, that is a collapse of the army too."""
        self.model.record.mark("days_to_capitulation")
        if self.model.theatre.army:
            self.model.record.mark("days_to_army_collapse")

    # What it hears

    def hear(self, actor: Actor, action: Action) -> None:
        """Come back to the matter soon when the coercer acts; take heart from help."""
        if actor is self.model.coercer:
            self.alarm()
        elif actor.role in ("norm_bloc", "onlookers", "neighbour") and self.model.crisis.open:
            worth = self.behaviour("worth_of_aid" if action.kind == "nonviolent" else "worth_of_words")
            self.support.observe(1.0 if action.kind == "nonviolent" else self.behaviour("words_count"), worth)

    def witness(self, actor: Actor, action: Action) -> None:
        """Infer the coercer's resolve from its act."""
        if actor is self.model.coercer and self.model.crisis.open and self.model.learning:
            conclude_about_coercer(self, action)

    def tick(self, days: float) -> None:
        """Unrest that grows is news; public words fade; what stands after compliance teaches what it is worth.

        After days of calm emergency policies lapse.
        """
        self.audience.step(days)
        unrest, crisis = self.model.affairs.unrest_pressure(), self.model.crisis
        if unrest > self.seen_unrest + self.behaviour("unrest_alarm"):
            self.alarm()
        self.seen_unrest = unrest
        if self.model.ended == "released":
            punished = 1.0 if crisis.pressed(self.exposure) > 0.0 else 0.0
            self.punishment.observe(punished, days * self.behaviour("lesson_rate"))
        if crisis.open:
            self.support.observe(0.0, days * self.behaviour("patience_with_friends"))
        calm = not (crisis.open or self._concerned(unrest) or self.model.affairs.attacked())
        self.calm_days = self.calm_days + days if calm else 0.0
        if self.calm_days > self.behaviour("policy_lapse_days"):
            for policy in ("martial_law", "internet_cut", "rationing"):
                crisis.host[policy] = 0.0
