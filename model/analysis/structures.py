"""Other structures of the model: each scenario once more under each rule that could stand in its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from model.analysis.statistics import wilson
from model.scenario_file import SWITCHES

if TYPE_CHECKING:
    from model.scenario import Scenario

#: the model as it is
OWN = "own"
#: switched to nobody's decisions a run is a script and no model of what actors would do
NO_STRUCTURE = ("decision=scripted",)
MARK = "--"
#: worlds from which on a rule is judged about as well as the model's own
MANY = 50


def structures() -> list[str]:
    """`switch=value` for every rule that can stand in place of the model's own, in the order of the switches."""
    found = [f"{switch}={value}" for switch, values in SWITCHES.items() for value in values[1:]]
    return [structure for structure in found if structure not in NO_STRUCTURE]


def under(scenario: Scenario, structure: str) -> Scenario:
    """The scenario with one rule exchanged, under a name of its own; itself for OWN."""
    if structure == OWN:
        return scenario
    switch, value = structure.split("=")
    return replace(
        scenario,
        name=name_under(scenario.name, structure),
        title=f"{scenario.title} ({structure})",
        switches={**scenario.switches, switch: value},
    )


def few_worlds(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """What has to be said of rows under other rules (columns structure, worlds) where few worlds stand behind them."""
    found = [row["worlds"] for row in rows if row["structure"] != OWN and row["worlds"]]
    most = max(found, default=MANY)
    if most >= MANY:
        return []
    unseen = wilson(0, most)[1]
    assert unseen is not None
    return [
        f"Few worlds stand behind the other rules: at most {most} each. What none of them shows may still come about "
        f"in up to {unseen * 100:.0f} % of all. Only large effects can be seen there, and which rule lies highest or "
        "lowest is in part chance."
    ]


def name_under(scenario: str, structure: str) -> str:
    """The name of a scenario under a structure: `arrest--beliefs-fixed`."""
    return scenario if structure == OWN else f"{scenario}{MARK}{structure.replace('=', '-')}"


def all_under(scenarios: Iterable[Scenario], which: Iterable[str]) -> tuple[list[Scenario], dict[str, str]]:
    """Every scenario under every structure, and how `run.py run` is told to make each by itself."""
    found, references = [], {}
    for scenario in scenarios:
        for structure in which:
            made = under(scenario, structure)
            found.append(made)
            references[made.name] = (
                scenario.name if structure == OWN else f"{scenario.name} --switch {structure}"
            )
    return found, references
