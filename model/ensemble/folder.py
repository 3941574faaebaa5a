"""The folder of a batch: its name, who may write into it, and what it may already hold."""

from __future__ import annotations

import errno
import os
import sys
from datetime import datetime
from pathlib import Path

from model.ensemble.plan import Plan
from model.ensemble.store import FILE_NAME, BatchStore, StoreError

RESULTS = Path("results")


class FolderUnusable(Exception):
    """The folder cannot take this batch because of what it is or holds (the user's mistake)."""


class FolderTaken(Exception):
    """The folder belongs to another batch, or another process is writing into it."""


def default_folder(plan: Plan, now: datetime) -> Path:
    """results/<UTC time>-<first 8 of the plan's hash>."""
    return RESULTS / f"{now:%Y%m%dT%H%M%SZ}-{plan.hash[:8]}"


def latest_folder(plan: Plan) -> Path | None:
    """The youngest folder under results/ that holds a batch of this plan."""
    found = sorted(path.parent for path in RESULTS.glob(f"*-{plan.hash[:8]}/{FILE_NAME}"))
    return found[-1] if found else None


class BatchFolder:
    """A folder locked for one batch while the `with` lasts.

    Raises FolderUnusable (not a folder, not writable, holds foreign files, holds this batch but no resume was
    asked for) and FolderTaken (holds another batch, in use).
    """

    def __init__(self, path: Path, plan: Plan, resume: bool) -> None:
        self.path = path
        self.store: BatchStore
        self._plan = plan
        self._resume = resume
        self._lock: int | None = None

    def __enter__(self) -> BatchFolder:
        self._make()
        self._take_lock()
        try:
            self.store = self._open_store()
        except BaseException:
            self._release()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self.store.__exit__(None, None, None)
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
        if not os.access(self.path, os.W_OK | os.X_OK):
            raise FolderUnusable(f"{self.path} cannot be written to: permission denied")

    def _open_store(self) -> BatchStore:
        file = self.path / FILE_NAME
        if not file.exists() or file.stat().st_size == 0:  # size 0: stopped before the plan was in
            others = sorted(
                entry.name for entry in self.path.iterdir() if not entry.name.startswith(FILE_NAME)
            )
            if others:
                raise FolderUnusable(f"{self.path} holds other files ({others[0]}, ...) and no batch")
            return BatchStore.create(self.path, self._plan)
        try:
            store = BatchStore.open(self.path)
        except StoreError as problem:
            raise FolderUnusable(str(problem)) from problem
        if store.plan.hash != self._plan.hash:
            why = _difference(store.plan, self._plan)
            store.__exit__(None, None, None)
            raise FolderTaken(f"{self.path} belongs to another batch: {why}")
        if not self._resume:
            store.__exit__(None, None, None)
            raise FolderUnusable(f"{self.path} holds this batch already; add --resume to go on with it")
        return store

    def _take_lock(self) -> None:
        if sys.platform == "win32":
            return
        import fcntl

        self._lock = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._release()
            raise FolderTaken(f"{self.path} is in use by another process") from None

    def _release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _difference(there: Plan, asked: Plan) -> str:
    """In what the plan of a folder differs from the one asked for, in a few words."""
    if sorted(there.names) != sorted(asked.names):
        return "its scenarios are others"
    if there.points != asked.points:
        return "its parameter points are others"
    if there.replicates != asked.replicates:
        return f"it has {there.replicates} replicates, not {asked.replicates}"
    for name in sorted(set(there.settings) | set(asked.settings)):
        if there.settings.get(name) != asked.settings.get(name):
            return f"its {name} is {there.settings.get(name)}, not {asked.settings.get(name)}"
    if there.code != asked.code:
        return "the model's code or parameters have changed since"
    if there.versions != asked.versions:
        return "it was made with other versions of the dependencies"
    return "the content of a scenario differs"
