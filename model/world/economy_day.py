"""A day of the economy in plain arithmetic, compiled where numba is: fuel, trade, money, banks, prices, output, budget.

`n` are the numbers of the section `economy` of the parameters, `e` the state of the economy (see
`economy.Economy`), which a day moves on. Shares and levels are 0-1, money is in USD a day.
"""

from __future__ import annotations

import math

from model.compiled import compiled, compiled_within, kind_of_record

DAYS_PER_MONTH = 365.0 / 12.0
DAYS_PER_YEAR = 365.0
LEAST_AVAILABILITY = 0.1  # some fuel is always to be had, at a price
REFERENCE_PREMIUM = 0.1  # the premium at which `economy.deposit_flight` is stated

#: what stands in the record of a run or is read by others; what moves it; the flows of a day
SHOWN = (
    "reserves_usd", "gold_usd", "tjs_per_usd", "rub_per_usd", "russian_output", "fx_premium", "deposits",
    "import_credit", "price_index", "food_price_index", "fuel_price_index", "fuel_stock_days", "output_index",
    "budget_arrears",
)  # fmt: skip
HIDDEN = (
    "rouble", "rouble_shocks", "russian", "russian_shocks", "pull", "rate", "shortfall", "alternative", "rerouted",
    "cushion",
)  # fmt: skip
FLOWS = (
    "fuel_supply_days", "fuel_use_days", "reserves_in_usd", "reserves_out_usd", "gold_sold_usd", "gap_usd",
    "deposits_withdrawn_usd",
)  # fmt: skip
STATE = kind_of_record(*SHOWN, *HIDDEN, *FLOWS)
NUMBERS = kind_of_record(
    "adequate_months", "credit_days", "credit_loss", "defence_share", "deposit_dollars", "deposit_flight",
    "deposit_return_days", "deposits_usd", "fiscal_cushion_days", "food_days", "food_per_fuel", "food_per_rate",
    "food_per_route", "food_weight", "fuel_alternative", "fuel_alternative_days", "fuel_elasticity",
    "fuel_horizon_days", "fuel_price_days", "fuel_ration_saving", "fuel_restock_days", "fuel_share",
    "fuel_stock_days", "fuel_weight", "gold_sale_days", "gold_usd", "household_deposits", "import_income",
    "import_price", "imports_usd", "output_consumption", "output_credit", "output_days", "output_fighting",
    "output_fuel", "output_trade", "premium_days", "premium_fear", "premium_fighting", "premium_gain",
    "price_per_rate", "rate_per_gap", "reserves_usd", "revenue_consumption", "revenue_imports", "rouble_pull",
    "rouble_pull_days", "rouble_return_days", "rouble_volatility", "route_share", "rub_per_usd",
    "russian_output_volatility", "tjs_per_usd", "trade_days", "trade_rerouted", "trade_share",
)  # fmt: skip


@compiled_within
def _outside(n, e, rouble_noise, russian_noise, rouble_shock, russian_output_shock):  # type: ignore[no-untyped-def]
    """Rouble and Russian output: mean-reverting noise, and lasting shocks on top."""
    e.rouble += n.rouble_volatility * rouble_noise - e.rouble / n.rouble_return_days
    e.rouble_shocks += rouble_shock
    e.rub_per_usd = n.rub_per_usd * math.exp(e.rouble + e.rouble_shocks)
    step = n.russian_output_volatility * russian_noise
    e.russian *= math.exp(step - math.log(e.russian) / DAYS_PER_YEAR)
    e.russian_shocks += russian_output_shock
    e.russian_output = e.russian * math.exp(e.russian_shocks)


