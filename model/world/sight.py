"""What can be seen of force from outside: strengths, places held, who controls the air, chances of success.

Actors, milestones and the record read force through this. Nothing here moves anybody.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Generic, NamedTuple, TypeVar

from model.world.attrition import Attrition
from model.world.defence import Defence
from model.world.forces import LOST, Climate, Formation, ratio_contest
from model.world.garrison_tasks import TARGETS
from model.world.places import Board

T = TypeVar("T")


class Muster(NamedTuple):
    """The army that could meet a task (effective strength there, in all; loyal persons, persons), and the enemy's."""

    there: float
    total: float
    devoted: float
    people: float
    ours: float


class kept(Generic[T]):  # noqa: N801 (reads as the decorator that it is)
    """A property of the theatre that is worked out once and then a plain attribute, until force moves again."""

    def __init__(self, method: Callable[[Sight], T]) -> None:
        self._method, self._name = method, method.__name__
        self.__doc__ = method.__doc__

    def __get__(self, theatre: Sight, owner: type) -> T:
        found = theatre.__dict__[self._name] = self._method(theatre)
        return found


class Sight:
    """Force as seen from outside; `Theatre` fills it and lets it move.

    board: places and formations on them. garrison, army: formations of either side. defence, attrition: rules of
    the host's army and of losses. climate: orders, pay and stories as the soldiers know them. detainee_at: kind of
    place where the detainee is, or "".
    """

    board: Board
    garrison: list[Formation]
    army: list[Formation]
    defence: Defence
    attrition: Attrition
    climate: Climate
    detainee_at: str
    _restless: bool
    _n: Mapping[str, float]
    _mustered: dict[tuple[str, bool, str], Muster]
    _reckoned: dict[tuple[str, float, str], float]

    def look_again(self, *only: str) -> None:
        """Force has moved: what was seen of it (or `only` some of it) is worked out anew when next asked for."""
        for name in only or _SEEN:
            self.__dict__.pop(name, None)
        if only:
            return
        self._mustered.clear()
        self._reckoned.clear()

    def enemy_strength(self) -> float:
        """Effective strength of the garrison: all that a case calls one, however long its way."""
        return self.attrition.power([f for f in self.garrison if f.present])

    def win_chance(self, task: str, orders: float | None = None, supposed: str = "") -> float:
        """Chance that a rescue or a seizure ordered now succeeds, as an outsider would reckon: closed form.

        orders: those that the host's army is expected to have (default: those in force). supposed: kind of place
        where a detainee would be, if one were held; nobody can be rescued where nobody is held. A ratio contest
        between the garrison's main effort and the part of the army expected to fight: those in the capital
        for a seizure; those at the place and a part of the others for a rescue; under orders to resist, a
        part of those outside as well. 0 without a garrison or a place to go for; increasing in the
        garrison's strength. Kept until force or the climate changes, since actors ask often.
        """
        key = task, self.climate.orders if orders is None else float(orders), self.detainee_at or supposed
        if key not in self._reckoned:
            self._reckoned[key] = self._reckon(*key)
        return self._reckoned[key]

    def _reckon(self, task: str, orders: float, detainee_at: str) -> float:
        there, total, devoted, people, ours = self._muster(task, orders > 0.0, detainee_at)
        if ours <= 0.0:
            return 0.0
        if people <= 0.0:
            return 1.0
        ground, will = self._n["defence_advantage"], self.defence.will
        share = will.expected_share(devoted / people, ground * total, ours, self.climate, orders)
        return ratio_contest(self._effort, share * ground * there, will.power)

    def _muster(self, task: str, resisting: bool, detainee_at: str) -> Muster:
        """What either side could bring to a task, whatever its soldiers feel; the coercer nothing without a goal."""
        key = task, resisting, detainee_at
        if key not in self._mustered:
            rescue = task == "rescue"
            goals = self.board.kinds(*((detainee_at,) if rescue else TARGETS["seizure"]))
            there = total = devoted = people = 0.0
            for f in self.army if goals else ():
                if f.present and (f.place or resisting):
                    worth = f.strength * f.effect
                    full = f.place == goals[0].name if rescue else f.place is not None
                    there += worth if full else worth * self._n["help_share"]
                    total += worth
                    devoted += f.loyalty * f.strength
                    people += f.strength
            ours = self.enemy_strength() if goals else 0.0
            self._mustered[key] = Muster(there, total, devoted, people, ours)
        return self._mustered[key]

    @kept
    def _effort(self) -> float:
        """Effective strength of the garrison's main effort, those left out who would not obey."""
        loyal = math.fsum(f.loyalty * f.strength for f in self.garrison) / sum(
            f.strength for f in self.garrison
        )
        return self.enemy_strength() * self._n["main_effort"] * loyal

    @kept
    def base_posture(self) -> str:
        """Posture of the garrison: barracks, alert, deployed, assault or occupying."""
        if any(p.storm for p in self.board.city):
            return "assault"
        if any(p.lost for p in self.board.city):
            return "occupying"
        if any(f.stance in ("moving", "deployed") for f in self.garrison):
            return "deployed"
        return "alert" if any(f.stance == "alert" for f in self.garrison) else "barracks"

    @kept
    def armour_in_capital(self) -> bool:
        """Whether a formation of the garrison is deployed in the capital."""
        return any(p.coercers for p in self.board.city)

    @kept
    def sites_held_by_base(self) -> int:
        """Places held by the garrison beyond its own base."""
        return sum(p.lost for p in self.board.places)

    @kept
    def storming(self) -> bool:
        """Whether a place of the capital is under storm."""
        return any(place.storm for place in self.board.city)

    @property
    def seizing(self) -> bool:
        """Whether troops are still out to take the seat of power."""
        return any(p.task == "seizure" and p.coercers and not p.lost for p in self.board.city)

    @property
    def restless(self) -> bool:
        """Whether orders wait, somebody is on the way, or a place is stormed, surrounded or taken."""
        return self._restless

    def holds(self, kind: str) -> bool:
        """Whether the coercer has taken a place of this kind."""
        return any(p.lost for p in self.board.places if p.kind == kind)

    def overrun(self, kind: str) -> bool:
        """Whether the coercer has taken every place of this kind of which there is one."""
        places = self.board.kinds(kind)
        return bool(places) and all(p.lost for p in places)

    @kept
    def territory_held(self) -> float:
        """Share of the country's places the host holds; those outside the capital slip away with the army."""
        places = [p for p in self.board.places if p.kind != "base"]
        slipped = bool(self.army) and self.army_strength < self._n["outlying_share"]
        held = sum(p.holder == "host" and not (slipped and not p.city) for p in places)
        return held / len(places) if places else 1.0

    @kept
    def army_strength(self) -> float:
        """Strength under command against the initial one; 0 where there is no army."""
        return self.defence.strength

    @kept
    def army_cohesion(self) -> float:
        """Mean cohesion of the army's formations by initial strength, 0-1; 0 where there is no army."""
        strain, standing = self.defence.strain, self._standing
        if strain > 0.0:
            whole = math.fsum(
                [
                    initial * (left * (1.0 - strain / melts_at))
                    for initial, left, melts_at in standing
                    if strain < melts_at
                ]
            )
        else:
            whole = math.fsum([initial * left for initial, left, _ in standing])
        return whole / self.defence.initial if self.defence.initial else 0.0

    @kept
    def _standing(self) -> list[tuple[int, float, float]]:
        """Initial strength, what losses have left of its cohesion, and melting point of each formation not lost."""
        return [(f.initial, f.cohesion(0.0), f.melts_at) for f in self.army if f.stance not in LOST]

    @kept
    def army_resisting(self) -> float:
        """Share of the remaining strength under command that fights or is on its way to a fight."""
        left = [f for f in self.army if self.defence.under_command(f)]
        fights = sum(f.strength for f in left if f.stance in ("fighting", "moving"))
        return fights / sum(f.strength for f in left) if fights else 0.0

    @kept
    def killed_base(self) -> int:
        """Soldiers of the garrison killed so far."""
        return sum(f.killed for f in self.garrison)

    @kept
    def killed_army(self) -> int:
        """Soldiers of the host killed so far."""
        return sum(f.killed for f in self.army)

    @property
    def captured(self) -> int:
        """Soldiers of the host in formations that broke or stand aside in lost places."""
        return sum(
            f.strength for f in self.army if f.stance != "defected" and not self.defence.under_command(f)
        )

    @property
    def defected(self) -> int:
        """Soldiers of the host who changed sides."""
        return sum(f.strength for f in self.army if f.stance == "defected")

    @kept
    def airport_blocked(self) -> float:
        """Share of airports with no flights because of force: surrounded, stormed or taken."""
        airports = self.board.kinds("airport")
        return sum(p.shut for p in airports) / len(airports) if airports else 0.0

    @kept
    def airspace_control(self) -> str:
        """Who controls the airspace by way of the air-defence node: host, contested or coercer."""
        nodes = self.board.kinds("air_defence")
        if any(p.lost for p in nodes):
            return "coercer"
        return "contested" if any(p.shut for p in nodes) else "host"

    @kept
    def garrison_strength(self) -> int:
        """Persons of the garrison who can still be given orders."""
        return sum(f.strength for f in self.garrison if f.present)


_SEEN = tuple(name for name, what in vars(Sight).items() if isinstance(what, kept))
