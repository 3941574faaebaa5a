"""What is the same for every household of `plain_household` on a day, worked out once before they act."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from model.world.household_day import Conditions
from model.world.population import CONTROLLED, IRREGULAR, LEGAL, PASSPORT

if TYPE_CHECKING:
    from benchmarks.plain_mesa import MesaCountry

REGIONS = 5
AWAY, HOME, BARRED = range(3)  # of the stocks
# Of the tally of a day: events and other counts of rows, USD, and sums of shares.
REMOVED, RETURNED, BANNED, DEPARTED, STRANDED, FOUND, CUT_FOOD, POOR, AT_HOST, AT_COERCER = range(10)
BROUGHT, RECEIVED, CARRIED, SPENT, NEEDED, FELT, ANGERED = range(10, 17)
MEASURES = 17


class Habits:
    """Numbers of section `households` as the agents use them; `sizes` are the rows of the regions."""

    def __init__(self, numbers: Mapping[str, float], weight: float, sizes: Sequence[int]) -> None:
        n = self.numbers = dict(numbers)
        self.weight, self.sizes = weight, sizes
        self.lag = round(n["informal_lag_days"])
        self.removal_anger = n["removal_anger"]
        self.shortfall_response, self.release_share = n["shortfall_response"], n["release_share"]
        self.savings_share = n["savings_share"]
        self.card_fee, self.informal_fee = n["card_fee"], n["informal_fee"]
        self.spending_horizon_days, self.hardship_days = n["spending_horizon_days"], n["hardship_days"]
        self.hardship_gain, self.anger_kept = n["hardship_gain"], 1.0 - 1.0 / n["anger_days"]
        self.turnout = n["turnout"]
        self.removal, self.fright = [0.0] * 4, [0.0] * 4
        for status, removal, fright in (
            (LEGAL, n["removal_legal"], n["fright_legal"]),
            (IRREGULAR, 1.0, 1.0),
            (CONTROLLED, n["removal_controlled"], n["fright_controlled"]),
            (PASSPORT, 0.0, n["fright_passport"]),
        ):
            self.removal[status], self.fright[status] = removal, fright


class Today:
    """Hazards, prices, blame and police of a day; `season` is the money that households count on."""

    def __init__(self, country: MesaCountry, now: Conditions, season: float) -> None:
        habits = country.habits
        n = habits.numbers
        self.now, self.season = now, season
        self.value = now.tjs_per_usd / now.price_index
        earned = now.remit_season * now.russian_output ** n["output_response"] / now.rub_per_usd
        self.wage = earned * len(country.paydays)
        self.eager = 1.0 + n["block_response"] * now.expected_block
        self._hazards(country, now, n)
        eroded = now.price_index ** (1.0 - n["indexed_share"])
        self.earning = now.work_index * (1.0 - n["violence_work"] * now.violence) / eroded
        self.elsewhere = now.nonrussian * self.value
        self.aid = now.aid_usd * self.value / (country.weight * country.rows)
        food = n["food_share"] * (now.food_price_index / now.price_index - 1.0)
        fuel = n["fuel_share"] * (now.fuel_price_index / now.price_index - 1.0)
        self.cut_below = 1.0 + food + fuel - n["ration_relief"] * now.rationing
        self.at_host = (1.0 - now.legitimacy) * (1.0 - now.blame_coercer)
        self.at_coercer = (1.0 - n["coercer_standing"]) * now.blame_coercer
        self.fear = n["protest_threshold"] + n["violence_fear"] * now.violence
        self.arrest = [self._arrest(country, side, n) for side in range(2)]

    def _hazards(self, country: MesaCountry, now: Conditions, n: Mapping[str, float]) -> None:
        """Chances a day of the journeys; `bound` is more than their sum in any household."""
        habits = country.habits
        relative = zip(country.away_by_status, habits.removal, strict=True)
        exposed = math.fsum(away * removal for away, removal in relative) * country.weight
        capacity = n["removals_per_day"] + now.raids * max(0.0, n["removals_peak"] - n["removals_per_day"])
        chance = min(1.0, capacity / exposed) if exposed > 0.0 else 0.0
        self.removal = [chance * removal for removal in habits.removal]
        flight = now.raids * n["fright_rate"] * now.routes_open
        self.fright = [flight * fright for fright in habits.fright]
        self.coming = now.return_season * now.routes_open
        self.leaving = min(1.0, now.departure_season * (1.0 - n["raid_deterrence"] * now.raids))
        another = now.informal_capacity_usd > 0.0 or now.card_open > 0.0
        blocked = now.operator_open < 1.0 or now.card_open < 1.0
        self.find = n["find_rate"] if another and blocked else 0.0
        abroad = max(self.removal) + 1.5 * max(self.fright) + self.coming
        self.bound = min(1.0, country.most * max(abroad, self.leaving) + self.find)

    def _arrest(self, country: MesaCountry, side: int, n: Mapping[str, float]) -> list[float]:
        """Chance of arrest by region: the police of the region against yesterday's crowd (Epstein 2002)."""
        seen = 1.0 if self.now.internet_on > 0.0 else n["coordination_offline"]
        force = n["police_persons"] * self.now.police * (n["police_for_coercer"] if side else 1.0)
        sizes = country.habits.sizes
        chances = []
        for k, crowd in enumerate(country.crowds[side]):
            officers = force * sizes[k] / country.rows
            faced = math.floor(officers / (crowd * seen + 1.0) + 0.5)
            chances.append(1.0 - math.exp(-n["arrest_constant"] * faced))
        return chances
