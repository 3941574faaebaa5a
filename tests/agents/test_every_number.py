"""Every number that is sampled or chosen moves some output: none is declared and then read by nobody.

A number is set to its low and to its high, all others staying nominal, in one scenario and replicate after
the other until a byte of a series or an outcome differs. What only counts in a situation that the shipped
scenarios seldom reach has a scene of its own, in which it must.
"""

import hashlib
from functools import cache

import pytest

from model.scenario import Scenario, load_scenario
from tests.agents.scenes import NUMBERS, SPECIAL, Scene
from tests.toys import run

pytestmark = pytest.mark.model
SHIPPED = ("story_as_told", "arrest", "no_arrest", "pressure_100", "arrest_surrender", "arrest_hold")
KEYS = [key for key, number in NUMBERS.items() if number.kind != "constant"]
ANYWHERE = tuple(Scene(lambda name=name: load_scenario(name), replicates=6) for name in SHIPPED)


@cache
def made(where: int) -> Scenario:
    return SCENES[where].make()


def digest(where: int, replicate: int, key: str = "", value: float = 0.0) -> bytes:
    """Every series and outcome of a run as a hash, with one number changed or none."""
    play = SCENES[where]
    overrides = play.numbers | ({key: value} if key else {})
    result = run(made(where), play.days, replicate, households=150, overrides=overrides).result()
    parts = hashlib.sha256(repr(sorted(result.scalars.items())).encode())
    for name in sorted(result.series):
        parts.update(name.encode() + result.series[name].tobytes())
    return parts.digest()


SCENES = (*ANYWHERE, *SPECIAL.values())
usual = cache(digest)


@pytest.mark.parametrize("key", KEYS)
def test_a_number_moves_some_output(key: str) -> None:
    number = NUMBERS[key]
    ends = [value for value in (number.low, number.high) if value != number.value]
    assert ends, "a number that cannot differ is a constant"
    places = [SCENES.index(SPECIAL[key])] if key in SPECIAL else range(len(ANYWHERE))
    assert any(
        digest(where, replicate, key, value) != usual(where, replicate)
        for replicate in range(max(SCENES[where].replicates for where in places))
        for where in places
        if replicate < SCENES[where].replicates
        for value in ends
    )
