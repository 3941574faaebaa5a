"""Calibration on a table whose answer is known, and the whole command with real workers."""

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.analysis.backtest import Samples
from model.analysis.calibration import (
    DRAWS,
    REACH,
    Evidence,
    Posterior,
    constraint,
    distributions,
    effective,
    losses,
    plausible,
    posterior,
    systematic,
    tempered,
    weights,
)
from model.analysis.emulator import Floats, Table
from model.analysis.parameter_sets import informed, parameter_sets, positions
from model.commands import start
from model.commands.calibrate import spaced
from model.parameters import behaviour
from tests.analysis.test_backtest import EPISODES, truth, wrong

SETS, CANDIDATES = (np.random.default_rng(seed).random((size, 6)) for seed, size in ((5, 300), (6, 20_000)))
#: by chance a mean position of DRAWS draws, with REACH sets behind them, is off by 0.03
CHANCE = 4.0 * (12.0 * REACH) ** -0.5


def weighed(table: dict[str, list[Samples]], *without: str) -> tuple[Posterior, Floats]:
    """The posterior of a table of SETS, and the positions of its draws."""
    evidence = Evidence(EPISODES, table, SETS)
    result = posterior(evidence.without(*without), evidence.terms(CANDIDATES))
    return result, CANDIDATES[result.draws]


def single(said: Samples) -> Samples:
    """One replay of several."""
    return {kind: values[:1] for kind, values in said.items()}


def by_chance(chance: Floats, seed: int, episodes: set[str]) -> dict[str, list[Samples]]:
    """One replay a set: right about an episode of those named with the set's chance, else with that of a coin."""
    rng = np.random.default_rng(seed)
    return {
        e.name: [
            single(truth(e) if rng.random() < (p if e.name in episodes else 0.5) else wrong(e))
            for p in chance
        ]
        for e in EPISODES
    }


def test_the_posterior_moves_where_one_number_decides_on_force_in_one_episode() -> None:
    """One replay a set: force in Crimea, where there was some, with a chance that is the first number."""
    rng = np.random.default_rng(1)
    table = {e.name: [single(truth(e)) for _ in SETS] for e in EPISODES}
    table["crimea_2014"] = [said | {"force": [float(rng.random() < own[0])]} for said, own in
                            zip(table["crimea_2014"], SETS, strict=True)]  # fmt: skip
    result, drawn = weighed(table)
    assert len(result.draws) == DRAWS
    assert result.reach >= REACH
    assert result.loss < 0.5 * result.prior
    assert drawn[:, 0].mean() > 0.8
    assert np.abs(drawn[:, 1:].mean(axis=0) - 0.5).max() < CHANCE


def test_of_a_table_of_luck_the_posterior_is_the_prior() -> None:
    for seed in range(5):
        result, _ = weighed(by_chance(np.full(len(SETS), 0.5), seed, set()))
        assert result.draws == systematic(np.full(len(CANDIDATES), 1.0 / len(CANDIDATES)), DRAWS)
        assert result.loss == pytest.approx(result.prior, rel=1e-3)


def test_an_episode_left_out_has_no_say_in_its_own_posterior() -> None:
    """A high first number is right on Crimea alone, a low one on all else."""
    others = {e.name for e in EPISODES} - {"crimea_2014"}
    table = by_chance(1.0 - SETS[:, 0], 2, others)
    table["crimea_2014"] = by_chance(SETS[:, 0], 2, {"crimea_2014"})["crimea_2014"]
    assert weighed(table, "crimea_2014")[1][:, 0].mean() < 0.25
    assert weighed(table, *others)[1][:, 0].mean() > 0.75
    said = Evidence(EPISODES, table, SETS).without("crimea_2014")
    false = replace(
        EPISODES[0], observed={"force": EPISODES[0].observed["force"].model_copy(update={"value": False})}
    )
    assert np.array_equal(Evidence([false, *EPISODES[1:]], table, SETS).without("crimea_2014"), said)


