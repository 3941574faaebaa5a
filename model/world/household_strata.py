"""Stratified luck: an order of the rows drawn by keyed words, along which rising quantiles are dealt out."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from model.compiled import COMPILED, compiled
from model.distributions import inverse_normals
from model.randomness import DECISIONS, WORD, Luck
from model.world.household_luck import draw_words

F32 = npt.NDArray[np.float32]
U32 = npt.NDArray[np.uint32]
I64 = npt.NDArray[np.int64]

#: rows up to which the queues of the last replicate are kept: other scenarios share its luck
ROWS_KEPT = 50_000


class Queues:
    """Stratified luck: the rows in an order drawn by keyed words, one order a name of DECISIONS."""

    def __init__(self, luck: Luck, rows: int, compiled: bool) -> None:
        self._luck = luck
        self._rows = rows
        self._compiled = compiled

    def of(self, name: str) -> I64:
        """The rows in the order of this name."""
        queue = _queue if self._rows <= ROWS_KEPT else _queue.__wrapped__
        return queue(self._luck, self._rows, DECISIONS[name], self._compiled)


@lru_cache(maxsize=16)
def _queue(luck: Luck, rows: int, decision: int, compiled: bool) -> I64:
    if compiled:
        words = np.empty(rows, dtype=np.uint32)
        draw_words(words, 0, 0, decision, *luck.key)
    else:
        words = luck.words(decision, 0, rows)
    return line_up(words)


def line_up(keys: U32) -> I64:
    """Rows in the rising order of their keys, equal keys in the order of rows."""
    ordered = _numbered(keys)
    ordered.sort()
    ordered &= np.uint64(WORD)
    return ordered.view(np.int64)


def _numbered(keys: U32) -> npt.NDArray[np.uint64]:
    """Keys with their row in the low half, which makes them distinct: a plain sort, far faster than a stable one."""
    if COMPILED:
        numbered = np.empty(keys.size, dtype=np.uint64)
        _number(keys, numbered)
        return numbered
    high: npt.NDArray[np.uint64] = keys.astype(np.uint64) << np.uint64(32)
    return high | np.arange(keys.size, dtype=np.uint64)


@compiled("u4[::1]", "u8[::1]")
def _number(keys, out):  # type: ignore[no-untyped-def]
    for row in range(keys.size):
        out[row] = (np.uint64(keys[row]) << np.uint64(32)) | np.uint64(row)


@lru_cache(maxsize=4)
def levels(rows: int) -> F32:
    """(k + 1/2) / rows, rising."""
    return ((np.arange(rows) + 0.5) / rows).astype(np.float32)


def count_below(share: float, rows: int) -> int:
    """How many of the levels are below a share, compared in float32 as the levels are."""
    return int(np.searchsorted(levels(rows), np.float32(share)))


def lognormal(rows: int, spread: float) -> F32:
    """Rising lognormal factors with median 1 and standard deviation `spread` of the logarithm."""
    return (_lognormal if rows <= ROWS_KEPT else _lognormal.__wrapped__)(rows, spread)


@lru_cache(maxsize=8)
def _lognormal(rows: int, spread: float) -> F32:
    return exponential(_deviates(rows) * np.float32(spread))


@lru_cache(maxsize=4)
def _deviates(rows: int) -> F32:
    """Standard normal quantiles at (k + 1/2) / rows, rising."""
    half = inverse_normals((np.arange((rows + 1) // 2) + 0.5) / rows)
    return np.concatenate([half, -half[: rows // 2][::-1]]).astype(np.float32)


def exponential(x: F32) -> F32:
    """e to the power x in float32 by a polynomial (Cephes expf): the same bits on any machine."""
    x = np.clip(x, np.float32(-80.0), np.float32(80.0))
    whole = np.floor(x * np.float32(1.44269504) + np.float32(0.5))
    part = x - whole * np.float32(0.693359375)
    part -= whole * np.float32(-2.12194440e-4)
    value = np.full_like(part, 1.9875691500e-4)
    for coefficient in (1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1):
        value *= part
        value += np.float32(coefficient)
    value *= part * part
    value += part
    value += np.float32(1.0)
    power = ((whole.astype(np.int32) + np.int32(127)) << np.int32(23)).view(np.float32)
    result: F32 = value * power
    return result
