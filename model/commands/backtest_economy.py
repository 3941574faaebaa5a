"""`run.py backtest --economy`: households and economy against the series of 2006 to 2024."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from model.commands.progress import metered
from model.commands.terminal import DONE, SOME_FAILED, Refused, fresh_folder, say

if TYPE_CHECKING:
    from model.analysis.economy_worlds import ModelYear
    from model.scenario import Scenario

#: household rows of a run; fewer make paydays so uneven that couriers fill up on some days
ROWS = 2000


def make_economy(replicates: int, seed: int, out: Path | None, workers: int | None, parameters: str) -> int:
    """Live through the years, score, write economy.csv and print the tables; the exit code. Raises Refused."""
    from model.analysis.economy_files import ECONOMY, printed, write_economy
    from model.analysis.economy_hindcast import all_lines
    from model.analysis.economy_series import changes
    from model.analysis.economy_worlds import SHARE, quiet, worlds
    from model.ensemble.manifest import add_to_data_package

    folder = fresh_folder(out, "economy", "economy.csv")
    base = quiet()
    scenarios = worlds(base, sorted({change.year for change in changes()}))
    years, failures = live(scenarios, replicates, seed, workers, parameters)
    for failure in failures[:5]:
        say(failure)
    lines = all_lines(years, base.numbers[SHARE].high)
    path = write_economy(lines, folder)
    add_to_data_package(folder, [ECONOMY], "economy")
    print(printed(lines, seed))
    print(f"in {path}")
    return SOME_FAILED if failures else DONE


def live(
    scenarios: Mapping[str, Scenario], replicates: int, seed: int, workers: int | None, parameters: str
) -> tuple[dict[str, dict[int, ModelYear]], list[str]]:
    """The calendar year of every run by scenario and replicate, and what failed. Raises Refused."""
    from model.analysis.economy_worlds import horizon, lived
    from model.ensemble.payload import unpack
    from model.ensemble.plan import plan_batch

    start = next(iter(scenarios.values()))
    settings = {"seed": seed, "days": horizon(start), "households": ROWS, "parameters": parameters,
                "ticks_per_day": 1}  # fmt: skip
    plan = plan_batch(list(scenarios.values()), replicates, settings)
    found: dict[str, dict[int, ModelYear]] = {name: {} for name in scenarios}
    failures = []
    say(f"{plan.size} years: {len(scenarios)} worlds x {replicates}")
    for run in metered(plan, scenarios, plan.runs(), workers):
        if run.scalars is not None and run.payload is not None:
            year = lived(unpack(run.scalars, run.payload), start.start)
            found[run.key.scenario][run.key.replicate] = year
        else:
            failures.append(f"{run.key.scenario} {run.key.replicate}: {run.error}: {run.message}")
    silent = [name for name, own in found.items() if not own]
    if silent:
        raise Refused(f"no run of {', '.join(silent)} succeeded: {sorted(failures)[0]}")
    return found, sorted(failures)
