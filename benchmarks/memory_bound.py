"""The memory bound: how long a core takes merely to move the bytes that a day of a row touches.

Of every row the day reads seven float32 columns (two incomes, cushion, poverty line, trait, risk, money lived on)
and reads and writes three more (buffer, hardship, anger): 7 x 4 + 3 x 8 = 52 bytes. Not counted are the word of luck
of a row, which need not leave the cache; the 11 bytes in which the kernel looks for rows that may have a journey
(members away and at home, way found, place and access; a slower kernel could ask only rows with a low word); and the
rows with a journey or a payday, about one in fifty, although memory moves them by lines of 64 bytes: some 10 bytes a
row. So the bound is stricter, by some two fifths, than what is moved.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import njit

READ, CHANGED = 7, 3
BYTES = 4 * READ + 8 * CHANGED


def _stream(a, b, c, d, e, f, g, x, y, z):  # type: ignore[no-untyped-def]
    """Read seven columns and change three, with an addition or two for each: nothing to wait for but memory."""
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
