"""Places, the roads between them, and who is where: an abstract board, not a map.

Every place of the capital lies some hours from its middle; formations from elsewhere come in by that middle.
A place is held by the host, by the coercer or by nobody. Places outside the capital (border, depot) are not
fought over: they are the host's as long as its army holds together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from model.world.forces import Formation, code_of

if TYPE_CHECKING:
    from model.scenario import PlaceSpec

HOURS = 24.0
#: Kinds of place in the capital: guarded from the start, reached by roads, fought over.
CITY = ("government_quarter", "province", "detention", "airport", "broadcaster", "air_defence")


class Happening(NamedTuple):
    """Something that force did or suffered.

    kind: alert, troops_arrive, blockade_begins, assault_begins, assault_failed, place_taken, place_retaken,
    rescue_succeeded, rescue_failed, stood_aside, formation_broke, defected, withdrawn, local_initiative, and
    from custody moved, departed, intercepted, overflight_refused, surrendered, detainee_died,
    taken_into_custody, arrest_failed.
    day: since the start of the run. size: persons; for a place taken, retaken or repelled 1 if shots fell.
    """

    kind: str
    day: float
    place: str = ""
    formation: str = ""
    size: float = 0.0
    inadvertent: bool = False


class Place:
    """A place and what goes on there.

    holder: "host", "coercer" or None. task: what the garrison is here for. storm_at: hour at which it storms;
    storm: it does. hours_left: hours that the side alone in the place still needs to hold it, of `takeover`.
    edge: fortune of the fight, for the coercer. fought: shots fell in the present storm.
    """

    def __init__(self, kind: str, name: str) -> None:
        self.kind, self.name, self.code = kind, name, code_of(name)
        self.city = kind in CITY
        self.holder: str | None = "coercer" if kind == "base" else "host"
        self.coercers: list[Formation] = []
        self.hosts: list[Formation] = []
        self.task, self.occasion, self.inadvertent = "", 0, False
        self.storm_at = math.inf
        self.storm = self.fought = False
        self.hours_left = self.takeover = 0.0
        self.edge = 1.0

    @property
    def lost(self) -> bool:
        """Whether the coercer has taken a place that was not its own."""
        return self.holder == "coercer" and self.kind != "base"

    @property
    def shut(self) -> bool:
        """Whether nobody gets in or out against the coercer's will: taken, stormed or surrounded."""
        return self.lost or bool(self.coercers)

    def ranks(self, formation: Formation) -> list[Formation]:
        """The formations here of the same side."""
        return self.coercers if formation.side == "coercer" else self.hosts

    def fighters(self) -> list[Formation]:
        """The host's formations that fight here."""
        return [f for f in self.hosts if f.stance == "fighting"]

    def stand_down(self) -> None:
        """End a storm and whatever was planned here."""
        self.storm, self.task, self.storm_at = False, "", math.inf


class Board:
    """All places, the hours between them, who is on the way, and what has happened in the present step.

    Times are hours since the start of the run.
    """

    def __init__(self, places: Iterable[PlaceSpec], numbers: Mapping[str, float]) -> None:
        self.places = [Place(p.kind, p.name) for p in places]
        self.city = [p for p in self.places if p.city]
        self.named = {p.name: p for p in self.places}
        self._road = {p.name: numbers[f"roads.{p.kind}"] for p in self.city}
        self.moving: list[Formation] = []
        self.news: list[Happening] = []

    def say(
        self, kind: str, hour: float, place: str = "", who: str = "", size: float = 0.0, by: bool = False
    ) -> None:
        """Note a happening."""
        self.news.append(Happening(kind, hour / HOURS, place, who, float(size), by))

    def kinds(self, *kinds: str) -> list[Place]:
        """The places of the capital of some kinds."""
        return [p for p in self.city if p.kind in kinds]

    def hours_between(self, one: str, other: str) -> float:
        """Hours on the road between the first places of two kinds; 0 where one is not on the board."""
        a, b = self.kinds(one), self.kinds(other)
        return self._road[a[0].name] + self._road[b[0].name] if a and b and one != other else 0.0

    def hours(self, f: Formation, place: str) -> float:
        """Hours that a formation needs to a place from where it is."""
        if f.place == place:
            return 0.0
        return (self._road[f.place] if f.place else f.hours_to_capital) + self._road[place]

    def ready(self, f: Formation, hour: float) -> float:
        """Hour at which a formation can leave, getting ready from now on if it was not."""
        if f.ready_at == math.inf:
            f.ready_at = hour + f.readiness
        return max(hour, f.ready_at)

    def post(self, f: Formation, place: Place) -> None:
        """Put a formation at a place of the capital from the start."""
        f.place, f.hours_to_capital = place.name, 0.0
        place.hosts.append(f)

    def depart(self, f: Formation, target: str | None, leaves: float, hours: float) -> None:
        """Send a formation off to a place, or to barracks (None)."""
        self.leave(f)
        f.stance, f.target, f.arrives = "moving", target, leaves + hours
        self.moving.append(f)

    def go_home(self, f: Formation, hour: float) -> None:
        """Send a formation back to its barracks."""
        self.depart(f, None, hour, (self._road[f.place] if f.place else 0.0) + f.hours_to_capital)

    def leave(self, f: Formation) -> None:
        """Take a formation off its place or off the road."""
        if f.place:
            self.named[f.place].ranks(f).remove(f)
        if f in self.moving:
            self.moving.remove(f)
        f.place, f.target, f.arrives = None, None, math.inf

    def arrivals(self, hour: float) -> list[tuple[Formation, Place | None]]:
        """The formations that have arrived by now, put in their places (None: in barracks)."""
        there = [f for f in self.moving if f.arrives <= hour]
        result: list[tuple[Formation, Place | None]] = []
        for f in there:
            target = f.target
            self.leave(f)
            if target is None:
                f.stance, f.ready_at = "barracks", math.inf
                result.append((f, None))
            else:
                place = self.named[target]
                f.place, f.stance = target, "deployed"
                place.ranks(f).append(f)
                result.append((f, place))
        return result
