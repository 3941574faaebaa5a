"""The report of a batch, opened as a file with the network shut."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT, Watched

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a small batch."""
    folder = tmp_path_factory.mktemp("reported")
    run = [sys.executable, str(ROOT / "run.py")]
    words = ["no_arrest", "arrest", "--replicates", "3", "--days", "20", "--households", "200"]
    for line in ([*run, "batch", *words, "--out", "results"], [*run, "report", "results"]):
        subprocess.run(line, cwd=folder, check=True, capture_output=True)
    return folder / "results" / "report.html"


def test_it_opens_with_the_network_shut_and_without_a_complaint(watched: Watched, report: Path) -> None:
    watched.context.set_offline(True)
    page = watched.context.new_page()
    page.goto(report.as_uri())
    page.wait_for_load_state("networkidle")
    assert watched.complaints == []
    assert watched.asked == [report.as_uri()]
    assert page.locator("figure svg").count() > 3
    assert page.locator("script").count() == 0


def test_its_policy_is_in_force(watched: Watched, report: Path) -> None:
    page = watched.context.new_page()
    page.goto(report.as_uri())
    page.evaluate(
        """() => {
            for (const [tag, given] of [['script', {textContent: 'window.hit = 1'}], ['img', {src: 'data:,'}]])
                document.body.append(Object.assign(document.createElement(tag), given));
        }"""
    )
    page.wait_for_load_state("networkidle")
    assert page.evaluate("() => window.hit === undefined")
    assert sum("Content Security Policy" in text for text in watched.complaints) == 2


def test_it_fits_a_phone(watched: Watched, report: Path) -> None:
    page = watched.context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(report.as_uri())
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
