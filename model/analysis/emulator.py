"""An emulator: a smooth picture of a loss over the numbers on which it depends.

The loss of one parameter set rests on a few replays and is mostly luck. What can be learnt from a table of many
sets is how the loss depends on each number (Craig and others 1997 use emulators for history matching in the same
way). Here it is a sum over the numbers of a straight line and a parabola of the number's position in its prior
(Legendre polynomials, orthonormal under the prior), fitted by ridge regression whose strength is chosen by the
leave-one-out error (PRESS; Allen 1974). Interactions of numbers are not in it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

#: strengths of the ridge to choose from, in sets; at the last nothing but the mean is left
STRENGTHS = (*(10.0**power for power in np.arange(0.0, 6.1, 0.5).tolist()), math.inf)
#: a set that alone decides its own fit says nothing
LEAST_FREEDOM = 1e-6


def basis(positions: Floats) -> Floats:
    """Line and parabola of each number: positions (sets, numbers) in 0-1 to features (sets, 2 x numbers)."""
    x = 2.0 * np.asarray(positions, dtype=np.float64) - 1.0
    return np.hstack([math.sqrt(3.0) * x, math.sqrt(5.0) * (1.5 * x * x - 0.5)])


@dataclass(frozen=True)
class Emulator:
    """A fitted emulator.

    explained: share of the variance of the losses that the *other* sets foretell; 0 or less where the table shows
    nothing but luck. strength: the one chosen.
    """

    mean: float
    slopes: Floats
    explained: float
    strength: float

    def __call__(self, positions: Floats) -> Floats:
        """Expected loss (sets,) at positions (sets, numbers)."""
        found: Floats = self.mean + basis(positions) @ self.slopes
        return found


class Table:
    """The positions of the sets of a table, decomposed once for any number of fits."""

    def __init__(self, positions: Floats) -> None:
        self._left, self._size, self._right = np.linalg.svd(basis(positions), full_matrices=False)

    def fit(self, losses: Floats) -> Emulator:
        """Emulator of losses (sets,)."""
        mean = float(np.mean(losses))
        centred = np.asarray(losses, dtype=np.float64) - mean
        shares = self._left.T @ centred
        best: tuple[float, float, Floats] | None = None
        for strength in STRENGTHS:
            kept = self._size**2 / (self._size**2 + strength)
            freedom = 1.0 - (self._left**2) @ kept - 1.0 / len(centred)
            wrong = (centred - self._left @ (kept * shares)) / np.maximum(freedom, LEAST_FREEDOM)
            error = float(np.mean(wrong**2))
            if best is None or error < best[0]:
                best = error, strength, kept
        assert best is not None
        error, strength, kept = best
        variance = float(np.mean(centred**2))
        return Emulator(
            mean=mean,
            slopes=self._right.T @ (kept / self._size * shares),
            explained=1.0 - error / variance if variance > 0.0 else 0.0,
            strength=strength,
        )
