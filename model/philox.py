"""Philox4x32-10, the generator behind all luck: in Python, in arrays and compiled, to the same bits.

Rule: Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from model.compiled import COMPILED, compiled, compiled_within

WORD = 0xFFFFFFFF
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
WEYL = (0x9E3779B9, 0xBB67AE85)
ROUNDS = 10

Words = npt.NDArray[np.uint64]
Quad = tuple[int, int, int, int]
Units = npt.NDArray[np.float64]


@overload
def philox(counter: Quad, key: tuple[int, int]) -> Quad: ...
@overload
def philox(counter: Sequence[Any], key: tuple[int, int]) -> tuple[Words, Words, Words, Words]: ...
def philox(counter: Sequence[Any], key: tuple[int, int]) -> tuple[Any, Any, Any, Any]:
    """Four 32-bit words of Philox4x32-10: Python integers in, integers out; uint64 arrays in, arrays out.

    The parts of a counter may be any mix of integers and broadcastable uint64 arrays with values
    below 2**32. Both paths give the same numbers, and those of the published test vectors.
    """
    c0, c1, c2, c3 = counter
    k0, k1 = key
    mask: Any = WORD
    m0: Any
    m1: Any
    m0, m1 = MULTIPLIERS
    shift: Any = 32
    vector = not all(type(part) is int for part in counter)
    if vector:
        c0, c1, c2, c3 = (np.asarray(part, dtype=np.uint64) for part in counter)
        mask, shift, m0, m1 = np.uint64(WORD), np.uint64(32), np.uint64(m0), np.uint64(m1)
    for _ in range(ROUNDS):
        first: Any = np.uint64(k0) if vector else k0
        second: Any = np.uint64(k1) if vector else k1
        p0 = c0 * m0
        p1 = c2 * m1
        c0, c1, c2, c3 = (p1 >> shift) ^ c1 ^ first, p1 & mask, (p0 >> shift) ^ c3 ^ second, p0 & mask
        k0 = (k0 + WEYL[0]) & WORD
        k1 = (k1 + WEYL[1]) & WORD
    return c0, c1, c2, c3


def units(groups: Words, ticks: Words, agents: Words, decision: int, key: tuple[int, int]) -> Units:
    """Uniforms of two items a group, shape (n, 2 * groups), for n ticks and agents, one of which may be one for all.

    Each is an odd multiple of 2**-53 in the open interval (0, 1).
    """
    rows = max(ticks.size, agents.size)
    out = np.empty((rows, groups.size, 2))
    if COMPILED:
        _draw_units(groups, ticks, agents, decision, *key, out)
    else:
        words = philox((groups, ticks[:, None], agents[:, None], decision), key)
        for half in (0, 1):
            out[:, :, half] = _open_unit(words[2 * half], words[2 * half + 1])
    return out.reshape(rows, -1)


def _open_unit(high: Words, low: Words) -> npt.NDArray[np.float64]:
    """Two words each as an odd multiple of 2**-53 in the open interval (0, 1)."""
    six = np.uint64(6)
    whole = (high >> six).astype(np.float64) * 67108864.0 + (low >> six).astype(np.float64)
    unit: npt.NDArray[np.float64] = (whole + 0.5) * 2.0**-52
    return unit


W = np.uint64
_MASK, _HALF, _SIX = W(WORD), W(32), W(6)
_M0, _M1, _W0, _W1 = (W(number) for number in (*MULTIPLIERS, *WEYL))


@compiled_within
def _pair(group, tick, agent, decision, first_key, second_key):  # type: ignore[no-untyped-def]
    """The two uniforms of a group."""
    c0, c1, c2, c3 = W(group), W(tick), W(agent), W(decision)
    k0, k1 = W(first_key), W(second_key)
    for _ in range(ROUNDS):
        p0, p1 = c0 * _M0, c2 * _M1
        c0, c1, c2, c3 = (p1 >> _HALF) ^ c1 ^ k0, p1 & _MASK, (p0 >> _HALF) ^ c3 ^ k1, p0 & _MASK
        k0, k1 = (k0 + _W0) & _MASK, (k1 + _W1) & _MASK
    first = (float(c0 >> _SIX) * 67108864.0 + float(c1 >> _SIX) + 0.5) * 2.0**-52
    return first, (float(c2 >> _SIX) * 67108864.0 + float(c3 >> _SIX) + 0.5) * 2.0**-52


@compiled("u8[::1]", "u8[::1]", "u8[::1]", "i8", "i8", "i8", "f8[:,:,::1]")
def _draw_units(groups, ticks, agents, decision, first_key, second_key, out):  # type: ignore[no-untyped-def]
    """`units` group by group."""
    for row in range(out.shape[0]):
        tick, agent = ticks[min(row, ticks.size - 1)], agents[min(row, agents.size - 1)]
        for column in range(out.shape[1]):
            pair = _pair(groups[column], tick, agent, decision, first_key, second_key)
            out[row, column, 0], out[row, column, 1] = pair


@compiled(*["i8"] * 6, returns="f8")
def unit(item, tick, agent, decision, first_key, second_key):  # type: ignore[no-untyped-def]
    """One of `units`, by item."""
    return _pair(item >> 1, tick, agent, decision, first_key, second_key)[item & 1]
