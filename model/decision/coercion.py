"""Foresight of the coercer: what its world would look like after each act it could take.

Nothing is said here about which act is better. Each act changes levers; levers change the host's
burden, its fear, the coercer's own losses, and the chance to take by force what is not given; the
stakes value the resulting world. The host is expected to answer as a quantal responder of one of
seven types (level-1 reasoning; Stahl and Wilson 1995), the detainee to be out of reach after a while.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from model.actions import actions, actions_of
from model.decision.picture import (
    ARMED,
    BARS,
    ECONOMIC,
    FORCE,
    LEVERS,
    MEASURES,
    THREATS,
    WORDS,
    Effects,
    Levers,
    Picture,
    Temper,
)
from model.decision.rule import Menu, willingness
from model.world.talks import deal_rate

#: what easing and withdrawing undo
UNDONE_BY = {"ease": ECONOMIC, "withdrawal": ARMED}
#: measures and uses of force: what answers an affront by a deed
DEEDS = (*MEASURES, "blockade", *FORCE)
#: how hostile a deed looks on Goldstein's scale, taken to 0-1: the mildest of all, and each in full
MILDEST = abs(actions()["sanction_administratively"].goldstein) / 10.0
_GRAVEST = {act.lever: abs(act.goldstein) / 10.0 for act in actions_of("coercer") if act.level == 1.0}
GRAVITY = {lever: _GRAVEST[lever] for lever in DEEDS}
_RISE = np.array([[GRAVITY[lever] - MILDEST] for lever in DEEDS])
STAKES = ("prestige", "deterrence", "economy", "partner", "casualties", "audience", "effort")


def effects_of(
    menu: Menu, acts: Sequence[tuple[str, float]], picture: Picture, temper: Temper, ceiling: float
) -> Effects:
    """The levers after each act of the menu.

    `acts` holds (lever, level) of each act, in the menu's order; measures reach at most `ceiling` of
    their full force. `ease` lifts all measures, `withdrawal` all force and the threat of it.
    """
    after = Levers(LEVERS, picture.levers, len(menu))
    signal = Levers(THREATS, picture.credit, len(menu))
    standing, fresh = picture.levers, picture.fresh
    levers, threats = after.row, signal.row
    retreat, reversal = [0.0] * len(menu), [0.0] * len(menu)
    for i, (lever, level) in enumerate(acts):
        if lever in UNDONE_BY:
            retreat[i] = 1.0
            undone = [name for name in UNDONE_BY[lever] if standing.get(name, 0.0) > 0.0]
            if picture.open:  # nobody goes back on a measure whose reason is gone
                reversal[i] = max([fresh.get(name, 0.0) for name in undone], default=0.0)
            after.rest(UNDONE_BY[lever], i)
            signal.rest(UNDONE_BY[lever], i)
        elif lever in levers:
            after.block[levers[lever], i] = level * ceiling if lever in ECONOMIC else level
            if lever in threats:
                signal.block[threats[lever], i] = level
            if standing.get(lever, 0.0) <= 0.0:
                reversal[i] = fresh.get(lever, 0.0)
            if lever == "coercer_offer":
                retreat[i] = temper.retreat_talks
    effort = temper.efforts[menu.classes] + temper.reversal_cost * np.array(reversal)
    load = burdens(after, picture.exposure)
    return Effects(menu, after, load, fear(signal, temper), effort, np.array(retreat))


def burden(levels: Mapping[str, float], exposure: Mapping[str, float]) -> float:
    """Share of the host's income lost to measures at these levels: losses compound, they do not add."""
    kept = 1.0
    for name in MEASURES:
        if exposure.get(name, 0.0) > 0.0:
            kept *= 1.0 - exposure[name] * levels[name]
    return 1.0 - kept


def burdens(after: Levers, exposure: Mapping[str, float]) -> np.ndarray:
    """`burden` after each act (acts,)."""
    share = np.array([[exposure.get(name, 0.0)] for name in MEASURES])
    lost: np.ndarray = 1.0 - np.multiply.reduce(1.0 - share * after.rows(MEASURES), axis=0)
    return lost


def full_burden(exposure: Mapping[str, float]) -> float:
    """Share of income lost if every measure stood in full force."""
    return burden(dict.fromkeys(MEASURES, 1.0), exposure)


def fear(signal: Levers, temper: Temper) -> np.ndarray:
    """Probability (acts,) of force that the standing threats signal, each with its credit: the strongest counts.

    `signal` holds the THREATS. They are signals of one intention, and no news to each other.
    """
    return np.maximum.reduce(temper.credibilities * signal.block, axis=0)


def gravity(levers: Mapping[str, float]) -> float:
    """How hostile the gravest of the deeds that stand looks, 0-1; 0 where none does.

    From an administrative sanction's at its mildest to the deed's own in full force (Goldstein 1992).
    """
    return max(
        (
            MILDEST + (GRAVITY[lever] - MILDEST) * level
            for lever, level in levers.items()
            if lever in GRAVITY and level > 0.0
        ),
        default=0.0,
    )


