"""What is asked of a TOML file before anything parses it, so that no file can take time or memory it should not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LARGEST = 256 * 1024  # bytes
NESTING, KEY_DEPTH = 16, 8  # brackets within brackets; parts of a dotted key
LONGEST_KEY, LONGEST_TEXT = 100, 2000  # characters
INTEGER_BITS = 64  # that TOML asks for; a number of many more cannot even be shown
_MARK = re.compile(r"[\[\]{}\n=,.#\"']")
_REST = {
    '"""': re.compile(r'(?:[^"\\]|\\.|"(?!""))*+"""', re.DOTALL),
    "'''": re.compile(r".*?'''", re.DOTALL),
    '"': re.compile(r'(?:[^"\\\n]|\\.)*+"'),
    "'": re.compile(r"[^'\n]*'"),
}


class TooMuch(ValueError):
    """A file is beyond a limit: the line (0 for the whole file) and what was expected."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def read_regular(path: Path) -> bytes:
    """The bytes of a regular file. Raises TooMuch for anything else and for a large one, OSError, ValueError."""
    if path.is_dir():
        raise TooMuch(0, "is a folder; expected a TOML file")
    if path.exists() and not path.is_file():  # a pipe or a device may never end
        raise TooMuch(0, "is no regular file; expected a TOML file")
    with path.open("rb") as file:
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise TooMuch(1, f"larger than {LARGEST} bytes; expected a small TOML file")
    return raw


def check_nesting(text: str) -> None:
    """Raises TooMuch where brackets or dotted keys go deeper than any file of this project needs."""
    depth = parts = 0
    for place, mark in _marks(text):
        if mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
        parts = parts + 1 if mark == "." else 0
        if depth > NESTING or parts >= KEY_DEPTH:
            line = text.count("\n", 0, place) + 1
            if depth > NESTING:
                raise TooMuch(line, f"nested too deeply; expected at most {NESTING} brackets in each other")
            raise TooMuch(line, f"a key of too many parts; expected at most {KEY_DEPTH}")


def _marks(text: str) -> Iterator[tuple[int, str]]:
    """Brackets, dots and what ends a key, with their places; nothing within a text or a comment."""
    place = 0
    while found := _MARK.search(text, place):
        mark, place = found[0], found.end()
        if mark == "#":
            place = text.find("\n", place)
        elif mark in "\"'":
            opening = mark * 3 if text.startswith(mark * 3, found.start()) else mark
            rest = _REST[opening].match(text, found.start() + len(opening))
            place = rest.end() if rest else -1
        else:
            yield found.start(), mark
        if place < 0:  # a comment to the end, or a text without one, which the parser will say
            return


def odd_values(values: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Places of what is too long or large or holds control characters, and what was expected."""
    if isinstance(values, dict):
        for key, value in values.items():
            if len(key) > LONGEST_KEY:
                yield (*place, key[:20] + "..."), f"expected a key of at most {LONGEST_KEY} characters"
            else:
                yield from odd_values(value, (*place, key))
    elif isinstance(values, list):
        for number, value in enumerate(values):
            yield from odd_values(value, (*place, number))
    elif isinstance(values, int) and values.bit_length() > INTEGER_BITS:
        yield place, f"expected a whole number of at most {INTEGER_BITS} bits"
    elif isinstance(values, str):
        if len(values) > LONGEST_TEXT:
            yield place, f"expected at most {LONGEST_TEXT} characters, found {len(values)}"
        elif any(not (letter.isprintable() or letter in "\n\t") for letter in values):
            yield place, "expected a text without control characters"
