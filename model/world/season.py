"""The calendar of migrants' money and journeys: yearly curves with the known shares of the quarters.

A curve is the shortest Fourier series that has the four given quarter means exactly:
f(t) = 1 + A cos 2 pi t + B sin 2 pi t + C sin 4 pi t. Over a quarter each term has the mean +2/pi or -2/pi,
hence A, B, C = pi/8 times a signed sum of the quarters (own derivation). Its mean over a year is 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

DAYS_PER_YEAR = 365
Waves = tuple[float, float, float]


class Curve:
    """A yearly factor with mean 1, from the shares of the year that fall into its quarters."""

    def __init__(self, quarters: tuple[float, float, float, float]) -> None:
        total = math.fsum(quarters)
        q1, q2, q3, q4 = (4.0 * share / total for share in quarters)
        self.a = math.pi / 8.0 * (q1 - q2 - q3 + q4)
        self.b = math.pi / 8.0 * (q1 + q2 - q3 - q4)
        self.c = math.pi / 8.0 * (q1 - q2 + q3 - q4)

    def at(self, share_of_year: float) -> float:
        """The factor at a share of the year (0 on New Year), never below 0."""
        return self.along([_waves(share_of_year)])[0]

    def along(self, waves: Iterable[Waves]) -> list[float]:
        """The factors where the waves of the series stand so, each never below 0."""
        a, b, c = self.a, self.b, self.c
        values = [1.0 + a * first + b * second + c * third for first, second, third in waves]
        return values if min(values) >= 0.0 else [max(0.0, value) for value in values]


def _waves(share_of_year: float) -> Waves:
    """The three waves of the series at a share of the year."""
    angle = 2.0 * math.pi * share_of_year
    return math.cos(angle), math.sin(angle), math.sin(2.0 * angle)


@lru_cache(maxsize=4)
def _year(first: int) -> list[Waves]:
    """The waves at noon of the days of a year from day `first` of the calendar on: the same for all numbers."""
    days = [(first + day - 1) % DAYS_PER_YEAR for day in range(DAYS_PER_YEAR)]
    return [_waves((day + 0.5) / DAYS_PER_YEAR) for day in days]


class Season:
    """What the calendar would bring on each day after `start` if nothing happened.

    Journeys are balanced over a year: departures = returns + removals, so the normal stock repeats itself.
    """

    def __init__(self, start: date, numbers: Mapping[str, float]) -> None:
        def curve(flow: str) -> Curve:
            q1, q2, q3, q4 = (numbers[f"season.{flow}_q{quarter}"] for quarter in (1, 2, 3, 4))
            return Curve((q1, q2, q3, q4))

        waves = _year(start.timetuple().tm_yday)
        money, leaving, coming = curve("remit"), curve("departure"), curve("return")
        yearly = numbers["households.departures_per_year"]
        removals = numbers["households.removals_per_day"]
        homeward = max(0.0, yearly - DAYS_PER_YEAR * removals)
        self._remit = _normalised(money.along(waves))
        self._leave = [yearly / DAYS_PER_YEAR * f for f in _normalised(leaving.along(waves))]
        self._come = [homeward / DAYS_PER_YEAR * f for f in _normalised(coming.along(waves))]
        stock = numbers["households.migrants_away"]
        home = numbers["households.migrants_at_home"]
        self._stock: list[float] = []
        self._home: list[float] = []
        for leave, come in zip(self._leave, self._come, strict=True):
            self._stock.append(stock if stock > 1.0 else 1.0)
            # Members at home never run out: below a twentieth of the stock new ones are recruited.
            least = stock / 20.0 if stock > 20.0 else 1.0
            self._home.append(home if home > least else least)
            change = leave - come - removals
            stock, home = stock + change, home - change - removals
        self.mean_stock = math.fsum(self._stock) / DAYS_PER_YEAR

    def remit(self, day: int) -> float:
        """Remittances of all migrants on a day against the yearly mean."""
        return self._remit[day % DAYS_PER_YEAR]

    def stock(self, day: int) -> float:
        """Migrants in the coercer's country in a normal year, persons."""
        return self._stock[day % DAYS_PER_YEAR]

    def remit_per_migrant(self, day: int) -> float:
        """Remittance of one migrant against the yearly mean: what is left when the stock is taken out."""
        return self.remit(day) * self.mean_stock / self.stock(day)

    def departures(self, day: int) -> float:
        """Persons who leave for work on a normal day."""
        return self._leave[day % DAYS_PER_YEAR]

    def returns(self, day: int) -> float:
        """Persons who come home of their own accord on a normal day."""
        return self._come[day % DAYS_PER_YEAR]

    def departure_hazard(self, day: int) -> float:
        """Chance a day that a migrant at home leaves in normal times."""
        return self.departures(day) / self._home[day % DAYS_PER_YEAR]

    def return_hazard(self, day: int) -> float:
        """Chance a day that a migrant abroad comes home of his own accord in normal times."""
        return self.returns(day) / self.stock(day)


def _normalised(values: list[float]) -> list[float]:
    mean = math.fsum(values) / len(values)
    return [value / mean for value in values]
