"""Formations, who of them fights, and what fighting costs.

Who fights is the question; attrition is the minor term. In Crimea 2014 and Prague 1968 nearly nobody fired,
in Kabul 1979 and Panama 1989 a part of the defenders did and most of the rest was captured or went home.

The threshold game. A formation of the host that is stormed, or could come to help, fights when

    loyalty + P(win | the others fight) + orders - cost > noise

(Granovetter 1978; Kuran 1991). It is solved by best response, from "all are expected to fight in proportion
to their loyalty": more fighters never make another one stop, so the iteration moves one way and ends.
Orders weigh by loyalty and by contact with the command: who is disloyal, or hears nothing, is not moved by
them. Without contact the others cannot be counted on either. The noise of a formation has a part that it
keeps and a part for the occasion; neither is drawn again while an occasion lasts.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from model.compiled import compiled, compiled_within
from model.distributions import inverse_normals
from model.numbers import section
from model.randomness import Luck

#: Codes of this package's draws (see `randomness.DECISIONS`, whose codes they must not repeat).
DRAWS: dict[str, int] = {
    "force_formation": 60,
    "force_will": 61,
    "force_fight": 62,
    "force_defect": 63,
    "force_initiative": 64,
    "force_obey": 65,
    "custody": 66,
}

#: What a formation may be doing.
STANCES = ("barracks", "alert", "moving", "deployed", "fighting", "aside", "broken", "defected")
#: Stances in which a formation no longer counts for its side.
LOST = ("broken", "defected")


class Climate(NamedTuple):
    """What the soldiers of the host know and feel.

    orders: +1 resist, 0 none, -1 stand aside. legitimacy, narrative_share (people who hold the coercer's
    story), contact (command and net working), internet: 0-1. arrears_days: days of pay owed.
    """

    orders: float = 0.0
    legitimacy: float = 1.0
    narrative_share: float = 0.0
    arrears_days: float = 0.0
    contact: float = 1.0
    internet: float = 1.0


def code_of(name: str) -> int:
    """Fixed 32-bit code of a name, for keyed luck."""
    return zlib.crc32(name.encode())


@dataclass(slots=True, eq=False)
class Formation:
    """A body of soldiers that decides and moves as one.

    side: "coercer" or "host". strength, initial, killed: persons. effect: effectiveness per person.
    loyalty: 0-1. readiness, hours_to_capital: hours; ready_at, arrives: hours since the start of the run.
    place: name, or None in its barracks; target likewise, on the way. harm: expected killed so far; offset:
    rounding of it.
    breaks_at: killed at which it breaks off; melts_at: strain (days) at which it melts away; temper: the part
    of its noise that it keeps; mood: of the occasion (both standard normal). defects_at: hour, or infinity.
    """

    name: str
    side: str
    code: int
    initial: int
    strength: int
    effect: float
    loyalty: float
    readiness: float
    hours_to_capital: float
    breaks_at: float
    melts_at: float
    offset: float
    temper: float
    stance: str = "barracks"
    place: str | None = None
    target: str | None = None
    ready_at: float = math.inf
    arrives: float = math.inf
    defects_at: float = math.inf
    mood: float = 0.0
    willing: bool = False
    killed: int = 0
    harm: float = 0.0

    def cohesion(self, strain: float) -> float:
        """From 1 (whole) to 0 (broken): what losses and a strain (days) have left of it."""
        if self.stance in LOST or (strain > 0.0 and strain >= self.melts_at):
            return 0.0
        worn = strain / self.melts_at if strain > 0.0 else 0.0
        return max(0.0, 1.0 - self.harm / self.breaks_at) * (1.0 - worn)

    @property
    def present(self) -> bool:
        """Whether it still counts for its side."""
        return self.stance not in LOST and self.strength > 0

    def suffer(self, expected: float) -> int:
        """Add expected killed; returns how many people died of it, so that nobody dies twice or by halves."""
        self.harm += expected
        dead = min(int(self.harm + self.offset), self.initial) - self.killed
        self.killed += dead
        self.strength -= dead
        return dead


def raise_formations(
    name: str, side: str, numbers: Mapping[str, float], luck: Luck, first: int = 0
) -> list[Formation]:
    """The formations of one actor: `strength` persons in `units` bodies, each with its own loyalty and nerve.

    Reads the actor's section (strength, units, quality, loyalty, readiness_hours, hours_to_capital) and
    `force`. The people add up to the rounded strength of the actor. first: bodies of the name that there are already.
    """
    own, force = section(numbers, name), section(numbers, "force")
    people, units = round(own["strength"]), max(1, round(own["units"]))
    if people <= 0:
        return []
    effect = own["quality"] * (force["garrison_effectiveness"] if side == "coercer" else 1.0)
    formations = []
    codes = [code_of(f"{name}_{first + i + 1}") for i in range(min(units, people))]
    draws = luck.crowd(DRAWS["force_formation"], 0, codes, 5)
    traits, offsets = inverse_normals(draws[:, :4]).tolist(), draws[:, 4].tolist()
    for i, (code, z, offset) in enumerate(zip(codes, traits, offsets, strict=True)):
        strength = people * (i + 1) // min(units, people) - people * i // min(units, people)
        loyalty = own["loyalty"]
        # A wholly loyal or wholly disloyal actor has no doubters: the spread is widest in the middle.
        loyalty += force["loyalty_spread"] * 4.0 * loyalty * (1.0 - loyalty) * z[0]
        loyalty = min(max(loyalty, 0.0), 1.0)
        break_share = min(force["break_share"] * math.exp(force["break_spread"] * z[1]), 1.0)
        formations.append(
            Formation(
                name=f"{name}_{first + i + 1}",
                side=side,
                code=code,
                initial=strength,
                strength=strength,
                effect=effect,
                loyalty=loyalty,
                readiness=own["readiness_hours"],
                hours_to_capital=own["hours_to_capital"],
                breaks_at=break_share * strength / (1.0 + force["wounded_per_killed"]),
                melts_at=force["melt_days"] * loyalty * math.exp(force["break_spread"] * z[2]),
                offset=offset,
                temper=z[3],
            )
        )
    return formations


def ratio_contest(ours: float, theirs: float, power: float) -> float:
    """Chance of the first side by the ratio contest a^m / (a^m + b^m); 0 for no strength, 1 against none."""
    if ours <= 0.0:
        return 0.0
    if theirs <= 0.0:
        return 1.0
    return 1.0 / (1.0 + math.exp(power * math.log(theirs / ours)))


_contest = compiled_within(ratio_contest)


@compiled(*["f8"] * 7, returns="f8")
def _crowd_that_fights(share, eager, contact, total, enemy, power, spread):  # type: ignore[no-untyped-def]
    """Share of a crowd that fights, from a first guess at it; all but a `spread` of them are alike `eager`."""
    for _ in range(3):
        z = (eager + _contest(contact * share * total, enemy, power)) / spread
        share = 0.5 * (1.0 + math.erf(z * math.sqrt(0.5)))
    return share


class Will:
    """Eagerness to fight under a climate, from the section `force` of the numbers."""

    def __init__(self, numbers: Mapping[str, float]) -> None:
        self._n = section(numbers, "force")
        self.power = self._n["contest_power"]
        self.kept = math.sqrt(self._n["will_persistence"])
        self.fresh = math.sqrt(1.0 - self._n["will_persistence"])
        self._felt: tuple[Climate | None, float] = None, 0.0

    def contact(self, climate: Climate) -> float:
        """Contact with the command and with others, 0-1, dimmed when the net is off."""
        return climate.contact * (1.0 - self._n["net_weight"] * (1.0 - climate.internet))

    def devotion(self, climate: Climate) -> float:
        """What story, lost legitimacy and unpaid wages leave of loyalty, 0-1; asked several times of one climate."""
        if self._felt[0] is not climate:
            self._felt = climate, self._devotion(climate)
        return self._felt[1]

    def _devotion(self, climate: Climate) -> float:
        n = self._n
        unpaid = min(climate.arrears_days / n["arrears_days"], 1.0)
        left = (1.0 - n["narrative_weight"] * climate.narrative_share) * (1.0 - n["arrears_weight"] * unpaid)
        return left * (1.0 - n["legitimacy_weight"] * (1.0 - climate.legitimacy))

    def eagerness(self, loyalty: float, climate: Climate) -> float:
        """Loyalty as it is now plus orders less the cost of fighting, before the chance to win and noise."""
        return loyalty * self._moved(climate) - self._n["cost_of_fighting"]

    def _moved(self, climate: Climate) -> float:
        """What a climate, with its orders, makes of a unit of loyalty."""
        orders = self._n["order_weight"] * self.contact(climate) * climate.orders
        return self.devotion(climate) * (1.0 + orders)

    def noise(self, formation: Formation) -> float:
        """Noise of a formation on the present occasion."""
        return self._n["will_noise"] * (self.kept * formation.temper + self.fresh * formation.mood)

    def who_fights(self, formations: Sequence[Formation], enemy: float, climate: Climate) -> list[bool]:
        """For each formation whether it fights, given the enemy's effective strength: the threshold game."""
        weights = [f.strength * f.effect * self._n["defence_advantage"] for f in formations]
        total = math.fsum(weights)
        if total <= 0.0:
            return [False] * len(formations)
        moved, cost = self._moved(climate), self._n["cost_of_fighting"]
        eager = [f.loyalty * moved - cost - self.noise(f) for f in formations]
        devotion, contact = self.devotion(climate), self.contact(climate)
        fighting = math.fsum(w * f.loyalty for w, f in zip(weights, formations, strict=True)) * devotion
        choice: list[bool] = []
        for _ in range(len(formations) + 2):
            p = ratio_contest(contact * fighting, enemy, self.power)
            answer = [e + p > 0.0 for e in eager]
            if answer == choice:
                break
            choice = answer
            fighting = math.fsum(w for w, fights in zip(weights, choice, strict=True) if fights)
        return choice

    def expected_share(
        self, loyalty: float, total: float, enemy: float, climate: Climate, orders: float | None = None
    ) -> float:
        """The share of an army that fights, as an outsider would reckon: the same game with a smooth crowd.

        total: effective strength of the army if all fought. orders: other than those of the climate. Decreasing in
        `enemy`.
        """
        orders = climate.orders if orders is None else orders
        n = self._n
        spread = math.hypot(n["will_noise"], n["loyalty_spread"] * 4.0 * loyalty * (1.0 - loyalty))
        devotion, contact = self.devotion(climate), self.contact(climate)
        moved = devotion * (1.0 + n["order_weight"] * contact * orders)
        eager = loyalty * moved - n["cost_of_fighting"]
        share: float = _crowd_that_fights(
            loyalty * devotion, eager, contact, total, enemy, self.power, spread
        )
        return share

    def drawn_away(self, formation: Formation, climate: Climate) -> bool:
        """Whether a formation that stood aside would rather change sides (Crimea, not Prague).

        Orders do not enter: who stands aside as ordered is not a defector.
        """
        n = self._n
        pull = n["narrative_pull"] * climate.narrative_share - n["defect_cost"]
        return pull - formation.loyalty * self.devotion(climate) > self.noise(formation)
