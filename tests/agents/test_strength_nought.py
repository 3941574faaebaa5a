"""What has no strength does nothing, bit for bit; and what moves between places or pockets is not lost on the way."""

import numpy as np
import pytest

from model.result import RunResult
from model.scenario import INJECTS
from tests.toys import run, world

pytestmark = pytest.mark.model
PASSIVE = {"decision": "scripted"}
COERCER = "kremlin"
MEASURES = ("block_transfers", "cut_fuel", "raid_migrants", "ban_entry", "ban_flights", "embargo_trade")


def different(one: RunResult, other: RunResult) -> set[str]:
    assert set(one.series) == set(other.series)
    return {name for name in one.series if one.series[name].tobytes() != other.series[name].tobytes()}


def test_measures_at_a_ceiling_of_0_are_none() -> None:
    script = [(1.0, COERCER, measure) for measure in MEASURES]
    none = run(world("no_arrest", switches=PASSIVE), 40)
    scripted = world("no_arrest", script=script, switches=PASSIVE)
    at_0 = run(scripted, 40, overrides={"coercer.pressure_ceiling": 0.0})
    assert not different(none.result(), at_0.result())
    assert none.record.events == at_0.record.events
    assert at_0.coercer.cost_usd == 0.0
    at_1 = run(scripted, 40, overrides={"coercer.pressure_ceiling": 1.0})
    assert {"remittances_usd", "fuel_stock_days", "poverty_rate"} <= different(none.result(), at_1.result())


@pytest.mark.parametrize("event", sorted(INJECTS))
def test_any_outside_event_of_size_0_is_none(event: str) -> None:
    plain = run(world("arrest"), 25).result()
    nought = run(world("arrest", injects=[(3.0, event, 0.0, 10.0)]), 25).result()
    assert not different(plain, nought)
    assert plain.scalars == nought.scalars


@pytest.mark.parametrize("event", sorted(INJECTS))
def test_any_outside_event_at_its_most_is_felt(event: str) -> None:
    # A threatened host that holds on: what others offer or promise counts, and every channel is in use.
    size = {"emergency_aid_usd": 1e9, "fuel_shipment": 30.0}.get(event, 1.0)
    script = [(0.5, COERCER, "cut_fuel"), (0.5, COERCER, "issue_ultimatum")]
    name, day = ("refuse_visit", 0.0) if event == "joint_refusal" else ("arrest", 0.25)
    plain = world(name, script=script)
    moved = world(name, script=script, injects=[(day, event, size, 10.0)])
    assert any(different(run(plain, 40, k).result(), run(moved, 40, k).result()) for k in range(4))


def test_an_aid_of_0_usd_moves_no_money() -> None:
    number = {"eu.aid_usd": 0.0, "eu.fuel_aid_days": 0.0}
    none = run(world("no_arrest", switches=PASSIVE), 40, overrides=number).result()
    scenario = world("no_arrest", script=[(2.0, "eu", "grant_aid")], switches=PASSIVE)
    assert not different(none, run(scenario, 40, overrides=number).result())


@pytest.mark.parametrize("name", ["no_arrest", "pressure_100", "story_as_told"])
def test_the_stock_of_migrants_changes_by_its_flows_alone(name: str) -> None:
    series = run(name, 70, households=1000).timeseries()
    flows = series["departures"] - series["returned"] - series["deported"]
    stock = series["migrants_in_russia"] - series["migrants_in_russia"].iloc[0]
    assert np.abs(stock - (flows - flows.iloc[0])).max() < 1e-6 * series["migrants_in_russia"].iloc[0]


@pytest.mark.parametrize("name", ["pressure_100", "story_as_told"])
def test_weeks_of_the_regions_add_up_to_the_days_of_the_country(name: str) -> None:
    model = run(name, 70, households=1000)
    result = model.result()
    for flow, series in (("remittances_usd", "remittances_usd"), ("protesters", "protesters")):
        weeks = result.series[series].reshape(10, 7).sum(axis=1)
        assert result.regions[flow].sum(axis=1) == pytest.approx(weeks, rel=1e-9)
    deported = result.series["deported"][6::7]
    assert np.cumsum(result.regions["deported"].sum(axis=1)) == pytest.approx(deported, rel=1e-9)
    stock = result.series["migrants_in_russia"][6::7]
    assert result.regions["migrants_in_russia"].sum(axis=1) == pytest.approx(stock, rel=1e-9)


@pytest.mark.parametrize("replicate", range(3))
def test_the_army_is_under_command_lost_or_dead(replicate: int) -> None:
    theatre = run(world("story_as_told", ("households",)), 40, replicate).theatre
    initial = sum(formation.initial for formation in theatre.army)
    under = round(theatre.army_strength * initial)
    assert under + theatre.captured + theatre.defected + theatre.killed_army == initial
