"""Every how-to, followed: a scenario, an episode, and in a copy of the project a new action and a new actor."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.blocks import FOLDER
from tests.docs.workspace import play

PAGES = {path.stem: path for path in sorted((FOLDER / "how-to").glob("*.md"))}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_can_be_followed(name: str, tmp_path: Path) -> None:
    assert play(PAGES[name], tmp_path) > 5


def test_there_is_a_page_for_each_thing_that_is_added() -> None:
    assert {"scenario", "episode", "action", "actor"} <= set(PAGES)
