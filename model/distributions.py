"""Quantile functions: a uniform number turned into a number of a distribution, to the same bits everywhere."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from model.compiled import COMPILED, compiled, compiled_within

# Wichura (1988), algorithm AS 241, PPND16: numerators and denominators, highest power first.
_Table = tuple[tuple[float, ...], tuple[float, ...]]


def _table(above: str, below: str) -> _Table:
    return tuple(map(float, above.split())), tuple(map(float, below.split()))


_CENTRE = _table(
    """
    2.5090809287301226727e3 3.3430575583588128105e4 6.7265770927008700853e4 4.5921953931549871457e4
    1.3731693765509461125e4 1.9715909503065514427e3 1.3314166789178437745e2 3.3871328727963666080e0
    """,
    """
    5.2264952788528545610e3 2.8729085735721942674e4 3.9307895800092710610e4 2.1213794301586595867e4
    5.3941960214247511077e3 6.8718700749205790830e2 4.2313330701600911252e1 1.0
    """,
)
_MIDDLE = _table(
    """
    7.74545014278341407640e-4 2.27238449892691845833e-2 2.41780725177450611770e-1 1.27045825245236838258e0
    3.64784832476320460504e0 5.76949722146069140550e0 4.63033784615654529590e0 1.42343711074968357734e0
    """,
    """
    1.05075007164441684324e-9 5.47593808499534494600e-4 1.51986665636164571966e-2 1.48103976427480074590e-1
    6.89767334985100004550e-1 1.67638483018380384940e0 2.05319162663775882187e0 1.0
    """,
)
_TAIL = _table(
    """
    2.01033439929228813265e-7 2.71155556874348757815e-5 1.24266094738807843860e-3 2.65321895265761230930e-2
    2.96560571828504891230e-1 1.78482653991729133580e0 5.46378491116411436990e0 6.65790464350110377720e0
    """,
    """
    2.04426310338993978564e-15 1.42151175831644588870e-7 1.84631831751005468180e-5 7.86869131145613259100e-4
    1.48753612908506148525e-2 1.36929880922735805310e-1 5.99832206555887937690e-1 1.0
    """,
)


def _ratio(table: _Table, x: Any) -> Any:
    above = below = 0.0
    for a, b in zip(table[0], table[1], strict=True):
        above = above * x + a
        below = below * x + b
    return above / below


def inverse_normal(u: float) -> float:
    """Quantile of the standard normal distribution (Wichura 1988, AS 241); ValueError outside (0, 1)."""
    if not 0.0 < u < 1.0:
        raise ValueError(f"the normal quantile needs a number between 0 and 1, not {u}")
    q = u - 0.5
    if abs(q) <= 0.425:
        return q * _ratio(_CENTRE, 0.180625 - q * q)
    r = math.sqrt(-math.log(u if q < 0.0 else 1.0 - u))
    value = _ratio(_MIDDLE, r - 1.6) if r <= 5.0 else _ratio(_TAIL, r - 5.0)
    return -value if q < 0.0 else value


def inverse_normals(u: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """`inverse_normal` of an array of any shape, to the same bits.

    Logarithms are taken one by one: numpy's may differ in the last bit from one processor to another.
    """
    flat = u.ravel()
    if COMPILED:
        found = np.empty(flat.size)
        _inverse_normals(flat, found)
        return found.reshape(u.shape)
    q = flat - 0.5
    out = q * _ratio(_CENTRE, 0.180625 - q * q)
    tails = np.flatnonzero(np.abs(q) > 0.425)
    beyond = flat[tails]
    logs = [math.log(value) for value in np.where(q[tails] < 0.0, beyond, 1.0 - beyond).tolist()]
    r = np.sqrt(-np.array(logs))
    size = np.where(r <= 5.0, _ratio(_MIDDLE, r - 1.6), _ratio(_TAIL, r - 5.0))
    out[tails] = np.where(q[tails] < 0.0, -size, size)
    return out.reshape(u.shape)


@compiled_within
def _polynomial(powers, x):  # type: ignore[no-untyped-def]
    value = 0.0
    for power in powers:
        value = value * x + power
    return value


@compiled("f8[::1]", "f8[::1]")
def _inverse_normals(u, out):  # type: ignore[no-untyped-def]
    """`inverse_normal` number by number."""
    for i in range(u.size):
        q = u[i] - 0.5
        if abs(q) <= 0.425:
            x = 0.180625 - q * q
            out[i] = q * (_polynomial(_CENTRE[0], x) / _polynomial(_CENTRE[1], x))
            continue
        r = math.sqrt(-math.log(u[i] if q < 0.0 else 1.0 - u[i]))
        if r <= 5.0:
            size = _polynomial(_MIDDLE[0], r - 1.6) / _polynomial(_MIDDLE[1], r - 1.6)
        else:
            size = _polynomial(_TAIL[0], r - 5.0) / _polynomial(_TAIL[1], r - 5.0)
        out[i] = -size if q < 0.0 else size


NORMAL_95 = 1.6448536269514722


def quantile(
    distribution: str,
    u: float,
    value: float,
    low: float,
    high: float,
    values: Sequence[float] | None = None,
    weights: Sequence[float] | None = None,
) -> float:
    """The number at share `u` of a distribution, so that another distribution keeps its luck.

    uniform and loguniform on [low, high]; triangular with mode `value`; normal with mean `value` whose 5 %
    and 95 % points are about low and high, clipped there; discrete over `values` with `weights`.
    Raises ValueError for an unknown distribution, a wrong order of its numbers, or missing weights.
    """
    if distribution == "discrete":
        paired = values and weights and len(values) == len(weights)
        if not paired or not values or not weights or min(weights) < 0.0 or sum(weights) <= 0.0:
            raise ValueError("a discrete distribution needs values and as many weights, none below 0")
        left = u * math.fsum(weights)
        for candidate, weight in zip(values, weights, strict=True):
            left -= weight
            if left < 0.0:
                return float(candidate)
        return float(values[-1])
    if not low <= high:
        raise ValueError(f"low {low} is above high {high}")
    if low == high:
        return low
    if distribution == "uniform":
        return min(max(low + (high - low) * u, low), high)
    if distribution == "loguniform":
        if low <= 0.0:
            raise ValueError(f"loguniform needs a low above 0, not {low}")
        return min(max(low * math.exp(u * math.log(high / low)), low), high)
    if not low <= value <= high:
        raise ValueError(f"value {value} is outside {low} to {high}")
    if distribution == "triangular":
        split = (value - low) / (high - low)
        if u < split:
            return low + math.sqrt(u * (high - low) * (value - low))
        return high - math.sqrt((1.0 - u) * (high - low) * (high - value))
    if distribution == "normal":
        spread = (high - low) / (2.0 * NORMAL_95)
        return min(max(value + spread * inverse_normal(u), low), high)
    raise ValueError(f"unknown distribution {distribution!r}")
