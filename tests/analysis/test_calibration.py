"""Calibration on a table whose answer is known, and the whole command with real workers."""

import csv
from pathlib import Path

import pytest

from model.analysis.backtest import lines
from model.analysis.calibration import calibrate, constraint, losses, systematic, weights
from model.commands import start
from model.commands.calibrate import parameter_sets
from tests.analysis.test_backtest import EPISODES, truth, wrong


def table(good: int, bad: int) -> dict[str, list[dict[str, list[float]]]]:
    """Sets that replay history, then sets that replay its contrary."""
    return {e.name: [truth(e)] * good + [wrong(e)] * bad for e in EPISODES}


def test_weight_goes_to_the_sets_that_replay_history() -> None:
    result = calibrate(EPISODES, table(3, 9), {e.name: wrong(e) for e in EPISODES})
    assert sum(result.weights[:3]) == pytest.approx(1.0)
    assert result.effective == pytest.approx(3.0)
    assert set(result.draws) == {0, 1, 2}
    assert all(line.score == 0.0 for line in (*result.fitted, *result.left_out))


def test_an_episode_left_out_has_no_say_in_its_own_forecast() -> None:
    """One set is right on Crimea alone, the other on all else: left out, Crimea is forecast by the other."""
    first = {e.name: truth(e) if e.name == "crimea_2014" else wrong(e) for e in EPISODES}
    second = {e.name: wrong(e) if e.name == "crimea_2014" else truth(e) for e in EPISODES}
    sets = {e.name: [first[e.name], second[e.name]] for e in EPISODES}
    result = calibrate(EPISODES, sets, {e.name: wrong(e) for e in EPISODES})
    left_out = {
        line.score for line in result.left_out if line.episode == "crimea_2014" and line.kind == "force"
    }
    assert left_out == {1.0}
    scored = [
        lines(EPISODES, {name: s[k] for name, s in sets.items()}, first, EPISODES, fair=True) for k in (0, 1)
    ]
    without = losses(scored, EPISODES, "crimea_2014")
    assert without[1] == 0.0 < without[0]


def test_weights_fall_with_the_loss_and_rule_out_what_is_worse_than_the_base_rate() -> None:
    found = weights([0.2, 0.3, 1.5], 0.1)
    assert sum(found) == pytest.approx(1.0)
    assert found[0] > found[1] > found[2] == 0.0
    assert weights([1.2, 1.3], 1e9) == pytest.approx([0.5, 0.5])


def test_systematic_draws_are_as_near_to_the_weights_as_can_be() -> None:
    drawn = systematic([0.5, 0.25, 0.25], 8)
    assert [drawn.count(k) for k in range(3)] == [4, 2, 2]
    assert systematic([0.0, 1.0], 3) == [1, 1, 1]


def test_a_number_that_weights_do_not_tell_apart_has_not_moved() -> None:
    values = [float(v) for v in range(10)]
    assert constraint(values, [0.1] * 10) == pytest.approx((0.5, 1.0, 0.0), abs=0.01)
    rank, spread, moved = constraint(values, [0.0] * 8 + [0.5] * 2)
    assert rank == pytest.approx(0.9)
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
    sets = parameter_sets(3, 1)
    assert all(float(row[key]) == sets[int(row["set"])][key] for row in rows[:3] for key in sets[0])
    with pytest.raises(SystemExit) as end:
        start(command)
    assert end.value.code == 2
    assert "--resume" in capsys.readouterr().err
    with pytest.raises(SystemExit) as end:
        start([*command, "--resume"])
    assert end.value.code == 0
    assert (tmp_path / "table" / "posterior.csv").read_bytes() == first
