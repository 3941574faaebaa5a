"""The large tier on invented actors: reading, the mapping, and forecasts whose skill is obvious."""

from pathlib import Path

import pytest

from model.analysis.icb import CrisisActor, read_actors
from model.analysis.icb_files import printed
from model.analysis.icb_scores import (
    CLASSES,
    base_rate,
    by_decade,
    concordance,
    interval,
    outcome_of,
    samples,
    scored,
    skill,
)
from model.analysis.icb_situation import (
    FORCES,
    HOURS,
    POWDIS,
    at_level,
    codes_of,
    distances,
    episode_of,
    numbers_of,
    rules,
    situation,
)
from model.analysis.rubric import rubric
from model.parameters import spread_problems
from model.replay import Settings
from model.simulation import EscalationModel
from model.toml_source import InputError
from tests.analysis.icb_toys import COLUMNS, toy_file

AFTERWARDS = ("viol", "outcom", "crismg", "cenvio", "sevvio", "majres", "outfor", "trgresra")


def actor(number: int, decade: int, violence: str | None, outcome: str | None, **codes: int) -> CrisisActor:
    coded = {place: codes.get("_".join(place)) for place in codes_of()}
    coded["actor", "powdis"] = codes.get("actor_powdis")
    return CrisisActor(number, number // 2, "AAA", "TOY", decade + number % 10, coded, violence, outcome)


ACTORS = [
    actor(n, decade, violence, outcome)
    for n, (decade, violence, outcome) in enumerate(
        [(1930, "war", "defeat"), (1930, "war", "victory"), (1950, "none", "victory"), (1950, "none", None),
         (1970, "minor", "compromise"), (1970, None, "stalemate")]
    )
]  # fmt: skip


def value_of(number: str, **codes: int) -> float:
    coded = {tuple(place.split("_")): code for place, code in codes.items()}
    return (situation().numbers | numbers_of(coded))[number].value


# Reading


def test_only_non_violent_triggers_are_taken_and_the_host_is_found_in_its_own_crisis(tmp_path: Path) -> None:
    file = toy_file(
        tmp_path,
        [
            dict(cracno=1, crisno=1, cracid=901, trigent=902, triggr=2, viol=3, outcom=5),
            dict(cracno=2, crisno=1, cracid=902, trigent=901, triggr=9, allycap=4),
            dict(cracno=3, crisno=2, cracid=901, trigent=902, triggr=1, viol="", outcom=4, powdis=""),
        ],
    )
    first, second = read_actors(file)
    assert (first.number, first.violence, first.outcome) == (1, "serious", None)
    assert first.codes["host", "allycap"] == 4
    assert (second.number, second.violence, second.outcome) == (3, None, "defeat")
    assert second.codes["host", "allycap"] is None
    assert second.codes["actor", "powdis"] is None
    assert first.decade == 1950


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (dict(gravty=8), r":2: gravty: expected a code from 0 to 7, found 8"),
        (dict(gravty="high"), r":2: gravty: expected a whole number, found 'high'"),
        (dict(powdis=180), r":2: powdis: expected -179 to 179, found 180"),
        (dict(yrtrig=""), r":2: yrtrig: missing"),
        (dict(viol=0), r":2: viol: expected a code from 1 to 4, found 0"),
    ],
)
def test_a_bad_code_is_told_with_file_line_and_column(tmp_path: Path, row: dict, said: str) -> None:
    file = toy_file(tmp_path, [row])
    with pytest.raises(InputError, match=said) as wrong:
        read_actors(file)
    assert file.name in str(wrong.value)


def test_another_file_is_refused_with_what_it_lacks(tmp_path: Path) -> None:
    file = toy_file(tmp_path, [{}], columns=[name for name in COLUMNS if name != "gravty"])
    with pytest.raises(InputError, match=r"toy.csv:1: gravty: no such column; expected ICB2, actor level"):
        read_actors(file)
    with pytest.raises(InputError, match="cannot be read"):
        read_actors(tmp_path / "absent.csv")
    with pytest.raises(InputError, match="cannot be read"):
        read_actors(tmp_path)
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not text in UTF-8"):
        read_actors(binary)
    with pytest.raises(InputError, match="line 2 has it"):
        read_actors(toy_file(tmp_path, [dict(cracno=1), dict(cracno=1)]))
    with pytest.raises(InputError, match="no actor with a non-violent trigger"):
        read_actors(toy_file(tmp_path, [dict(triggr=9)]))
    short = toy_file(tmp_path, [{}])
    short.write_text(short.read_text() + "1,2\n")
    with pytest.raises(InputError, match=":3: expected .* cells"):
        read_actors(short)


# The mapping


def test_the_tables_name_numbers_and_levels_that_exist() -> None:
    used = {(rule.number, rule.level): at_level(rule.number, rule.level) for rule in rules() if rule.number}
    assert all(not spread_problems(number) for number in used.values())
    for key in {key for key, _ in used}:  # a level that no code means is the middle one, or it is in use
        middle = situation().numbers[key]
        levels = [level for number, level in rubric() if number == key.partition(".")[2]] or distances()
        assert middle.value in [at_level(key, level).value for level in levels]
    assert {level for key, level in used if key == HOURS} == set(distances())
    assert not {column for _, column in codes_of()} & set(AFTERWARDS)


