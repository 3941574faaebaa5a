"""The engines by name: whatever makes the runs of a batch, the same runs come out."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import Executor

from model.ensemble.blocks import compute_in
from model.ensemble.cluster import dask_executor
from model.ensemble.engine import compute
from model.ensemble.finished_run import FinishedRun
from model.ensemble.plan import Plan, ResolvedScenario, RunKey


def make_runs(
    plan: Plan,
    scenarios: Mapping[str, ResolvedScenario],
    keys: Iterable[RunKey],
    workers: int,
    *,
    engine: str = "local",
    scheduler: str | None = None,
    executor: Executor | None = None,
    run_timeout: float | None = None,
    idle: Callable[[], None] = lambda: None,
) -> Generator[FinishedRun, None, None]:
    """Make the runs of `keys` and yield each when it is finished, in no particular order.

    engine: local or dask; an executor goes before it and has to see to run_timeout itself. Closing the
    iterator stops what was begun. Raises EngineUnusable and EngineLost.
    """
    if executor is not None:
        yield from compute_in(executor, plan, scenarios, keys, lambda: workers, idle=idle)
    elif engine == "dask":
        with dask_executor(scheduler, workers) as (cluster, slots):
            yield from compute_in(cluster, plan, scenarios, keys, slots, run_timeout, idle)
    else:
        yield from compute(plan, scenarios, keys, workers, run_timeout, idle)
