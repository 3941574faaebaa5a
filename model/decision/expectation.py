"""What the coercer is expected to do, and what its acts are worth on average; compiled where numba is.

By its own rule of choice, at each type it may be of. `t` is the temper that both sides share, `after` the levers after
each of its acts and `brings` what they bring (see `consequences.py`).
"""

from __future__ import annotations

import numpy as np

from model.compiled import compiled, compiled_within
from model.decision.consequences import EFFORT, FEAR, LEVEL, LOAD, RETREAT, burden_of
from model.decision.foresight import STAKES, worths
from model.decision.hazards import share_after_one
from model.decision.picture import LEVERS, PICTURE, TEMPER
from model.decision.rule import nested_logit

#: rows of what the host expects: rate of force, chance that threats are meant, share of seizures, losses to come
FORCE, MEANT, SEIZING, LOSS = range(4)
#: a probability too small to divide by
NEVER = 1e-12

_RESCUE, _SEIZURE = LEVERS.index("rescue"), LEVERS.index("seizure")
_COERCION = (
    PICTURE,
    TEMPER,
    "f8",
    "f8[:,::1]",
    "f8[::1]",
    "f8[:,::1]",
)  # what each of these functions begins with


@compiled_within
def _worths(picture, temper, full, after, looks, brings, own, host, transfer_rate, offer):  # type: ignore[no-untyped-def]
    """`foresight.worths` (stakes, variants, types, acts)."""
    out = np.empty((len(STAKES), offer.size, max(own.size, host.size), after.shape[1]))
    load, fear, effort, retreat = brings[LOAD], brings[FEAR], brings[EFFORT], brings[RETREAT]
    worths(
        picture, temper, full, after, looks, load, fear, effort, retreat, own, host, transfer_rate, offer, out
    )
    return out


@compiled(*_COERCION, *["f8[::1]"] * 5, "f8[:,::1]")
def average(  # type: ignore[no-untyped-def]
    picture, temper, full, after, looks, brings, own, host, weights, transfer_rate, offer, out
):
    """Worth of each act by stake, averaged over types with these weights, into `out` (stakes, acts)."""
    worth = _worths(picture, temper, full, after, looks, brings, own, host, transfer_rate, offer)
    for stake in range(out.shape[0]):
        for act in range(out.shape[1]):
            mean = 0.0
            for kind in range(weights.size):
                mean += worth[stake, 0, kind, act] * weights[kind]
            out[stake, act] = mean


@compiled(*_COERCION, "i8[::1]", "f8[::1]", "i8[::1]", "f8[::1]", *["f8[::1]"] * 4, "f8[:,:,::1]")
def odds(  # type: ignore[no-untyped-def]
    picture,
    temper,
    full,
    after,
    looks,
    brings,
    place,
    weights,
    kinds,
    weight,
    own,
    host,
    transfer_rate,
    offer,
    out,
):
    """Probability of each act by variant and type, into `out` (variants, types, acts), as in `rule.probabilities`."""
    t = temper[0]
    worth = _worths(picture, temper, full, after, looks, brings, own, host, transfer_rate, offer)
    whole = np.zeros(out.shape)
    for stake in range(worth.shape[0]):
        whole += worth[stake]
    for variant in range(out.shape[0]):
        nested_logit(
            whole[variant], place, weights, kinds, weight, t.within, t.between, t.habit, out[variant]
        )


@compiled_within
def _expected(p, x):  # type: ignore[no-untyped-def]
    """Sum of the products of probabilities and what hangs on them."""
    total = 0.0
    for act in range(p.size):
        total += p[act] * x[act]
    return total


@compiled_within
def _expected_loss(p, now, most, growing, t):  # type: ignore[no-untyped-def]
    """Share of income lost over the horizon if measures go on being added at the rate now expected."""
    if most <= now:
        return now
    growth = t.rate_coercer * _expected(p, growing) / (most - now)
    return now + (most - now) * share_after_one(growth, 0.0, t.days, t.impatience, t.whole)


@compiled(
    *_COERCION,
    "i8[::1]",
    "f8[::1]",
    "i8[::1]",
    "f8[::1]",
    *["f8[::1]"] * 4,
    "f8[:,::1]",
    "f8[::1]",
    "f8[:,:,::1]",
)
def threats(  # type: ignore[no-untyped-def]
    picture, temper, full, after, looks, brings, place, weights, kinds, weight, own, host, transfer_rate, offer,
    now, exposure, out,
):  # fmt: skip
    """What the `odds` of the coercer's acts come to for the host (FORCE to LOSS), into `out` (rows, variants, types).

    now: what stands; exposure: of MEASURES.
    """
    x, t, acts = picture[0], temper[0], after.shape[1]
    chances = np.empty((out.shape[1], out.shape[2], acts))
    odds(
        picture, temper, full, after, looks, brings, place, weights, kinds, weight, own, host, transfer_rate, offer,
        chances,
    )  # fmt: skip
    levels, violent, growing = np.empty((len(LEVERS), 2)), np.empty(acts), np.empty(acts)
    levels[:, 0] = now[LEVEL]
    for lever in range(len(LEVERS)):
        levels[lever, 1] = after[lever].max()
    lost, most = burden_of(levels, 0, exposure), burden_of(levels, 1, exposure)
    for act in range(acts):
        violent[act] = max(after[_RESCUE, act], after[_SEIZURE, act])
        growing[act] = max(brings[LOAD, act] - lost, 0.0)
    for variant in range(out.shape[1]):
        for kind in range(out.shape[2]):
            p = chances[variant, kind]
            force = t.rate_coercer * _expected(p, violent)
            taking, freeing = _expected(p, after[_SEIZURE]), _expected(p, after[_RESCUE])
            out[FORCE, variant, kind] = max(force, t.attack_rate) if x.attacked > 0.0 else force
            out[MEANT, variant, kind] = _expected(p, brings[FEAR])
            out[SEIZING, variant, kind] = taking / max(taking + freeing, NEVER)
            out[LOSS, variant, kind] = _expected_loss(p, lost, most, growing, t)
