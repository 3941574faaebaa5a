"""The host's economy by day: foreign exchange, banks, budget, fuel, prices and output, in stocks and flows.

Everything is measured against a normal day on which nothing moves: inflows of foreign exchange meet
imports, fuel supply meets use. A crisis enters as remittances that fail to come, fuel that is not
delivered, trade that stops, and fear. Stocks change by their recorded flows and by nothing else (`flows`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from model.numbers import section
from model.randomness import DECISIONS, Luck

DAYS_PER_MONTH = 365.0 / 12.0
DAYS_PER_YEAR = 365.0
BLOCK = 64  # days of outside noise drawn at once
LEAST_AVAILABILITY = 0.1  # some fuel is always to be had, at a price
REFERENCE_PREMIUM = 0.1  # the premium at which `economy.deposit_flight` is stated


@dataclass(slots=True)
class Inputs:
    """What reaches the economy on a day; the defaults are normal.

    remittances_usd, expected_remittances_usd: USD received, and what the season would bring.
    consumption_index: household consumption against normal. fuel_cut, trade_embargo, rationing,
    capital_fighting: level 0-1. routes_open, transfer_open: share open. aid_usd: emergency aid to
    reserves, USD. fuel_aid_days: fuel added, days of normal use. withdrawals_usd: savings spent by
    households (negative: put aside), USD. rouble_shock, russian_output_shock: lasting outside change of log
    RUB per USD, and of log Russian output.
    """

    remittances_usd: float
    expected_remittances_usd: float
    consumption_index: float = 1.0
    fuel_cut: float = 0.0
    trade_embargo: float = 0.0
    routes_open: float = 1.0
    rationing: float = 0.0
    aid_usd: float = 0.0
    fuel_aid_days: float = 0.0
    capital_fighting: float = 0.0
    transfer_open: float = 1.0
    withdrawals_usd: float = 0.0
    rouble_shock: float = 0.0
    russian_output_shock: float = 0.0


class Economy:
    """State of the economy; the attributes without underscore are the series of the record.

    reserves_usd, gold_usd: USD. tjs_per_usd, rub_per_usd: rates. fx_premium: street over official rate,
    share. deposits, price_index, food_price_index, fuel_price_index, output_index, import_credit,
    russian_output: against day 0. fuel_stock_days: days of normal use. budget_arrears: days of pay. flows:
    the last day's flows.
    """

    def __init__(self, numbers: Mapping[str, float], luck: Luck) -> None:
        n = self._n = section(numbers, "economy")
        self._luck = luck
        self._day = 0
        self.reserves_usd = n["reserves_usd"]
        self.gold_usd = n["gold_usd"]
        self.tjs_per_usd = n["tjs_per_usd"]
        self.rub_per_usd = n["rub_per_usd"]
        self.russian_output = 1.0
        self.fx_premium = 0.0
        self.deposits = 1.0
        self.import_credit = 1.0
        self.price_index = self.food_price_index = self.fuel_price_index = 1.0
        self.fuel_stock_days = n["fuel_stock_days"]
        self.output_index = 1.0
        self.budget_arrears = 0.0
        self.flows: dict[str, float] = {}
        self._rouble = 0.0  # log RUB per USD against day 0: mean-reverting noise
        self._shock = 0.0  # and lasting shocks from outside
        self._russian = 1.0  # Russian output against day 0: mean-reverting noise
        self._russian_shock = 0.0  # and lasting shocks from outside, in logs
        self._pull = 0.0  # what of it the somoni has followed
        self._rate = 0.0  # log TJS per USD against day 0, from the gap alone
        self._shortfall = 0.0  # smoothed share of remittances missing
        self._alternative = 0.0  # fuel from others, days of use a day
        self._rerouted = 0.0  # embargoed trade that found another way, 0-1
        self._cushion = n["fiscal_cushion_days"]
        self._noise: dict[str, list[float]] = {}

    @property
    def rouble_index(self) -> float:
        """RUB per USD against day 0."""
        return self.rub_per_usd / self._n["rub_per_usd"]

    @property
    def somoni_index(self) -> float:
        """TJS per USD against day 0."""
        return self.tjs_per_usd / self._n["tjs_per_usd"]

    def step(self, today: Inputs) -> None:
        """One day: the outside world, fuel, trade and foreign exchange, banks, prices, output, budget."""
        self._outside(today)
        fuel_used = self._fuel(today)
        imports, missing = self._trade(today)
        self._exchange(today, imports)
        self._banks(today)
        self._prices(missing)
        self._output(today, fuel_used, missing)
        self._budget(today, imports)
        self._day += 1

    def _outside(self, today: Inputs) -> None:
        """Rouble and Russian output: keyed mean-reverting paths, alike in all scenarios of a replicate."""
        n = self._n
        block, day = divmod(self._day, BLOCK)
        if day == 0:
            days = range(block * BLOCK, (block + 1) * BLOCK)
            self._noise = {
                name: self._luck.path(DECISIONS[name], days, 0, (0,))[:, 0].tolist()
                for name in ("rouble", "russian_output")
            }
        noise = self._noise["rouble"][day]
        self._rouble += n["rouble_volatility"] * noise - self._rouble / n["rouble_return_days"]
        self._shock += today.rouble_shock
        self.rub_per_usd = n["rub_per_usd"] * math.exp(self._rouble + self._shock)
        noise = self._noise["russian_output"][day]
        step = n["russian_output_volatility"] * noise
        self._russian *= math.exp(step - math.log(self._russian) / DAYS_PER_YEAR)
        self._russian_shock += today.russian_output_shock
        self.russian_output = self._russian * math.exp(self._russian_shock)

    def _fuel(self, today: Inputs) -> float:
        """Supply, use and stock of fuel in days of normal use; returns the use of the day."""
        n = self._n
        lost = n["fuel_share"] * today.fuel_cut
        wanted = min(n["fuel_alternative"], lost)
        self._alternative += (wanted - self._alternative) / n["fuel_alternative_days"]
        demand = 1.0 - n["fuel_ration_saving"] * today.rationing
        wish = demand * float(self.fuel_price_index ** -n["fuel_elasticity"])
        # Whoever may sell replaces what is used and fills up the stock; a cut limits him to what is left.
        refill = (n["fuel_stock_days"] - self.fuel_stock_days) / n["fuel_restock_days"]
        supply = max(0.0, min(wish + refill, 1.0 + max(0.0, refill) - lost + self._alternative))
        supply += today.fuel_aid_days
        use = min(wish, self.fuel_stock_days + supply)
        self.fuel_stock_days = max(0.0, self.fuel_stock_days + supply - use)
        self.flows["fuel_supply_days"] = supply
        self.flows["fuel_use_days"] = use
        offered = 1.0 - lost + self._alternative + self.fuel_stock_days / n["fuel_horizon_days"]
        availability = min(1.0, max(offered / demand, LEAST_AVAILABILITY))
        scarcity = availability ** (-1.0 / n["fuel_elasticity"])
        self.fuel_price_index += (scarcity - self.fuel_price_index) / n["fuel_price_days"]
        return use

    def _trade(self, today: Inputs) -> tuple[float, float]:
        """Imports of the day in USD, and the share of normal trade that is cut off."""
        n = self._n
        found = today.trade_embargo * n["trade_rerouted"]
        self._rerouted += (found - self._rerouted) / n["trade_days"]
        cut = n["trade_share"] * max(0.0, today.trade_embargo - self._rerouted)
        missing = min(1.0, cut + n["route_share"] * (1.0 - today.routes_open))
        street = self.somoni_index * (1.0 + self.fx_premium)
        wish = max(today.consumption_index, 0.0) ** n["import_income"] * street ** -n["import_price"]
        return n["imports_usd"] * wish * (1.0 - missing) * self.import_credit, missing

    def _exchange(self, today: Inputs, imports: float) -> None:
        """Reserves, gold and the rate: what the inflow leaves open is met by the bank or by the rate."""
        n = self._n
        lost = today.expected_remittances_usd - today.remittances_usd
        withdrawn = self.flows.get("deposits_withdrawn_usd", 0.0) * n["deposit_dollars"]
        gap = lost + withdrawn + imports - n["imports_usd"]
        months = self.reserves_usd / (n["imports_usd"] * DAYS_PER_MONTH)
        defence = n["defence_share"] * min(1.0, months / n["adequate_months"])
        sold = min(self.reserves_usd, max(0.0, gap * defence))
        # A surplus is bought up: the bank would rather fill its vaults than see the rate rise.
        bought = max(0.0, -gap) * n["defence_share"]
        # Gold is sold to stay where the bank stood, not to become safer than it ever was.
        floor = min(n["reserves_usd"], n["adequate_months"] * n["imports_usd"] * DAYS_PER_MONTH)
        missing = max(0.0, floor - self.reserves_usd)
        gold = min(self.gold_usd, missing / n["gold_sale_days"]) if gap > 0.0 else 0.0
        inflow = bought + gold + today.aid_usd
        self.gold_usd -= gold
        self.reserves_usd += inflow - sold
        self.flows.update(reserves_in_usd=inflow, reserves_out_usd=sold, gold_sold_usd=gold, gap_usd=gap)
        self._rate += n["rate_per_gap"] * (gap - sold + bought) / n["imports_usd"] / DAYS_PER_YEAR
        self._pull += (self._rouble + self._shock - self._pull) / n["rouble_pull_days"]
        self.tjs_per_usd = n["tjs_per_usd"] * math.exp(self._rate + n["rouble_pull"] * self._pull)

    def _banks(self, today: Inputs) -> None:
        """Street premium, deposits, import credit."""
        n = self._n
        expected = today.expected_remittances_usd
        short = 1.0 - today.remittances_usd / expected if expected > 0.0 else 0.0
        self._shortfall += (short - self._shortfall) / n["premium_days"]
        feared = max(self._shortfall, n["premium_fear"] * (1.0 - today.transfer_open), 0.0)
        target = n["premium_gain"] * feared + n["premium_fighting"] * today.capital_fighting
        self.fx_premium += (target - self.fx_premium) / n["premium_days"]
        flight = n["deposit_flight"] * self.fx_premium / REFERENCE_PREMIUM * self.deposits
        spent = n["household_deposits"] * today.withdrawals_usd / n["deposits_usd"]
        withdrawn = min(self.deposits, flight + spent)
        returned = (1.0 - self.deposits) / n["deposit_return_days"]
        self.deposits += returned - withdrawn
        self.flows["deposits_withdrawn_usd"] = (withdrawn - returned) * n["deposits_usd"]
        fear = min(1.0, self.fx_premium + today.capital_fighting)
        self.import_credit += (1.0 - n["credit_loss"] * fear - self.import_credit) / n["credit_days"]

    def _prices(self, missing: float) -> None:
        """Food, fuel (set with its stock) and all prices."""
        n = self._n
        street = self.somoni_index * (1.0 + self.fx_premium)
        target = (
            street ** n["food_per_rate"]
            * self.fuel_price_index ** n["food_per_fuel"]
            * (1.0 + n["food_per_route"] * missing)
        )
        self.food_price_index += (target - self.food_price_index) / n["food_days"]
        other = street ** n["price_per_rate"]
        rest = 1.0 - n["food_weight"] - n["fuel_weight"]
        self.price_index = (
            n["food_weight"] * self.food_price_index + n["fuel_weight"] * self.fuel_price_index + rest * other
        )

    def _output(self, today: Inputs, fuel_used: float, missing: float) -> None:
        n = self._n
        target = (
            max(today.consumption_index, 0.0) ** n["output_consumption"]
            * max(fuel_used, 0.0) ** n["output_fuel"]
            * self.import_credit ** n["output_credit"]
            * (1.0 - n["output_trade"] * min(1.0, missing / max(n["trade_share"], 1e-9)))
            * (1.0 - n["output_fighting"] * today.capital_fighting)
        )
        self.output_index += (target - self.output_index) / n["output_days"]

    def _budget(self, today: Inputs, imports: float) -> None:
        """Arrears grow by the share of a day's pay that neither revenue nor the cushion covers."""
        n = self._n
        revenue = (
            max(today.consumption_index, 0.0) ** n["revenue_consumption"]
            * (imports / n["imports_usd"]) ** n["revenue_imports"]
            * self.output_index
        )
        balance = revenue - 1.0
        if balance < 0.0:
            drawn = min(self._cushion, -balance)
            self._cushion -= drawn
            self.budget_arrears += -balance - drawn
        else:
            paid = min(self.budget_arrears, balance)
            self.budget_arrears -= paid
            self._cushion = min(n["fiscal_cushion_days"], self._cushion + balance - paid)