def answer(after: Levers, temper: Temper) -> np.ndarray:
    """How grave an affront (acts,) is answered by what stands, 0-1: the gravest of it counts.

    An answer is in proportion to what it answers: a slight asks for no embargo, and a measure need not ruin the host to
    be an answer. Words count for what is said of them.
    """
    deeds = after.rows(DEEDS)
    looks = np.where(deeds > 0.0, MILDEST + _RISE * deeds, 0.0)
    answered: np.ndarray = np.maximum(looks.max(axis=0), temper.words_answer * after.rows(WORDS).max(axis=0))
    return answered


def yield_rate(
    picture: Picture, e: Effects, temper: Temper, host: np.ndarray, offer: np.ndarray
) -> np.ndarray:
    """Rate per day at which a host of resolve `host` (..., 1) gives way after each act, shape (..., acts)."""
    face = np.maximum(picture.face, temper.formula_face * e.after["coercer_offer"])
    gain = gain_by_yielding(picture, e, temper, host, face)
    rate = picture.responsiveness * temper.rate_host * willingness(gain, temper.precision)
    if not offer.any():
        return rate
    gain = gain_by_yielding(picture, e, temper, host, np.maximum(face, temper.formula_face))
    deals = deal_rate(temper.talks_rate, temper.talks_without_face, offer, face)
    return rate + deals * willingness(gain, temper.precision)


def gain_by_yielding(
    picture: Picture, e: Effects, temper: Temper, host: np.ndarray, face: np.ndarray
) -> np.ndarray:
    """What giving way would be worth to the host after each act, shape (..., acts), in share of survival.

    The burden and the fright it would be rid of (force takes the office or the thing demanded, whichever is worth
    more), less its stake in holding on and its public commitment. A way out that saves its `face` (acts,) softens
    the commitment, and of the stake the share that is a matter of face; that share also pales as the public turns
    to other things.
    """
    danger = e.fear * picture.taken_by_force(host)
    relief = temper.income_weight * e.load * (1.0 - picture.punishment)
    tied = temper.audience_weight * picture.commitment_host
    kept = 1.0 - picture.face_share + picture.face_share * picture.freshness * (1.0 - face)
    return relief + danger - host * picture.yield_stake * kept - tied * (1.0 - face)


def prospect(
    picture: Picture, e: Effects, temper: Temper, own: np.ndarray, host: np.ndarray,
    transfer_rate: np.ndarray, offer: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Value of the world after each act, by stake: shape (stakes, ..., acts), in share of survival.

    `own` (..., 1) multiplies the coercer's stake in its demand, `host` (..., 1) the host's in refusing;
    `transfer_rate` (..., 1) is the rate per day at which the detainee gets out of reach, `offer`
    (..., 1) whether the host offers talks.
    """
    after = e.after
    force = np.maximum(after["rescue"], after["seizure"])
    p = np.maximum(picture.p_rescue * after["rescue"], picture.p_seizure * after["seizure"])
    barred = np.maximum(after[BARS[0]], after[BARS[1]])
    gone = transfer_rate * (1.0 - barred)
    if picture.open:
        given = temper.horizon.share_after(yield_rate(picture, e, temper, host, offer), gone)
        resolved = p + (1.0 - p) * given
        lasting = 1.0 - resolved
    else:  # nothing is demanded: what is done is done for its own sake, for as long as the horizon
        resolved = np.ones_like(gone)
        lasting = resolved
    full = full_burden(picture.exposure)
    pressed = e.load / full if full > 0.0 else np.zeros_like(e.load)
    unanswered = np.maximum(picture.affront - answer(after, temper), 0.0)
    covered = temper.cover * np.maximum(after["alliance_call"], after["rival"])
    demanding = 1.0 if picture.open else 0.0
    shown = np.maximum(force, temper.blockade_share * barred)
    resolute = np.maximum(np.maximum(force, after["blockade"]), np.minimum(pressed, 1.0))
    shape = np.broadcast(own, host, resolved).shape
    values = [
        -own * picture.demand_stake * (1.0 - resolved),
        -temper.deterrence_weight * unanswered,
        -temper.income_weight * picture.own_exposure * pressed * lasting,
        -picture.partner_value * np.maximum(shown, temper.alienation * pressed),
        -shown * temper.shield_weight * picture.shield * (1.0 - covered) - force * temper.blood_weight * (1.0 - p),
        -temper.audience_weight * demanding
        * (picture.commitment_coercer * e.retreat + picture.overdue * (1.0 - resolute)),
        -e.effort,
    ]  # fmt: skip
    out = np.empty((len(STAKES), *shape))
    for row, value in zip(out, values, strict=True):
        row[...] = value
    return out
