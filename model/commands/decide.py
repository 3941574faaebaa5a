"""`run.py decide`: the government's options weighed by its stakes, as decision.csv and as tables."""

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
    from model.analysis.decision import Stakes
    from model.analysis.observations import Observed


def decide(
    replicates: Annotated[int, typer.Option(help="Worlds for each option.")] = 60,
    prior_replicates: PriorReplicates = 30,
    structure_replicates: StructureReplicates = 6,
    weights: Annotated[str, typer.Option(help="Profile of the tables: even, own, law_first, ...")] = "even",
    seed: Seed = Request.seed,
    days: Days = 730,
    households: Households = 10_000,
    workers: Workers = None,
    out: Out = None,
    as_is: AsIs = False,
    as_json: AsJson = False,
) -> None:
    """Weigh what the government could do: refuse, host, or arrest and release, hold or surrender."""
    worlds = {POSTERIOR: replicates, PRIOR: prior_replicates, STRUCTURES: structure_replicates}
    request = Request(seed=seed, days=days, households=households)
    try:
        study = Study("decide", request, worlds, out or timed_folder("decide"), workers, as_is)
        raise typer.Exit(make_decision(study, weights, as_json))
    except Refused as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(refusal.code) from None


def make_decision(study: Study, weights: str = "even", as_json: bool = False) -> int:
    """Make the runs, write decision.csv and decision_map.csv, print them; the exit code. Raises Refused."""
    from model.analysis.decision import OPTIONS, decision_rows, map_rows, write_decision
    from model.analysis.stakes import profiles
    from model.analysis.structures import OWN, structures
    from model.ensemble.manifest import write_data_package
    from model.scenario import load_many
    from model.toml_source import nearest

    study.check()
    folder = study.folder
    scenarios = load_many(OPTIONS.values())
    register = scenarios[0].numbers
    ways = profiles(register)
    if weights not in ways:
        hint = nearest(weights, ways)
        near = f" (nearest valid name: {hint})" if hint else ""
        raise Refused(f"--weights is one of {', '.join(ways)}, not {weights!r}{near}")
    parts = study.parts(scenarios, scenarios)
    code = study.make(parts, ["--weights", weights])
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
    from model.analysis.structures import few_worlds
    from model.ensemble.manifest import CAUTION

    few = few_worlds(rows)
    for note in notes:
        say(f"note: {note}")
    if as_json:
        print(
            json.dumps(
                {"caution": CAUTION, "notes": [*notes, *few], "rows": rows, "map": cells},
                indent=1,
                allow_nan=False,
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
                *map(wrapped, few),
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
