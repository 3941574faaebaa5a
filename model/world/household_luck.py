"""Words of Philox4x32-10 for many rows, compiled with numba: the same as in Python and numpy in `randomness`."""

from __future__ import annotations

import numpy as np

from model.compiled import compiled
from model.philox import MULTIPLIERS, ROUNDS, WEYL, WORD

W = np.uint64
_MASK, _HALF = W(WORD), W(32)
_M0, _M1, _W0, _W1 = (W(number) for number in (*MULTIPLIERS, *WEYL))


@compiled("u4[::1]", *["i8"] * 6)
def draw_blocks(out, first, tick, agent, decision, first_key, second_key):
    """Blocks of four words from the group `first` on, as in `randomness.philox`, into `out`."""
    for block in range(out.size // 4):
        c0, c1, c2, c3 = W(first + block) & _MASK, W(tick) & _MASK, W(agent) & _MASK, W(decision) & _MASK
        k0, k1 = W(first_key) & _MASK, W(second_key) & _MASK
        for _ in range(ROUNDS):
            p0, p1 = c0 * _M0, c2 * _M1
            c0, c1, c2, c3 = (p1 >> _HALF) ^ c1 ^ k0, p1 & _MASK, (p0 >> _HALF) ^ c3 ^ k1, p0 & _MASK
            k0, k1 = (k0 + _W0) & _MASK, (k1 + _W1) & _MASK
        out[4 * block], out[4 * block + 1] = np.uint32(c0), np.uint32(c1)
        out[4 * block + 2], out[4 * block + 3] = np.uint32(c2), np.uint32(c3)


@compiled("u4[::1]", *["i8"] * 5)
def draw_words(out, first, tick, decision, first_key, second_key):
    """What `Luck.words` gives the rows from `first` (a multiple of four) on, into `out` (rows,)."""
    whole = out.size // 4 * 4
    draw_blocks(out[:whole], first // 4, tick, 0, decision, first_key, second_key)
    if whole < out.size:
        rest = np.empty(4, dtype=np.uint32)
        draw_blocks(rest, (first + whole) // 4, tick, 0, decision, first_key, second_key)
        out[whole:] = rest[: out.size - whole]
