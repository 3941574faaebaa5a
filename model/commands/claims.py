"""`run.py claims`: in how many worlds the commentary's claims hold, as claims.csv and as a table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.commands.request import Request
from model.commands.study import (
    POSTERIOR,
    PRIOR,
    STRUCTURES,
    AsIs,
    AsJson,
    Days,
    Households,
    Out,
    PriorReplicates,
    Seed,
    StructureReplicates,
    Study,
    Workers,
    observe_part,
    parts_note,
)
from model.commands.terminal import DONE, Refused, say, timed_folder

if TYPE_CHECKING:
    from model.analysis.observations import Observed
    from model.scenario import Scenario

FREE = ("arrest", "arrest_hold")  # where departures from the story are looked for


def claims(
    file: Annotated[
        Path | None, typer.Option("--file", help="Another file of claims; docs/claims.toml if none.")
    ] = None,
    replicates: Annotated[int, typer.Option(help="Worlds for each scenario.")] = 100,
    prior_replicates: PriorReplicates = 60,
    structure_replicates: StructureReplicates = 8,
    seed: Seed = Request.seed,
    days: Days = Request.days,
    households: Households = 10_000,
    workers: Workers = None,
    out: Out = None,
    as_is: AsIs = False,
    as_json: AsJson = False,
) -> None:
    """Say in how many worlds each claim of the commentary holds, and what would flip it."""
    worlds = {POSTERIOR: replicates, PRIOR: prior_replicates, STRUCTURES: structure_replicates}
    request = Request(seed=seed, days=days, households=households)
    try:
        study = Study("claims", request, worlds, out or timed_folder("claims"), workers, as_is)
        raise typer.Exit(make_claims(study, file, as_json))
    except Refused as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(refusal.code) from None


def make_claims(study: Study, file: Path | None = None, as_json: bool = False) -> int:
    """Make the runs, write claims.csv and departures.csv, print them; the exit code.

    Raises Refused, and InputError for a file of claims that is wrong.
    """
    from model.analysis.claims import claim_rows, write_claims
    from model.analysis.claims_file import CLAIMS, STORY, read_claims
    from model.analysis.departures import write_departures
    from model.analysis.structures import structures
    from model.ensemble.manifest import write_data_package
    from model.scenario import load_many, load_scenario

    study.check()
    folder = study.folder
    known = read_claims(file or CLAIMS, load_scenario("arrest").numbers)
    names = sorted({name for claim in known for name in claim.needs} | {*FREE})
    free: list[Scenario] = load_many(names)
    base = [*free, load_scenario(STORY)]
    numbers = {key: number for scenario in base for key, number in scenario.numbers.items()}
    parts = study.parts(base, free)
    code = study.make(parts, ["--file", str(file)] if file else [])
    if code != DONE:
        return code
    seen = {part.name: observe_part(folder, part) for part in parts}
    lacking = [name for name in names if name not in seen[POSTERIOR]]
    if lacking:
        raise Refused(f"{folder} holds no run of {lacking[0]} yet; give the command without --as-is")
    batches: dict[str, dict[str, Observed]] = {POSTERIOR: {**seen[POSTERIOR], **seen.get(STRUCTURES, {})}}
    if all(name in seen.get(PRIOR, {}) for name in names):
        batches[PRIOR] = seen[PRIOR]
    rows = claim_rows(known, batches, structures(), numbers)
    steps = _departures(folder, load_scenario(STORY), {scenario.name: scenario for scenario in free})
    tables = [write_claims(rows, folder), write_departures(steps, folder)]
    write_data_package(folder, tables)
    _show(rows, steps, parts_note(seen, parts), as_json)
    say(f"{folder / tables[0].path}, {folder / tables[1].path}")
    return DONE


def _departures(folder: Path, story: Scenario, free: Mapping[str, Scenario]) -> list[dict[str, Any]]:
    from model.analysis.departures import departure_rows, first_days, steps_of
    from model.ensemble.store import BatchStore

    steps = steps_of(story.to_dict(), free["arrest"].to_dict())
    with BatchStore.open(folder / POSTERIOR) as store:
        return [row for name in FREE for row in departure_rows(name, steps, first_days(store, name))]


def _show(
    rows: Sequence[Mapping[str, Any]],
    steps: Sequence[Mapping[str, Any]],
    notes: Sequence[str],
    as_json: bool,
) -> None:
    from model.analysis.claims_view import LEGEND, claim_lines, departure_lines, told_lines
    from model.analysis.overview import wrapped
    from model.analysis.structures import few_worlds
    from model.ensemble.manifest import CAUTION

    few = few_worlds(rows)
    for note in notes:
        say(f"note: {note}")
    if as_json:
        print(
            json.dumps(
                {"caution": CAUTION, "notes": [*notes, *few], "rows": rows, "steps": steps},
                indent=1,
                allow_nan=False,
            )
        )
        return
    print("\n".join([*claim_lines(rows), "", wrapped(" ".join([LEGEND, *few])), "", *told_lines(rows), ""]))
    print("Where free actors leave the story as told:")
    print("\n".join([*departure_lines(steps), "", wrapped(CAUTION)]))
