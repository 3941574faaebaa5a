"""(b) A whole run as a batch makes it: scenario `arrest`, 10,000 rows, 180 days, once warm; and its layers.

Replicates differ in what happens, hence the range. The layers are timed in runs of their own, in turn with
the plain ones, because their clocks cost a little.
"""

from __future__ import annotations

from itertools import count
from time import process_time

from benchmarks.effort import Effort
from benchmarks.layers import LAYERS, OTHER, clocked
from benchmarks.measurement import Measurement, interleaved, measured, seconds
from model.scenario import load_scenario
from model.settings import Settings
from model.simulation import simulate

ROUNDS = {Effort.TINY: 1, Effort.QUICK: 5, Effort.USUAL: 25}
SETTINGS = Settings(parameters="posterior")


def measure(effort: Effort) -> list[Measurement]:
    """ms of a run, and of each layer."""
    scenario = load_scenario("arrest")
    settings = Settings(days=5, households=200) if effort is Effort.TINY else SETTINGS
    plain, in_layers = count(), count()
    busy: list[float] = []
    layers: dict[str, list[float]] = {layer: [] for layer in (*LAYERS, OTHER)}

    def run() -> None:
        busy.append(1e3 * seconds(lambda: simulate(scenario, next(plain), settings), process_time))

    def run_in_layers() -> None:
        with clocked() as clock:
            simulate(scenario, next(in_layers), settings)
        for layer, spent in clock.spent.items():
            layers[layer].append(1e3 * spent)

    simulate(scenario, 0, settings)
    times = interleaved({"plain": run, "in layers": run_in_layers}, ROUNDS[min(effort, Effort.USUAL)])
    whole = [1e3 * wall for wall in times["plain"]]
    telling = effort > Effort.TINY
    told = f"{settings.households:,} rows, {settings.days} days"
    lines = [
        measured("whole_run", "whole run", "ms", whole, told, telling),
        measured("whole_run", "  processor time", "ms", busy, "of the same runs"),
    ]
    total = sum(map(sum, layers.values()))
    for layer, spent in layers.items():
        lines.append(
            measured("whole_run", f"  {layer}", "ms", spent, f"{sum(spent) / total:.0%} of all runs")
        )
    return lines
