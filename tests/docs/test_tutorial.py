"""The tutorial from its first command to its last."""

from __future__ import annotations

from pathlib import Path

from docs.blocks import FOLDER
from tests.docs.workspace import play


def test_the_tutorial_can_be_followed(tmp_path: Path) -> None:
    assert play(FOLDER / "tutorial.md", tmp_path) > 12
    assert (tmp_path / "results" / "mine" / "legitimacy.svg").stat().st_size > 1000
    assert (tmp_path / "results" / "mine" / "report.html").is_file()