@compiled_within
def _fuel(n, e, fuel_cut, rationing, fuel_aid_days):  # type: ignore[no-untyped-def]
    """Supply, use and stock of fuel in days of normal use; returns the use of the day."""
    lost = n.fuel_share * fuel_cut
    wanted = min(n.fuel_alternative, lost)
    e.alternative += (wanted - e.alternative) / n.fuel_alternative_days
    demand = 1.0 - n.fuel_ration_saving * rationing
    wish = demand * e.fuel_price_index**-n.fuel_elasticity
    # Whoever may sell replaces what is used and fills up the stock; a cut limits him to what is left.
    refill = (n.fuel_stock_days - e.fuel_stock_days) / n.fuel_restock_days
    supply = max(0.0, min(wish + refill, 1.0 + max(0.0, refill) - lost + e.alternative))
    supply += fuel_aid_days
    use = min(wish, e.fuel_stock_days + supply)
    e.fuel_stock_days = max(0.0, e.fuel_stock_days + supply - use)
    e.fuel_supply_days, e.fuel_use_days = supply, use
    offered = 1.0 - lost + e.alternative + e.fuel_stock_days / n.fuel_horizon_days
    availability = min(1.0, max(offered / demand, LEAST_AVAILABILITY))
    scarcity = availability ** (-1.0 / n.fuel_elasticity)
    e.fuel_price_index += (scarcity - e.fuel_price_index) / n.fuel_price_days
    return use


@compiled_within
def _missing_trade(n, e, trade_embargo, routes_open):  # type: ignore[no-untyped-def]
    """Share of normal trade that is cut off."""
    found = trade_embargo * n.trade_rerouted
    e.rerouted += (found - e.rerouted) / n.trade_days
    cut = n.trade_share * max(0.0, trade_embargo - e.rerouted)
    return min(1.0, cut + n.route_share * (1.0 - routes_open))


@compiled_within
def _street_rate(n, e):  # type: ignore[no-untyped-def]
    """TJS per USD in the street against the official rate of day 0."""
    return e.tjs_per_usd / n.tjs_per_usd * (1.0 + e.fx_premium)


@compiled_within
def _imports(n, e, consumption_index, missing):  # type: ignore[no-untyped-def]
    """Imports of the day."""
    wish = max(consumption_index, 0.0) ** n.import_income * _street_rate(n, e) ** -n.import_price
    return n.imports_usd * wish * (1.0 - missing) * e.import_credit


@compiled_within
def _exchange(n, e, lost, imports, aid_usd):  # type: ignore[no-untyped-def]
    """Reserves, gold and the rate: what the inflow leaves open is met by the bank or by the rate."""
    gap = lost + e.deposits_withdrawn_usd * n.deposit_dollars + imports - n.imports_usd
    months = e.reserves_usd / (n.imports_usd * DAYS_PER_MONTH)
    defence = n.defence_share * min(1.0, months / n.adequate_months)
    sold = min(e.reserves_usd, max(0.0, gap * defence))
    # A surplus is bought up: the bank would rather fill its vaults than see the rate rise.
    bought = max(0.0, -gap) * n.defence_share
    # Gold is sold to stay where the bank stood, not to become safer than it ever was.
    floor = min(n.reserves_usd, n.adequate_months * n.imports_usd * DAYS_PER_MONTH)
    missing = max(0.0, floor - e.reserves_usd)
    gold = min(e.gold_usd, missing / n.gold_sale_days) if gap > 0.0 else 0.0
    inflow = bought + gold + aid_usd
    e.gold_usd -= gold
    e.reserves_usd += inflow - sold
    e.reserves_in_usd, e.reserves_out_usd, e.gold_sold_usd, e.gap_usd = inflow, sold, gold, gap
    e.rate += n.rate_per_gap * (gap - sold + bought) / n.imports_usd / DAYS_PER_YEAR
    e.pull += (e.rouble + e.rouble_shocks - e.pull) / n.rouble_pull_days
    e.tjs_per_usd = n.tjs_per_usd * math.exp(e.rate + n.rouble_pull * e.pull)


