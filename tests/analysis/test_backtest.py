"""The backtest on forecasts whose skill is obvious."""

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest

from model.agents.households import Households
from model.analysis.backtest import (
    FITTED,
    Line,
    base_rate,
    coverage,
    lines,
    mean_interval,
    mean_skill,
    samples,
    skill,
)
from model.analysis.backtest_files import BACKTEST, printed, read_backtest, write_backtest
from model.commands.backtest import ROWS
from model.episode import KINDS, load_episode, shipped_episodes
from model.parameters import behaviour
from model.replay import NEVER, measured
from model.settings import Settings
from model.simulation import EscalationModel

EPISODES = [load_episode(name) for name in ("crimea_2014", "turkey_2015", "tajikistan_2011", "georgia_2006")]


def truth(episode) -> dict[str, list[float]]:
    """Replays that say just what was observed."""
    said: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for kind in episode.observed:
        said[kind] = [episode.value(kind)] * 10
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


def test_skill_is_one_less_the_ratio_of_the_sums() -> None:
    """By hand: Crimea saw force, Turkey none; a forecast of 0.8 and 0.4 against what the others showed."""
    pair = [replace(e, observed={"force": e.observed["force"]}) for e in EPISODES[:2]]
    model = {"crimea_2014": {"force": [1.0] * 4 + [0.0]}, "turkey_2015": {"force": [1.0] * 2 + [0.0] * 3}}
    random = {name: {"force": [0.0, 1.0] * 500} for name in model}
    told = lines(pair, model, random, pair)
    assert [line.score for line in told] == pytest.approx([0.2**2, 0.4**2])
    assert [line.nulls["base_rate"] for line in told] == pytest.approx([0.75**2, 0.75**2])
    assert skill(told, "base_rate") == pytest.approx(1.0 - 0.2 / 1.125)
    assert skill(told, "random") == pytest.approx(
        1.0 - 0.2 / (2 * (0.25 - 0.25 / 999))
    )  # an endless sample's
    assert mean_skill(told, "random") is None  # two observations make no kind of the mean
    assert mean_skill(told, "random", least=2) == skill(told, "random")


def test_a_count_beyond_the_days_of_the_watch_is_told_from_a_larger_one() -> None:
    georgia = replace(EPISODES[3], observed={"expelled": EPISODES[3].observed["expelled"]})
    assert georgia.value("expelled") > georgia.watched("expelled")
    said = {georgia.name: {"expelled": [1e6] * 10}}
    (line,) = lines([georgia], said, said, EPISODES)
    assert line.in90 is False
    assert line.pit == (0.0, 0.0)


