"""A second scoring by the rubric: read, refused, applied, compared."""

from dataclasses import replace
from pathlib import Path

import pytest

from model.analysis.rescoring import agreement, read_scoring, rescored
from model.analysis.rubric import RUBRIC, in_markdown, rubric
from model.episode import EPISODES, load_episode, shipped_episodes
from model.situation import needs
from model.toml_source import InputError

SECOND = RUBRIC.with_name("second.csv")


def test_the_rubric_stands_for_values_within_their_ranges_and_bounds() -> None:
    for (number, _), level in rubric().items():
        bounds = needs(level.role)[number]
        assert bounds.low <= level.low <= level.value <= level.high <= bounds.high


@pytest.mark.parametrize("role", ["coercer", "government", "army"])
def test_the_page_holds_the_rubric_line_by_line(role: str) -> None:
    """To renew it: `in_markdown` of model/analysis/rubric.py."""
    page = (Path(__file__).parents[2] / "docs" / "scoring-episodes.md").read_text(encoding="utf-8")
    assert "\n".join(["", *in_markdown(role), ""]) in page


def test_every_number_of_coercer_and_host_has_a_level_or_is_named_as_a_figure() -> None:
    page = (Path(__file__).parents[2] / "docs" / "scoring-episodes.md").read_text(encoding="utf-8")
    scored = {number for number, _ in rubric()}
    for role in ("coercer", "government"):
        for number in needs(role):
            figure = "`exposure_*`" if number.startswith("exposure_") else f"`{number}`"
            assert number in scored or figure in page, number


def test_every_shipped_situation_is_at_a_level_of_the_rubric() -> None:
    numbers = {number: level.role for (number, _), level in rubric().items()}
    for name in shipped_episodes():
        scenario = load_episode(name).scenario
        for number, role in numbers.items():
            for actor in scenario.actors_of(role):
                own = scenario.numbers[f"{actor.name}.{number}"]
                levels = [v for (n, _), v in rubric().items() if n == number]
                assert (own.value, own.low, own.high) in [(v.value, v.low, v.high) for v in levels], (
                    name,
                    number,
                )


def test_the_second_scoring_is_of_the_first_seventeen_and_mostly_agrees() -> None:
    scoring = read_scoring(SECOND)
    assert set(scoring) == set(shipped_episodes(EPISODES))
    counts = agreement([load_episode(name) for name in scoring], scoring).values()
    both, same, near = map(sum, zip(*counts, strict=True))
    assert both == 185
    assert same > 0.6 * both
    assert same + near > 0.9 * both


def test_another_level_changes_that_number_and_nothing_else() -> None:
    episode = load_episode("turkey_2015")
    changed = rescored(episode, {"shield": "0", "law_stake": "2"})
    other = {key for key, n in changed.scenario.numbers.items() if n != episode.scenario.numbers[key]}
    assert other == {"russia.shield", "turkey.law_stake"}
    assert changed.scenario.numbers["russia.shield"].value == rubric()["shield", "0"].value
    assert replace(changed, scenario=episode.scenario) == episode


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("episode,number\nx,shield\n", "expected the columns episode, number, level"),
        ("episode,number,level\nx,shield,7\n", "2: shield: expected one of 0, 1, 2, found '7'"),
        ("episode,number,level\nx,sheild,1\n", "nearest valid name: shield"),
        ("episode,number,level\nkabul_1997,shield,1\n", "nearest valid name: kabul_1979"),
    ],
)
def test_a_wrong_scoring_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(text)
    with pytest.raises(InputError, match="mine.csv") as refused:
        read_scoring(path)
    assert message in str(refused.value)
