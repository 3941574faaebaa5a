"""The code blocks of a document and what a test does with each: nothing is left out without a word.

A comment on the line before a block says what is not plain from its language:

    <!-- save: my.toml -->            the block is the text of this file
    <!-- append: my.toml -->          the block is added to the end of this file
    <!-- patch -->                    the block is a diff, applied to the copy of the project
    <!-- with: --days 20 -->          each `run.py` command of the block is given these options, in place of its own
    <!-- instead: A && B -->          the test runs these commands in place of the block
    <!-- output -->                   lines of the block are found in the output of the block before, in this order
    <!-- excerpt -->                  shown and not run

Without one, `sh` is run line by line, `python` is run, `text` and indented blocks are excerpts and may hold no
command. Whatever else is an error. `<!-- copy -->` anywhere gives the document a copy of the project that it may
change; else it works in a folder from which the project is only read.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs"
#: what may stand in the comment before a block
MARKS = ("save", "append", "patch", "with", "instead", "output", "excerpt")
#: how a line of a block begins that is a command, or Python
COMMAND = re.compile(r"^\s*(?:\$ |uv run |pip |python3? |run\.py |git |cp |cd |import \w|from \S+ import )")
_COMMENT = re.compile(r"<!--\s*(\w+)(?::\s*(.*?))?\s*-->\s*$")


@dataclass(frozen=True)
class Block:
    """One block: the line on which it begins, its language ("" for an indented one), its mark, its text."""

    line: int
    language: str
    mark: str
    argument: str
    text: str

    @property
    def kind(self) -> str:
        """What is done with it: save, append, patch, run, python, instead, output or excerpt. Raises ValueError."""
        if self.mark not in ("", "with"):
            return self.mark
        if self.language in ("sh", "python"):
            return "run" if self.language == "sh" else "python"
        if self.language not in ("", "text"):
            raise ValueError(
                f"line {self.line}: say what a test does with this {self.language} block: {MARKS}"
            )
        if any(COMMAND.match(line) for line in self.text.splitlines()):
            raise ValueError(
                f"line {self.line}: commands in a block that is not run: make it sh, or mark it excerpt"
            )
        return "excerpt"


def documents() -> list[Path]:
    """Every document a reader meets: those of the folder `docs`, and those at the root of the project."""
    return [
        *sorted(ROOT.glob("*.md")),
        *sorted(FOLDER.rglob("*.md")),
        ROOT / "results" / "reference" / "README.md",
    ]


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a text in order. Raises ValueError for a mark that is unknown."""
    from markdown_it import MarkdownIt

    lines = text.splitlines()
    for token in MarkdownIt().parse(text):
        if token.type not in ("fence", "code_block") or token.map is None:
            continue
        before = next((line for line in lines[: token.map[0]][::-1] if line.strip()), "")
        found = _COMMENT.search(before)
        mark, argument = (found[1], found[2] or "") if found else ("", "")
        if mark == "copy":
            mark = ""
        if mark and mark not in MARKS:
            raise ValueError(f"line {token.map[0]}: unknown mark {mark!r}; known are {', '.join(MARKS)}")
        yield Block(token.map[0] + 1, token.info.strip(), mark, argument, token.content)


def commands(block: Block) -> list[str]:
    """The commands that a test runs for a block of commands, one a line, with the sizes of the test."""
    text = (
        block.argument.replace(" && ", "\n") if block.kind == "instead" else block.text.replace("\\\n", " ")
    )
    lines = [line.split(" # ")[0].strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if block.mark == "with":
        return [_resized(line, block.argument) if "run.py " in line else line for line in lines]
    return lines


def _resized(command: str, options: str) -> str:
    """A command with some options in place of its own."""
    words, wanted = shlex.split(command), shlex.split(options)
    names = {word for word in wanted if word.startswith("--")}
    kept: list[str] = []
    skip = False
    for word in words:
        if word in names:
            skip = True
        elif skip and not word.startswith("--"):
            skip = False
        else:
            kept.append(word)
            skip = False
    return shlex.join([*kept, *wanted])


def slug(heading: str) -> str:
    """The anchor that a heading gets, here and where the repository is shown."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)|[`*]", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
