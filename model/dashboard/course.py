"""The course of one run, day by day: the model, moved a step at a time, and what is seen of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.scenario import Scenario
from model.settings import Settings

if TYPE_CHECKING:
    import numpy as np

    from model.simulation import EscalationModel

#: milestones that are nobody's act -> as a sentence
CAME_ABOUT = {
    "days_to_force": "Force is used",
    "days_to_airport_closed": "The airport is closed",
    "days_to_airport_reopened": "The airport opens again",
    "days_to_armour_in_capital": "Armour is in the capital",
    "days_to_ministries_seized": "The government quarter is taken",
    "days_to_airspace_lost": "The airspace is lost",
    "days_to_army_collapse": "The army has collapsed",
    "days_to_end": "The matter of the detainee ends",
    "days_to_remittance_dip": "Remittances have dipped",
    "days_to_remittance_collapse": "Remittances have collapsed",
    "days_to_paralysis": "The economy is paralysed",
    "days_to_unrest": "Unrest begins",
}
#: state of the matter -> as a sentence
MATTER = {
    "absent": "Nobody is held",
    "visiting": "The guest is in town, free",
    "held": "The guest is held",
    "in_transit": "The detainee is on his way to the Court",
    "released": "The detainee was released",
    "freed": "The detainee was freed by force",
    "surrendered": "The detainee was surrendered to the Court",
    "died": "The detainee has died",
    "standoff": "The arrest is contested: a stand-off",
    "left": "The guest has left",
}
TICK = 1e-9


@dataclass(frozen=True)
class Site:
    """A place as it stands: who holds it, how many of either side are there, and whether it is fought over."""

    kind: str
    name: str
    holder: str  # host, coercer, or nobody where the army no longer reaches
    coercers: int = 0
    hosts: int = 0
    storm: bool = False
    surrounded: bool = False
    coming: int = 0


@dataclass(frozen=True)
class Act:
    """A line of the feed: when, who did what; `kind` is the class of the act, or "" for what came about."""

    day: float
    actor: str
    text: str
    kind: str


class Course:
    """One run of a scenario under one luck, from day 0 on.

    The model is made with the first step, since loading it takes longer than showing where all begins.
    """

    def __init__(self, scenario: Scenario, settings: Settings, replicate: int) -> None:
        self.scenario, self.settings, self.replicate = scenario, settings, replicate
        self._model: EscalationModel | None = None

    @property
    def model(self) -> EscalationModel:
        """The model behind the course, made now if it was not."""
        if self._model is None:
            from model.simulation import EscalationModel

            self._model = EscalationModel(self.scenario, None, self.replicate, self.settings)
        return self._model

    @property
    def day(self) -> float:
        """Days since the visit, with their fraction."""
        return self._model.day if self._model is not None else 0.0

    @property
    def over(self) -> bool:
        """Whether the horizon is reached."""
        return self.day >= self.settings.days - TICK

    def go_to(self, day: float) -> None:
        """Step until a day (or the horizon) is reached."""
        while self.day < min(day, self.settings.days) - TICK:
            self.model.step()

    def close(self) -> None:
        """Let the model be forgotten."""
        if self._model is not None:
            self._model.release()

    # What is seen

    @property
    def days(self) -> int:
        """Whole days that are over, each with a value of every series."""
        return int(self.day + TICK)

    def series(self, name: str) -> np.ndarray | None:
        """A series of the days so far, None where the case has none such or no day is over."""
        if self._model is None or not self.days:
            return None
        column = self._model.record.series.get(name)
        return None if column is None else column[: self.days]

    @property
    def matter(self) -> str:
        """How the matter of the detainee stands."""
        return MATTER[self._model.custody.state if self._model is not None else "absent"]

    @property
    def in_power(self) -> bool:
        """Whether the government is in power."""
        return self._model is None or self._model.crisis.in_power

    @property
    def posture(self) -> str:
        """Posture of the base; barracks before the first step."""
        return self._model.theatre.base_posture if self._model is not None else "barracks"

    @property
    def airspace(self) -> str:
        """Who controls the airspace: host, contested or coercer."""
        return self._model.theatre.airspace_control if self._model is not None else "host"

    @property
    def dead(self) -> int:
        """Killed on all sides so far."""
        if self._model is None:
            return 0
        theatre = self._model.theatre
        return theatre.killed_base + theatre.killed_army + theatre.killed_civilian

    @property
    def detainee_at(self) -> str:
        """Kind of the place where the detainee is held, or ""."""
        if self._model is None or self._model.custody.state not in ("held", "in_transit", "standoff"):
            return ""
        return self._model.custody.place

    def sites(self) -> list[Site]:
        """Every place of the case as it stands."""
        if self._model is None:
            return [
                Site(place.kind, place.name, "coercer" if place.kind == "base" else "host")
                for place in self.scenario.places
            ]
        theatre, numbers = self._model.theatre, self._model.numbers
        # places outside the capital slip away with the army, as in `Sight.territory_held`
        slipped = bool(theatre.army) and theatre.army_strength < numbers["force.outlying_share"]
        in_barracks = [f for f in theatre.garrison if f.present and f.place is None and f.stance != "moving"]
        sites = []
        for place in theatre.board.places:
            lost = slipped and not place.city and place.holder == "host"
            inside = place.coercers if place.kind != "base" else in_barracks
            coming = [f for f in theatre.board.moving if f.target == place.name and f.side == "coercer"]
            sites.append(
                Site(
                    place.kind, place.name, "nobody" if lost or place.holder is None else place.holder,
                    sum(f.strength for f in inside), sum(f.strength for f in place.hosts),
                    place.storm, bool(place.coercers) and not place.lost and not place.storm,
                    sum(f.strength for f in coming),
                )
            )  # fmt: skip
        return sites

    def acts(self) -> list[Act]:
        """What was done and what came about, newest first."""
        if self._model is None:
            return []
        labels = {actor.name: actor.label for actor in self.scenario.actors}
        record = self._model.record
        found = [
            Act(
                event.day,
                labels.get(event.actor, event.actor),
                event.action.label + (" (unordered)" if event.inadvertent else ""),
                event.action.kind,
            )
            for event in record.events
        ]
        found += [
            Act(day, "", text, "")
            for name, text in CAME_ABOUT.items()
            if (day := record.milestones.get(name)) is not None
        ]
        return sorted(found, key=lambda act: act.day)[::-1]


def together(courses: Iterable[Course], day: float) -> None:
    """Bring several runs to the same day."""
    for course in courses:
        course.go_to(day)
