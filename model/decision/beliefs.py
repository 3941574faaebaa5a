"""Beliefs: about the other side's resolve, about force, about help.

Resolve is believed in as a distribution over seven types, multiples of the nominal stake, updated by
Bayes' rule from what the other side is seen to do: `b'(theta) ~ b(theta) P(act | theta)^kappa`, with
P from the same rule of choice at that type. A costly act informs more than a cheap one because weak
types rarely take it (Fearon 1997); `kappa` below one is conservatism (Edwards 1968), zero no learning.
"""

import math

import numpy as np

STEPS = np.array([-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5])


class Resolve:
    """Belief in the other side's resolve: `types` (7,) multiples of its nominal stake, `weights` (7,).

    mean: expected multiple of the nominal stake.
    """

    def __init__(self, spread: float, bias: float) -> None:
        self.types = np.array([math.exp(spread * s) for s in STEPS.tolist()])
        weights = np.array([math.exp(-0.5 * (s - bias) ** 2) for s in STEPS.tolist()])
        self._weigh(weights)

    def _weigh(self, weights: np.ndarray) -> None:
        self.weights = weights / np.add.reduce(weights)
        self.mean = float(np.add.reduce(self.types * self.weights))

    def observe(self, likelihood: np.ndarray, kappa: float) -> None:
        """Update by the probability of the observed act at each type (7,), tempered by `kappa`."""
        floor = 1e-6  # no type is ever ruled out: the rule of choice itself may be wrong
        raised = np.array([math.exp(kappa * math.log(max(p, floor))) for p in likelihood.tolist()])
        self._weigh(self.weights * raised)


class Chance:
    """Belief in a probability, as a Beta distribution: prior `mean` worth `evidence` observations."""

    def __init__(self, mean: float, evidence: float) -> None:
        self.yes = mean * evidence
        self.no = (1.0 - mean) * evidence

    @property
    def mean(self) -> float:
        """Expected probability."""
        return self.yes / (self.yes + self.no)

    def observe(self, outcome: float, weight: float = 1.0) -> None:
        """Count an observation between 0 (it failed) and 1 (it held), worth `weight` observations."""
        self.yes += weight * outcome
        self.no += weight * (1.0 - outcome)


def biased(probability: float, bias: float) -> float:
    """A probability seen through an optimism `bias` on the log-odds scale."""
    if probability <= 0.0:
        return 0.0
    p = min(max(probability, 1e-9), 1.0 - 1e-9)
    odds = p / (1.0 - p) * math.exp(bias)
    return odds / (1.0 + odds)
