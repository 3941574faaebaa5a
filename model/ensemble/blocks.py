"""Runs made by any `concurrent.futures.Executor`, in blocks of replicates sized to seconds of work.

A block that is lost is run again run by run; what is stored depends on none of this.
"""

from __future__ import annotations

import itertools
import os
import pickle
import queue
import threading
import time
import zlib
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from functools import cache, lru_cache, partial

from model.ensemble.engine import with_command
from model.ensemble.faults import EngineLost, EngineUnusable
from model.ensemble.finished_run import FAILED, FinishedRun
from model.ensemble.plan import Plan, ResolvedScenario, RunKey, code_digest, versions_behind
from model.ensemble.work import Work, describe

_SECONDS = 3.0  # of work in a block: long against the cost of a task, short against the loss of a worker
_LARGEST = 256  # runs in a block
_AHEAD = 2  # blocks in flight for each slot
_TICK = 1.0
Block = tuple[RunKey, ...]
Made = Future[tuple[float, list[FinishedRun]]]
Finished = queue.SimpleQueue[tuple[Block, Made]]


def compute_in(
    executor: Executor,
    plan: Plan,
    scenarios: Mapping[str, ResolvedScenario],
    keys: Iterable[RunKey],
    slots: Callable[[], int],
    run_timeout: float | None = None,
    idle: Callable[[], None] = lambda: None,
) -> Generator[FinishedRun, None, None]:
    """Make the runs of `keys` in an executor and yield each when it is finished, in no particular order.

    slots: how many blocks it works on at a time, asked again and again, since workers come and go.
    run_timeout: seconds after which the process that makes a run ends itself (so not for threads).
    A run that is lost alone twice is yielded as failed. Raises EngineLost when the executor has gone, and
    EngineUnusable when its workers have another version of the model.
    """
    finished: Finished = queue.SimpleQueue()
    cutter, packed = _Cutter(plan, keys), _Packed(plan, scenarios)
    alone: deque[RunKey] = deque()
    lost_alone: set[RunKey] = set()
    flying: set[Made] = set()
    try:
        while True:
            while len(flying) < _AHEAD * slots() and (block := cutter.take() or _first(alone)):
                future = _submit(executor, make_block, packed.work_for(block), block, run_timeout)
                flying.add(future)
                future.add_done_callback(partial(_note, finished, block))
            if not flying:
                return
            idle()
            try:
                block, future = finished.get(timeout=_TICK)
            except queue.Empty:
                continue
            flying.discard(future)
            problem = _problem(future)
            if problem is None:
                seconds, runs = future.result()
                cutter.learn(seconds / len(runs))
                yield from (with_command(run, plan) for run in runs)
            elif len(block) > 1 or block[0] not in lost_alone:
                lost_alone.update(block if len(block) == 1 else ())
                alone.extend(block)
            else:  # not what it was lost by: that names a task or a port, another each time
                message = f"lost on every try ({type(problem).__name__})"
                yield with_command(FinishedRun(block[0], FAILED, "WorkerDied", message), plan)
    finally:  # of a batch that is stopped, what has not begun must not begin
        for future in flying:
            future.cancel()


def make_block(
    packed: bytes, block: Block, run_timeout: float | None = None
) -> tuple[float, list[FinishedRun]]:
    """Make the runs of a block, in whatever process this is; the seconds it took, and the runs."""
    work = _unpacked(packed)
    began = time.monotonic()
    runs = []
    for key in block:
        watch = threading.Timer(run_timeout or 0.0, os._exit, (1,))
        if run_timeout is not None:
            watch.daemon = True
            watch.start()
        runs.append(work.attempt(key))
        watch.cancel()
    return time.monotonic() - began, runs


class _Cutter:
    """Cuts the runs of a plan into blocks of one scenario, replicates first."""

    def __init__(self, plan: Plan, keys: Iterable[RunKey]) -> None:
        self._keys = iter(keys)
        self._width = len(plan.scenarios) * len(plan.points)
        self._size = 1  # until it is known how long a run takes
        self._blocks: deque[Block] = deque()

    def learn(self, seconds: float) -> None:
        """How long a run took; the size of the blocks that are cut from now on."""
        self._size = max(1, min(_LARGEST, round(_SECONDS / max(seconds, 1e-6))))

    def take(self) -> Block | None:
        """The next block, None at the end."""
        if not self._blocks:
            some = itertools.islice(self._keys, self._size * self._width)
            rows: dict[tuple[str, int], list[RunKey]] = {}
            for key in some:
                rows.setdefault((key.scenario, key.point), []).append(key)
            for row in rows.values():  # a window begun with the first size may hold more
                self._blocks.extend(_cut(row, self._size))
        return self._blocks.popleft() if self._blocks else None


def _cut(row: list[RunKey], size: int) -> Iterator[Block]:
    for start in range(0, len(row), size):
        yield tuple(row[start : start + size])


class _Packed:
    """The work of each scenario as bytes that every block of it carries, so that no worker holds a state."""

    def __init__(self, plan: Plan, scenarios: Mapping[str, ResolvedScenario]) -> None:
        def pack(name: str) -> bytes:
            body = (Work(plan, {name: scenarios[name]}), plan.code, plan.versions)
            return zlib.compress(pickle.dumps(body))

        self._pack = cache(pack)

    def work_for(self, block: Block) -> bytes:
        return self._pack(block[0].scenario)


@lru_cache(maxsize=64)
def _unpacked(packed: bytes) -> Work:
    """The work in the bytes. Raises EngineUnusable where this process has another model than the plan."""
    work, code, versions = pickle.loads(zlib.decompress(packed))
    if code != _own_code():
        raise EngineUnusable("the workers have another version of the model than this process")
    for name, version in versions_behind().items():
        if versions.get(name) != version:
            raise EngineUnusable(f"the workers have {name} {version}, this process {versions.get(name)}")
    assert isinstance(work, Work)
    return work


@cache
def _own_code() -> str:
    return code_digest()


def _note(finished: Finished, block: Block, future: Made) -> None:
    finished.put((block, future))


def _first(alone: deque[RunKey]) -> Block | None:
    return (alone.popleft(),) if alone else None


def _submit(executor: Executor, *call: object) -> Made:
    try:
        return executor.submit(*call)  # type: ignore[arg-type]
    except (RuntimeError, OSError) as problem:  # BrokenExecutor is a RuntimeError, and so is one shut down
        raise EngineLost(": ".join(describe(problem))) from problem


def _problem(future: Made) -> BaseException | None:
    """What a lost block was lost by. Raises what ends the whole batch."""
    try:
        problem = future.exception()
    except CancelledError:
        raise EngineLost("its tasks were cancelled") from None
    if isinstance(problem, EngineUnusable):
        raise problem
    if isinstance(problem, BrokenExecutor):
        raise EngineLost(": ".join(describe(problem))) from problem
    return problem
