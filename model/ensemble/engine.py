"""The local engine: the runs of a batch made by worker processes of this machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import replace

from model.ensemble.crew import LOST, Crew
from model.ensemble.finished_run import OK, FinishedRun
from model.ensemble.plan import Plan, ResolvedScenario, RunKey
from model.ensemble.work import Work


def default_workers() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def compute(
    plan: Plan,
    scenarios: Mapping[str, ResolvedScenario],
    keys: Iterable[RunKey],
    workers: int,
    run_timeout: float | None = None,
    idle: Callable[[], None] = lambda: None,
) -> Generator[FinishedRun, None, None]:
    """Make the runs of `keys` and yield each when it is finished, in no particular order.

    A run whose worker dies or that takes longer than run_timeout (seconds) is tried once more after all
    others, alone, and then yielded as failed or timed out. idle: called at least each second. Closing the
    iterator stops the workers. Raises EngineUnusable where workers cannot start.
    """
    lost: list[RunKey] = []
    with Crew(Work(plan, scenarios), workers) as crew:
        for run in crew.make(keys, run_timeout, idle):
            if run.error in LOST and run.status != OK:
                lost.append(run.key)
            else:
                yield with_command(run, plan)
        for run in crew.make(lost, run_timeout, idle, workers=1):
            yield with_command(run, plan)


def with_command(run: FinishedRun, plan: Plan) -> FinishedRun:
    """The run, if it is not ok, with the command that makes it again."""
    return run if run.status == OK else replace(run, command=plan.repeat(run.key))
