"""Dask as an engine: a scheduler that is there already, or one of this machine's own with its workers.

Workers make the runs; this process only stores them.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from model.ensemble.faults import EngineLost, EngineUnusable
from model.ensemble.worker import deaf_to_ctrl_c, one_thread_each

_CONNECT = 30.0  # seconds in which a scheduler has to answer
_LOOK_EVERY = 5.0  # seconds after which the workers are counted again
_CONFIG = {
    "distributed.scheduler.allowed-failures": 1,  # a lost block is split at once, not tried again whole
    "distributed.scheduler.work-stealing": False,  # blocks are few and even
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.limit": "60s",
    "distributed.nanny.pre-spawn-environ.DASK_LOGGING__DISTRIBUTED": "critical",  # see _quiet
}


@contextmanager
def dask_executor(scheduler: str | None, workers: int) -> Iterator[tuple[Executor, Callable[[], int]]]:
    """An executor on a Dask cluster, and how many tasks it works on at a time.

    scheduler: its address or the path of its scheduler file; None for a cluster of `workers` processes here.
    Raises EngineUnusable without the extra `cluster`, EngineLost where no scheduler answers; the second
    value raises EngineLost once the scheduler has gone.
    """
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError:
        raise EngineUnusable("--engine dask needs the extra `cluster`: uv run --extra cluster ...") from None
    with dask.config.set(_CONFIG), _quiet():
        if scheduler is None:
            with one_thread_each():
                with deaf_to_ctrl_c():  # the thread that starts workers, now and later, stays so
                    cluster = LocalCluster(
                        n_workers=workers, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
                    )
                with cluster, Client(cluster) as client:
                    yield client.get_executor(pure=False), _slots(client)
            return
        where = {"scheduler_file": scheduler} if Path(scheduler).is_file() else {"address": scheduler}
        try:
            client = Client(**where, timeout=_CONNECT)
        except Exception as problem:  # Dask lets through whatever an address or a file makes go wrong
            raise EngineLost(f"no Dask scheduler answers at {scheduler} ({type(problem).__name__})") from None
        with client:
            yield client.get_executor(pure=False), _slots(client)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without Dask's own account of workers that go; what that means for the batch is told by the batch."""
    loggers = [
        logging.getLogger(name) for name in ("distributed", "distributed.client", "asyncio", "tornado")
    ]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _slots(client: Any) -> Callable[[], int]:
    """Threads of all workers, counted anew now and then; at least 1, so that a block waits for the first."""
    counted, threads = -_LOOK_EVERY, 1

    def slots() -> int:
        nonlocal counted, threads
        if client.status != "running":
            raise EngineLost("the Dask scheduler has gone")
        if time.monotonic() - counted > _LOOK_EVERY:
            try:
                threads = max(1, sum(client.nthreads().values()))
            except OSError as problem:
                raise EngineLost("the Dask scheduler has gone") from problem
            counted = time.monotonic()
        return threads

    return slots
