"""Milestones: when what was defined beforehand has come about.

Definitions stand in `outcomes.csv`, thresholds in the section `milestones` of the parameters. A condition
has to last before it counts, and counts from its beginning.
"""

from typing import TYPE_CHECKING

from model.record import Spell
from model.world.places import Happening

if TYPE_CHECKING:
    from model.simulation import EscalationModel


#: days of the first year, over which some outcomes are taken
YEAR = 365


class Milestones:
    """The watch over one run."""

    def __init__(self, model: "EscalationModel") -> None:
        n = model.numbers
        self._model = model
        self._closed_below = n["milestones.airport_closed_flights"]
        self._collapsed_below = n["milestones.army_collapse_strength"]
        self._airport = Spell(n["milestones.airport_hours"] / 24.0)
        self._reopened = Spell(n["milestones.airport_hours"] / 24.0)
        self._army = Spell(n["milestones.army_hours"] / 24.0)
        self._daily = {
            "days_to_remittance_dip": Spell(n["milestones.remittance_days"]),
            "days_to_remittance_collapse": Spell(n["milestones.remittance_days"]),
            "days_to_paralysis": Spell(n["milestones.paralysis_days"]),
            "days_to_unrest": Spell(n["milestones.unrest_days"]),
        }
        self.punished: bool | None = None
        self.embargo_days = self.displaced_peak = 0.0
        self.airport_closed_days = 0

    def see_tick(self, days: float) -> None:
        """Airport and army as they stand at the end of a tick of `days`.

        What is seen at one look only, however long the tick, has not lasted yet.
        """
        model, record = self._model, self._model.record
        now = model.day + days
        closed = model.affairs.flights() < self._closed_below
        if self._airport.see(closed, now, 0.0):
            record.mark("days_to_airport_closed", self._airport.began)
        if self._airport.began is not None and self._reopened.see(not closed, now, 0.0):
            record.mark("days_to_airport_reopened", self._reopened.began)
        theatre = model.theatre
        if theatre.armour_in_capital:
            record.mark("days_to_armour_in_capital", now)
        if theatre.army and self._army.see(theatre.army_strength < self._collapsed_below, now, 0.0):
            record.mark("days_to_army_collapse", self._army.began)

    def see(self, happening: Happening) -> None:
        """What force did."""
        record, day = self._model.record, happening.day
        taken = happening.kind == "place_taken"
        if happening.kind in ("assault_begins", "intercepted") or (
            taken and (happening.size > 0.0 or self._is_seat(happening.place))
        ):
            self._model.inadvertent |= happening.inadvertent and not record.reached("days_to_force")
            record.mark("days_to_force", day)
        if happening.kind == "place_taken":
            kind = self._model.place_kind(happening.place)
            milestone = {
                "air_defence": "days_to_airspace_lost", "government_quarter": "days_to_ministries_seized"
            }.get(kind)  # fmt: skip
            if milestone:
                record.mark(milestone, day)

    def _is_seat(self, place: str) -> bool:
        return self._model.place_kind(place) != "air_defence"

    @property
    def verdict_on(self) -> float | None:
        """Day on which it is said whether a host that gave way is punished all the same; None where it is not asked."""
        model = self._model
        if model.ended != "released" or self.punished is not None:
            return None
        return model.numbers["milestones.punished_after_days"] + (model.crisis.settled_on or 0.0)

    def see_rest(self, days: int) -> None:
        """Days on which nothing happens: what a day adds to, they add to."""
        self.airport_closed_days += days * (self._model.affairs.flights() < self._closed_below)

    def see_day(self, day: int) -> None:
        """Measures, compliance and punishment, the economy and the streets, at the end of a day."""
        model, record, n = self._model, self._model.record, self._model.numbers
        crisis, affairs = model.crisis, model.affairs
        self.displaced_peak = max(self.displaced_peak, model.theatre.displaced)
        self.airport_closed_days += affairs.flights() < self._closed_below
        if day < YEAR:
            self.embargo_days += crisis.coercion("trade_embargo")
        if self.verdict_on is not None and day + 1 >= self.verdict_on:
            self.punished = affairs.measures() > 0.0
        if model.economy is None or model.households is None:
            return
        index = model.households.index
        short = model.economy.fuel_stock_days < n["milestones.paralysis_fuel_days"]
        dear = model.economy.fx_premium > n["milestones.paralysis_premium"]
        holds = {
            "days_to_remittance_dip": index < n["milestones.remittance_dip"],
            "days_to_remittance_collapse": index < n["milestones.remittance_collapse"],
            "days_to_paralysis": model.economy.output_index < n["milestones.paralysis_output"]
            and (short or dear),
            "days_to_unrest": affairs.unrest() > n["milestones.unrest_share"],
        }
        for milestone, spell in self._daily.items():
            if spell.see(bool(holds[milestone]), float(day), 1.0):
                record.mark(milestone, spell.began)
