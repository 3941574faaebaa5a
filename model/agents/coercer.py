"""The coercer: a great power that wants something back and has troops, money or workers to press with.

In Dushanbe it is the Kremlin, whose president is held. The coercer values worlds, not acts: its demand
met or not, the affront answered or not, its own economy, its partner, its soldiers, its word. What it
does about it follows from foresight (`decision/coercion.py`), from a belief in the host's resolve that
it revises by what it sees, and from moods that last.
"""

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from model.actions import Action
from model.agents import aftermath
from model.agents.actor import Actor, Decider
from model.agents.agencies import Agencies
from model.agents.factions import Factions
from model.agents.inference import conclude_about_host, hear_nothing
from model.agents.neighbours import passage
from model.agents.outlook import as_the_coercer_sees_it
from model.decision import coercion
from model.decision.picture import ARMED, ECONOMIC, MEASURES, Picture
from model.decision.rule import Menu
from model.scenario import ActorSpec

if TYPE_CHECKING:
    from model.simulation import EscalationModel

#: levers that give the garrison something to do -> what
TASKS = {"airspace_denial": "airspace"} | {
    lever: lever for lever in ("rescue", "seizure", "alert", "blockade")
}
#: measures on migrants and their money
ON_MIGRANTS = ("raids", "entry_ban", "transfer_block")


