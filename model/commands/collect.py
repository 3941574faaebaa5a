"""`run.py collect`: the shards of a batch, made apart, put together into the batch."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.commands.request import TIMESERIES
from model.commands.terminal import STOPPED, TAKEN, Refused, carried_out, command_line, one_of, public, say
from model.ensemble.faults import StoreError

if TYPE_CHECKING:
    from model.ensemble.plan import Plan
    from model.ensemble.store import BatchStore


def collect(
    folders: Annotated[list[Path], typer.Argument(help="Folders of all shards.", metavar="DIR...")],
    out: Annotated[
        Path | None, typer.Option(help="Folder of the batch; results/<time>-<plan> if none.")
    ] = None,
    timeseries: Annotated[str, typer.Option(help="csv, parquet or none.")] = "csv",
) -> None:
    """Put the shards of a batch together and write its files."""
    try:
        one_of("--timeseries", timeseries, TIMESERIES)
        raise typer.Exit(collect_folders(folders, out, timeseries))
    except Refused as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(refusal.code) from None


def collect_folders(folders: Sequence[Path], out: Path | None = None, timeseries: str = "csv") -> int:
    """The exit code: 0 complete, 4 with shards missing (named, nothing written). Raises Refused."""
    from model.commands.results import finish
    from model.ensemble.folder import BatchFolder, default_folder
    from model.ensemble.plan import WHOLE
    from model.ensemble.store import BatchStore

    with ExitStack() as stack:
        shards = []
        for folder in folders:
            try:
                shards.append(stack.enter_context(BatchStore.open(folder, read_only=True)))
            except StoreError as problem:
                raise Refused(str(problem)) from None
        _refuse_others(folders, [shard.plan for shard in shards])
        missing = _missing(folders, shards)
        if missing:
            say("\n  ".join(["error: the batch is not complete:", *missing]))
            return STOPPED
        plan = replace(shards[0].plan, shard=WHOLE)
        path = out or default_folder(plan, datetime.now(UTC))
        words = ["collect", *map(str, folders), "--timeseries", timeseries, "--out", str(path)]

        def work() -> int:
            there = BatchStore.holds_plan(path)  # from a collect that was stopped
            with BatchFolder(path, plan, resume=there) as whole:
                for shard in shards:
                    for run, _ in shard.all_runs():
                        whole.store.add(run)
                whole.store.commit()
                command = shlex.join(["run.py", *map(public, words)])
                return finish(whole.store, path, command, datetime.now(UTC), timeseries)

        return carried_out(work, command_line(words))


def _refuse_others(folders: Sequence[Path], plans: Sequence[Plan]) -> None:
    """Raises Refused where the folders hold anything but different shards of one batch."""
    from model.ensemble.plan_difference import describe

    first = plans[0]
    seen: dict[tuple[int, int], Path] = {}
    for folder, plan in zip(folders, plans, strict=True):
        if plan.hash != first.hash:
            why = describe(replace(plan, shard=first.shard), first)
            raise Refused(f"{folder} and {folders[0]} are shards of different batches: {why}", TAKEN)
        if plan.shard[1] != first.shard[1]:
            message = f"{folder} is one of {plan.shard[1]} shards, {folders[0]} one of {first.shard[1]}"
            raise Refused(message, TAKEN)
        if plan.shard in seen:
            raise Refused(f"{folder} and {seen[plan.shard]} are the same shard")
        seen[plan.shard] = folder


def _missing(folders: Sequence[Path], shards: Sequence[BatchStore]) -> list[str]:
    """What is not there of the batch: whole shards, runs of a shard, damaged runs."""
    from model.ensemble.finished_run import named

    of = shards[0].plan.shard[1]
    there = {shard.plan.shard[0] for shard in shards}
    missing = [f"shard {number}/{of} is missing" for number in range(1, of + 1) if number not in there]
    for folder, shard in zip(folders, shards, strict=True):
        name = "{}/{}".format(*shard.plan.shard)
        if not shard.file_is_sound():
            missing.append(f"shard {name} in {folder} is torn; resume it")
            continue
        damaged = shard.damaged()
        left = shard.plan.size - sum(shard.counts().values())
        if damaged:
            some = ", ".join(map(named, damaged[:10]))
            missing.append(f"shard {name} in {folder} holds {len(damaged)} damaged runs ({some}); resume it")
        if left > 0:
            missing.append(f"shard {name} in {folder} lacks {left} runs; resume it")
    return missing
