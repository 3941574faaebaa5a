"""The local engine: worker processes that make one run each at a time and may die without harm to the others.

Workers start from a preloaded forkserver (spawn where there is none), get the resolved scenarios once, read
no file and use one thread. Runs come back in any order.
"""

from __future__ import annotations

import contextlib
import importlib
import multiprocessing
import multiprocessing.connection
import os
import queue
import re
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from pebble import ProcessExpired, ProcessPool

from model.ensemble.admission import admit
from model.ensemble.payload import pack_arrays, pack_scalars
from model.ensemble.plan import Plan, ResolvedScenario, RunKey
from model.ensemble.store import FAILED, OK, TIMEOUT, FinishedRun

ONE_THREAD = {
    name: "1"
    for name in (
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
        "NUMBA_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "ARROW_NUM_THREADS",
    )
}  # fmt: skip
_AHEAD = 4  # tasks in flight per worker: enough to keep it busy, few enough to keep memory flat
_MESSAGE_LIMIT = 300


class Work:
    """What a worker holds: the function, the scenarios, the settings and the points of the plan."""

    def __init__(self, plan: Plan, scenarios: Mapping[str, ResolvedScenario]) -> None:
        self.function = plan.function
        self.scenarios = dict(scenarios)
        self.settings = dict(plan.settings)
        self.points = plan.points
        self.decision_replicates = plan.decision_replicates

    def run(self, key: RunKey) -> tuple[bytes, bytes]:
        """Make one run; its packed scalars and arrays. Raises whatever simulation or admission raise."""
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
        return pack_scalars(result), pack_arrays(result)


_work: Work | None = None


def _begin(work: Work) -> None:
    global _work
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _work = work
    threading.Thread(target=_end_with_parent, daemon=True).start()
    importlib.import_module(work.function.partition(":")[0])


def _end_with_parent() -> None:
    """A worker whose batch was killed ends at once, in whatever run it is."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _make(key: RunKey) -> tuple[bytes, bytes] | tuple[str, str]:
    assert _work is not None
    try:
        return _work.run(key)
    except Exception as problem:  # a failing run is a row, never the end of the batch
        return _describe(problem)


def _describe(problem: BaseException) -> tuple[str, str]:
    text = " ".join(str(problem).split())
    text = re.sub(r"0x[0-9a-fA-F]{6,}", "0x...", text)  # addresses differ from process to process
    return type(problem).__name__, text[:_MESSAGE_LIMIT]


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
) -> Generator[FinishedRun, None, None]:
    """Make the runs of `keys` and yield each when it is finished, in no particular order.

    run_timeout: seconds after which a run is stopped and counted as a timeout. Closing the iterator stops the
    workers.
    """
    module = plan.function.partition(":")[0]
    pool: ProcessPool | None = None
    finished: queue.SimpleQueue[tuple[RunKey, Future[Any]]] = queue.SimpleQueue()
    waiting = iter(keys)
    flying = 0
    with _one_thread_each():
        try:
            pool = ProcessPool(
                max_workers=workers,
                initializer=_begin,
                initargs=(Work(plan, scenarios),),
                context=_context(module),
            )
            while True:
                for key in waiting:
                    future = pool.schedule(_make, args=(key,), timeout=run_timeout)
                    future.add_done_callback(_noting(finished, key))
                    flying += 1
                    if flying >= workers * _AHEAD:
                        break
                if not flying:
                    break
                yield _finished(plan, *finished.get(), run_timeout)
                flying -= 1
            pool.close()
        finally:
            if pool is not None:
                if flying:
                    pool.stop()
                pool.join()


def _noting(
    finished: queue.SimpleQueue[tuple[RunKey, Future[Any]]], key: RunKey
) -> Callable[[Future[Any]], None]:
    return lambda future: finished.put((key, future))


def _finished(plan: Plan, key: RunKey, future: Future[Any], run_timeout: float | None) -> FinishedRun:
    problem = future.exception()
    if problem is None:
        first, second = future.result()
        if isinstance(first, bytes):
            return FinishedRun(key, OK, scalars=first, payload=second)
    command = plan.repeat(key)
    if problem is None:
        return FinishedRun(key, FAILED, first, second, command)
    if isinstance(problem, FutureTimeout | TimeoutError):
        return FinishedRun(key, TIMEOUT, "RunTimeout", f"not done after {run_timeout:g} seconds", command)
    if isinstance(problem, ProcessExpired):
        code = problem.exitcode
        ending = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
        return FinishedRun(key, FAILED, "WorkerDied", f"the worker process ended: {ending}", command)
    return FinishedRun(key, FAILED, *_describe(problem), command)


def _context(module: str) -> Any:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([module, __name__])
    return context


@contextlib.contextmanager
def _one_thread_each() -> Iterator[None]:
    """The environment that workers inherit: one thread each, and the project importable from any folder."""
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH")) if part)
    before = {name: os.environ.get(name) for name in (*ONE_THREAD, "PYTHONPATH")}
    os.environ.update(ONE_THREAD, PYTHONPATH=path)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
