"""Episode files: what is refused, and in which words."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from model.commands import start
from model.episode import EPISODES, FURTHER, KINDS, load_episode, shipped_episodes
from model.parameters import behaviour, sources
from model.scenario import ScenarioError
from model.settings import Settings
from model.simulation import simulate

TURKEY = (EPISODES / "turkey_2015.toml").read_text(encoding="utf-8")


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Path]:
    monkeypatch.chdir(tmp_path)

    def made(old: str, new: str) -> Path:
        assert old in TURKEY
        path = tmp_path / "mine.toml"
        path.write_text(TURKEY.replace(old, new, 1), encoding="utf-8")
        return path

    return made


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("force = { value = false", "forse = { value = false", "(nearest valid name: force)"),
        ("force = { value = false", 'force = { value = "no"', "expected true or false, found 'no'"),
        ("first_measure = { value = 4", "first_measure = { value = \"soon\"", "a number of days of 0 or more"),
        ("first_measure = { value = 4", "first_measure = { value = -4", "a number of days of 0 or more"),
        ('violence = { value = "none"', 'violence = { value = "nonne"', "one of none, minor, serious, war"),
        ("[observed]", "[observd]", "observed"),
        ("demand_stake = {", "demand_stakes = {", "russia.demand_stake"),
        ("first_measure = { value = 4", "first_measure = { value = 4, seen_days = 2", "a day within seen_days, 2"),
        ('source = ["EP06_TR2015_Su24"] }\nviolence', 'source = ["EP06_TR2015"] }\nviolence', "EP06_TR2015_Su24"),
        ('action = "defy"', 'action = "defie"', "(nearest valid name: defy)"),
        ("day = 0\n", "day = 3\n", "expected day 0: an episode sets the situation"),
        ('action = "defy"', 'action = "offer_release"', "the one act on which the crisis turned"),
        (
            "[observed]", '[[script]]\nday = 0\nactor = "russia"\naction = "ban_flights"\n\n[observed]',
            "and no other",
        ),
        (
            "[observed]", '[[inject]]\nday = 50\nevent = "mediator"\nsize = 1\n\n[observed]',
            "a way out that came later is an outcome",
        ),
        (
            "[observed]", '[[place]]\nkind = "province"\nname = "a"\n\n'
            '[[place]]\nkind = "government_quarter"\nname = "b"\n\n[observed]', "force can reach the one or the other",
        ),
        ("start = 2015", "nonarrest = true\nstart = 2015", "(nearest valid name: non_arrest)"),
        ("start = 2015", "nonarrest = true\nstart = 2015", "about, actor, inject, limits, non_arrest, observed, place"),
        ("first_yield = { value = 216", 'first_yield = { value = "never"', "no later than yield, 216, found 'never'"),
        ("first_yield = { value = 216", "first_yield = { value = 300", "expected no later than yield, 216, found 300"),
        ("\nyield = { value = 216", '\npunished = { value = true, source = ["assumption"] }\nyield = { value = "never"',
         "asked only where the host gave way"),
        ("first_measure = { value = 4", 'first_measure = { value = "never"', "expected false: it falls by measures"),
        ("deaths = { value = 0", "deaths = { value = 30", "expected 'serious' with 30 deaths, found 'none'"),
        ("[russia]\n", '[decision.inertia]\nvalue = 3\n[russia]\n', "behaviour"),
    ],
)  # fmt: skip
def test_a_wrong_episode_is_refused(
    old: str, new: str, expected: str, write: Callable[[str, str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(old, new)
    with pytest.raises(ScenarioError) as wrong:
        load_episode(path)
    assert any(expected in str(problem) for problem in wrong.value.problems), wrong.value
    with pytest.raises(SystemExit) as end:
        start(["backtest", str(path), "--replicates", "2"])
    assert end.value.code == 2
    assert "mine.toml:" in capsys.readouterr().err


def test_validate_knows_an_episode(
    write: Callable[[str, str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    start_code(["validate", str(EPISODES), str(FURTHER)], 0)
    assert capsys.readouterr().out.count(": sound") == len(shipped_episodes())
    start_code(["validate", str(write("force = { value = false", "forse = { value = false"))], 2)
    assert "(nearest valid name: force)" in capsys.readouterr().err


def start_code(arguments: list[str], code: int) -> None:
    with pytest.raises(SystemExit) as end:
        start(arguments)
    assert (end.value.code or 0) == code


def test_an_unknown_name_offers_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        start(["backtest", "turky_2015"])
    assert end.value.code == 2
    assert "(nearest valid name: turkey_2015)" in capsys.readouterr().err


@pytest.mark.parametrize("name", shipped_episodes())
def test_an_episode_sets_the_situation_only(name: str) -> None:
    episode = load_episode(name)
    assert {k: v for k, v in episode.scenario.numbers.items() if k in behaviour()} == behaviour()
    assert set(episode.observed) <= set(KINDS)
    further = name in shipped_episodes(FURTHER)  # what happened there is recalled, and says so
    for finding in episode.observed.values():
        assert set(finding.source) <= set(sources()) or (
            further and finding.source == ["assumption"] and finding.note
        )


@pytest.mark.model
@pytest.mark.parametrize("switch", [{"arrest": "chain"}, {"coercer": "factional"}])
def test_two_pilots_are_no_leader_and_are_held_as_ever(switch: dict[str, str]) -> None:
    scenario = load_episode(EPISODES / "tajikistan_2011.toml").scenario
    deep = replace(scenario, switches={**scenario.switches, **switch})
    settings = Settings(days=40, households=100)
    plain, deeper = (simulate(s, 0, settings).scalars for s in (scenario, deep))
    assert plain == deeper


@pytest.mark.parametrize("name", shipped_episodes())
def test_no_episode_has_a_leader_at_stake_or_neighbours_to_ask(name: str) -> None:
    scenario = load_episode(name).scenario
    assert not scenario.actors_of("neighbour")
    for coercer in scenario.actors_of("coercer"):
        assert scenario.numbers[f"{coercer.name}.leader_at_stake"].value == 0.0
