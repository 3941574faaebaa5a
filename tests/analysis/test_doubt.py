"""Doubts: exchanged situations lose the skill that comes from the situation, and the PIT tells honest spread."""

import pytest

from model.analysis.backtest import mean_skill
from model.analysis.doubt import climate, histogram, placebo
from model.analysis.scores import pit
from tests.analysis.test_backtest import EPISODES, scored, truth

DRAWS = [[0.1, 0.7, 0.3, 0.5], [0.9, 0.2, 0.4, 0.6], [0.3, 0.1, 0.8, 0.2]]
FLAT = {kind: [0.0] * 10 for kind in truth(EPISODES[0])}


def test_exchanged_situations_lose_the_skill_of_those_who_tell_cases_apart() -> None:
    model = {episode.name: truth(episode) for episode in EPISODES}
    found = placebo(scored(truth), model, DRAWS)
    assert len(found) == len(DRAWS)
    assert max(found) < 0.5


def test_a_forecast_that_is_the_same_for_all_loses_nothing_by_the_exchange() -> None:
    lines = scored(lambda episode: FLAT)
    own = placebo(lines, {episode.name: FLAT for episode in EPISODES}, DRAWS)
    assert own == [own[0]] * len(DRAWS)


def test_one_episode_cannot_be_exchanged() -> None:
    one = [line for line in scored(truth) if line.episode == EPISODES[0].name]
    assert placebo(one, {EPISODES[0].name: truth(EPISODES[0])}, DRAWS) == []


@pytest.mark.parametrize(
    ("observed", "watched", "expected"),
    [
        (2.5, 100.0, (0.5, 0.5)),
        (2.0, 100.0, (0.25, 0.5)),
        (float("inf"), 3.5, (0.75, 1.0)),
        (0.5, 9.0, (0.0, 0.0)),
    ],
)
def test_where_an_observation_falls(observed: float, watched: float, expected: tuple[float, float]) -> None:
    assert pit([1.0, 2.0, 3.0, 4.0], observed, watched) == expected


def test_the_histogram_spreads_what_is_not_known_and_adds_to_one() -> None:
    assert histogram([(0.0, 1.0)]) == pytest.approx([0.2] * 5)
    assert histogram([(1.0, 1.0), (0.0, 0.0)]) == [0.5, 0.0, 0.0, 0.0, 0.5]
    assert sum(histogram([(0.1, 0.35), (0.4, 0.4), (0.9, 1.0)])) == pytest.approx(1.0)


def test_the_climate_beats_a_base_rate_that_leaves_the_episode_out() -> None:
    assert mean_skill(climate(scored(truth)), "base_rate") > 0.0
