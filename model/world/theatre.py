"""The theatre: the clock of force and the contest for each place. What others see of it: `sight.py`.

Force keeps a clock of its own (`force.clock_hours`): whatever the length of the model's tick, the same hours are worked
through with the same luck, so that halving the tick changes nothing but what others do in between. An hour in which
nothing is ordered, nobody is on the way and nothing is contested costs next to nothing.

A place changes hands when only one side that wants it has been left there for some hours; undefended places therefore
fall within the time it takes to get there and take over (Prague 7 hours, Caracas 2.5). The guard of the detainee are
the host's formations at that place. Civilians die in proportion to the soldiers who do, and, as in Prague, at a low
rate that fades wherever troops occupy a capital.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from model.numbers import section
from model.randomness import Luck
from model.world.attrition import Attrition
from model.world.defence import Defence
from model.world.forces import DRAWS, Climate, Formation, raise_formations, ratio_contest
from model.world.garrison_tasks import STORMS, TASKS, Tasks
from model.world.places import HOURS, Board, Happening, Place
from model.world.sight import Muster, Sight

if TYPE_CHECKING:
    from model.scenario import ActorSpec, PlaceSpec


class Theatre(Sight):
    """Forces, places and fights of one run.

    actors, places: those of the scenario (any number of either, also none). numbers: sampled numbers by dotted key.
    switches: "combat" is lanchester_square, lanchester_linear or none. detainee_at: kind of place where the detainee
    is, or "" (told by custody). displaced, killed_civilian: persons. squeezed: share of the bases' worth in a fight
    that the host's grip on their supplies has taken.
    """

    def __init__(
        self,
        actors: Iterable[ActorSpec],
        places: Iterable[PlaceSpec],
        numbers: Mapping[str, float],
        luck: Luck,
        switches: Mapping[str, str],
    ) -> None:
        self._n, self._luck, self._combat = section(numbers, "force"), luck, switches["combat"]
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
        self.displaced, self.killed_civilian, self.squeezed = 0.0, 0, 0.0
        self._civil_harm, self._civil_rate, self._entered = 0.0, 0.0, 0.0
        self._civil_offset = luck.uniform(DRAWS["force_fight"], 0, 0, 0)
        self._clock = self._n["clock_hours"]
        self._restless = self._changed = self._felt = self._bled = False
        self._mustered: dict[tuple[str, bool, str], Muster] = {}
        self._reckoned: dict[tuple[str, float, str], float] = {}

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
            self.look_again()

    def reinforce(self, actors: Iterable[ActorSpec], numbers: Mapping[str, float]) -> int:
        """Fresh troops land at the bases, a share of each garrison's strength. Returns how many persons."""
        before, share = len(self.garrison), numbers["force.reinforcement"]
        for actor in actors:
            if actor.role == "garrison":
                own = {f"{actor.name}.{key}": value for key, value in section(numbers, actor.name).items()}
                own[f"{actor.name}.strength"] *= share
                there = sum(f.name.rpartition("_")[0] == actor.name for f in self.garrison)
                fresh = raise_formations(actor.name, "coercer", {**numbers, **own}, self._luck, there)
                for formation in fresh:
                    formation.effect *= 1.0 - self.squeezed
                self.garrison += fresh
        self._restless, self._changed = True, True
        self.look_again()
        return sum(formation.strength for formation in self.garrison[before:])

    def squeeze(self, share: float) -> None:
        """The host cuts the bases off from water, power and roads: what is left of their worth in a fight."""
        for formation in self.garrison:
            formation.effect *= (1.0 - share) / (1.0 - self.squeezed)
        self.squeezed = share
        self.look_again()

    def local_initiative(self, day: float, dt_days: float, luck: Luck) -> list[Happening]:
        """A commander under alert or at a blockade may storm unordered; call once a tick, before `step`."""
        self.board.news = []
        haste = self._n["squeezed_initiative"] if self.squeezed > 0.0 else 1.0
        if self.tasks.initiative(self._tick(day) * self._clock, haste * dt_days, luck, self.detainee_at):
            self._restless = True
            self.look_again()
        return self.board.news

    def come_home(self, days: float) -> None:
        """People whom the fighting drove away come home."""
        self.displaced *= math.exp(-days / self._n["displaced_return_days"])

    def step(self, day: float, dt_days: float, climate: Climate) -> list[Happening]:
        """Let force move and fight from `day` to `day + dt_days`; returns what happened, in order."""
        turned = climate.orders != self.climate.orders and bool(self.army)
        if climate != self.climate:
            self._reckoned.clear()
            self._felt = False
        self.climate = climate
        if self.displaced > 0.0:
            self.come_home(dt_days)
        if not (self._restless or turned):
            return []
        self.board.news = []
        first, last = self._tick(day), self._tick(day + dt_days)
        if turned:
            self.defence.heed(climate, self.enemy_strength(), first * self._clock)
            self._changed = True
        begin = first if self.tasks.contested(last * self._clock) else self._quiet_hours(first, last)
        for tick in range(begin, last):
            self._hour(tick)
        if begin == last and not self._changed:
            self.look_again("army_cohesion")  # all that strain alone wears down
            return self.board.news
        self._restless = bool(self.tasks or self.board.moving) or any(p.shut for p in self.board.city)
        self.look_again()
        return self.board.news

    def _quiet_hours(self, first: int, last: int) -> int:
        """Hours of an occupation in which nothing is contested, until one in which something changes; the next one."""
        self._take_stock()
        until, self._changed = self.defence.wear_on(self.climate, self._clock, first, last)
        self._mourn(first, until)
        return until

    def _hour(self, tick: int) -> None:
        board, hour = self.board, tick * self._clock
        if self.tasks and self.tasks.fall_due(hour, self.detainee_at):
            self._changed = True
        if board.moving:
            self._arrive(hour)
        for p in board.city:
            if p.task or p.storm or p.lost:
                self._contest(p, hour)
        self._take_stock()
        self._changed = self.defence.wear(self.climate, self._clock, hour)
        self._mourn(tick, tick + 1)

    def _take_stock(self) -> None:
        """What wears the army down and kills civilians, as places stand now."""
        if self._changed or (self._bled and not self._felt):
            self._changed = self._bled = False
            self.defence.reckon(self.climate)
            troops = sum(f.strength for p in self.board.city for f in p.coercers)
            self._civil_rate = troops * self._n["civilians_per_1000_days"] / 1000.0 / HOURS
        elif not self._felt:
            self.defence.feel(self.climate)
        self._felt = True

    def _mourn(self, first: int, last: int) -> None:
        """The quiet deaths of an occupation, from one tick of force's clock to another; fewer as it lasts."""
        if self._civil_rate:
            clock, entered, half_life = self._clock, self._entered, self._n["occupation_half_life"]
            at_first = self._civil_rate * clock
            for tick in range(first, last):
                days = (tick * clock - entered) / HOURS
                self._civil_harm += at_first * 0.5 ** (days / half_life)
            self._civilians(0.0)

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
            if f.side == "coercer" and not manned:
                self._entered = hour
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
            self.defence.decide(self.climate, self.enemy_strength(), hour)

    def _fight(self, p: Place, ours: list[Formation], theirs: list[Formation], hour: float) -> None:
        p.fought = self._bled = True
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
        if taken and not any(place.lost for place in self.board.city):
            self._entered = hour
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
