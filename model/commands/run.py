"""`run.py run`: one run of one scenario, told as a timeline."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from os.path import isdir
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model.commands.loading import load, refuse_late_events, switches_of
from model.commands.request import HOUSEHOLDS, ROWS, Request, rows_of
from model.commands.sparklines import sparklines
from model.commands.terminal import Refused, between, say

if TYPE_CHECKING:
    from model.result import RunResult
    from model.scenario import Scenario
    from model.script import Undone

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
    households: Annotated[str, typer.Option(metavar=ROWS, help=HOUSEHOLDS)] = str(Request.households),
    parameters: Annotated[str, typer.Option(help="posterior, prior or nominal.")] = Request.parameters,
    fixed: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Fix a number by its dotted key.")
    ] = None,
    switch: Annotated[
        list[str] | None, typer.Option(help="Another rule, name=value; may be given several times.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the run as JSON.")] = False,
) -> None:
    """Run one scenario once and tell what happened, act by act."""
    try:
        if isdir(scenario):
            raise Refused(f"{scenario} is a folder; name one scenario")
        request = Request(seed=seed, days=days, households=rows_of(households), parameters=parameters)
        request.check()
        between("--replicate", replicate, 0, 2**32 - 1)
        (loaded,), _ = load([scenario])
        loaded = replace(loaded, switches={**loaded.switches, **switches_of(switch or [])})
        refuse_late_events([loaded], days)
        overrides = overrides_of(fixed or [], loaded)
    except Refused as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(refusal.code) from None
    from model.ensemble.admission import admit
    from model.script import undone
    from model.settings import Settings
    from model.simulation import EscalationModel

    model = EscalationModel(loaded, seed, replicate, Settings(**request.settings), overrides).run()
    result, passed_over = admit(model.result(), days), undone(model)
    if as_json:
        print(as_data(loaded, replicate, request.settings, result, passed_over))
    else:
        print(as_text(loaded, result, passed_over))


def overrides_of(fixed: Sequence[str], scenario: Scenario) -> dict[str, float]:
    """Numbers by dotted key from words of the form KEY=VALUE. Raises Refused for a wrong one."""
    from math import isfinite

    from model.scenario_meaning import nearest_key

    found = {}
    for word in fixed:
        key, _, text = word.partition("=")
        if key not in scenario.numbers:
            hint = nearest_key(key, scenario.numbers)
            near = f" (nearest valid name: {hint})" if hint else ""
            raise Refused(f"--set: {key!r} is no number of {scenario.name}{near}")
        try:
            found[key] = float(text)
        except ValueError:
            raise Refused(f"--set: expected {key}=NUMBER, found {word!r}") from None
        if not isfinite(found[key]):
            raise Refused(f"--set: expected a finite number for {key}, found {text}")
    return found


def as_text(scenario: Any, result: RunResult, passed_over: Sequence[Undone] = ()) -> str:
    """The run as a timeline: day, hour, rung of the ladder, who did what; the main series; how it ended.

    passed_over: what was laid down and not done, which is told last.
    """
    from model.analysis.overview import wrapped
    from model.ensemble.manifest import CAUTION

    lines = [f"{scenario.title} ({scenario.name}, from {scenario.start:%d %B %Y})", scenario.question, ""]
    lines += _timeline(scenario, result)
    days = len(next(iter(result.series.values()), ()))
    lines += ["", f"From day 0 to day {days}, lowest and highest on either side:", *sparklines(result.series)]
    lines += ["", *_ending(scenario, result), ""]
    if passed_over:
        lines += ["Laid down and not done:", *_passed_over(scenario, passed_over), ""]
    lines.append(wrapped(CAUTION))
    return "\n".join(lines)


#: milestones that are nobody's act: what came about between what was done
CAME_ABOUT = tuple(
    f"days_to_{name}"
    for name in (
        "end", "force", "airport_closed", "airport_reopened", "armour_in_capital", "ministries_seized",
        "airspace_lost", "army_collapse", "remittance_dip", "remittance_collapse", "paralysis", "unrest",
    )
)  # fmt: skip


#: width of the column that shows the rung of an act: its number and as many strokes
LADDER = 14


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
        rung = known[action].kahn_rung if action in known else 0
        text = f"{_ladder(rung)} {labels.get(actor, actor)}: {done}{extra}"
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
            yield day, int((value - day) * 24.0 + 1e-6), f"{'':<{LADDER}} = {said}"


def _ladder(rung: int) -> str:
    """How high an act stands on Kahn's ladder, as a bar with its number."""
    return f"{rung:>2} {'|' * min(rung, LADDER - 3):<{LADDER - 3}}"


def _passed_over(scenario: Any, passed_over: Sequence[Undone]) -> Iterator[str]:
    from model.actions import actions

    labels, known = {actor.name: actor.label for actor in scenario.actors}, actions()
    for one in passed_over:
        act = one.act
        yield f"  day {act.day:g}  {labels.get(act.actor, act.actor)}: {known[act.action].label}: {one.why}"


def _whose(scenario: Any) -> str:
    """Whose outcome it is: ICB's are those of the coercer."""
    coercer = next((actor.label for actor in scenario.actors if actor.role == "coercer"), "")
    return f" for {coercer}" if coercer else ""


def _ending(scenario: Any, result: RunResult) -> Iterator[str]:
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
            text = str(value) + (_whose(scenario) if name == "outcome" else "")
        named = (
            outcome.type in ("number", "integer") and outcome.reduction != "days" and outcome.unit != "0-1"
        )
        unit = f" {outcome.unit}" if value is not None and named else ""
        yield f"{name:<28}{text}{unit}"


def as_data(
    scenario: Any,
    replicate: int,
    settings: dict[str, Any],
    result: RunResult,
    passed_over: Sequence[Undone] = (),
) -> str:
    """The run as JSON: its key, settings, outcomes, sampled numbers, acts, and what was laid down and not done."""
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
        "laid_down_and_not_done": [{**asdict(one.act), "why": one.why} for one in passed_over],
    }
    return json.dumps(body, indent=1, ensure_ascii=False, allow_nan=False)
