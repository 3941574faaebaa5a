"""`run.py decide`: the government's options weighed by its stakes, as decision.csv and as tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.commands.batch import Request
from model.commands.study import Part, make_study, observe_part, parts_note
from model.commands.terminal import DONE, Refused, at_least, say

if TYPE_CHECKING:
    from model.analysis.decision import Stakes
    from model.analysis.observations import Observed

POSTERIOR, PRIOR, STRUCTURES = "posterior", "prior", "structures"


def decide(
    replicates: Annotated[int, typer.Option(help="Worlds for each option.")] = 60,
    prior_replicates: Annotated[int, typer.Option(help="Worlds with numbers drawn from the prior.")] = 30,
    structure_replicates: Annotated[
        int, typer.Option(help="Worlds under each other rule of the model; 0 for none.")
    ] = 6,
    weights: Annotated[str, typer.Option(help="Profile of the tables: even, own, law_first, ...")] = "even",
    seed: Annotated[int, typer.Option(help="Seed of all luck.")] = Request.seed,
    days: Annotated[int, typer.Option(help="Days of a run.")] = 730,
    households: Annotated[int, typer.Option(help="Sampled households in a run.")] = 1000,
    workers: Annotated[int | None, typer.Option(help="Processes; one for each processor if none.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder; the same one goes on or shows again.")] = None,
    as_is: Annotated[bool, typer.Option("--as-is", help="Make no run; read those that are there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows of the CSV as JSON.")] = False,
) -> None:
    """Weigh what the government could do: refuse, host, or arrest and release, hold or surrender."""
    request = Request(replicates=replicates, seed=seed, days=days, households=households)
    counts = {POSTERIOR: replicates, PRIOR: prior_replicates, STRUCTURES: structure_replicates}
    try:
        for name, count in counts.items():
            at_least(f"--{name}-replicates", count, 1 if name == POSTERIOR else 0)
        raise typer.Exit(make_decision(request, counts, weights, out, workers, as_is, as_json))
    except Refused as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(refusal.code) from None


def make_decision(
    request: Request,
    counts: Mapping[str, int],
    weights: str = "even",
    out: Path | None = None,
    workers: int | None = None,
    as_is: bool = False,
    as_json: bool = False,
) -> int:
    """Make the runs, write decision.csv and decision_map.csv, print them; the exit code. Raises Refused."""
    from model.analysis.decision import OPTIONS, decision_rows, map_rows, write_decision
    from model.analysis.stakes import profiles
    from model.analysis.structures import OWN, all_under, structures
    from model.ensemble.manifest import write_data_package
    from model.scenario import load_many
    from model.toml_source import nearest

    request.check()
    scenarios = load_many(OPTIONS.values())
    register = scenarios[0].numbers
    ways = profiles(register)
    if weights not in ways:
        hint = nearest(weights, ways)
        near = f" (nearest valid name: {hint})" if hint else ""
        raise Refused(f"--weights is one of {', '.join(ways)}, not {weights!r}{near}")
    parts = [Part(POSTERIOR, replace(request, replicates=counts[POSTERIOR]), *all_under(scenarios, [OWN]))]
    if counts[PRIOR]:
        asked = replace(request, replicates=counts[PRIOR], parameters=PRIOR)
        parts.append(Part(PRIOR, asked, *all_under(scenarios, [OWN])))
    if counts[STRUCTURES]:
        asked = replace(request, replicates=counts[STRUCTURES])
        parts.append(Part(STRUCTURES, asked, *all_under(scenarios, structures())))
    folder = out or Path("results") / f"decide-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    if not as_is:
        code = make_study(folder, parts, _words(request, counts, weights, folder), workers)
        if code != DONE:
            return code
    seen = {part.name: observe_part(folder, part) for part in parts}
    rows: list[dict[str, Any]] = []
    cells: list[dict[str, Any]] = []
    for part in (POSTERIOR, PRIOR):
        stakes = _stakes(folder / part, seen.get(part, {}), OWN)
        if stakes:
            drawn = next(iter(seen[part].values())).numbers if part == PRIOR else None
            rows += decision_rows(stakes, ways, part, OWN, drawn, register)
            cells += map_rows(stakes, part)
    for structure in structures() if seen.get(STRUCTURES) else ():
        stakes = _stakes(folder / STRUCTURES, seen[STRUCTURES], structure)
        if stakes:
            rows += decision_rows(stakes, ways, POSTERIOR, structure)
    if not rows:
        raise Refused(f"{folder} holds no world in which every option was run")
    tables = write_decision(rows, cells, folder)
    write_data_package(folder, tables)
    _show(rows, cells, weights, parts_note(seen, parts), as_json)
    say(", ".join(str(folder / table.path) for table in tables))
    return DONE


def _stakes(path: Path, observed: Mapping[str, Observed], structure: str) -> Stakes:
    """Stakes by option under a structure; nothing where an option was not run under it."""
    from model.analysis.decision import OPTIONS
    from model.analysis.stakes import read_stakes
    from model.analysis.structures import name_under
    from model.ensemble.store import BatchStore

    names = {option: name_under(scenario, structure) for option, scenario in OPTIONS.items()}
    if any(name not in observed for name in names.values()):
        return {}
    with BatchStore.open(path) as store:
        return {option: read_stakes(store, name) for option, name in names.items()}


def _words(request: Request, counts: Mapping[str, int], weights: str, folder: Path) -> list[str]:
    words = ["decide", "--replicates", str(counts[POSTERIOR])]
    words += ["--prior-replicates", str(counts[PRIOR])]
    words += ["--structure-replicates", str(counts[STRUCTURES]), "--weights", weights]
    for option in ("seed", "days", "households"):
        words += [f"--{option}", str(getattr(request, option))]
    return [*words, "--out", str(folder)]


def _show(
    rows: Sequence[Mapping[str, Any]],
    cells: Sequence[Mapping[str, Any]],
    weights: str,
    notes: Sequence[str],
    as_json: bool,
) -> None:
    from model.analysis.decision_view import (
        LEGEND,
        MAP_LEGEND,
        flip_lines,
        map_lines,
        stake_lines,
        structure_lines,
        value_lines,
    )
    from model.analysis.overview import wrapped
    from model.ensemble.manifest import CAUTION

    for note in notes:
        say(f"note: {note}")
    if as_json:
        print(
            json.dumps(
                {"caution": CAUTION, "notes": notes, "rows": rows, "map": cells}, indent=1, allow_nan=False
            )
        )
        return
    ways = list(dict.fromkeys(row["parameters"] for row in rows))
    first = ways[0]
    worlds = next(row["worlds"] for row in rows)
    print("\n".join([f"Stakes, {worlds} worlds ({first}):", *stake_lines(rows, first), ""]))
    for way in ways:
        print("\n".join([f"Weighed: {weights} ({way})", *value_lines(rows, weights, way), ""]))
    print(
        "\n".join(
            [
                wrapped(LEGEND),
                "",
                "Under other rules of the model:",
                *structure_lines(rows, weights, first),
                "",
            ]
        )
    )
    for way in ways:
        for menu, said in (("all", "all options"), ("on_arrival", "he is here: refusing is too late")):
            print("\n".join([f"Map of weights ({way}; {said}):", *map_lines(cells, way, menu), ""]))
    print(
        "\n".join(
            [wrapped(MAP_LEGEND), "", "What would have to be true for an arrest to be better than hosting:"]
        )
    )
    print("\n".join([*flip_lines(rows), "", wrapped(CAUTION)]))
