"""The households of the shipped case in the first weeks of a crisis: what is measured by the day."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache

from model.randomness import Luck
from model.scenario import load_scenario
from model.world.household_day import Aggregates, Conditions
from model.world.households import Households
from model.world.season import Season

Day = Callable[[Conditions, int], Aggregates]


def model_day(
    numbers: Mapping[str, float], luck: Luck, rows: int, mean_stock: float, compiled: bool = True
) -> Day:
    """The day of the model's households as a function of its conditions and its number, compiled or in numpy.

    The one place that knows the interface of the kernel; a day includes the drawing of its luck.
    """
    households = Households(numbers, luck, rows, mean_stock)
    households.compiled = compiled and households.compiled
    return households.step


@contextmanager
def one_core() -> Iterator[None]:
    """This process stays on one processor while this lasts (where the system can hold it there)."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@lru_cache(maxsize=1)
def nominal() -> tuple[dict[str, float], Season]:
    """Numbers and calendar of the shipped case."""
    scenario = load_scenario("arrest")
    numbers = scenario.sampled(Luck(1, 0), "nominal")
    return numbers, Season(scenario.start, numbers)


def conditions(day: int) -> Conditions:
    """A crisis in which every rule of the households has work: raids, half the transfers blocked, dear food.

    Each fourth month is a normal one, with all bans lifted.
    """
    numbers, season = nominal()
    remit, leave, come = (
        season.remit_per_migrant(day),
        season.departure_hazard(day),
        season.return_hazard(day),
    )
    capacity = numbers["households.informal_capacity_usd"]
    if day // 30 % 4 == 3:
        return Conditions(remit, leave, come, capacity)
    return Conditions(
        remit, leave, come, capacity,
        rub_per_usd=1.1, tjs_per_usd=1.05, russian_output=0.97, operator_open=0.5, card_open=0.8,
        expected_block=0.6, raids=0.5, entry_ban=0.3, routes_open=0.7, price_index=1.08, food_price_index=1.15,
        fuel_price_index=1.3, work_index=0.95, legitimacy=0.5, police=0.8, rationing=0.2, violence=0.1,
        aid_usd=1e5,
    )  # fmt: skip