@compiled_within
def _banks(n, e, short, transfer_open, capital_fighting, withdrawals_usd):  # type: ignore[no-untyped-def]
    """Street premium, deposits, import credit; `short` is the share of remittances that is missing."""
    e.shortfall += (short - e.shortfall) / n.premium_days
    feared = max(e.shortfall, n.premium_fear * (1.0 - transfer_open), 0.0)
    target = n.premium_gain * feared + n.premium_fighting * capital_fighting
    e.fx_premium += (target - e.fx_premium) / n.premium_days
    flight = n.deposit_flight * e.fx_premium / REFERENCE_PREMIUM * e.deposits
    spent = n.household_deposits * withdrawals_usd / n.deposits_usd
    withdrawn = min(e.deposits, flight + spent)
    returned = (1.0 - e.deposits) / n.deposit_return_days
    e.deposits += returned - withdrawn
    e.deposits_withdrawn_usd = (withdrawn - returned) * n.deposits_usd
    fear = min(1.0, e.fx_premium + capital_fighting)
    e.import_credit += (1.0 - n.credit_loss * fear - e.import_credit) / n.credit_days


@compiled_within
def _prices(n, e, missing):  # type: ignore[no-untyped-def]
    """Food, fuel (set with its stock) and all prices."""
    street = _street_rate(n, e)
    target = (
        street**n.food_per_rate * e.fuel_price_index**n.food_per_fuel * (1.0 + n.food_per_route * missing)
    )
    e.food_price_index += (target - e.food_price_index) / n.food_days
    other = street**n.price_per_rate
    rest = 1.0 - n.food_weight - n.fuel_weight
    e.price_index = n.food_weight * e.food_price_index + n.fuel_weight * e.fuel_price_index + rest * other


@compiled_within
def _output(n, e, consumption_index, fuel_used, missing, capital_fighting):  # type: ignore[no-untyped-def]
    """Output follows consumption, fuel, the credit of importers, trade and fighting."""
    target = (
        max(consumption_index, 0.0) ** n.output_consumption
        * max(fuel_used, 0.0) ** n.output_fuel
        * e.import_credit**n.output_credit
        * (1.0 - n.output_trade * min(1.0, missing / max(n.trade_share, 1e-9)))
        * (1.0 - n.output_fighting * capital_fighting)
    )
    e.output_index += (target - e.output_index) / n.output_days


@compiled_within
def _budget(n, e, consumption_index, imports):  # type: ignore[no-untyped-def]
    """Arrears grow by the share of a day's pay that neither revenue nor the cushion covers."""
    revenue = (
        max(consumption_index, 0.0) ** n.revenue_consumption
        * (imports / n.imports_usd) ** n.revenue_imports
        * e.output_index
    )
    balance = revenue - 1.0
    if balance < 0.0:
        drawn = min(e.cushion, -balance)
        e.cushion -= drawn
        e.budget_arrears += -balance - drawn
    else:
        paid = min(e.budget_arrears, balance)
        e.budget_arrears -= paid
        e.cushion = min(n.fiscal_cushion_days, e.cushion + balance - paid)


@compiled(NUMBERS, STATE, *["f8"] * 16)
def live(  # type: ignore[no-untyped-def]
    numbers, state, rouble_noise, russian_noise,
    remittances_usd, expected_remittances_usd, consumption_index, fuel_cut, trade_embargo, routes_open, rationing,
    aid_usd, fuel_aid_days, capital_fighting, transfer_open, withdrawals_usd, rouble_shock, russian_output_shock,
):  # fmt: skip
    """One day, given two standard normal deviates of the outside world and what `economy.Inputs` names."""
    n, e = numbers[0], state[0]
    _outside(n, e, rouble_noise, russian_noise, rouble_shock, russian_output_shock)
    fuel_used = _fuel(n, e, fuel_cut, rationing, fuel_aid_days)
    missing = _missing_trade(n, e, trade_embargo, routes_open)
    imports = _imports(n, e, consumption_index, missing)
    _exchange(n, e, expected_remittances_usd - remittances_usd, imports, aid_usd)
    short = 1.0 - remittances_usd / expected_remittances_usd if expected_remittances_usd > 0.0 else 0.0
    _banks(n, e, short, transfer_open, capital_fighting, withdrawals_usd)
    _prices(n, e, missing)
    _output(n, e, consumption_index, fuel_used, missing, capital_fighting)
    _budget(n, e, consumption_index, imports)
