"""What README and docs show is so: their Python runs, their lists are complete."""

import re
from pathlib import Path

import pytest

from model.commands.scenarios import in_markdown, listed

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
#: blocks of lines indented by four blanks
BLOCK = re.compile(r"(?:^ {4}.*\n|^\n(?= {4}))+", re.MULTILINE)


def python_blocks(text: str) -> list[str]:
    """The indented blocks that are Python: those with an import."""
    blocks = [re.sub(r"^ {4}", "", found, flags=re.MULTILINE) for found in BLOCK.findall(text)]
    return [block for block in blocks if re.search(r"^(from \S+ )?import ", block, re.MULTILINE)]


@pytest.mark.model
def test_the_python_of_the_readme_runs_as_it_stands(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = python_blocks(README)
    assert len(blocks) >= 2
    names: dict[str, object] = {}
    for block in blocks:
        exec(
            compile(block, "README.md", "exec"), names
        )  # the reader's session: later blocks know the earlier
    said = capsys.readouterr().out
    assert "remittance_index" in said and "action" in said


def test_python_outside_a_block_names_nothing_that_no_block_imports() -> None:
    used = set(re.findall(r"\b([A-Z]\w+)\(", " ".join(re.findall(r"`([^`\n]+)`", README))))
    imported = set(re.findall(r"import (\w+)", " ".join(python_blocks(README))))
    assert used <= imported


def test_the_list_of_scenarios_in_the_docs_is_the_shipped_one() -> None:
    """To renew it: `run.py scenarios --markdown`."""
    text = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    assert "\n".join(["", *in_markdown(listed()), ""]) in text
