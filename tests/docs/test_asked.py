"""The five cases asked about: what counts as shown, and how the one set of numbers is found."""

from collections.abc import Mapping, Sequence

import pytest

import docs.asked as asked
from docs.asked import AFRESH, CASES, PAGE, ROUNDS, Shares, part, shares, together
from docs.measured import renewed
from model.parameters import posterior
from model.replay import NEVER

SHOWN = {
    "tajikistan_2011": {"yield": 14.0, "force": 0.0, "punished": 0.0},
    "georgia_2006": {"yield": 5.0, "punished": 1.0},
    "turkey_2015": {"yield": 216.0},
    "crimea_2014": {"force": 1.0, "deaths": 4.0},
    "kazakhstan_2022": {"alliance": 4.0},
}
#: what is not shown when one outcome is another; to settle never is shown of Turkey alone
OTHERWISE = {
    "tajikistan_2011": [("yield", 61.0), ("yield", NEVER), ("force", 1.0), ("punished", 1.0)],
    "georgia_2006": [("yield", 15.0), ("punished", 0.0), ("punished", None)],
    "turkey_2015": [("yield", 60.0)],
    "crimea_2014": [("force", 0.0), ("deaths", 25.0)],
    "kazakhstan_2022": [("alliance", 11.0), ("alliance", NEVER)],
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.episode)
def test_history_shows_what_was_asked_and_its_opposite_does_not(case: asked.Case) -> None:
    outcome = SHOWN[case.episode]
    assert case.shown(outcome)
    for kind, value in OTHERWISE[case.episode]:
        assert not case.shown(outcome | {kind: value})


def test_a_case_that_is_never_shown_weighs_more_than_one_shown_often() -> None:
    assert together((0.625,) * 5, 8) > together((0.0, 1.0, 1.0, 1.0, 1.0), 8) > together((0.0,) * 5, 8)
    assert together((0.0,) * 5, 40) < together((0.0,) * 5, 8)


def test_the_set_is_found_in_rounds_and_each_round_has_luck_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sets = [{"number": float(place)} for place in range(100)]
    asked_of: list[tuple[int, int, int]] = []

    def fake(some: Sequence[Mapping[str, float]], count: int, seed: int) -> list[Shares]:
        asked_of.append((len(some), count, seed))
        return [(numbers["number"] / 100.0,) * len(CASES) for numbers in some]

    monkeypatch.setattr(asked, "shares", fake)
    best, first = asked.chosen(sets, seed=5)
    assert best == len(sets) - 1 and len(first) == len(sets)
    kept = [len(sets), *(keep for _, keep in ROUNDS)]
    assert asked_of == [(kept[turn], count, 5 + turn) for turn, (count, _) in enumerate(ROUNDS)]


@pytest.mark.model
def test_shares_are_of_each_set_and_the_same_for_the_same_seed() -> None:
    sets = posterior()[:2]
    found = shares(sets, 3, 7)
    assert [len(own) for own in found] == [len(CASES)] * 2
    assert {round(share * 3, 9) for own in found for share in own} <= {0.0, 1.0, 2.0, 3.0}
    assert found == shares(sets, 3, 7)


def test_the_page_has_a_place_for_the_table() -> None:
    table = part((0.25,) * 5, (0.5,) * 5, 6, 0.375)
    assert "draw 7 of" in table and "0.38" in table
    assert table.count("| 25% | 50% |") == len(CASES)
    text = PAGE.read_text(encoding="utf-8")
    assert table in renewed(text, {"asked": table}) and f"{AFRESH} times" in text
