"""Luck: the published vectors, one number by every path, and distributions that are what they say."""

from __future__ import annotations

import math
import pickle
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import distributions, randomness
from model import philox as philox_
from model.distributions import inverse_normal, inverse_normals, quantile
from model.randomness import DECISIONS, WORD, Luck, fold, philox

KNOWN = [  # Random123, kat_vectors, philox4x32 with ten rounds
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((WORD,) * 4, (WORD, WORD), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
word = st.integers(0, WORD)


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN)
def test_philox_gives_the_published_vectors(counter, key, expected):
    assert philox(counter, key) == expected
    arrays = philox(tuple(np.array([part], dtype=np.uint64) for part in counter), key)
    assert tuple(int(part[0]) for part in arrays) == expected


@given(st.tuples(word, word, word, word), st.tuples(word, word))
def test_scalar_and_vector_path_agree(counter, key):
    arrays = philox((np.array([counter[0]], dtype=np.uint64), *counter[1:]), key)
    assert tuple(int(np.ravel(part)[0]) for part in arrays) == philox(counter, key)


def test_one_number_by_every_path():
    luck = Luck(2025, 7)
    single = [luck.uniform(5, 11, 3, item) for item in range(9)]
    assert luck.uniforms(5, 11, 3, 9).tolist() == single
    table = luck.table(5, range(20), 3, 9)
    assert table.shape == (20, 9)
    assert table[11].tolist() == single
    assert luck.normals(5, 11, 3, 9).tolist() == [luck.normal(5, 11, 3, item) for item in range(9)]


@pytest.mark.parametrize("n", [1, 3, 4, 5, 10_000])
def test_rows_take_one_word_each(n):
    luck = Luck(1, 2)
    rows = luck.words(2, 77, n)
    assert rows.dtype == np.uint32 and rows.shape == (n,)
    for row in {0, n // 2, n - 1}:
        assert int(rows[row]) == philox((row // 4, 77, 0, 2), luck.key)[row % 4]


def test_more_rows_extend_fewer_and_no_call_disturbs_another():
    luck = Luck(1, 2)
    short = luck.words(2, 5, 10).copy()
    luck.words(2, 6, 10)
    assert (luck.words(2, 5, 1000)[:10] == short).all()


def test_every_part_of_the_key_matters_and_pickling_keeps_the_luck():
    base = Luck(1, 0).uniform(1, 1, 1, 1)
    others = [Luck(2, 0).uniform(1, 1, 1, 1), Luck(1, 1).uniform(1, 1, 1, 1)]
    others += [Luck(1, 0).uniform(*key) for key in [(2, 1, 1, 1), (1, 2, 1, 1), (1, 1, 2, 1), (1, 1, 1, 2)]]
    assert len({base, *others}) == 7
    luck = Luck(9, 4)
    luck.words(2, 0, 8)
    twin = pickle.loads(pickle.dumps(luck))
    assert twin == luck and twin.uniform(1, 2, 3, 4) == luck.uniform(1, 2, 3, 4)


def test_bad_seeds_and_replicates_are_refused():
    with pytest.raises(ValueError, match="seed"):
        Luck(-1, 0)
    with pytest.raises(ValueError, match="replicate"):
        Luck(1, 2**32)
    assert fold(2**32 + 5) == 4 and fold(0) == 0


def test_codes_of_decisions_are_distinct():
    assert len(set(DECISIONS.values())) == len(DECISIONS)
    assert all(0 < code <= WORD for code in DECISIONS.values())


def test_uniforms_fill_the_open_interval_evenly():
    draws = Luck(3, 3).table(1, range(100), 0, 1000).ravel()
    assert draws.min() > 0.0 and draws.max() < 1.0
    counts = np.histogram(draws, bins=20, range=(0, 1))[0]
    assert float(((counts - 5000) ** 2 / 5000).sum()) < 43.8  # 99.9 % point of chi-square with 19 degrees


@given(st.floats(1e-300, 1 - 1e-16))
def test_normal_quantile_is_that_of_the_standard_library(u):
    assert inverse_normal(u) == pytest.approx(statistics.NormalDist().inv_cdf(u), rel=1e-13, abs=1e-13)


@given(st.floats(1e-12, 1 - 1e-12), st.sampled_from(["uniform", "loguniform", "triangular", "normal"]))
def test_quantiles_stay_in_range_and_rise(u, distribution):
    value = quantile(distribution, u, 3.0, 1.0, 9.0)
    assert 1.0 <= value <= 9.0
    assert quantile(distribution, min(u + 0.01, 1 - 1e-13), 3.0, 1.0, 9.0) >= value


def test_quantiles_at_obvious_points():
    assert quantile("uniform", 0.25, 0.0, 0.0, 8.0) == 2.0
    assert quantile("loguniform", 0.5, 1.0, 1.0, 100.0) == pytest.approx(10.0)
    assert quantile("triangular", 0.25, 4.0, 0.0, 16.0) == pytest.approx(4.0)
    assert quantile("normal", 0.5, 3.0, 1.0, 5.0) == pytest.approx(3.0)
    assert quantile("normal", 0.05, 3.0, 1.0, 5.0) == pytest.approx(1.0)
    picked = [quantile("discrete", u, 0, 0, 9, [0, 5, 9], [1, 2, 1]) for u in (0.2, 0.3, 0.7, 0.8)]
    assert picked == [0, 5, 5, 9]
    assert quantile("uniform", 0.3, 2.0, 2.0, 2.0) == 2.0
    assert math.isclose(quantile("triangular", 0.999999999, 0.0, 0.0, 1.0), 1.0, abs_tol=1e-4)


@pytest.mark.parametrize(
    "bad",
    [
        ("gamma", 0.5, 1.0, 0.0, 2.0),
        ("uniform", 0.5, 1.0, 3.0, 2.0),
        ("loguniform", 0.5, 1.0, 0.0, 2.0),
        ("triangular", 0.5, 5.0, 0.0, 2.0),
        ("discrete", 0.5, 5.0, 0.0, 2.0),
    ],
)
def test_impossible_distributions_are_refused(bad):
    with pytest.raises(ValueError):
        quantile(*bad)


def test_without_numba_the_same_luck(monkeypatch):
    shares = np.array([1e-300, 1e-20, 0.074, 0.076, 0.5, 0.93, 1.0 - 1e-16])

    def drawn():
        luck = Luck(2**40 + 17, 2**32 - 1)
        return (
            inverse_normals(shares).tolist(),
            luck.table(40, range(2**32 - 3, 2**32), 2**31, 7).tolist(),
            luck.crowd(40, 3, [5, 2**32 - 1], 3).tolist(),
            luck.items(40, 3, 7, [4, 1, 2**32 - 1]).tolist(),
            randomness._uniform.__wrapped__(luck.key, 40, 2**32 - 1, 7, 2**32 - 2),
        )

    compiled = drawn()
    for module in (distributions, philox_, randomness):
        monkeypatch.setattr(module, "COMPILED", False)
    assert drawn() == compiled
