"""An emulator: a smooth picture of a loss over the numbers on which it depends.

The loss of one parameter set rests on a few replays and is mostly luck. What can be learnt from a table of many
sets is how the loss depends on each number (Craig and others 1997 use emulators for history matching in the same
way). Here it is a sum over the numbers of a straight line and a parabola of the number's position in its prior
(Legendre polynomials, orthonormal under the prior), fitted by ridge regression whose strength is chosen by the
leave-one-out error (PRESS; Allen 1974). Interactions of numbers are not in it.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

#: strengths of the ridge to choose from, in sets
STRENGTHS = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)
#: a residual of a set that alone decides its own fit says nothing
LEAST_FREEDOM = 1e-6


def basis(positions: Floats) -> Floats:
    """Line and parabola of each number: positions (sets, numbers) in 0-1 to features (sets, 2 x numbers)."""
    x = 2.0 * np.asarray(positions, dtype=np.float64) - 1.0
    return np.hstack([math.sqrt(3.0) * x, math.sqrt(5.0) * (1.5 * x * x - 0.5)])


class Emulator:
    """Ridge regression of losses (sets,) on positions (sets, numbers).

    strength: the one chosen. explained: share of the variance of the losses that it foretells for sets it has
    not seen (leave-one-out), at most 1; near 0 where the table shows nothing but luck.
    """

    def __init__(self, positions: Floats, losses: Floats) -> None:
        features, y = basis(positions), np.asarray(losses, dtype=np.float64)
        self._mean = float(y.mean())
        centred = y - self._mean
        left, size, right = np.linalg.svd(features, full_matrices=False)
        shares = left.T @ centred
        errors = {}
        for strength in STRENGTHS:
            kept = size**2 / (size**2 + strength)
            residual = centred - left @ (kept * shares)
            freedom = 1.0 - (left**2) @ kept - 1.0 / len(y)
            errors[strength] = float(np.mean((residual / np.maximum(freedom, LEAST_FREEDOM)) ** 2))
        self.strength = min(errors, key=lambda strength: errors[strength])
        variance = float(np.mean(centred**2))
        self.explained = 1.0 - errors[self.strength] / variance if variance > 0.0 else 0.0
        self._slopes = right.T @ (size / (size**2 + self.strength) * shares)

    def __call__(self, positions: Floats) -> Floats:
        """Expected loss (sets,) at positions (sets, numbers)."""
        found: Floats = self._mean + basis(positions) @ self._slopes
        return found
