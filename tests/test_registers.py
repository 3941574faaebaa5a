from __future__ import annotations

import csv
from pathlib import Path

import pytest

import model
from model.actions import CLASSES, actions, actions_of, drawn_actions
from model.outcomes import outcomes, series
from model.parameters import behaviour
from model.situation import ROLES

FOLDER = Path(model.__file__).parent


def event_codes() -> dict[str, dict[str, str]]:
    with (FOLDER / "event_codes.csv").open(newline="", encoding="utf-8") as lines:
        return {row["cameo"]: row for row in csv.DictReader(lines)}


@pytest.mark.parametrize("name", actions())
def test_codes_of_an_act_are_those_of_the_event_codes(name: str) -> None:
    action, code = actions()[name], event_codes()[actions()[name].cameo]
    assert action.goldstein == float(code["goldstein"])
    assert action.plover == code["plover"]
    low, _, high = (code["kahn_rung"] or "0").partition("-")
    assert int(low) <= action.kahn_rung <= int(high or low)
    hostility = int(code["mid_hostility"] or 0)
    assert action.mid_hostility == (4 if "4 when the person seized" in code["note"] else hostility)


def test_acts_have_known_roles_and_classes() -> None:
    for action in actions().values():
        assert action.role in (*ROLES, "agencies", "guest")
        assert action.kind in CLASSES
    assert [action.code for action in actions().values()] == list(range(len(actions())))
    assert {action.role for action in actions_of("court")} == {"court"}


def test_a_level_of_the_register_is_filled_in_by_a_run_and_by_nothing_else() -> None:
    keyed = {name: act.level_of for name, act in actions().items() if act.level_of}
    assert keyed == {"ban_goods": "coercer.goods_share"} and set(keyed.values()) <= set(behaviour())
    drawn = drawn_actions({"coercer.goods_share": 0.3})
    assert {name for name, act in drawn.items() if act != actions()[name]} == {"ban_goods"}
    assert drawn["ban_goods"].level == 0.3


def test_outcomes_are_told_apart_by_file() -> None:
    assert set(outcomes()) == set(outcomes("runs")) | set(outcomes("timeseries"))
    assert not set(outcomes("runs")) & set(outcomes("timeseries"))
    assert outcomes()["remittances_usd"].unit == "USD a day"
    assert outcomes("regions")["remittances_usd"].unit == "USD a week"
    assert outcomes()["end_state"].levels[0] == "not_arrested"
    assert [row.name for row in series()] == list(outcomes("timeseries"))
    with pytest.raises(ValueError, match="no file 'run'"):
        series("run")
