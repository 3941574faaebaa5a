"""batch.sqlite: the plan of a batch and one row per finished run. It alone says what is done."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from model.ensemble.payload import unpack, unpack_scalars
from model.ensemble.plan import Plan, RunKey
from model.result import RunResult, Scalar

FILE_NAME = "batch.sqlite"
STATUSES = OK, FAILED, TIMEOUT = "ok", "failed", "timeout"
_GROUP, _SECONDS = 64, 2.0  # runs, and seconds, after which what was added is committed
_SCHEMA = (
    "CREATE TABLE plan (id INTEGER PRIMARY KEY CHECK (id = 1), hash TEXT NOT NULL, body TEXT NOT NULL)",
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


class StoreError(Exception):
    """The folder holds no batch that this version can read; the message says why."""


@dataclass(frozen=True)
class FinishedRun:
    """One run as it is stored: `scalars` and `payload` if it is ok, else error type, message and command."""

    key: RunKey
    status: str
    error: str | None = None
    message: str | None = None
    command: str | None = None
    scalars: bytes | None = None
    payload: bytes | None = None

    @property
    def checksum(self) -> str:
        """SHA-256 over all that the row says."""
        digest = hashlib.sha256()
        texts = (*map(str, self.key), self.status, self.error, self.message, self.command)
        for part in (
            *(None if text is None else text.encode() for text in texts),
            self.scalars,
            self.payload,
        ):
            digest.update(b"-" if part is None else b"%d:" % len(part) + part)
        return digest.hexdigest()

    def result(self) -> RunResult:
        """The stored result of an ok run."""
        if self.scalars is None or self.payload is None:
            raise StoreError(f"run {tuple(self.key)} holds no result")
        return unpack(self.scalars, self.payload)


class BatchStore:
    """An open batch.sqlite. Rows are committed in groups; `with` commits what is left and closes."""

    def __init__(self, connection: sqlite3.Connection, plan: Plan) -> None:
        self.plan = plan
        self._connection = connection
        self._waiting = 0
        self._committed = time.monotonic()

    @staticmethod
    def create(folder: Path, plan: Plan) -> BatchStore:
        """A new store in an existing folder."""
        connection = _connect(folder / FILE_NAME, "rwc")
        connection.execute("BEGIN")  # one transaction: a store without its plan cannot be
        for statement in _SCHEMA:
            connection.execute(statement)
        connection.execute("INSERT INTO plan VALUES (1, ?, ?)", (plan.hash, plan.to_json()))
        connection.commit()
        return BatchStore(connection, plan)

    @staticmethod
    def open(folder: Path) -> BatchStore:
        """The store of a folder. Raises StoreError if there is none or it cannot be read."""
        path = folder / FILE_NAME
        if not path.is_file() or path.stat().st_size == 0:
            raise StoreError(f"{folder} holds no batch ({FILE_NAME} is missing)")
        connection: sqlite3.Connection | None = None
        try:
            connection = _connect(path, "rw")
            row = connection.execute("SELECT body FROM plan").fetchone()
            if row is None:
                raise StoreError(f"{path} holds no plan")
            return BatchStore(connection, Plan.from_json(row[0]))
        except (sqlite3.DatabaseError, ValueError, TypeError, KeyError, StoreError) as problem:
            if connection is not None:
                connection.close()
            if isinstance(problem, StoreError):
                raise
            raise StoreError(f"{path} cannot be read as a batch: {problem}") from problem

    def __enter__(self) -> BatchStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.commit()
        finally:
            self._connection.close()

    def add(self, run: FinishedRun) -> None:
        """Keep a run; it is safe after the next commit. A row of the same key is replaced."""
        key = (run.key.scenario, run.key.point, run.key.replicate)
        rest = (run.status, run.error, run.message, run.command, run.scalars, run.payload, run.checksum)
        self._connection.execute("INSERT OR REPLACE INTO runs VALUES (?,?,?,?,?,?,?,?,?,?)", key + rest)
        self._waiting += 1
        if self._waiting >= _GROUP or time.monotonic() - self._committed > _SECONDS:
            self.commit()

    def commit(self) -> None:
        """Make what was added safe on the disk."""
        self._connection.commit()
        self._waiting = 0
        self._committed = time.monotonic()

    def shorten(self, replicates: int) -> None:
        """Make this the batch of fewer replicates, all of whose runs are there; it is then like any such batch.

        Raises StoreError where a run beyond them has been made.
        """
        beyond = self._connection.execute("SELECT 1 FROM runs WHERE replicate >= ?", (replicates,)).fetchone()
        if beyond or replicates > self.plan.replicates:
            raise StoreError(f"the batch cannot be cut to {replicates} replicates")
        self.plan = replace(self.plan, replicates=replicates)
        self._connection.execute("UPDATE plan SET hash = ?, body = ?", (self.plan.hash, self.plan.to_json()))
        self.commit()

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
        """The ok runs of a scenario by point and replicate, decoded one at a time."""
        for run in self._rows("scenario = ? AND status = 'ok'", (scenario,)):
            yield run.key, run.result()

    def outcomes(self, scenario: str) -> Iterator[tuple[RunKey, dict[str, Scalar], dict[str, float]]]:
        """Outcomes and sampled numbers of the ok runs of a scenario in order; no arrays are read."""
        query = (
            "SELECT point, replicate, scalars FROM runs WHERE scenario = ? AND status = 'ok' "
            "ORDER BY point, replicate"
        )
        for point, replicate, scalars in self._connection.execute(query, (scenario,)):
            outcomes, numbers = unpack_scalars(scalars)
            yield RunKey(scenario, point, replicate), outcomes, numbers

    def rows(self, scenario: str) -> Iterator[FinishedRun]:
        """All runs of a scenario by point and replicate, the failed ones too, without their arrays."""
        query = (
            "SELECT scenario, point, replicate, status, error, message, command, scalars FROM runs "
            "WHERE scenario = ? ORDER BY point, replicate"
        )
        for row in self._connection.execute(query, (scenario,)):
            yield FinishedRun(RunKey(*row[:3]), *row[3:])

    def failures(self) -> Iterator[FinishedRun]:
        """The runs without a result, by scenario, point and replicate."""
        return self._rows("status <> 'ok'", ())

    def damaged(self) -> list[RunKey]:
        """Keys of the rows whose checksum does not fit."""
        query = "SELECT scenario, point, replicate, checksum FROM runs ORDER BY scenario, point, replicate"
        sums = {RunKey(*row[:3]): row[3] for row in self._connection.execute(query)}
        return [run.key for run in self._rows("1", ()) if sums[run.key] != run.checksum]

    def _rows(self, condition: str, values: tuple[str, ...]) -> Iterator[FinishedRun]:
        query = (
            "SELECT scenario, point, replicate, status, error, message, command, scalars, payload FROM runs "
            f"WHERE {condition} ORDER BY scenario, point, replicate"
        )
        for row in self._connection.execute(query, values):
            yield FinishedRun(RunKey(*row[:3]), *row[3:])


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    address = f"{path.resolve().as_uri()}?mode={mode}"
    connection = sqlite3.connect(address, uri=True, timeout=60.0)
    try:
        connection.execute("PRAGMA synchronous = FULL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection
