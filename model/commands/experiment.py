"""Runs at the points of a design, in a folder of their own: priced before they start, kept as they come, resumable."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.commands.cost import Forecast
from model.commands.progress import metered
from model.commands.terminal import (
    Refused,
    at_least,
    between,
    public,
    say,
)

if TYPE_CHECKING:
    from model.ensemble.plan import Plan
    from model.ensemble.store import BatchStore

#: what makes a run: the simulation without its daily series, of which nothing here looks at
WITHOUT_SERIES = "model.replay:simulate"


@dataclass(frozen=True)
class Experiment:
    """How the runs of a design are made: numbers that no point fixes are drawn as `parameters` says."""

    replicates: int
    seed: int = 1
    days: int = 180
    households: int = 10_000
    parameters: str = "nominal"
    workers: int | None = None
    resume: bool = False
    function: str = WITHOUT_SERIES

    def check(self, least: int = 1) -> None:
        """Raises Refused for values that make no runs; least: of the replicates."""
        from model.scenario_file import HORIZON, LEAST_ROWS

        between("--replicates", self.replicates, least, 1_000_000)
        between("--seed", self.seed, 0, 2**32 - 1)
        between("--days", self.days, 1, HORIZON)
        between("--households", self.households, LEAST_ROWS, 100_000_000)
        if self.workers is not None:
            at_least("--workers", self.workers, 1)

    @property
    def settings(self) -> dict[str, Any]:
        """Settings of the simulation that the plan fixes."""
        names = ("seed", "days", "households", "parameters")
        return {name: getattr(self, name) for name in names}

    def words(self) -> list[str]:
        """These settings as options of a command, but for `parameters`, which none of them takes."""
        names = ("replicates", "seed", "days", "households")
        words = [word for name in names for word in (f"--{name}", str(getattr(self, name)))]
        return [*words, *(["--workers", str(self.workers)] if self.workers is not None else [])]

    def plan(
        self,
        scenarios: Sequence[Any],
        points: Sequence[Mapping[str, float]],
        references: Mapping[str, str] | None = None,
    ) -> Plan:
        """The plan of every replicate of the scenarios at every point."""
        from model.ensemble.plan import PlanError, plan_batch

        try:
            return plan_batch(
                scenarios,
                self.replicates,
                self.settings,
                references=references,
                points=points,
                function=self.function,
            )
        except PlanError as problem:
            raise Refused(str(problem)) from None


@contextmanager
def finished(
    folder: Path,
    plan: Plan,
    scenarios: Mapping[str, Any],
    workers: int | None = None,
    resume: bool = False,
    later: int = 0,
    dry: bool = False,
) -> Iterator[BatchStore]:
    """The store of a plan once all of its runs are made, those that are missing now.

    How long it takes is told by the first few of them. later: runs that will follow after these, for the time that
    is told; dry: only tell what all of it would cost, and raise Refused with code 0.
    """
    from model.ensemble.engine import default_workers
    from model.ensemble.folder import BatchFolder

    with BatchFolder(folder, plan, resume) as opened:
        store = opened.store
        done = store.done()
        todo = [key for key in plan.runs() if key not in done]
        forecast = Forecast(len(todo), workers or default_workers(), later)
        if dry and not forecast.possible:
            raise Refused("too few runs are left for a forecast of their time", 0)
        try:
            with closing(metered(plan, scenarios, todo, workers, len(done), store.keep)) as runs:
                for run in runs:
                    store.add(run)
                    told = forecast.note()
                    if told:
                        say(told)
                    if told and dry:
                        raise Refused(
                            "nothing more is run; the runs that were timed are kept: go on with --resume", 0
                        )
        finally:
            store.commit()
        yield store


def write_account(folder: Path, words: Sequence[str], how: Experiment, scenarios: Sequence[Any]) -> None:
    """manifest.json of an analysis: command, settings, versions, scenarios; no path of the machine, no time."""
    from model.ensemble.csv_files import write_text
    from model.ensemble.manifest import CAUTION, MANIFEST, commit, versions

    body = {
        "caution": CAUTION,
        "command": shlex.join(["run.py", *map(public, words)]),
        "settings": how.settings,
        "replicates": how.replicates,
        "commit": commit(),
        "versions": versions(),
        "scenarios": [{"name": s.name, "title": s.title, "digest": s.digest} for s in scenarios],
    }
    write_text(folder / MANIFEST, json.dumps(body, indent=1, ensure_ascii=False) + "\n")


def failures(store: BatchStore) -> int:
    """How many runs have no result; the first few are told."""
    failed = list(store.failures())
    for failure in failed[:3]:
        say(f"{failure.status}: {failure.error}: {failure.message}\n  again: {failure.command}")
    if len(failed) > 3:
        say(f"... {len(failed)} runs failed in all")
    return len(failed)
