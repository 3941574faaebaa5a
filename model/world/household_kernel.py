"""The passes over all rows of a day, compiled: luck, spending, protest.

Each does in one pass, row by row, what the numpy code beside it does in many, with the same operations on
the same 32-bit floats in the same order, so that both give the same bits (tested). Where numba is missing,
`COMPILED` is False and the numpy code runs. No fastmath: it would change the bits. Sums are made in whole
numbers, so their order does not matter.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from model.randomness import MULTIPLIERS, ROUNDS, WEYL

try:
    from numba import njit

    COMPILED = True
except ImportError:  # pragma: no cover - the numpy path is the reference and is tested as such
    COMPILED = False

    def njit(**_options: Any) -> Callable[[Any], Any]:  # type: ignore[no-redef]
        """Leave the function as it is."""
        return lambda function: function


F32 = npt.NDArray[np.float32]
I64 = npt.NDArray[np.int64]

_M0, _M1 = np.uint64(MULTIPLIERS[0]), np.uint64(MULTIPLIERS[1])
_W0, _W1 = np.uint32(WEYL[0]), np.uint32(WEYL[1])
_MASK, _SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)


@njit(cache=True, error_model="numpy")
def draw_words(out: Any, tick: Any, agent: Any, decision: Any, key0: Any, key1: Any) -> None:
    """Philox4x32-10 into `out` (rows,): four rows a block, counter (group, tick, agent, decision)."""
    rows = out.shape[0]
    for group in range((rows + 3) // 4):
        c0, c1 = np.uint32(group), np.uint32(tick)
        c2, c3 = np.uint32(agent), np.uint32(decision)
        k0, k1 = np.uint32(key0), np.uint32(key1)
        for _ in range(ROUNDS):
            p0 = np.uint64(c0) * _M0
            p1 = np.uint64(c2) * _M1
            c0 = np.uint32(np.uint32(p1 >> _SHIFT) ^ c1 ^ k0)
            c2 = np.uint32(np.uint32(p0 >> _SHIFT) ^ c3 ^ k1)
            c1 = np.uint32(p1 & _MASK)
            c3 = np.uint32(p0 & _MASK)
            k0 = np.uint32(k0 + _W0)
            k1 = np.uint32(k1 + _W1)
        first = 4 * group
        if first + 3 < rows:
            out[first], out[first + 1], out[first + 2], out[first + 3] = c0, c1, c2, c3
        else:
            out[first] = c0
            if first + 1 < rows:
                out[first + 1] = c1
            if first + 2 < rows:
                out[first + 2] = c2


@njit(cache=True, error_model="numpy")
def spend_day(
    local_income: Any, other_income: Any, lived_on: Any, fixed_need: Any, buffer: Any, cushion: Any,
    poor_below: Any, hardship: Any, rates: Any, cents: Any, out: Any,
) -> None:  # fmt: skip
    """Earn and spend a day in the rows of one region.

    rates: earning, other money, aid, season, 1 / spending horizon, edge of cutting food, 1 / hardship days.
    out (4,): cents spent and needed, rows that cut food, rows below the line.
    """
    earning, other, aid, season = rates[0], rates[1], rates[2], rates[3]
    share, cut_below, memory = rates[4], rates[5], rates[6]
    one = np.float32(1.0)
    spent = needed = cut = poor = np.int64(0)
    for i in range(local_income.shape[0]):
        income = np.float32(local_income[i] * earning + np.float32(other_income[i] * other))
        income = np.float32(income + aid)
        need = np.float32(np.float32(lived_on[i] * season) + fixed_need[i])
        money = np.float32(buffer[i] + income)
        # Whoever runs low spends the day's income and a share of what is left.
        spend = np.float32(np.float32(np.float32(money - income) * share) + income)
        spend = min(spend, need)
        buffer[i] = np.float32(money - spend)
        ratio = np.float32(spend / need)
        cut += np.int64(np.float32(ratio + cushion[i]) < cut_below)
        poor += np.int64(ratio < poor_below[i])
        gap = np.float32(np.float32(np.float32(one - ratio) - hardship[i]) * memory)
        hardship[i] = np.float32(hardship[i] + gap)
        spent += np.int64(np.int32(np.float32(spend * cents)))
        needed += np.int64(np.int32(np.float32(need * cents)))
    out[0], out[1], out[2], out[3] = spent, needed, cut, poor


@njit(cache=True, error_model="numpy")
def feel_day(
    hardship: Any, gain: Any, trait: Any, anger: Any, bar_host: Any, bar_coercer: Any, rates: Any, fine: Any,
    out: Any,
) -> None:  # fmt: skip
    """Feel and protest in the rows of one region.

    rates: what is left of anger, grievance directed at the host and at the coercer per hardship felt.
    out (4,): hardship felt and anger in fixed point, rows that protest against the host and the coercer.
    """
    fade, at_host, at_coercer = rates[0], rates[1], rates[2]
    felt_sum = anger_sum = host = coercer = np.int64(0)
    for i in range(hardship.shape[0]):
        felt = min(np.float32(hardship[i] * gain[i]), trait[i])
        rage = np.float32(anger[i] * fade)
        anger[i] = rage
        felt_sum += np.int64(np.int32(np.float32(felt * fine)))
        anger_sum += np.int64(np.int32(np.float32(rage * fine)))
        host += np.int64(np.float32(felt * at_host) > bar_host[i])
        coercer += np.int64(np.float32(np.float32(felt * at_coercer) + rage) > bar_coercer[i])
    out[0], out[1], out[2], out[3] = felt_sum, anger_sum, host, coercer
