"""Days at rest pass in one go, and leave the world as if each had been lived."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import simulation
from model.episode import EPISODES, load_episode, shipped_episodes
from model.rest import days_at_rest
from model.scenario import Inject, Scenario, ScriptedAct, load_scenario
from model.scenario_file import INJECTS, SWITCHES
from model.settings import Settings
from model.simulation import EscalationModel
from model.world.elites import Elites
from tests.toys import world

pytestmark = [pytest.mark.model, pytest.mark.bytes]
LIVED = 30
BEGUN = ("arrest", "arrest_release", "no_arrest", "refuse_visit", "story_as_told", "punish_after_release")


@pytest.fixture
def quiet() -> EscalationModel:
    """A world in which there is nothing to quarrel about any more, with so many days to be lived."""
    scenario = world("no_arrest", ("households",), switches={"decision": "scripted"})
    model = EscalationModel(scenario, settings=Settings(days=1100, series=False))
    while model.day < 1100 - LIVED:
        model.step()
    model.blocs[0].next_council = 0.0
    return model


def lived(scenario: Scenario, replicate: int, days: int, by_day: bool) -> tuple[EscalationModel, int]:
    """A run without the series, and how many days it was spared; every day is lived where it is to go by day."""
    spared = 0

    def let_pass(model: EscalationModel, some: int) -> None:
        nonlocal spared
        spared += some
        passed(model, some)

    passed = simulation.let_pass
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simulation, "let_pass", let_pass)
        if by_day:
            patch.setattr(simulation, "days_at_rest", lambda model: 0)
        made = Settings(seed=3, days=days, parameters="prior", series=False)
        return EscalationModel(scenario, 3, replicate, made).run(), spared


def told(model: EscalationModel) -> dict[str, Any]:
    """All that came of a run, and where it left everybody."""
    result = model.result()
    actors = [
        (d.alertness, d.quiet, d.audience.commitment, d.audience.affront, d.belief.weights.tolist())
        for d in (model.coercer, model.government)
        if d is not None
    ]
    host, opinion = model.government, model.opinion
    return {
        "scalars": dict(result.scalars),
        "events": {name: column.tolist() for name, column in result.events.items()},
        "actors": actors,
        "host": host and (host.support.mean, host.punishment.mean, host.calm_days, host.seen_unrest),
        "opinion": (opinion.story, opinion.legitimacy, opinion.loyalty),
        "climate": model.theatre.climate,
        "displaced": model.theatre.displaced,
        "time": (model.day, model.clock, len(model.agenda)),
        "policies": {policy: level for policy, level in model.crisis.host.items() if level > 0.0},
    }


def assert_the_same(scenario: Scenario, replicate: int, days: int) -> int:
    """One run as it is, and one day by day; returns how many days the first was spared."""
    model, spared = lived(scenario, replicate, days, by_day=False)
    other, none = lived(scenario, replicate, days, by_day=True)
    assert told(model) == told(other)
    assert none == 0
    return spared


@pytest.mark.parametrize("name", shipped_episodes(EPISODES))
def test_an_episode_is_the_same_as_by_day(name: str) -> None:
    assert_the_same(load_episode(name).scenario, 2, 1100)


def test_days_are_spared_where_there_was_no_quarrel_and_after_one_is_over() -> None:
    assert assert_the_same(load_episode("hungary_2025").scenario, 0, 1100) > 900
    assert max(assert_the_same(load_episode("crimea_2014").scenario, k, 1100) for k in range(6)) > 100


def take_offence(model: EscalationModel) -> None:
    model.coercer.take_offence(1.0)


def press(model: EscalationModel) -> None:
    model.crisis.press("raids", 0.1, model.day)


def rise_up(model: EscalationModel) -> None:
    model.crisis.injected["unrest"] = 0.01


def resent(model: EscalationModel) -> None:
    model.crisis.stage = "defied"


def hold(model: EscalationModel) -> None:
    model.custody.state = "held"


def receive(model: EscalationModel) -> None:
    model.summit.present = True


def alert(model: EscalationModel) -> None:
    model.theatre.order("alert", model.day)


def fight(model: EscalationModel) -> None:
    model.affairs.fighting = True


def plot(model: EscalationModel) -> None:
    model.opinion._elites = Elites(model.numbers, 0.5, model.luck)


@pytest.mark.parametrize(
    "stir",
    [take_offence, press, rise_up, resent, hold, receive, alert, fight, plot],
    ids=lambda s: s.__name__,
)
def test_no_day_is_at_rest_on_which_something_may_happen(
    quiet: EscalationModel, stir: Callable[[EscalationModel], None]
) -> None:
    assert days_at_rest(quiet) == LIVED - 1
    stir(quiet)
    assert days_at_rest(quiet) == 0


def set_in_motion(model: EscalationModel) -> None:
    model.agenda.enter(model.day + 9.5, lambda: None)


def call_a_council(model: EscalationModel) -> None:
    model.blocs[0].next_council = model.day + 9.5


def give_way(model: EscalationModel) -> None:
    model.ended = "released"
    model.crisis.settled_on = model.day + 10.5 - model.numbers["milestones.punished_after_days"]


@pytest.mark.parametrize("due", [set_in_motion, call_a_council, give_way], ids=lambda s: s.__name__)
def test_rest_lasts_until_the_day_before_what_is_due(
    quiet: EscalationModel, due: Callable[[EscalationModel], None]
) -> None:
    due(quiet)
    assert days_at_rest(quiet) == 9  # on the tenth it is met


def test_no_day_is_spared_of_which_a_line_is_kept() -> None:
    scenario = load_episode("hungary_2025").scenario
    model = EscalationModel(scenario, settings=Settings(days=100)).run()
    assert len(model.timeseries()) == 100
    assert (model.timeseries().notna()).all(axis=None)


events = st.sampled_from(sorted(INJECTS)).flatmap(
    lambda name: st.builds(
        Inject,
        st.floats(0.0, 250.0),
        st.just(name),
        st.sampled_from([max(INJECTS[name].low, 0.0), min(INJECTS[name].high, 1.0)]),
        st.floats(1.0, 120.0),
    )
)
acts = st.sampled_from(
    ["order_resistance", "ration", "declare_martial_law", "cut_internet", "release", "negotiate"]
)
scripts = st.builds(ScriptedAct, st.floats(0.0, 250.0), st.just("tajikistan"), acts)
switches = st.fixed_dictionaries(
    {},
    optional={
        name: st.sampled_from(SWITCHES[name])
        for name in ("decision", "beliefs", "arrest", "elites", "neighbours", "summit", "coercer")
    },
)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(BEGUN), st.integers(0, 50), st.lists(events, max_size=4), st.lists(scripts, max_size=3), switches
)  # fmt: skip
def test_any_world_is_the_same_as_by_day(
    name: str,
    replicate: int,
    injects: list[Inject],
    script: list[ScriptedAct],
    changed: dict[str, str],
) -> None:
    scenario = load_scenario(name)
    scenario = replace(
        scenario,
        actors=tuple(actor for actor in scenario.actors if actor.role != "households"),
        script=(*scenario.script, *script),
        injects=(*scenario.injects, *injects),
        switches=scenario.switches | changed,
    )
    assert_the_same(scenario, replicate, 300)
