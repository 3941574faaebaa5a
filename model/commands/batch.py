"""`run.py batch`: every replicate of every scenario, the files, and the table of how the scenarios differ."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from model.commands.cost import Forecast
from model.commands.loading import load, refuse_late_events, sweep_points
from model.commands.progress import meter
from model.commands.terminal import (
    DONE,
    INTERRUPTED,
    SOME_FAILED,
    STOPPED,
    TAKEN,
    TERMINATED,
    Refused,
    Terminated,
    at_least,
    between,
    command_line,
    one_of,
    out_of_room,
    public,
    say,
    terminable,
)
from model.ensemble.plan import SIMULATE, Plan, PlanError, ResolvedScenario, plan_batch

TIMESERIES = ("csv", "parquet", "none")


@dataclass(frozen=True)
class Request:
    """What the user asked for; the defaults are the main job."""

    replicates: int = 100
    seed: int = 1
    days: int = 180
    households: int = 10_000
    parameters: str = "posterior"
    out: Path | None = None
    workers: int | None = None
    timeseries: str = "csv"
    run_timeout: float | None = None
    resume: bool = False
    decision_replicates: int = 3
    function: str = SIMULATE

    def check(self) -> None:
        """Raises Refused for values that make no batch."""
        from model.parameters import MODES
        from model.scenario_file import HORIZON, LEAST_ROWS

        at_least("--replicates", self.replicates, 1)
        between("--seed", self.seed, 0, 2**63 - 1)
        between("--days", self.days, 1, HORIZON)
        between("--households", self.households, LEAST_ROWS, 100_000_000)
        if self.workers is not None:
            at_least("--workers", self.workers, 1)
        if self.run_timeout is not None and not self.run_timeout > 0:
            raise Refused(f"--run-timeout must be above 0 seconds, not {self.run_timeout:g}")
        one_of("--parameters", self.parameters, MODES)
        one_of("--timeseries", self.timeseries, TIMESERIES)

    @property
    def settings(self) -> dict[str, Any]:
        """Settings of the simulation that the plan fixes."""
        return {
            "seed": self.seed,
            "days": self.days,
            "households": self.households,
            "parameters": self.parameters,
        }

    def words(self, references: Sequence[str], out: str) -> list[str]:
        """The command that makes or resumes this batch, without the program's name."""
        words = ["batch", *references]
        for option in ("replicates", "seed", "days", "households", "parameters", "timeseries"):
            words += [f"--{option}", str(getattr(self, option))]
        if self.workers is not None:
            words += ["--workers", str(self.workers)]
        if self.run_timeout is not None:
            words += ["--run-timeout", f"{self.run_timeout:g}"]
        return [*words, "--out", out]


def batch(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SCENARIO]...", help="Shipped names, TOML files or folders; all shipped ones if none."
        ),
    ] = None,
    replicates: Annotated[int, typer.Option(help="Runs of each scenario.")] = Request.replicates,
    seed: Annotated[int, typer.Option(help="Seed of all luck.")] = Request.seed,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the results; results/<time>-<plan> if none.")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; one for each processor if none.")] = None,
    households: Annotated[int, typer.Option(help="Sampled households in a run.")] = Request.households,
    days: Annotated[int, typer.Option(help="Days of a run.")] = Request.days,
    parameters: Annotated[str, typer.Option(help="posterior, prior or nominal.")] = Request.parameters,
    timeseries: Annotated[str, typer.Option(help="csv, parquet or none.")] = Request.timeseries,
    run_timeout: Annotated[float | None, typer.Option(help="Seconds after which a run is given up.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a batch that was stopped.")] = False,
) -> None:
    """Run scenarios many times and write what came of it as CSV files."""
    request = Request(
        replicates=replicates,
        seed=seed,
        days=days,
        households=households,
        parameters=parameters,
        out=out,
        workers=workers,
        timeseries=timeseries,
        run_timeout=run_timeout,
        resume=resume,
    )
    try:
        request.check()
        loaded, references = load(scenarios or [])
        refuse_late_events(loaded, days)
        points = sweep_points(loaded)
        raise typer.Exit(make_batch(request, loaded, references, asked=scenarios or [], points=points))
    except Refused as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(refusal.code) from None


def main_job() -> None:
    """The batch of all shipped scenarios with everything at its default."""
    batch()


