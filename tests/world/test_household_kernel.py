"""The compiled passes and the numpy ones give the same bits: state, sums and luck."""

import numpy as np
import pytest

from model.randomness import DECISIONS, Luck
from model.scenario import load_scenario
from model.simulation import EscalationModel, Settings
from model.world import household_kernel, households

pytestmark = [
    pytest.mark.bytes,
    pytest.mark.skipif(not household_kernel.COMPILED, reason="numba is not installed: there is one path only"),
]
COLUMNS = ("buffer", "hardship", "anger", "away", "home", "banned", "held", "savings", "lived_on", "found")


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 7, 1000, 10_007])
def test_luck_is_the_same(rows: int) -> None:
    luck = Luck(2025, 7)
    words = np.empty(rows, dtype=np.uint32)
    for day in (0, 1, 179):
        household_kernel.draw_words(words, day, 0, DECISIONS["household_day"], *luck.key)
        assert words.tobytes() == luck.words(DECISIONS["household_day"], day, rows).tobytes()


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
