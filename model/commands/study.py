"""Batches that an analysis needs: made in parts below one folder, and gone on with by the same command."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from model.commands.progress import meter
from model.commands.request import Request
from model.commands.terminal import (
    DONE,
    INTERRUPTED,
    STOPPED,
    TAKEN,
    TERMINATED,
    Refused,
    Terminated,
    command_line,
    machine_fault,
    say,
    stoppable,
)

if TYPE_CHECKING:
    from model.analysis.observations import Observed
    from model.ensemble.plan import Plan
    from model.scenario import Scenario

RUNS_A_SECOND = (
    3.0  # of 180 days and 1,000 rows, on each of two processors of 2020; only for a first estimate
)


#: households of the country, for a first estimate of what a row for each costs
FULL_ROWS = 1_680_000


@dataclass(frozen=True)
class Part:
    """One batch of a study: the name of its folder, what is asked of it, its scenarios and their references."""

    name: str
    request: Request
    scenarios: Sequence[Scenario]
    references: Mapping[str, str]

    @property
    def runs(self) -> int:
        """Number of runs."""
        return len(self.scenarios) * self.request.replicates

    @property
    def rows(self) -> int:
        """Rows of households in a run; of a full country as many as there are households in Dushanbe's case."""
        return self.request.households if isinstance(self.request.households, int) else FULL_ROWS

    @property
    def plan(self) -> Plan:
        """The plan of this batch."""
        from model.ensemble.plan import plan_batch

        return plan_batch(
            self.scenarios,
            self.request.replicates,
            self.request.settings,
            references=self.references,
            decision_replicates=0,
            function=self.request.function,
        )


def cost(parts: Sequence[Part], workers: int) -> str:
    """How many runs the parts have and about how long they take, said before they start."""
    weight = sum(
        part.runs * (0.4 + 0.6 * part.request.days / 180) * (0.85 + 0.15 * part.rows / 1000) for part in parts
    )
    minutes = weight / RUNS_A_SECOND / workers / 60
    each = " + ".join(f"{part.runs} ({part.name})" for part in parts)
    return f"{sum(part.runs for part in parts)} runs: {each}; about {max(1, round(minutes))} minutes"


def make_study(folder: Path, parts: Sequence[Part], words: Sequence[str], workers: int | None) -> int:
    """Make what is missing of every part below the folder; DONE, or the exit code with which to stop.

    words: the command, for the line that says how to go on. Raises Refused.
    """
    from model.ensemble.engine import default_workers
    from model.ensemble.folder import FolderTaken, FolderUnusable

    processes = workers or default_workers()
    say(cost(parts, min(processes, os.cpu_count() or 1)))
    again = f"go on with\n  {command_line(words)}"
    try:
        with stoppable():
            for part in parts:
                _make(folder / part.name, part, processes)
    except (KeyboardInterrupt, Terminated) as stop:
        say(f"stopped; what was made is kept; {again}")
        return TERMINATED if isinstance(stop, Terminated) else INTERRUPTED
    except FolderUnusable as problem:
        raise Refused(str(problem)) from None
    except FolderTaken as problem:
        raise Refused(str(problem), TAKEN) from None
    except Exception as problem:
        fault = machine_fault(problem)
        if fault is None:
            raise
        say(f"error: {fault}; {again}")
        return STOPPED
    return DONE


def _make(path: Path, part: Part, workers: int) -> None:
    from model.ensemble.engine import compute
    from model.ensemble.folder import BatchFolder
    from model.ensemble.manifest import write_manifest

    plan = part.plan
    with BatchFolder(path, plan, resume=path.is_dir()) as folder:
        store = folder.store
        done = store.done()
        todo = [key for key in plan.runs() if key not in done]
        if not todo:
            return
        began = datetime.now(UTC)
        scenarios = {scenario.name: scenario for scenario in part.scenarios}
        try:
            with meter(plan.size, len(done)) as tell:
                made = failed = 0
                with closing(
                    compute(
                        plan,
                        scenarios,
                        todo,
                        min(workers, len(todo)),
                        part.request.run_timeout,
                        idle=store.keep,
                    )
                ) as runs:
                    for run in runs:
                        store.add(run)
                        made += 1
                        failed += run.status != "ok"
                        tell(len(done) + made, failed)
        finally:
            store.commit()
        counts = store.counts()
        if failed:
            say(f"{part.name}: {failed} runs failed; they are left out of every number")
        write_manifest(path, plan, part.name, began, datetime.now(UTC), counts)


def observe_part(folder: Path, part: Part) -> dict[str, Observed]:
    """What has been made of a part, by scenario; nothing where it has not been begun. Raises Refused."""
    from model.analysis.observations import observe
    from model.ensemble.store import BatchStore, StoreError

    if not (folder / part.name).is_dir():
        return {}
    try:
        with BatchStore.open(folder / part.name) as store:
            found = observe(store)
    except StoreError as problem:
        raise Refused(str(problem)) from None
    absent = {scenario.name for scenario in part.scenarios} - set(found)
    if absent:
        raise Refused(f"{folder / part.name} holds another study: {min(absent)} is not in it")
    return {name: runs for name, runs in found.items() if runs.runs}


def parts_note(seen: Mapping[str, Mapping[str, Observed]], parts: Sequence[Part]) -> list[str]:
    """What of the study is missing or failed, in sentences."""
    notes = []
    for part in parts:
        made = sum(len(found.runs) for found in seen[part.name].values())
        planned = max(part.runs, sum(found.planned for found in seen[part.name].values()))
        if made < planned:
            notes.append(f"{part.name}: {made} of {planned} runs are there")
    return notes