def make_batch(
    request: Request,
    scenarios: Sequence[ResolvedScenario],
    references: Mapping[str, str] | None = None,
    asked: Sequence[str] = (),
    points: Sequence[Mapping[str, float]] = ({},),
) -> int:
    """Run the batch, write its files, print its table; the exit code.

    asked: the scenarios as the user named them, for the command that resumes; points: numbers by dotted key that
    each point fixes. Raises Refused.
    """
    from model.ensemble.folder import BatchFolder, FolderTaken, FolderUnusable, default_folder, latest_folder

    request.check()
    try:
        plan = plan_batch(
            scenarios,
            request.replicates,
            request.settings,
            references=references,
            points=points,
            decision_replicates=request.decision_replicates,
            function=request.function,
        )
    except PlanError as problem:
        raise Refused(str(problem)) from None
    found = latest_folder(plan) if request.resume and request.out is None else None
    path = request.out or found or default_folder(plan, datetime.now(UTC))
    resuming = command_line([*request.words(asked, str(path)), "--resume"])
    try:
        with terminable(), BatchFolder(path, plan, request.resume) as folder:
            try:
                return _work(request, plan, {entry.name: entry for entry in scenarios}, asked, folder)
            except (KeyboardInterrupt, Terminated) as stop:
                folder.store.commit()
                counts = folder.store.counts()
                say(f"stopped with {sum(counts.values())} of {plan.size} runs kept; go on with\n  {resuming}")
                return TERMINATED if isinstance(stop, Terminated) else INTERRUPTED
    except (KeyboardInterrupt, Terminated) as stop:  # before the first run or after the last
        say(f"stopped; go on with\n  {resuming}")
        return TERMINATED if isinstance(stop, Terminated) else INTERRUPTED
    except FolderUnusable as problem:
        raise Refused(str(problem)) from None
    except FolderTaken as problem:
        raise Refused(str(problem), TAKEN) from None
    except Exception as problem:
        if not out_of_room(problem):
            raise
        say(f"error: the disk is full; make room and go on with\n  {resuming}")
        return STOPPED


def _work(
    request: Request, plan: Plan, scenarios: Mapping[str, ResolvedScenario], asked: Sequence[str], folder: Any
) -> int:
    from model.analysis.observations import observe
    from model.analysis.summary import write_summary
    from model.ensemble.engine import compute, default_workers
    from model.ensemble.manifest import write_data_package, write_manifest
    from model.ensemble.rendering import render

    store, path = folder.store, folder.path
    began = _began(path) or datetime.now(UTC)
    command = shlex.join(["run.py", *request.words([public(word) for word in asked], public(str(path)))])
    done = store.done()
    todo = [key for key in plan.runs() if key not in done]
    workers = request.workers or default_workers()
    write_manifest(path, plan, command, began, None, store.counts())
    again = f" ({len(done)} are there)" if done else ""
    swept = len(plan.points) > 1
    by = f" x {len(plan.points)} points" if swept else ""
    say(f"{plan.size} runs{again}: {len(plan.names)} scenarios{by} x {plan.replicates}, {workers} workers")
    say(f"into {path}")
    forecast = Forecast(len(todo), workers) if swept else None
    with meter(plan.size, len(done)) as tell:
        made = failed = 0
        with closing(
            compute(plan, scenarios, todo, min(workers, len(todo)) or 1, request.run_timeout)
        ) as runs:
            for run in runs:
                store.add(run)
                made += 1
                failed += run.status != "ok"
                tell(len(done) + made, failed)
                told = forecast.note() if forecast else None
                if told:
                    say(told)
        store.commit()
    tables = render(store, path, request.timeseries)
    observed = observe(store)
    tables.append(write_summary(observed, path))
    if swept:
        from model.analysis.points import write_points

        tables.append(write_points(observed, plan, path))
    if len(plan.names) > 1:
        from model.analysis.comparison import write_comparison

        tables.append(write_comparison(observed, plan.baseline, path))
    write_data_package(path, tables)
    counts = store.counts()
    write_manifest(path, plan, command, began, datetime.now(UTC), counts)
    _report(store, observed, plan, path, [table.path for table in tables])
    return SOME_FAILED if counts["failed"] + counts["timeout"] else DONE


def _report(store: Any, observed: Any, plan: Plan, path: Path, files: Sequence[str]) -> None:
    from model.analysis.overview import LEGEND, headline, overview_lines, wrapped
    from model.ensemble.manifest import CAUTION

    table = overview_lines(observed, plan.baseline)
    if len(plan.points) > 1:
        from model.analysis.points import point_lines

        table += [line for found in observed.values() for line in ("", *point_lines(found, plan))]
    print("\n".join([headline(observed, plan.baseline), "", *table, "", wrapped(LEGEND), wrapped(CAUTION)]))
    for count, failure in enumerate(store.failures()):
        if count == 5:
            say("... every failed run is a row of runs.csv")
            break
        say(f"{failure.status}: {failure.error}: {failure.message}\n  again: {failure.command}")
    sys.stdout.flush()
    written = f"files: {_named(files)}, datapackage.json, manifest.json, batch.sqlite"
    print(f"\n{wrapped(written)}\nin {path}")


def _named(files: Sequence[str]) -> str:
    """File names, those of a folder with one file for each scenario as folder/*."""
    names = [f"{Path(file).parent}/*{Path(file).suffix}" if "/" in file else file for file in files]
    return ", ".join(dict.fromkeys(names))


def _began(path: Path) -> datetime | None:
    """When a batch that is resumed was started."""
    try:
        return datetime.fromisoformat(json.loads((path / "manifest.json").read_text())["started"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
