"""One scenario, its numbers and its outcomes as the options of an analysis name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from model.commands.loading import load, refuse_late_events
from model.commands.terminal import Refused

if TYPE_CHECKING:
    from model.analysis.expression import Expression
    from model.analysis.measures import Measure
    from model.parameters import Number
    from model.scenario import Scenario

NEEDED = {"SALib": "SALib", "ema_workbench": "ema-workbench", "xarray": "xarray"}


def needs(*modules: str) -> None:
    """Refuse where a package of the extra `analysis` is missing, and say how to have it."""
    missing = [NEEDED[name] for name in modules if find_spec(name) is None]
    if missing:
        raise Refused(f"{', '.join(missing)} is not installed; run with `uv run --extra analysis run.py ...`")


def one_scenario(reference: str, days: int) -> Scenario:
    """The one scenario of a name or path. Raises Refused for a folder and for a sweep of its own, ScenarioError."""
    if Path(reference).is_dir():
        raise Refused(f"{reference} is a folder; name one scenario")
    (scenario,), _ = load([reference])
    if scenario.sweep is not None:
        raise Refused(f"{scenario.name} has a sweep of its own; run it with `batch`, or leave the sweep out")
    refuse_late_events([scenario], days)
    return scenario


def numbers_named(scenario: Scenario, patterns: Iterable[str], option: str = "--numbers") -> tuple[str, ...]:
    """Dotted keys that the patterns name, in the order of the scenario: every uncertain number if there is none.

    A pattern such as `coercer.*` names uncertain numbers, a whole key any number that has a range. Raises Refused
    with the nearest name.
    """
    from model.scenario_meaning import nearest_key

    numbers = scenario.numbers
    free = [key for key, n in numbers.items() if n.low < n.high]
    uncertain = [key for key in free if numbers[key].kind == "uncertainty"]
    wanted: set[str] = set()
    asked = list(patterns)
    for pattern in asked:
        found = [pattern] if pattern in free else [key for key in uncertain if fnmatchcase(key, pattern)]
        if not found:
            if pattern in numbers:
                raise Refused(
                    f"{option}: {pattern} has no range in {scenario.name}; give it one in [overrides]"
                )
            hint = nearest_key(pattern, numbers)
            near = f" (nearest valid name: {hint})" if hint else ""
            raise Refused(f"{option}: no number of {scenario.name} is called {pattern!r}{near}")
        wanted.update(found)
    return tuple(key for key in numbers if key in wanted) if asked else tuple(uncertain)


def measures_named(texts: Sequence[str], horizon: float) -> list[Measure]:
    """What the options --outcome ask for. Raises Refused for one that cannot be read."""
    from model.analysis.expression import ExpressionError
    from model.analysis.measures import read_measure

    try:
        return [read_measure(text, horizon) for text in dict.fromkeys(texts)]
    except ExpressionError as wrong:
        raise Refused(f"--outcome: {wrong}") from None


def condition_named(text: str, numbers: Mapping[str, Number], others: Sequence[str] = ()) -> Expression:
    """A condition on outcomes and numbers. Raises Refused with the nearest name for a wrong one."""
    from model.analysis.expression import ExpressionError, known_columns, parse

    try:
        return parse(text, known_columns(numbers), others)
    except ExpressionError as wrong:
        raise Refused(f"--outcome: {wrong}") from None
