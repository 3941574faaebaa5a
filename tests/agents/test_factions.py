"""Who decides while the leader is held: a quorum of factions, later, and not of one mind."""

import numpy as np
import pytest

from model.agents.factions import Factions
from model.decision.coercion import STAKES
from model.decision.rule import CLASSES, Menu
from model.simulation import EscalationModel
from tests.toys import acts, run, world

pytestmark = pytest.mark.model
POLITICS = ("households",)
COERCER = "kremlin"
FACTIONAL = {"coercer": "factional"}
PASSIVE = {"decision": "scripted"}
MENU = Menu(
    ("wait", "free_detainee"),
    np.arange(2),
    np.array([CLASSES.index(c) for c in ("status_quo", "violent")]),
    np.ones(2),
)
#: everybody alike: what the leader gains by, all gain by
ALIKE = {
    "coercer.faction_successors": 0.0,
    "coercer.faction_return_spread": 0.0,
    "coercer.faction_war_spread": 0.0,
}


def held(numbers: dict[str, float] | None = None, replicate: int = 0) -> EscalationModel:
    return run(world("arrest", POLITICS, switches=FACTIONAL), 1, replicate, overrides=numbers)


def gains(stake: str, gain: float) -> np.ndarray:
    stakes = np.zeros((len(STAKES), 2))
    stakes[STAKES.index(stake), 1] = gain
    return stakes


@pytest.mark.parametrize("gain", [0.1, -0.1])
def test_factions_that_are_all_like_their_leader_agree_to_what_he_would_do(gain: float) -> None:
    factions = held(ALIKE).coercer.factions
    assert factions.ratify(MENU, gains("prestige", gain), 1) == 1
    assert factions.ratify(MENU, gains("prestige", gain), 0) == 0
    assert factions.unity == 1.0


def test_a_faction_that_hopes_to_succeed_him_does_not_want_him_back() -> None:
    factions = held(ALIKE | {"coercer.faction_successors": 1.0}).coercer.factions
    assert factions.ratify(MENU, gains("prestige", 0.1), 1) == 0
    assert factions.ratify(MENU, gains("economy", 0.1), 1) == 1


def test_a_quorum_decides_and_dissent_shows_in_unity() -> None:
    def divided(quorum: float) -> Factions:
        """Three of five who want him back, with a quorum."""
        numbers = {"coercer.faction_successors": 0.5, "coercer.faction_quorum": quorum}
        return next(
            factions
            for factions in (held(numbers, k).coercer.factions for k in range(20))
            if (factions.taste[:, STAKES.index("prestige")] > 0.0).sum() == 3
        )

    enough = divided(0.5)
    assert enough.ratify(MENU, gains("prestige", 0.1), 1) == 1
    assert enough.unity == pytest.approx(0.6)
    assert divided(0.7).ratify(MENU, gains("prestige", 0.1), 1) == 0


def test_agreement_takes_time_only_while_he_is_held() -> None:
    numbers = {"coercer.faction_delay": 2.0}
    model = held(numbers)
    assert model.coercer.delay == 2.0
    assert (
        run(world("arrest_release", POLITICS, switches=FACTIONAL), 5, overrides=numbers).coercer.delay == 0.0
    )
    assert run(world("arrest", POLITICS), 1, overrides=numbers).coercer.delay == 0.0


def test_factions_alike_and_quick_do_what_their_leader_would() -> None:
    numbers = ALIKE | {"coercer.faction_delay": 0.0, "coercer.faction_quorum": 0.6}
    for replicate in range(4):
        alone = acts(run(world("arrest", POLITICS), 20, replicate, overrides=numbers), COERCER)
        together = acts(
            run(world("arrest", POLITICS, switches=FACTIONAL), 20, replicate, overrides=numbers), COERCER
        )
        assert together == alone


def test_factions_go_on_deciding_when_he_is_dead_and_no_longer_when_he_is_home() -> None:
    dies = world(
        "arrest_hold", POLITICS, injects=[(2.0, "detainee_dies", 1.0, 9.0)], switches=FACTIONAL | PASSIVE
    )
    assert run(dies, 5).coercer.factions.deciding
    home = run(world("arrest_release", POLITICS, switches=FACTIONAL | PASSIVE), 5).coercer.factions
    assert not home.deciding and home.unity == 1.0


def test_factions_decide_where_their_own_leader_is_held_and_not_where_a_pilot_is() -> None:
    assert held().coercer.factions.deciding
    assert not held({f"{COERCER}.leader_at_stake": 0.0}).coercer.factions.deciding
