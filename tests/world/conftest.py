"""Nominal numbers of the shipped case, and a small country in which days pass."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest

from model.randomness import Luck
from model.world.household_day import Aggregates, Conditions
from model.world.households import Households
from model.world.season import Season

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def numbers() -> dict[str, float]:
    """Nominal value of every number, by dotted key."""
    values: dict[str, float] = {}
    for path in ("model/parameters.toml", "scenarios/cases/dushanbe_2025.toml"):
        for section, entries in tomllib.loads((ROOT / path).read_text()).items():
            if isinstance(entries, dict):
                values |= {f"{section}.{name}": entry["value"] for name, entry in entries.items()}
    return values


class Country:
    """Households under a calendar: `day(**conditions)` moves one day on."""

    def __init__(self, numbers: Mapping[str, float], rows: int, replicate: int) -> None:
        self.numbers = dict(numbers)
        self.season = Season(date(2025, 10, 8), self.numbers)
        self.luck = Luck(1, replicate)
        self.households = Households(self.numbers, self.luck, rows, self.season.mean_stock)
        self.population = self.households.population
        self.today = 0

    def conditions(self, **changes: float) -> Conditions:
        """Normal times of today, but for the changes."""
        normal = {
            "remit_season": self.season.remit_per_migrant(self.today),
            "departure_season": self.season.departure_hazard(self.today),
            "return_season": self.season.return_hazard(self.today),
            "informal_capacity_usd": self.numbers["households.informal_capacity_usd"],
        }
        return Conditions(**(normal | changes))

    def day(self, **changes: float) -> Aggregates:
        """One day."""
        result = self.households.step(self.conditions(**changes), self.today)
        self.today += 1
        return result

    def run(self, days: int, **changes: float) -> list[Aggregates]:
        """Many days under the same changes."""
        return [self.day(**changes) for _ in range(days)]

    def expected(self, day: int) -> float:
        """Remittances that a normal day brings, USD."""
        return self.households.baseline_remittance(self.season.remit(day))


@pytest.fixture
def country(numbers: dict[str, float]) -> Callable[..., Country]:
    """Make a country; numbers may be overridden by their name in section `households`."""

    def make(rows: int = 2000, replicate: int = 0, **changes: float) -> Country:
        own = {f"households.{key}": value for key, value in changes.items()}
        return Country(numbers | own, rows, replicate)

    return make
