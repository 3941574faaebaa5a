"""batch.sqlite: the plan of a batch and one row per finished run. It alone says what is done.

Runs are committed in groups, with a rollback journal and full syncs, so that a stop at any moment leaves the
last commit whole (a write-ahead log would sync less, but not work on the network disks of clusters). Every
row carries checksums, tested whenever it is read.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from model.ensemble.faults import StoreError
from model.ensemble.finished_run import FAILED, OK, TIMEOUT, FinishedRun, named
from model.ensemble.payload import unpack_scalars
from model.ensemble.plan import Plan, RunKey
from model.result import RunResult, Scalar

FILE_NAME = "batch.sqlite"
FORMAT = 4  # of the store; raised when what a row says changes
_GROUP, _SECONDS = 64, 1.0  # runs, and seconds, after which what was added is committed
_AGAIN = "give the batch's command again with --resume, and what is damaged is made again"
_ANEW = "without its plan nothing says what its runs are: make the batch anew in another folder"
_OLD = "its CSV files are good as they are; to add runs make the batch anew in another folder"
_ROW = "scenario, point, replicate, status, error, message, command, scalars, payload, checksum"
_SCHEMA = (
    "CREATE TABLE plan (id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL, checksum TEXT NOT NULL)",
    """
CREATE TABLE runs (
    scenario TEXT NOT NULL,
    point INTEGER NOT NULL,
    replicate INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('ok', 'failed', 'timeout')),
    error TEXT,
    message TEXT,
    command TEXT,
    scalars BLOB,
    payload BLOB,
    checksum TEXT NOT NULL,
    PRIMARY KEY (scenario, point, replicate)
)
""",
)


class BatchStore:
    """An open batch.sqlite. Rows are committed in groups; `with` commits what is left and closes."""

    def __init__(self, connection: sqlite3.Connection, plan: Plan, path: Path) -> None:
        self.plan = plan
        self.path = path  # its folder
        self._connection = connection
        self._waiting = 0
        self._committed = time.monotonic()

    @staticmethod
    def create(folder: Path, plan: Plan, name: str = FILE_NAME) -> BatchStore:
        """A new store in an existing folder."""
        connection = _connect(folder / name, "rwc")
        connection.execute("BEGIN")  # one transaction: a store without its plan cannot be
        for statement in _SCHEMA:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.execute("INSERT INTO plan VALUES (1, ?, ?)", _plan_row(plan))
        connection.commit()
        return BatchStore(connection, plan, folder)

    @staticmethod
    def holds_plan(folder: Path) -> bool:
        """Whether the folder has a store that got as far as its plan; True too for what cannot be read."""
        path = folder / FILE_NAME
        if not path.is_file() or path.stat().st_size == 0:
            return False
        try:
            with closing(_connect(path, "rw")) as connection:
                return bool(connection.execute("SELECT 1 FROM sqlite_master").fetchone())
        except sqlite3.DatabaseError:
            return True

    @staticmethod
    def open(folder: Path, read_only: bool = False) -> BatchStore:
        """The store of a folder. Raises StoreError if there is none or it cannot be read."""
        path = folder / FILE_NAME
        if not path.is_file() or path.stat().st_size == 0:
            raise StoreError(f"{folder} holds no batch ({FILE_NAME} is missing)")
        connection: sqlite3.Connection | None = None
        try:
            connection = _connect(path, "ro" if read_only else "rw")
            return BatchStore(connection, _plan_in(connection, path), folder)
        except (sqlite3.DatabaseError, ValueError, TypeError, KeyError, StoreError) as problem:
            if connection is not None:
                connection.close()
            if isinstance(problem, StoreError):
                raise
            if getattr(problem, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY_ROLLBACK:
                raise StoreError(f"{path} was stopped amid a write; {_AGAIN}") from problem
            lasting = "" if isinstance(problem, sqlite3.OperationalError) else f"; {_ANEW}"
            raise StoreError(f"{path} cannot be read as a batch: {problem}{lasting}") from problem

    def __enter__(self) -> BatchStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self.commit()
            else:  # what can be kept is kept, and the error that is under way stays the one that is told
                with suppress(sqlite3.Error):
                    self.commit()
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the file; what was not committed is lost."""
        self._connection.close()

    def enlarge(self, plan: Plan) -> None:
        """Put a plan with more scenarios or replicates in the place of the store's own."""
        self._put(plan)

    def add(self, run: FinishedRun) -> None:
        """Keep a run; it is safe after the next commit. A row of the same key is replaced."""
        key = (run.key.scenario, run.key.point, run.key.replicate)
        rest = (run.status, run.error, run.message, run.command, run.scalars, run.payload, run.checksum)
        self._connection.execute("INSERT OR REPLACE INTO runs VALUES (?,?,?,?,?,?,?,?,?,?)", key + rest)
        self._waiting += 1
        if self._waiting >= _GROUP:
            self.commit()
        else:
            self.keep()

    def keep(self) -> None:
        """Commit what has waited for a second; called now and then while no run comes in."""
        if self._waiting and time.monotonic() - self._committed > _SECONDS:
            self.commit()

    def commit(self) -> None:
        """Make what was added safe on the disk."""
        self._connection.commit()
        self._waiting = 0
        self._committed = time.monotonic()

    def remove(self, keys: Iterable[RunKey]) -> None:
        """Forget runs, so that they are made again."""
        self._connection.executemany(
            "DELETE FROM runs WHERE scenario = ? AND point = ? AND replicate = ?",
            [tuple(key) for key in keys],
        )
        self.commit()

    def shorten(self, replicates: int) -> None:
        """Make this the batch of fewer replicates, all of whose runs are there; it is then like any such batch.

        Raises StoreError where a run beyond them has been made.
        """
        beyond = self._connection.execute("SELECT 1 FROM runs WHERE replicate >= ?", (replicates,)).fetchone()
        if beyond or replicates > self.plan.replicates:
            raise StoreError(f"the batch cannot be cut to {replicates} replicates")
        self._put(replace(self.plan, replicates=replicates))

    def _put(self, plan: Plan) -> None:
        self._connection.execute("UPDATE plan SET body = ?, checksum = ?", _plan_row(plan))
        self.commit()
        self.plan = plan

    def done(self) -> set[RunKey]:
        """Keys of the runs that need not be made again (failed and timed-out ones are tried again)."""
        rows = self._connection.execute("SELECT scenario, point, replicate FROM runs WHERE status = 'ok'")
        return {RunKey(*row) for row in rows}

    def counts(self) -> dict[str, int]:
        """Number of runs by status."""
        found = dict(self._connection.execute("SELECT status, count(*) FROM runs GROUP BY status").fetchall())
        return {status: found.get(status, 0) for status in (OK, FAILED, TIMEOUT)}

    def counts_of(self, scenario: str) -> dict[str, int]:
        """Number of runs of one scenario by status."""
        query = "SELECT status, count(*) FROM runs WHERE scenario = ? GROUP BY status"
        found = dict(self._connection.execute(query, (scenario,)).fetchall())
        return {status: found.get(status, 0) for status in (OK, FAILED, TIMEOUT)}

    def results(self, scenario: str) -> Iterator[tuple[RunKey, RunResult]]:
        """The ok runs of a scenario by point and replicate, decoded one at a time. Raises StoreError."""
        for run in self._sound("scenario = ? AND status = 'ok'", (scenario,)):
            yield run.key, run.result()

    def outcomes(self, scenario: str) -> Iterator[tuple[RunKey, dict[str, Scalar], dict[str, float]]]:
        """Outcomes and sampled numbers of the ok runs of a scenario in order; no arrays are read."""
        for run in self.rows(scenario):
            if run.scalars is not None:
                yield run.key, *unpack_scalars(run.scalars)

    def rows(self, scenario: str) -> Iterator[FinishedRun]:
        """All runs of a scenario by point and replicate, the failed ones too, without their arrays."""
        return self._sound("scenario = ?", (scenario,), arrays=False)

    def runs(self, scenario: str) -> Iterator[FinishedRun]:
        """All runs of a scenario by point and replicate, with their arrays."""
        return self._sound("scenario = ?", (scenario,))

    def run(self, key: RunKey) -> FinishedRun:
        """One run with its arrays. Raises StoreError where it is damaged, KeyError where it is not there."""
        for found in self._sound("scenario = ? AND point = ? AND replicate = ?", tuple(key)):
            return found
        raise KeyError(key)

    def failures(self) -> Iterator[FinishedRun]:
        """The runs without a result, by scenario, point and replicate."""
        return self._sound("status <> 'ok'", ())

    def all_runs(self) -> Iterator[tuple[FinishedRun, bool]]:
        """Every run by scenario, point and replicate, and whether it is as it was stored."""
        for run, checksum in self._rows("1", ()):
            yield run, run.fits(checksum) and self.plan.holds(run.key)

    def damaged(self) -> list[RunKey]:
        """Keys of the rows whose checksum does not fit or that no plan asked for."""
        return [run.key for run, sound in self.all_runs() if not sound]

    def file_is_sound(self) -> bool:
        """Whether SQLite finds its own file in order, every page of it."""
        try:
            return bool(self._connection.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",))
        except sqlite3.DatabaseError:
            return False

    def readable(self) -> Iterator[FinishedRun]:
        """The sound runs of a file of which some pages are torn, looked up one by one."""
        with suppress(sqlite3.DatabaseError):
            (last,) = self._connection.execute("SELECT max(rowid) FROM runs").fetchone()
            for number in range(1, (last or 0) + 1):
                with suppress(sqlite3.DatabaseError):
                    for run, checksum in self._rows("rowid = ?", (number,)):
                        if run.fits(checksum) and self.plan.holds(run.key):
                            yield run

    def _sound(self, condition: str, values: tuple[Any, ...], arrays: bool = True) -> Iterator[FinishedRun]:
        """The runs asked for. Raises StoreError at one that is not as it was stored."""
        try:
            for run, checksum in self._rows(condition, values, arrays):
                if not run.fits(checksum, arrays):
                    raise StoreError(f"the run {named(run.key)} is damaged; {_AGAIN}")
                yield run
        except sqlite3.DatabaseError as problem:
            if isinstance(problem, sqlite3.OperationalError):
                raise  # the disk or a lock, not what is stored
            raise StoreError(f"{FILE_NAME} is damaged ({problem}); {_AGAIN}") from problem

    def _rows(
        self, condition: str, values: tuple[Any, ...], arrays: bool = True
    ) -> Iterator[tuple[FinishedRun, str]]:
        columns = _ROW if arrays else _ROW.replace("payload", "NULL")
        query = f"SELECT {columns} FROM runs WHERE {condition} ORDER BY scenario, point, replicate"
        for row in self._connection.execute(query, values):
            yield FinishedRun(RunKey(*row[:3]), *row[3:9]), row[9]


def _plan_in(connection: sqlite3.Connection, path: Path) -> Plan:
    (form,) = connection.execute("PRAGMA user_version").fetchone()
    if form != FORMAT:
        raise StoreError(f"{path} is stored in format {form}, this version reads format {FORMAT}; {_OLD}")
    row = connection.execute("SELECT body, checksum FROM plan").fetchone()
    if row is None:
        raise StoreError(f"{path} holds no plan")
    body, checksum = row
    if _sha(body) != checksum:
        raise StoreError(f"{path} is damaged: its plan is not the one that was stored; {_ANEW}")
    return Plan.from_json(body)


def _plan_row(plan: Plan) -> tuple[str, str]:
    """The plan as text and its checksum, since its hash does not cover all that files say (titles, dates)."""
    body = plan.to_json()
    return body, _sha(body)


def _sha(text: object) -> str:
    return hashlib.sha256(str(text).encode()).hexdigest()


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    address = f"{path.resolve().as_uri()}?mode={mode}"
    connection = sqlite3.connect(address, uri=True, timeout=60.0)
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")  # the checksum tells
    try:
        connection.execute("PRAGMA synchronous = FULL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection
