"""The host's economy by day: foreign exchange, banks, budget, fuel, prices and output, in stocks and flows.

Everything is measured against a normal day on which nothing moves: inflows of foreign exchange meet
imports, fuel supply meets use. A crisis enters as remittances that fail to come, fuel that is not
delivered, trade that stops, and fear. Stocks change by their recorded flows and by nothing else (`flows`).
What a day does stands in `economy_day`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from operator import attrgetter

from model.compiled import record, told
from model.numbers import section
from model.randomness import DECISIONS, Luck
from model.world.economy_day import FLOWS, NUMBERS, SHOWN, STATE, live

BLOCK = 64  # days of outside noise drawn at once


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


_inputs = attrgetter(*(field.name for field in fields(Inputs)))


class Economy:
    """State of the economy; the attributes without underscore are the series of the record.

    reserves_usd, gold_usd: USD. tjs_per_usd, rub_per_usd: rates. fx_premium: street over official rate,
    share. deposits, price_index, food_price_index, fuel_price_index, output_index, import_credit,
    russian_output: against day 0. fuel_stock_days: days of normal use. budget_arrears: days of pay.
    """

    reserves_usd: float
    gold_usd: float
    tjs_per_usd: float
    rub_per_usd: float
    russian_output: float
    fx_premium: float
    deposits: float
    import_credit: float
    price_index: float
    food_price_index: float
    fuel_price_index: float
    fuel_stock_days: float
    output_index: float
    budget_arrears: float

    def __init__(self, numbers: Mapping[str, float], luck: Luck) -> None:
        n = section(numbers, "economy")
        self._luck = luck
        self._day = 0
        self._rates = n["rub_per_usd"], n["tjs_per_usd"]
        self._numbers = record(NUMBERS, [n[name] for name in NUMBERS.names or ()])
        at_rest = {name: n[name] for name in ("reserves_usd", "gold_usd", "tjs_per_usd", "rub_per_usd")}
        at_rest |= dict.fromkeys(
            ("russian_output", "deposits", "import_credit", "output_index", "russian"), 1.0
        )
        at_rest |= dict.fromkeys(("price_index", "food_price_index", "fuel_price_index"), 1.0)
        at_rest |= {"fuel_stock_days": n["fuel_stock_days"], "cushion": n["fiscal_cushion_days"]}
        self._state = record(STATE, [at_rest.get(name, 0.0) for name in STATE.names or ()])
        self._noise: tuple[list[float], list[float]] = [], []
        self._show()

    def _show(self) -> None:
        self.__dict__.update(zip(SHOWN, told(self._state), strict=False))

    @property
    def flows(self) -> dict[str, float]:
        """The last day's flows by name."""
        return dict(zip(FLOWS, told(self._state)[-len(FLOWS) :], strict=True))

    @property
    def rouble_index(self) -> float:
        """RUB per USD against day 0."""
        return self.rub_per_usd / self._rates[0]

    @property
    def somoni_index(self) -> float:
        """TJS per USD against day 0."""
        return self.tjs_per_usd / self._rates[1]

    def step(self, today: Inputs) -> None:
        """One day: the outside world, fuel, trade and foreign exchange, banks, prices, output, budget.

        The noise of the outside world is keyed, so that it is alike in all scenarios of a replicate.
        """
        block, day = divmod(self._day, BLOCK)
        if day == 0:
            ahead = range(block * BLOCK, (block + 1) * BLOCK)
            self._noise = self._path("rouble", ahead), self._path("russian_output", ahead)
        rouble, russian = self._noise
        live(self._numbers, self._state, rouble[day], russian[day], *_inputs(today))
        self._show()
        self._day += 1

    def _path(self, name: str, days: range) -> list[float]:
        found: list[float] = self._luck.path(DECISIONS[name], days, 0, (0,))[:, 0].tolist()
        return found
