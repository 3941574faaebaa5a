"""Calibration on a table whose answer is known, and the whole command with real workers."""

import csv
from pathlib import Path

import numpy as np
import pytest

from model.analysis.calibration import (
    DRAWS,
    REACH,
    Losses,
    constraint,
    effective,
    posterior,
    systematic,
    tempered,
    weights,
)
from model.analysis.emulator import Table
from model.analysis.parameter_sets import informed, parameter_sets, positions
from model.commands import start
from model.commands.calibrate import spaced
from model.parameters import behaviour
from tests.analysis.test_backtest import EPISODES, truth, wrong


def table(good: int, bad: int) -> dict[str, list[dict[str, list[float]]]]:
    """Sets that replay history, then sets that replay its contrary."""
    return {e.name: [truth(e)] * good + [wrong(e)] * bad for e in EPISODES}


#: one number, which is low in the sets that replay history and high in the others
PLACES = np.array([[0.1]] * 30 + [[0.9]] * 30)


CANDIDATES = np.linspace(0.0, 1.0, 2001)[:, None]


def test_the_posterior_lies_where_history_was_replayed_and_keeps_its_reach() -> None:
    losses = Losses(EPISODES, table(30, 30)).without()
    assert losses[0] == 0.0 < losses[-1]
    result = posterior(losses, Table(PLACES), CANDIDATES)
    chosen = CANDIDATES[result.draws][:, 0]
    assert len(result.draws) == DRAWS
    assert chosen.max() < 0.4
    assert result.explained > 0.99
    assert result.reach == pytest.approx(REACH, rel=0.01)


def test_an_episode_left_out_has_no_say_in_its_own_posterior() -> None:
    """Half of the sets are right on Crimea alone, half on all else: without Crimea the second are the better."""
    first = {e.name: truth(e) if e.name == "crimea_2014" else wrong(e) for e in EPISODES}
    second = {e.name: wrong(e) if e.name == "crimea_2014" else truth(e) for e in EPISODES}
    losses = Losses(EPISODES, {e.name: [first[e.name]] * 30 + [second[e.name]] * 30 for e in EPISODES})
    without = losses.without("crimea_2014")
    assert without[-1] == 0.0 < without[0]
    chosen = CANDIDATES[posterior(without, Table(PLACES), CANDIDATES).draws][:, 0]
    assert chosen.min() > 0.6


def test_a_loss_is_that_of_the_headline_and_knows_nothing_of_what_is_left_out() -> None:
    said = {e.name: [truth(e) | {"punished": wrong(e)["punished"]}] for e in EPISODES}
    assert Losses(EPISODES, said).without().tolist() == [0.0]  # what is asked of some replays only has no say
    false = {e.name: [wrong(e) if e.name == "turkey_2015" else truth(e)] for e in EPISODES}
    losses = Losses(EPISODES, false)
    assert losses.without()[0] > 0.0 == losses.without("turkey_2015")[0]


def test_weights_are_as_sharp_as_the_reach_allows() -> None:
    losses = [k / 1000 for k in range(1000)]
    tau, found = tempered(losses)
    assert effective(found) == pytest.approx(REACH, rel=0.01)
    assert effective(weights(losses, 0.9 * tau)) < REACH
    assert effective(tempered([0.5] * 50)[1]) == pytest.approx(50.0)  # no more than there are


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


def _left_out(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / "table" / "left_out.csv").read_text().splitlines()))


@pytest.mark.parametrize("words", [["--fresh", "1"], ["--fresh", "201"]])
def test_fresh_replays_are_no_fewer_than_two_and_no_more_than_draws(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        start(["calibrate", *words])
    assert end.value.code == 2
    assert "--fresh must be" in capsys.readouterr().err


def test_draws_are_thinned_evenly() -> None:
    assert spaced(list(range(200)), 25) == list(range(0, 200, 8))
    assert spaced([1, 2, 3], 25) == [1, 2, 3]


@pytest.mark.model
def test_the_command_weighs_a_small_table_and_goes_on_where_it_stopped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import model.episode as episode

    monkeypatch.setattr(episode, "shipped_episodes", lambda: ["mongolia_2024", "jordan_2017", "hungary_2025"])
    command = [
        "calibrate",
        "--sets",
        "3",
        "--replicates",
        "2",
        "--fresh",
        "4",
        "--out",
        str(tmp_path / "table"),
    ]
    with pytest.raises(SystemExit) as end:
        start(command)
    assert end.value.code == 0
    said = capsys.readouterr()
    assert "with the posterior of the others" in said.out
    assert said.err.startswith(
        "to run: a table of 3 episodes x 3 sets x 2 replays = 18 (0 are there), then 3 x 4 "
    )
    assert {row["n"] for row in _left_out(tmp_path) if row["outcome"] == "force"} == {"4"}
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
        start([*command, "--fresh", "2", "--resume"])  # the table and its posterior do not depend on --fresh
    assert end.value.code == 0
    assert {row["n"] for row in _left_out(tmp_path) if row["outcome"] == "force"} == {"2"}
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


def test_of_luck_alone_the_emulator_foretells_nothing() -> None:
    rng = np.random.default_rng(4)
    places = rng.random((400, 30))
    emulator = Table(places).fit(rng.normal(0.0, 1.0, 400))
    assert emulator.explained < 0.02
    assert np.std(emulator(places)) < 0.05


def test_positions_are_those_behind_the_sets() -> None:
    keys = ("decision.impatience", "coercer.first_answer_lag")
    places, sets = positions(keys, 1, range(40)), parameter_sets(40, 1)
    for column, key in enumerate(keys):
        order = np.argsort(places[:, column]).tolist()
        assert order == np.argsort([one[key] for one in sets]).tolist()
