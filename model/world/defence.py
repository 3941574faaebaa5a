"""The host's army under attack: who fights where, who comes to help, who melts away or changes sides.

Without orders a formation fights, if it does, where it stands; with orders to resist the willing ones
outside come to stormed and lost places. As places of the capital and comrades are lost, strain builds up,
and each formation melts away at a strain of its own (a commonplace of collapses: Panama 1989 within days,
Crimea 2014 in four weeks). An army that stands aside under orders and in contact with its command is spared
(Prague 1968). Who stood aside unordered may change sides after a while, if drawn by the coercer's story
(Crimea 2014).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from model.compiled import compiled
from model.numbers import section
from model.randomness import Luck
from model.world.forces import DRAWS, Climate, Formation, Will
from model.world.places import HOURS, Board, Place


@compiled(*["f8"] * 5, "i8", "i8", returns="Tuple((i8, f8))")
def worn(strain, rate, melts, defects, hours, first, last):  # type: ignore[no-untyped-def]
    """The tick of so many hours in which somebody leaves next (`last` for none before it), and the strain until then.

    rate: by which strain grows a tick; melts: strain, and defects: hour, at which somebody leaves.
    """
    for tick in range(first, last):
        if strain + rate >= melts or tick * hours >= defects:
            return tick, strain
        strain += rate
    return last, strain


class Defence:
    """The host's formations on a board. `strain`: days of full loss that they have lived through."""

    def __init__(self, board: Board, army: list[Formation], numbers: Mapping[str, float], luck: Luck) -> None:
        self._board, self._army, self._luck = board, army, luck
        self._n = section(numbers, "force")
        self.will = Will(numbers)
        self.initial = sum(f.strength for f in army)
        self.strain = 0.0
        self._mood_of = 0
        self._loss = self._strain_rate = 0.0
        self._next_leave = (math.inf, math.inf)

    def under_command(self, f: Formation) -> bool:
        """Whether the command still has a formation: not lost, and not standing aside in a lost place."""
        if f.stance != "aside":
            return f.present
        return f.place is None or not self._board.named[f.place].lost

    @property
    def strength(self) -> float:
        """Strength under command, share of the initial one; 0 where there never was an army."""
        return (
            sum(f.strength for f in self._army if self.under_command(f)) / self.initial
            if self.initial
            else 0.0
        )

    def set_moods(self, occasion: int) -> None:
        """Draw the noise of an occasion, once however many places are stormed on it."""
        if occasion != self._mood_of:
            self._mood_of = occasion
            moods = self._luck.normals(DRAWS["force_will"], occasion, 0, len(self._army)).tolist()
            for f, mood in zip(self._army, moods, strict=True):
                f.mood = mood

    def heed(self, climate: Climate, enemy: float, hour: float) -> None:
        """New orders: the formations outside get ready, and whoever is in it decides again."""
        if climate.orders > 0.0:
            for f in self._army:
                if f.stance == "barracks" and f.place is None:
                    f.stance = "alert"
                    self._board.ready(f, hour)
        if any(p.storm or p.lost for p in self._board.city):
            self.decide(climate, enemy, hour)

    def decide(self, climate: Climate, enemy: float, hour: float) -> None:
        """Play the threshold game: after a storm begins, a break, a place lost, or new orders."""
        resist = climate.orders > 0.0
        pool = [f for f in self._army if f.present and (resist or f.place or f.stance == "moving")]
        for f, fights in zip(pool, self.will.who_fights(pool, enemy, climate), strict=True):
            f.willing = fights
        for p in self._board.city:
            if p.storm or (p.lost and not p.coercers):
                for f in p.hosts:
                    if f.willing:
                        f.stance = "fighting"
                    elif f.stance != "aside":
                        self._stand_aside(f, p, hour)
        if resist:
            self._reinforce(hour)

    def _stand_aside(self, f: Formation, place: Place, hour: float) -> None:
        f.stance = "aside"
        if f.defects_at == math.inf:
            u = self._luck.uniform(DRAWS["force_defect"], 0, f.code, 0)
            f.defects_at = hour - math.log(u) * self._n["defect_days"] * HOURS
        self._board.say("stood_aside", hour, place.name, f.name, f.strength)

    def _reinforce(self, hour: float) -> None:
        """Willing formations outside go to the stormed or lost place where the host has least."""
        coming = {
            p.name: sum(f.strength for f in p.fighters()) for p in self._board.city if p.storm or p.lost
        }
        if not coming:
            return
        for f in self._army:
            if f.willing and f.place is None and f.stance in ("barracks", "alert"):
                name = min(coming, key=lambda k: coming[k])
                coming[name] += f.strength
                self._board.depart(f, name, self._board.ready(f, hour), self._board.hours(f, name))

    def wear(self, climate: Climate, hours: float, hour: float) -> bool:
        """Let strain grow for some hours as the capital stands now; returns whether a formation left.

        Call `reckon` after any change; between changes this costs next to nothing.
        """
        self.strain += self._strain_rate * hours
        melts, defects = self._next_leave
        if self.strain < melts and hour < defects:
            return False
        for f in self._army:
            if f.present and self.strain >= f.melts_at and self._strain_rate > 0.0:
                self._lose(f, "broken", "formation_broke", hour)
            elif f.stance == "aside" and f.defects_at <= hour:
                f.defects_at = math.inf
                if self.will.drawn_away(f, climate):
                    self._lose(f, "defected", "defected", hour)
        self.reckon(climate)
        return True

    def wear_on(self, climate: Climate, hours: float, first: int, last: int) -> tuple[int, bool]:
        """`wear` tick by tick, each of some hours, as long as nobody leaves: the tick after, and whether one left."""
        tick, self.strain = worn(
            self.strain, self._strain_rate * hours, *self._next_leave, hours, first, last
        )
        return (last, False) if tick == last else (tick + 1, self.wear(climate, hours, tick * hours))

    def feel(self, climate: Climate) -> None:
        """Rate of strain under a climate, with places and formations as they were last reckoned."""
        spared = self.will.contact(climate) if self._loss and climate.orders < 0.0 else 0.0
        self._strain_rate = self._loss * (1.0 - spared) / HOURS

    def reckon(self, climate: Climate) -> None:
        """Rate of strain (days of full loss an hour), and when the next formation would leave."""
        lost = sum(p.lost for p in self._board.city)
        self._loss = 0.0
        if lost:
            self._loss = lost / len(self._board.city) + (1.0 - self.strength if self.initial else 0.0)
        self.feel(climate)
        melts = min((f.melts_at for f in self._army if f.present), default=math.inf)
        self._next_leave = (
            melts,
            min((f.defects_at for f in self._army if f.stance == "aside"), default=math.inf),
        )

    def _lose(self, f: Formation, stance: str, kind: str, hour: float) -> None:
        where = f.place or ""
        self._board.leave(f)
        f.stance = stance
        self._board.say(kind, hour, where, f.name, f.strength)
