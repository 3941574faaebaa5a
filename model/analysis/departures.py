"""departures.csv: step by step, where actors left free leave the story as it is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from model.analysis.statistics import mean, quantile, wilson
from model.analysis.summary import write_rows
from model.ensemble.csv_files import Column
from model.ensemble.store import BatchStore
from model.ensemble.tables import SCENARIO, Table

_W = "share of runs"

DEPARTURES = Table(
    "departures.csv",
    "one step of the story as told, in one scenario whose actors are free",
    (
        SCENARIO,
        Column("actor", "string", "", "who acts in the story"),
        Column("action", "string", "", "what is done there, as in actions.csv"),
        Column("day_told", "number", "days", "day on which the story has it"),
        Column("n", "integer", "runs", "runs of the scenario"),
        Column(
            "done", "number", _W, "share of the runs in which the actor does it at all, of its own accord"
        ),
        Column("done_low", "number", _W, "lower end of its 95 % interval (Wilson)"),
        Column("done_high", "number", _W, "upper end of that interval"),
        Column("done_as_told", "number", _W, "share in which it has been done a day after the story has it"),
        Column(
            "first_day", "number", "days", "median day of the first time, over the runs in which it is done"
        ),
        Column("before", "number", _W, "share of these in which the steps before it in the story came first"),
    ),
)
Steps = Sequence[tuple[float, str, str]]


def steps_of(resolved: Mapping[str, Any], known: Mapping[str, Any]) -> Steps:
    """Day, actor and act of each step that a scenario lays down beyond what another one does, in its order."""
    shared = {(act["actor"], act["action"]) for act in known["script"]}
    return [
        (float(act["day"]), str(act["actor"]), str(act["action"]))
        for act in sorted(resolved["script"], key=lambda act: act["day"])
        if (act["actor"], act["action"]) not in shared
    ]


def first_days(store: BatchStore, scenario: str) -> list[dict[tuple[str, str], float]]:
    """For each ok run of a scenario, the day of the first time that each actor did each act."""
    runs = []
    for _, result in store.results(scenario):
        events = result.events
        first: dict[tuple[str, str], float] = {}
        for day, hour, actor, action in zip(
            events["day"].tolist(),
            events["hour"].tolist(),
            events["actor"].tolist(),
            events["action"].tolist(),
            strict=True,
        ):
            when = day + hour / 24.0
            first[actor, action] = min(when, first.get((actor, action), when))
        runs.append(first)
    return runs


def departure_rows(
    scenario: str, steps: Steps, runs: Iterable[Mapping[tuple[str, str], float]]
) -> list[dict[str, Any]]:
    """Rows of departures.csv for one scenario."""
    found = list(runs)
    rows = []
    for number, (told, actor, action) in enumerate(steps):
        days = [run[actor, action] for run in found if (actor, action) in run]
        low, high = wilson(len(days), len(found))
        earlier = [(who, what) for when, who, what in steps[:number] if when < told]
        in_order = [
            float(all(run.get(step, float("inf")) <= run[actor, action] for step in earlier))
            for run in found
            if (actor, action) in run
        ]
        rows.append(
            {
                "scenario": scenario,
                "actor": actor,
                "action": action,
                "day_told": told,
                "n": len(found),
                "done": len(days) / len(found) if found else None,
                "done_low": low,
                "done_high": high,
                "done_as_told": sum(day <= told + 1 for day in days) / len(found) if found else None,
                "first_day": quantile(days, 0.5),
                "before": mean(in_order) if earlier else None,
            }
        )
    return rows


def write_departures(rows: Sequence[Mapping[str, Any]], folder: Path) -> Table:
    """Write departures.csv."""
    write_rows(folder, DEPARTURES, rows)
    return DEPARTURES
