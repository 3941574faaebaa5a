"""What each act of the coercer would do to its levers and bring with it, compiled where numba is.

`t` is the temper that both sides share. What stands now is a table of three rows (LEVEL, CREDIT, FRESH) by lever.
"""

from __future__ import annotations

import numpy as np

from model.compiled import compiled, compiled_within
from model.decision.picture import ARMED, ECONOMIC, LEVERS, MEASURES, TEMPER, THREATS

#: rows of what stands now, 0-1: level of a lever, what is left of its credit as a threat, how recently it was moved
LEVEL, CREDIT, FRESH = range(3)
#: rows of what an act brings: share of the host's income lost, force signalled (0-1), direct cost, retreat (0-1)
LOAD, FEAR, EFFORT, RETREAT = range(4)
#: acts that move no lever, and those that move several at once
NO_LEVER, EASE, WITHDRAWAL = -1, -2, -3

_MEASURES, _ECONOMIC, _ARMED, _THREATS = (
    tuple(map(LEVERS.index, some)) for some in (MEASURES, ECONOMIC, ARMED, THREATS)
)
_OFFER = LEVERS.index("coercer_offer")


@compiled_within
def _undo(levers, now, act, after, credit):  # type: ignore[no-untyped-def]
    """None of some levers stands after an act; how recently those that did were moved."""
    latest = 0.0
    for lever in levers:
        if now[LEVEL, lever] > 0.0:
            latest = max(latest, now[FRESH, lever])
        after[lever, act] = credit[lever] = 0.0
    return latest


@compiled_within
def burden_of(after, act, exposure):  # type: ignore[no-untyped-def]
    """Share of the host's income lost after an act: losses compound, they do not add. exposure: of MEASURES."""
    kept = 1.0
    for i in range(len(_MEASURES)):
        kept *= 1.0 - exposure[i] * after[_MEASURES[i], act]
    return 1.0 - kept


@compiled(
    TEMPER, "f8[:,::1]", "f8[::1]", "i8[::1]", "f8[::1]", "f8[::1]", "f8", "f8[::1]", "f8[:,::1]", "f8[:,::1]"
)
def look_ahead(  # type: ignore[no-untyped-def]
    temper, now, exposure, levers, levels, effort, ceiling, credibility, after, brings
):
    """The levers after each act into `after`, and what it brings (LOAD to RETREAT) into `brings`.

    An act sets one of `levers` to its level, measures to `ceiling` of it, or undoes several. effort: its direct cost;
    to go back on what was done just now costs more. credibility: of THREATS; the strongest counts.
    """
    t, credit = temper[0], np.empty(after.shape[0])
    for act in range(levers.size):
        lever, retreat, reversal = levers[act], 0.0, 0.0
        after[:, act] = now[LEVEL]
        credit[:] = now[CREDIT]
        if lever == EASE:
            retreat, reversal = 1.0, _undo(_ECONOMIC, now, act, after, credit)
        elif lever == WITHDRAWAL:
            retreat, reversal = 1.0, _undo(_ARMED, now, act, after, credit)
        elif lever >= 0:
            after[lever, act] = levels[act] * ceiling if lever in _ECONOMIC else levels[act]
            credit[lever] = levels[act]
            if now[LEVEL, lever] <= 0.0:
                reversal = now[FRESH, lever]
            if lever == _OFFER:
                retreat = t.retreat_talks
        fear = 0.0
        for i in range(len(_THREATS)):
            fear = max(fear, credibility[i] * credit[_THREATS[i]])
        brings[LOAD, act] = burden_of(after, act, exposure)
        brings[FEAR, act] = fear
        brings[EFFORT, act] = effort[act] + t.reversal_cost * reversal
        brings[RETREAT, act] = retreat
