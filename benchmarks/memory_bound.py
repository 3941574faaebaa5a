"""The memory bound: how long a core takes merely to move the bytes that a day of a row touches.

Of a row the day reads seven float32 columns (two incomes, cushion, poverty line, trait, risk, money lived on)
and reads and writes three more (buffer, hardship, anger): 7 x 4 + 3 x 8 = 52 bytes. Not counted are the rows
with a journey or a payday, about one in thirty, and the word of luck of a row, which need not leave the
cache: so the bound is a little stricter than what has to be moved.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import njit

READ, CHANGED = 7, 3
BYTES = 4 * READ + 8 * CHANGED


def _stream(a, b, c, d, e, f, g, x, y, z):  # type: ignore[no-untyped-def]
    """Read eight columns and change three, with an addition or two for each: nothing to wait for but memory."""
    half = np.float32(0.5)
    for i in range(a.size):
        x[i] = x[i] * half + (a[i] + b[i] + c[i])
        y[i] = y[i] * half + (d[i] + e[i])
        z[i] = z[i] * half + (f[i] + g[i])


def stream(rows: int) -> Callable[[], None]:
    """A pass over columns of so many rows, compiled and run once."""
    columns = np.random.default_rng(1).random((READ + CHANGED, rows), dtype=np.float32)
    compiled = njit(_stream, error_model="numpy")

    def one_pass() -> None:
        compiled(*columns)

    one_pass()
    return one_pass