def test_graver_threats_are_higher_stakes() -> None:
    stakes = [value_of("state.demand_stake", actor_gravty=code) for code in range(7)]
    assert stakes == sorted(stakes)
    assert stakes[0] < stakes[2] < stakes[6]
    assert value_of("state.demand_stake") == value_of("state.demand_stake", actor_gravty=7) == 0.15


def test_the_host_is_shielded_by_its_allies_or_by_nuclear_weapons() -> None:
    by_allies = [value_of("state.shield", host_allycap=code) for code in (1, 2, 3)]
    assert by_allies == sorted(by_allies) and by_allies[0] < by_allies[2]
    assert value_of("state.shield", host_allycap=1, host_nuclear=3) == by_allies[2]
    assert value_of("state.shield", host_allycap=1, host_nuclear=1) == by_allies[0]


def test_power_discrepancy_is_monotone_and_symmetric() -> None:
    ratios = [POWDIS.ratio(step) for step in range(-179, 180)]
    assert ratios == sorted(ratios)
    assert POWDIS.ratio(0) == 1.0
    assert ratios == pytest.approx([1.0 / ratio for ratio in reversed(ratios)])
    for step in (-12, 3, 60):
        ours, theirs = (value_of(key, actor_powdis=step) for key in FORCES)
        assert ours / theirs == pytest.approx(POWDIS.ratio(step))


def test_a_stronger_actor_has_a_higher_chance_of_force() -> None:
    settings = Settings(days=1, households=1)
    chances = []
    for step in (-20, -6, 0, 6, 20):
        scenario = episode_of(actor(0, 1950, None, None, actor_powdis=step)).scenario
        chances.append(EscalationModel(scenario, settings=settings).theatre.win_chance("seizure"))
    assert chances == sorted(chances)
    assert 0.0 < chances[0] < chances[-1] < 1.0


# The scores


def said(names: dict[str, str], n: int = 10) -> dict[str, list[float]]:
    return {kind: [float(CLASSES[kind].index(name))] * n for kind, name in names.items()}


def truth(one: CrisisActor) -> dict[str, list[float]]:
    return said({"violence": one.violence or "none", "outcome": one.outcome or "victory"})


def test_the_truth_has_full_skill_and_its_contrary_none() -> None:
    right = {one.name: truth(one) for one in ACTORS}
    wrong = {
        one.name: said(
            {"violence": "none" if one.violence == "war" else "war",
             "outcome": "stalemate" if one.outcome != "stalemate" else "victory"}
        )
        for one in ACTORS
    }  # fmt: skip
    for kind in CLASSES:
        lines = scored(kind, ACTORS, right, wrong)
        assert len(lines) == 5
        assert all(line.score == line.fair == 0.0 for line in lines)
        assert skill(lines, "base_rate") == skill(lines, "random") == 1.0
        assert interval(lines, "base_rate", [[0.1] * 9, [0.9] * 9]) == (1.0, 1.0)
        assert skill(scored(kind, ACTORS, wrong, right), "base_rate") < 0.0
        assert skill(scored(kind, ACTORS, wrong, right), "random") is None
    text = printed({kind: scored(kind, ACTORS, right, wrong) for kind in CLASSES}, seed=1)
    assert "score of violence is below the base rate's" in text
    assert "1930s" in text and "all" in text


def test_the_base_rate_of_a_decade_knows_only_the_others() -> None:
    assert sorted(base_rate("violence", ACTORS, 1930)) == [0.0, 0.0, 1.0]
    assert sorted(base_rate("violence", ACTORS, 1950)) == [1.0, 3.0, 3.0]
    assert base_rate("outcome", ACTORS[:2], 1930) == [0.0, 1.0, 2.0, 3.0]
    before = {line.actor.number: line.nulls["base_rate"] for line in lines_of(ACTORS)}
    changed = [actor(0, 1930, "none", "victory"), *ACTORS[1:]]
    after = {line.actor.number: line.nulls["base_rate"] for line in lines_of(changed)}
    assert after[1] == before[1]  # of the same decade: its null has not heard of it
    assert after[2] < before[2]  # of another decade: it has


def lines_of(actors: list[CrisisActor]):
    model = {one.name: truth(one) for one in actors}
    return scored("violence", actors, model, model)


def test_concordance_is_one_for_the_truth_and_a_half_for_one_forecast_of_all() -> None:
    assert concordance(lines_of(ACTORS), 1) == concordance(lines_of(ACTORS), 2) == 1.0
    same = {one.name: said({"violence": "minor", "outcome": "victory"}) for one in ACTORS}
    assert concordance(scored("violence", ACTORS, same, same), 2) == 0.5
    assert concordance(lines_of(ACTORS[:2]), 1) is None


def test_decades_are_told_apart() -> None:
    assert {decade: len(own) for decade, own in by_decade(lines_of(ACTORS)).items()} == {
        1930: 2,
        1950: 2,
        1970: 1,
    }


def test_force_that_does_not_get_what_was_demanded_is_a_defeat() -> None:
    assert outcome_of({"outcome": "stalemate", "force_used": True}) == "defeat"
    assert outcome_of({"outcome": "stalemate", "force_used": False}) == "stalemate"
    assert outcome_of({"outcome": "victory", "force_used": True}) == "victory"
    assert outcome_of({"outcome": "compromise", "force_used": False}) == "compromise"
    assert samples([{"outcome": "stalemate", "force_used": True, "violence": "minor"}]) == {
        "violence": [1.0],
        "outcome": [3.0],
    }
