"""`run.py sensitivity`: which numbers the outcomes of a scenario depend on, and what is left to chance."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.commands.experiment import Experiment, failures, finished, write_account
from model.commands.selection import measures_named, needs, numbers_named, one_scenario
from model.commands.terminal import DONE, SOME_FAILED, Refused, between, carried_out, command_line, say

if TYPE_CHECKING:
    import pandas as pd

    from model.analysis.measures import Floats, Measure
    from model.analysis.sensitivity_files import Finding
    from model.scenario import Scenario

#: outcomes that are looked at where none is named
LEADING = ("force_used", "end_state == 'freed'", "government_fell", "remittance_floor", "killed_total")


@dataclass(frozen=True)
class Request:
    """What the user asked for: keys that move, what is looked at, and the size of the two stages."""

    scenario: Any
    reference: str
    keys: tuple[str, ...]
    measures: tuple[Any, ...]
    how: Experiment
    trajectories: int = 10
    keep: int = 10
    base: int = 256
    out: Path | None = None
    dry: bool = False

    def check(self) -> None:
        """Raises Refused for values that make no analysis."""
        self.how.check(least=2)
        between("--trajectories", self.trajectories, 2, 10_000)
        between("--keep", self.keep, 1, 200)
        between("--base", self.base, 8, 2**20)
        if self.base & (self.base - 1):
            raise Refused(f"--base must be a power of 2, in which the design is balanced, not {self.base}")


def sensitivity(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Shipped name or TOML file.")],
    outcome: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Outcome of runs.csv, or a condition on outcomes; may be repeated."
        ),
    ] = None,
    numbers: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATTERN", help="Numbers that move, such as coercer.*; all uncertain ones if none."
        ),
    ] = None,
    trajectories: Annotated[
        int, typer.Option(help="Trajectories of the screening (Morris).")
    ] = Request.trajectories,
    keep: Annotated[int, typer.Option(help="Numbers that get Sobol indices.")] = Request.keep,
    base: Annotated[int, typer.Option(help="Base sample of the indices, a power of 2.")] = Request.base,
    replicates: Annotated[
        int, typer.Option(help="Runs at each point, with the same luck at every point.")
    ] = 5,
    seed: Annotated[int, typer.Option(help="Seed of all luck and of the designs.")] = 1,
    days: Annotated[int, typer.Option(help="Days of a run.")] = Experiment.days,
    households: Annotated[int, typer.Option(help="Sampled households in a run.")] = Experiment.households,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the results; one under results/ if none.")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; one for each processor if none.")] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with an analysis that was stopped.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what it costs and stop.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows of the CSV as JSON.")] = False,
) -> None:
    """Screen all uncertain numbers, then share out the variance among those that matter, and chance."""
    try:
        needs("SALib")
        how = Experiment(replicates, seed, days, households, "nominal", workers, resume)
        how.check(least=2)
        loaded = one_scenario(scenario, days)
        keys = numbers_named(loaded, numbers or ())
        measures = tuple(measures_named(outcome or LEADING, days))
        request = Request(loaded, scenario, keys, measures, how, trajectories, keep, base, out, dry_run)
        request.check()
        words = ["sensitivity", scenario, *(w for text in outcome or () for w in ("--outcome", text))]
        words += [w for pattern in numbers or () for w in ("--numbers", pattern)]
        words += ["--trajectories", str(trajectories), "--keep", str(keep), "--base", str(base), *how.words()]
        raise typer.Exit(make_sensitivity(request, words, as_json))
    except Refused as refusal:
        say(refusal.args[0] if refusal.code == DONE else f"error: {refusal}")
        raise typer.Exit(refusal.code) from None


def make_sensitivity(request: Request, words: Sequence[str] = (), as_json: bool = False) -> int:
    """Run both stages, write and print what they say; the exit code. Raises Refused."""
    out = request.out or _default(request)
    again = command_line([*words, "--out", str(out), "--resume"])
    return carried_out(lambda: _work(request, out, words, as_json), again)


def _default(request: Request) -> Path:
    from hashlib import sha256

    design = (request.scenario.digest, request.keys, request.how.settings, request.how.replicates,
              request.trajectories, request.keep, request.base, [m.text for m in request.measures])  # fmt: skip
    return (
        Path("results")
        / f"sensitivity-{request.scenario.name}-{sha256(repr(design).encode()).hexdigest()[:8]}"
    )


def _work(request: Request, out: Path, words: Sequence[str], as_json: bool) -> int:
    from model.analysis.overview import wrapped
    from model.analysis.sensitivity import most_moving
    from model.analysis.sensitivity_files import (
        Finding,
        chance_rows,
        printed,
        sensitivity_rows,
        write_sensitivity,
    )
    from model.ensemble.manifest import CAUTION, write_data_package

    scenario: Scenario = request.scenario
    kept = list(request.keys)
    findings = [Finding(m.text, m.unit, _no_table(request.keys), ()) for m in request.measures]
    failed = 0
    if len(kept) > request.keep:
        findings, failed = _screen(request, out / "screening", findings)
        kept = most_moving([f.table for f in findings if "mu_star" in f.table], request.keep)
    else:
        say(f"no screening: {len(kept)} numbers are no more than --keep {request.keep}")
    if kept:
        findings, more = _share_out(request, out / "indices", findings, kept)
        failed += more
    tables = write_sensitivity(scenario.name, findings, scenario.numbers, out)
    write_data_package(out, tables)
    write_account(out, words, request.how, [scenario])
    if as_json:
        rows = sensitivity_rows(scenario.name, findings, scenario.numbers)
        body = {"caution": CAUTION, "rows": rows, "chance": chance_rows(scenario.name, findings)}
        print(json.dumps(body, indent=1, ensure_ascii=False, allow_nan=False))
    else:
        print(f"{printed(findings, scenario.numbers)}\n\n{wrapped(CAUTION)}")
        print(
            f"\nfiles: {', '.join(table.path for table in tables)}, datapackage.json, manifest.json\nin {out}"
        )
    return SOME_FAILED if failed else DONE


def _no_table(keys: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(index=pd.Index(keys, name="key"))


def _screen(request: Request, folder: Path, findings: Sequence[Finding]) -> tuple[list[Finding], int]:
    """The findings with elementary effects, and how many runs failed."""
    from model.analysis.sensitivity import morris_design, screening

    keys = request.keys
    shares = morris_design(keys, request.trajectories, request.how.seed)
    say(f"screening: {len(keys)} numbers, {len(shares):,} points x {request.how.replicates} replicates")
    later = request.base * (request.keep + 2) * request.how.replicates
    tables, failed = _tables(request, folder, keys, shares, later)

    def effects(measure: Measure, y: Floats, table: Floats) -> pd.DataFrame:
        return screening(keys, shares, y, request.how.seed)

    return [_added(request, f, m, "screening", keys, t, effects) for f, m, t in
            zip(findings, request.measures, tables, strict=True)], failed  # fmt: skip


def _share_out(
    request: Request, folder: Path, findings: Sequence[Finding], keys: Sequence[str]
) -> tuple[list[Finding], int]:
    """The findings with Sobol indices and PAWN of the numbers kept, and how many runs failed."""
    import numpy as np

    from model.analysis.sensitivity import independent, indices, pawn, sobol_design

    shares = sobol_design(keys, request.base, request.how.seed)
    say(f"indices: {len(keys)} numbers, {len(shares):,} points x {request.how.replicates} replicates")
    tables, failed = _tables(request, folder, keys, shares, 0)
    free = independent(len(shares), len(keys))

    def measured(measure: Measure, y: Floats, table: Floats) -> pd.DataFrame:
        runs = np.repeat(shares[free], table.shape[1], axis=0)
        single = pawn(keys, runs, table[free].reshape(-1), request.how.seed)
        return indices(keys, y, request.how.seed).join(single)

    return [_added(request, f, m, "indices", keys, t, measured, free) for f, m, t in
            zip(findings, request.measures, tables, strict=True)], failed  # fmt: skip


def _tables(
    request: Request, folder: Path, keys: Sequence[str], shares: Floats, later: int
) -> tuple[list[Floats], int]:
    """For each measure its values (points, replicates) at the points of a design, and how many runs failed."""
    from model.analysis.frames import runs_frame
    from model.analysis.measures import by_point
    from model.sweep import placed

    scenario, how = request.scenario, request.how
    points = placed(keys, shares.tolist(), scenario.numbers)
    plan = how.plan([scenario], points, {scenario.name: request.reference})
    by_name = {scenario.name: scenario}
    with finished(folder, plan, by_name, how.workers, how.resume, later, request.dry) as store:
        runs = runs_frame(store, scenario.name, numbers=False)
        failed = failures(store)
    return [by_point(runs, m.values(runs), len(points), how.replicates) for m in request.measures], failed


def _added(
    request: Request, finding: Finding, measure: Measure, name: str, keys: Sequence[str], table: Floats,
    analyse: Any, free: Any = slice(None),
) -> Finding:  # fmt: skip
    """A finding with one stage more; unchanged, and said so, where the outcome does not apply at some point."""
    import numpy as np

    from model.analysis.measures import point_means
    from model.analysis.sensitivity import chance
    from model.analysis.sensitivity_files import Finding, Stage

    y = point_means(table)
    silent = int(np.isnan(y).sum())
    if silent:
        say(
            f"{measure.text}: left out of the {name}, since it says nothing at {silent:,} of {len(y):,} points"
        )
        return finding
    found = finding.table.join(analyse(measure, y, table))
    part = table[free]
    stage = Stage(name, len(keys), len(part), table.shape[1], chance(part))
    return Finding(finding.outcome, finding.unit, found, (*finding.stages, stage))
