"""Analyses that need batches of their own: the options that they share, and their parts below one folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.commands.experiment import failures, finished
from model.commands.request import Request
from model.commands.terminal import DONE, Refused, at_least, carried_out, command_line, say

if TYPE_CHECKING:
    from model.analysis.observations import Observed
    from model.ensemble.plan import Plan
    from model.scenario import Scenario

#: the parts: numbers of the calibration, numbers over their whole ranges, and other rules of the model
POSTERIOR, PRIOR, STRUCTURES = "posterior", "prior", "structures"
#: by part the option that says how many worlds it has
OPTIONS = {POSTERIOR: "--replicates", PRIOR: "--prior-replicates", STRUCTURES: "--structure-replicates"}

PriorReplicates = Annotated[int, typer.Option(help="Worlds with numbers drawn from the prior.")]
StructureReplicates = Annotated[
    int, typer.Option(help="Worlds under each other rule of the model; 0 for none.")
]
Seed = Annotated[int, typer.Option(help="Seed of all luck.")]
Days = Annotated[int, typer.Option(help="Days of a run.")]
Households = Annotated[int, typer.Option(help="Sampled households in a run.")]
Workers = Annotated[int | None, typer.Option(help="Processes; one for each processor if none.")]
Out = Annotated[Path | None, typer.Option(help="Folder; the same one goes on or shows again.")]
AsIs = Annotated[bool, typer.Option("--as-is", help="Make no run; read those that are there.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the rows of the CSV as JSON.")]


@dataclass(frozen=True)
class Part:
    """One batch of a study: the name of its folder, what is asked of it, its scenarios and their references."""

    name: str
    request: Request
    scenarios: Sequence[Scenario]
    references: Mapping[str, str]

    @property
    def runs(self) -> int:
        """Number of runs."""
        return len(self.scenarios) * self.request.replicates

    @property
    def plan(self) -> Plan:
        """The plan of this batch."""
        from model.ensemble.plan import plan_batch

        return plan_batch(
            self.scenarios,
            self.request.replicates,
            self.request.settings,
            references=self.references,
            decision_replicates=0,
            function=self.request.function,
        )


@dataclass(frozen=True)
class Study:
    """What the user asked of an analysis: its command, the settings of its runs, worlds by part, and its folder.

    as_is: no run is made; those that are there are read.
    """

    command: str
    request: Request
    worlds: Mapping[str, int]
    folder: Path
    workers: int | None = None
    as_is: bool = False

    def check(self) -> None:
        """Raises Refused for values that make no study."""
        for name, option in OPTIONS.items():
            at_least(option, self.worlds[name], 1 if name == POSTERIOR else 0)
        replace(self.request, replicates=self.worlds[POSTERIOR], workers=self.workers).check()

    def parts(self, scenarios: Sequence[Scenario], ruled: Sequence[Scenario]) -> list[Part]:
        """The parts that have any world: `scenarios` under the model's own rules, `ruled` under every other one."""
        from model.analysis.structures import OWN, all_under, structures

        parts = []
        for name in (POSTERIOR, PRIOR):
            if self.worlds[name]:
                asked = replace(self.request, replicates=self.worlds[name], parameters=name)
                parts.append(Part(name, asked, *all_under(scenarios, [OWN])))
        if self.worlds[STRUCTURES]:
            asked = replace(self.request, replicates=self.worlds[STRUCTURES])
            parts.append(Part(STRUCTURES, asked, *all_under(ruled, structures())))
        return parts

    def words(self, more: Sequence[str] = ()) -> list[str]:
        """The command that goes on with the study; more: options of its own."""
        words = [self.command]
        for name, option in OPTIONS.items():
            words += [option, str(self.worlds[name])]
        for option in ("seed", "days", "households"):
            words += [f"--{option}", str(getattr(self.request, option))]
        return [*words, *more, "--out", str(self.folder)]

    def make(self, parts: Sequence[Part], more: Sequence[str] = ()) -> int:
        """Make the runs that are missing, unless they are to be left as they are; the exit code. Raises Refused."""
        return DONE if self.as_is else make_study(self.folder, parts, self.words(more), self.workers)


def make_study(folder: Path, parts: Sequence[Part], words: Sequence[str], workers: int | None) -> int:
    """Make what is missing of every part below the folder; DONE, or the exit code with which to stop.

    words: the command, for the line that says how to go on. Raises Refused.
    """
    each = " + ".join(f"{part.runs:,} ({part.name})" for part in parts)
    say(f"{sum(part.runs for part in parts):,} runs: {each}")

    def work() -> int:
        for number, part in enumerate(parts, start=1):
            _make(folder / part.name, part, workers, sum(later.runs for later in parts[number:]))
        return DONE

    return carried_out(work, command_line(words))


def _make(path: Path, part: Part, workers: int | None, later: int) -> None:
    from model.commands.results import began
    from model.ensemble.manifest import write_manifest

    plan, started = part.plan, began(path)
    scenarios = {scenario.name: scenario for scenario in part.scenarios}
    with finished(path, plan, scenarios, workers, path.is_dir(), later) as store:
        if failures(store):
            say(f"{part.name}: what failed is left out of every number")
        write_manifest(path, plan, part.name, started, datetime.now(UTC), store.counts())


def observe_part(folder: Path, part: Part) -> dict[str, Observed]:
    """What has been made of a part, by scenario; nothing where it has not been begun. Raises Refused."""
    from model.analysis.observations import observe
    from model.ensemble.store import BatchStore, StoreError

    if not (folder / part.name).is_dir():
        return {}
    try:
        with BatchStore.open(folder / part.name) as store:
            found = observe(store)
    except StoreError as problem:
        raise Refused(str(problem)) from None
    absent = {scenario.name for scenario in part.scenarios} - set(found)
    if absent:
        raise Refused(f"{folder / part.name} holds another study: {min(absent)} is not in it")
    return {name: runs for name, runs in found.items() if runs.runs}


def parts_note(seen: Mapping[str, Mapping[str, Observed]], parts: Sequence[Part]) -> list[str]:
    """What of the study is missing or failed, in sentences."""
    notes = []
    for part in parts:
        made = sum(len(found.runs) for found in seen[part.name].values())
        planned = max(part.runs, sum(found.planned for found in seen[part.name].values()))
        if made < planned:
            notes.append(f"{part.name}: {made} of {planned} runs are there")
    return notes
