"""What a worker holds and does: from the key of a run to the finished run, whatever happens in between."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Protocol

from model.ensemble.admission import admit
from model.ensemble.finished_run import FAILED, OK, FinishedRun
from model.ensemble.payload import pack_arrays, pack_scalars
from model.ensemble.plan import Plan, ResolvedScenario, RunKey

_MESSAGE_LIMIT = 300  # characters of an error's message that are kept
_READ_LIMIT = 10_000  # characters of it that are looked at
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,79}")


class Job(Protocol):
    """What the workers of a crew do: something for each key that they are given, by an importable function."""

    @property
    def function(self) -> str: ...  # noqa: D102
    def prepare(self) -> None: ...  # noqa: D102
    def attempt(self, key: RunKey) -> FinishedRun: ...  # noqa: D102


class Work:
    """The function, the scenarios, the settings and the points of a plan: plain data that can be sent."""

    def __init__(self, plan: Plan, scenarios: Mapping[str, ResolvedScenario]) -> None:
        self.function = plan.function
        self.scenarios = dict(scenarios)
        self.settings = dict(plan.settings)
        self.points = plan.points
        self.decision_replicates = plan.decision_replicates

    def prepare(self) -> None:
        """Import what makes the runs."""
        importlib.import_module(self.function.partition(":")[0])

    def run(self, key: RunKey) -> FinishedRun:
        """Make one run. Raises whatever simulation or admission raise."""
        module_name, _, function_name = self.function.partition(":")
        module = importlib.import_module(module_name)
        settings = module.Settings(**self.settings)
        if key.replicate < self.decision_replicates and "decisions" in {
            entry.name for entry in fields(settings)
        }:
            settings = replace(settings, decisions=True)
        simulate = getattr(module, function_name)
        scenario, overrides = self.scenarios[key.scenario], self.points[key.point]
        result = admit(simulate(scenario, key.replicate, settings, key.point, overrides), settings.days)
        return FinishedRun(key, OK, scalars=pack_scalars(result), payload=pack_arrays(result))

    def attempt(self, key: RunKey) -> FinishedRun:
        """Make one run; a failing one becomes a row with its error, `sys.exit` in it included."""
        try:
            return self.run(key)
        except BaseException as problem:  # a worker's Ctrl-C is its parent's to answer
            return FinishedRun(key, FAILED, *describe(problem))


def describe(problem: BaseException) -> tuple[str, str]:
    """Type and message of an error on one line of bounded length, the notes on it first.

    The model notes on an error the day on which it happened.
    """
    name = type(problem).__name__
    notes = [str(note) for note in getattr(problem, "__notes__", ())]
    try:
        text = str(problem)
    except Exception:  # an error whose message is another
        text = "its message cannot be shown"
    text = ": ".join([*notes, text])[:_READ_LIMIT]
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    text = re.sub(r"0x[0-9a-fA-F]{6,}", "0x...", text)  # addresses differ from process to process
    return name if _NAME.fullmatch(name) else "Error", text[:_MESSAGE_LIMIT]
