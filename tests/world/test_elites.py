"""An elite as networks: in calm all stay who stayed, doubt empties it, and contagion tips it."""

import pytest

from model.agents.army import climate
from model.parameters import behaviour
from model.randomness import Luck
from model.simulation import EscalationModel
from model.world.elites import Elites
from tests.toys import run, world

pytestmark = pytest.mark.model
NUMBERS = {key: number.value for key, number in behaviour().items()}


def after(doubt: float, contagion: float, days: int = 400, loyalty: float = 0.8) -> float:
    numbers = NUMBERS | {"elites.contagion": contagion, "elites.networks": 200.0}
    elites = Elites(numbers, loyalty, Luck(1, 0))
    for day in range(days):
        elites.step(day, doubt, 1.0)
    return elites.loyalty


@pytest.mark.parametrize("contagion", [0.0, 0.5, 1.5])
def test_without_doubt_nobody_leaves(contagion: float) -> None:
    assert after(0.0, contagion) == pytest.approx(0.8)


@pytest.mark.parametrize("contagion", [0.0, 0.5])
def test_below_one_contagion_multiplies_doubt(contagion: float) -> None:
    assert after(0.1, contagion) == pytest.approx(0.8 - 0.1 / (1.0 - contagion), abs=0.02)


def test_above_one_a_small_doubt_tips_the_whole() -> None:
    assert after(0.05, 1.5) == 0.0


def test_networks_leave_one_by_one() -> None:
    early, late = after(0.3, 0.5, days=5), after(0.3, 0.5, days=400)
    assert late < early < 0.8


def test_who_has_left_may_come_back() -> None:
    elites = Elites(NUMBERS | {"elites.contagion": 0.5}, 0.8, Luck(1, 0))
    for day in range(60):
        elites.step(day, 0.2, 1.0)
    low = elites.loyalty
    for day in range(60, 300):
        elites.step(day, 0.0, 1.0)
    assert low < elites.loyalty == pytest.approx(0.8, abs=0.05)


def threatened(rule: str, contagion: float, replicate: int = 0, **numbers: float) -> EscalationModel:
    """Sixty days under a blockade and an ultimatum in which nobody decides anything."""
    threat = [(0.5, "kremlin", "blockade"), (0.5, "kremlin", "issue_ultimatum")]
    switches = {"elites": rule, "decision": "scripted"}
    scenario = world("arrest_hold", ("households",), threat, switches=switches)
    more = {key.replace("__", "."): value for key, value in numbers.items()}
    return run(scenario, 60, replicate, overrides={"elites.contagion": contagion} | more)


def test_a_cascade_shows_in_the_loyalty_of_a_run() -> None:
    assert threatened("cascade", 1.5).opinion.loyalty < threatened("cascade", 0.0).opinion.loyalty
    assert threatened("drift", 1.5).opinion.loyalty == threatened("drift", 0.0).opinion.loyalty


def test_an_army_is_out_of_touch_as_far_as_its_commanders_networks_have_left() -> None:
    tipped, drift = (threatened(rule, 1.5, government__fall_rate=0.0) for rule in ("cascade", "drift"))
    assert climate(tipped).contact < 0.2 < climate(drift).contact == 1.0
    resisting = climate(drift)._replace(orders=1.0)
    tipped.theatre.climate = resisting._replace(contact=climate(tipped).contact)
    drift.theatre.climate = resisting
    assert tipped.theatre.win_chance("seizure") > drift.theatre.win_chance("seizure")


def test_an_elite_that_sees_the_end_coming_brings_the_government_down() -> None:
    def fallen(rule: str, contagion: float) -> int:
        rates = {"government__fall_rate": 0.03, "force__initiative_rate": 0.0008}
        runs = (threatened(rule, contagion, k, **rates) for k in range(8))
        return sum(not model.crisis.in_power for model in runs)

    assert fallen("drift", 1.5) == 0  # no street, no plot
    assert fallen("cascade", 1.5) > fallen("cascade", 0.0)
