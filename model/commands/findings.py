"""`run.py findings`: the runs, tables and page behind docs/findings.md, in one command."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from model.commands.request import Request
from model.commands.study import POSTERIOR, PRIOR, STRUCTURES, AsIs, Out, Seed, Study, Workers
from model.commands.terminal import DONE, Refused, say, timed_folder

if TYPE_CHECKING:
    from model.analysis.findings_rows import Results

CLAIM_WORLDS = {POSTERIOR: 100, PRIOR: 60, STRUCTURES: 8}
DECISION_WORLDS = {POSTERIOR: 60, PRIOR: 30, STRUCTURES: 6}
REQUEST, DECISION_DAYS = Request(), 730
_LEADING = ("no_arrest", "arrest", "arrest_hold", "arrest_army_resists", "arrest_surrender")


def findings(
    seed: Seed = Request.seed,
    out: Out = None,
    workers: Workers = None,
    as_is: AsIs = False,
) -> None:
    """Answer the three questions of the project: claims, comparison and decision, as one page."""
    try:
        request = replace(REQUEST, seed=seed)
        raise typer.Exit(make_findings(out or timed_folder("findings"), workers, as_is, request))
    except Refused as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(refusal.code) from None


def make_findings(
    folder: Path,
    workers: int | None = None,
    as_is: bool = False,
    request: Request = REQUEST,
    decision_days: int = DECISION_DAYS,
    claim_worlds: Mapping[str, int] = CLAIM_WORLDS,
    decision_worlds: Mapping[str, int] = DECISION_WORLDS,
) -> int:
    """Make the studies below the folder and write findings.md there; the exit code. Raises Refused."""
    from model.analysis.findings_page import page
    from model.commands.claims import make_claims
    from model.commands.decide import make_decision
    from model.ensemble.csv_files import write_text

    later = replace(request, days=decision_days)
    with redirect_stdout(StringIO()):  # the page says it; their tables are theirs
        code = make_claims(Study("claims", request, claim_worlds, folder / "claims", workers, as_is))
        if code == DONE:
            code = make_decision(Study("decide", later, decision_worlds, folder / "decide", workers, as_is))
    if code != DONE:
        return code
    write_text(folder / "findings.md", page(results_of(folder, request, later)))
    say(f"{folder / 'findings.md'}")
    return DONE


def results_of(folder: Path, request: Request, later: Request) -> Results:
    """The rows that the page is made of, from the studies below the folder; later: what was asked for the decision."""
    from model.analysis.comparison import compare_all
    from model.analysis.competing import times_rows
    from model.analysis.findings_rows import Results
    from model.analysis.precision import precision_rows
    from model.commands.gathering import gather
    from model.scenario import load_scenario

    observed = gather([folder / "claims" / POSTERIOR]).observed
    main = {name: observed[name] for name in _LEADING}
    arrests = {name: found for name, found in main.items() if name != "no_arrest"}
    claims, decision = (
        read_rows(folder / "claims" / "claims.csv"),
        read_rows(folder / "decide" / "decision.csv"),
    )
    return Results(
        claims=claims,
        steps=read_rows(folder / "claims" / "departures.csv"),
        times=_whole(times_rows(arrests, "arrest")),
        compared=_whole(compare_all(arrests, "arrest")),
        saved=_whole(compare_all(main, "no_arrest")),
        widths=precision_rows({"arrest": main["arrest"]}),
        decision=decision,
        cells=read_rows(folder / "decide" / "decision_map.csv"),
        about=[*_about(request, later, claims, decision), *_unfinished(folder)],
        grades={key: number.grade for key, number in load_scenario("arrest").numbers.items()},
    )


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a table of this program with numbers, truths and None for an empty cell."""
    with path.open(newline="", encoding="utf-8") as lines:
        return [{name: _cell(text) for name, text in row.items()} for row in csv.DictReader(lines)]


def _cell(text: str) -> Any:
    if text in ("", "true", "false"):
        return {"": None, "true": True, "false": False}[text]
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        return text


def _whole(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in which every key of any row stands, None where a row lacks it."""
    names = dict.fromkeys(name for row in rows for name in row)
    return [{name: row.get(name) for name in names} for row in rows]


def _unfinished(folder: Path) -> list[str]:
    """Which parts of the studies are not whole, and how far they are."""
    from model.ensemble.store import BatchStore

    said = []
    for path in sorted(folder.glob("*/*/batch.sqlite")):
        with BatchStore.open(path.parent) as store:
            made, planned = sum(store.counts().values()), store.plan.size
        if made < planned:
            part = f"{path.parent.parent.name}/{path.parent.name}"
            said.append(
                f"Not whole: {made:,} of {planned:,} runs of {part}; the same command makes the rest."
            )
    return said


def _about(request: Request, later: Request, claims: Any, decision: Any) -> list[str]:
    def worlds(rows: Any, parameters: str, own: bool) -> str:
        found = [
            r["worlds"] for r in rows if r["parameters"] == parameters and (r["structure"] == "own") == own
        ]
        return (
            "none"
            if not found
            else f"{min(found)}"
            if min(found) == max(found)
            else f"{min(found)} to {max(found)}"
        )

    return [
        f"Claims and differences: {request.days} days, {request.households:,} rows of households, seed {request.seed}. "
        f"Worlds for each claim: {worlds(claims, 'posterior', True)} with numbers of the posterior, "
        f"{worlds(claims, 'prior', True)} of the prior, {worlds(claims, 'posterior', False)} under each other rule "
        "(fewer where a claim presupposes something).",
        f"Decision: {later.days} days. Worlds in which every option was run: {worlds(decision, 'posterior', True)} "
        f"with numbers of the posterior, {worlds(decision, 'prior', True)} of the prior, "
        f"{worlds(decision, 'posterior', False)} under each other rule.",
    ]
