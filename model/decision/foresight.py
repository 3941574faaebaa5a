"""What the coercer's world would be worth after one of its acts, in plain arithmetic, compiled where numba is.

`x` is the picture that an actor has of the crisis, `t` the temper that both sides share (see `picture.py`), `after` the
levers after each act, a row a lever (LEVERS) and a column an act. Worths are in share of political survival, rates per
day.
"""

from __future__ import annotations

import numpy as np

from model.actions import actions, actions_of
from model.compiled import compiled, compiled_within
from model.decision.hazards import logistic_of_one, share_after_one
from model.decision.picture import BARS, FORCE, LEVERS, MEASURES, PICTURE, TEMPER, WORDS

STAKES = ("prestige", "deterrence", "economy", "partner", "casualties", "audience", "effort")
#: measures and uses of force: what answers an affront by a deed
DEEDS = (*MEASURES, "blockade", *FORCE)
#: how hostile a deed looks on Goldstein's scale, taken to 0-1: the mildest of all, and each in full
MILDEST = abs(actions()["sanction_administratively"].goldstein) / 10.0
_GRAVEST = {act.lever: abs(act.goldstein) / 10.0 for act in actions_of("coercer") if act.level == 1.0}
GRAVITY = {lever: _GRAVEST[lever] for lever in DEEDS}

_DEEDS, _WORDS = (tuple(map(LEVERS.index, some)) for some in (DEEDS, WORDS))
#: how grave the mildest deed looks, and how much graver each of DEEDS in full.
LOOKS = np.array([MILDEST, *(GRAVITY[lever] - MILDEST for lever in DEEDS)])
_BARS = tuple(map(LEVERS.index, BARS))
_RESCUE, _SEIZURE, _BLOCKADE, _ALLIANCE, _RIVAL, _OFFER = map(
    LEVERS.index, ("rescue", "seizure", "blockade", "alliance_call", "rival", "coercer_offer")
)


@compiled("f8[:,::1]", "i8", "f8", "f8[::1]", returns="f8")
def answer(after, act, words_answer, gravities):  # type: ignore[no-untyped-def]
    """How grave an affront is answered by what stands after an act, 0-1: the gravest of it counts.

    An answer is in proportion to what it answers: a slight asks for no embargo, and a measure need not ruin the host to
    be an answer. Words count for what is said of them.
    """
    looks = said = 0.0
    for i in range(len(_DEEDS)):
        level = after[_DEEDS[i], act]
        if level > 0.0:
            looks = max(looks, gravities[0] + gravities[1 + i] * level)
    for word in _WORDS:
        said = max(said, after[word, act])
    return max(looks, words_answer * said)


@compiled_within
def taken_by_force(x, host):  # type: ignore[no-untyped-def]
    """What force may be expected to take of a host of resolve `host`.

    A seizure takes the office or the thing, whichever is worth more, a rescue the thing. A ruler from whom his
    rule is demanded does not lose it twice.
    """
    thing = host * x.yield_stake * (1.0 - x.face_share)
    return max(x.p_seizure * max(x.office_at_risk, thing), x.p_rescue * thing)


@compiled_within
def gain_by_yielding(x, t, load, fear, host, face):  # type: ignore[no-untyped-def]
    """What giving way would be worth to a host of resolve `host`, under this burden and threat.

    The burden and the fright it would be rid of (force takes the office or the thing demanded, whichever is worth
    more), less its stake in holding on and its public commitment. A way out that saves its `face` softens
    the commitment, and of the stake the share that is a matter of face; that share also pales as the public turns
    to other things.
    """
    danger = fear * taken_by_force(x, host)
    relief = t.income_weight * load * (1.0 - x.punishment)
    tied = t.audience_weight * x.commitment_host
    kept = 1.0 - x.face_share + x.face_share * x.freshness * (1.0 - face)
    return relief + danger - host * x.yield_stake * kept - tied * (1.0 - face)


