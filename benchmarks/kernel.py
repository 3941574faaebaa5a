"""(a) The households' day: compiled, in numpy, as plain Mesa, and the memory bound, in turns on one core.

Rows stand for households, a day is an agent-step of each; the drawing of luck is part of a day, the conditions
under which it is lived are given. Time is that of the processor, so that what else the machine does meanwhile is
not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import thread_time

from benchmarks.country import conditions, model_day, nominal, one_core
from benchmarks.effort import Effort
from benchmarks.measurement import Measurement, interleaved, measured, ratios, seconds, skipped
from benchmarks.memory_bound import BYTES, stream
from benchmarks.plain_mesa import MesaCountry
from model.randomness import Luck
from model.world.household_day import Conditions

SIZES = {
    Effort.TINY: (200,),
    Effort.QUICK: (1_000, 10_000),
    Effort.USUAL: (1_000, 10_000, 100_000, 1_000_000),
}
ROUNDS = {Effort.TINY: 2, Effort.QUICK: 5, Effort.USUAL: 15}
#: seconds that a turn is to last, so that neither the clock matters nor, with many rows, what the turn before left in
#: the caches (after another kind's, the first five days of a million rows take up to twice as long as the rest); days
#: in it at most, which few rows reach before
TURN, MOST_DAYS = 0.25, 60
#: days of each kind before the first turn
WARM_UP = 2
#: rows above which plain Mesa takes too long, and too much memory
MESA_ROWS = 100_000
KERNEL, NUMPY, MESA, BOUND = "kernel", "numpy twin", "plain Mesa", "memory bound"


def measure(effort: Effort) -> list[Measurement]:
    """ns per agent-step of each kind and size, and the two ratios of the issue."""
    effort = min(effort, Effort.USUAL)
    with one_core():
        return [line for rows in SIZES[effort] for line in _at(rows, ROUNDS[effort])]


def _at(rows: int, rounds: int) -> list[Measurement]:
    passes = _passes(rows, WARM_UP + rounds * MOST_DAYS)
    turns = {name: _turn(one_pass) for name, one_pass in passes.items()}
    times = interleaved({name: work for name, (work, _) in turns.items()}, rounds, thread_time)
    steps = {name: rows * turns[name][1] for name in turns}
    ns = {name: [1e9 * t / steps[name] for t in own] for name, own in times.items()}
    size = f"{rows:,} rows"
    notes = {BOUND: f"{BYTES} bytes a row"}
    lines = [
        measured("kernel", f"{name}, {size}", "ns per agent-step", values, notes.get(name, ""))
        for name, values in ns.items()
    ]
    for slow, fast in ((MESA, KERNEL), (NUMPY, KERNEL), (KERNEL, BOUND)):
        if slow in ns:
            lines.append(measured("kernel", f"{slow} / {fast}, {size}", "times", ratios(ns[slow], ns[fast])))
        else:
            lines.append(skipped("kernel", f"{slow}, {size}", f"more than {MESA_ROWS:,} objects"))
    return lines


def _passes(rows: int, days: int) -> dict[str, Callable[[], object]]:
    """A day of each kind, to be called again and again, `days` times at most."""
    numbers, season = nominal()
    luck = Luck(1, 0)
    crisis = [conditions(day) for day in range(days)]
    passes: dict[str, Callable[[], object]] = {}
    for name, compiled in ((KERNEL, True), (NUMPY, False)):
        passes[name] = _days(model_day(numbers, luck, rows, season.mean_stock, compiled), crisis)
    if rows <= MESA_ROWS:
        passes[MESA] = _days(MesaCountry(numbers, luck, rows, season.mean_stock).day, crisis)
    passes[BOUND] = stream(rows)
    return passes


def _days(day: Callable[..., object], crisis: Sequence[Conditions]) -> Callable[[], object]:
    """The next day of the crisis at each call."""
    coming = enumerate(crisis)

    def next_day() -> object:
        number, now = next(coming)
        return day(now, number)

    return next_day


def _turn(one_pass: Callable[[], object]) -> tuple[Callable[[], object], int]:
    """As many passes in a row as a turn takes (MOST_DAYS at most), and their number; warmed up (WARM_UP)."""
    one_pass()
    passes = max(1, min(MOST_DAYS, round(TURN / seconds(one_pass, thread_time))))

    def turn() -> None:
        for _ in range(passes):
            one_pass()

    return turn, passes
