"""Competing hazards over a planning horizon, in closed form.

An unresolved crisis may end in several ways, each with a rate per day. What an actor needs to know
is how much of its horizon, weighted by impatience, it will spend in which state. With constant
rates the answer is exact and cheap, so that a whole menu is projected in a few array operations
(competing risks with exponential waiting times; Kalbfleisch and Prentice 2002, chapter 8).

No transcendental function of numpy is used on float64: their last bit depends on the processor, and
the same seed has to give the same bytes everywhere.
"""

import math

import numpy as np

from model.compiled import COMPILED, compiled, compiled_within

_LOG2_E = 1.4426950408889634
_LN2_HIGH = 0.6931471803691238  # ln 2 in two parts (Cody and Waite 1980), so that the reduction is exact
_LN2_LOW = 1.9082149292705877e-10
_TAYLOR = tuple(1.0 / math.factorial(n) for n in range(10, -1, -1))


@compiled("f8", returns="f8")
def exp_of_one(x):  # type: ignore[no-untyped-def]
    """`exp` of one number, for compiled functions."""
    v = min(max(x, -700.0), 700.0)
    n = math.floor(v * _LOG2_E + 0.5)
    r = v - n * _LN2_HIGH - n * _LN2_LOW
    p = r * _TAYLOR[0] + _TAYLOR[1]
    for k in range(2, 11):
        p = p * r + _TAYLOR[k]
    return math.ldexp(p, int(n))


@compiled("f8[::1]", "f8[::1]")
def _exponentials(x, out):  # type: ignore[no-untyped-def]
    """`plain_exp` number by number."""
    for i in range(x.size):
        out[i] = exp_of_one(x[i])


def exp(x: np.ndarray) -> np.ndarray:
    """Exponential of an array by range reduction and a Taylor polynomial, relative error below 1e-12.

    Only additions, multiplications and powers of two, which IEEE 754 defines to the last bit.
    Arguments are clipped to [-700, 700].
    """
    if not COMPILED:
        return plain_exp(x)
    x = np.asarray(x, dtype=np.float64, order="C")
    out = np.empty(x.shape)
    _exponentials(x.reshape(-1), out.reshape(-1))
    return out


def plain_exp(x: np.ndarray) -> np.ndarray:
    """`exp` where numba is missing, to the same bits."""
    x = np.minimum(np.maximum(x, -700.0), 700.0)
    n = np.floor(x * _LOG2_E + 0.5)
    r = x - n * _LN2_HIGH - n * _LN2_LOW
    p = r * _TAYLOR[0] + _TAYLOR[1]
    for c in _TAYLOR[2:]:
        p *= r
        p += c
    return np.ldexp(p, n.astype(np.int32))


def log(x: np.ndarray) -> np.ndarray:
    """Natural logarithm of a small positive array, element by element through `math.log`."""
    x = np.asarray(x, dtype=np.float64)
    return np.array([math.log(v) for v in x.ravel().tolist()]).reshape(x.shape)


def logistic(x: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-x)) of an array."""
    return 1.0 / (1.0 + exp(-x))


@compiled("f8", returns="f8")
def logistic_of_one(x):  # type: ignore[no-untyped-def]
    """`logistic` of one number."""
    return 1.0 / (1.0 + exp_of_one(-x))


@compiled_within
def share_before_one(hazard, days, rate, whole):  # type: ignore[no-untyped-def]
    """`Horizon.share_before` of one rate; `whole` is what the horizon is worth at its `rate` of impatience."""
    total = hazard + rate
    return rate / total * (1.0 - exp_of_one(-total * days)) / whole


@compiled_within
def share_after_one(hazard, rival, days, rate, whole):  # type: ignore[no-untyped-def]
    """`Horizon.share_after` of one pair of rates."""
    both = hazard + rival
    return hazard / max(both, 1e-12) * (1.0 - share_before_one(both, days, rate, whole))


@compiled_within
def probability_of_first(hazard, rival, days):  # type: ignore[no-untyped-def]
    """Probability that the event of rate `hazard` comes before that of rate `rival` and within `days`."""
    both = hazard + rival
    return hazard / max(both, 1e-12) * (1.0 - exp_of_one(-both * days))


class Horizon:
    """A planning horizon of `days` with an `impatience` (rate per day of discounting).

    All shares returned are of the discounted horizon, in 0-1; `whole` is its worth against one without end.
    """

    def __init__(self, days: float, impatience: float) -> None:
        self.days = days
        self.rate = impatience
        self.whole = 1.0 - math.exp(-impatience * days)

    def share_left(self, days: float) -> float:
        """Share that is left once `days` have passed for sure."""
        whole = self.whole
        return max(0.0, (math.exp(-self.rate * days) - 1.0 + whole) / whole)

    def share_before(self, hazard: np.ndarray) -> np.ndarray:
        """Share of the horizon spent before an event of rate `hazard` per day."""
        total = hazard + self.rate
        return self.rate / total * (1.0 - exp(-total * self.days)) / self.whole

    def share_after(self, hazard: np.ndarray, rival: np.ndarray) -> np.ndarray:
        """Share spent after the event of rate `hazard`, where an event of rate `rival` shuts it out."""
        both = hazard + rival
        return hazard / np.maximum(both, 1e-12) * (1.0 - self.share_before(both))
