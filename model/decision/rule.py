"""The rule of choice: quantal response over classes of acts, then over acts, with lasting moods.

An actor weighs every act it could carry out, first by class (de-escalation, status quo, posturing,
non-violent, violent), then within the class: a nested logit (Ben-Akiva and Lerman 1985) with the
precisions of a quantal response (McKelvey and Palfrey 1995), and with prior odds for leaving things as
they are, as attention that costs something would have it (Matejka and McKay 2015); the odds shrink as
something better comes in sight, since search is driven by problems (Cyert and March 1963). Two
departures from the textbook:

- the inclusive value of a class is the logarithm of the *mean* of exp(mu V), and acts that do the
  same share one weight, so that listing an act twice changes nothing;
- the unexplained part of the choice persists (an Ornstein-Uhlenbeck path in calendar time, mapped
  to the Gumbel law, which keeps the logit at each moment). Otherwise an act that is unlikely each
  time would become certain by being considered often. What somebody else puts to an actor (`accepts`) is
  decided afresh each time: who is asked again and again may give in.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from model.compiled import COMPILED, compiled
from model.decision.hazards import exp, exp_of_one, log, logistic_of_one

if TYPE_CHECKING:
    from model.decision.mood import Mood

CLASSES = ("deescalation", "status_quo", "posturing", "nonviolent", "violent")
STATUS_QUO = CLASSES.index("status_quo")
RULES = ("logit", "best_response", "threshold", "random", "scripted")


@dataclass(frozen=True)
class Precision:
    """How sharply values decide: `between` classes (lambda) and `within` a class (mu), per share of survival.

    `inertia`: prior odds of the status quo against any other one class.
    """

    between: float
    within: float
    inertia: float

    def habit(self, gain: np.ndarray) -> np.ndarray:
        """Log prior odds of the status quo, given what the best other class would gain over it.

        Habit holds while nothing better is in sight, and gives way as the choice matters more.
        """
        return np.maximum(math.log(self.inertia) - self.between * np.maximum(gain, 0.0), 0.0)


class Nest(NamedTuple):
    """A class of acts on a menu: its index in CLASSES, its acts (indices in the menu), the sum of their weights.

    For the choice of one act the same as lists: `acts`, their weights, the logarithms of these, the exact sum.
    """

    kind: int
    members: np.ndarray
    weight: float
    acts: list[int]
    weights: list[float]
    logs: list[float]
    total: float

    @classmethod
    def of(cls, kind: int, members: np.ndarray, weights: np.ndarray) -> "Nest":
        """A class with its members on a menu of acts with these weights."""
        own = weights[members]
        plain: list[float] = own.tolist()
        logs = [math.log(weight) for weight in plain]
        return cls(kind, members, float(own.sum()), members.tolist(), plain, logs, math.fsum(plain))

    def inclusive(self, scaled: list[float]) -> float:
        """Inclusive value of the class, for acts with these values at the precision within a class."""
        if len(self.acts) == 1:
            return scaled[self.acts[0]]
        own = [scaled[i] for i in self.acts]
        top = max(own)
        total = math.fsum([w * math.exp(v - top) for w, v in zip(self.weights, own, strict=True)])
        return top + math.log(total / self.total)


@dataclass(frozen=True)
class Menu:
    """The acts open to an actor: `names`, `codes` (rows of the table of actions), class indices, weights.

    `weights` of acts that do the same within a class add to one.
    """

    names: tuple[str, ...]
    codes: np.ndarray
    classes: np.ndarray
    weights: np.ndarray

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def nests(self) -> tuple["Nest", ...]:
        """The classes that are on the menu, each with its acts."""
        found = [np.flatnonzero(self.classes == c) for c in range(len(CLASSES))]
        return tuple(Nest.of(c, m, self.weights) for c, m in enumerate(found) if len(m))

    @cached_property
    def still(self) -> int | None:
        """Place in `nests` of the status quo; None where it is not on the menu."""
        return next((place for place, nest in enumerate(self.nests) if nest.kind == STATUS_QUO), None)

    @cached_property
    def nest_of(self) -> np.ndarray:
        """Place in `nests` of the class of each act (acts,)."""
        present = [nest.kind for nest in self.nests]
        return np.array([present.index(c) for c in self.classes.tolist()])

    @cached_property
    def coded(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """`nest_of`, `weights`, and kind and weight of each nest: the menu as compiled functions take it."""
        kinds, weights = [nest.kind for nest in self.nests], [nest.weight for nest in self.nests]
        return self.nest_of, self.weights, np.array(kinds), np.array(weights)

    @cached_property
    def items(self) -> tuple[list[int], list[list[int]]]:
        """What a mood knows of them (`Mood.gumbel`): the items of the classes on the menu, and of the acts of each."""
        codes = self.codes.tolist()
        kinds = [nest.kind for nest in self.nests]
        return kinds, [[len(CLASSES) + codes[i] for i in nest.acts] for nest in self.nests]

    def index(self, name: str) -> int:
        """Position of an act in the menu. Raises ValueError when it is not open."""
        return self.names.index(name)


@lru_cache(maxsize=1024)
def menu_of(
    names: tuple[str, ...], codes: tuple[int, ...], kinds: tuple[str, ...], weights: tuple[float, ...]
) -> Menu:
    """The menu of some acts, each of a kind in CLASSES; kept, since the same are on offer in run after run."""
    classes = np.array([CLASSES.index(kind) for kind in kinds], dtype=np.int64)
    return Menu(names, np.array(codes, dtype=np.int64), classes, np.array(weights, dtype=np.float64))


def share_weights(kinds: Sequence[tuple]) -> list[float]:
    """Weights 1/m for acts of which m are of the same kind (same class, same lever, same level)."""
    return [1.0 / kinds.count(kind) for kind in kinds]


def probabilities(values: np.ndarray, menu: Menu, precision: Precision) -> np.ndarray:
    """Nested-logit probabilities of acts.

    `values` has shape (..., acts), in share of political survival; so has the result, whose last
    axis sums to one.
    """
    if COMPILED and values.ndim > 1:
        rows = np.ascontiguousarray(values).reshape(-1, len(menu))
        out = np.empty(rows.shape)
        within, between, habit = precision.within, precision.between, math.log(precision.inertia)
        nested_logit(rows, *menu.coded, within, between, habit, out)
        return out.reshape(values.shape)
    nests, place = menu.nests, menu.nest_of
    scaled = precision.within * values
    top, total = np.empty((2, *values.shape[:-1], len(nests)))
    for i, nest in enumerate(nests):
        top[..., i] = scaled[..., nest.members].max(axis=-1)
    e = menu.weights * exp(scaled - top[..., place])
    for i, nest in enumerate(nests):
        total[..., i] = e[..., nest.members].sum(axis=-1)
    inclusive = (top + log(total / np.array([nest.weight for nest in nests]))) / precision.within
    scores = precision.between * inclusive
    present = [nest.kind for nest in nests]
    if STATUS_QUO in present and len(present) > 1:
        i = present.index(STATUS_QUO)
        others = inclusive[..., [k for k in range(len(present)) if k != i]].max(axis=-1)
        scores[..., i] += precision.habit(others - inclusive[..., i])
    odds = exp(scores - scores.max(axis=-1, keepdims=True))
    share = odds / odds.sum(axis=-1, keepdims=True) / total
    return e * share[..., place]


@compiled("f8[:,::1]", "i8[::1]", "f8[::1]", "i8[::1]", "f8[::1]", "f8", "f8", "f8", "f8[:,::1]")
def nested_logit(values, place, weights, kinds, weight, within, between, habit, out):  # type: ignore[no-untyped-def]
    """`probabilities` row by row. kinds, weight: index in CLASSES and sum of weights of each class on the menu.

    habit: log prior odds of the status quo.
    """
    top, total, inclusive, odds = np.empty((4, len(kinds)))
    for row in range(len(values)):
        top[:], total[:] = -np.inf, 0.0
        for i in range(len(place)):
            top[place[i]] = max(top[place[i]], within * values[row, i])
        for i in range(len(place)):
            out[row, i] = weights[i] * exp_of_one(within * values[row, i] - top[place[i]])
            total[place[i]] += out[row, i]
        others, still = -np.inf, -1
        for c in range(len(kinds)):
            inclusive[c] = (top[c] + math.log(total[c] / weight[c])) / within
            if kinds[c] == STATUS_QUO:
                still = c
            else:
                others = max(others, inclusive[c])
        highest = -np.inf
        for c in range(len(kinds)):
            odds[c] = between * inclusive[c]
            if c == still and len(kinds) > 1:
                odds[c] += max(habit - between * max(others - inclusive[c], 0.0), 0.0)
            highest = max(highest, odds[c])
        whole = 0.0
        for c in range(len(kinds)):
            odds[c] = exp_of_one(odds[c] - highest)
            whole += odds[c]
        for i in range(len(place)):
            out[row, i] *= odds[place[i]] / whole / total[place[i]]


def choose(values: np.ndarray, menu: Menu, precision: Precision, mood: "Mood", day: float, rule: str) -> int:
    """Index of the act chosen from the menu by `rule`, given `values` (acts,).

    logit: quantal response with lasting moods. best_response: the highest value. threshold: the
    first act, from the mildest class upwards, that beats the status quo by more than one unit of
    noise; else the status quo. random: moods alone. Raises ValueError for an unknown rule.
    """
    if rule == "best_response":
        return int(np.argmax(values))
    if rule == "threshold":
        return _satisfice(values, menu, 1.0 / precision.between)
    if rule not in ("logit", "random"):
        raise ValueError(f"unknown rule of choice {rule!r}")
    informed = 0.0 if rule == "random" else 1.0
    v = (informed * precision.within * values).tolist()
    nests, between = menu.nests, precision.between
    of_classes, of_acts = menu.items
    inclusive = [nest.inclusive(v) / precision.within for nest in nests]
    noise = mood.gumbel(day, of_classes)
    scores = [between * value + z for value, z in zip(inclusive, noise, strict=True)]
    still = menu.still
    if still is not None and len(nests) > 1:
        best_other = max([value for i, value in enumerate(inclusive) if i != still])
        gain = max(best_other - inclusive[still], 0.0)
        scores[still] += informed * max(math.log(precision.inertia) - between * gain, 0.0)
    place = scores.index(max(scores))
    best = nests[place]
    if len(best.acts) == 1:
        return best.acts[0]
    noise = mood.gumbel(day, of_acts[place])
    seen = [v[i] + log + z for i, log, z in zip(best.acts, best.logs, noise, strict=True)]
    return best.acts[seen.index(max(seen))]


def accepts(gain: float, precision: Precision, rule: str, chance: float) -> bool:
    """Whether a proposal that is worth `gain` more than what stands, in share of survival, is accepted by `rule`.

    A question that somebody else has put is decided on its merits: no habit speaks for leaving things as they are.
    chance: uniform on 0-1. Raises ValueError for an unknown rule.
    """
    if rule == "best_response":
        return gain > 0.0
    if rule == "threshold":
        return gain > 1.0 / precision.between
    if rule not in ("logit", "random"):
        raise ValueError(f"unknown rule of choice {rule!r}")
    informed = 0.0 if rule == "random" else 1.0
    return chance < logistic_of_one(informed * precision.between * gain)


def _satisfice(values: np.ndarray, menu: Menu, margin: float) -> int:
    still = np.flatnonzero(menu.classes == CLASSES.index("status_quo"))
    reference = float(values[still].max()) if len(still) else 0.0
    for i in np.argsort(menu.classes, kind="stable").tolist():
        if values[i] > reference + margin:
            return i
    return int(still[0]) if len(still) else int(np.argmax(values))
