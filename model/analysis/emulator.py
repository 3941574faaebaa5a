"""An emulator: a smooth picture of what replays say over the numbers on which it depends.

What one parameter set's replays say rests on one or two histories and is mostly luck. What can be learnt from a
table of many sets is how it depends on each number. As in history matching by emulators (Craig and others 1997),
but the outputs are whole distributions, many at once on one basis (Higdon and others 2008; Salter and Williamson
2019, who warn of a basis chosen by the outputs' variance alone, which is luck here too: so none is, and what is
shared is which numbers matter).

Each output is a sum over the numbers of a straight line and a parabola of the number's position in its prior
(Legendre polynomials, orthonormal under the prior). Few of many numbers matter, and for all outputs of a kind the
same ones: so a term is kept if all outputs together depend on it by more than chance allows (screening; Fan and Lv
2008), and the kept are weighed by how much more (a group lasso in one step; Yuan and Lin 2006). Then ridge
regression, one strength for all outputs, chosen by the leave-one-out error (PRESS; Allen 1974). What the emulator
foretells is measured on sets that neither screening nor fit have seen; where that may be luck it is the mean.
Interactions of numbers are not in it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import chdtri

Floats = npt.NDArray[np.float64]

#: strengths of the ridge to choose from, in sets
STRENGTHS = tuple(10.0**power for power in np.arange(0.0, 6.1, 0.5).tolist())
#: a set that alone decides its own fit says nothing, nor does a feature that hardly varies
LEAST_FREEDOM = 1e-6
#: terms that pass the screening by chance if the outputs depend on none
FALSE_TERMS = 0.05
#: parts of the table of which each is foretold from the others
PARTS = 10
#: standard errors by which that must be better than the mean
SURE = 2.0


def basis(positions: Floats) -> Floats:
    """Line and parabola of each number: positions (sets, numbers) in 0-1 to features (sets, 2 x numbers)."""
    x = 2.0 * np.asarray(positions, dtype=np.float64) - 1.0
    return np.hstack([math.sqrt(3.0) * x, math.sqrt(5.0) * (1.5 * x * x - 0.5)])


@dataclass(frozen=True)
class Emulator:
    """A fitted emulator.

    mean (outputs,), terms (kept features,), slopes (kept features, outputs). variance, wrong (outputs,): that of the
    outputs, and the mean squared error of what sets foretell that they have not seen.
    """

    mean: Floats
    terms: npt.NDArray[np.intp]
    slopes: Floats
    variance: Floats
    wrong: Floats

    def __call__(self, positions: Floats) -> Floats:
        """Expected outputs (sets, outputs) at positions (sets, numbers)."""
        found: Floats = self.mean + basis(positions)[:, self.terms] @ self.slopes
        return found

    @property
    def explained(self) -> float:
        """Share of the variance of all outputs that is foretold of unseen sets; 0 or less: nothing but luck."""
        total = float(np.sum(self.variance))
        return 1.0 - float(np.sum(self.wrong)) / total if total > 0.0 else 0.0


class Table:
    """The positions of the sets of a table, made features once for any number of fits."""

    def __init__(self, positions: Floats) -> None:
        self._features = basis(positions)

    def fit(self, outputs: Floats) -> Emulator:
        """Emulator of outputs (sets, outputs), all of one unit."""
        outputs = np.asarray(outputs, dtype=np.float64)
        part = np.arange(len(outputs)) % PARTS
        by_mean, by_terms = np.zeros_like(outputs), np.zeros_like(outputs)
        for own in range(min(PARTS, len(outputs))):
            known, new = part != own, part == own
            mean, terms, slopes = learnt(self._features[known], outputs[known])
            by_mean[new] = (outputs[new] - outputs[known].mean(axis=0)) ** 2
            by_terms[new] = (outputs[new] - mean - self._features[new][:, terms] @ slopes) ** 2
        mean, terms, slopes = learnt(self._features, outputs)
        better = np.sum(by_mean - by_terms, axis=1)
        if float(np.mean(better)) <= SURE * float(np.std(better)) / math.sqrt(len(better)):
            mean, terms, slopes, by_terms = outputs.mean(axis=0), terms[:0], slopes[:0], by_mean
        return Emulator(mean, terms, slopes, by_mean.mean(axis=0), by_terms.mean(axis=0))


def learnt(features: Floats, outputs: Floats) -> tuple[Floats, npt.NDArray[np.intp], Floats]:
    """Mean, kept terms and slopes of outputs (sets, outputs) over features (sets, features)."""
    mean = outputs.mean(axis=0)
    centred = outputs - mean
    middle = features.mean(axis=0)
    excess = relevance(features - middle, centred)
    terms = np.flatnonzero(excess > 0.0)
    if not len(terms):
        return mean, terms, np.zeros((0, outputs.shape[1]))
    scale = np.sqrt(excess[terms] / np.mean(excess[terms]))
    left, size, right = np.linalg.svd((features[:, terms] - middle[terms]) * scale, full_matrices=False)
    shares = left.T @ centred
    best: tuple[float, Floats] | None = None
    for strength in STRENGTHS:
        kept = size**2 / (size**2 + strength)
        freedom = np.maximum(1.0 - (left**2) @ kept - 1.0 / len(centred), LEAST_FREEDOM)
        wrong = (centred - left @ (kept[:, None] * shares)) / freedom[:, None]
        error = float(np.mean(wrong**2))
        if best is None or error < best[0]:
            best = error, size / (size**2 + strength)
    assert best is not None
    slopes: Floats = scale[:, None] * (right.T @ (best[1][:, None] * shares))
    return mean - middle[terms] @ slopes, terms, slopes


def relevance(features: Floats, outputs: Floats) -> Floats:
    """How much more of the outputs each feature (features,) goes with than chance allows; 0 for what does not.

    Both are centred. A feature that has nothing to do with the outputs goes with a share of them that is about a chi
    square over its degrees of freedom, of which there are the fewer the more alike the outputs are.
    """
    total = float(np.sum(outputs**2))
    if total == 0.0:
        return np.zeros(features.shape[1])
    alike = outputs @ outputs.T if len(outputs) < outputs.shape[1] else outputs.T @ outputs
    freedom = total**2 / float(np.sum(alike**2))
    spread = np.maximum(np.mean(features**2, axis=0), LEAST_FREEDOM)
    alone = np.sum((features.T @ outputs) ** 2, axis=1) / spread / total
    found: Floats = np.maximum(alone - chdtri(freedom, FALSE_TERMS / features.shape[1]) / freedom, 0.0)
    return found
