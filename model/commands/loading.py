"""Scenarios as a command's arguments name them: shipped names, TOML files, folders of them."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import isdir  # a name too long for a file is none, and no error
from pathlib import Path
from typing import TYPE_CHECKING

from model.commands.terminal import Refused

if TYPE_CHECKING:
    from model.scenario import Scenario


def load(references: Sequence[str]) -> tuple[list[Scenario], dict[str, str]]:
    """The scenarios (all shipped ones if none is named) and by name how each is referred to.

    Raises ScenarioError with all problems of all of them.
    """
    from model.scenario import load_many, shipped
    from model.scenario_chain import members

    named: list[str] = []
    for reference in dict.fromkeys(references or shipped()):
        named += [str(path) for path in members(Path(reference))] if isdir(reference) else [reference]
    scenarios = load_many(named)
    return scenarios, {scenario.name: name for scenario, name in zip(scenarios, named, strict=True)}


def refuse_damaged_posterior(mode: str) -> None:
    """Raises InputError where numbers come from a `posterior.csv` that cannot be used: before the first run."""
    if mode == "posterior":
        from model.parameters import posterior

        posterior()


def sweep_points(scenarios: Sequence[Scenario]) -> tuple[dict[str, float], ...]:
    """The points at which scenarios are run: those of the one sweep among them, or one that fixes nothing.

    Scenarios without a sweep meet the same points, so that they compare pair by pair. Raises Refused for two
    different sweeps, and where a scenario lacks a number that is swept.
    """
    sweeping = [scenario for scenario in scenarios if scenario.sweep is not None]
    if not sweeping:
        return ({},)
    first = sweeping[0]
    assert first.sweep is not None
    points = first.sweep.points(first.numbers)
    for other in sweeping[1:]:
        assert other.sweep is not None
        if other.sweep.points(other.numbers) != points:
            raise Refused(f"{first.name} and {other.name} have different sweeps; run them one by one")
    for scenario in scenarios:
        missing = [key for key in first.sweep.keys if key not in scenario.numbers]
        if missing:
            raise Refused(f"{scenario.name} has no number {missing[0]}, over which {first.name} is swept")
    return points


def late_events(scenario: Scenario, days: int) -> list[str]:
    """What a scenario lays down for a day that a run of `days` days does not reach."""
    acts = [(act.day, f"the act {act.action} of {act.actor}") for act in scenario.script]
    events = [(event.day, f"the event {event.event}") for event in scenario.injects]
    return [
        f"{scenario.name}: {what} on day {day:g} lies beyond the horizon of {days} days; "
        f"run it with --days {int(day) + 1} or more"
        for day, what in acts + events
        if day >= days
    ]


def refuse_late_events(scenarios: Sequence[Scenario], days: int) -> None:
    """Raises Refused where a scenario lays down what would never happen."""
    late = [message for scenario in scenarios for message in late_events(scenario, days)]
    if late:
        raise Refused("\n  ".join(late))


def switches_of(words: Sequence[str]) -> dict[str, str]:
    """Switches of structure given as name=value. Raises Refused for one that there is not."""
    from model.scenario_file import SWITCHES

    found = {}
    for word in words:
        name, _, value = word.partition("=")
        if value not in SWITCHES.get(name, ()):
            raise Refused(
                _no_switch(word, [f"{own}={one}" for own, values in SWITCHES.items() for one in values])
            )
        found[name] = value
    return found


def _no_switch(word: str, valid: Sequence[str]) -> str:
    """There is no such switch; the nearest first, then those of one name on a line."""
    from model.toml_source import nearest

    hint = nearest(word, valid)
    said = f"no switch {word!r}" + (f" (nearest valid name: {hint})" if hint else "")
    names = dict.fromkeys(one.partition("=")[0] for one in valid)
    rows = [", ".join(one for one in valid if one.startswith(f"{name}=")) for name in names]
    return "\n  ".join([f"{said}; --switch is one of", *rows])
