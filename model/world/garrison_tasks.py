"""What the garrison can be told to do, and how it goes about it: who sets out for which place, and when.

alert: get ready. blockade: airport and detention surrounded, nobody storms. rescue: storm the place where the
detainee is. seizure: storm the government quarter (or the seat of a province) and the broadcaster. airspace:
take the air-defence node. withdraw.
A formation obeys an order to deploy with a chance equal to its loyalty, drawn once per order.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from model.numbers import section
from model.randomness import Luck
from model.world.forces import DRAWS, Formation
from model.world.places import Board, Place

TASKS = ("alert", "blockade", "rescue", "seizure", "airspace", "withdraw")
#: Tasks in which the garrison storms the places it goes to.
STORMS = ("rescue", "seizure", "airspace", "initiative")
#: Kinds of place that a task goes for; a rescue goes where the detainee is.
TARGETS = {
    "blockade": ("airport", "detention"),
    "seizure": ("government_quarter", "province", "broadcaster"),
    "airspace": ("air_defence",),
}
_CODES = {name: code for code, name in enumerate((*TASKS, "initiative"))}


class Tasks:
    """Orders of the garrison that wait for their hour, and the formations that carry them out."""

    def __init__(
        self, board: Board, garrison: list[Formation], numbers: Mapping[str, float], luck: Luck
    ) -> None:
        self._board, self._garrison, self._luck = board, garrison, luck
        self._n = section(numbers, "force")
        self._pending: list[tuple[float, int, str, str]] = []
        self._serial = 0
        self._attempts = dict.fromkeys(_CODES, 0)
        self._patience = 0.0

    def __bool__(self) -> bool:
        """Whether an order still waits."""
        return bool(self._pending)

    def contested(self, until: float) -> bool:
        """Whether before an hour somebody is due to set out, is on the way, storms, or fights for what is lost."""
        if (self._pending and self._pending[0][0] < until) or self._board.moving:
            return True
        return any(
            p.storm or (p.fighters() if p.lost else p.coercers and p.task in STORMS) for p in self._board.city
        )

    def enter(self, task: str, hour: float, place: str) -> None:
        """Take an order for an hour to come."""
        self._serial += 1
        self._pending.append((hour, self._serial, task, place))
        self._pending.sort()

    def fall_due(self, hour: float, detainee_at: str) -> bool:
        """Begin what is ordered for this hour or earlier; returns whether there was anything."""
        before = len(self._pending)
        while self._pending and self._pending[0][0] <= hour + 1e-9:
            _, _, task, place = self._pending.pop(0)
            self._begin(task, place, hour, detainee_at)
        return len(self._pending) < before

    def _begin(self, task: str, place: str, hour: float, detainee_at: str) -> None:
        self._attempts[task] += 1
        usable = [f for f in self._garrison if f.present]
        if task == "alert":
            for f in usable:
                if f.stance == "barracks":
                    f.stance = "alert"
                    self._board.ready(f, hour)
            self._board.say("alert", hour, size=sum(f.strength for f in usable))
        elif task == "withdraw":
            self._withdraw(usable, hour)
        else:
            number = self._attempts[task]
            kinds = (detainee_at,) if task == "rescue" else TARGETS[task]
            goals = [
                p for p in self._board.kinds(*kinds) if place in ("", p.name) and not p.lost and not p.storm
            ]
            if task == "blockade":
                goals = [p for p in goals if p.task not in STORMS]
            self._assign(task, number, goals, [f for f in usable if self._obeys(f, task, number)], hour)

    def _obeys(self, f: Formation, task: str, number: int) -> bool:
        if f.stance == "fighting":
            return False
        return self._luck.uniform(DRAWS["force_obey"], number, f.code, _CODES[task]) < f.loyalty

    def _assign(
        self, task: str, number: int, goals: list[Place], usable: Sequence[Formation], hour: float
    ) -> None:
        """Share the effort out over the goals: who is there stays; then who is free and nearest goes."""
        if not goals or not usable:
            return
        effort = self._n["airspace_effort"] if task == "airspace" else self._n["main_effort"]
        quota = effort * sum(f.strength for f in usable) / len(goals)
        groups: dict[str, list[Formation]] = {p.name: [] for p in goals}
        filled = {p.name: 0 for p in goals}

        def order(f: Formation) -> tuple[bool, bool, float, str]:
            busy = f.place is not None or f.stance == "moving"
            return f.place not in groups, busy, self._board.hours(f, goals[0].name) + f.readiness, f.name

        for f in sorted(usable, key=order):
            name = f.place if f.place in groups else min(filled, key=lambda k: filled[k])
            assert name is not None
            if f.place == name or filled[name] < quota:
                groups[name].append(f)
                filled[name] += f.strength
        for p in goals:
            self._set_out(task, number, p, groups[p.name], hour)

    def _set_out(self, task: str, number: int, place: Place, group: list[Formation], hour: float) -> None:
        """A group sets out; it storms when all are there, or when the first have waited long enough."""
        if not group:
            return
        place.task, place.inadvertent = task, task == "initiative"
        place.occasion = number * len(_CODES) + _CODES[task]
        coming = []
        for f in group:
            if f.place != place.name:
                self._board.depart(
                    f, place.name, self._board.ready(f, hour), self._board.hours(f, place.name)
                )
            coming.append(hour if f.place == place.name else f.arrives)
        place.storm_at = min(max(coming), min(coming) + self._n["assembly_hours"])

    def _withdraw(self, usable: Sequence[Formation], hour: float) -> None:
        """All go home; what they held is the host's again, and its captives are free."""
        for f in usable:
            if f.stance == "alert":
                f.stance, f.ready_at = "barracks", math.inf
            elif f.stance != "barracks":
                self._board.go_home(f, hour)
        for p in self._board.city:
            p.stand_down()
            p.holder = "host"
            for f in p.hosts:
                f.stance = "deployed"
        self._board.say("withdrawn", hour, size=sum(f.strength for f in usable))

    def initiative(self, hour: float, dt_days: float, luck: Luck, detainee_at: str) -> bool:
        """A commander under alert or at a blockade may act unordered; returns whether one did.

        The hazard wears down an exponential threshold, so that the path does not depend on the tick.
        """
        ready = [
            f
            for f in self._garrison
            if f.stance == "alert" or (f.stance == "deployed" and not self._at(f).lost)
        ]
        if not ready:
            return False
        number = self._attempts["initiative"]
        if self._patience <= 0.0:
            self._patience = -math.log(luck.uniform(DRAWS["force_initiative"], number, 0, 0))
        self._patience -= self._n["initiative_rate"] * len(ready) * dt_days
        if self._patience > 0.0:
            return False
        self._attempts["initiative"] += 1
        who = min(ready, key=lambda f: (f.place is None, f.code))
        goals = (
            [self._at(who)] if who.place else self._board.kinds(detainee_at) or self._board.kinds("airport")
        )
        goals = [p for p in goals if not p.lost and not p.storm and p.task not in STORMS]
        if not goals:
            return False
        self._set_out("initiative", number + 1, goals[0], [who], hour)
        self._board.say("local_initiative", hour, goals[0].name, who.name, who.strength, True)
        return True

    def _at(self, f: Formation) -> Place:
        assert f.place is not None
        return self._board.named[f.place]
