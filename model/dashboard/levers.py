"""The levers of the dashboard: a few main numbers, each with its range and grade, and the alternative rules."""

from __future__ import annotations

from dataclasses import dataclass

from model.case import ActorSpec
from model.parameters import Number, behaviour
from model.scenario import Scenario
from model.scenario_chain import path_of, read_chain

#: role, or section of numbers -> its main numbers: key, and what to call it ({} is the actor's label)
MAIN = {
    "coercer": (
        ("demand_stake", "What getting him back is worth to {}"),
        ("shield", "What {} expects to pay for using force"),
    ),
    "government": (
        ("law_stake", "What the Court is worth to {}"),
        ("yield_stake", "What giving way costs {} at home"),
        ("elite_loyalty", "Loyalty of the elite to {}"),
    ),
    "garrison": (("strength", "Strength of {}"),),
    "army": (("loyalty", "Loyalty of {}"),),
    "norm_bloc": (
        ("aid_usd", "Emergency aid of {}"),
        ("prepared_aid", "How far {} has prepared its aid"),
    ),
}
SHARED = {
    "coercer.pressure_ceiling": "Most of each economic measure that may be put in force",
    "force.garrison_effectiveness": "Fighting worth of the base's soldiers against the army's",
    "households.russian_share": "Share of remittances that comes from the coercer's country",
    "economy.fuel_stock_days": "Stock of fuel",
    "economy.reserves_usd": "Foreign exchange of the central bank",
}
#: switch -> what it is about
RULES = {
    "decision": "How actors choose",
    "beliefs": "Whether beliefs learn",
    "combat": "Law of losses in combat",
    "unrest": "Protest of the people",
    "arrest": "Whether an arrest may fail",
    "coercer": "Who decides for the coercer",
    "elites": "How elites turn",
    "alliance": "How the alliance decides",
    "neighbours": "Neighbours of the host",
    "reinforcement": "Reinforcement of the base",
    "leverage": "Siege of the base as leverage",
    "summit": "Other guests in town",
    "custody": "Where he is held",
}
#: grade of evidence -> in a word
GRADES = {"A": "data", "B": "literature", "C": "expert", "D": "assumption"}
STEPS = 100


@dataclass(frozen=True)
class Lever:
    """A number that may be moved: `number` as the scenario has it, within `low` to `high`."""

    label: str
    number: Number
    low: float
    high: float

    @property
    def step(self) -> float:
        """The distance of two places of the slider: a hundredth of the range."""
        return (self.high - self.low) / STEPS

    @property
    def drawn(self) -> bool:
        """Whether luck draws the number as long as nobody moves it."""
        return self.number.kind == "uncertainty"

    def at(self, place: int) -> float:
        """The value at a place of the slider, 0 to STEPS, in round figures and within the range."""
        value = float(f"{self.low + place * self.step:.4g}")
        return min(max(value, self.low), self.high)

    def place(self, value: float) -> int:
        """The place of the slider nearest to a value."""
        return round((value - self.low) / self.step)


def levers_of(reference: str, scenario: Scenario) -> dict[str, Lever]:
    """The main numbers that a scenario has, by dotted key, with the range that the evidence leaves.

    The range is that of the case (or of behaviour), widened to what the scenario itself lays down.
    """
    _, case = read_chain(path_of(reference))
    evidence = behaviour() | case.numbers
    found = {}
    for key, label in _named(scenario.actors):
        number = scenario.numbers.get(key)
        if number is None:
            continue
        known = evidence[key]
        low, high = min(known.low, number.low), max(known.high, number.high)
        if low < high:
            found[key] = Lever(label, number, low, high)
    return found


def _named(actors: tuple[ActorSpec, ...]) -> list[tuple[str, str]]:
    named = [
        (f"{actor.name}.{key}", label.format(actor.label))
        for role in MAIN
        for actor in actors
        if actor.role == role
        for key, label in MAIN[role]
    ]
    return [*named, *SHARED.items()]
