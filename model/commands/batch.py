"""`run.py batch`: every replicate of every scenario, the files, and the table of how the scenarios differ."""

from __future__ import annotations

import shlex
from collections.abc import Container, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.commands.cost import Forecast
from model.commands.loading import load, refuse_late_events, sweep_points
from model.commands.progress import meter
from model.commands.request import HOUSEHOLDS, ROWS, Request, parse_shard, rows_of
from model.commands.targets import targets_of
from model.commands.terminal import (
    DONE,
    INTERRUPTED,
    SOME_FAILED,
    STOPPED,
    TAKEN,
    TERMINATED,
    Refused,
    Terminated,
    command_line,
    machine_fault,
    public,
    say,
    stoppable,
)
from model.ensemble.faults import EngineLost, EngineUnusable, FolderTaken, FolderUnusable, StoreError
from model.ensemble.plan import WHOLE, Plan, PlanError, ResolvedScenario, RunKey, plan_batch

if TYPE_CHECKING:
    from model.ensemble.folder import BatchFolder
    from model.ensemble.store import BatchStore

__all__ = ["Request", "batch", "main_job", "make_batch"]


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
    households: Annotated[str, typer.Option(metavar=ROWS, help=HOUSEHOLDS)] = str(Request.households),
    days: Annotated[int, typer.Option(help="Days of a run.")] = Request.days,
    parameters: Annotated[str, typer.Option(help="posterior, prior or nominal.")] = Request.parameters,
    timeseries: Annotated[str, typer.Option(help="csv, parquet or none.")] = Request.timeseries,
    run_timeout: Annotated[float | None, typer.Option(help="Seconds after which a run is given up.")] = None,
    until: Annotated[
        list[str] | None,
        typer.Option(
            help="Stop once the 95 % interval of an outcome is this narrow in every scenario, as force_used=0.05 "
            "(half width); repeatable. --replicates is then the most."
        ),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a batch that was stopped, or add to it.")
    ] = False,
    engine: Annotated[str, typer.Option(help="local or dask.")] = Request.engine,
    scheduler: Annotated[
        str | None, typer.Option(help="Address or file of a Dask scheduler; a cluster here if none.")
    ] = None,
    shard: Annotated[
        str, typer.Option(metavar="I/N", help="Only part I of N; `collect` puts them together.")
    ] = "1/1",
    report: Annotated[bool, typer.Option("--report", help="Write the page report.html as well.")] = False,
) -> None:
    """Run scenarios many times and write what came of it as CSV files."""
    try:
        request = Request(
            replicates=replicates,
            seed=seed,
            days=days,
            households=rows_of(households),
            parameters=parameters,
            out=out,
            workers=workers,
            timeseries=timeseries,
            run_timeout=run_timeout,
            resume=resume,
            until=tuple(until or ()),
            engine=engine,
            scheduler=scheduler,
            shard=parse_shard(shard),
            report=report,
        )
        request.check()
        loaded, references = load(scenarios or [])
        refuse_late_events(loaded, days)
        points = sweep_points(loaded)
        raise typer.Exit(make_batch(request, loaded, references, asked=scenarios or [], points=points))
    except Refused as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(refusal.code) from None


def main_job() -> None:
    """The batch of all shipped scenarios with everything at its default, and its page."""
    batch(report=True)


def make_batch(
    request: Request,
    scenarios: Sequence[ResolvedScenario],
    references: Mapping[str, str] | None = None,
    asked: Sequence[str] = (),
    points: Sequence[Mapping[str, float]] = ({},),
    executor: Executor | None = None,
) -> int:
    """Run the batch, write its files, print its table; the exit code.

    asked: the scenarios as the user named them, for the command that resumes; points: numbers by dotted key that
    each point fixes. executor: makes the runs in
    place of the request's engine. Raises Refused.
    """
    from model.ensemble.folder import BatchFolder

    plan = _planned(request, scenarios, references, points)
    path = _folder(request, plan)
    resuming = command_line([*request.words(asked, str(path)), "--resume"])
    by_name = {entry.name: entry for entry in scenarios}
    kept = "stopped"
    try:
        with stoppable(), BatchFolder(path, plan, request.resume) as folder:
            try:
                return _work(request, by_name, asked, folder, executor)
            except (KeyboardInterrupt, Terminated, EngineLost):
                folder.store.commit()
                kept = f"stopped with {sum(folder.store.counts().values())} of {plan.size} runs kept"
                raise
    except (FolderUnusable, EngineUnusable) as problem:
        raise Refused(str(problem)) from None
    except FolderTaken as problem:
        raise Refused(str(problem), TAKEN) from None
    except KeyboardInterrupt:
        return _stopped(INTERRUPTED, kept, resuming)
    except Terminated:
        return _stopped(TERMINATED, kept, resuming)
    except (EngineLost, StoreError) as problem:
        return _stopped(STOPPED, f"error: {problem}; {kept}", resuming)
    except Exception as problem:
        fault = machine_fault(problem)
        if fault is None:
            raise
        return _stopped(STOPPED, f"error: {fault}; {kept}", resuming)


