"""Foresight of the coercer: what its world would look like after each act it could take.

Nothing is said here about which act is better. Each act changes levers; levers change the host's
burden, its fear, the coercer's own losses, and the chance to take by force what is not given; the
stakes value the resulting world. The host is expected to answer as a quantal responder of one of
seven types (level-1 reasoning; Stahl and Wilson 1995), the detainee to be out of reach after a while.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from model.decision import expectation, foresight
from model.decision.consequences import EASE, NO_LEVER, WITHDRAWAL, look_ahead
from model.decision.foresight import GRAVITY, LOOKS, MILDEST, STAKES
from model.decision.picture import LEVERS, Effects, Levers, Picture, Temper
from model.decision.rule import Menu

#: a host of nominal resolve
NOMINAL = np.ones(1)


def effects_of(
    menu: Menu, acts: Sequence[tuple[str, float]], picture: Picture, temper: Temper, ceiling: float
) -> Effects:
    """The levers after each act of the menu.

    `acts` holds (lever, level) of each act, in the menu's order; measures reach at most `ceiling` of
    their full force. `ease` lifts all measures, `withdrawal` all force and the threat of it.
    """
    levers, levels = _coded(tuple(acts))
    after, brings = np.empty((len(LEVERS), len(menu))), np.empty((4, len(menu)))
    look_ahead(
        temper.numbers, picture.standing, picture.exposures, levers, levels, temper.efforts[menu.classes], ceiling,
        temper.credibilities, after, brings,
    )  # fmt: skip
    return Effects(menu, Levers(after), brings)


@lru_cache(maxsize=1024)
def _coded(acts: tuple[tuple[str, float], ...]) -> tuple[np.ndarray, np.ndarray]:
    """Lever (its place in LEVERS, or a code) and level of each act."""
    codes = {lever: code for code, lever in enumerate(LEVERS)} | {"ease": EASE, "withdrawal": WITHDRAWAL}
    levers, levels = [codes.get(lever, NO_LEVER) for lever, _ in acts], [level for _, level in acts]
    return np.array(levers, dtype=np.int64), np.array(levels, dtype=np.float64)


def gravity(levers: Mapping[str, float]) -> float:
    """How hostile the gravest of the deeds that stand looks, 0-1; 0 where none does.

    From an administrative sanction's at its mildest to the deed's own in full force (Goldstein 1992).
    """
    gravest = 0.0
    for lever, level in levers.items():
        if level > 0.0 and lever in GRAVITY:
            gravest = max(gravest, MILDEST + (GRAVITY[lever] - MILDEST) * level)
    return gravest


def yield_rate(
    picture: Picture, e: Effects, temper: Temper, host: np.ndarray, offer: float, act: int | None = None
) -> np.ndarray:
    """Rate per day at which hosts of resolve `host` (hosts,) give way after each act, or one: shape (hosts, acts)."""
    out = np.empty((len(host), len(e.menu) if act is None else 1))
    foresight.yield_rates(
        picture.numbers, temper.numbers, e.after.block, e.load, e.fear, act or 0, host, offer, out
    )
    return out


def on_average(
    picture: Picture, e: Effects, temper: Temper, own: float, host: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Value of the world after each act, (stakes, acts), averaged over the types of host.

    As things stand: at the rate at which the coercer expects to lose what it wants, and with the host's offer.
    """
    out = np.empty((len(STAKES), len(e.menu)))
    rate, offer = np.array([picture.hurry]), np.array([picture.host_offer])
    expectation.average(
        picture.numbers, temper.numbers, picture.full_burden, e.after.block, LOOKS, e.brings,
        np.array([own]), host, weights, rate, offer, out,
    )  # fmt: skip
    return out


def odds(picture: Picture, e: Effects, temper: Temper, own: np.ndarray) -> np.ndarray:
    """Probability of each act (types, acts) by the rule of choice, for each resolve of the coercer, as things stand."""
    out = np.empty((1, len(own), len(e.menu)))
    rate, offer = np.array([picture.hurry]), np.array([picture.host_offer])
    expectation.odds(
        picture.numbers, temper.numbers, picture.full_burden, e.after.block, LOOKS, e.brings, *e.menu.coded,
        own, NOMINAL, rate, offer, out,
    )  # fmt: skip
    return out[0]
