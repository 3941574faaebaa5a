"""Scenarios as a command's arguments name them: shipped names, TOML files, folders of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from model.commands.terminal import Refused

if TYPE_CHECKING:
    from model.scenario import Scenario


def load(references: Sequence[str]) -> tuple[list[Scenario], dict[str, str]]:
    """The scenarios (all shipped ones if none is named) and by name how the user referred to each.

    Raises Refused with all problems of all of them.
    """
    from model.scenario import ScenarioError, load_scenario, shipped

    loaded: dict[str, Scenario] = {}
    named: dict[str, str] = {}
    problems: list[str] = []
    for reference in _unfolded(references) if references else shipped():
        try:
            scenario = load_scenario(reference)
        except ScenarioError as error:
            problems.append(str(error))
            continue
        other = loaded.get(scenario.name)
        if other is not None and other.digest != scenario.digest:
            problems.append(f"{named[scenario.name]} and {reference} are different scenarios of one name")
        loaded[scenario.name] = scenario
        named[scenario.name] = reference
    if problems:
        raise Refused("\n".join(problems))
    return list(loaded.values()), named


def _unfolded(references: Sequence[str]) -> list[str]:
    found: list[str] = []
    for reference in references:
        folder = Path(reference)
        if folder.is_dir():
            files = sorted(str(path) for path in folder.glob("*.toml"))
            if not files:
                raise Refused(f"{reference} holds no scenario (*.toml)")
            found += files
        else:
            found.append(reference)
    return found
