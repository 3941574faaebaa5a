"""The folder of a batch: its name, who may write into it, and what it may already hold."""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
from datetime import datetime
from pathlib import Path
from types import TracebackType

from model.ensemble.faults import FolderTaken, FolderUnusable, StoreError
from model.ensemble.finished_run import named
from model.ensemble.mending import mend
from model.ensemble.plan import WHOLE, Plan
from model.ensemble.plan_difference import describe, extends
from model.ensemble.store import FILE_NAME, BatchStore

RESULTS = Path("results")


def default_folder(plan: Plan, now: datetime) -> Path:
    """results/<UTC time>-<first 8 of the plan's hash>, with the number of the shard if it is one."""
    return RESULTS / f"{now:%Y%m%dT%H%M%SZ}-{_mark(plan)}"


def latest_folder(plan: Plan) -> Path | None:
    """The folder under results/ of the latest name that holds a batch of this plan."""
    found = sorted(path.parent for path in RESULTS.glob(f"*-{_mark(plan)}/{FILE_NAME}"))
    return found[-1] if found else None


def _mark(plan: Plan) -> str:
    shard = "" if plan.shard == WHOLE else "-shard-{}-of-{}".format(*plan.shard)
    return plan.hash[:8] + shard


class BatchFolder:
    """A folder locked for one batch while the `with` lasts.

    notes: what the user should know of how the batch was found there.

    Raises FolderUnusable (not a folder, not writable, holds foreign files, holds this batch but no resume was
    asked for, or nothing to resume) and FolderTaken (holds another batch, in use).
    """

    def __init__(self, path: Path, plan: Plan, resume: bool) -> None:
        self.path = path
        self.store: BatchStore
        self.notes: list[str] = []
        self._plan = plan
        self._resume = resume
        self._lock: int | None = None

    def __enter__(self) -> BatchFolder:
        if self._resume and not self.path.is_dir():
            raise FolderUnusable(
                f"nothing to resume: there is no folder {self.path}; leave out --resume to start"
            )
        self._make()
        self._take_lock()
        try:
            self.store = self._open_store()
        except BaseException:
            self._release()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.store.__exit__(kind, error, trace)
        finally:
            self._release()

    def _make(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            raise FolderUnusable(f"{self.path} is a file, not a folder") from None
        except NotADirectoryError:
            raise FolderUnusable(f"{self.path} lies below a file") from None
        except PermissionError:
            raise FolderUnusable(f"{self.path} cannot be made: permission denied") from None
        except OSError as problem:
            if problem.errno in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise FolderUnusable(f"{self.path} cannot be made: {problem.strerror}") from None

    def _open_store(self) -> BatchStore:
        if not BatchStore.holds_plan(self.path):
            return self._begin()
        try:
            store = BatchStore.open(self.path)
        except StoreError as problem:
            raise FolderUnusable(str(problem)) from problem
        try:
            return self._go_on(store)
        except BaseException:
            store.close()
            raise

    def _begin(self) -> BatchStore:
        """A new store, where there is none or where one was stopped before its plan was in."""
        others = sorted(entry.name for entry in self.path.iterdir() if not entry.name.startswith(FILE_NAME))
        if others and self._resume:
            raise FolderUnusable(f"nothing to resume: {self.path} holds other files ({others[0]}, ...)")
        if others:
            raise FolderUnusable(f"{self.path} holds other files ({others[0]}, ...) and no batch")
        if self._resume:
            self.notes.append(f"{self.path} holds no run yet: starting from the first")
        try:
            return BatchStore.create(self.path, self._plan)
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE):
                raise
            raise FolderUnusable(f"{self.path} cannot be written to: {problem}") from None

    def _go_on(self, store: BatchStore) -> BatchStore:
        """The store that is there, if it is of this batch and to be resumed."""
        if not extends(self._plan, store.plan):
            why = describe(store.plan, self._plan)
            raise FolderTaken(
                f"{self.path} belongs to another batch: {why}; name another --out, or ask for the same"
            )
        if not self._resume:
            more = "" if store.plan.hash == self._plan.hash else ", a smaller one of the same kind,"
            raise FolderUnusable(f"{self.path} holds this batch{more} already; add --resume to go on with it")
        for left in (*self.path.glob(".*.part"), *self.path.glob("*/.*.part")):
            left.unlink()  # a file that was being written when the batch was stopped
        store, damaged = mend(store, self.path)
        if damaged is None:
            self.notes.append(f"{self.path / FILE_NAME} was torn: what could not be read is made again")
        elif damaged:
            some = ", ".join(map(named, damaged[:10])) + (", ..." if len(damaged) > 10 else "")
            self.notes.append(f"{len(damaged)} damaged runs are made again: {some}")
        if store.plan.hash != self._plan.hash:
            self.notes.append(f"the batch grows from {store.plan.size} runs to {self._plan.size}")
            store.enlarge(self._plan)
        return store

    def _take_lock(self) -> None:
        if sys.platform == "win32":
            return
        import fcntl

        try:
            self._lock = os.open(self.path, os.O_RDONLY)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._release()
            raise FolderTaken(f"{self.path} is in use by another process") from None
        except OSError as problem:
            self._release()
            raise FolderUnusable(f"{self.path} cannot be locked: {problem.strerror}") from None

    def _release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
