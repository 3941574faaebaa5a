"""(d) Full scale: a row for each of 1.68 million households, 180 days, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from benchmarks.command_line import ROOT, environment
from benchmarks.effort import Effort
from benchmarks.measurement import Measurement, measured, seconds
from benchmarks.process_memory import own_peak
from model.scenario import load_scenario
from model.settings import Settings
from model.simulation import simulate

ROWS, DAYS = 1_680_000, 180
ROUNDS = {Effort.TINY: 1, Effort.QUICK: 1, Effort.USUAL: 3}


def measure(effort: Effort) -> list[Measurement]:
    """Seconds of a warm run, and peak memory of the process that makes it."""
    effort = min(effort, Effort.USUAL)
    days = {Effort.TINY: 2, Effort.QUICK: 10}.get(effort, DAYS)
    rows: Any = 5000 if effort is Effort.TINY else full()
    code = f"from benchmarks.full_scale import child; child({rows!r}, {days})"
    found = []
    for _ in range(ROUNDS[effort]):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=environment(),
            check=True,
            capture_output=True,
            text=True,
        )
        found.append(json.loads(done.stdout))
    telling = effort is Effort.USUAL
    told = f"rows: {rows}, {days} days"
    return [
        measured("full_scale", "time", "s", [one["seconds"] for one in found], told, telling),
        measured("full_scale", "  of which making the rows", "s", [one["made"] for one in found]),
        measured("full_scale", "peak memory", "MB", [one["megabytes"] for one in found], told, telling),
    ]


def full() -> str | int:
    """What the model calls a row for each household: "full" where it knows the word, else their number."""
    try:
        Settings(households="full")  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return ROWS
    return "full"


def child(rows: Any, days: int) -> None:
    """Make the run once everything is compiled and loaded, and print what it took as JSON."""
    from benchmarks.layers import clocked

    scenario = load_scenario("arrest")
    simulate(scenario, 0, Settings(days=2, households=1000))
    spent = 0.0
    with clocked() as clock:
        spent = seconds(lambda: simulate(scenario, 0, Settings(days=days, households=rows)))
    made = clock.spent["creation of rows"]
    print(json.dumps({"seconds": spent, "made": made, "megabytes": own_peak()}))
