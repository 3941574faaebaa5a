"""A worker process: started, given runs through a pipe of its own, heard, ended.

Workers start from a preloaded forkserver (spawn where there is none), get the resolved scenarios once, read no
file and use one thread.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.connection
import multiprocessing.resource_tracker
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from model.ensemble.faults import EngineLost
from model.ensemble.finished_run import FinishedRun
from model.ensemble.plan import RunKey
from model.ensemble.work import Job, describe

ONE_THREAD = {
    name: "1"
    for name in (
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS",
        "NUMBA_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "ARROW_NUM_THREADS",
    )
}  # fmt: skip
TICK = 1.0  # seconds after which a wait for workers is broken off to see to other things
_TRIES = 10  # to start a process


class Worker:
    """One process: the runs it was given, the first of which it is at."""

    def __init__(self, context: Any, work: Job) -> None:
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
        if not ahead or time.monotonic() - self._since < TICK:
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
            return TICK
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


def context_for(module: str) -> Any:
    """How workers are started that will import `module`."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([module, __name__])
    return context


def begin_imports(function: str) -> None:
    """Let the forkserver import what holds `function` (module:name) from now on, while this process goes on."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        from multiprocessing.forkserver import ensure_running

        context_for(function.partition(":")[0])
        with one_thread_each(), deaf_to_ctrl_c():
            ensure_running()


def _started(context: Any, pipe: Any, work: Job, tries: int = _TRIES) -> Any:
    """A new process; tried again, since the forkserver that starts it can be killed as well."""
    process = context.Process(target=_serve, args=(pipe, work), daemon=True)
    try:
        with deaf_to_ctrl_c():
            process.start()
    except (OSError, EOFError) as problem:
        if tries == 1:
            raise EngineLost(f"no worker can be started ({problem})") from problem
        return _started(context, pipe, work, tries - 1)
    return process


@contextlib.contextmanager
def deaf_to_ctrl_c() -> Iterator[None]:
    """Processes and threads started meanwhile never hear Ctrl-C, not even while they import: it is their parent's.

    The parent hears one that comes meanwhile afterwards.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    multiprocessing.resource_tracker.ensure_running()  # else started now, and it would end the mask
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: Any, work: Job) -> None:
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


@contextlib.contextmanager
def one_thread_each() -> Iterator[None]:
    """The environment that workers inherit: one thread each, and this project's modules in any working folder.

    (A process that starts others looks into the working folder first, which may hold a `model` of its own.)
    """
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH")) if part)
    given = ONE_THREAD | {"PYTHONPATH": path, "PYTHONSAFEPATH": "1"}
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
