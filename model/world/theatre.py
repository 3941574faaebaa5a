"""The theatre: the clock of force, the contest for each place, and what the rest of the model sees of it.

Force keeps a clock of its own (`force.clock_hours`): whatever the length of the model's tick, the same
hours are worked through with the same luck, so that halving the tick changes nothing but what others do in
between. An hour in which nothing is ordered, nobody is on the way and nothing is contested costs next to
nothing.

A place changes hands when only one side that wants it has been left there for some hours; undefended places
therefore fall within the time it takes to get there and take over (Prague 7 hours, Caracas 2.5). The guard of
the detainee are the host's formations at that place. Civilians die in proportion to the soldiers who do, and,
as in Prague, at a low rate wherever troops occupy a capital.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, TypeVar, cast

from model.randomness import Luck
from model.world.defence import Defence
from model.world.forces import (
    DRAWS,
    Attrition,
    Climate,
    Formation,
    numbers_of,
    raise_formations,
    ratio_contest,
)
from model.world.garrison_tasks import STORMS, TARGETS, TASKS, Tasks
from model.world.places import HOURS, Board, Happening, Place

if TYPE_CHECKING:
    from model.scenario import ActorSpec, PlaceSpec

T = TypeVar("T")


def kept(method: Callable[[Theatre], T]) -> property:
    """A property of the theatre that is worked out again only when force has moved."""
    name = method.__name__

    @wraps(method)
    def read(theatre: Theatre) -> T:
        seen = theatre._seen
        if name not in seen:
            seen[name] = method(theatre)
        return cast("T", seen[name])

    return property(read)


class Theatre:
    """Forces, places and fights of one run.

    actors, places: those of the scenario (any number of either, also none). numbers: sampled numbers by
    dotted key. switches: "combat" is lanchester_square, lanchester_linear or none. detainee_at: kind of place
    where the detainee is, or "" (told by custody). displaced, killed_civilian: persons.
    """

    def __init__(
        self,
        actors: Iterable[ActorSpec],
        places: Iterable[PlaceSpec],
        numbers: Mapping[str, float],
        luck: Luck,
        switches: Mapping[str, str],
    ) -> None:
        self._n, self._luck, self._combat = numbers_of("force", numbers), luck, switches["combat"]
        self.board = Board(places, numbers)
        self.garrison: list[Formation] = []
        self.army: list[Formation] = []
        posted: list[Formation] = []
        for actor in actors:
            if actor.role == "garrison":
                self.garrison += raise_formations(actor.name, "coercer", numbers, luck)
            elif actor.role == "army":
                raised = raise_formations(actor.name, "host", numbers, luck)
                self.army += raised
                posted += raised[: round(numbers[f"{actor.name}.capital_share"] * len(raised))]
        for i, f in enumerate(posted):
            if self.board.city:
                self.board.post(f, self.board.city[i % len(self.board.city)])
        self.tasks = Tasks(self.board, self.garrison, numbers, luck)
        self.defence = Defence(self.board, self.army, numbers, luck)
        self.attrition = Attrition(numbers, self._combat)
        self.climate = Climate()
        self.detainee_at = ""
        self.displaced, self.killed_civilian = 0.0, 0
        self._civil_harm, self._civil_rate = 0.0, 0.0
        self._civil_offset = luck.uniform(DRAWS["force_fight"], 0, 0, 0)
        self._clock = self._n["clock_hours"]
        self._restless = self._changed = False
        self._reckoned: dict[tuple[str, float, str], float] = {}
        self._seen: dict[str, object] = {}

    # Orders and time

    def _tick(self, day: float) -> int:
        """First tick of force's own clock at or after a day."""
        return math.ceil(day * HOURS / self._clock - 1e-9)

    def order(self, task: str, day: float, lead_days: float = 0.0, place: str = "") -> None:
        """Order the garrison to a task from `day + lead_days` on; `place` narrows it to one place.

        Raises ValueError for a task that is not in TASKS.
        """
        if task not in TASKS:
            raise ValueError(f"no task {task!r}; tasks are {', '.join(TASKS)}")
        if self.garrison:
            self.tasks.enter(task, self._tick(day + lead_days) * self._clock, place)
            self._restless = True
            self._seen.clear()

    def local_initiative(self, day: float, dt_days: float, luck: Luck) -> list[Happening]:
        """A commander under alert or at a blockade may storm unordered; call once a tick, before `step`."""
        self.board.news = []
        if self.tasks.initiative(self._tick(day) * self._clock, dt_days, luck, self.detainee_at):
            self._restless = True
            self._seen.clear()
        return self.board.news

    def step(self, day: float, dt_days: float, climate: Climate) -> list[Happening]:
        """Let force move and fight from `day` to `day + dt_days`; returns what happened, in order."""
        turned = climate.orders != self.climate.orders and bool(self.army)
        if climate != self.climate:
            self._reckoned.clear()
            self._changed = True
        self.climate = climate
        if self.displaced > 0.0:
            self.displaced *= math.exp(-dt_days / self._n["displaced_return_days"])
        if not (self._restless or turned):
            return []
        self.board.news = []
        first, last = self._tick(day), self._tick(day + dt_days)
        if turned:
            self.defence.heed(climate, self.enemy_in_reach(), first * self._clock)
            self._changed = True
        self._reckoned.clear()
        for tick in range(first, last):
            self._hour(tick * self._clock)
        self._restless = bool(self.tasks or self.board.moving) or any(p.shut for p in self.board.city)
        self._seen.clear()
        return self.board.news

    def _hour(self, hour: float) -> None:
        board = self.board
        if self.tasks and self.tasks.fall_due(hour, self.detainee_at):
            self._changed = True
        if board.moving:
            self._arrive(hour)
        for p in board.city:
            if p.task or p.storm or p.lost:
                self._contest(p, hour)
        if self._changed:
            self._changed = False
            self.defence.reckon(self.climate)
            troops = sum(f.strength for p in board.city for f in p.coercers)
            self._civil_rate = troops * self._n["civilians_per_1000_days"] / 1000.0 / HOURS
        if self.defence.wear(self.climate, self._clock, hour):
            self._changed = True
        if self._civil_rate:
            self._civilians(self._civil_rate * self._clock)

    # The contest for a place

    def _arrive(self, hour: float) -> None:
        """Formations come in and take part in a fight; that the coercer's are there at all is news."""
        manned = [p for p in self.board.city if p.coercers]
        for f, place in self.board.arrivals(hour):
            self._changed = True
            if place is None:
                continue
            if place.storm or (f.side == "host" and place.lost):
                f.stance = "fighting"
            if f.side == "coercer" and place not in manned:
                manned.append(place)
                kind = "blockade_begins" if place.task == "blockade" else "troops_arrive"
                self.board.say(kind, hour, place.name, size=sum(c.strength for c in place.coercers))

    def _contest(self, p: Place, hour: float) -> None:
        if p.coercers and p.task in STORMS and not p.storm and not p.lost and hour >= p.storm_at:
            self._storm(p, hour)
        if not p.storm and not p.lost:
            return
        theirs = p.fighters()
        if p.coercers and theirs:
            self._fight(p, p.coercers[:], theirs, hour)
        elif (p.coercers and not p.lost) or (theirs and p.lost):
            p.hours_left -= self._clock
            if p.hours_left <= 0.0:
                self._change_hands(p, hour)

    def _storm(self, p: Place, hour: float) -> None:
        n, key = self._n, (DRAWS["force_fight"], p.occasion, p.code)
        p.storm, p.fought, self._changed = True, False, True
        p.edge = math.exp(n["fortune_spread"] * self._luck.normal(*key, 1))
        p.takeover = p.hours_left = n["takeover_hours"] * math.exp(
            n["takeover_spread"] * self._luck.normal(*key, 2)
        )
        for f in p.coercers:
            f.stance = "fighting"
        self.defence.set_moods(p.occasion)
        self.board.say(
            "assault_begins", hour, p.name, size=sum(f.strength for f in p.coercers), by=p.inadvertent
        )
        self._decide(hour)

    def _decide(self, hour: float) -> None:
        if self.army:
            self.defence.decide(self.climate, self.enemy_in_reach(), hour)

    def _fight(self, p: Place, ours: list[Formation], theirs: list[Formation], hour: float) -> None:
        p.fought = True
        ground = math.sqrt(self._n["defence_advantage"])
        edge = p.edge * ground if p.lost else p.edge / ground
        if self._combat == "none":
            broke = self._give_way(p, ours, theirs, edge)
        else:
            harm, broke = self.attrition.exchange(ours, theirs, self._clock, edge)
            self._civilians(harm * self._n["civilians_per_killed"])
            self.displaced += harm * self._n["displaced_per_killed"]
        if not broke:
            return
        for f in broke:
            self.board.leave(f)
            self.board.say("formation_broke", hour, p.name, f.name, f.strength)
        if p.storm and not p.coercers:
            p.stand_down()
            for f in p.hosts:
                f.stance = "deployed"
            kind = "rescue_failed" if p.kind == self.detainee_at else "assault_failed"
            self.board.say(kind, hour, p.name, size=1.0, by=p.inadvertent)
        self._changed = True
        self._decide(hour)

    def _give_way(
        self, p: Place, ours: list[Formation], theirs: list[Formation], edge: float
    ) -> list[Formation]:
        """Without attrition the ratio contest decides, at once and without losses: the losers give way."""
        power = self.attrition.power
        chance = ratio_contest(power(ours) * edge, power(theirs) / edge, self.defence.will.power)
        won = self._luck.uniform(DRAWS["force_fight"], p.occasion, p.code, 6) < chance
        losers = theirs if won else ours
        for f in losers:
            f.stance = "broken"
        return losers

    def _change_hands(self, p: Place, hour: float) -> None:
        taken = not p.lost
        p.holder = "coercer" if taken else "host"
        p.stand_down()
        p.hours_left, self._changed = p.takeover, True
        for f in p.coercers if taken else p.hosts:
            f.stance = "deployed"
        self.board.say(
            "place_taken" if taken else "place_retaken", hour, p.name, size=p.fought, by=p.inadvertent
        )
        if taken and p.kind == self.detainee_at:
            self.board.say("rescue_succeeded", hour, p.name, size=p.fought, by=p.inadvertent)
        self._decide(hour)

    def _civilians(self, expected: float) -> None:
        self._civil_harm += expected
        self.killed_civilian = int(self._civil_harm + self._civil_offset)

    # What the others see

    def enemy_in_reach(self) -> float:
        """Effective strength of the garrison that is, or soon can be, in the capital."""
        return self.attrition.power([f for f in self.garrison if f.present and self._near(f)])

    def _near(self, f: Formation) -> bool:
        return f.place is not None or f.readiness + f.hours_to_capital <= self._n["reach_hours"]

    def win_chance(self, task: str, orders: float | None = None) -> float:
        """Chance that a rescue or a seizure ordered now succeeds, as an outsider would reckon: closed form.

        orders: those that the host's army is expected to have (default: those in force). A ratio contest
        between the garrison's main effort and the part of the army expected to fight: those in the capital
        for a seizure; those at the place and a part of the others for a rescue; under orders to resist, a
        part of those outside as well. 0 without a garrison in reach or a place to go for; increasing in the
        garrison's strength. Kept until force or the climate changes, since actors ask often.
        """
        key = task, self.climate.orders if orders is None else float(orders), self.detainee_at
        if key not in self._reckoned:
            self._reckoned[key] = self._reckon(task, self.climate._replace(orders=key[1]))
        return self._reckoned[key]

    def _reckon(self, task: str, climate: Climate) -> float:
        rescue = task == "rescue"
        goals = self.board.kinds(*((self.detainee_at or "detention",) if rescue else TARGETS["seizure"]))
        ours = self.enemy_in_reach()
        if ours <= 0.0 or not goals:
            return 0.0
        there = total = devoted = people = 0.0
        for f in self.army:
            if f.present and (f.place or climate.orders > 0.0):
                worth = f.strength * f.effect
                full = f.place == goals[0].name if rescue else f.place is not None
                there += worth if full else worth * self._n["help_share"]
                total += worth
                devoted += f.loyalty * f.strength
                people += f.strength
        if people <= 0.0:
            return 1.0
        ground, will = self._n["defence_advantage"], self.defence.will
        share = will.expected_share(devoted / people, ground * total, ours, climate)
        loyal = math.fsum(f.loyalty * f.strength for f in self.garrison) / sum(
            f.strength for f in self.garrison
        )
        return ratio_contest(ours * self._n["main_effort"] * loyal, share * ground * there, will.power)

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
        whole = math.fsum(f.initial * f.cohesion(self.defence.strain) for f in self.army)
        return whole / self.defence.initial if self.defence.initial else 0.0

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
