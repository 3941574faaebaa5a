"""Whether a folder holds what was put into it, and whether the same runs come out again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from model.ensemble.finished_run import OK, FinishedRun, named
from model.ensemble.manifest import checksum, described_files
from model.ensemble.payload import content
from model.ensemble.plan import Plan, ResolvedScenario, RunKey, code_digest, versions_behind
from model.ensemble.store import BatchStore
from model.ensemble.work import Work

Loader = Callable[[Mapping[str, Any]], ResolvedScenario]


@dataclass
class Findings:
    """What a look at a folder found.

    wrong: what is damaged or different, a line each; notes: what could not be looked at; rows, files,
    repeated: how many were looked at; missing: runs that have not been made yet.
    """

    wrong: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: int = 0
    files: int = 0
    repeated: int = 0
    missing: int = 0


def verify_folder(folder: Path, repeat: int, load: Loader) -> Findings:
    """Read every row and file of a folder against its checksum and make `repeat` runs again; nothing is written.

    load: the scenario of the plain data in a plan. Raises StoreError where no batch can be read.
    """
    findings = Findings()
    with BatchStore.open(folder, read_only=True) as store:
        if not store.file_is_sound():
            findings.wrong.append(f"{folder.name}: the pages of the store do not fit together")
            return findings
        sound = []
        for run, fits in store.all_runs():
            findings.rows += 1
            if not fits:
                findings.wrong.append(f"run {named(run.key)}: its row is damaged")
            elif run.status == OK:
                sound.append(run.key)
        findings.missing = store.plan.size - findings.rows
        for path, stored in described_files(folder):
            findings.files += 1
            if not (folder / path).is_file():
                findings.wrong.append(f"file {path}: missing")
            elif checksum(folder / path) != stored:
                findings.wrong.append(f"file {path}: changed since it was written")
        different = _why_not_again(store.plan)
        if different:
            findings.notes.append(f"no run was made again: {different}")
            return findings
        for key in spread(sound, repeat):
            findings.repeated += 1
            findings.wrong += _made_again(store, key, load)
    return findings


def spread(keys: list[RunKey], count: int) -> list[RunKey]:
    """`count` keys from all over a list, the first and the last among them."""
    if count >= len(keys):
        return keys
    return [keys[round(k * (len(keys) - 1) / max(count - 1, 1))] for k in range(count)]


def _why_not_again(plan: Plan) -> str | None:
    if plan.code != code_digest():
        return "the model has changed since"
    for name, version in versions_behind().items():
        if plan.versions.get(name) != version:
            return f"the batch was made with {name} {plan.versions.get(name)}, and here is {version}"
    return None


def _made_again(store: BatchStore, key: RunKey, load: Loader) -> Iterator[str]:
    scenario = load(store.plan.scenario(key.scenario).resolved)
    there = store.run(key)
    here = Work(store.plan, {key.scenario: scenario}).attempt(key)
    if _content(here) != _content(there):
        yield f"run {named(key)}: made again it is different"


def _content(run: FinishedRun) -> tuple[object, ...]:
    """What a run says, whatever the version of LZ4 that packed it."""
    parts = (None if part is None else content(part) for part in (run.scalars, run.payload))
    return (run.status, run.error, run.message, *parts)
