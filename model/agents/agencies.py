"""The coercer's agencies: a migration service, a sanitary inspectorate, customs, the aviation authority.

An affront to a great power is answered first by those who need no decision of its leader for it: they round up
some hundred migrants, find fault with a good, hold up lorries, check aircraft. Such answers follow routine and
come with a lag of their own (organizational process; Allison 1971), however grave the affront. They are small, and
they end when the matter does, or when the affront is forgotten. Which of them it is follows from what hurts the host
against what it costs at home (the coercer's own rule of choice); whether and when does not.
"""

import math
from typing import TYPE_CHECKING

import numpy as np

from model.decision.coercion import effects_of
from model.decision.rule import Menu, choose
from model.randomness import DECISIONS

if TYPE_CHECKING:
    from model.agents.coercer import Coercer

#: the act of the agencies; its role in the table of actions is no actor's, so that it is on no menu
ACT = "sanction_administratively"
#: what they get round to
ANSWER, DROP = 0, 1
#: levers that an agency has in its own hand; banks and fuel are a matter for the leader
MEANS = ("raids", "entry_ban", "flight_ban", "trade_embargo")


class Agencies:
    """The agencies of one coercer. `raised`: levers that they have moved, with the level (0-1) they gave them."""

    def __init__(self, coercer: "Coercer") -> None:
        self._coercer = coercer
        self.raised: dict[str, float] = {}
        self._leaving = False

    def _lag(self, matter: int) -> float:
        """Days until one of them has got round to it: lognormal, days here and months there; each matter its own."""
        coercer = self._coercer
        z = coercer.model.luck.normal(DECISIONS["agencies"], 0, coercer.code, matter)
        return coercer.behaviour("first_answer_lag") * math.exp(coercer.behaviour("first_answer_spread") * z)

    def take_offence(self, affront: float) -> None:
        """The state was affronted (0-1): they will answer."""
        if affront > 0.0:
            model = self._coercer.model
            model.agenda.enter(model.day + self._lag(ANSWER), self._answer)

    def _answer(self) -> None:
        coercer = self._coercer
        menu = self._means()
        if not coercer.concerned or not len(menu) or not coercer.model.do(coercer, ACT):
            return
        model, level = coercer.model, coercer.behaviour("agency_level")
        picture = coercer.perceive()
        acts = [(model.actions[name].lever, level) for name in menu.names]
        ceiling = coercer.behaviour("pressure_ceiling")
        values = coercer.worth(picture, effects_of(menu, acts, picture, model.temper, ceiling))
        rule = model.switches["decision"]
        chosen = choose(
            values,
            menu,
            model.temper.precision,
            coercer.mood,
            model.day,
            "logit" if rule == "scripted" else rule,
        )
        lever = model.actions[menu.names[chosen]].lever
        self.raised[lever] = level * ceiling
        coercer.press(lever, self.raised[lever])

    def _means(self) -> Menu:
        """One measure a lever, of those on the coercer's menu of which nothing is in force."""
        coercer = self._coercer
        whole, first = coercer.menu(), dict[str, int]()
        for i, name in enumerate(whole.names):
            lever = coercer.model.actions[name].lever
            if lever in MEANS and coercer.model.crisis.coercion(lever) <= 0.0:
                first.setdefault(lever, i)  # a ban of some goods and one of all are the same to an agency
        kept = [*first.values()]
        return Menu(
            tuple(whole.names[i] for i in kept), whole.codes[kept], whole.classes[kept], np.ones(len(kept))
        )

    def stand_down(self) -> None:
        """The matter is over: what the leader has not made his own is dropped, with a lag again."""
        model = self._coercer.model
        if self.raised and not self._leaving:
            self._leaving = True
            model.agenda.enter(model.day + self._lag(DROP), self._drop)

    def _drop(self) -> None:
        self._leaving = False
        crisis, day = self._coercer.model.crisis, self._coercer.model.day
        for lever, level in self.raised.items():
            if crisis.coercion(lever) == level:
                crisis.lift(lever, day)
        self.raised.clear()
