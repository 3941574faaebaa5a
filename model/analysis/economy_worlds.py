"""The worlds of the economic hindcast: a year in which the rouble and Russian output move, and its still twin.

The world of the case without any politics: households and economy alone, run by the code of every other
run. Day 0 is the case's own, 8 October; on New Year's Eve the rouble and Russian output step to their means
of the year (`rouble_shock`, `russian_output_shock`), as the one outside cause. In the still twin nothing
changes. The two meet the same luck, so their ratio, replicate by replicate, is the response to the cause.

Two readings of the situation: Russia's share of remittances as it was known in that year (`THEN`, the
forecast proper), and as the case of 2025 gives it (`NOW`). All else is the situation of 2025.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from model.analysis.economy_series import known_share, outside
from model.result import RunResult
from model.scenario import Inject, Scenario, load_scenario

CASE = "no_arrest"
SHARE = "households.russian_share"
#: outside noise that the known rouble and Russian output take the place of
NOISE = ("economy.rouble_volatility", "economy.russian_output_volatility")
THEN, NOW = "share of its year", "share of 2025"
DAYS_PER_YEAR = 365


@dataclass(frozen=True)
class ModelYear:
    """A calendar year of one run by quarter: USD of all remittances and of those from Russia; mean TJS per USD."""

    everything: tuple[float, ...]
    russian: tuple[float, ...]
    tjs_per_usd: float


def quiet(case: str = CASE) -> Scenario:
    """The case with its households and nobody else, and no noise in what is known from outside."""
    base = load_scenario(case)
    calm = {key: replace(base.numbers[key], value=0.0, low=0.0, high=0.0) for key in NOISE}
    actors = tuple(actor for actor in base.actors if actor.role == "households")
    return replace(base, actors=actors, places=(), script=(), injects=(), numbers=base.numbers | calm)


def new_year(start: date) -> int:
    """Day of the run on which the first calendar year after `start` begins."""
    return (date(start.year + 1, 1, 1) - start).days


def horizon(scenario: Scenario) -> int:
    """Days of a run: to the end of the first calendar year."""
    return new_year(scenario.start) + DAYS_PER_YEAR


def with_share(scenario: Scenario, low: float, high: float) -> Scenario:
    """The scenario with another range of Russia's share of remittances."""
    number = replace(scenario.numbers[SHARE], value=(low + high) / 2.0, low=low, high=high)
    return replace(scenario, numbers=scenario.numbers | {SHARE: number})


def pushed(scenario: Scenario, name: str, rouble: float, output: float) -> Scenario:
    """The scenario with a step of the rouble and of Russian output (log changes) as the year begins."""
    eve = float(new_year(scenario.start) - 1)  # what happens on a day reaches the households on the next
    steps = (Inject(eve, "rouble_shock", rouble, 1.0), Inject(eve, "russian_output_shock", output, 1.0))
    return replace(scenario, name=name, injects=steps)


def cause(year: int) -> tuple[float, float]:
    """Log changes of RUB per USD and of Russian output from the year before to this one."""
    now, before = outside()[year], outside()[year - 1]
    return math.log(now.rub_per_usd / before.rub_per_usd), math.log(1.0 + now.growth_pct / 100.0)


def name_of(situation: str, year: int) -> str:
    """Name of the scenario of a year."""
    return f"{'then' if situation == THEN else 'now'}_{year}"


def still_of(situation: str, year: int, highest: float) -> str:
    """Name of the scenario in which nothing changes, in the situation of a year."""
    return f"still_{known_share(year, highest)[0]:.2f}" if situation == THEN else "still_now"


def worlds(base: Scenario, years: Iterable[int]) -> dict[str, Scenario]:
    """Every world that the years need, by name: each year in both situations, and its still year."""
    found = {"still_now": replace(base, name="still_now")}
    highest = base.numbers[SHARE].high
    for year in years:
        then = with_share(base, *known_share(year, highest))
        still = still_of(THEN, year, highest)
        found.setdefault(still, replace(then, name=still))
        for situation, world in ((THEN, then), (NOW, base)):
            name = name_of(situation, year)
            found[name] = pushed(world, name, *cause(year))
    return found


def lived(result: RunResult, start: date) -> ModelYear:
    """The calendar year that a run has lived through."""
    first = date(start.year + 1, 1, 1)
    edges = [(date(first.year, month, 1) - start).days for month in (1, 4, 7, 10)]
    edges.append(edges[0] + DAYS_PER_YEAR)
    money, rate = result.series["remittances_usd"].tolist(), result.series["tjs_per_usd"].tolist()
    numbers = result.numbers
    # What comes from elsewhere comes evenly.
    elsewhere = numbers["households.remittances_total_usd"] * (1.0 - numbers[SHARE]) / DAYS_PER_YEAR
    everything = tuple(math.fsum(money[a:b]) for a, b in zip(edges, edges[1:], strict=False))
    days = [b - a for a, b in zip(edges, edges[1:], strict=False)]
    russian = tuple(usd - elsewhere * n for usd, n in zip(everything, days, strict=True))
    return ModelYear(everything, russian, math.fsum(rate[edges[0] : edges[-1]]) / DAYS_PER_YEAR)
