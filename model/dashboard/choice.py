"""What the user has chosen: a scenario with some levers moved, and the file that says the same."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from model.dashboard.levers import Lever, levers_of
from model.scenario import Scenario, load_scenario, shipped
from model.scenario_file import SWITCHES
from model.scenario_meaning import overridden_number
from model.settings import Settings

ENDING = "_as_seen"
LONGEST = 80  # letters of a scenario's name


@dataclass(frozen=True)
class Choice:
    """A scenario as loaded, the numbers that were fixed (dotted key -> value), and the rules that were changed."""

    reference: str
    base: Scenario
    numbers: Mapping[str, float] = field(default_factory=dict)
    switches: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def of(reference: str) -> Choice:
        """The scenario of a shipped name or a path, untouched. Raises ScenarioError."""
        return Choice(reference, load_scenario(reference))

    @cached_property
    def levers(self) -> dict[str, Lever]:
        """The numbers that may be moved, by dotted key."""
        return levers_of(self.reference, self.base)

    @property
    def touched(self) -> bool:
        """Whether a lever or a rule was moved."""
        return bool(self.numbers or self.switches)

    def moved(self, key: str, value: float | None) -> Choice:
        """With a number fixed within its range; None leaves it to the scenario again. Raises KeyError."""
        lever = self.levers[key]
        rest = {name: kept for name, kept in self.numbers.items() if name != key}
        if value is None:
            return replace(self, numbers=rest)
        return replace(self, numbers=rest | {key: min(max(float(value), lever.low), lever.high)})

    def switched(self, name: str, value: str) -> Choice:
        """With a rule changed, or as the scenario has it. Raises ValueError for a value that the rule has not."""
        if value not in SWITCHES[name]:
            raise ValueError(f"{name} is one of {', '.join(SWITCHES[name])}, not {value!r}")
        rest = {rule: kept for rule, kept in self.switches.items() if rule != name}
        return replace(self, switches=rest if self.base.switches[name] == value else rest | {name: value})

    @property
    def file_name(self) -> str:
        """Name of the scenario in the file that may be saved; no shipped one is called so."""
        return self.base.name[: LONGEST - len(ENDING)] + ENDING

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario that is run: the base itself, or what loading the saved file gives."""
        if not self.touched:
            return self.base
        numbers = {
            key: overridden_number(self.base.numbers[key], value, self.file_name)
            for key, value in self.numbers.items()
        }
        return replace(
            self.base,
            name=self.file_name,
            title=self.title,
            numbers=self.base.numbers | numbers,
            switches={**self.base.switches, **self.switches},
            overridden=tuple(dict.fromkeys([*self.base.overridden, *self.numbers])),
        )

    @property
    def title(self) -> str:
        """The title, which says so if levers were moved."""
        return f"{self.base.title}, with levers moved" if self.touched else self.base.title

    def toml(self, settings: Settings, replicate: int) -> str:
        """A scenario file with which `run.py run` repeats what is seen; its first lines say how."""
        command = shlex.join(["run.py", "run", f"{self.file_name}.toml", *options(settings, replicate)])
        lines = ["# Saved from the dashboard; the same run again:", f"#   {command}"]
        if self.base.name not in shipped():
            lines.append(f"# Keep it beside {self.base.name}.toml, which it extends.")
        lines += [f"title = {quoted(self.title)}", f"question = {quoted(self.base.question)}"]
        lines.append(f"extends = {quoted(self.base.name)}")
        if self.numbers:
            lines += ["", "[overrides]"]
            lines += [f"{quoted(key)} = {value!r}" for key, value in self.numbers.items()]
        if self.switches:
            lines += ["", "[switches]"]
            lines += [f"{name} = {quoted(value)}" for name, value in self.switches.items()]
        return "\n".join(lines) + "\n"


def options(settings: Settings, replicate: int) -> list[str]:
    """The options of `run.py run` that make this run."""
    values = {
        "replicate": replicate,
        "seed": settings.seed,
        "days": settings.days,
        "households": settings.households,
        "parameters": settings.parameters,
    }
    return [word for name, value in values.items() for word in (f"--{name}", str(value))]


def quoted(text: str) -> str:
    """A text as a TOML basic string: JSON's escapes are TOML's, but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
