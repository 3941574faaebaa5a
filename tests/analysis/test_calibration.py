"""Calibration on a table whose answer is known, and the whole command with real workers."""

import csv
from pathlib import Path

import numpy as np
import pytest

from model.analysis.calibration import (
    DRAWS,
    Calibration,
    Losses,
    calibrate,
    constraint,
    systematic,
    weights,
)
from model.analysis.emulator import Table
from model.commands import start
from model.commands.calibrate import informed, parameter_sets, positions
from model.parameters import behaviour
from tests.analysis.test_backtest import EPISODES, truth, wrong


def table(good: int, bad: int) -> dict[str, list[dict[str, list[float]]]]:
    """Sets that replay history, then sets that replay its contrary."""
    return {e.name: [truth(e)] * good + [wrong(e)] * bad for e in EPISODES}


#: one number, which is low in the sets that replay history and high in the others
PLACES = np.array([[0.1]] * 30 + [[0.9]] * 30)


def weighed(sets: dict[str, list[dict[str, list[float]]]], positions: np.ndarray = PLACES) -> Calibration:
    candidates = np.linspace(0.05, 0.95, 19)[:, None]
    return calibrate(EPISODES, sets, {e.name: wrong(e) for e in EPISODES}, positions, candidates)


def test_weight_goes_to_the_sets_that_replay_history() -> None:
    result = weighed(table(30, 30))
    assert sum(result.weights[:30]) == pytest.approx(1.0)
    assert result.effective == pytest.approx(30.0)
    assert result.explained > 0.99
    assert all(line.score == 0.0 for line in (*result.fitted, *result.left_out))


def test_the_posterior_lies_where_the_losses_are_expected_to_be_low() -> None:
    result = weighed(table(30, 30))
    chosen = {round(0.05 + 0.05 * draw, 2) for draw in result.draws}
    assert max(chosen) <= 0.5  # the half in which history was replayed
    assert result.reach == pytest.approx(len(chosen), rel=0.5)


def test_an_episode_left_out_has_no_say_in_its_own_forecast() -> None:
    """One set is right on Crimea alone, the other on all else: left out, Crimea is forecast by the other."""
    first = {e.name: truth(e) if e.name == "crimea_2014" else wrong(e) for e in EPISODES}
    second = {e.name: wrong(e) if e.name == "crimea_2014" else truth(e) for e in EPISODES}
    sets = {e.name: [first[e.name]] * 30 + [second[e.name]] * 30 for e in EPISODES}
    result = weighed(sets)
    left_out = {
        line.score for line in result.left_out if line.episode == "crimea_2014" and line.kind == "force"
    }
    assert left_out == {1.0}
    losses = Losses(EPISODES, sets)
    first_alone, second_alone = losses.without("crimea_2014")[[0, -1]]
    assert second_alone == 0.0 < first_alone


def test_a_loss_is_that_of_the_headline_and_knows_nothing_of_what_is_left_out() -> None:
    said = {e.name: [truth(e) | {"punished": wrong(e)["punished"]}] for e in EPISODES}
    assert Losses(EPISODES, said).without().tolist() == [0.0]  # what is asked of some replays only has no say
    false = {e.name: [wrong(e) if e.name == "turkey_2015" else truth(e)] for e in EPISODES}
    losses = Losses(EPISODES, false)
    assert losses.without()[0] > 0.0 == losses.without("turkey_2015")[0]


def test_weights_fall_with_the_loss_and_rule_out_what_is_worse_than_the_base_rate() -> None:
    found = weights([0.2, 0.3, 1.5], 0.1)
    assert sum(found) == pytest.approx(1.0)
    assert found[0] > found[1] > found[2] == 0.0
    assert weights([1.2, 1.3], 1e9) == pytest.approx([0.5, 0.5])


def test_systematic_draws_are_as_near_to_the_weights_as_can_be() -> None:
    drawn = systematic([0.5, 0.25, 0.25], 8)
    assert [drawn.count(k) for k in range(3)] == [4, 2, 2]
    assert systematic([0.0, 1.0], 3) == [1, 1, 1]


