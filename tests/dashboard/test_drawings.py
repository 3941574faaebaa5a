"""The drawings say what the run is: well-formed, in words too, and nothing from outside as markup."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from model.case import ActorSpec
from model.dashboard.course import Act, Course, Site
from model.dashboard.downloads import acts_csv, series_csv
from model.dashboard.ladder import band, ladder
from model.dashboard.page import SHAPES, _act, _classes
from model.dashboard.panels import LEFT, RIGHT, WIDTH, panels
from model.dashboard.session import Session
from model.dashboard.svg import Days, element, words
from model.dashboard.theatre_map import HOLDERS, PLACES, theatre_map
from model.report.style import BANDS, CLASSES, SERIES
from model.scenario import load_scenario
from model.settings import Settings

SETTINGS = Settings(days=15, households=300, parameters="posterior")


@pytest.fixture(scope="module")
def session() -> Session:
    """Two runs, on day 9."""
    found = Session("story_as_told", SETTINGS)
    found.compare("no_arrest")
    found.step(9)
    found.settle()
    return found


def parsed(text: str) -> ElementTree.Element:
    """The drawing, if it is well-formed."""
    return ElementTree.fromstring(text)


def test_the_map_shows_each_place_in_the_colour_of_who_holds_it(session: Session) -> None:
    course = session.courses[0]
    text = theatre_map(course)
    taken = sum(site.holder == "coercer" for site in course.sites())
    boxes = [e for e in parsed(text).iter() if e.get("rx") == "6"]
    assert len(boxes) == len(course.sites())
    assert sum(box.get("fill") == HOLDERS["coercer"][0] for box in boxes) == taken > 1
    assert "government TAKEN" in (parsed(text).get("aria-label") or "")


def test_a_place_under_attack_or_surrounded_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    course = Course(load_scenario("arrest"), SETTINGS, 0)
    sites = [
        Site("airport", "airport", "host", 700, 900, storm=True),
        Site("detention", "detention", "host", 1200, 400, surrounded=True, coming=300),
    ]
    monkeypatch.setattr(course, "sites", lambda: sites)
    text = theatre_map(course)
    assert "under attack" in text and "surrounded" in text
    assert "1\u202f200 from the base + 300 coming" in text


def test_the_map_has_a_place_for_every_kind_that_a_case_may_have() -> None:
    from typing import get_args

    from model.case import PlaceTable

    assert set(PLACES) == set(get_args(PlaceTable.model_fields["kind"].annotation))


def test_names_of_actors_come_out_as_text() -> None:
    scenario = load_scenario("arrest")
    actors = tuple(
        ActorSpec(a.role, a.name, '<script>alert("x")</script>' if a.role == "coercer" else a.label)
        for a in scenario.actors
    )
    text = theatre_map(Course(replace(scenario, actors=actors), SETTINGS, 0))
    assert "<script" not in text and "&lt;script&gt;" in text
    parsed(text)


def test_the_ladder_puts_each_day_into_its_band(session: Session) -> None:
    rungs = session.courses[0].series("rung")
    assert rungs is not None
    paths = [e for e in parsed(ladder(session.courses)).iter() if e.tag.endswith("polyline")]
    assert len(paths) == 2
    assert len((paths[-1].get("points") or "").split()) == 2 * len(rungs)
    assert [band(top) for top, _ in BANDS] == list(range(len(BANDS)))
    assert band(BANDS[0][0] + 1) == 1


def test_there_is_a_panel_for_each_series_and_an_axis_that_holds_it(session: Session) -> None:
    drawn = panels(session.courses)
    assert len(drawn) == len(SERIES)
    for text in drawn:
        lines = [e for e in parsed(text).iter() if e.tag.endswith("polyline")]
        assert len(lines) == 2
        heights = [float(point.split(",")[1]) for e in lines for point in (e.get("points") or "").split()]
        assert 26.0 - 0.1 <= min(heights) <= max(heights) <= 126.0 + 0.1


def test_a_case_without_households_has_only_the_panels_that_it_can_fill(write_toy: object) -> None:
    assert callable(write_toy)
    course = Course(load_scenario(write_toy()), SETTINGS, 0)
    course.go_to(2.0)
    assert len(panels([course])) < len(SERIES)
    assert "no places" in theatre_map(course)


def test_the_first_days_are_stretched_and_the_last_day_lies_at_the_end() -> None:
    days = Days(100, 0.0, 200.0)
    assert days.x(0) == 0.0 and days.x(100) == 200.0 and days.x(1) == 20.0


def test_text_and_attributes_are_escaped() -> None:
    assert "<" not in words(0.0, 0.0, "<a>", 9.0)[5:-7].replace("</", "").split(">", 1)[1]
    assert element("g", aria_label='" onload="x') == '<g aria-label="&quot; onload=&quot;x"></g>'


def test_the_saved_series_and_acts_are_those_of_the_runs(session: Session) -> None:
    rows = list(csv.DictReader(io.StringIO(series_csv(session.courses).decode())))
    assert [(row["scenario"], row["day"]) for row in rows] == [
        (name, str(day)) for name in ("no_arrest", "story_as_told") for day in range(9)
    ]
    told = session.courses[0].model.timeseries()
    mine = [row for row in rows if row["scenario"] == "story_as_told"]
    assert [float(row["remittance_index"]) for row in mine] == list(told["remittance_index"])
    assert [row["detainee"] for row in mine] == list(told["detainee"])
    acts = list(csv.DictReader(io.StringIO(acts_csv(session.courses).decode())))
    assert len(acts) == sum(len(course.model.record.events) for course in session.courses)
    assert {row["date"] for row in acts if row["day"] == "0"} == {"2025-10-08"}


def test_a_class_of_acts_is_told_by_its_shape_as_well_as_by_its_colour() -> None:
    shapes = [SHAPES[marker] for _, marker in CLASSES.values()]
    assert len(set(shapes)) == len(shapes) == len(CLASSES)
    assert all(shape in _classes() for shape in shapes)
    line = _act(Act(1.25, "the Kremlin", "storm the airport", "violent"))
    assert "day 1 06:00" in line and SHAPES["X"] in line and 'title="violent"' in line
    assert not any(shape in _act(Act(1.0, "", "Force is used", "")) for shape in shapes)


def test_the_last_day_of_an_axis_is_within_its_picture() -> None:
    for days in (180, 1095):
        names = re.findall(
            r'<text x="([\d.]+)"[^>]*font-size="9.5"[^>]*>(\d+)<', Days(days, LEFT, RIGHT).names(0, 0)
        )
        x, text = names[-1]
        assert text == str(days) and float(x) + 3.0 * len(text) < WIDTH
