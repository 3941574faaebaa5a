"""The scenarios in depth: each differs from its control by the switches that it names, and none is in the main job."""

from dataclasses import replace

import pytest

from model.scenario import Scenario, load_scenario
from model.scenario_chain import SCENARIOS, shipped
from model.scenario_file import DEFAULT_SWITCHES
from tests.toys import acts, run

DEPTH = SCENARIOS / "depth"
#: scenario -> its control
PAIRS = {
    **dict.fromkeys(("chain", "factions", "cascade", "neighbours", "guests", "eight"), "alone"),
    "choice_chain": "choice",
    "held_cascade": "held",
    "called_quorum": "called",
    "handed_over_neighbours": "handed_over",
    "short_of_fuel_neighbours": "short_of_fuel",
}
#: scenario -> switch of the act in its script
SCRIPTED = {"besieged": "leverage", "reinforced": "reinforcement", "moved": "custody"}


def of(name: str) -> Scenario:
    return load_scenario(DEPTH / f"{name}.toml")


@pytest.mark.parametrize("name", PAIRS)
def test_a_switch_is_all_that_tells_a_scenario_from_its_control(name: str) -> None:
    control, deep = of(PAIRS[name]), of(name)
    assert control.switches == DEFAULT_SWITCHES != deep.switches
    named = {"name": control.name, "title": control.title, "question": control.question}
    assert replace(deep, switches=control.switches, **named) == control  # type: ignore[arg-type]


@pytest.mark.model
@pytest.mark.parametrize(("name", "switch"), SCRIPTED.items())
def test_an_act_without_its_switch_is_passed_over(name: str, switch: str) -> None:
    off = of(name).switches | {switch: DEFAULT_SWITCHES[switch]}
    assert acts(run(replace(of(name), switches=off), 5)) == acts(run(of("alone"), 5))


def test_every_switch_in_depth_is_measured_and_none_in_the_main_job() -> None:
    names = {path.stem for path in DEPTH.glob("*.toml")}
    assert names == {*PAIRS, *PAIRS.values(), *SCRIPTED}
    assert not names & set(shipped())
    off = {key: value for key, value in DEFAULT_SWITCHES.items()}
    switched = {key for name in names for key, value in of(name).switches.items() if value != off[key]}
    assert switched == {
        "arrest", "coercer", "elites", "alliance", "neighbours", "reinforcement", "leverage", "summit", "custody"
    }  # fmt: skip
