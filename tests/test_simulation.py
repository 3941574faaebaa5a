"""The model as a user meets it: three lines, two tables, any case, and the same bytes for the same seed."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import mesa
import pytest

from model.ensemble.admission import admit
from model.outcomes import outcomes
from model.result import RunResult
from model.scenario import load_scenario
from model.settings import Settings
from model.simulation import EscalationModel, simulate
from tests.toys import acts, run, world

pytestmark = pytest.mark.model
HERE = Path(__file__).parent


def digest(result: RunResult) -> str:
    """Everything of a result that reaches a file, as one hash."""
    parts = [f"{name} {column.dtype} {column.tolist()}" for name, column in sorted(result.series.items())]
    parts += [repr(sorted(result.scalars.items())), repr(sorted(result.numbers.items()))]
    parts += [f"{name} {column.tolist()}" for name, column in result.events.items()]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def test_three_lines_are_enough() -> None:
    model = EscalationModel("arrest", seed=1, settings=Settings(days=20, households=300))
    model.run()
    series, events = model.timeseries(), model.events()
    assert isinstance(model, mesa.Model)
    assert len(series) == 20
    assert {"remittance_index", "army_strength", "detainee"} <= set(series)
    assert set(series["detainee"]) <= set(outcomes()["detainee"].levels)
    assert "arrest" in set(events["action"])


def test_the_seed_that_was_asked_for_counts_with_settings_too() -> None:
    model = EscalationModel("arrest", seed=7, settings=Settings(days=2, households=300))
    assert model.settings.seed == model.luck.seed == 7


@pytest.mark.parametrize(
    "wrong", [{"days": 0}, {"days": -2}, {"households": 0}, {"ticks_per_day": 0}, {"ticks_per_day": 3}]
)
def test_settings_of_which_no_run_can_be_made_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Settings(**wrong)


def test_aid_of_nothing_is_no_aid() -> None:
    nothing = {"eu.aid_usd": 0.0, "eu.fuel_aid_days": 0.0}
    none = run(world("arrest"), 30, overrides=nothing).result()
    empty = run(world("arrest", script=[(3.0, "eu", "grant_aid")]), 30, overrides=nothing).result()
    assert digest(none) == digest(empty)


def test_a_number_that_the_scenario_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="nope"):
        run(world("arrest"), 1, overrides={"nope.x": 1.0})


def test_a_result_is_complete_and_fit_for_a_batch() -> None:
    result = simulate(load_scenario("arrest"), 0, Settings(days=30, households=300, decisions=True))
    assert set(result.scalars) == set(outcomes("runs"))
    admit(result, 30)
    assert set(result.series) == set(outcomes("timeseries"))
    assert len(result.decisions["day"]) > 0


def test_a_run_that_is_not_over_has_no_result() -> None:
    with pytest.raises(ValueError, match="call run"):
        EscalationModel("arrest", settings=Settings(days=20, households=300)).result()


def test_the_smallest_case_runs_without_what_it_lacks() -> None:
    model = run(load_scenario(str(HERE / "cases" / "officer_held.toml")), 90)
    assert not set(model.record.series) & {"remittances_usd", "eu_statements", "csto_status", "icc_stage"}
    assert not model.record.reached("days_to_force")
    assert set(acts(model)) <= set(model.actions)
    admit(model.result(), 90)


ROLES = (
    "coercer", "government", "garrison", "army", "households", "norm_bloc", "alliance", "court", "onlookers"
)  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_a_case_may_lack_any_role(role: str) -> None:
    scenario = world("arrest", (role,))
    names = {actor.name for actor in scenario.actors}
    scenario = replace(scenario, script=tuple(act for act in scenario.script if act.actor in names))
    admit(run(scenario, 40).result(), 40)


@pytest.mark.parametrize("role", ["norm_bloc", "alliance", "court", "onlookers"])
def test_a_case_may_have_two_of_a_role(role: str) -> None:
    scenario = world("arrest", ("households",))
    twin = next(actor for actor in scenario.actors if actor.role == role)
    double = replace(scenario, actors=(*scenario.actors, twin))
    admit(run(double, 30).result(), 30)


def test_what_is_forbidden_is_not_done() -> None:
    for replicate in range(6):
        model = run(world("arrest_no_force", ("households",)), 60, replicate)
        assert not {"free_detainee", "blockade", "seize_government"} & set(acts(model))


def test_what_is_scripted_happens_on_its_day() -> None:
    model = run(world("arrest", ("households",), [(5.5, "kremlin", "recall_ambassador")]), 10)
    recalled = [e.day for e in model.record.events if e.action.name == "recall_ambassador"]
    assert 5.5 in recalled or recalled[0] < 5.5  # it may have come to it by itself


def test_a_mediator_offers_a_way_out() -> None:
    model = run(world("arrest", ("households",), injects=[(1.0, "mediator", 1.0, 20.0)]), 5)
    assert model.crisis.face > 0.0


@pytest.mark.parametrize(
    "event", ["transfer_outage", "fuel_shipment", "emergency_aid_usd", "rouble_shock", "russian_output_shock"]
)
def test_an_event_of_size_0_is_no_event(event: str) -> None:
    plain = run(world("arrest"), 30).result()
    empty = run(world("arrest", injects=[(3.0, event, 0.0, 10.0)]), 30).result()
    assert digest(plain) == digest(empty)


@pytest.mark.parametrize(
    "event", ["transfer_outage", "fuel_shipment", "emergency_aid_usd", "rouble_shock", "russian_output_shock"]
)
def test_an_event_of_some_size_is_one(event: str) -> None:
    size = {"emergency_aid_usd": 1e9, "fuel_shipment": 20.0}.get(event, 0.5)
    plain = run(world("arrest"), 30).result()
    assert digest(plain) != digest(run(world("arrest", injects=[(3.0, event, size, 10.0)]), 30).result())


def test_measures_under_a_ceiling_of_0_are_no_measures() -> None:
    passive = {"decision": "scripted"}
    none = run(world("no_arrest", switches=passive), 40).result()
    script = [(1.0, "kremlin", "block_transfers"), (1.0, "kremlin", "cut_fuel")]
    empty = run(
        world("no_arrest", script=script, switches=passive), 40, overrides={"coercer.pressure_ceiling": 0.0}
    ).result()
    for name in ("remittances_usd", "poverty_rate", "output_index", "fuel_stock_days", "migrants_in_russia"):
        assert none.series[name].tobytes() == empty.series[name].tobytes()


def test_a_replicate_has_the_same_numbers_in_every_scenario() -> None:
    first = run(world("arrest"), 1, 3, parameters="prior").numbers
    other = run(world("base_half_strength"), 1, 3, parameters="prior").numbers
    changed = {key for key in first if first[key] != other[key]}
    assert changed == {"base_dushanbe.strength", "base_bokhtar.strength"}


@pytest.mark.bytes
def test_the_same_seed_gives_the_same_bytes_whatever_the_hash_seed() -> None:
    code = (
        "from tests.test_simulation import digest; from tests.toys import run;"
        "print(digest(run('arrest_hold', 40, 2, parameters='prior').result()))"
    )
    seen = {digest(run("arrest_hold", 40, 2, parameters="prior").result())}
    for seed in ("0", "4711"):
        env = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(HERE.parent)}
        done = subprocess.run(
            [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
        )
        seen.add(done.stdout.strip())
    assert len(seen) == 1


@pytest.mark.bytes
def test_another_seed_gives_another_run() -> None:
    runs = {
        digest(simulate(load_scenario("arrest"), 0, Settings(seed=s, days=20, households=300)))
        for s in (1, 2)
    }
    assert len(runs) == 2


@pytest.mark.warnings
def test_no_warning_of_mesa_or_numpy() -> None:
    code = (
        "from model.simulation import EscalationModel, Settings;"
        "EscalationModel('arrest', settings=Settings(days=5, households=200)).run().timeseries()"
    )
    env = os.environ | {"PYTHONPATH": str(HERE.parent)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
