"""What the documents take from the code is what the code says, and the lists of the ODD protocol are complete."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from docs.generate import FOLDER, PARTS, PLACE, generated
from docs.states import Variable, found, held, variables
from model.agents.actor import Actor, Decider
from model.parameters import behaviour
from model.scenario import load_scenario
from model.settings import Settings
from model.simulation import ROLES, EscalationModel
from model.situation import ROLES as ROLES_OF_CASES

ODD = (FOLDER / "odd.md").read_text(encoding="utf-8")
#: the headings of the protocol's second update (Grimm and others 2020) and its design concepts
HEADINGS = (
    "1. Purpose and patterns", "2. Entities, state variables and scales", "3. Process overview and scheduling",
    "4. Design concepts", "5. Initialization", "6. Input data", "7. Submodels",
)  # fmt: skip
CONCEPTS = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction",
    "Stochasticity", "Collectives", "Observation",
)  # fmt: skip


def test_nothing_generated_is_out_of_date() -> None:
    out = generated()
    stale = [str(one.path.name) for one in out if one.stale]
    assert not stale, "renew with: uv run python -m docs.generate"
    assert {"parameters.md", "odd.md", "data-dictionary.md", "scenarios.md"} <= {one.path.name for one in out}


def test_every_part_that_can_be_generated_stands_somewhere() -> None:
    used = {
        match[2]
        for path in FOLDER.rglob("*.md")
        for match in PLACE.finditer(path.read_text(encoding="utf-8"))
    }
    assert used == set(PARTS)


def test_a_number_that_moves_makes_its_page_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    from docs import generate

    moved = {
        key: replace(n, value=n.value + 1.0) if key == "decision.horizon" else n
        for key, n in behaviour().items()
    }
    monkeypatch.setattr(generate, "behaviour", lambda: moved)
    assert [one.path.name for one in generate.generated() if one.stale] == ["parameters.md"]


def test_the_protocol_has_its_headings_in_order() -> None:
    assert tuple(re.findall(r"^## (\d\. .*)$", ODD, re.M)) == HEADINGS
    assert tuple(re.findall(r"^\*\*([A-Z][\w ]+)\.\*\*", ODD, re.M))[-len(CONCEPTS) :] == CONCEPTS


def test_the_order_of_a_tick_is_that_of_the_code() -> None:
    words = ("due", "perceive", "choose", "fight", "households", "economy", "legitimacy", "record")
    for text in (ODD.split("## 3. ")[1].split("## 4. ")[0], EscalationModel.step.__doc__ or ""):
        steps = re.findall(r"^\s*\d\. (.*)$", text, re.M)
        assert len(steps) == len(words)
        assert all(word in step for word, step in zip(words, steps, strict=True)), steps


def test_every_submodel_names_files_that_exist() -> None:
    named = re.findall(r"^### 7\.\d+a? .*\((.*)\)$", ODD, re.M)
    files = [name for entry in named for name in re.findall(r"`([\w/]+\.py)`", entry)]
    assert len(files) > 15
    for name in files:
        places = [FOLDER.parent / "model" / name, FOLDER.parent / "model" / "world" / name]
        assert any(place.is_file() for place in places), name


def test_every_number_that_the_protocol_names_exists() -> None:
    known = {key for key in behaviour()} | {key for key in load_scenario("arrest").numbers}
    sections = {key.split(".")[0] for key in known}
    for key in re.findall(r"`([a-z_]+\.[a-z_0-9]+)`", ODD):
        if key.split(".")[0] in sections and not key.endswith((".py", ".csv", ".toml")):
            assert key in known, key


# State variables: the table against a model that ran

BY_ENTITY: dict[str, list[Variable]] = {}
for _variable in variables():
    BY_ENTITY.setdefault(_variable.entity, []).append(_variable)
FIXED_TYPES = (int, float, str, bool, tuple, np.ndarray)


@pytest.fixture(scope="module")
def ran() -> tuple[dict[tuple[str, str], Any], EscalationModel]:
    """What is fixed as it was at the start, and the model after ten days."""
    told = load_scenario("story_as_told")
    scenario = replace(told, switches={**told.switches, "neighbours": "active"})
    model = EscalationModel(scenario, settings=Settings(days=10, households=200))
    start = {
        (v.entity, v.variable): copy.deepcopy(value)
        for v in variables()
        if v.kind == "fixed"
        if isinstance(value := getattr(found(model, v.where), v.variable), FIXED_TYPES)
    }
    return start, model.run()


@pytest.mark.parametrize("entity", BY_ENTITY)
def test_state_variables_are_those_of_the_code(
    entity: str, ran: tuple[dict[Any, Any], EscalationModel]
) -> None:
    rows = BY_ENTITY[entity]
    thing = found(ran[1], rows[0].where)
    told = {row.variable for row in rows}
    assert len(told) == len(rows), "a variable stands in two rows"
    if isinstance(thing, Actor):
        bases = ["actor"] + ["decider"] * isinstance(thing, Decider)
        if entity in bases:
            assert told <= held(thing)
            return
        told |= {row.variable for base in bases for row in BY_ENTITY[base]}
    there = held(thing)
    missing, gone = there - told - {"today"}, told - there
    assert not missing, f"docs/state.csv does not have {sorted(missing)}"
    assert not gone, f"{type(thing).__name__} no longer has {sorted(gone)}"


def test_what_is_called_fixed_does_not_change(ran: tuple[dict[Any, Any], EscalationModel]) -> None:
    start, model = ran
    where = {(v.entity, v.variable): v.where for v in variables()}
    moved = [
        key
        for key, value in start.items()
        if not np.array_equal(value, getattr(found(model, where[key]), key[1]))
    ]
    assert len(start) > 40 and not moved


def test_every_role_has_its_entity() -> None:
    assert {kind.role for kind in ROLES} == set(ROLES_OF_CASES)
    classes = {row.what for row in variables()} | {"garrison", "army"}  # their formations are theirs
    assert set(ROLES_OF_CASES) <= classes | {"alliance", "court"}
