"""The words of a condition: numbers, names, texts and signs, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))"
    r"|(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?:\s*@\s*[A-Za-z][\w-]*)?)"
    r"|(?P<text>'[^']*'|\"[^\"]*\")|(?P<sign><=|>=|==|!=|[<>+\-*/(),])",
    re.ASCII,
)


class ExpressionError(ValueError):
    """An expression that cannot be read: what is wrong, where (characters from 0), the nearest valid name."""

    def __init__(self, text: str, place: int, message: str, hint: str = "") -> None:
        self.text, self.place, self.message, self.hint = text, place, message, hint
        near = f" (nearest valid name: {hint})" if hint else ""
        super().__init__(f"{message}{near}, at character {place + 1} of: {text[:200]}")


@dataclass(frozen=True)
class Token:
    """A word: number, name, text, sign or end; its text; its first character, from 0."""

    kind: str
    text: str
    place: int


def tokens(text: str) -> Iterator[Token]:
    """The words of a text, the last of them its end. Raises ExpressionError."""
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            character = text[place]
            meant = " (did you mean ==?)" if character == "=" else ""
            raise ExpressionError(text, place, f"{character!r} has no meaning here{meant}")
        if match.lastgroup != "space":
            yield Token(str(match.lastgroup), match.group(), place)
        place = match.end()
    yield Token("end", "", len(text))
