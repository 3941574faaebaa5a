"""The plain-Mesa peer lives by the rules of the model: under the same luck, the same country."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import plain_today as plain
from benchmarks.country import conditions, model_day, nominal
from benchmarks.plain_mesa import MesaCountry
from model.randomness import DECISIONS, Luck
from model.world.household_day import Aggregates

ROWS, DAYS = 600, 160
#: the model reckons in float32 and whole cents, the peer in float64
MONEY = 3e-4
CHANGES = {"hardship_gain": 40.0, "protest_threshold": 0.02, "find_rate": 0.05}


def said(country: MesaCountry) -> dict[str, np.ndarray]:
    """The peer's tally under the names of the model's aggregates, by region."""
    tally, weight = np.array(country.tally), country.weight
    counts = {
        "deported": plain.REMOVED, "returned": plain.RETURNED, "departures": plain.DEPARTED, "poverty": plain.POOR,
        "food_cut": plain.CUT_FOOD, "remittances_informal_usd": plain.CARRIED, "consumption_usd": plain.SPENT,
        "normal_consumption_usd": plain.NEEDED, "savings_brought_usd": plain.BROUGHT,
    }  # fmt: skip
    stocks = {"migrants_in_russia": plain.AWAY, "migrants_home": plain.HOME, "entry_banned": plain.BARRED}
    sizes, today = np.array(country.habits.sizes), country.today
    return {
        **{name: tally[measure] * weight for name, measure in counts.items()},
        **{name: np.array(country.stocks[where]) * weight for name, where in stocks.items()},
        "remittances_russian_usd": (tally[plain.RECEIVED] + tally[plain.CARRIED]) * weight,
        "protesters_host": np.array(country.crowds[0]),
        "protesters_coercer": np.array(country.crowds[1]),
        "grievance_host": tally[plain.FELT] / sizes * today.at_host,
        "grievance_coercer": tally[plain.FELT] / sizes * today.at_coercer + tally[plain.ANGERED] / sizes,
    }


def pair(replicate: int) -> list[tuple[Aggregates, dict[str, np.ndarray]]]:
    """Days of the model and of the peer under the same words."""
    numbers, season = nominal()
    numbers = numbers | {f"households.{name}": value for name, value in CHANGES.items()}
    luck = Luck(7, replicate)
    ours = model_day(numbers, luck, ROWS, season.mean_stock)
    theirs = MesaCountry(numbers, luck, ROWS, season.mean_stock)
    days = []
    for day in range(DAYS):
        words = luck.words(DECISIONS["household_day"], day, ROWS)
        one = ours(conditions(day), day)
        theirs.day(conditions(day), day, words.tolist())
        days.append((one, said(theirs)))
    return days


@pytest.mark.parametrize("replicate", [0, 1])
def test_under_the_same_luck_the_peer_says_the_same(replicate: int) -> None:
    days = pair(replicate)
    for number, (ours, theirs) in enumerate(days):
        for name, value in theirs.items():
            expected = getattr(ours, name)
            assert value == pytest.approx(expected, rel=MONEY, abs=MONEY), (number, name)
    for name in ("deported", "returned", "departures", "protesters_host", "protesters_coercer"):
        assert sum(float(getattr(ours, name).sum()) for ours, _ in days) > 0.0, (
            name
        )  # there was something to meet


def test_under_luck_of_its_own_the_peer_is_another_draw_of_the_same_country() -> None:
    numbers, season = nominal()
    luck = Luck(7, 3)
    country = MesaCountry(numbers, luck, ROWS, season.mean_stock)
    ours = model_day(numbers, luck, ROWS, season.mean_stock)
    for day in range(60):
        one = ours(conditions(day), day)
        country.day(conditions(day), day)
    theirs = said(country)
    assert theirs["migrants_in_russia"].sum() == pytest.approx(one.migrants_in_russia.sum(), rel=0.05)
    assert theirs["consumption_usd"].sum() == pytest.approx(one.consumption_usd.sum(), rel=0.05)
