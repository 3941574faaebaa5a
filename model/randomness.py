"""Luck as a pure function of its key: Philox4x32-10 and the quantile functions that turn it into numbers.

Rule: Salmon, Moraes, Dror and Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3". Nothing here
has a state, so nothing has to be reset, restored or kept in step: replicate k of every scenario meets the
same luck, whatever the other draws were.

The packing, written down because every result depends on it:

    key     = (seed folded to 32 bits by exclusive or of its 32-bit limbs, replicate)
    counter = (group, tick, agent, decision)

A uniform takes two of the four words of a block, so item i is half i % 2 of group i // 2. A row of `words`
takes one, so row r is word r % 4 of group r // 4, with agent 0. A decision is used either with `words` or
with the other draws, never with both. Decision codes are in `DECISIONS`; a code is never used again.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, overload

import numpy as np
import numpy.typing as npt

WORD = 0xFFFFFFFF
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
WEYL = (0x9E3779B9, 0xBB67AE85)
ROUNDS = 10

#: Name of a decision -> its code in the counter. Append; never change or reuse a code.
DECISIONS: dict[str, int] = {
    "parameter": 1,
    "household_day": 2,
    "household_migrants": 3,
    "household_spread": 4,
    "household_away": 5,
    "household_status": 6,
    "household_channel": 7,
    "household_provider": 8,
    "household_access": 9,
    "household_wage": 10,
    "household_habit": 11,
    "household_income": 12,
    "household_other": 13,
    "household_buffer": 14,
    "household_saver": 15,
    "household_trait": 16,
    "household_risk": 17,
    "household_cushion": 18,
    "rouble": 20,
    "russian_output": 21,
    "mood": 40,
    "deliberation": 41,
    "lead_time": 42,
    "resolve": 43,
    "norm_bloc": 44,
    "alliance": 45,
    "court": 46,
    "onlookers": 47,
    "government_falls": 48,
    "talks": 49,
    "agencies": 50,
    "visit": 51,
    "factions": 52,
    "elites": 53,
    "neighbours": 54,
    "summit": 55,
    "bootstrap": 200,
}

Words = npt.NDArray[np.uint64]
Quad = tuple[int, int, int, int]


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


def fold(seed: int) -> int:
    """The seed as 32 bits: exclusive or of its limbs. Raises ValueError for a negative seed."""
    if seed < 0:
        raise ValueError(f"a seed is a whole number from 0 on, not {seed}")
    folded = 0
    while seed:
        folded ^= seed & WORD
        seed >>= 32
    return folded


class Luck:
    """All the luck of one replicate under one seed; plain and picklable, with no state that matters.

    Raises ValueError for a negative seed, or a replicate that does not fit 32 bits.
    """

    def __init__(self, seed: int, replicate: int) -> None:
        if not 0 <= replicate <= WORD:
            raise ValueError(f"a replicate is a whole number from 0 to {WORD}, not {replicate}")
        self.seed = int(seed)
        self.replicate = int(replicate)
        self.key = (fold(self.seed), self.replicate)
        self._scratch: _Rows | None = None

    def __reduce__(self) -> tuple[type[Luck], tuple[int, int]]:
        """Pickle the key alone: scratch arrays stay at home."""
        return Luck, (self.seed, self.replicate)

    def __eq__(self, other: object) -> bool:
        """Equal when seed and replicate are."""
        return isinstance(other, Luck) and (self.seed, self.replicate) == (other.seed, other.replicate)

    def __hash__(self) -> int:
        """Hash of seed and replicate; no draw depends on it."""
        return hash((self.seed, self.replicate))

    def uniform(self, decision: int, tick: int, agent: int, item: int) -> float:
        """One uniform in the open interval (0, 1): an odd multiple of 2**-53."""
        words = philox((item >> 1, tick, agent, decision), self.key)
        high, low = (words[2], words[3]) if item & 1 else (words[0], words[1])
        return ((high >> 6) * 67108864.0 + (low >> 6) + 0.5) * 2.0**-52

    def uniforms(self, decision: int, tick: int, agent: int, n: int) -> npt.NDArray[np.float64]:
        """Uniforms of the items 0..n-1, shape (n,): equal to n single draws."""
        return self.table(decision, [tick], agent, n).reshape(n)

    def table(
        self, decision: int, ticks: Sequence[int] | npt.NDArray[Any], agent: int, n: int
    ) -> npt.NDArray[np.float64]:
        """Uniforms of many ticks at once, shape (ticks, n): equal to the single draws."""
        when = np.asarray(ticks, dtype=np.uint64).reshape(-1, 1)
        groups = np.arange((n + 1) // 2, dtype=np.uint64).reshape(1, -1)
        words = philox((groups, when, agent, decision), self.key)
        out = np.empty((when.shape[0], groups.shape[1], 2))
        six = np.uint64(6)
        for half in (0, 1):
            high = (words[2 * half] >> six).astype(np.float64)
            low = (words[2 * half + 1] >> six).astype(np.float64)
            out[:, :, half] = (high * 67108864.0 + low + 0.5) * 2.0**-52
        flat: npt.NDArray[np.float64] = out.reshape(when.shape[0], -1)[:, :n]
        return flat

    def words(self, decision: int, tick: int, n: int) -> npt.NDArray[np.uint32]:
        """One 32-bit word a row, shape (n,): four rows a call, so that more rows extend fewer.

        The array is fresh; the scratch behind it is kept by this object for the next call of the same n.
        """
        if self._scratch is None or self._scratch.rows != n:
            self._scratch = _Rows(n)
        return self._scratch.draw((tick, 0, decision), self.key)

    def normal(self, decision: int, tick: int, agent: int, item: int) -> float:
        """One standard normal deviate by inversion of the uniform of the same key."""
        return inverse_normal(self.uniform(decision, tick, agent, item))

    def normals(self, decision: int, tick: int, agent: int, n: int) -> npt.NDArray[np.float64]:
        """Standard normal deviates of the items 0..n-1, shape (n,): equal to n single draws."""
        return inverse_normals(self.uniforms(decision, tick, agent, n))


class _Rows:
    """Scratch for `Luck.words`: the four lanes of the counter as four arrays, worked in place."""

    def __init__(self, rows: int) -> None:
        groups = (rows + 3) // 4
        self.rows = rows
        product = np.arange(groups, dtype=np.uint64) * np.uint64(MULTIPLIERS[0])
        # Of the first round only the product of the group number varies by row, and that never changes.
        self.first_high = product >> np.uint64(32)
        self.first_low = product & np.uint64(WORD)
        self.lanes = tuple(np.empty(groups, dtype=np.uint64) for _ in range(6))

    def draw(self, rest: tuple[int, int, int], key: tuple[int, int]) -> npt.NDArray[np.uint32]:
        """One word a row for the counters (0..groups-1, *rest)."""
        c0, c1, c2, c3, high0, high1 = self.lanes
        mask, shift = np.uint64(WORD), np.uint64(32)
        m0, m1 = np.uint64(MULTIPLIERS[0]), np.uint64(MULTIPLIERS[1])
        constant = rest[1] * MULTIPLIERS[1]
        np.bitwise_xor(self.first_high, np.uint64(rest[2] ^ key[1]), out=c2)
        c3[:] = self.first_low
        c0.fill((constant >> 32) ^ rest[0] ^ key[0])
        c1.fill(constant & WORD)
        k0, k1 = key
        for _ in range(ROUNDS - 1):
            k0 = (k0 + WEYL[0]) & WORD
            k1 = (k1 + WEYL[1]) & WORD
            np.bitwise_xor(c1, np.uint64(k0), out=c1)
            np.bitwise_xor(c3, np.uint64(k1), out=c3)
            np.multiply(c0, m0, out=c0)
            np.multiply(c2, m1, out=c2)
            np.right_shift(c0, shift, out=high0)
            np.right_shift(c2, shift, out=high1)
            np.bitwise_xor(high0, c3, out=high0)
            np.bitwise_xor(high1, c1, out=high1)
            np.bitwise_and(c0, mask, out=c0)
            np.bitwise_and(c2, mask, out=c2)
            c0, c1, c2, c3, high0, high1 = high1, c2, high0, c0, c1, c3
        out = np.empty((c0.size, 4), dtype=np.uint32)
        out[:, 0], out[:, 1], out[:, 2], out[:, 3] = c0, c1, c2, c3
        return out.reshape(-1)[: self.rows]


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
    q = flat - 0.5
    out = q * _ratio(_CENTRE, 0.180625 - q * q)
    tails = np.flatnonzero(np.abs(q) > 0.425)
    beyond = flat[tails]
    logs = [math.log(value) for value in np.where(q[tails] < 0.0, beyond, 1.0 - beyond).tolist()]
    r = np.sqrt(-np.array(logs))
    size = np.where(r <= 5.0, _ratio(_MIDDLE, r - 1.6), _ratio(_TAIL, r - 5.0))
    out[tails] = np.where(q[tails] < 0.0, -size, size)
    return out.reshape(u.shape)


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
