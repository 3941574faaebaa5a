"""A run that has come to an end: how it ended, what it left, and checksums that tell damage."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from model.ensemble.faults import StoreError
from model.ensemble.payload import unpack
from model.ensemble.plan import RunKey
from model.result import RunResult

STATUSES = OK, FAILED, TIMEOUT = "ok", "failed", "timeout"


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
        """SHA-256 over all that the row says but its arrays, then the SHA-256 of the arrays."""
        return self._head() + _sha(self.payload)

    def fits(self, checksum: str, payload: bool = True) -> bool:
        """Whether the row is as it was stored; without `payload`, all but its arrays."""
        return checksum == self.checksum if payload else checksum[:64] == self._head()

    def _head(self) -> str:
        said = (*self.key, self.status, self.error, self.message, self.command, self.scalars)
        parts = [None if part is None else _bytes(part) for part in said]
        return _sha(b"".join(b"-" if part is None else b"%d:" % len(part) + part for part in parts))

    def result(self) -> RunResult:
        """The stored result of an ok run."""
        if self.scalars is None or self.payload is None:
            raise StoreError(f"run {tuple(self.key)} holds no result")
        return unpack(self.scalars, self.payload)


def _sha(data: bytes | None) -> str:
    return hashlib.sha256(b"" if data is None else _bytes(data)).hexdigest()


def _bytes(value: object) -> bytes:
    """What a cell says, as bytes; a damaged one may be of another type than was stored."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


def named(key: RunKey) -> str:
    """A run as messages name it."""
    return (
        f"{key.scenario} {key.replicate}" if key.point == 0 else f"{key.scenario} {key.replicate}.{key.point}"
    )
