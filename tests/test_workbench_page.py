"""docs/workbench.md says only what works: its blocks run, in order, in an empty folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "workbench.md"


@pytest.mark.model
@pytest.mark.filterwarnings(
    "ignore"
)  # the page is about other people's tools, and what they warn of is theirs
def test_every_block_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = PAGE.read_text(encoding="utf-8")
    blocks = [
        (match.start(), match[1]) for match in re.finditer(r"^```python\n(.*?)^```$", text, re.M | re.S)
    ]
    assert len(blocks) == text.count("```python") >= 10
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "workbench_page"}
    for start, block in blocks:
        line = text.count("\n", 0, start) + 1
        exec(compile("\n" * line + block, str(PAGE), "exec"), names)