def _stopped(code: int, why: str, resuming: str) -> int:
    say(f"{why}; go on with\n  {resuming}")
    return code


def _planned(
    request: Request,
    scenarios: Sequence[ResolvedScenario],
    references: Mapping[str, str] | None,
    points: Sequence[Mapping[str, float]],
) -> Plan:
    request.check()
    try:
        return plan_batch(
            scenarios,
            request.replicates,
            request.settings,
            references=references,
            points=points,
            decision_replicates=request.decision_replicates,
            function=request.function,
            shard=request.shard,
        )
    except PlanError as problem:
        raise Refused(str(problem)) from None


def _folder(request: Request, plan: Plan) -> Path:
    """The folder asked for; without one a new one, or the one to be resumed."""
    from model.ensemble.folder import RESULTS, default_folder, latest_folder

    if request.out is not None:
        return request.out
    if not request.resume:
        return default_folder(plan, datetime.now(UTC))
    found = latest_folder(plan)
    if found is None:
        message = f"nothing to resume: {RESULTS}/ holds no batch of exactly these scenarios and options"
        raise Refused(f"{message}; name its folder with --out, or leave out --resume to start")
    return found


def _work(
    request: Request,
    scenarios: Mapping[str, ResolvedScenario],
    asked: Sequence[str],
    folder: BatchFolder,
    executor: Executor | None,
) -> int:
    """Make what is missing in the folder and, but for a shard, write the files; the exit code."""
    from model.commands.results import began, finish, import_ahead
    from model.ensemble.engine import default_workers
    from model.ensemble.manifest import write_manifest
    from model.ensemble.worker import begin_imports

    store, path, plan = folder.store, folder.path, folder.store.plan
    if executor is None and request.engine == "local":
        begin_imports(plan.function)
    if plan.shard == WHOLE:
        import_ahead()
    started = began(path)
    command = shlex.join(["run.py", *request.words([public(word) for word in asked], public(str(path)))])
    done = store.done()
    here = default_workers()
    workers = min(request.workers or here, max(plan.size - len(done), 1))
    write_manifest(path, plan, command, started, None, store.counts())
    for note in folder.notes:
        say(f"note: {note}")
    again = f" ({len(done)} are there)" if done else ""
    by = f" x {len(plan.points)} points" if len(plan.points) > 1 else ""
    say(f"{plan.size} runs{again}: {len(plan.names)} scenarios{by} x {plan.replicates}, {workers} workers")
    say(f"into {path}")
    _make(request, scenarios, store, workers, executor)
    plan = store.plan  # fewer replicates may have been enough
    if plan.shard == WHOLE:
        sharing = min(request.workers or here, here)
        return finish(store, path, command, started, request.timeseries, request.report, sharing)
    counts = store.counts()
    write_manifest(path, plan, command, started, datetime.now(UTC), counts)
    print("shard {} of {}: {} runs; `collect` puts the shards together".format(*plan.shard, plan.size))
    print(f"in {path}")
    return SOME_FAILED if counts["failed"] + counts["timeout"] else DONE


def _make(
    request: Request,
    scenarios: Mapping[str, ResolvedScenario],
    store: BatchStore,
    workers: int,
    executor: Executor | None,
) -> None:
    """Make the runs that are missing, look by look where intervals are to be narrow, until all are there or enough."""
    from model.analysis.observations import observe
    from model.analysis.precision import enough, looks
    from model.ensemble.engines import make_runs

    plan, targets, done = store.plan, targets_of(request.until), store.done()
    reached = max((key.replicate for key in done), default=0)  # by an earlier start that asked for no stop
    made, failed, first = len(done), 0, 0
    forecast = Forecast(plan.size - made, workers)
    with meter(plan.size, made) as tell:
        for last in looks(plan.replicates, targets):
            due = _missing(plan, done, first, last)
            first = last
            with closing(
                make_runs(
                    plan,
                    scenarios,
                    due,
                    workers,
                    engine=request.engine,
                    scheduler=request.scheduler,
                    executor=executor,
                    run_timeout=request.run_timeout,
                    idle=store.keep,
                )
            ) as runs:
                for run in runs:
                    store.add(run)
                    made += 1
                    failed += run.status != "ok"
                    tell(made, failed)
                    if len(plan.points) > 1 and (told := forecast.note()):
                        say(told)
            store.commit()
            if reached < last < plan.replicates and enough(observe(store, numbers=False), targets, last):
                store.shorten(last)
                say(f"{last} replicates are enough for {', '.join(request.until)}")
                break


def _missing(plan: Plan, done: Container[RunKey], first: int, last: int) -> Iterator[RunKey]:
    """The runs of some replicates that are still to be made."""
    return (key for key in plan.runs() if first <= key.replicate < last and key not in done)