@compiled_within
def _yield_rate(x, t, load, fear, way_out, host, offer):  # type: ignore[no-untyped-def]
    """Rate at which a host of resolve `host` gives way; talks offered: `way_out` by the coercer, `offer` by it."""
    face = max(x.face, t.formula_face * way_out)
    gain = gain_by_yielding(x, t, load, fear, host, face)
    rate = x.responsiveness * t.rate_host * logistic_of_one(t.between * gain)
    if offer <= 0.0:
        return rate
    # Talks come to drafts (as in `talks.deal_rate`) that save the face; the host takes one if it is worth it.
    drafts = t.talks_rate * offer * (t.talks_without_face + (1.0 - t.talks_without_face) * face)
    gain = gain_by_yielding(x, t, load, fear, host, max(face, t.formula_face))
    return rate + drafts * logistic_of_one(t.between * gain)


@compiled(PICTURE, TEMPER, "f8[:,::1]", "f8[::1]", "f8[::1]", "i8", "f8[::1]", "f8", "f8[:,::1]")
def yield_rates(picture, temper, after, load, fear, first, host, offer, out):  # type: ignore[no-untyped-def]
    """Rate at which each host gives way after each act from the `first` on, into `out` (hosts, acts)."""
    x, t = picture[0], temper[0]
    for row in range(out.shape[0]):
        for column in range(out.shape[1]):
            act = first + column
            out[row, column] = _yield_rate(x, t, load[act], fear[act], after[_OFFER, act], host[row], offer)


@compiled(PICTURE, TEMPER, "f8", "f8[:,::1]", *["f8[::1]"] * 9, "f8[:,:,:,::1]")
def worths(  # type: ignore[no-untyped-def]
    picture,
    temper,
    full_burden,
    after,
    gravities,
    load,
    fear,
    effort,
    retreat,
    own,
    host,
    transfer_rate,
    offer,
    out,
):
    """Worth of the world by stake, variant, type and act, into `out`.

    The resolve of the coercer (`own`) and that of the host differ by type, or are one for all. The rate at which the
    detainee gets out of reach and the offer of talks by the host differ by variant.
    """
    x, t = picture[0], temper[0]
    for act in range(out.shape[3]):
        force = max(after[_RESCUE, act], after[_SEIZURE, act])
        p = max(x.p_rescue * after[_RESCUE, act], x.p_seizure * after[_SEIZURE, act])
        barred = max(after[_BARS[0], act], after[_BARS[1], act])
        pressed = load[act] / full_burden if full_burden > 0.0 else 0.0
        unanswered = max(x.affront - answer(after, act, t.words_answer, gravities), 0.0)
        covered = t.cover * max(after[_ALLIANCE, act], after[_RIVAL, act])
        shown = max(force, t.blockade_share * barred)
        resolute = max(max(force, after[_BLOCKADE, act]), min(pressed, 1.0))
        demanding = 1.0 if x.open > 0.0 else 0.0
        word = x.commitment_coercer * retreat[act] + x.overdue * (1.0 - resolute)
        resolved = lasting = 1.0
        for variant, kind in np.ndindex(out.shape[1], out.shape[2]):
            mine = own[min(kind, own.size - 1)]
            if kind < host.size:  # else as for the one host there is
                rate = _yield_rate(x, t, load[act], fear[act], after[_OFFER, act], host[kind], offer[variant])
                gone = transfer_rate[variant] * (1.0 - barred)
                given = share_after_one(rate, gone, t.days, t.impatience, t.whole)
                resolved = p + (1.0 - p) * given
                lasting = 1.0 - resolved
            if x.open <= 0.0:  # nothing is demanded: what is done is done for its own sake, for the horizon
                resolved = lasting = 1.0
            worth = out[:, variant, kind, act]
            worth[0] = -mine * x.demand_stake * (1.0 - resolved)
            worth[1] = -t.deterrence_weight * unanswered
            worth[2] = -t.income_weight * x.own_exposure * pressed * lasting
            worth[3] = -x.partner_value * max(shown, t.alienation * pressed)
            blood = force * t.blood_weight * (1.0 - p)
            worth[4] = -shown * t.shield_weight * x.shield * (1.0 - covered) - blood
            worth[5] = -t.audience_weight * demanding * word
            worth[6] = -effort[act]
