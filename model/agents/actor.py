"""What all actors share: a place in the crisis, numbers of their own, and a rhythm of deliberation."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

import mesa
import numpy as np

from model.actions import Action
from model.decision.audience import Audience
from model.decision.beliefs import Resolve
from model.decision.mood import Mood
from model.decision.rule import Menu, accepts, choose, menu_of, probabilities, share_weights
from model.randomness import DECISIONS
from model.scenario import ActorSpec

if TYPE_CHECKING:
    from model.simulation import EscalationModel


LN2 = math.log(2.0)


class Actor(mesa.Agent):
    """An actor of the case, with its name, its label and a fixed code for its luck.

    situation: a number of the case about this actor, by its key. behaviour: a number about how actors of this role
    behave, the same in every case.
    """

    role: ClassVar[str]
    model: "EscalationModel"
    situation: Callable[[str], float]
    behaviour: Callable[[str], float]

    def __init__(self, model: "EscalationModel", spec: ActorSpec, code: int) -> None:
        super().__init__(model)
        self.name = spec.name
        self.label = spec.label
        self.code = code
        self.situation = model.numbers.section(self.name).__getitem__
        self.behaviour = model.numbers.section(self.role).__getitem__

    def lag(self, median: float, item: int) -> float:
        """A delay in days, lognormal about its median; `item` tells the draws of one actor apart."""
        spread = self.model.numbers["decision.lag_spread"]
        z = self.model.luck.normal(DECISIONS["lead_time"], 0, self.code, item)
        return median * math.exp(spread * z)

    def start(self) -> None:
        """Called once, when all actors of the case exist."""

    def tick(self, days: float) -> None:
        """Called once a tick, after `days` have passed."""

    def follow_script(self, action: Action) -> None:
        """Do what the scenario's script says, now."""
        self.model.do(self, action.name)

    def witness(self, actor: "Actor", action: Action) -> None:
        """Called as another actor acts, before anything has changed: what does the act say about it?"""

    def hear(self, actor: "Actor", action: Action) -> None:
        """Called for every public act of another actor, once it has happened."""


