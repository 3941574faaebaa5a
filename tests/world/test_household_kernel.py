"""The compiled passes and the numpy ones give the same bits: population, state, sums and luck."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model import compiled
from model.compiled import COMPILED
from model.randomness import DECISIONS, Luck
from model.scenario import load_scenario
from model.settings import Settings
from model.simulation import EscalationModel
from model.world import household_kernel, households
from model.world.household_day import Conditions
from model.world.households import Households
from model.world.population import exponential

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
            sums = world.step(any_conditions(chance), world.words(luck, day), day)
            crowd += float((sums.protesters_host + sums.protesters_coercer).sum())
            for name in sums.__slots__:
                digest.update(getattr(sums, name).tobytes())
        for name in COLUMNS:
            digest.update(getattr(world.population, name).tobytes())
        digests.append(digest.hexdigest())
    return [*digests, repr(crowd)]


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 7, 1000, 10_007])
def test_luck_is_the_same(rows: int) -> None:
    luck = Luck(2025, 7)
    words = np.empty(rows, dtype=np.uint32)
    for day in (0, 1, 179):
        household_kernel.draw_words(words, day, 0, DECISIONS["household_day"], *luck.key)
        assert words.tobytes() == luck.words(DECISIONS["household_day"], day, rows).tobytes()


def test_ranks_are_a_stable_sort() -> None:
    keys = Luck(1, 1).words(2, 0, 5000) % np.uint32(1000) * np.uint32(4_000_003)
    place = np.empty(5000, dtype=np.int64)
    household_kernel.rank(keys, place)
    assert (np.argsort(place) == np.argsort(keys, kind="stable")).all()


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


def test_it_compiles_where_the_result_cannot_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[bool] = []

    def njit(types: str, error_model: str, cache: bool = False) -> Any:
        made.append(cache)
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return lambda function: function

    monkeypatch.setattr(compiled, "njit", njit)
    assert compiled.compiled("i8", returns="i8")(abs) is abs
    assert made == [True, False]


def luck_of_a_worker() -> tuple[bytes, int]:
    words = np.empty(9, dtype=np.uint32)
    household_kernel.draw_words(words, 3, 0, 2, *Luck(5, 1).key)
    return words.tobytes(), len(household_kernel.live.signatures)


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
