"""The levers of a scenario: numbers that somebody could set otherwise, each with the range in which it can be set."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from model.commands.selection import numbers_named

if TYPE_CHECKING:
    from model.analysis.smallest_changes import Lever
    from model.parameters import Number
    from model.scenario import Scenario


def levers_of(scenario: Scenario, patterns: Sequence[str]) -> tuple[Lever, ...]:
    """The levers that patterns name; else numbers of kind lever, and those that shipped scenarios of the case change.

    A lever that the scenario has fixed keeps the range that it has without the scenario.
    """
    from model.analysis.smallest_changes import Lever
    from model.scenario import load_many, shipped

    ranges = _ranges(scenario)
    whole = replace(scenario, numbers=ranges)
    if patterns:
        keys = numbers_named(whole, patterns, "--levers")
    else:
        changed = {key for one in load_many(shipped()) if one.case == scenario.case for key in one.overridden}
        keys = tuple(k for k, n in ranges.items() if n.low < n.high and (n.kind == "lever" or k in changed))
    return tuple(
        Lever(key, ranges[key].unit, scenario.numbers[key].value, ranges[key].low, ranges[key].high)
        for key in keys
    )


def _ranges(scenario: Scenario) -> dict[str, Number]:
    """The numbers of a scenario, those that it has fixed with the range, kind and grade that they have without it."""
    from model.case import load_case
    from model.parameters import behaviour
    from model.scenario_chain import SCENARIOS
    from model.toml_source import InputError

    ranges = dict(scenario.numbers)
    fixed = [key for key in scenario.overridden if ranges[key].low == ranges[key].high]
    known = behaviour()
    if any(key not in known for key in fixed):
        with suppress(InputError):  # a case of the user's own lies elsewhere: what it has fixed is no lever
            known |= load_case(SCENARIOS / "cases" / f"{scenario.case}.toml").numbers
    for key in fixed:
        if key in known and known[key].low <= ranges[key].value <= known[key].high:
            ranges[key] = known[key]
    return ranges
