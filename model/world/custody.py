"""The detainee: where he is, who has him, and the chain that would bring him to the Court.

An order to surrender sets the intent, not the success. Links of the chain: a court order and an aircraft
(sought at the same time, each found at a rate per day), the ride to an airport that is neither surrounded
nor taken, permission to fly over, take-off, and nobody who forces the aircraft down. In the best case known
(Duterte, March 2025) 13.5 hours passed from arrest to take-off and 39 to The Hague.

Waiting times are exponential thresholds drawn once per link and attempt and used up by the days that pass
while the link is open, so that neither the length of the tick nor a closed airport changes a draw.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from model.numbers import section
from model.randomness import Luck
from model.world.forces import DRAWS
from model.world.places import HOURS, Happening

if TYPE_CHECKING:
    from model.world.theatre import Theatre

STATES = (
    "absent", "visiting", "held", "in_transit", "released", "freed", "surrendered", "died", "standoff", "left"
)  # fmt: skip
PLACES = ("none", "detention", "airport", "abroad", "court", "base", "home")
#: Draws of custody by item; the attempt is the tick of the key.
_ITEMS = {
    "court_order": 0,
    "aircraft": 1,
    "overflight": 2,
    "retry": 3,
    "interception": 4,
    "rescue": 5,
    "forced_down": 6,
    "standoff": 7,
    "standoff_end": 8,
    "standoff_death": 9,
    "found": 10,
}


class Custody:
    """The matter of the detainee. `state` is one of STATES, `place` one of PLACES.

    surrender_ordered: the intent to hand him over stands; hidden: he was moved to where nobody looks.
    may_be_forced_down: whether the coercer may use force in the air; overflight: chance that a request to cross the
    neighbours is granted, `overflight_expected` as all reckon before one was made. ever_held: he was in custody and not
    only surrounded; searched: troops looked for him where he is not. numbers: sampled ones, by dotted key.
    """

    def __init__(self, numbers: Mapping[str, float], luck: Luck) -> None:
        self._n, self._luck = section(numbers, "custody") | section(numbers, "arrest"), luck
        self.state, self.place = "absent", "none"
        self.surrender_ordered = self.hidden = False
        self.may_be_forced_down = True
        self.overflight = self.overflight_expected = self._n["overflight_chance"]
        self.ever_held = self.searched = False
        self._left: dict[str, float] = {}
        self._permitted = False
        self._tries = self._rescues = 0

    # What the host decides

    def visit(self) -> None:
        """The visitor is in the country, free."""
        self.state, self.place = "visiting", "none"

    def depart(self) -> None:
        """The visitor goes home, or never came."""
        self.state, self.place = "absent", "home"

    def arrest(self, day: float, how: str = "held") -> None:
        """The visitor is detained (`held`), surrounded with his guard (`standoff`), or leaves (`arrest_failed`)."""
        if how == "arrest_failed":
            self.state, self.place = "left", "home"
            return
        self.state, self.place = how, "detention"
        self.ever_held |= how == "held"
        if how == "standoff":
            self._left["standoff"] = self._wait("standoff", 0)

    def release(self, day: float) -> None:
        """The host lets him go; nothing happens where it no longer has him."""
        if self.in_hand:
            self.state, self.place, self.surrender_ordered = "released", "home", False

    def order_surrender(self, day: float) -> None:
        """Start the chain to the Court."""
        if self.in_hand and not self.surrender_ordered:
            self.surrender_ordered = True
            for link in ("court_order", "aircraft"):
                self._left.setdefault(link, self._wait(link, 0))

    def free(self, day: float) -> None:
        """The coercer, or a new government, has him."""
        if self.in_hand:
            self.state, self.place, self.surrender_ordered = "freed", "base", False

    @property
    def in_hand(self) -> bool:
        """Whether the host has him: surrounded, held, or on the way and not yet out of the country."""
        return self.state in ("held", "standoff") or (self.state == "in_transit" and self.place != "abroad")

    @property
    def pending(self) -> bool:
        """Whether somebody is there, held or on his way, so that it is open what becomes of him."""
        return self.state in ("visiting", "held", "standoff", "in_transit")

    # Time

    def step(
        self, day: float, dt_days: float, theatre: Theatre, news: Sequence[Happening] = ()
    ) -> list[Happening]:
        """Pass `dt_days`, given what force did in the same step (`news` of `Theatre.step`).

        Call it after the theatre's step. Tells the theatre where the detainee is.
        """
        said: list[Happening] = []
        if not self.in_hand and self.state != "in_transit":  # nobody is here to be freed, tried or flown out
            theatre.detainee_at = ""
            return said
        for h in news:
            if h.kind in ("rescue_succeeded", "rescue_failed") and self.in_hand:
                self._rescue(h, said)
        if theatre.sites_held_by_base and self.in_hand and not self.hidden and theatre.overrun(self.place):
            self.free(day)
        if self.state == "standoff":
            self._stand_off(day, dt_days, said)
        if self.state == "in_transit" or (self.state == "held" and self.surrender_ordered):
            self._chain(day, dt_days, theatre, said)
        theatre.detainee_at = self.place if self.in_hand else ""
        return said

    def _rescue(self, h: Happening, said: list[Happening]) -> None:
        """He is out, or still in; he may have died in the fight, but not where no shot fell."""
        self._rescues += 1
        if self.hidden and self._draw("found", self._rescues) < self._n["hidden"]:
            self.searched = True  # they stormed a place where he is not
            return
        won = h.kind == "rescue_succeeded"
        risk = self._n["death_in_rescue" if won else "death_in_failed_rescue"] if h.size > 0.0 else 0.0
        if self._draw("rescue", self._rescues) < risk:
            self._die(h.day, said)
        elif won:
            self.free(h.day)

    def die(self) -> None:
        """He dies in custody, of causes of his own."""
        self.state, self.place, self.surrender_ordered = "died", "none", False

    def _die(self, day: float, said: list[Happening]) -> None:
        said.append(Happening("detainee_died", day, self.place, size=1.0))
        self.die()

    def _stand_off(self, day: float, days: float, said: list[Happening]) -> None:
        """Surrounded with his guard: it ends with him in custody, on his way home, or dead."""
        left = self._left["standoff"]
        self._left["standoff"] = left - days
        if left > days:
            return
        if self._draw("standoff_death", 0) < self._n["standoff_death"]:
            self._die(day + left, said)
        elif self._draw("standoff_end", 0) < self._n["standoff_custody"]:
            self.arrest(day + left)
        else:
            said.append(Happening("arrest_failed", day + left, self.place))
            self.arrest(day + left, "arrest_failed")
            return
        if self.state == "held":
            said.append(Happening("taken_into_custody", day + left, self.place))

    def _chain(self, day: float, days: float, theatre: Theatre, said: list[Happening]) -> None:
        """Use the days up on one link after the other, as far as they are open."""
        if self.place in ("detention", "airport") and "flight" not in self._left:
            used = 0.0
            for link in ("court_order", "aircraft"):
                used = max(used, min(self._left[link], days))
                self._left[link] = max(0.0, self._left[link] - days)
            if self._left["court_order"] > 0.0 or self._left["aircraft"] > 0.0:
                return
            day, days = day + used, days - used
        if self.place == "detention":
            shut = any(p.shut for p in theatre.board.kinds("detention")) and not self.hidden
            if shut or not self._way_out(theatre):
                return
            ride = self._left.setdefault("ride", theatre.board.hours_between("detention", "airport") / HOURS)
            if ride > days:
                self._left["ride"] = ride - days
                return
            day, days = day + ride, days - ride
            self.state, self.place, self.hidden = "in_transit", "airport", False
            said.append(Happening("moved", day, "airport"))
        if self.place == "airport":
            if not self._way_out(theatre):
                return
            day, days = self._permission(day, days, said)
            if not self._permitted:
                return
            self._take_off(day, theatre, said)
        if self.place == "abroad":
            self._left["flight"] -= days
            if self._left["flight"] <= 0.0:
                said.append(Happening("surrendered", day + days + self._left["flight"], "court"))
                self.state, self.place = "surrendered", "court"

    @staticmethod
    def _way_out(theatre: Theatre) -> bool:
        return theatre.airport_blocked < 1.0 and theatre.airspace_control != "coercer"

    def _permission(self, day: float, days: float, said: list[Happening]) -> tuple[float, float]:
        """Ask for overflight, and again after a refusal. Returns day and days left when permitted."""
        while not self._permitted:
            wait = self._left.get("retry", 0.0)
            if wait > days:
                self._left["retry"] = wait - days
                return day + days, 0.0
            day, days = day + wait, days - wait
            self._tries += 1
            self.overflight_expected = self.overflight  # now it is known
            if self._draw("overflight", self._tries) < self.overflight:
                self._permitted = True
            else:
                said.append(Happening("overflight_refused", day))
                self._left["retry"] = self._wait("retry", self._tries)
        return day, days

    def _take_off(self, day: float, theatre: Theatre, said: list[Happening]) -> None:
        """In the air, unless forced down: then the coercer has him, or he is dead."""
        contested = theatre.airspace_control == "contested"
        risk = self._n["interception_contested" if contested else "interception_host"]
        if not (self.may_be_forced_down and theatre.garrison):
            risk = 0.0
        said.append(Happening("departed", day, "airport"))
        if self._draw("interception", 0) >= risk:
            self.state, self.place = "in_transit", "abroad"
            self._left["flight"] = self._n["flight_days"]
            return
        said.append(Happening("intercepted", day))
        if self._draw("forced_down", 0) < self._n["death_if_forced_down"]:
            self._die(day, said)
        else:
            self.free(day)

    def _draw(self, item: str, attempt: int) -> float:
        return self._luck.uniform(DRAWS["custody"], attempt, 0, _ITEMS[item])

    def _wait(self, link: str, attempt: int) -> float:
        """An exponential wait with the mean of the link, plus the least time that papers take."""
        least = self._n["papers_days"] if link == "court_order" else 0.0
        return least - math.log(self._draw(link, attempt)) * self._n[f"{link}_days"]

    # What the others reckon

    def expected_days_to_court(
        self, ordered: bool = True, bars: float = 0.0, supposed: bool = False
    ) -> float:
        """Mean days to the Court, as an outsider would reckon; infinite where nobody intends it.

        bars: how shut the way out is (airport, airspace), 0-1. supposed: reckon as if he were held in
        detention. In the air only the flight is left.
        """
        n = self._n
        if self.place == "abroad":
            return max(self._left["flight"], 0.0)
        if not (self.in_hand or supposed) or not (ordered or self.surrender_ordered):
            return math.inf
        a, b = n["court_order_days"], n["aircraft_days"]
        found = a + b - a * b / (a + b) + n["papers_days"] if supposed or self.place == "detention" else 0.0
        if self.overflight_expected <= 0.0 and not self._permitted:
            return math.inf
        refused = (1.0 / max(self.overflight_expected, 1e-6) - 1.0) * n["retry_days"]
        return found + refused + n["flight_days"] + bars * n["bar_days"]

    def expected_rate(self, ordered: bool = True, bars: float = 0.0, supposed: bool = False) -> float:
        """Rate per day at which he would get out of reach, refusals and interception counted."""
        days = self.expected_days_to_court(ordered, bars, supposed)
        return (1.0 - self._n["interception_host"]) / days if math.isfinite(days) and days > 0.0 else 0.0
