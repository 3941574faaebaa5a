"""Luck as a pure function of its key: Philox4x32-10.

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

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from model.compiled import COMPILED
from model.distributions import inverse_normal, inverse_normals
from model.philox import MULTIPLIERS, ROUNDS, WEYL, WORD, philox, unit, units

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
    "officials": 56,
    "review": 57,
    "bootstrap": 200,
}


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
        return _uniform(self.key, decision, tick, agent, item)

    def uniforms(self, decision: int, tick: int, agent: int, n: int) -> npt.NDArray[np.float64]:
        """Uniforms of the items 0..n-1, shape (n,): equal to n single draws."""
        return self.table(decision, [tick], agent, n).reshape(n)

    def items(self, decision: int, tick: int, agent: int, items: Sequence[int]) -> npt.NDArray[np.float64]:
        """Uniforms of some items, shape (items,): equal to the single draws."""
        item = np.asarray(items, dtype=np.uint64)
        pairs = units(item >> np.uint64(1), _whole(tick), _whole(agent), decision, self.key)
        drawn: npt.NDArray[np.float64] = pairs.reshape(-1, 2)[np.arange(item.size), item & np.uint64(1)]
        return drawn

    def path(self, decision: int, ticks: range, agent: int, items: Sequence[int]) -> npt.NDArray[np.float64]:
        """Standard normal deviates of some items along ticks, shape (ticks, items), read-only.

        Kept for a while: every scenario of a replicate asks for the same.
        """
        return _path(self, decision, ticks, agent, tuple(items))

    def table(
        self, decision: int, ticks: Sequence[int] | npt.NDArray[Any], agent: int, n: int
    ) -> npt.NDArray[np.float64]:
        """Uniforms of many ticks at once, shape (ticks, n): equal to the single draws."""
        return self._groups(decision, ticks, agent, range((n + 1) // 2))[:, :n]

    def _groups(
        self, decision: int, ticks: Sequence[int] | npt.NDArray[Any], agent: int, groups: Sequence[int]
    ) -> npt.NDArray[np.float64]:
        """Uniforms of some groups of two items, shape (ticks, 2 * groups)."""
        return units(_whole(groups), _whole(ticks), _whole(agent), decision, self.key)

    def crowd(self, decision: int, tick: int, agents: Sequence[int], n: int) -> npt.NDArray[np.float64]:
        """Uniforms of many agents at once, shape (agents, n): equal to the single draws."""
        return units(_whole(range((n + 1) // 2)), _whole(tick), _whole(agents), decision, self.key)[:, :n]

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


def _whole(numbers: int | Sequence[int] | npt.NDArray[Any]) -> npt.NDArray[np.uint64]:
    if isinstance(numbers, range):  # not number by number
        return np.arange(numbers.start, numbers.stop, numbers.step, dtype=np.uint64)
    return np.ascontiguousarray(numbers, dtype=np.uint64).reshape(-1)


@lru_cache(maxsize=1 << 14)
def _uniform(key: tuple[int, int], decision: int, tick: int, agent: int, item: int) -> float:
    """A single draw; kept, since every scenario of a replicate asks for the same."""
    if COMPILED:
        drawn: float = unit(item, tick, agent, decision, *key)
        return drawn
    words = philox((item >> 1, tick, agent, decision), key)
    high, low = (words[2], words[3]) if item & 1 else (words[0], words[1])
    return ((high >> 6) * 67108864.0 + (low >> 6) + 0.5) * 2.0**-52


@lru_cache(maxsize=64)
def _path(
    luck: Luck, decision: int, ticks: range, agent: int, items: tuple[int, ...]
) -> npt.NDArray[np.float64]:
    groups = sorted({item >> 1 for item in items})
    columns = [2 * groups.index(item >> 1) + (item & 1) for item in items]
    deviates = inverse_normals(luck._groups(decision, ticks, agent, groups)[:, columns])
    deviates.flags.writeable = False
    return deviates


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
