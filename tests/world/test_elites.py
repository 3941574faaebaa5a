"""An elite as networks: in calm all stay who stayed, doubt empties it, and contagion tips it."""

import pytest

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


def test_a_cascade_shows_in_the_loyalty_of_a_run() -> None:
    def loyalty(rule: str, contagion: float) -> float:
        threat = [(0.5, "kremlin", "blockade"), (0.5, "kremlin", "issue_ultimatum")]
        switches = {"elites": rule, "decision": "scripted"}
        scenario = world("arrest_hold", ("households",), threat, switches=switches)
        model: EscalationModel = run(scenario, 60, overrides={"elites.contagion": contagion})
        return model.opinion.loyalty

    assert loyalty("cascade", 1.5) < loyalty("cascade", 0.0)
    assert loyalty("drift", 1.5) == loyalty("drift", 0.0)