def test_a_number_that_is_drawn_as_in_the_prior_has_not_moved() -> None:
    assert constraint([(k + 0.5) / 10 for k in range(10)]) == pytest.approx((0.5, 1.0, 0.0), abs=0.01)
    place, spread, moved = constraint([0.85, 0.95] * 5)
    assert place == pytest.approx(0.9)
    assert spread < 0.2
    assert moved > 1.0


@pytest.mark.model
def test_the_command_weighs_a_small_table_and_goes_on_where_it_stopped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import model.episode as episode

    monkeypatch.setattr(episode, "shipped_episodes", lambda: ["mongolia_2024", "jordan_2017", "hungary_2025"])
    command = ["calibrate", "--sets", "3", "--replicates", "1", "--out", str(tmp_path / "table")]
    with pytest.raises(SystemExit) as end:
        start(command)
    assert end.value.code == 0
    assert "left out" in capsys.readouterr().out
    first = (tmp_path / "table" / "posterior.csv").read_bytes()
    rows = list(csv.DictReader(first.decode().splitlines()))
    assert len(rows) == DRAWS
    known = behaviour()
    assert set(rows[0]) == set(informed())
    assert all(
        known[key].low <= float(value) <= known[key].high for row in rows for key, value in row.items()
    )
    assert len({row["decision.precision_between"] for row in rows}) > DRAWS // 2  # no clones of three sets
    with pytest.raises(SystemExit) as end:
        start(command)
    assert end.value.code == 2
    assert "--resume" in capsys.readouterr().err
    with pytest.raises(SystemExit) as end:
        start([*command, "--resume"])
    assert end.value.code == 0
    assert (tmp_path / "table" / "posterior.csv").read_bytes() == first


def test_the_emulator_finds_what_the_loss_depends_on_under_much_luck() -> None:
    rng = np.random.default_rng(3)
    places = rng.random((600, 20))
    truth_of = 0.3 * places[:, 0] + 0.5 * (places[:, 1] - 0.5) ** 2
    emulator = Table(places).fit(truth_of + rng.normal(0.0, 0.15, 600))
    fresh = rng.random((500, 20))
    expected = 0.3 * fresh[:, 0] + 0.5 * (fresh[:, 1] - 0.5) ** 2
    assert np.corrcoef(emulator(fresh), expected)[0, 1] > 0.8
    assert 0.1 < emulator.explained < 0.6


def test_of_luck_alone_the_emulator_foretells_nothing_and_chooses_no_set() -> None:
    rng = np.random.default_rng(4)
    places = rng.random((400, 30))
    luck = rng.normal(0.0, 1.0, 400)
    emulator = Table(places).fit(luck)
    assert emulator.explained < 0.02
    assert np.std(emulator(places)) < 0.05
    assert abs(np.corrcoef(emulator.unseen, luck)[0, 1]) < 0.2 or np.std(emulator.unseen) < 0.05


def test_what_the_others_foretell_of_a_set_does_not_know_its_own_loss() -> None:
    rng = np.random.default_rng(5)
    places = rng.random((60, 3))
    losses = places[:, 0] + rng.normal(0.0, 0.1, 60)
    emulator = Table(places).fit(losses)
    shifted = losses.copy()
    shifted[7] += 0.3
    again = Table(places).fit(shifted)
    if again.strength == emulator.strength:  # the mean of all moves a little, the set's own fit does not
        assert again.unseen[7] == pytest.approx(emulator.unseen[7], abs=0.02)


def test_positions_are_those_behind_the_sets() -> None:
    keys = ("decision.impatience", "coercer.first_answer_lag")
    places, sets = positions(keys, 1, range(40)), parameter_sets(40, 1)
    for column, key in enumerate(keys):
        order = np.argsort(places[:, column]).tolist()
        assert order == np.argsort([one[key] for one in sets]).tolist()
