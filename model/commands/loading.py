"""Scenarios as a command's arguments name them: shipped names, TOML files, folders of them."""

from __future__ import annotations

from collections.abc import Sequence
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
        folder = Path(reference)
        named += [str(path) for path in members(folder)] if folder.is_dir() else [reference]
    scenarios = load_many(named)
    return scenarios, {scenario.name: name for scenario, name in zip(scenarios, named, strict=True)}


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
    from model.toml_source import nearest

    found = {}
    for word in words:
        name, _, value = word.partition("=")
        if value not in SWITCHES.get(name, ()):
            valid = [f"{own}={one}" for own, values in SWITCHES.items() for one in values]
            hint = nearest(word, valid)
            told = f" (nearest valid name: {hint})" if hint else ""
            raise Refused(f"--switch is one of {', '.join(valid)}, not {word!r}{told}")
        found[name] = value
    return found
