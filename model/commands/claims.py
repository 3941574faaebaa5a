"""`run.py claims`: in how many worlds the commentary's claims hold, as claims.csv and as a table."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.commands.batch import Request
from model.commands.study import Part, make_study, observe_part, parts_note
from model.commands.terminal import DONE, Refused, at_least, say

if TYPE_CHECKING:
    from model.analysis.claims_file import Claim
    from model.analysis.observations import Observed
    from model.scenario import Scenario

FREE = ("arrest", "arrest_hold")  # where departures from the story are looked for
STRUCTURES = "structures"


def claims(
    file: Annotated[
        Path | None, typer.Option("--file", help="Another file of claims; docs/claims.toml if none.")
    ] = None,
    replicates: Annotated[int, typer.Option(help="Worlds for each scenario.")] = 100,
    prior_replicates: Annotated[int, typer.Option(help="Worlds with numbers drawn from the prior.")] = 60,
    structure_replicates: Annotated[
        int, typer.Option(help="Worlds under each other rule of the model; 0 for none.")
    ] = 8,
    seed: Annotated[int, typer.Option(help="Seed of all luck.")] = Request.seed,
    days: Annotated[int, typer.Option(help="Days of a run.")] = Request.days,
    households: Annotated[int, typer.Option(help="Sampled households in a run.")] = 1000,
    workers: Annotated[int | None, typer.Option(help="Processes; one for each processor if none.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder; the same one goes on or shows again.")] = None,
    as_is: Annotated[bool, typer.Option("--as-is", help="Make no run; read those that are there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows of the CSV as JSON.")] = False,
) -> None:
    """Say in how many worlds each claim of the commentary holds, and what would flip it."""
    request = Request(replicates=replicates, seed=seed, days=days, households=households)
    counts = {"posterior": replicates, "prior": prior_replicates, STRUCTURES: structure_replicates}
    try:
        for name, count in counts.items():
            at_least(f"--{name}-replicates", count, 1 if name == "posterior" else 0)
        raise typer.Exit(make_claims(request, counts, file, out, workers, as_is, as_json))
    except Refused as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(refusal.code) from None


def make_claims(
    request: Request,
    counts: Mapping[str, int],
    file: Path | None = None,
    out: Path | None = None,
    workers: int | None = None,
    as_is: bool = False,
    as_json: bool = False,
) -> int:
    """Make the runs, write claims.csv and departures.csv, print them; the exit code.

    Raises Refused, and InputError for a file of claims that is wrong.
    """
    from dataclasses import replace

    from model.analysis.claims import POSTERIOR, PRIOR, claim_rows, write_claims
    from model.analysis.claims_file import CLAIMS, STORY, read_claims
    from model.analysis.departures import write_departures
    from model.analysis.structures import OWN, all_under, structures
    from model.ensemble.manifest import write_data_package
    from model.scenario import load_many, load_scenario

    request.check()
    known = read_claims(file or CLAIMS, load_scenario("arrest").numbers)
    names = sorted({name for claim in known for name in claim.needs} | {*FREE})
    free: list[Scenario] = load_many(names)
    base = [*free, load_scenario(STORY)]
    numbers = {key: number for scenario in base for key, number in scenario.numbers.items()}
    parts = [Part("posterior", replace(request, replicates=counts["posterior"]), *all_under(base, [OWN]))]
    if counts["prior"]:
        asked = replace(request, replicates=counts["prior"], parameters=PRIOR)
        parts.append(Part("prior", asked, *all_under(base, [OWN])))
    if counts[STRUCTURES]:
        asked = replace(request, replicates=counts[STRUCTURES])
        parts.append(Part(STRUCTURES, asked, *all_under(free, structures())))
    folder = out or Path("results") / f"claims-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    if not as_is:
        code = make_study(folder, parts, _words(request, counts, file, folder), workers)
        if code != DONE:
            return code
    seen = {part.name: observe_part(folder, part) for part in parts}
    lacking = [name for name in names if name not in seen["posterior"]]
    if lacking:
        raise Refused(f"{folder} holds no run of {lacking[0]} yet; give the command without --as-is")
    batches: dict[str, dict[str, Observed]] = {POSTERIOR: {**seen["posterior"], **seen.get(STRUCTURES, {})}}
    if all(name in seen.get("prior", {}) for name in names):
        batches[PRIOR] = seen["prior"]
    rows = claim_rows(known, batches, structures(), numbers)
    steps = _departures(folder, load_scenario(STORY), {scenario.name: scenario for scenario in free})
    tables = [write_claims(rows, folder), write_departures(steps, folder)]
    write_data_package(folder, tables)
    _show(known, rows, steps, parts_note(seen, parts), as_json)
    say(f"{folder / tables[0].path}, {folder / tables[1].path}")
    return DONE


def _departures(folder: Path, story: Scenario, free: Mapping[str, Scenario]) -> list[dict[str, Any]]:
    from model.analysis.departures import departure_rows, first_days, steps_of
    from model.ensemble.store import BatchStore

    steps = steps_of(story.to_dict(), free["arrest"].to_dict())
    with BatchStore.open(folder / "posterior") as store:
        return [row for name in FREE for row in departure_rows(name, steps, first_days(store, name))]


def _words(request: Request, counts: Mapping[str, int], file: Path | None, folder: Path) -> list[str]:
    words = ["claims", "--replicates", str(counts["posterior"])]
    words += ["--prior-replicates", str(counts["prior"])]
    words += ["--structure-replicates", str(counts[STRUCTURES])]
    for option in ("seed", "days", "households"):
        words += [f"--{option}", str(getattr(request, option))]
    return [*words, *(["--file", str(file)] if file else []), "--out", str(folder)]


def _show(
    claims_read: Sequence[Claim],
    rows: Sequence[Mapping[str, Any]],
    steps: Sequence[Mapping[str, Any]],
    notes: Sequence[str],
    as_json: bool,
) -> None:
    from model.analysis.claims_view import LEGEND, claim_lines, departure_lines, told_lines
    from model.analysis.overview import wrapped
    from model.ensemble.manifest import CAUTION

    for note in notes:
        say(f"note: {note}")
    if as_json:
        print(
            json.dumps(
                {"caution": CAUTION, "notes": notes, "rows": rows, "steps": steps}, indent=1, allow_nan=False
            )
        )
        return
    print("\n".join([*claim_lines(rows), "", wrapped(LEGEND), "", *told_lines(rows), ""]))
    print("Where free actors leave the story as told:")
    print("\n".join([*departure_lines(steps), "", wrapped(CAUTION)]))
