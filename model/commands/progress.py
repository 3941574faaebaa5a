"""How far a batch has come, on stderr: a bar to a terminal, else a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from model.ensemble.finished_run import FinishedRun
    from model.ensemble.plan import Plan, RunKey

_EVERY = 30.0  # seconds between lines where there is no terminal


class Meter(Protocol):
    """Told of every finished run."""

    def __call__(self, done: int, failed: int) -> None: ...  # noqa: D102


@contextmanager
def meter(total: int, already: int) -> Iterator[Meter]:
    """A meter of `total` runs of which `already` were done before."""
    if sys.stderr.isatty():
        with _bar(total, already) as bar:
            yield bar
    else:
        yield _lines(total, already)


@contextmanager
def _bar(total: int, already: int) -> Iterator[Meter]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("runs"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    began = time.monotonic()
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("runs", total=total, completed=already, rate="", note="")

        def tell(done: int, failed: int) -> None:
            rate = (done - already) / max(time.monotonic() - began, 1e-9)
            note = f"[red]{failed} failed[/red]" if failed else ""
            progress.update(task, completed=done, rate=f"{rate:.1f}/s", note=note)

        yield tell


def _lines(total: int, already: int) -> Meter:
    began = last = time.monotonic()

    def tell(done: int, failed: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < _EVERY and done < total:
            return
        last = now
        rate = (done - already) / max(now - began, 1e-9)
        left = (total - done) / rate if rate else 0.0
        failures = f", {failed} failed" if failed else ""
        print(
            f"{done} of {total} runs{failures}, {rate:.1f}/s, {left:.0f} s left", file=sys.stderr, flush=True
        )

    return tell


def metered(
    plan: Plan,
    scenarios: Mapping[str, Any],
    keys: Iterable[RunKey],
    workers: int | None,
    done: int = 0,
    idle: Callable[[], None] = lambda: None,
) -> Generator[FinishedRun, None, None]:
    """Make the runs named, tell how far they are, and hand each over as it finishes.

    done: how many were there before; idle: called at least each second.
    """
    from model.ensemble.engine import compute, default_workers

    todo, failed = list(keys), 0
    count = min(workers or default_workers(), max(len(todo), 1))
    with (
        meter(done + len(todo), done) as tell,
        closing(compute(plan, scenarios, todo, count, idle=idle)) as runs,
    ):
        for number, run in enumerate(runs, start=done + 1):
            failed += run.scalars is None
            tell(number, failed)
            yield run
