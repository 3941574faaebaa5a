"""Workers at one batch, each with a pipe of its own, so that the end of one touches no run but its own.

(A pool whose workers share one pipe and its locks breaks, or hangs, when a worker is killed while it holds
them: see docs/reliability.md.)
"""

from __future__ import annotations

import multiprocessing.connection
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType

from model.ensemble.faults import EngineUnusable
from model.ensemble.finished_run import FAILED, TIMEOUT, FinishedRun
from model.ensemble.plan import RunKey
from model.ensemble.work import Job
from model.ensemble.worker import TICK, Worker, context_for

LOST = ("WorkerDied", "RunTimeout")  # errors of a run that came to nothing with its worker
_AHEAD = 2  # runs a worker is given: one in work and one to go on with while its parent is busy
_FALSE_STARTS = 5  # workers in a row that die before they are ready


class Crew:
    """Workers for one batch; `with` ends them all."""

    def __init__(self, work: Job, size: int) -> None:
        self._work = work
        self._size = size
        self._context = context_for(work.function.partition(":")[0])
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
                    for run in self._hear(worker, waiting):
                        # before it is stored, which may wait for the disk
                        self._hand_out(self._workers[:size], size, waiting)
                        yield run
                elif late and not worker.pipe.poll():  # nor did it finish while another run was stored
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


def _pause(workers: Iterable[Worker], run_timeout: float | None) -> float:
    """Seconds to wait at most: until the first run is late."""
    return max(0.0, min([TICK, *(worker.left(run_timeout) for worker in workers)]))


def _ending(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit code {code}"
