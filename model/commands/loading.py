"""Scenarios as a command's arguments name them: shipped names, TOML files, folders of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

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