class Coercer(Decider):
    """The Kremlin of the case.

    agencies: who answer for it unasked. factions: who decide while its leader is held. force_success: as it last
    looked, that force gets what it wants (0-1).
    """

    role = "coercer"

    def __init__(self, model: "EscalationModel", spec: ActorSpec, code: int) -> None:
        super().__init__(model, spec, code)
        self._calm = [act for act in self.acts if act.kind in ("status_quo", "deescalation")]
        self._moves: dict[tuple[str, ...], tuple[tuple[str, float], ...]] = {}
        self.agencies = Agencies(self)
        self.factions = Factions(self)
        self.cost_usd, self.airlift_tried = 0.0, False
        self._counted, self._gravity, self._usd_a_day = dict[str, float](), 0.0, 0.0
        self.silence = self.expected_yields = self.force_success = 0.0

    # What it sees

    def perceive(self) -> Picture:
        """The crisis as the coercer believes it to be."""
        return as_the_coercer_sees_it(self)

    @property
    def its_leader(self) -> bool:
        """Whether the person who may be held is its own serving leader, and not its pilots or its officers."""
        return self.situation("leader_at_stake") > 0.0

    def alone(self) -> float:
        """How far a refusal of the visit would be this host's own and not one of many, 0-1."""
        return 1.0 - self.model.crisis.injected.get("joint_refusal", 0.0)

    def shield(self) -> float:
        """What others' reaction to a use of force would cost it: third powers, sanctions, a guarantee of the host."""
        guaranteed = self.model.crisis.injected.get("security_guarantee", 0.0) * self.behaviour(
            "guarantee_weight"
        )
        sanctions, guests = self.model.affairs.expected_sanctions(), self.model.summit.shield
        return self.situation("shield") + sanctions + guaranteed + guests

    # What it weighs

    def weigh(self, menu: Menu) -> tuple[np.ndarray, tuple[str, ...]]:
        """Value of each act by stake, averaged over the types of host it believes in."""
        picture = self.perceive()
        effects = self.effects(menu, picture)
        if self.silence > 0.0 and self.model.learning:
            hear_nothing(self, picture, effects)
        return self._stakes(picture, effects), coercion.STAKES

    def worth(self, picture: Picture, e: coercion.Effects) -> np.ndarray:
        """Value of each act (acts,) with the effects that it would have, in share of survival."""
        return self._stakes(picture, e).sum(axis=0)

    def _stakes(self, picture: Picture, e: coercion.Effects) -> np.ndarray:
        belief = self.belief
        return coercion.on_average(picture, e, self.model.temper, self.resolve, belief.types, belief.weights)

    def expected_acts(self, picture: Picture, menu: Menu, types: np.ndarray) -> np.ndarray:
        """Probability of each act (types, acts), if the coercer were of each type (types,)."""
        return coercion.odds(picture, self.effects(menu, picture), self.model.temper, types)

    def effects(self, menu: Menu, picture: Picture) -> coercion.Effects:
        """What each act of a menu would do to its levers, measures held under the ceiling of the scenario."""
        if menu.names not in self._moves:  # what an act does to its lever is the same throughout a run
            acts = map(self.model.actions.__getitem__, menu.names)
            self._moves[menu.names] = tuple((act.lever, act.level) for act in acts)
        ceiling = self.behaviour("pressure_ceiling")
        return coercion.effects_of(menu, self._moves[menu.names], picture, self.model.temper, ceiling)

    def ratify(self, menu: Menu, stakes: np.ndarray, chosen: int) -> int:
        """While its leader is held, an act needs the factions."""
        return self.factions.ratify(menu, stakes, chosen)

    @property
    def delay(self) -> float:
        """Days that agreement takes while its leader is held."""
        return self.factions.delay

    # What it may do, and does

    def meets(self, need: str) -> bool:
        """Conditions of the table of actions, as they stand for the coercer."""
        model, crisis = self.model, self.model.crisis
        if need == "open":
            return crisis.open
        if need == "held":
            lost = model.custody.hidden and model.custody.searched  # nobody knows where to look
            return crisis.open and model.custody.in_hand and not lost
        if need == "measures":
            return not crisis.in_force.keys().isdisjoint(ECONOMIC)
        if need == "deployed":
            return not crisis.in_force.keys().isdisjoint(ARMED)
        if need == "garrison":
            return model.theatre.garrison_strength > 0
        if need == "airlift":  # once, and not after a refusal
            return self.model.switches["reinforcement"] == "air" and not self.airlift_tried
        if need == "migrants":
            return any(map(self.touches, ON_MIGRANTS))
        if need == "alliance":
            return bool(model.alliances)
        return super().meets(need)

    def choices(self) -> list[Action]:
        """It does not press where nothing ever offended."""
        return self._pressing if self.concerned else self._calm

    @cached_property
    def _pressing(self) -> list[Action]:
        """All its acts but measures that are none: those that cut no tie, and those of no strength."""
        useful = {measure for measure in ECONOMIC if self.touches(measure) and self.ceiling(measure) > 0.0}
        return [act for act in self.acts if act.lever not in ECONOMIC or act.lever in useful]

    def open_to(self, action: Action) -> bool:
        """Acts whose lever stands already are no longer a choice."""
        if action.lever not in self.model.crisis.in_force:
            return True
        return not self.model.affairs.stands(action.lever, action.level * self.ceiling(action.lever))

    def touches(self, measure: str) -> bool:
        """Whether a measure cuts a tie that the host has with it."""
        host = self.model.government
        return host is not None and host.exposure[measure] > 0.0

    @property
    def concerned(self) -> bool:
        """Whether it wants something of the host, or is still offended."""
        return self.model.crisis.open or self.audience.affront > self.behaviour("affront_forgotten")

    @property
    def in_dispute(self) -> bool:
        """Whether it wants something of the host, is offended, or presses it."""
        return self.concerned or self.model.affairs.measures() > 0.0

    @property
    def engaged(self) -> bool:
        """Nothing to decide while nothing offends it and nothing it did stands."""
        return self.concerned or bool(self.model.crisis.in_force)

    def carry_out(self, action: Action) -> None:
        """Set the lever and what hangs on it: posts, orders to the garrison, words that bind."""
        crisis, day = self.model.crisis, self.model.day
        if action.lever == "ease":
            for measure in (*ECONOMIC, "recall", "propaganda"):
                crisis.lift(measure, day)
        elif action.lever == "withdrawal":
            for lever in ARMED:
                crisis.lift(lever, day)
            self.model.theatre.order("withdraw", day)
        elif action.lever == "coercer_offer":
            crisis.offer(action.level, self.model.temper.formula_face)
        elif action.lever == "reinforcement":
            self.press("reinforcement", action.level)
            self.model.theatre.reinforce(self.model.case.actors, self.model.numbers)
        else:
            self.press(action.lever, action.level * self.ceiling(action.lever))
        if action.lever in TASKS:
            self.model.theatre.order(TASKS[action.lever], day)
        self._speak(action)

    def ceiling(self, lever: str) -> float:
        """How far a lever can go: economic measures to what the scenario allows, others to the full."""
        return self.behaviour("pressure_ceiling") if lever in ECONOMIC else 1.0

    def press(self, lever: str, level: float) -> None:
        """Set one of its levers, and note the first measure and the first block of transfers."""
        self.model.crisis.press(lever, level, self.model.day)
        if lever in MEASURES and self.model.crisis.coercion(lever) > 0.0:
            self.model.record.mark("days_to_first_measure", self.model.day)
            if lever == "transfer_block" and self.model.affairs.transfer_open() < 0.5:
                self.model.record.mark("days_to_transfer_block", self.model.day)

    def _speak(self, action: Action) -> None:
        if action.lever == "demand":
            self.audience.commit(self.behaviour("commitment_by_demand"))
        elif action.lever == "ultimatum":
            self.audience.commit(self.behaviour("commitment_by_ultimatum"))
            self.model.crisis.deadline = self.model.day + self.behaviour("ultimatum_days")
        elif action.lever in ("ease", "withdrawal"):
            self.audience.commitment = 0.0
            self.model.crisis.deadline = None

    # What it hears

    def hear(self, actor: Actor, action: Action) -> None:
        """Take offence, take note of what the host's acts say about it, and come back to the matter soon."""
        if actor is not self.model.government:
            return
        affront = {
            "arrest": "affront_by_arrest", "defy": "affront_by_arrest", "refuse_visit": "affront_by_refusal"
        }.get(action.name)  # fmt: skip
        if affront:
            slight = self.situation(affront) * (self.alone() if action.name == "refuse_visit" else 1.0)
            self.take_offence(slight)
        self.alarm()

    def take_offence(self, affront: float) -> None:
        """It was affronted (0-1), and so were its agencies."""
        self.audience.injure(affront)
        self.agencies.take_offence(affront)

    def witness(self, actor: Actor, action: Action) -> None:
        """Infer the host's resolve from its act."""
        if actor is self.model.government and self.model.crisis.open and self.model.learning:
            conclude_about_host(self, action)

    def start(self) -> None:
        """Look round once."""
        self.perceive()

    def meets_all(self, action: Action) -> bool:
        """Conditions of an act; a measure held down to nothing never meets them, nor do troops who may not cross."""
        if self.ceiling(action.lever) <= 0.0 or not super().meets_all(action):
            return False
        if action.lever != "reinforcement":
            return True
        self.airlift_tried = True
        return passage(self.model)

    def settle(self, how: str, face_saved: float) -> None:
        """The matter is over: `how` it ended, and how far that saved its face (0-1)."""
        aftermath.stand_down(self, how)
        self.audience.soothe(face_saved)
        self.audience.commitment = 0.0
        self.model.crisis.deadline = None
        self.alarm()
        aftermath.review(self, how)

    def see_fall(self) -> None:
        """The government that offended it is gone, and the offence with it."""
        self.audience.affront = 0.0
        self.agencies.stand_down()

    def tick(self, days: float) -> None:
        """Anger fades, sooner where it is answered; measures cost money; a host that sits still says something."""
        crisis = self.model.crisis
        if self._counted is not crisis.in_force:
            self._take_stock()
        self.silence = self.silence + days if crisis.open else 0.0
        self.audience.step(days, self._gravity)
        if self.agencies.raised and not self.concerned:
            self.agencies.stand_down()
        self.cost_usd += self._usd_a_day * days

    def _take_stock(self) -> None:
        """How grave what stands looks, and what it costs a day: the same until a lever is moved again."""
        crisis, host = self.model.crisis, self.model.government
        self._counted, self._gravity = crisis.in_force, coercion.gravity(crisis.in_force)
        pressed = crisis.pressed(host.exposure) if host else 0.0
        self._usd_a_day = pressed * self.situation("cost_of_measures_usd") / 365.0
