"""The compiled passes and the numpy ones give the same bits: population, state, sums and luck."""

from __future__ import annotations

import hashlib
import json
import math
import multiprocessing
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model import compiled
from model.compiled import COMPILED
from model.randomness import DECISIONS, Luck
from model.scenario import load_scenario
from model.settings import Settings
from model.simulation import EscalationModel
from model.world import household_pass, households
from model.world.household_day import NAMES, Conditions
from model.world.household_exact import exact_sum
from model.world.household_kernel import (
    AT_RISK,
    BOUND,
    CAUGHT,
    CHUNK,
    MEASURES,
    REGIONS,
    REMOVAL,
    REMOVED,
    WORDS,
    _mark,
)
from model.world.household_luck import draw_blocks, draw_words
from model.world.household_strata import exponential, line_up
from model.world.households import Households, split
from tests.test_randomness import KNOWN

ROOT = Path(__file__).parents[2]
pytestmark = [
    pytest.mark.bytes,
    pytest.mark.skipif(not COMPILED, reason="without numba there is one path only"),
]
COLUMNS = (
    "members", "away", "home", "banned", "counted_on", "found", "status", "channel", "unit", "buffer", "savings",
    "held", "hardship", "anger", "lived_on", "phase", "poor_below",
)  # fmt: skip
LEVELS = (
    "operator_open", "card_open", "routes_open", "entry_ban", "raids", "expected_block", "rationing", "violence",
    "legitimacy", "blame_coercer", "police", "internet_on", "unrest",
)  # fmt: skip
INDICES = (
    "rub_per_usd", "tjs_per_usd", "russian_output", "price_index", "food_price_index", "fuel_price_index",
    "work_index", "nonrussian",
)  # fmt: skip


def any_conditions(chance: random.Random) -> Conditions:
    """A day of any kind, the ends of every range among them."""
    levels = {name: chance.choice([0.0, 1.0, chance.random()]) for name in LEVELS}
    indices = {name: chance.choice([1.0, chance.uniform(0.5, 1.8)]) for name in INDICES}
    return Conditions(
        remit_season=chance.uniform(0.5, 1.5),
        departure_season=chance.uniform(0.0, 0.03),
        return_season=chance.uniform(0.0, 0.03),
        informal_capacity_usd=chance.choice([0.0, 2e5, 2e6, 1e9]),
        aid_usd=chance.choice([0.0, chance.uniform(0.0, 1e7)]),
        **levels,
        **indices,
    )


def life(numbers: dict[str, float], rows: int, seed: int, days: int = 30) -> list[str]:
    """Digests of the population as made, of every day's sums and state, and of all that protested."""
    luck = Luck(5, seed)
    lag = (0, 5, 14)[seed % 3]
    changes = {"informal_lag_days": lag, "hardship_gain": 40.0, "protest_threshold": 0.02}
    world = Households(numbers | {f"households.{k}": v for k, v in changes.items()}, luck, rows, 1.1e6)
    chance, crowd, digests = random.Random(seed), 0.0, []
    for day in range(-1, days):
        digest = hashlib.sha256()
        if day >= 0:
            sums = world.step(any_conditions(chance), day)
            crowd += float((sums.protesters_host + sums.protesters_coercer).sum())
            for name in NAMES:
                digest.update(getattr(sums, name).tobytes())
        for name in COLUMNS:
            digest.update(getattr(world.population, name).tobytes())
        digests.append(digest.hexdigest())
    return [*digests, repr(crowd)]


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN)
def test_luck_has_the_published_vectors(counter: Any, key: Any, expected: Any) -> None:
    words = np.empty(4, dtype=np.uint32)
    draw_blocks(words, *counter, *key)
    assert tuple(words.tolist()) == expected


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 7, 1000, 10_007])
def test_luck_is_the_same(rows: int) -> None:
    luck = Luck(2025, 7)
    words = np.empty(rows, dtype=np.uint32)
    for day in (0, 1, 179):
        expected = luck.words(DECISIONS["household_day"], day, rows)
        draw_words(words, 0, day, DECISIONS["household_day"], *luck.key)
        assert words.tobytes() == expected.tobytes()
        first = rows // 2 // 4 * 4
        draw_words(words[first:], first, day, DECISIONS["household_day"], *luck.key)
        assert words.tobytes() == expected.tobytes()


