"""In what two plans differ, told to whoever resumes a batch with another plan than it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from model.ensemble.plan import Plan

_SHOWN = 8  # differences that a message lists
_WIDTH = 60  # characters of a value that are shown


def extends(asked: Plan, there: Plan) -> bool:
    """Whether `asked` is `there` with scenarios or replicates added, so that every run of it stays."""
    here = {entry.name: entry.digest for entry in asked.scenarios}
    if any(here.get(entry.name) != entry.digest for entry in there.scenarios):
        return False
    same = replace(asked, scenarios=there.scenarios, replicates=there.replicates)
    return asked.replicates >= there.replicates and asked.shard == there.shard and same.hash == there.hash


def describe(there: Plan, asked: Plan) -> str:
    """The differences in a few lines, each with what the folder has and what was asked for."""
    found = list(_differences(there, asked))
    more = [f"and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
    return "; ".join([*found[:_SHOWN], *more])


def _differences(there: Plan, asked: Plan) -> Iterator[str]:
    missing = [name for name in there.names if name not in asked.names]
    if missing:
        yield f"it holds {', '.join(missing)} too, which may not be left out"
    if there.replicates > asked.replicates:
        yield f"it has {there.replicates} replicates, not {asked.replicates}; there may be more, not fewer"
    if there.shard != asked.shard:
        yield f"it is {_shard(there)}, not {_shard(asked)}"
    for name, had, wanted in _changes(there.settings, asked.settings):
        yield f"its {name} is {had}, not {wanted}"
    for entry in asked.scenarios:
        if entry.name in there.names:
            before = there.scenario(entry.name)
            if before.digest != entry.digest:
                yield from _in_scenario(entry.name, before.resolved, entry.resolved)
    if there.points != asked.points:
        yield "its points of parameters are others"
    if there.decision_replicates != asked.decision_replicates:
        yield f"it keeps the decisions of {there.decision_replicates} runs, not {asked.decision_replicates}"
    if there.function != asked.function:
        yield f"its runs are made by {there.function}, not {asked.function}"
    if there.code != asked.code:
        files = [name for name, _, _ in _changes(there.files, asked.files)]
        yield f"the model has changed since: {', '.join(files[:5])}" + (", ..." if len(files) > 5 else "")
    for name, had, wanted in _changes(there.versions, asked.versions):
        yield f"it was made with {name} {had}, not {wanted}"


def _in_scenario(name: str, there: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[str]:
    for key, had, wanted in _changes(_flat(there), _flat(asked)):
        yield f"{name}: {key} is {had}, not {wanted}"


def _changes(there: Mapping[str, Any], asked: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for key in sorted(set(there) | set(asked)):
        if there.get(key) != asked.get(key):
            yield key, _short(there.get(key)), _short(asked.get(key))


def _flat(body: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """Nested tables as one table of dotted keys."""
    flat: dict[str, Any] = {}
    for key, value in body.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{above}{key}.")
        else:
            flat[f"{above}{key}"] = value
    return flat


def _short(value: Any) -> str:
    text = "absent" if value is None else str(value)
    return text if len(text) <= _WIDTH else text[: _WIDTH - 3] + "..."


def _shard(plan: Plan) -> str:
    number, of = plan.shard
    return "the whole batch" if of == 1 else f"shard {number} of {of}"
