"""What a reader does to a session, one thing after the other, without a browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from model.dashboard.ladder import ladder
from model.dashboard.session import Session
from model.settings import Settings

SETTINGS = Settings(days=20, households=300, parameters="posterior")


@pytest.fixture
def session() -> Iterator[Session]:
    """A session that does what is wished when told to settle."""
    found = Session("arrest_hold", SETTINGS)
    yield found
    found.close()


def seen(session: Session) -> list[tuple[float, str, str]]:
    """All acts of the first run."""
    return [(act.day, act.actor, act.text) for act in session.courses[0].acts()]


def test_a_step_is_as_long_as_the_pace(session: Session) -> None:
    session.pace = 0.25
    session.step()
    session.settle()
    assert session.day == 0.25
    session.pace = 7.0
    session.step()
    session.settle()
    assert session.day == 7.25


def test_playing_goes_on_to_the_horizon_and_stops_there(session: Session) -> None:
    session.play()
    assert session.playing
    session.settle()
    assert session.day == 20.0 and session.over and not session.playing
    session.play()
    assert not session.playing


def test_reset_goes_back_and_the_same_run_comes_again(session: Session) -> None:
    session.step(10)
    session.settle()
    before = seen(session)
    session.reset()
    session.settle()
    assert session.day == 0.0 and seen(session) == []
    session.step(10)
    session.settle()
    assert seen(session) == before != []


def test_a_lever_moved_brings_another_run_to_the_same_day_and_moved_back_the_first_one(
    session: Session,
) -> None:
    session.step(10)
    session.settle()
    before = seen(session)
    for key in ("kremlin.demand_stake", "kremlin.shield"):
        lever = session.choice.levers[key]
        session.move(key, lever.low if key.endswith("stake") else lever.high)
    session.settle()
    assert session.day == 10.0 and seen(session) != before
    session.release_levers()
    session.settle()
    assert session.day == 10.0 and seen(session) == before


def test_two_scenarios_meet_the_same_luck(session: Session) -> None:
    session.compare("no_arrest")
    session.step(5)
    session.settle()
    one, other = session.courses
    assert one.day == other.day == 5.0
    same = one.model.numbers.keys() & other.model.numbers.keys()
    assert all(one.model.numbers[key] == other.model.numbers[key] for key in same)
    session.draw(7)
    session.settle()
    assert [course.replicate for course in session.courses] == [7, 7] and session.day == 5.0


def test_a_scenario_is_compared_with_itself_only_once_a_lever_was_moved(session: Session) -> None:
    session.compare("arrest_hold")
    session.settle()
    assert len(session.courses) == 1
    session.switch("combat", "none")
    session.settle()
    assert [course.scenario.name for course in session.courses] == ["arrest_hold_as_seen", "arrest_hold"]
    session.compare(None)
    session.settle()
    assert len(session.courses) == 1


def test_another_scenario_begins_from_the_start_with_its_own_levers(session: Session) -> None:
    session.move("kremlin.shield", 0.2)
    session.step(3)
    session.settle()
    session.choose("open_choice")
    session.settle()
    assert session.day == 0.0 and session.goal == 0.0 and not session.choice.touched


def test_what_cannot_be_chosen_is_said_and_nothing_changes(session: Session, tmp_path: Path) -> None:
    session.choose("arest_hold")
    assert "arrest_hold" in session.problem and session.choice.reference == "arrest_hold"
    late = tmp_path / "late.toml"
    text = 'title = "Late"\nquestion = "?"\nextends = "arrest"\n'
    late.write_text(text + '[[inject]]\nday = 30\nevent = "mediator"\nsize = 1.0\n', encoding="utf-8")
    session.compare(str(late))
    assert "--days 31" in session.problem and session.rival is None
    session.choose("arrest")
    assert session.problem == ""


def test_a_thread_does_what_is_wished_and_ends_with_the_session() -> None:
    there = threading.Event()
    session = Session("no_arrest", SETTINGS, lambda: there.set() if session.over else None)
    session.start()
    session.finish()
    assert there.wait(300)
    session.close()
    assert session._thread is not None and not session._thread.is_alive()


def test_a_run_that_fails_is_said_and_the_session_lives_on(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = threading.Event()
    session.on_change = lambda: told.set() if session.problem else None

    def fail(*_: object) -> None:
        raise ZeroDivisionError("no such number")

    with monkeypatch.context() as patch:
        patch.setattr("model.dashboard.session.together", fail)
        session.start()
        session.step(2)
        assert told.wait(60)
    assert "ZeroDivisionError: no such number" in session.problem
    there = threading.Event()
    session.on_change = lambda: there.set() if session.day == 1.0 else None
    session.step(1)
    assert there.wait(60)


def test_what_is_run_many_times_is_what_was_chosen_last_even_before_it_is_drawn(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.dashboard.replicates.Replicates.start", lambda *_: None)
    session.move("kremlin.shield", 0.2)
    session.run_replicates(1)
    assert session.replicates is not None
    assert list(session.replicates.scenarios) == ["arrest_hold_as_seen"]
    assert session.replicates.bands("arrest_hold", "rung") is None  # still the run that is shown
    assert ladder(session.courses, session.replicates)
    session.draw(3)
    assert session.replicates is not None
    session.switch("custody", "mobile")
    assert session.replicates is None