class Decider(Actor, ABC):
    """A side of the quarrel. It deliberates at a rate of its own, sooner when there is news, more seldom as none comes.

    Attention to a matter fades while nothing new happens (the issue-attention cycle; Downs 1972).
    Deliberations are a Poisson process in calendar time, so that the length of a tick does not matter.

    resolve: its true stake as a multiple of the nominal one. belief: in the resolve of the other side. audience: what
    it has said in public and how deep the affront still is.
    """

    def __init__(self, model: "EscalationModel", spec: ActorSpec, code: int) -> None:
        super().__init__(model, spec, code)
        n = model.numbers
        true, seen = (model.luck.normal(DECISIONS["resolve"], 0, code, item) for item in (0, 1))
        self.resolve = math.exp(n["decision.resolve_spread"] * true)
        self.belief = Resolve(n["decision.type_spread"], n["decision.misperception"] * seen)
        self.audience = Audience(n["decision.commitment_half_life"], n["coercer.affront_half_life"])
        self.acts = [
            action
            for action in model.actions.values()
            if action.role == self.role and not model.forbidden(self, action.name)
        ]
        self.needs = sorted({need for action in self.acts for need in action.needs})
        self._menus: dict[tuple[int, ...], Menu] = {}
        self.mood = Mood(
            model.luck, code, [a.code for a in self.acts], model.settings.days, n["decision.mood_half_life"]
        )
        ticks = range(model.settings.days * model.settings.ticks_per_day + 1)
        self.chances = model.luck.table(DECISIONS["deliberation"], ticks, code, 1)[:, 0].tolist()
        self.alertness = self.quiet = 0.0
        self._news_half_life = n["decision.news_half_life"]
        self._attention_half_life = n["decision.attention_half_life"]
        self._attention_floor = n["decision.attention_floor"]
        self._rate, self._news_factor = self.behaviour("deliberation_rate"), self.behaviour("news_factor")
        self.ordered: dict[str, float] = {}
        #: levers ordered for this very moment, as by a script
        self.at_once: set[str] = set()
        #: act that it has accepted of others and not yet done -> what it was weighed against
        self.put_to_it: dict[str, str] = {}

    @property
    def delay(self) -> float:
        """Days by which its orders come later than they would in calm."""
        return 0.0

    @property
    def engaged(self) -> bool:
        """Whether there is anything to decide."""
        return True

    def due(self, days: float) -> bool:
        """Whether the actor deliberates within the coming `days`, which pass for its attention in any case."""
        half_life, alarmed, chance = self._news_half_life, 0.0, self.chances[self.model.clock]
        if self.alertness > 0.0:
            left = 0.5 ** (days / half_life)
            alarmed = self.alertness * half_life / LN2 * (1.0 - left)  # alertness summed over the days
            self.alertness *= left
        self.quiet += days
        forced = self.sittings(days, alarmed)
        # Nobody is likelier to deliberate than at full attention, and 1 - exp(-x) is no more than x.
        most = self._rate * (days + self._news_factor * alarmed) + forced
        if chance > most + 1e-9 or not self.engaged:
            return False
        attention = 0.5 ** (self.quiet / self._attention_half_life)
        attention += (1.0 - attention) * self._attention_floor
        expected = self._rate * (attention * days + self._news_factor * alarmed) + forced
        return chance < 1.0 - math.exp(-expected)

    def sittings(self, days: float, alarmed: float) -> float:
        """Deliberations that the matter forces on it in the coming `days`, whatever its attention.

        alarmed: its alertness summed over these days.
        """
        return 0.0

    def alarm(self) -> None:
        """There is news that cannot wait."""
        self.alertness, self.quiet = 1.0, 0.0

    def choices(self) -> list[Action]:
        """The acts among which it chooses at all, as things stand between it and the other side."""
        return self.acts

    @abstractmethod
    def open_to(self, action: Action) -> bool:
        """Whether an act whose conditions are met is a choice for this actor now."""

    def meets(self, need: str) -> bool:
        """Whether a condition named in the table of actions holds."""
        raise KeyError(f"{self.role} does not know the condition {need!r}")

    def menu(self) -> Menu:
        """The acts open now: not ordered yet, their conditions met, and a choice for this actor."""
        unmet = {need for need in self.needs if not self.meets(need)}
        acts = [a for a in self.choices() if unmet.isdisjoint(a.needs) and self.open_to(a)]
        if self.ordered:
            acts = [a for a in acts if a.lever not in self.ordered]
        codes = tuple([a.code for a in acts])
        if codes not in self._menus:
            weights = share_weights([(a.kind, a.lever, a.level) for a in acts])
            self._menus[codes] = menu_of(
                tuple(a.name for a in acts), codes, tuple(a.kind for a in acts), tuple(weights)
            )
        return self._menus[codes]

    def deliberate(self) -> None:
        """Perceive, weigh the acts open, choose one and order it."""
        menu = self.menu()
        if not len(menu):
            return
        stakes, names = self.weigh(menu)
        values = np.add.reduce(stakes)
        precision = self.model.temper.precision
        chosen = choose(values, menu, precision, self.mood, self.model.day, self.model.switches["decision"])
        chosen = self.ratify(menu, stakes, chosen)
        if self.model.settings.decisions:
            self._note(menu, stakes, names, chosen)
        self.order(self.model.actions[menu.names[chosen]])

    def _note(self, menu: Menu, stakes: np.ndarray, names: tuple[str, ...], chosen: int) -> None:
        """Keep what was weighed."""
        odds = probabilities(stakes.sum(axis=0), menu, self.model.temper.precision)
        for i, option in enumerate(menu.names):
            for k, stake in enumerate(names):
                self.model.record.decisions.append(
                    (
                        self.model.day,
                        self.name,
                        option,
                        stake,
                        float(stakes[k, i]),
                        float(odds[i]),
                        i == chosen,
                    )
                )

    def accepts(self, menu: Menu, proposal: str, instead: str, chance: float) -> bool:
        """Whether it takes up an act of the menu that somebody has put to it, instead of another, on the merits.

        chance: uniform on 0-1. Never where the scenario's script alone decides.
        """
        rule = self.model.switches["decision"]
        if rule == "scripted":
            return False
        values = np.add.reduce(self.weigh(menu)[0])
        gain = float(values[menu.index(proposal)] - values[menu.index(instead)])
        taken = accepts(gain, self.model.temper.precision, rule, chance)
        if taken:
            self.put_to_it[proposal] = instead
        return taken

    def ratify(self, menu: Menu, stakes: np.ndarray, chosen: int) -> int:
        """What becomes of a choice (index in the menu) where others have a say in it."""
        return chosen

    @abstractmethod
    def weigh(self, menu: Menu) -> tuple[np.ndarray, tuple[str, ...]]:
        """Stakes (stakes, acts) of the menu and the names of the stakes."""

    def order(self, action: Action, now: bool = False) -> None:
        """Set an act in motion: it happens after its lead time (at once where `now`, as in a script)."""
        if not action.lever:
            return
        self.ordered[action.lever] = action.level
        if now:
            self.at_once.add(action.lever)
        lead = 0.0 if now or action.lead_days == 0 else self.lag(action.lead_days, 1 + action.code)
        lead += 0.0 if now else self.delay
        self.model.agenda.enter(self.model.day + lead, lambda: self._perform_order(action))

    def call_off(self, lever: str) -> None:
        """An order that is under way is not carried out."""
        self.ordered.pop(lever, None)

    def _perform_order(self, action: Action) -> None:
        self.at_once.discard(action.lever)
        if self.ordered.pop(action.lever, None) is not None:
            self.perform(action)

    def follow_script(self, action: Action) -> None:
        """Do what the scenario's script says, now, if its conditions hold."""
        self.order(action, now=True)

    def perform(self, action: Action) -> None:
        """The act happens now: others draw their conclusions, it is carried out, recorded and heard of."""
        if self.meets_all(action):
            for other in self.model.cast_list:
                if other is not self and action.public:
                    other.witness(self, action)
            self.carry_out(action)
            self.model.announce(self, action)
        else:
            unmet = tuple(need for need in action.needs if not self.meets(need))
            self.model.record.unmet.append((self.model.day, self.name, action.name, unmet))
        self.put_to_it.pop(action.name, None)

    def meets_all(self, action: Action) -> bool:
        """Whether every condition of an act holds now."""
        return all(map(self.meets, action.needs))

    @abstractmethod
    def carry_out(self, action: Action) -> None:
        """What the act changes in the world."""


def busy(cast: Sequence[Actor], scripted: bool) -> list[tuple[Actor, Decider | None]]:
    """Those who do anything of their own accord, each again where it deliberates; the others answer to what happens.

    scripted: the scenario's script alone decides.
    """
    return [
        (actor, actor if isinstance(actor, Decider) and not scripted else None)
        for actor in cast
        if isinstance(actor, Decider) or type(actor).tick is not Actor.tick
    ]
