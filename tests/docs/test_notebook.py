"""The notebook runs from its first cell to its last, and lies in git without outputs."""

from __future__ import annotations

from typing import Any

import pytest

from docs.notebook import PATH, load, run, stripped


@pytest.fixture(scope="module")
def ran() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUICK", "1")
        patch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
        return run(load())


def test_every_cell_runs_and_says_something(ran: Any) -> None:
    code = [cell for cell in ran.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert all(cell.outputs for cell in code[1:])
    assert not [output for cell in code for output in cell.outputs if output.output_type == "error"]


def test_its_table_has_a_difference_and_an_interval(ran: Any) -> None:
    text = "".join(
        output.data["text/plain"]
        for cell in ran.cells
        for output in cell.get("outputs", ())
        if output.get("data")
    )
    assert "difference" in text and "government_fell" in text and "low" in text


def test_it_lies_in_git_without_outputs() -> None:
    import nbformat

    kept = PATH.read_text(encoding="utf-8")
    assert kept == nbformat.writes(stripped(load())) + "\n", "renew with: uv run python -m docs.notebook"


def test_the_small_sizes_are_named_in_the_notebook_itself() -> None:
    assert 'os.environ.get("QUICK")' in load().cells[1].source