def test_a_loss_is_that_of_the_headline() -> None:
    """Sets that all say the same: the loss is their score against the base rate's, whatever the numbers."""

    def loss(said: dict[str, Samples], *without: str) -> float:
        evidence = Evidence(EPISODES, {name: [own] * len(SETS) for name, own in said.items()}, SETS)
        return float(losses(evidence.without(*without), evidence.terms(CANDIDATES[:1]))[0])

    right = {e.name: truth(e) for e in EPISODES}
    assert loss(right) == pytest.approx(0.0, abs=1e-12)
    no_say = {e.name: truth(e) | {"punished": wrong(e)["punished"]} for e in EPISODES}
    assert loss(no_say) == pytest.approx(0.0, abs=1e-12)  # what is asked of some replays only has no say
    false = right | {"turkey_2015": wrong(EPISODES[1])}
    assert loss(false) > 0.1
    assert loss(false, "turkey_2015") == pytest.approx(0.0, abs=1e-12)


def test_a_set_of_which_no_replay_can_say_is_given_the_mean_of_the_others() -> None:
    found = distributions([[1.0, 5.0], [], [5.0]], [0.5, 2.0, 9.0])
    assert found.tolist() == [[0.0, 0.5, 1.0], [0.0, 0.25, 1.0], [0.0, 0.0, 1.0]]


def test_weights_are_as_sharp_as_the_reach_allows() -> None:
    loss = np.arange(1000) / 1000
    tau, found = tempered(loss)
    assert effective(found) == pytest.approx(REACH, rel=0.01)
    assert effective(weights(loss, 0.9 * tau)) < REACH
    assert effective(tempered(np.full(50, 0.5))[1]) == pytest.approx(50.0)  # no more than there are


def test_weights_fall_with_the_loss_and_what_is_worse_than_the_base_rate_is_ruled_out() -> None:
    found = weights(np.array([0.2, 0.3, 0.5]), 0.1)
    assert sum(found) == pytest.approx(1.0)
    assert found[0] / found[1] == pytest.approx(np.e)
    assert found[2] > 0.0
    assert plausible(np.array([0.2, 1.5, 0.3])).tolist() == [0, 2]
    assert plausible(np.array([1.2, 1.3])).tolist() == [0, 1]


def test_systematic_draws_are_as_near_to_the_weights_as_can_be() -> None:
    drawn = systematic(np.array([0.5, 0.25, 0.25]), 8)
    assert [drawn.count(k) for k in range(3)] == [4, 2, 2]
    assert systematic(np.array([0.0, 1.0]), 3) == [1, 1, 1]


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
        "1",
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
        "to run: a table of 3 episodes x 3 sets x 1 replays = 9 (0 are there), then 3 x 4 "
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


def test_the_emulator_finds_what_many_outputs_depend_on_under_much_luck() -> None:
    """Twenty yes-or-no outputs, each with a chance of its own that rests on the same two of forty numbers."""
    rng = np.random.default_rng(3)
    places, fresh = rng.random((600, 40)), rng.random((500, 40))
    size = rng.uniform(0.1, 0.3, 20)

    def chance(at: Floats) -> Floats:
        return 0.5 + np.outer(at[:, 0] - 0.5 + 2.0 * (at[:, 1] - 0.5) ** 2 - 1.0 / 6.0, size)

    emulator = Table(places).fit((rng.random((600, 20)) < chance(places)).astype(float))
    assert {0, 41} <= set(emulator.terms.tolist())  # the line of the first, the parabola of the second
    assert len(emulator.terms) < 6
    assert np.corrcoef(emulator(fresh).ravel(), chance(fresh).ravel())[0, 1] > 0.9
    assert 0.01 < emulator.explained < 0.1


def test_of_luck_alone_the_emulator_foretells_nothing() -> None:
    rng = np.random.default_rng(4)
    for _ in range(5):
        places, outputs = rng.random((400, 30)), rng.normal(0.0, 1.0, (400, 8))
        emulator = Table(places).fit(outputs)
        assert emulator.explained < 0.005
        assert emulator(places) == pytest.approx(np.tile(outputs.mean(axis=0), (400, 1)))


def test_positions_are_those_behind_the_sets() -> None:
    keys = ("decision.impatience", "coercer.first_answer_lag")
    places, sets = positions(keys, 1, range(40)), parameter_sets(40, 1)
    for column, key in enumerate(keys):
        order = np.argsort(places[:, column]).tolist()
        assert order == np.argsort([one[key] for one in sets]).tolist()
