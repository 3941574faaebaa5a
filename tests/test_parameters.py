from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.parameters import Number, behaviour, draw, posterior, read_section, sources
from model.randomness import Luck
from model.toml_source import read_toml

ENTRY = {
    "value": "0.35",
    "unit": '"share"',
    "low": "0.2",
    "high": "0.5",
    "distribution": '"triangular"',
    "kind": '"uncertainty"',
    "grade": '"D"',
    "source": '["assumption"]',
    "note": '"a share"',
}


def problems(tmp_path: Path, **changes: str | None) -> list[str]:
    entry = {key: value for key, value in (ENTRY | changes).items() if value is not None}
    path = tmp_path / "numbers.toml"
    path.write_text("[toy.share]\n" + "".join(f"{key} = {value}\n" for key, value in entry.items()))
    document = read_toml(path)
    return [
        str(p).removeprefix(str(tmp_path)) for p in read_section(document, "toy", document.values["toy"])[1]
    ]


def test_a_sound_number_loads(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


@pytest.mark.parametrize("key", [key for key in ENTRY if key != "distribution"])
def test_a_number_without_its_evidence_does_not_load(tmp_path: Path, key: str) -> None:
    (message,) = problems(tmp_path, **{key: None})
    assert message.startswith(f"/numbers.toml:1: toy.share.{key}: missing; expected ")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"value": "0.6"}, "2: toy.share.value: expected within 0.2 to 0.5, found 0.6"),
        ({"low": "0.7"}, "toy.share.low: expected at most high"),
        ({"value": "true"}, "toy.share.value: expected a number, found true"),
        ({"value": "inf"}, "toy.share.value: expected a finite number"),
        ({"unit": '""'}, "toy.share.unit: expected a text that is not empty"),
        ({"distribution": None}, "toy.share.distribution: missing"),
        ({"distribution": '"triangel"'}, "(nearest valid name: triangular)"),
        ({"distribution": '"loguniform"', "low": "0"}, "toy.share.low: expected above 0"),
        ({"distribution": '"discrete"'}, "toy.share.values: expected values and as many weights"),
        ({"values": "[0.3]"}, "toy.share.values: expected only with the distribution discrete"),
        ({"source": '["B117"]'}, "toy.share.source: expected ids of model/sources.csv"),
        ({"source": "[]"}, "toy.share.source: expected an array that is not empty"),
        ({"grade": '"A"'}, "toy.share.grade: expected D for an assumption, found A"),
        ({"hihg": "1"}, "toy.share.hihg: unknown key"),
    ],
)
def test_a_wrong_number_is_refused(tmp_path: Path, changes: dict[str, str | None], expected: str) -> None:
    found = problems(tmp_path, **changes)
    assert any(expected in message for message in found), found


def test_a_discrete_number_loads(tmp_path: Path) -> None:
    discrete = {"distribution": '"discrete"', "values": "[0.2, 0.35]", "weights": "[1, 2]"}
    assert problems(tmp_path, **discrete) == []
    assert "weights" in problems(tmp_path, **(discrete | {"weights": "[0, 0]"}))[0]
    assert "values" in problems(tmp_path, **(discrete | {"values": "[0.2, 0.9]"}))[0]


def test_the_numbers_of_behaviour_load_and_cite_known_sources() -> None:
    known = {*sources(), "assumption"}
    assert all(set(number.source) <= known for number in behaviour().values())


def test_keys_have_different_luck() -> None:
    codes = [crc32(key.encode()) for key in behaviour()]
    assert len(codes) == len(set(codes))


def number(key: str, distribution: str = "uniform", kind: str = "uncertainty") -> Number:
    return Number(key, 0.3, "1", 0.2, 0.5, distribution, kind, "D", ("assumption",), "x")


@given(st.integers(0, 2**40), st.integers(0, 10_000))
def test_a_draw_depends_on_nothing_but_its_key(seed: int, replicate: int) -> None:
    luck = Luck(seed, replicate)
    numbers = {key: number(key) for key in ("a.one", "a.two", "b.one")}
    drawn = draw(numbers, luck, "prior")
    assert drawn == draw(dict(reversed(numbers.items())), luck, "prior")
    assert drawn["a.two"] == draw({"a.two": numbers["a.two"]}, luck, "prior")["a.two"]
    assert all(0.2 <= value <= 0.5 for value in drawn.values())
    assert len(set(drawn.values())) == 3


def test_only_uncertainties_are_sampled() -> None:
    numbers = {"a.lever": number("a.lever", kind="lever"), "a.free": number("a.free", "triangular")}
    assert draw(numbers, Luck(1, 0), "nominal") == {"a.lever": 0.3, "a.free": 0.3}
    sampled = draw(numbers, Luck(1, 0), "prior")
    assert sampled["a.lever"] == 0.3 != sampled["a.free"]
    with pytest.raises(ValueError, match="no mode 'guess'"):
        draw(numbers, Luck(1, 0), "guess")


def test_the_posterior_is_joint_where_history_informs_and_the_prior_elsewhere() -> None:
    known, rows, luck = behaviour(), posterior(), Luck(1, 3)
    drawn, prior = draw(known, luck, "posterior"), draw(known, luck, "prior")
    informed = set(rows[0])
    assert {key: drawn[key] for key in informed} in [dict(row) for row in rows]
    assert {key: drawn[key] for key in set(known) - informed} == {
        key: prior[key] for key in set(known) - informed
    }
    assert len({draw(known, Luck(1, k), "posterior")["decision.inertia"] for k in range(50)}) > 30


def test_a_number_that_a_scenario_made_its_own_is_not_taken_from_the_posterior() -> None:
    known, luck = behaviour(), Luck(1, 3)
    own = replace(known["decision.inertia"], low=3.0, high=4.0, value=3.5)
    changed, drawn = (draw(n, luck, "posterior") for n in (known | {own.key: own}, known))
    assert 3.0 <= changed.pop(own.key) <= 4.0 < drawn.pop(own.key)
    assert changed == drawn


def test_sources_carry_the_literature_and_the_base_rates() -> None:
    table = sources()
    assert {"FEARON_1994", "KAHN_1965", "BASE_icb2_all_1", "SERIES_fuel", "REM_2008", "B17"} <= set(table)
    assert all(row.kind in ("data", "literature", "expert") for row in table.values())
    assert all(row.source for row in table.values() if row.status not in ("recalled", "not found"))
