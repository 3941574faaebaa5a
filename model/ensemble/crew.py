"""Worker processes, each with a pipe of its own, so that the end of one touches no run but its own.

(A pool whose workers share one pipe and its locks breaks, or hangs, when a worker is killed while it holds
them: see docs/reliability.md.) Workers start from a preloaded forkserver (spawn where there is none), get the
resolved scenarios once, read no file and use one thread.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from model.ensemble.faults import EngineLost, EngineUnusable
from model.ensemble.finished_run import FAILED, TIMEOUT, FinishedRun
from model.ensemble.plan import RunKey
from model.ensemble.work import Work, describe

ONE_THREAD = {
    name: "1"
    for name in (
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
        "NUMBA_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "ARROW_NUM_THREADS",
    )
}  # fmt: skip
LOST = ("WorkerDied", "RunTimeout")  # errors of a run that came to nothing with its worker
_AHEAD = 2  # runs a worker is given: one in work and one to go on with while its parent is busy
_FALSE_STARTS = 5  # workers in a row that die before they are ready
_TICK = 1.0  # seconds after which a wait for workers is broken off to see to other things


class Crew:
    """Workers for one batch; `with` ends them all."""

    def __init__(self, work: Work, size: int) -> None:
        self._work = work
        self._size = size
        self._context = _context(work.function.partition(":")[0])
        self._workers: list[Worker] = []
        self._false_starts = 0

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.end()

    def make(
        self,
        keys: Iterable[RunKey],
        run_timeout: float | None = None,
        idle: Callable[[], None] = lambda: None,
        workers: int | None = None,
    ) -> Iterator[FinishedRun]:
        """Make runs and yield each when it is finished, in no order; one lost with its worker has an error of LOST.

        idle: called at least each second; workers: how many of the crew to use.

        Raises EngineUnusable where workers cannot be made ready, EngineLost where none can be started.
        """
        waiting = _Waiting(keys)
        size = workers or self._size
        while True:
            while len(self._workers) < size and waiting:
                self._workers.append(Worker(self._context, self._work))
            for worker in self._workers[:size]:
                if worker.gone():
                    self._drop(worker)
            self._hand_out(self._workers[:size], size, waiting)
            busy = [worker for worker in self._workers if worker.keys or not worker.ready]
            if not waiting and not any(worker.keys for worker in busy):
                return
            spoken = multiprocessing.connection.wait([w.pipe for w in busy], _pause(busy, run_timeout))
            for worker in busy:
                late = worker.late(run_timeout)
                if worker.pipe in spoken:
                    yield from self._hear(worker, waiting)
                elif late:
                    yield self._lose(
                        worker, waiting, TIMEOUT, "RunTimeout", f"not done after {run_timeout:g} seconds"
                    )
            idle()

    def _hand_out(self, workers: Sequence[Worker], size: int, waiting: _Waiting) -> None:
        """Give each worker a run, then one ahead; where there is no other left, one that is held up goes round."""
        if not waiting and sum(bool(worker.keys) for worker in workers) < size:
            for worker in workers:
                waiting.put_back(worker.take_back())
        ready = [worker for worker in workers if worker.ready and not worker.leaving]
        for runs in range(1, _AHEAD + 1):
            for worker in ready:
                if len(worker.keys) < runs and waiting:
                    worker.give(waiting.take())

    def _hear(self, worker: Worker, waiting: _Waiting) -> Iterator[FinishedRun]:
        try:
            said = worker.hear()
        except (EOFError, OSError):
            if worker.keys:
                how = _ending(worker.end())
                yield self._lose(worker, waiting, FAILED, "WorkerDied", f"the worker process ended: {how}")
            else:
                self._drop(worker)
            return
        if isinstance(said, str):
            raise EngineUnusable(f"workers cannot start: {said}")
        self._false_starts = 0
        if worker.leaving:
            self._drop(worker)
        if said is not None:
            yield said

    def _lose(self, worker: Worker, waiting: _Waiting, status: str, error: str, message: str) -> FinishedRun:
        """The run that a worker was at; what it was to do after that goes to others."""
        key = worker.keys.popleft()
        waiting.put_back(worker.keys)
        self._drop(worker)
        return FinishedRun(key, status, error, message)

    def _drop(self, worker: Worker) -> None:
        self._workers.remove(worker)
        how = _ending(worker.end())
        if not worker.ready:
            self._false_starts += 1
            if self._false_starts >= _FALSE_STARTS:
                raise EngineUnusable(f"{_FALSE_STARTS} workers in a row ended before they were ready: {how}")


class Worker:
    """One process: the runs it was given, the first of which it is at."""

    def __init__(self, context: Any, work: Work) -> None:
        self.keys: deque[RunKey] = deque()
        self.ready = False
        self.leaving = False  # it ends with the run it is at
        self._since = 0.0
        self.pipe, theirs = context.Pipe()
        with one_thread_each():
            self._process = _started(context, theirs, work)
        theirs.close()

    def give(self, key: RunKey) -> None:
        """Send a run to be made; if the worker is gone, its pipe says so when it is heard."""
        if not self.keys:
            self._since = time.monotonic()
        self.keys.append(key)
        with contextlib.suppress(OSError):
            self.pipe.send(key)

    def take_back(self) -> list[RunKey]:
        """The runs that have waited for a tick behind the one in work, if any.

        They lie in its pipe already, so it ends before it comes to them.
        """
        ahead = list(self.keys)[1:]
        if not ahead or time.monotonic() - self._since < _TICK:
            return []
        self.leaving = True
        self.keys = deque([self.keys[0]])
        return ahead

    def gone(self) -> bool:
        """Whether it ended while it had nothing to do; it would have been silent otherwise."""
        return self.ready and not self.keys and self.pipe.poll()

    def hear(self) -> FinishedRun | str | None:
        """A finished run; None when the worker is ready; a text when it cannot be. Raises EOFError at its end."""
        said = self.pipe.recv()
        if isinstance(said, FinishedRun):
            self.keys.popleft()
            self._since = time.monotonic()
        self.ready = self.ready or said is None
        return said

    def left(self, run_timeout: float | None) -> float:
        """Seconds that the run in work may still take."""
        if run_timeout is None or not self.keys:
            return _TICK
        return run_timeout - (time.monotonic() - self._since)

    def late(self, run_timeout: float | None) -> bool:
        """Whether the run in work has taken too long."""
        return self.left(run_timeout) <= 0

    def end(self) -> int:
        """End the process, at whatever it is; its exit code, negative for a signal."""
        self.pipe.close()
        self._process.join(0.05 if self.keys or self.leaving else 2.0)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        code: int = self._process.exitcode
        return code


class _Waiting:
    """Runs to be made, those that came back first."""

    def __init__(self, keys: Iterable[RunKey]) -> None:
        self._back: deque[RunKey] = deque()
        self._keys = iter(keys)

    def __bool__(self) -> bool:
        if not self._back:
            self._back.extend([key for key in [next(self._keys, None)] if key is not None])
        return bool(self._back)

    def take(self) -> RunKey:
        return self._back.popleft()

    def put_back(self, keys: Iterable[RunKey]) -> None:
        self._back.extend(keys)


def _started(context: Any, pipe: Any, work: Work, tries: int = 2 * _FALSE_STARTS) -> Any:
    """A new process; tried again, since the forkserver that starts it can be killed as well."""
    process = context.Process(target=_serve, args=(pipe, work), daemon=True)
    try:
        process.start()
    except (OSError, EOFError) as problem:
        if tries == 1:
            raise EngineLost(f"no worker can be started ({problem})") from problem
        return _started(context, pipe, work, tries - 1)
    return process


def _pause(workers: Iterable[Worker], run_timeout: float | None) -> float:
    """Seconds to wait at most: until the first run is late."""
    return max(0.0, min([_TICK, *(worker.left(run_timeout) for worker in workers)]))


def _ending(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"


def _serve(pipe: Any, work: Work) -> None:
    """The life of a worker: ready, then run for run until its parent hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        work.prepare()
    except BaseException as problem:
        pipe.send(": ".join(describe(problem)))
        return
    with contextlib.suppress(EOFError, OSError):
        pipe.send(None)
        while True:
            pipe.send(work.attempt(pipe.recv()))


def _end_with_parent() -> None:
    """A worker whose batch was killed ends at once, in whatever run it is."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _context(module: str) -> Any:
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([module, __name__])
    return context


@contextlib.contextmanager
def one_thread_each() -> Iterator[None]:
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
