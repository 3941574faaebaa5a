"""`run.py run`: one run of one scenario, told as a timeline."""

from __future__ import annotations

import json
from collections.abc import Iterator
from os.path import isdir
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.commands.batch import Request
from model.commands.loading import load, refuse_late_events
from model.commands.terminal import Refused, between, say

if TYPE_CHECKING:
    from model.result import RunResult

MAIN_OUTCOMES = (
    "end_state", "outcome", "violence", "force_used", "government_fell", "highest_rung", "days_to_force",
    "days_to_airport_closed", "days_to_army_collapse", "days_to_remittance_collapse", "remittance_floor",
    "poverty_peak", "killed_total", "survival_of_government", "welfare_of_people", "compliance_with_law",
)  # fmt: skip


def run(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Shipped name or TOML file.")],
    replicate: Annotated[int, typer.Option(help="Number of the luck.")] = 0,
    seed: Annotated[int, typer.Option(help="Seed of all luck.")] = Request.seed,
    days: Annotated[int, typer.Option(help="Days of the run.")] = Request.days,
    households: Annotated[int, typer.Option(help="Sampled households.")] = Request.households,
    parameters: Annotated[str, typer.Option(help="posterior, prior or nominal.")] = Request.parameters,
    as_json: Annotated[bool, typer.Option("--json", help="Print the run as JSON.")] = False,
) -> None:
    """Run one scenario once and tell what happened, act by act."""
    try:
        if isdir(scenario):
            raise Refused(f"{scenario} is a folder; name one scenario")
        request = Request(seed=seed, days=days, households=households, parameters=parameters)
        request.check()
        between("--replicate", replicate, 0, 2**32 - 1)
        (loaded,), _ = load([scenario])
        refuse_late_events([loaded], days)
    except Refused as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(refusal.code) from None
    from model.ensemble.admission import admit
    from model.settings import Settings
    from model.simulation import simulate

    result = admit(simulate(loaded, replicate, Settings(**request.settings)), days)
    print(as_text(loaded, result) if not as_json else as_data(loaded, replicate, request.settings, result))


def as_text(scenario: Any, result: RunResult) -> str:
    """The run as a timeline: day, hour, who did what; then how it ended."""
    from model.analysis.overview import wrapped
    from model.ensemble.manifest import CAUTION

    lines = [f"{scenario.title} ({scenario.name}, from {scenario.start:%d %B %Y})", scenario.question, ""]
    lines += _timeline(scenario, result)
    lines += ["", *_ending(result), "", wrapped(CAUTION)]
    return "\n".join(lines)


#: milestones that are nobody's act: what came about between what was done
CAME_ABOUT = tuple(
    f"days_to_{name}"
    for name in (
        "end", "force", "airport_closed", "airport_reopened", "armour_in_capital", "ministries_seized",
        "airspace_lost", "army_collapse", "remittance_dip", "remittance_collapse", "paralysis", "unrest",
    )
)  # fmt: skip


def _timeline(scenario: Any, result: RunResult) -> Iterator[str]:
    from model.actions import actions

    labels = {actor.name: actor.label for actor in scenario.actors}
    known = actions()
    events = result.events
    lines: list[tuple[int, int, str]] = []
    for number in range(len(events["day"])):
        actor, action = str(events["actor"][number]), str(events["action"][number])
        done = known[action].label if action in known else action.replace("_", " ")
        extra = " (unordered)" if events["inadvertent"][number] else ""
        text = f"{labels.get(actor, actor)}: {done}{extra}"
        lines.append((int(events["day"][number]), int(events["hour"][number]), text))
    lines += _milestones(result)
    last: tuple[int, int] | None = None
    for day, hour, text in sorted(lines, key=lambda line: line[:2]):
        when = f"day {day:>3} {hour:02d}:00" if (day, hour) != last else ""
        last = day, hour
        yield f"{when:<14}{text}"
    if last is None:
        yield "Nothing was done by anybody."


def _milestones(result: RunResult) -> Iterator[tuple[int, int, str]]:
    """What came about, between what was done: day, hour and name of each milestone that was reached."""
    for name, value in result.scalars.items():
        if name in CAME_ABOUT and isinstance(value, float | int):
            day = int(value)
            said = name.removeprefix("days_to_").replace("_", " ")
            if name == "days_to_end":
                said = f"the detainee is {result.scalars['end_state']}".replace("is died", "has died")
            yield day, int((value - day) * 24.0 + 1e-6), f"  = {said}"


def _ending(result: RunResult) -> Iterator[str]:
    from model.outcomes import outcomes

    known = outcomes("runs")
    for name in MAIN_OUTCOMES:
        value = result.scalars.get(name)
        outcome = known[name]
        if value is None:
            text = "never" if outcome.reduction == "days" else "does not apply"
        elif outcome.reduction == "days":
            text = f"day {value:.4g}"
        elif isinstance(value, bool):
            text = "yes" if value else "no"
        elif isinstance(value, float):
            text = f"{value:.4g}" if abs(value) < 10_000 else f"{value:,.0f}"
        else:
            text = str(value)
        named = (
            outcome.type in ("number", "integer") and outcome.reduction != "days" and outcome.unit != "0-1"
        )
        unit = f" {outcome.unit}" if value is not None and named else ""
        yield f"{name:<28}{text}{unit}"


def as_data(scenario: Any, replicate: int, settings: dict[str, Any], result: RunResult) -> str:
    """The run as JSON: its key, settings, outcomes, sampled numbers and acts."""
    from model.ensemble.manifest import CAUTION

    columns = {name: column.tolist() for name, column in result.events.items()}
    acts = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    body = {
        "caution": CAUTION,
        "scenario": scenario.name,
        "replicate": replicate,
        "settings": settings,
        "outcomes": dict(result.scalars),
        "numbers": dict(result.numbers),
        "events": acts,
    }
    return json.dumps(body, indent=1, ensure_ascii=False, allow_nan=False)
