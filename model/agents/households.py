"""The labour migrants and their families: the one large population, held as arrays in one agent.

What a day does to them (work, remit, return, depart, spend, protest) is worked out in `world/households.py`.
Here stands what the crisis looks like from where they live: which channels are open, who raids whom, what
things cost, whose story is told, and who polices the street.
"""

import math
from typing import TYPE_CHECKING

import numpy as np

from model.agents.actor import Actor
from model.scenario import ActorSpec
from model.world.households import Aggregates, Conditions
from model.world.households import Households as Rows
from model.world.season import Season

if TYPE_CHECKING:
    from model.simulation import EscalationModel


class Households(Actor):
    """All households of the host, `rows` of them, each standing for many.

    today: aggregates of the last day, once it has `lived` one. index: remittances of that day against what
    the season would bring.
    """

    role = "households"
    today: Aggregates

    def __init__(self, model: "EscalationModel", spec: ActorSpec, code: int) -> None:
        super().__init__(model, spec, code)
        self.season = Season(model.case.start, model.numbers)
        # The case's count, whatever was drawn for this run: the luck of rows hangs on how many there are.
        self.rows = model.settings.rows(model.case.numbers["households.count"].value)
        self.kernel = Rows(model.numbers, model.luck, self.rows, self.season.mean_stock)
        self.removed = self.came_home = self.left = 0.0
        self.expected_usd = 0.0
        self.index = 1.0
        self.lived = False
        self._now = Conditions(0.0, 0.0, 0.0, 0.0)

    def live(self, day: int, aid_usd: float) -> Aggregates:
        """Live through a day; `aid_usd` is handed to them."""
        self.lived = True
        self.today = self.kernel.step(self.conditions(day, aid_usd), day)
        totals = self.today.totals
        self.expected_usd = self.kernel.baseline_remittance(self.season.remit(day))
        self.index = totals["remittances_usd"] / self.expected_usd if self.expected_usd > 0.0 else 1.0
        self.removed += totals["deported"]
        self.came_home += totals["returned"]
        self.left += totals["departures"]
        return self.today

    def conditions(self, day: int, aid_usd: float) -> Conditions:
        """The crisis as households live it."""
        model, crisis, economy = self.model, self.model.crisis, self.model.economy
        assert economy is not None  # a case with households has an economy
        block = crisis.coercion("transfer_block")
        outage = crisis.injected.get("transfer_outage", 0.0)
        reach = model.numbers["information.block_reaches_cards"]
        fear = model.numbers["information.fear_of_block"] if crisis.open else 0.0
        now = self._now  # one object for all days: making it anew costs more than filling it
        now.remit_season = self.season.remit_per_migrant(day)
        now.departure_season = self.season.departure_hazard(day)
        now.return_season = self.season.return_hazard(day)
        now.informal_capacity_usd = model.numbers["households.informal_capacity_usd"]
        now.rub_per_usd = economy.rouble_index
        now.tjs_per_usd = economy.somoni_index
        now.russian_output = economy.russian_output
        now.operator_open = (1.0 - block) * (1.0 - outage)
        now.card_open = 1.0 - block * reach
        now.expected_block = fear if block <= 0.0 else block
        now.raids = crisis.coercion("raids")
        now.entry_ban = crisis.coercion("entry_ban")
        now.routes_open = model.affairs.routes_open()
        now.price_index = economy.price_index
        now.food_price_index = economy.food_price_index
        now.fuel_price_index = economy.fuel_price_index
        now.work_index = economy.output_index
        now.legitimacy = model.opinion.legitimacy
        now.blame_coercer = model.opinion.blame_coercer
        now.police = model.affairs.police()
        now.internet_on = model.affairs.internet_on()
        now.rationing = crisis.policy("rationing")
        now.violence = model.affairs.violence()
        now.aid_usd = aid_usd
        now.unrest = 1.0 if model.switches["unrest"] == "epstein" else 0.0
        return now


def total(regions: np.ndarray) -> float:
    """Sum over regions, exactly rounded: the built-in sum of floats is not the same in every Python."""
    return math.fsum(regions.tolist())
