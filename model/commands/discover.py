"""`run.py discover`: under which conditions an outcome comes about, and the smallest changes that flip the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.commands.experiment import Experiment, failures, finished, write_account
from model.commands.levers import levers_of
from model.commands.selection import condition_named, needs, numbers_named, one_scenario
from model.commands.terminal import DONE, SOME_FAILED, Refused, between, carried_out, command_line, say

if TYPE_CHECKING:
    import pandas as pd

    from model.analysis.discovery import Box, Mask
    from model.analysis.smallest_changes import Flip, Tried


@dataclass(frozen=True)
class Request:
    """What the user asked for. scenarios: the one asked about, then those it is compared with."""

    scenarios: tuple[Any, ...]
    references: Mapping[str, str]
    outcome: str
    keys: tuple[str, ...]
    levers: tuple[Any, ...]
    how: Experiment
    boxes: int = 3
    most: int = 4
    flip_replicates: int = 60
    steps: int = 9
    out: Path | None = None
    dry: bool = False

    def check(self) -> None:
        """Raises Refused for values that make no discovery."""
        self.how.check(least=40)
        between("--boxes", self.boxes, 1, 20)
        between("--most", self.most, 1, 20)
        between("--flip-replicates", self.flip_replicates, 2, 100_000)
        between("--steps", self.steps, 2, 101)


def discover(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="Shipped name, TOML file, or the folder of a batch.")
    ],
    outcome: Annotated[
        str, typer.Option(metavar="EXPRESSION", help="Condition on outcomes, such as 'force_used'.")
    ],
    against: Annotated[
        list[str] | None,
        typer.Option(metavar="SCENARIO", help="Another scenario, whose outcomes are written outcome@name."),
    ] = None,
    of: Annotated[
        str | None,
        typer.Option(metavar="SCENARIO", help="Which scenario of a batch folder; its only one if none."),
    ] = None,
    numbers: Annotated[
        list[str] | None,
        typer.Option(metavar="PATTERN", help="Numbers to look at; all uncertain ones if none."),
    ] = None,
    levers: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATTERN",
            help="Levers that may flip the answer; levers and what scenarios change if none.",
        ),
    ] = None,
    boxes: Annotated[int, typer.Option(help="Boxes at most.")] = Request.boxes,
    most: Annotated[int, typer.Option(help="Numbers that a box restricts at most.")] = Request.most,
    flip: Annotated[bool, typer.Option(help="Look for the smallest changes that flip the answer.")] = True,
    replicates: Annotated[int, typer.Option(help="Runs, each with numbers and luck of its own.")] = 1000,
    flip_replicates: Annotated[
        int, typer.Option(help="Runs for each change of a lever.")
    ] = Request.flip_replicates,
    steps: Annotated[int, typer.Option(help="Values of each lever, from end to end.")] = Request.steps,
    seed: Annotated[int, typer.Option(help="Seed of all luck.")] = 1,
    days: Annotated[int, typer.Option(help="Days of a run.")] = Experiment.days,
    households: Annotated[int, typer.Option(help="Sampled households in a run.")] = Experiment.households,
    parameters: Annotated[str, typer.Option(help="prior or posterior.")] = "prior",
    out: Annotated[
        Path | None, typer.Option(help="Folder of the results; one under results/ if none.")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; one for each processor if none.")] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a discovery that was stopped.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what it costs and stop.")] = False,
) -> None:
    """Find boxes of numbers in which an outcome is frequent, and the smallest changes that flip it."""
    try:
        needs("ema_workbench")
        if (Path(scenario) / "batch.sqlite").is_file():
            from model.commands.discover_batch import discover_in

            raise typer.Exit(discover_in(Path(scenario), outcome, of, numbers or (), boxes, most, out))
        if parameters not in ("prior", "posterior"):
            raise Refused(
                f"--parameters is one of prior, posterior, not {parameters!r}: numbers have to vary"
            )
        how = Experiment(replicates, seed, days, households, parameters, workers, resume)
        how.check()
        named = [scenario, *(against or ())]
        loaded = tuple(one_scenario(name, days) for name in named)
        condition_named(outcome, loaded[0].numbers, [one.name for one in loaded[1:]])
        keys = numbers_named(loaded[0], numbers or ())
        moved = levers_of(loaded[0], levers or ()) if flip else ()
        references = {one.name: name for one, name in zip(loaded, named, strict=True)}
        request = Request(
            loaded, references, outcome, keys, moved, how, boxes, most, flip_replicates, steps, out, dry_run
        )
        request.check()
        words = ["discover", scenario, "--outcome", outcome]
        for option, given in (("--against", against), ("--numbers", numbers), ("--levers", levers)):
            words += [word for value in given or () for word in (option, value)]
        words += ["--boxes", str(boxes), "--most", str(most), "--flip" if flip else "--no-flip"]
        words += [
            "--flip-replicates",
            str(flip_replicates),
            "--steps",
            str(steps),
            "--parameters",
            parameters,
        ]
        raise typer.Exit(make_discovery(request, [*words, *how.words()]))
    except Refused as refusal:
        say(refusal.args[0] if refusal.code == DONE else f"error: {refusal}")
        raise typer.Exit(refusal.code) from None


def make_discovery(request: Request, words: Sequence[str] = ()) -> int:
    """Make the runs, write and print what they say; the exit code. Raises Refused."""
    out = request.out or _default(request)
    again = command_line([*words, "--out", str(out), "--resume"])
    return carried_out(lambda: _work(request, out, words), again)


def _default(request: Request) -> Path:
    from hashlib import sha256

    asked = ([s.digest for s in request.scenarios], request.outcome, request.how.settings, request.how.replicates,
             [lever.key for lever in request.levers], request.steps, request.flip_replicates)  # fmt: skip
    name = request.scenarios[0].name
    return Path("results") / f"discover-{name}-{sha256(repr(asked).encode()).hexdigest()[:8]}"


def _work(request: Request, out: Path, words: Sequence[str]) -> int:
    from model.analysis.discovery_files import printed_boxes, write_boxes
    from model.analysis.frames import runs_frame
    from model.analysis.overview import wrapped
    from model.ensemble.manifest import CAUTION, write_data_package

    main, how = request.scenarios[0], request.how
    by_name = {scenario.name: scenario for scenario in request.scenarios}
    plan = how.plan(request.scenarios, ({},), request.references)
    changes = len(request.levers) * request.steps + bool(request.levers)
    later = changes * request.flip_replicates * len(by_name)
    then = f", then up to {changes:,} settings of levers x {request.flip_replicates}" if changes else ""
    say(f"{plan.size:,} runs{then}")
    with finished(out / "runs", plan, by_name, how.workers, how.resume, later, request.dry) as store:
        frames = {name: runs_frame(store, name) for name in by_name}
        failed = failures(store)
    x, y, apart = _parted(request, frames)
    boxes = searched(x[list(request.keys)], y, apart, request.boxes, request.most)
    tables = write_boxes(main.name, request.outcome, boxes, main.numbers, out)
    text = printed_boxes(request.outcome, boxes, main.numbers, int(y.sum()), len(y))
    if request.levers:
        rows, base, more = _flips(request, out / "levers")
        from model.analysis.discovery_files import printed_flips, write_flips

        tables.append(write_flips(rows, out))
        text += f"\n\n{printed_flips(request.outcome, base, rows)}"
        failed += more
    write_data_package(out, tables)
    write_account(out, words, how, request.scenarios)
    print(f"{text}\n\n{wrapped(CAUTION)}\n")
    print(f"files: {', '.join(table.path for table in tables)}, datapackage.json, manifest.json\nin {out}")
    return SOME_FAILED if failed else DONE


def searched(x: pd.DataFrame, y: Mask, apart: Mask, boxes: int, most: int) -> list[Box]:
    """The boxes found, or none, and why none can be."""
    from model.analysis.discovery import LEAST_RUNS, find_boxes

    few = min(int(y[~apart].sum()), int((~y[~apart]).sum()))
    if few < LEAST_RUNS:
        say(
            f"too few runs of one kind to look for conditions ({few} in the half searched; {LEAST_RUNS} are needed)"
        )
    return find_boxes(x, y, apart, boxes, most)


def _parted(request: Request, frames: Mapping[str, pd.DataFrame]) -> tuple[pd.DataFrame, Mask, Mask]:
    """Numbers of each run, whether the outcome came about, and which runs are kept apart (the odd replicates)."""
    from model.analysis.discovery import parted

    main = request.scenarios[0]
    condition = condition_named(request.outcome, main.numbers, [s.name for s in request.scenarios[1:]])
    found = parted(condition, frames, main.name)
    if len(found[0]) < len(frames[main.name]):
        say(f"{len(frames[main.name]) - len(found[0])} runs are left out: it cannot be told of them")
    return found


def _flips(request: Request, folder: Path) -> tuple[list[dict[str, Any]], Tried, int]:
    """Rows of flips.csv, what is so without a change, and how many runs failed."""
    from model.analysis.discovery_files import flip_rows
    from model.analysis.smallest_changes import alone, flips, in_pairs

    single = alone(request.levers, request.steps)
    (base, *tried), failed = _tried(request, folder / "alone", [{}, *single])
    pairs = in_pairs(request.levers, base, tried)
    if pairs:
        more, too = _tried(request, folder / "pairs", pairs)
        tried, failed = [*tried, *more], failed + too
    main = request.scenarios[0]
    found: list[Flip] = flips(request.levers, base, tried)
    return flip_rows(main.name, request.outcome, base, found, request.levers, main.numbers), base, failed


def _tried(request: Request, folder: Path, points: Sequence[Mapping[str, float]]) -> tuple[list[Tried], int]:
    """What comes of each point, under the same luck at all of them, and how many runs failed."""
    from model.analysis.frames import runs_frame
    from model.analysis.smallest_changes import Tried

    how = replace(request.how, replicates=request.flip_replicates)
    by_name = {scenario.name: scenario for scenario in request.scenarios}
    plan = how.plan(request.scenarios, points, request.references)
    with finished(folder, plan, by_name, how.workers, how.resume) as store:
        frames = {name: runs_frame(store, name, numbers=_wants_numbers(request)) for name in by_name}
        failed = failures(store)
    runs, held, _ = _parted(request, frames)
    at = runs["point"].to_numpy()
    tried = [Tried(values, int((at == n).sum()), int(held[at == n].sum())) for n, values in enumerate(points)]
    return tried, failed


def _wants_numbers(request: Request) -> bool:
    return "." in request.outcome
