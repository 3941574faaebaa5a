from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

import model
from model.actions import CLASSES, actions, actions_of, drawn_actions
from model.outcomes import outcomes, series
from model.parameters import behaviour
from model.settings import Settings
from model.simulation import EscalationModel
from model.situation import ROLES
from tests.toys import world

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


def test_levels_and_lead_times_of_the_register_are_filled_in_by_a_run() -> None:
    levels = {name: act.level_of for name, act in actions().items() if act.level_of}
    leads = {name: act.lead_of for name, act in actions().items() if act.lead_of}
    assert levels == {"ban_goods": "coercer.goods_share"}
    assert leads == {name: f"orders.{name}" for name in leads}
    assert set(leads.values()) == {key for key in behaviour() if key.startswith("orders.")}
    numbers = {key: number.value for key, number in behaviour().items()}
    drawn = drawn_actions(numbers | {"coercer.goods_share": 0.3, "orders.ban_flights": 6.0})
    assert drawn["ban_goods"].level == 0.3 and drawn["ban_flights"].lead_days == 6.0
    for name, act in drawn.items():
        kept = replace(act, level=actions()[name].level, lead_days=actions()[name].lead_days)
        assert kept == actions()[name] and (act.level == kept.level) == (name not in levels)
        assert act.lead_days == (numbers[leads[name]] if name in leads else 0.0) or name == "ban_flights"


def test_an_act_is_done_as_long_after_its_order_as_its_number_says() -> None:
    def day_of(lead: float) -> float:
        scripted = world("arrest", ("households",), switches={"decision": "scripted"})
        numbers = {"orders.cut_internet": lead}
        run = EscalationModel(scripted, 1, 0, Settings(days=40, parameters="nominal"), numbers)
        assert run.government is not None
        run.government.order(run.actions["cut_internet"])
        run.run()
        (day,) = [event.day for event in run.record.events if event.action.name == "cut_internet"]
        return day

    # the same luck stretches both, and an act is done at the first tick after it is due
    assert day_of(8.0) - 2.0 * day_of(4.0) == pytest.approx(0.0, abs=0.5) and day_of(4.0) > 1.0


def test_outcomes_are_told_apart_by_file() -> None:
    assert set(outcomes()) == set(outcomes("runs")) | set(outcomes("timeseries"))
    assert not set(outcomes("runs")) & set(outcomes("timeseries"))
    assert outcomes()["remittances_usd"].unit == "USD a day"
    assert outcomes("regions")["remittances_usd"].unit == "USD a week"
    assert outcomes()["end_state"].levels[0] == "not_arrested"
    assert [row.name for row in series()] == list(outcomes("timeseries"))
    with pytest.raises(ValueError, match="no file 'run'"):
        series("run")
