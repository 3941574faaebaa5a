"""Conditions on the outcomes of a run, as a user writes them: `force_used and days_to_force <= 7`.

Read by a parser of its own (nothing is evaluated as Python) and worked out on whole columns at once:

    condition   = all {"or" all};  all = part {"and" part};  part = "not" part | comparison
    comparison  = sum {("<" | "<=" | ">" | ">=" | "==" | "!=") sum}
                | sum "is" ["not"] ("empty" | "never")  |  sum ["not"] "in" "(" text {"," text} ")"
    sum         = product {("+" | "-") product};  product = sign {("*" | "/") sign};  sign = "-" sign | value
    value       = number | 'text' | true | false | column | column "@" scenario | "(" condition ")"

`column@scenario` is the column in the run of that scenario with the same point and replicate.

Empty cells: a milestone that was never reached is later than any day, so `days_to_force < 7` is false for it.
Any other empty cell makes unknown what is said of it, as in SQL (Kleene's logic): `unknown and false` is
false, `unknown or true` is true, else unknown. A quotient with a divisor of 0 is unknown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.analysis.expression_terms import (
    COMPARE,
    DAYS,
    NUMBER,
    TEXT,
    TRUTH,
    Columns,
    Kind,
    Term,
    calculated,
    column,
    compared,
    empty,
    joined,
    negated,
)
from model.analysis.expression_tokens import ExpressionError, Token, tokens
from model.outcomes import series as registered
from model.toml_source import nearest

LONGEST, DEEPEST = 1_000, 40  # so that no expression exhausts Python's stack
WORDS = ("and", "or", "not", "is", "in", "empty", "never", "true", "false")


def known_columns(numbers: Iterable[str] = ()) -> dict[str, Kind]:
    """The outcomes of runs.csv by name with what each holds, and sampled numbers by dotted key."""
    found = {}
    for outcome in registered("runs"):
        kind = {"category": TEXT, "boolean": TRUTH}.get(outcome.type, NUMBER)
        found[outcome.name] = Kind(DAYS if outcome.reduction == "days" else kind, outcome.levels)
    return found | {name: Kind(NUMBER) for name in numbers}


@dataclass(frozen=True)
class Expression:
    """A condition that has been read. `names`: the columns it needs, `column@scenario` for those of another."""

    text: str
    names: tuple[str, ...]
    _root: Term
    _kinds: Mapping[str, Kind]

    def evaluate(self, columns: Mapping[str, Any]) -> NDArray[np.float64]:
        """1 where the condition holds, 0 where it does not, NaN where that is unknown; shape (runs,).

        columns: by name, a sequence with None or NaN for an empty cell, all of one length; a data frame will do.
        Raises KeyError for a column that is missing.
        """
        taken = {name: column(columns[name], self._kinds[name.partition("@")[0]]) for name in self.names}
        lengths = {len(values) for values in taken.values()}
        if len(lengths) > 1:
            raise ValueError(f"columns of different lengths: {sorted(lengths)}")
        with np.errstate(all="ignore"):
            found = np.asarray(self._root.take(taken), dtype=np.float64)
        return found if found.shape else np.full(lengths.pop() if lengths else 1, float(found))


def parse(text: str, columns: Mapping[str, Kind], scenarios: Collection[str] = ()) -> Expression:
    """Read a condition on these columns; scenarios: those that may stand after "@". Raises ExpressionError."""
    reader = _Reader(text, columns, scenarios)
    root = reader.whole()
    return Expression(text, tuple(reader.names), root, columns)


class _Reader:
    """Reads one expression from left to right, one method for each line of the grammar."""

    def __init__(self, text: str, columns: Mapping[str, Kind], scenarios: Collection[str]) -> None:
        self.text, self.columns, self.scenarios = text, columns, scenarios
        self.names: dict[str, None] = {}
        self.depth = 0
        self.at = 0
        if len(text) > LONGEST:
            raise ExpressionError(text, LONGEST, f"longer than {LONGEST} characters")
        self.tokens = list(tokens(text))

    def whole(self) -> Term:
        """The condition that the text is."""
        found = self._truth(self._condition())
        if self._now.kind != "end":
            raise self._wrong("expected and, or, a comparison or the end")
        return found

    def _condition(self) -> Term:
        found = self._all()
        while self._skip("or"):
            left, right = self._truth(found), self._truth(self._all())
            found = Term(TRUTH, joined(left, right, settles=1.0), left.place)
        return found

    def _all(self) -> Term:
        found = self._part()
        while self._skip("and"):
            left, right = self._truth(found), self._truth(self._part())
            found = Term(TRUTH, joined(left, right, settles=0.0), left.place)
        return found

    def _part(self) -> Term:
        place = self._now.place
        if not self._skip("not"):
            return self._comparison()
        self._deeper()
        part = self._truth(self._part())
        self.depth -= 1
        return Term(TRUTH, negated(part), place)

    def _comparison(self) -> Term:
        left = self._sum()
        if self._skip("is"):
            return self._emptiness(left)
        without = self._now.text == "not" and self.tokens[self.at + 1].text == "in"
        if without:
            self.at += 1
        if self._skip("in"):
            return self._membership(left, without)
        found: Term | None = None
        while self._now.text in COMPARE and self._now.kind == "sign":
            sign, right = self._next().text, self._sum()
            step = self._compared(left, sign, right)
            found = step if found is None else Term(TRUTH, joined(found, step, settles=0.0), found.place)
            left = right
        return left if found is None else found

    def _emptiness(self, left: Term) -> Term:
        without = self._skip("not")
        if not (self._skip("empty") or self._skip("never")):
            raise self._wrong("expected empty or never after is")
        if not left.column:
            raise ExpressionError(self.text, left.place, "only a column can be empty")

        def take(columns: Columns) -> Any:
            return np.not_equal(empty(columns[left.column], left.type), without).astype(float)

        return Term(TRUTH, take, left.place)

    def _membership(self, left: Term, without: bool) -> Term:
        self._expect("(")
        options = [self._sum()]
        while self._skip(","):
            options.append(self._sum())
        self._expect(")")
        found = self._compared(left, "==", options[0])
        for option in options[1:]:
            found = Term(TRUTH, joined(found, self._compared(left, "==", option), settles=1.0), left.place)
        if not without:
            return found
        return Term(TRUTH, negated(found), left.place)

    def _compared(self, left: Term, sign: str, right: Term) -> Term:
        types = {DAYS: NUMBER}
        kinds = [types.get(term.type, term.type) for term in (left, right)]
        if kinds[0] != kinds[1]:
            raise ExpressionError(
                self.text, right.place, f"a {kinds[1]} cannot be compared with a {kinds[0]}"
            )
        if kinds[0] != NUMBER and sign not in ("==", "!="):
            raise ExpressionError(self.text, left.place, f"a {kinds[0]} has no order; expected == or !=")
        for term, other in ((left, right), (right, left)):
            self._check_level(term, other)
        return Term(TRUTH, compared(sign, left, right), left.place)

    def _check_level(self, term: Term, other: Term) -> None:
        levels = self.columns[other.column.partition("@")[0]].levels if other.column else ()
        if term.constant is not None and levels and term.constant not in levels:
            message = f"{other.column} is never {term.constant!r}; its levels are {', '.join(levels)}"
            raise ExpressionError(self.text, term.place, message, nearest(term.constant, levels))

    def _sum(self) -> Term:
        return self._calculation(("+", "-"), self._product)

    def _product(self) -> Term:
        return self._calculation(("*", "/"), self._sign)

    def _calculation(self, signs: tuple[str, ...], part: Callable[[], Term]) -> Term:
        found = part()
        while self._now.kind == "sign" and self._now.text in signs:
            sign = self._next().text
            left, right = self._number(found), self._number(part())
            found = Term(NUMBER, calculated(sign, left, right), left.place)
        return found

    def _sign(self) -> Term:
        place = self._now.place
        if not self._skip("-"):
            return self._value()
        self._deeper()
        part = self._number(self._sign())
        self.depth -= 1
        return Term(NUMBER, lambda columns: -part.take(columns), place)

    def _value(self) -> Term:
        token = self._next()
        if token.kind == "number":
            number = float(token.text)
            if not math.isfinite(number):
                raise ExpressionError(self.text, token.place, "a number too large")
            return Term(NUMBER, lambda _: np.float64(number), token.place)
        if token.kind == "text":
            text = token.text[1:-1]
            return Term(TEXT, lambda _: np.array(text, dtype=object), token.place, constant=text)
        if token.text in ("true", "false"):
            mark = float(token.text == "true")
            return Term(TRUTH, lambda _: np.float64(mark), token.place)
        if token.kind == "name" and token.text not in WORDS:
            return self._named(token)
        if token.text == "(":
            self._deeper()
            found = self._condition()
            self._expect(")")
            self.depth -= 1
            return found
        raise self._wrong("expected a column, a number, a 'text' or (", token)

    def _named(self, token: Token) -> Term:
        name, _, scenario = (part.strip() for part in token.text.partition("@"))
        if name not in self.columns:
            hint = nearest(name, self.columns)
            outcomes = ", ".join(known for known in self.columns if "." not in known)
            numbers = [known for known in self.columns if "." in known]
            more = f", and {len(numbers)} numbers such as {numbers[0]}" if numbers else ""
            message = f"no column {name!r}; there are {outcomes}{more}"
            raise ExpressionError(self.text, token.place, message, hint)
        if scenario and scenario not in self.scenarios:
            there = f"; there are {', '.join(self.scenarios)}" if self.scenarios else " can be named here"
            message = f"no scenario {scenario!r}{there}"
            raise ExpressionError(self.text, token.place, message, nearest(scenario, self.scenarios))
        place = f"{name}@{scenario}" if scenario else name
        self.names[place] = None
        return Term(self.columns[name].type, lambda columns: columns[place], token.place, column=place)

    def _truth(self, term: Term) -> Term:
        if term.type != TRUTH:
            message = f"a {term.type} is neither true nor false; expected a comparison"
            raise ExpressionError(self.text, term.place, message)
        return term

    def _number(self, term: Term) -> Term:
        if term.type not in (NUMBER, DAYS):
            raise ExpressionError(self.text, term.place, f"a {term.type} cannot be reckoned with")
        return term

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._wrong(f"nested more than {DEEPEST} deep")

    @property
    def _now(self) -> Token:
        return self.tokens[self.at]

    def _next(self) -> Token:
        token = self.tokens[self.at]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def _skip(self, text: str) -> bool:
        if self._now.kind in ("text", "end") or self._now.text != text:
            return False
        self.at += 1
        return True

    def _expect(self, text: str) -> None:
        if not self._skip(text):
            raise self._wrong(f"expected {text}")

    def _wrong(self, message: str, token: Token | None = None) -> ExpressionError:
        token = token or self._now
        found = "the end" if token.kind == "end" else token.text
        return ExpressionError(self.text, token.place, f"{message}, found {found}")