def test_the_dictionary_explains_every_column() -> None:
    page = (Path(__file__).parents[2] / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    section = page.partition("### backtest.csv")[2].partition("\n## ")[0]
    told = " ".join(re.findall(r"^\|(.+?)\|", section, re.MULTILINE))
    quantiles = {"q25", "q50", "q75"}  # between q05 and q95
    for column in BACKTEST.columns:
        alone = re.sub(r"^skill_.*", "skill_*", column.name)
        assert f"`{alone}`" in told or column.name in {*quantiles, "episode"}, column.name


def test_what_was_not_watched_long_enough_is_no_base_rate() -> None:
    crimea, turkey = EPISODES[0], EPISODES[1]
    never = crimea.observed["eu_sanctions"].model_copy(update={"value": "never", "seen_days": 30.0})
    short = replace(turkey, observed={"eu_sanctions": never})
    assert base_rate("eu_sanctions", [short], 1100.0) == [NEVER]  # silent: nothing is said to come
    assert base_rate("eu_sanctions", [short, crimea], 1100.0) == [23.0]
    assert base_rate("eu_sanctions", [short, crimea], 20.0) == [NEVER, 23.0]


def test_the_bootstrap_spreads_as_the_episodes_do_and_is_silent_where_nothing_can_be_beaten() -> None:
    mixed = lines(EPISODES, {e.name: (truth if n % 2 else wrong)(e) for n, e in enumerate(EPISODES)},
                  {e.name: wrong(e) for e in EPISODES}, EPISODES)  # fmt: skip
    draws = [[(k * 7 + i * 3) % 11 / 11 for i in range(4)] for k in range(40)]
    low, high = mean_interval(mixed, "random", draws)
    assert low <= mean_skill(mixed, "random") <= high
    assert low < high
    never = [replace(e, observed={"force": e.observed["force"]}) for e in EPISODES[1:3]]
    said = {e.name: truth(e) for e in never}
    assert mean_interval(lines(never, said, said, never), "nothing", draws) is None


def test_the_table_says_what_stands_behind_a_null_and_keeps_silent_where_there_is_too_little() -> None:
    whole = printed(scored(truth), {e.name: truth(e) for e in EPISODES}, 1, at_random=20)
    assert "behind the null random: 20" in whole
    assert "mean, all" in whole and "PIT in five bins" in whole
    one = EPISODES[:1]
    said = {one[0].name: truth(one[0])}
    alone = printed(lines(one, said, said, EPISODES), said, 1, at_random=20)
    assert "no means: no kind was observed 3 times or more" in alone
    assert "mean, all" not in alone and "one a construct" not in alone and "PIT" not in alone


def test_a_written_backtest_is_read_and_written_again_to_the_last_byte(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    for found in (scored(truth), scored(wrong)):
        path = write_backtest(found, tmp_path)
        read = read_backtest(path)
        assert write_backtest(read, tmp_path / "again").read_bytes() == path.read_bytes()
        assert mean_skill(read, "base_rate") == mean_skill(found, "base_rate")


@pytest.mark.model
def test_replays_are_measured_on_the_scales_of_the_observed() -> None:
    episode = load_episode("turkey_2015")
    settings = Settings(days=60, households=200)
    model = EscalationModel(episode.scenario, 1, 0, settings).run()
    told = measured(model.result().scalars)
    assert set(told) == set(KINDS)
    assert told["expelled"] is None  # the episode has no households
    found = samples([model.result().scalars])
    assert found["expelled"] == [] and found["force"] in ([0.0], [1.0])


@pytest.mark.model
@pytest.mark.parametrize("name", ["georgia_2006", "tajikistan_2011"])
def test_an_episode_with_households_says_who_was_expelled_and_what_was_sent(name: str) -> None:
    episode = load_episode(name)
    assert {"expelled", "remittances_fell"} <= set(episode.observed)
    assert episode.scenario.actors[-1].role == "households"  # the others keep their codes
    model = EscalationModel(episode.scenario, 1, 0, Settings(days=365, households=ROWS)).run()
    told = measured(model.result().scalars)
    n = model.numbers
    # One removal is one person of one row: a row must stand for fewer than are removed in a normal year.
    assert n["households.count"] / ROWS < 365 * n["households.removals_per_day"]
    assert told["expelled"] % (n["households.count"] / ROWS) == pytest.approx(0.0, abs=1e-6)
    assert told["remittances_fell"] in (0.0, 1.0)


@pytest.mark.model
@pytest.mark.parametrize("name", ["georgia_2006", "tajikistan_2011"])
def test_closed_ways_without_a_block_of_transfers_leave_remittances_up(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in 2006: no travel for a year, no block, and what is sent stays within a twentieth of the season's."""
    seen = Households.conditions
    quiet = {"raids": 0.0, "entry_ban": 0.0, "operator_open": 1.0, "card_open": 1.0, "expected_block": 0.0}
    monkeypatch.setattr(
        Households,
        "conditions",
        lambda self, day, aid: replace(seen(self, day, aid), routes_open=0.0, **quiet),
    )
    model = EscalationModel(load_episode(name).scenario, 1, 0, Settings(days=365, households=ROWS)).run()
    assert model.result().scalars["remittance_first_year"] == pytest.approx(1.0, abs=0.05)


@pytest.mark.model
@pytest.mark.parametrize("name", shipped_episodes())
def test_every_episode_runs_and_turns_on_its_act(name: str) -> None:
    episode = load_episode(name)
    model = EscalationModel(episode.scenario, 1, 0, Settings(days=20, households=200)).run()
    opening = {"defied", "detained", "hosted", "quiet", "settled"}
    assert model.crisis.stage in opening
    assert model.record.events[0].day == 0.0
    opened = model.crisis.stage in ("defied", "detained") or model.ended is not None
    assert episode.coerced == (opened and model.coercer is not None)


def test_what_a_prior_was_set_on_is_marked_by_names_that_exist() -> None:
    with FITTED.open(newline="") as rows:
        table = list(csv.DictReader(rows))
    episodes = {name: load_episode(name) for name in shipped_episodes()}
    for row in table:
        assert row["kind"] in episodes[row["episode"]].observed, row
        assert row["number"] in behaviour(), row
    line = next(line for line in scored(truth) if line.kind == "yield" and line.episode == "turkey_2015")
    assert line.fitted
    assert not next(
        line for line in scored(truth) if line.kind == "force" and line.episode == "turkey_2015"
    ).fitted
