"""One run, stepped: the same as a run in one go, and what is seen of it on the way."""

from __future__ import annotations

import numpy as np
import pytest

from model.dashboard.course import CAME_ABOUT, MATTER, Course
from model.outcomes import outcomes
from model.scenario import load_scenario
from model.settings import Settings
from model.simulation import simulate

SETTINGS = Settings(days=12, households=300, parameters="posterior")


@pytest.fixture(scope="module")
def course() -> Course:
    """A run with force, at its horizon, by steps of a quarter of a day."""
    found = Course(load_scenario("story_as_told"), SETTINGS, 1)
    while not found.over:
        found.go_to(found.day + 0.25)
    return found


def test_a_run_by_steps_is_the_run_in_one_go(course: Course) -> None:
    whole = simulate(course.scenario, 1, SETTINGS)
    for name, values in whole.series.items():
        seen = course.series(name)
        assert seen is not None and np.array_equal(seen, values), name
    assert len(whole.events["day"]) == sum(bool(act.actor) for act in course.acts())


def test_before_the_first_step_the_places_are_shown_and_no_model_is_made() -> None:
    fresh = Course(load_scenario("arrest"), SETTINGS, 0)
    assert {site.holder for site in fresh.sites() if site.kind != "base"} == {"host"}
    assert fresh.day == 0.0 and fresh.acts() == [] and fresh.series("rung") is None
    assert fresh._model is None


def test_the_sites_agree_with_what_the_record_says_of_them(course: Course) -> None:
    sites = course.sites()
    taken = [site for site in sites if site.holder == "coercer" and site.kind != "base"]
    assert len(taken) == course.model.theatre.sites_held_by_base > 0
    held = [site.holder == "host" for site in sites if site.kind != "base"]
    assert sum(held) / len(held) == course.model.theatre.territory_held


def test_every_soldier_of_the_base_is_somewhere(course: Course) -> None:
    fresh = Course(load_scenario("story_as_told"), SETTINGS, 1)
    fresh.go_to(0.25)
    whole = sum(f.strength for f in fresh.model.theatre.garrison)
    seen = sum(site.coercers + site.coming for site in fresh.sites())
    assert seen == whole > 1000


def test_the_feed_is_newest_first_and_tells_what_came_about(course: Course) -> None:
    acts = course.acts()
    days = [act.day for act in acts]
    assert days == sorted(days, reverse=True)
    assert "Force is used" in {act.text for act in acts if not act.actor}


def test_every_state_and_milestone_that_is_told_exists() -> None:
    assert set(MATTER) == set(outcomes()["detainee"].levels)
    assert set(CAME_ABOUT) <= set(outcomes("runs"))


def test_a_case_without_places_or_people_can_be_stepped(write_toy: object) -> None:
    assert callable(write_toy)
    toy = Course(load_scenario(write_toy()), SETTINGS, 0)
    toy.go_to(2.0)
    assert toy.sites() == [] and toy.series("remittance_index") is None and toy.series("rung") is not None
