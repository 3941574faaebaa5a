"""The backtest on forecasts whose skill is obvious."""

from dataclasses import replace

import pytest

from model.analysis.backtest import Line, bootstrap, by_kind, coverage, lines, mean_skill, samples, skill
from model.analysis.replay import HORIZON, NEVER, measured, observed_value
from model.episode import KINDS, load_episode, shipped_episodes
from model.simulation import EscalationModel, Settings

EPISODES = [load_episode(name) for name in ("crimea_2014", "turkey_2015", "tajikistan_2011", "georgia_2006")]


def truth(episode) -> dict[str, list[float]]:
    """Replays that say just what was observed."""
    said: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for kind, finding in episode.observed.items():
        said[kind] = [observed_value(KINDS[kind].scale, finding.value)] * 10
    return said


def wrong(episode) -> dict[str, list[float]]:
    other = {"yes": lambda v: 1.0 - v, "class": lambda v: 3.0 - v, "count": lambda v: 0.0 if v else 1e5,
             "days": lambda v: 0.25 if v > 100 else NEVER}  # fmt: skip
    return {kind: [other[KINDS[kind].scale](v) for v in values] for kind, values in truth(episode).items()}


def scored(model, random=wrong) -> list[Line]:
    return lines(
        EPISODES, {e.name: model(e) for e in EPISODES}, {e.name: random(e) for e in EPISODES}, EPISODES
    )


def test_the_truth_has_full_skill_and_its_contrary_none() -> None:
    right, false = scored(truth), scored(wrong)
    assert all(line.score == 0.0 for line in right)
    for null in ("base_rate", "random", "nothing"):
        assert mean_skill(right, null) == 1.0
    for kind, own in by_kind(false).items():
        assert skill(own, "random") == pytest.approx(0.0), kind
    assert mean_skill(false, "base_rate") < 0.0
    assert coverage(right, 90) == (coverage(right, 50)[1],) * 2
    assert coverage(false, 90)[0] == 0


def test_the_base_rate_does_not_know_the_episode_it_forecasts() -> None:
    alone = [replace(EPISODES[0], observed={"force": EPISODES[0].observed["force"]})]
    (line,) = lines(alone, {alone[0].name: truth(alone[0])}, {alone[0].name: truth(alone[0])}, alone)
    assert (
        line.nulls["base_rate"] == line.nulls["nothing"] == 1.0
    )  # nobody else: the null says that nothing comes


def test_what_no_replay_can_say_is_left_to_the_base_rate() -> None:
    said = {e.name: truth(e) | {"punished": []} for e in EPISODES}
    for line in lines(EPISODES, said, said, EPISODES):
        if line.kind == "punished":
            assert line.n == 0
            assert line.score == line.nulls["base_rate"]


def test_the_bootstrap_holds_the_mean_and_narrows_to_it_without_differences() -> None:
    right = scored(truth)
    low, high = bootstrap(right, "random", [[0.1, 0.4, 0.6, 0.9], [0.0, 0.0, 0.0, 0.0]])
    assert low == high == 1.0


@pytest.mark.model
def test_replays_are_measured_on_the_scales_of_the_observed() -> None:
    episode = load_episode("georgia_2006")
    settings = Settings(days=60, households=200)
    model = EscalationModel(episode.scenario, 1, 0, settings).run()
    told = measured(model.result().scalars)
    assert set(told) == set(KINDS)
    assert told["expelled"] is None  # the episode has no households
    found = samples([model.result().scalars])
    assert found["expelled"] == [] and found["force"] in ([0.0], [1.0])


@pytest.mark.model
@pytest.mark.parametrize("name", shipped_episodes())
def test_every_episode_runs_and_turns_on_its_act(name: str) -> None:
    episode = load_episode(name)
    model = EscalationModel(episode.scenario, 1, 0, Settings(days=20, households=200)).run()
    opening = {"defied", "detained", "hosted", "quiet", "settled"}
    assert model.crisis.stage in opening
    assert model.record.events[0].day == 0.0
    assert len(episode.observed) > 0 and HORIZON == 1100
