"""The dashboard as a reader meets it: open, choose, play, compare, move, run many, save."""

from __future__ import annotations

import contextlib
import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import HOSTILE, ROOT, Watched

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def opened(watched: Watched, address: str) -> Page:
    """The dashboard, ready."""
    page = watched.context.new_page()
    page.goto(address)
    page.locator(".theatre svg").first.wait_for()
    return page


def choose(page: Page, label: str, text: str) -> None:
    """Type a part of a title and take what is offered."""
    page.get_by_label(label).fill(text)
    page.locator(".menuable__content__active .v-list-item", has_text=text).first.click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def pause_if_it_plays(page: Page) -> None:
    """Pause; on a slow machine the run may be over before."""
    from playwright.sync_api import TimeoutError

    with contextlib.suppress(TimeoutError):
        page.get_by_role("button", name="Pause", exact=True).click(timeout=5000)


def save(page: Page, name: str, folder: Path) -> Path:
    """The file behind a button."""
    with page.expect_download() as waiting:
        press(page, name)
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def command(*words: object, cwd: Path) -> str:
    """What a command of the program prints; it must do its work."""
    line = [sys.executable, str(ROOT / "run.py"), *map(str, words)]
    return subprocess.run(line, cwd=cwd, check=True, capture_output=True, text=True).stdout


def at_day(page: Page, day: int, course: int = 0) -> None:
    page.locator(".now").nth(course).get_by_text(f"Day {day}, 00:00").wait_for()


def test_it_opens_without_a_complaint_and_asks_nobody_else(watched: Watched, address: str) -> None:
    page = opened(watched, address)
    press(page, "Step")
    page.locator(".acts li").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert watched.complaints == []
    assert watched.elsewhere() == []
    assert any(url.startswith("ws://127.0.0.1") for url in watched.asked)
    assert "forecast" in page.locator(".caution").inner_text()


def test_markup_in_a_title_is_text(watched: Watched, address: str) -> None:
    page = opened(watched, address)
    assert page.locator("h1").inner_text() == HOSTILE
    assert page.locator(".question").inner_text() == HOSTILE
    assert page.locator("h1 *, .question *, .sheet img").count() == 0
    assert watched.complaints == [] and watched.elsewhere() == []


def test_the_browser_itself_refuses_what_is_elsewhere(watched: Watched, address: str) -> None:
    page = opened(watched, address)
    outcome = page.evaluate("() => fetch('https://example.org/').then(() => 'reached', () => 'refused')")
    assert outcome == "refused"
    assert any("Content Security Policy" in text for text in watched.complaints)


def test_another_scenario_is_played_day_by_day_paused_and_reset(watched: Watched, address: str) -> None:
    page = opened(watched, address)
    choose(page, "Scenario", "The story as told")
    page.get_by_role("heading", name="The story as told", level=1).wait_for()
    press(page, "Play")
    page.get_by_text(re.compile(r"Day ([2-9]|1\d), 00:00")).first.wait_for()
    pause_if_it_plays(page)
    page.get_by_role("button", name="Play", exact=True).wait_for()
    assert page.get_by_text("Force is used").count() == 1
    assert page.locator(".theatre svg text", has_text="TAKEN").count() >= 1
    assert page.locator(".series polyline").count() >= 6
    press(page, "Reset")
    at_day(page, 0)
    page.get_by_text("Nothing yet.").wait_for()
    assert watched.complaints == []


def test_two_scenarios_are_compared_under_the_same_luck(watched: Watched, address: str) -> None:
    page = opened(watched, address)
    choose(page, "Compare with", "The visit as it was")
    page.locator(".theatre svg").nth(1).wait_for()
    press(page, "To the end")
    at_day(page, 12, 0)
    at_day(page, 12, 1)
    assert page.locator(".ladder polyline").count() == 2
    assert "Nobody is held" in page.locator(".now").nth(1).inner_text()
    press(page, "Other luck")
    page.get_by_text("luck no. 1", exact=True).wait_for()
    assert watched.complaints == []


def test_what_is_seen_after_a_lever_was_moved_is_saved_and_runs_the_same(
    watched: Watched, address: str, tmp_path: Path
) -> None:
    page = opened(watched, address)
    choose(page, "Scenario", "The arrest (arrest)")
    page.get_by_role("heading", name="The arrest", exact=True, level=1).wait_for()
    thumb = page.locator(".lever", has_text="What the Kremlin expects to pay").locator(
        ".v-slider__thumb-container"
    )
    moved = page.get_by_text("1 moved")
    for _ in range(60):  # the sliders are made anew with the scenario, so that a key may meet one that goes
        thumb.press("ArrowRight")
        page.wait_for_timeout(1000)
        if moved.is_visible():
            break
    moved.wait_for()
    page.locator(".lever-moved", has_text="fixed at").wait_for()
    press(page, "To the end")
    at_day(page, 12)
    file = save(page, "Scenario (TOML)", tmp_path)
    assert file.name == "arrest_as_seen.toml"
    assert "sound" in command("validate", file.name, cwd=tmp_path)
    line = re.search(r"run\.py (run .*)", file.read_text(encoding="utf-8"))
    assert line is not None
    again = json.loads(command(*line[1].split(), "--json", cwd=tmp_path))
    acts = rows(save(page, "Acts (CSV)", tmp_path))
    assert [(act["day"], act["hour"], act["actor"], act["action"]) for act in acts] == [
        (str(act["day"]), str(act["hour"]), act["actor"], act["action"]) for act in again["events"]
    ]
    days = rows(save(page, "Series (CSV)", tmp_path))
    assert [day["day"] for day in days] == [str(day) for day in range(12)]
    assert watched.complaints == [] and watched.elsewhere() == []


def test_a_file_is_saved_while_runs_arrive_and_the_page_is_drawn_anew(
    watched: Watched, address: str, tmp_path: Path
) -> None:
    page = opened(watched, address)
    press(page, "Run many")
    for _ in range(3):
        assert 1 <= len(rows(save(page, "Runs (CSV)", tmp_path))) <= 50
    page.get_by_text("50 of 50 runs").wait_for()
    assert watched.complaints == []


def test_many_runs_grow_into_bands_and_shares(watched: Watched, address: str, tmp_path: Path) -> None:
    page = opened(watched, address)
    choose(page, "Compare with", "The visit as it was")
    page.locator(".theatre svg").nth(1).wait_for()
    page.get_by_role("button", name="Runs of each").click()
    page.locator(".menuable__content__active .v-list-item").get_by_text("10", exact=True).click()
    press(page, "Run many")
    page.get_by_text("20 of 20 runs").wait_for()
    assert page.locator(".many table td").count() == 3 * 6
    assert page.locator(".series polygon").count() == 6 * 2 * 2
    runs = rows(save(page, "Runs (CSV)", tmp_path))
    assert len(runs) == 20 and {run["scenario"] for run in runs} == {"mine", "no_arrest"}
    assert watched.complaints == []


def test_it_fits_a_phone(watched: Watched, address: str) -> None:
    page = watched.context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address)
    page.locator(".theatre svg").first.wait_for()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert watched.complaints == []
