"""TOML files with the line of every key, and what is wrong with them in the form `file:line: key: ...`.

Values come from `tomllib`, which keeps no positions; lines come from tree-sitter, which keeps no values.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.toml_limits import LONGEST_KEY, TooMuch, check_nesting, odd_values, read_regular

if TYPE_CHECKING:
    from tree_sitter import Node

Place = tuple[str | int, ...]

MOST_PROBLEMS = 50  # that are told of one stage
TABLES = ("table", "table_array_element")
KEYS = ("bare_key", "quoted_key", "dotted_key")


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a file: where, which key, what was expected, and the nearest valid name."""

    file: str
    line: int
    key: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " if self.line else f"{self.file}: "
        what = f"{self.key}: {self.message}" if self.key else self.message
        text = where + what + (f" (nearest valid name: {self.hint})" if self.hint else "")
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


class InputError(Exception):
    """The user's input is wrong; `problems` holds what one stage (syntax, form or meaning) found, 50 at most."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        found = sorted(problems, key=lambda p: (p.file, p.line, p.key, p.message))
        self.problems = found[:MOST_PROBLEMS]
        more = ["these are the first; mend them to see whether there are more"] * (
            len(found) >= MOST_PROBLEMS
        )
        super().__init__("\n".join([*map(str, self.problems), *more]))

    def __reduce__(self) -> tuple[type[InputError], tuple[list[Problem]]]:
        """Pickle by the problems, so that a worker can hand the error on."""
        return type(self), (self.problems,)


def nearest(name: object, valid: Iterable[str]) -> str:
    """The valid name closest to a mistyped one, or "" when none is close."""
    wanted = str(name)[:LONGEST_KEY]
    names = list(valid)
    close = difflib.get_close_matches(wanted, names, n=1, cutoff=0.6)
    if not close:
        folded = {n.lower(): n for n in reversed(names)}
        close = [folded[c] for c in difflib.get_close_matches(wanted.lower(), list(folded), n=1, cutoff=0.6)]
    return close[0] if close else ""


def shown(path: Path) -> str:
    """A path as messages give it: relative to the working directory where it lies inside."""
    try:
        text = str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError, RuntimeError):  # a link that leads round in a circle
        text = str(path)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


@dataclass
class Document:
    """A TOML file as read: `values` as tomllib gives them, `lines` (from 1) by the place of a key."""

    file: str
    values: dict[str, Any]
    lines: dict[Place, int] = field(default_factory=dict)

    def line(self, place: Iterable[str | int]) -> int:
        """The line on which a key, or the closest table around it, stands; 1 where nothing is known."""
        way = tuple(place)
        while way:
            if way in self.lines:
                return self.lines[way]
            way = way[:-1]
        return 1

    def problem(
        self, place: Iterable[str | int], message: str, hint: str = "", key: str | None = None
    ) -> Problem:
        """A problem at a place of this file; `key` names it where the place alone would not."""
        way = tuple(place)
        return Problem(self.file, self.line(way), dotted(way) if key is None else key, message, hint)


def dotted(place: Iterable[str | int]) -> str:
    """A place as a reader writes it: `script[2].actor`, counting from 1."""
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def read_toml(path: Path) -> Document:
    """Read a TOML file; raises InputError with every syntax error and every key given twice."""
    file = shown(path)
    text = _text(path, file)
    lines: dict[Place, int] = {}
    problems: list[Problem] = []
    try:
        lines, problems = _positions(text, file)
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        found = re.search(r"\(at line (\d+), column \d+\)", str(wrong))
        line = int(found[1]) if found else text.count("\n") + 1
        message = re.sub(r" \(at .*\)$", "", str(wrong))
        if not any(p.line == line for p in problems) and not (problems and "overwrite" in message):
            problems.append(Problem(file, line, "", f"not TOML: {message}"))
        raise InputError(problems) from None
    except (RecursionError, ValueError) as wrong:
        kind = "nested too deeply" if isinstance(wrong, RecursionError) else str(wrong)
        raise InputError([Problem(file, 1, "", f"not TOML that can be read: {kind}")]) from None
    document = Document(file, values, lines)
    odd = [document.problem(place, message) for place, message in odd_values(values)]
    if odd:
        raise InputError(odd)
    return document


def _text(path: Path, file: str) -> str:
    """The text of a file, with LF line ends."""
    try:
        raw = read_regular(path)
    except TooMuch as wrong:
        raise InputError([Problem(file, wrong.line, "", str(wrong))]) from None
    except (OSError, ValueError) as wrong:
        reason = getattr(wrong, "strerror", None) or str(wrong)
        raise InputError([Problem(file, 0, "", f"cannot be read: {reason}; expected a TOML file")]) from None
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as wrong:
        line = raw.count(b"\n", 0, wrong.start) + 1
        raise InputError([Problem(file, line, "", "not text in UTF-8; expected a TOML file")]) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError([Problem(file, line, "", "holds binary data; expected a TOML file")])
    if not text.strip():
        raise InputError([Problem(file, 1, "", "the file is empty; expected TOML with at least a title")])
    try:
        check_nesting(text)
    except TooMuch as wrong:
        raise InputError([Problem(file, wrong.line, "", f"not TOML that can be read: {wrong}")]) from None
    return text


def _positions(text: str, file: str) -> tuple[dict[Place, int], list[Problem]]:
    """The line of every key, and the problems that the syntax tree shows."""
    import tree_sitter_toml
    from tree_sitter import Language, Parser

    tree = Parser(Language(tree_sitter_toml.language())).parse(text.encode("utf-8"))
    lines: dict[Place, int] = {}
    problems: list[Problem] = []
    counts: dict[Place, int] = {}
    root: Place = ()
    for node in tree.root_node.named_children:
        if len(problems) > MOST_PROBLEMS:
            break
        if node.type == "pair":
            _pair(node, root, lines, problems, file)
        elif node.type in TABLES:
            _table(node, counts, lines, problems, file)
    if tree.root_node.has_error:
        problems.extend(_errors(tree.root_node, text, file))
    return lines, problems


def _errors(root: Node, text: str, file: str) -> Iterator[Problem]:
    """One problem for each line on which the syntax tree breaks, if tomllib too refuses the file."""
    rows = text.split("\n")
    seen: set[int] = set()
    waiting = [root]
    while waiting and len(seen) <= MOST_PROBLEMS:
        node = waiting.pop()
        if node.type == "ERROR" or node.is_missing:
            line = node.start_point[0] + 1
            if line not in seen:
                seen.add(line)
                what = rows[line - 1].strip()[:60] if line <= len(rows) else ""
                yield Problem(
                    file,
                    line,
                    "",
                    f"not TOML: expected `key = value`, `[table]` or a comment, found `{what}`",
                )
        elif node.has_error:
            waiting.extend(node.children)


def _table(
    node: Node, counts: dict[Place, int], lines: dict[Place, int], problems: list[Problem], file: str
) -> None:
    """Note the lines of a `[table]` or an element of a `[[table]]`, and of the keys in it."""
    header = next((child for child in node.named_children if child.type in KEYS), None)
    if header is None:
        return
    place: Place = ()
    for part in _key(header):
        place += (part,)
        if place in counts and place != tuple(_key(header)):
            place += (counts[place] - 1,)
    line = header.start_point[0] + 1
    if node.type == "table_array_element":
        bare = place
        number = counts.get(bare, 0)
        counts[bare] = number + 1
        lines.setdefault(bare, line)
        place = (*bare, number)
    elif place in lines:
        problems.append(_twice(file, line, place, lines[place]))
    lines.setdefault(place, line)
    for child in node.named_children:
        if child.type == "pair":
            _pair(child, place, lines, problems, file)


def _pair(node: Node, above: Place, lines: dict[Place, int], problems: list[Problem], file: str) -> None:
    """Note the line of `key = value`, and of the keys within the value."""
    header = next((child for child in node.named_children if child.type in KEYS), None)
    if header is None:
        return
    place = (*above, *_key(header))
    line = node.start_point[0] + 1
    if place in lines:
        problems.append(_twice(file, line, place, lines[place]))
    lines.setdefault(place, line)
    for child in node.named_children:
        if child.type in ("inline_table", "array"):
            _value(child, place, lines, problems, file)


def _value(node: Node, above: Place, lines: dict[Place, int], problems: list[Problem], file: str) -> None:
    """Note the lines within an inline table or an array; nothing below 50 levels, which no file here has."""
    if len(above) > 50:
        return
    if node.type == "inline_table":
        for child in node.named_children:
            if child.type == "pair":
                _pair(child, above, lines, problems, file)
        return
    for number, child in enumerate(c for c in node.named_children if c.type != "comment"):
        lines.setdefault((*above, number), child.start_point[0] + 1)
        if child.type in ("inline_table", "array"):
            _value(child, (*above, number), lines, problems, file)


def _key(node: Node) -> list[str]:
    """The parts of a key as tomllib names them."""
    if node.type == "dotted_key":
        return [part for child in node.named_children for part in _key(child)]
    text = (node.text or b"").decode("utf-8")
    if node.type == "bare_key":
        return [text]
    if "\\" not in text or text.startswith("'"):
        return [text[1:-1]]
    try:
        return list(tomllib.loads(f"{text} = 0"))
    except tomllib.TOMLDecodeError:
        return [text[1:-1]]


def _twice(file: str, line: int, place: Place, first: int) -> Problem:
    return Problem(file, line, dotted(place), f"given twice; expected once, and line {first} has it")
