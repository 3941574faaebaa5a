"""What the host's world would be worth after one of its options, in plain arithmetic, compiled where numba is.

`x` is the picture that an actor has of the crisis, `t` the temper that both sides share (see `picture.py`), `own` the
host's resolve, `worth` a column of six stakes (`resistance.STAKES`) to be filled. Worths are in share of political
survival, rates per day.
"""

from __future__ import annotations

import numpy as np

from model.compiled import compiled, compiled_within
from model.decision.hazards import exp_of_one, logistic_of_one, probability_of_first, share_before_one
from model.decision.picture import PICTURE, TEMPER

OFFICE, WELFARE, HONOUR, LAW, AUDIENCE, EFFORT = range(6)
#: what the coercer sees of a way of holding on
AS_IS, SURRENDER, TALKS = 0, 1, 2
#: kinds of option
HOLD, GIVE, OFFER, REFUSE, HOST, ARREST = range(6)
#: columns of an option: its kind, what the coercer sees, and in what ways of holding on differ (`resistance.differs`)
KIND, SEEN, HELP, SEIZURE, RESCUE, BLOOD, STREETS, SPENT = range(8)


@compiled_within
def fate(force, meant, chain, t):  # type: ignore[no-untyped-def]
    """What becomes of holding on: probability of an attack, shares of the horizon before it and after surrender.

    force: its rate by the coercer's rule; meant: chance that the threats are meant, and come within their term. What is
    left of the horizon follows an attack.
    """
    attacked = standing = delivered = 0.0
    for serious in (True, False):
        odds = meant if serious else 1.0 - meant
        rate = force + 1.0 / t.threat_term if serious else force
        before = share_before_one(rate + chain, t.days, t.impatience, t.whole)
        attacked += odds * probability_of_first(rate, chain, t.days)
        standing += odds * before
        delivered += odds * (chain / max(rate + chain, 1e-12) * (1.0 - before))
    return attacked, standing, delivered


@compiled_within
def _thing(x, own):  # type: ignore[no-untyped-def]
    """What the thing demanded is worth, apart from face."""
    return own * x.yield_stake * (1.0 - x.face_share)


@compiled_within
def _standing(x, own):  # type: ignore[no-untyped-def]
    """What it is worth not to have given way, for the whole horizon; face pales, the thing does not."""
    return _thing(x, own) + own * x.yield_stake * x.face_share * x.freshness if x.held > 0.0 else 0.0


@compiled_within
def _hold(x, t, option, seen, force, meant, seizing, loss, own, worth):  # type: ignore[no-untyped-def]
    """Hold on. Force, threats meant, seizures among them and losses: as expected where the coercer sees `seen`."""
    left = 1.0 - option[HELP]
    chain = x.chain_rate if seen == SURRENDER else x.transfer_rate
    attacked, standing, delivered = fate(force[seen] * left, meant[seen] * left, chain, t)
    seized = seizing[seen] * option[SEIZURE]
    p = seized + (1.0 - seizing[seen]) * option[RESCUE]
    # What is left of the horizon follows an attack, which leaves what is held if it fails.
    after = 1.0 - standing - delivered
    kept = standing + (1.0 - p) * after
    office = seized * (attacked * x.office_at_risk - after * min(_thing(x, own), x.office_at_risk))
    law = x.law_stake if x.held > 0.0 else 0.0
    worth[OFFICE] = 0.0 - office - attacked * option[BLOOD] - option[STREETS]
    worth[WELFARE] = 0.0 - t.income_weight * (loss[seen] * option[SPENT] * left)
    worth[HONOUR] = 0.0 + _standing(x, own) * (kept + delivered)
    worth[LAW] = 0.0 + law * (t.lawful_arrest * kept + delivered)


@compiled_within
def _give_way(x, t, full_burden, own, face, worth):  # type: ignore[no-untyped-def]
    """Give way: a way out saves what is a matter of face. Under attack it is done on the coercer's terms."""
    saved = x.face_share * x.freshness * face if x.held > 0.0 else 0.0
    punished = x.punishment * x.affront * (1.0 - face) * full_burden
    beside = max(x.office_at_risk - _thing(x, own), 0.0)
    terms = t.terms_share * beside if x.attacked > 0.0 else 0.0
    worth[OFFICE] = 0.0 - terms - t.unrest_weight * x.unrest
    worth[WELFARE] = 0.0 - t.income_weight * punished
    worth[HONOUR] = 0.0 + own * x.yield_stake * saved
    worth[LAW] = 0.0 - x.law_stake * (1.0 - face)
    worth[AUDIENCE] = 0.0 - t.audience_weight * x.commitment_host * (1.0 - face)


