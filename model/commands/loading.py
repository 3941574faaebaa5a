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