def test_queues_are_a_stable_sort() -> None:
    keys = Luck(1, 1).words(2, 0, 5000) % np.uint32(1000) * np.uint32(4_000_003)
    assert (line_up(keys) == np.argsort(keys, kind="stable")).all()


@given(st.lists(st.floats(-1e30, 1e30), min_size=1, max_size=8))
@example([1.0, 2.0**-53, 2.0**-106, 0.0])
@example([1.0, 2.0**-53, -(2.0**-106), 0.0])
@example([1e16, 1.0, 1e-16, -1e16, 0.0])
def test_exact_sums_are_those_of_the_library(numbers: list[float]) -> None:
    assert exact_sum(np.array(numbers)) == math.fsum(numbers)


@pytest.mark.parametrize(("rows", "parts"), [(100, 3), (CHUNK, 2), (CHUNK + 1, 2), (10 * CHUNK + 3, 4)])
def test_parts_are_whole_chunks_and_all_rows(rows: int, parts: int) -> None:
    pieces = split(rows, parts)
    assert [first for first, _ in pieces] == [0, *(last for _, last in pieces[:-1])]
    assert pieces[-1][1] == rows and len(pieces) == parts
    assert all(first % CHUNK == 0 or first == rows for first, _ in pieces)


@pytest.mark.parametrize("rows", [CHUNK, CHUNK + 1, 3 * CHUNK - 1, 10_007])
def test_chunks_and_threads_leave_every_bit(
    numbers: dict[str, float], rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = life(numbers, rows, 2, 12)
    monkeypatch.setattr(households, "ROWS_FOR_THREADS", 0)
    for threads in (2, 3):
        monkeypatch.setattr(households, "threads", lambda threads=threads: threads)
        assert life(numbers, rows, 2, 12) == alone
    monkeypatch.setattr(households, "COMPILED", False)
    assert life(numbers, rows, 2, 12) == alone


@pytest.mark.parametrize("seed", range(4))
def test_rows_passed_over_have_no_event(numbers: dict[str, float], seed: int) -> None:
    """No word that brings an event goes unmarked, whatever the day."""
    rows, chance = CHUNK, random.Random(seed)
    world = Households(numbers, Luck(5, seed), rows, 1.1e6)
    p, near = world.population, np.empty(rows, dtype=np.uint8)
    for day in range(20):
        world.step(any_conditions(chance), day)
        terms, most = world._terms, world.journeys._parts(np.arange(rows), world._terms).sum(axis=0) * WORDS
        # The last word with an event, where a row has one.
        words = np.minimum(most, WORDS).astype(np.int64) - 1
        _mark(words.clip(0).astype(np.uint32), 0, p.money, p.people, terms, near)
        assert near[words >= 0].all()
        drawn = Luck(6, seed).words(DECISIONS["household_day"], day, rows)
        _mark(drawn, 0, p.money, p.people, terms, near)
        assert (near[drawn < words] == 1).all()


def test_the_highest_word_has_its_event_too_where_one_is_sure(numbers: dict[str, float]) -> None:
    rows = 1000
    world = Households(numbers, Luck(5, 1), rows, 1.1e6)
    world.step(any_conditions(random.Random(1)), 0)
    p, terms = world.population, world._terms
    terms[CAUGHT], terms[REMOVAL : REMOVAL + 4], terms[AT_RISK], terms[BOUND] = 1.0, 1.0, 1.0, WORDS - 1.0
    abroad, near = np.flatnonzero(p.away > 0), np.empty(rows, dtype=np.uint8)
    words, totals = np.full(rows, 2**32 - 1, dtype=np.uint32), np.zeros((MEASURES, REGIONS), dtype=np.int64)
    _mark(words, 0, p.money, p.people, terms, near)
    assert near[abroad].all()
    world.journeys.move(words, terms, totals)  # the twin
    assert totals[REMOVED].sum() == len(abroad) > 0


def test_threads_share_the_rows_of_a_whole_country_and_not_of_a_usual_run(
    numbers: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 10_000 < households.ROWS_FOR_THREADS < numbers["households.count"]
    monkeypatch.setattr(households, "ROWS_FOR_THREADS", 1000)
    monkeypatch.setattr(households, "threads", lambda: 2)
    assert [Households(numbers, Luck(5, 1), rows, 1.1e6).threads for rows in (999, 1000)] == [1, 2]


def test_a_worker_of_a_batch_has_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_NUM_THREADS", "1")
    assert compiled.threads() == 1
    monkeypatch.setenv("NUMBA_NUM_THREADS", "4096")
    assert compiled.threads() <= (os.cpu_count() or 1)


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("rows", [1000, 10_007])
def test_days_of_any_kind_are_the_same(
    numbers: dict[str, float], rows: int, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled = life(numbers, rows, seed)
    monkeypatch.setattr(households, "COMPILED", False)
    assert life(numbers, rows, seed) == compiled
    assert compiled[-1] != "0.0"  # some days had protests


def test_the_kernel_is_plain_python_too(numbers: dict[str, float]) -> None:
    code = (
        "import json, sys; from tests.world.test_household_kernel import life\n"
        "print('\\n'.join(life(json.load(sys.stdin), 120, 1, 6)))"
    )
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, env=environment, text=True, check=True,
        input=json.dumps(numbers), capture_output=True,
    )  # fmt: skip
    assert done.stdout.split() == life(numbers, 120, 1, 6)


@pytest.mark.parametrize(
    "trouble", [RuntimeError("no locator available"), PermissionError("read-only")], ids=str
)
def test_it_compiles_where_the_result_cannot_be_kept(
    monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    def no_place(*_: Any) -> None:
        raise trouble

    def twice(x: int) -> int:
        return 2 * x

    monkeypatch.setattr(compiled, "Kept", no_place)
    machine = compiled.compiled("i8", returns="i8")(twice)
    assert machine is not twice
    assert machine(21) == 42


def luck_of_a_worker() -> tuple[bytes, int]:
    words = np.empty(9, dtype=np.uint32)
    draw_words(words, 0, 3, 2, *Luck(5, 1).key)
    return words.tobytes(), len(household_pass.day.signatures)


@pytest.mark.skipif("forkserver" not in multiprocessing.get_all_start_methods(), reason="no forkserver here")
def test_workers_find_it_compiled() -> None:
    code = (
        "import multiprocessing\n"
        "from tests.world.test_household_kernel import luck_of_a_worker\n"
        "if __name__ == '__main__':\n"
        "    context = multiprocessing.get_context('forkserver')\n"
        "    context.set_forkserver_preload(['model.simulation'])\n"
        "    with context.Pool(1) as pool:\n"
        "        words, signatures = pool.apply(luck_of_a_worker)\n"
        "    print(words.hex(), signatures)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)},
        text=True, check=True, capture_output=True,
    )  # fmt: skip
    assert done.stdout.split() == [Luck(5, 1).words(2, 3, 9).tobytes().hex(), "1"]


@pytest.mark.parametrize("scenario", ["story_as_told", "pressure_100", "no_arrest"])
@pytest.mark.parametrize("rows", [1000, 3001])
def test_state_and_sums_are_the_same(scenario: str, rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def model() -> EscalationModel:
        settings = Settings(days=40, households=rows, parameters="prior")
        return EscalationModel(load_scenario(scenario), replicate=2, settings=settings).run()

    compiled = model()
    monkeypatch.setattr(households, "COMPILED", False)
    plain = model()
    assert compiled.households.kernel.compiled
    assert not plain.households.kernel.compiled
    one, other = compiled.households.kernel.population, plain.households.kernel.population
    for column in COLUMNS:
        assert getattr(one, column).tobytes() == getattr(other, column).tobytes(), column
    ours, theirs = compiled.result().series, plain.result().series
    for name in ours:
        assert ours[name].tobytes() == theirs[name].tobytes(), name


def test_polynomial_exponential_is_one():
    x = np.linspace(-20, 20, 4001, dtype=np.float32)
    assert np.abs(exponential(x) / np.exp(x.astype(np.float64)) - 1.0).max() < 3e-7
