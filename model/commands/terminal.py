"""How the commands that run speak: messages to stderr, one line and an exit code where the input is wrong."""

from __future__ import annotations

import errno
import os
import shlex
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from types import FrameType

DONE, DEFECT, WRONG_INPUT, SOME_FAILED, STOPPED, TAKEN = 0, 1, 2, 3, 4, 5
INTERRUPTED, TERMINATED = 130, 143
_DISK_FAULTS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the quota of the disk is used up",
    errno.EFBIG: "a file would grow beyond the limit of its size (ulimit -f)",
    errno.EROFS: "the disk can only be read",
    errno.EIO: "the disk has a fault",
}


class Refused(Exception):
    """The command ends here: a message for stderr and the exit code."""

    def __init__(self, message: str, code: int = WRONG_INPUT) -> None:
        super().__init__(message)
        self.code = code


class Terminated(BaseException):
    """SIGTERM came; a BaseException, so that nothing takes it for a failing run."""


def say(text: str) -> None:
    """A message to stderr."""
    print(text, file=sys.stderr, flush=True)


def speak_any_letter() -> None:
    """Let what the encoding of the terminal lacks be shown as its number, not end the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def stoppable() -> Iterator[None]:
    """While this lasts (in the main thread) SIGINT raises KeyboardInterrupt and SIGTERM Terminated.

    A second one of either ends the process at once: what is committed is safe, and workers end with it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        if stopping:
            os.write(2, b"stopped at once\n")
            os._exit(128 + number)
        stopping = True
        raise KeyboardInterrupt if number == signal.SIGINT else Terminated

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:  # a job in the background ignores Ctrl-C
            signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def machine_fault(problem: BaseException) -> str | None:
    """What is wrong with the disk or a file on it, if that is what an error says; None for any other error."""
    if isinstance(problem, sqlite3.OperationalError):
        code = (getattr(problem, "sqlite_errorcode", None) or 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            return "the disk is full"
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return "another program holds the store and does not let go of it"
        if code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN):
            return f"the store cannot be written ({problem}: a full disk, a limit or a fault of the disk)"
    if isinstance(problem, OSError) and problem.errno in _DISK_FAULTS:
        return _DISK_FAULTS[problem.errno]
    return None


def carried_out(work: Callable[[], int], again: str) -> int:
    """What `work` returns, or the exit code of what stopped it and the command that goes on. Raises Refused."""
    from model.ensemble.folder import FolderTaken, FolderUnusable

    try:
        with stoppable():
            return work()
    except (KeyboardInterrupt, Terminated) as stop:
        say(f"stopped; go on with\n  {again}")
        return TERMINATED if isinstance(stop, Terminated) else INTERRUPTED
    except FolderUnusable as problem:
        raise Refused(str(problem)) from None
    except FolderTaken as problem:
        raise Refused(str(problem), TAKEN) from None
    except Exception as problem:
        fault = machine_fault(problem)
        if fault is None:
            raise
        say(f"error: {fault}; go on with\n  {again}")
        return STOPPED


def command_line(words: Sequence[str]) -> str:
    """A command of this program as the user would type it."""
    program = Path(sys.argv[0])
    runner = ["uv", "run"] if "UV" in os.environ else ["python"]  # uv tells its children
    start = [*runner, sys.argv[0]] if program.suffix == ".py" else [*runner, "run.py"]
    return shlex.join([*start, *words])


def public(path: str) -> str:
    """A path without the folders of this machine above the working one."""
    given = Path(path)
    if not given.is_absolute():
        return path
    here = Path.cwd()
    return str(given.relative_to(here)) if given.is_relative_to(here) else given.name


def timed_folder(kind: str) -> Path:
    """The folder under results/ for what a command does now, where none is named."""
    return Path("results") / f"{kind}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"


def fresh_folder(out: Path | None, kind: str, file: str) -> Path:
    """The folder for the results of a command, made if need be; refused where it holds such results already."""
    folder = out or timed_folder(kind)
    if (folder / file).exists():
        raise Refused(f"{folder} holds {file} already; name another folder with --out")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise Refused(f"{folder} cannot be made: {problem.strerror}") from None
    return folder


def one_of(option: str, value: str, known: Sequence[str]) -> None:
    """Refuse a value of an option that is none of those known."""
    if value not in known:
        raise Refused(f"{option} is one of {', '.join(known)}, not {value!r}")


def between(option: str, value: float, least: float, most: float) -> None:
    """Refuse a value of an option outside a range."""
    at_least(option, value, least)
    if value > most:
        raise Refused(f"{option} must be at most {most:.0f}, not {value:g}")


def at_least(option: str, value: float, least: float) -> None:
    """Refuse a value of an option below the least one."""
    if value < least:
        raise Refused(f"{option} must be at least {least:g}, not {value:g}")