@compiled_within
def _offer(x, t, full_burden, force, meant, own, worth):  # type: ignore[no-untyped-def]
    """Offer talks: they end in a deal that saves the face, if it will have one, unless force comes first.

    Until then what is demanded is held; but who talks about a thing has put it in question, and goes back on his
    word and his standing by as much as the coercer does when it offers talks. `worth` is that of holding on, and
    becomes that of the offer.
    """
    yielding, gain = np.zeros(6), 0.0
    _give_way(x, t, full_burden, own, max(x.face, t.formula_face), yielding)
    for stake in range(6):
        gain += yielding[stake] - worth[stake]
    # Drafts come as in `talks.deal_rate`, with an offer that stands, and are taken if they are worth it.
    rate = t.talks_rate * (t.talks_without_face + (1.0 - t.talks_without_face) * x.face)
    rate *= logistic_of_one(t.between * gain)
    deal = until = 0.0
    for serious in (True, False):
        odds = meant[TALKS] if serious else 1.0 - meant[TALKS]
        hazard = force[TALKS] + 1.0 / t.threat_term if serious else force[TALKS]
        deal += odds * probability_of_first(rate, hazard, t.days)
        until += odds * share_before_one(hazard + rate, t.days, t.impatience, t.whole)
    standing = (1.0 - deal) * worth[HONOUR] + deal * until * _standing(x, own)
    for stake in range(6):
        worth[stake] = deal * yielding[stake] + (1.0 - deal) * worth[stake]
    worth[HONOUR] = deal * yielding[HONOUR] + (1.0 - t.retreat_talks) * standing
    worth[AUDIENCE] -= (1.0 - deal) * t.retreat_talks * t.audience_weight * x.commitment_host


@compiled_within
def _retaliate(x, t, full_burden, affront, worth):  # type: ignore[no-untyped-def]
    """Nothing is held, and an affront (0-1) is answered for: a visit refused, an arrest that failed."""
    worth[WELFARE] = 0.0 - t.income_weight * (x.punishment * affront * full_burden)


@compiled_within
def _arrest(x, t, full_burden, ways, worth):  # type: ignore[no-untyped-def]
    """Arrest, then go on as seems best of three `ways` (3, 6): the mean of them, weighted by quantal response."""
    total, weight = np.zeros((2, 3))
    for way in range(3):
        for stake in range(6):
            total[way] += ways[way, stake]
    top, whole = max(total[0], total[1], total[2]), 0.0
    for way in range(3):
        weight[way] = exp_of_one(t.between * (total[way] - top))
        whole += weight[way]
    failed = np.zeros(6)
    _retaliate(x, t, full_burden, x.affront, failed)
    for stake in range(6):
        made = 0.0
        for way in range(3):
            made += weight[way] / whole * ways[way, stake]
        worth[stake] = x.arrest_success * made + (1.0 - x.arrest_success) * failed[stake]


@compiled(PICTURE, TEMPER, "f8", "f8[:,::1]", *["f8[:,::1]"] * 4, "f8[::1]", "f8[:,:,::1]")
def worths(  # type: ignore[no-untyped-def]
    picture, temper, full_burden, options, all_force, all_meant, all_seizing, all_loss, resolve, out
):
    """Worth of the world by stake, type and option, into `out`.

    By what the coercer sees and by its type: its rate of force, the chance that threats are meant, the share of
    seizures in its force, the losses to come. The host's resolve differs by type, or is one for all.
    """
    x, t = picture[0], temper[0]
    ways = np.zeros((3, 6))
    for kind in range(out.shape[1]):
        of = min(kind, all_force.shape[1] - 1)
        force, meant, seizing, loss = all_force[:, of], all_meant[:, of], all_seizing[:, of], all_loss[:, of]
        own = resolve[min(kind, resolve.size - 1)]
        for i in range(out.shape[2]):
            option, worth = options[i], out[:, kind, i]
            what = int(option[KIND])
            if what in (HOLD, OFFER):
                _hold(x, t, option, int(option[SEEN]), force, meant, seizing, loss, own, worth)
            if what == OFFER:
                _offer(x, t, full_burden, force, meant, own, worth)
            elif what == GIVE:
                _give_way(x, t, full_burden, own, x.face, worth)
            elif what == REFUSE:
                _retaliate(x, t, full_burden, x.slight, worth)
            elif what == HOST:
                worth[LAW] = 0.0 - x.law_stake
            elif what == ARREST:
                _hold(x, t, option, AS_IS, force, meant, seizing, loss, own, ways[0])
                _hold(x, t, option, SURRENDER, force, meant, seizing, loss, own, ways[1])
                _give_way(x, t, full_burden, own, x.face, ways[2])
                _arrest(x, t, full_burden, ways, worth)
