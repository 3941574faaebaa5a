"""What each side concludes from what the other does, and from its silence.

Both infer the other's resolve from its acts: how likely was this act at each type, by the other's own rule?
"""

from typing import TYPE_CHECKING

import numpy as np

from model.actions import Action
from model.decision import coercion, resistance
from model.decision.hazards import logistic
from model.decision.picture import Effects, Picture
from model.decision.rule import CLASSES, Menu, probabilities

if TYPE_CHECKING:
    from model.agents.coercer import Coercer
    from model.agents.government import Government

#: doing nothing, as a menu
WAIT = Menu(("wait",), np.zeros(1, dtype=np.int64), np.array([CLASSES.index("status_quo")]), np.ones(1))


def conclude_about_coercer(host: "Government", action: Action) -> None:
    """The host revises its belief in the coercer's resolve by an act of the coercer's."""
    coercer = host.model.coercer
    assert coercer is not None
    picture, menu = host.perceive(), coercer.menu()
    if action.name in menu.names:
        p = coercer.expected_acts(picture, menu, host.belief.types)[:, menu.index(action.name)]
        host.belief.observe(p, host.model.numbers["decision.learning"])


def conclude_about_host(coercer: "Coercer", action: Action) -> None:
    """The coercer revises its belief in the host's resolve by an act of the host's."""
    host = coercer.model.government
    assert host is not None
    menu, instead = host.menu(), host.put_to_it.get(action.name)
    if action.name not in menu.names or instead not in (None, *menu.names):
        return
    act, precision = menu.index(action.name), coercer.model.temper.precision
    values = worth_to_host(coercer, coercer.perceive(), coercer.menu(), menu)
    if instead is None:
        p = probabilities(values, menu, precision)[:, act]
    else:  # it was put to the host, and decided on its merits
        p = logistic(precision.between * (values[:, act] - values[:, menu.index(instead)]))
    coercer.belief.observe(p, coercer.model.numbers["decision.learning"])


def expected_of_host(coercer: "Coercer", picture: Picture, own: Menu, menu: Menu) -> np.ndarray:
    """Probability of each act of the host's menu, (types, acts), by the host's rule at the types believed in.

    own: the acts that the host expects to be open to the coercer.
    """
    return probabilities(worth_to_host(coercer, picture, own, menu), menu, coercer.model.temper.precision)


def worth_to_host(coercer: "Coercer", picture: Picture, own: Menu, menu: Menu) -> np.ndarray:
    """What each act of the host's menu is worth to it, (types, acts), at the types that the coercer believes in."""
    temper = coercer.model.temper
    threat = resistance.Threat(picture, coercer.effects(own, picture), temper, np.ones(1))
    values: np.ndarray = np.add.reduce(
        resistance.prospect(picture, menu, threat, temper, coercer.belief.types)
    )
    return values


def hear_nothing(coercer: "Coercer", picture: Picture, effects: Effects) -> None:
    """Another while in which the host has not given way; the coercer's picture is set right.

    effects: of the acts that the coercer weighs now; what it expected is what waiting would have brought.
    """
    picture.responsiveness = 1.0
    if "wait" not in effects.menu.names:
        effects = coercer.effects(WAIT, picture)
    types, offer = coercer.belief.types, float(picture.host_offer)
    wait = effects.menu.index("wait")
    rate = coercion.yield_rate(picture, effects, coercer.model.temper, types, offer, wait)[:, 0]
    coercer.expected_yields += float(np.add.reduce(rate * coercer.belief.weights)) * coercer.silence
    coercer.silence = 0.0
    picture.responsiveness = responsiveness(coercer)


def responsiveness(coercer: "Coercer") -> float:
    """How far the host answers to pressure, against what the coercer expected of it: 1 at first, falling with silence.

    Posterior mean of a rate with a gamma prior, after `expected_yields` of exposure and no event.
    """
    prior = coercer.behaviour("trust_in_pressure")
    return prior / (prior + coercer.expected_yields)
