"""(a) The households' day: compiled, in numpy, as plain Mesa, and the memory bound, in turns on one core.

Rows stand for households, a day is an agent-step of each; the drawing of luck is part of a day. Time is that
of the processor, so that what else the machine does meanwhile is not counted.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from time import thread_time

from benchmarks.country import conditions, model_day, nominal, one_core
from benchmarks.effort import Effort
from benchmarks.measurement import Measurement, interleaved, measured, ratios, seconds, skipped
from benchmarks.memory_bound import BYTES, stream
from benchmarks.plain_mesa import MesaCountry
from model.randomness import Luck

SIZES = {
    Effort.TINY: (200,),
    Effort.QUICK: (1_000, 10_000),
    Effort.USUAL: (1_000, 10_000, 100_000, 1_000_000),
}
ROUNDS = {Effort.TINY: 2, Effort.QUICK: 5, Effort.USUAL: 15}
#: seconds that a turn is to last, so that the clock does not matter; days in it at most
TURN, MOST_DAYS = 0.05, 60
#: rows above which plain Mesa takes too long, and too much memory
MESA_ROWS = 100_000
KERNEL, NUMPY, MESA, BOUND = "kernel", "numpy twin", "plain Mesa", "memory bound"


def measure(effort: Effort) -> list[Measurement]:
    """ns per agent-step of each kind and size, and the two ratios of the issue."""
    effort = min(effort, Effort.USUAL)
    with one_core():
        return [line for rows in SIZES[effort] for line in _at(rows, ROUNDS[effort])]


def _at(rows: int, rounds: int) -> list[Measurement]:
    passes = _passes(rows)
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


def _passes(rows: int) -> dict[str, Callable[[], object]]:
    """A day of each kind, to be called again and again."""
    numbers, season = nominal()
    luck = Luck(1, 0)
    passes: dict[str, Callable[[], object]] = {}
    for name, compiled in ((KERNEL, True), (NUMPY, False)):
        passes[name] = _days(model_day(numbers, luck, rows, season.mean_stock, compiled))
    if rows <= MESA_ROWS:
        passes[MESA] = _days(MesaCountry(numbers, luck, rows, season.mean_stock).day)
    passes[BOUND] = stream(rows)
    return passes


def _days(day: Callable[..., object]) -> Callable[[], object]:
    """The next day at each call."""
    numbers = count()

    def next_day() -> object:
        today = next(numbers)
        return day(conditions(today), today)

    return next_day


def _turn(one_pass: Callable[[], object]) -> tuple[Callable[[], object], int]:
    """As many passes in a row as a turn takes, and their number; warmed up by two."""
    one_pass()
    passes = max(1, min(MOST_DAYS, round(TURN / seconds(one_pass, thread_time))))

    def turn() -> None:
        for _ in range(passes):
            one_pass()

    return turn, passes
