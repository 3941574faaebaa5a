"""The escalation model: one crisis, from the visit to the horizon, as a Mesa model.

>>> model = EscalationModel("arrest", seed=1)
>>> model.run()
>>> model.timeseries()
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import mesa

from model.actions import Action, drawn_actions
from model.affairs import Affairs
from model.agenda import Agenda
from model.agents.actor import Actor, Decider, busy
from model.agents.alliance import Alliance
from model.agents.army import Army, climate
from model.agents.coercer import Coercer
from model.agents.court import Court
from model.agents.european_union import NormBloc
from model.agents.garrison import Garrison
from model.agents.government import Government
from model.agents.households import Households
from model.agents.neighbours import Neighbour, expected_way_to_court, way_to_court
from model.agents.onlookers import Onlookers
from model.day import end_of_day
from model.decision.picture import Temper
from model.ending import settle, take_note
from model.findings import findings
from model.milestones import Milestones
from model.outcomes import outcomes
from model.outside import await_events
from model.publicity import announce
from model.randomness import Luck
from model.record import Record
from model.rest import days_at_rest, let_pass
from model.result import RunResult
from model.scenario import Scenario, load_scenario
from model.settings import Settings
from model.talking import talk
from model.today import Line
from model.world.crisis import Crisis
from model.world.custody import Custody
from model.world.economy import Economy
from model.world.elites import Elites
from model.world.information import Opinion
from model.world.places import Happening
from model.world.population import REGION_NAMES
from model.world.summit import Summit
from model.world.talks import Talks
from model.world.theatre import Theatre

if TYPE_CHECKING:
    import pandas as pd

ROLES: tuple[type[Actor], ...] = (
    Coercer, Government, Garrison, Army, Households, NormBloc, Alliance, Court, Onlookers, Neighbour
)  # fmt: skip
A = TypeVar("A", bound=Actor)
#: days after which actors go by the day instead of the tick
FINE_DAYS = 60


class EscalationModel(mesa.Model):
    """A crisis of one case under one scenario and one replicate of luck.

    Build it from a shipped scenario's name, a path or a loaded `Scenario`; `overrides` are numbers by
    dotted key that go on top; a `seed` goes before that of the settings. Raises `ScenarioError` for a
    scenario that does not load.
    """

    def __init__(
        self,
        scenario: "str | Scenario" = "arrest",
        seed: int | None = None,
        replicate: int = 0,
        settings: Settings | None = None,
        overrides: Mapping[str, float] | None = None,
    ) -> None:
        settings = settings or Settings()
        if seed is not None:
            settings = replace(settings, seed=int(seed))
        super().__init__(rng=int(settings.seed))
        self.case = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
        self.settings = settings
        self.luck = Luck(self.settings.seed, replicate)
        self.numbers = self.case.sampled(self.luck, self.settings.parameters, overrides)
        self.switches = self.case.switches
        self.learning = self.switches["beliefs"] == "bayes"
        self.actions = drawn_actions(self.numbers)
        self.temper = Temper.from_numbers(self.numbers)
        self.day, self.clock = 0.0, 0
        self.crisis, self.agenda = Crisis(), Agenda()
        self.run_outcomes = outcomes("runs")
        self.record = Record(self.settings.days, self.run_outcomes)
        self.ended: str | None = None
        self.inadvertent = False
        self.households_expected = self.aid_due = self.fuel_due = self.relief_usd = 0.0
        self.rouble_shock = self.russian_output_shock = 0.0
        self.affairs, self.milestones = Affairs(self), Milestones(self)
        self.cast()
        self.theatre = Theatre(self.case.actors, self.case.places, self.numbers, self.luck, self.switches)
        self.custody = Custody(self.numbers, self.luck)
        self.talks = Talks(self.numbers, self.luck)
        self.summit = Summit(self.numbers, self.luck, held=self.switches["summit"] == "guests")
        self.economy = Economy(self.numbers, self.luck) if self.households else None
        people, ruler = (a.name if a else None for a in (self.households, self.government))
        cascade = self.switches["elites"] == "cascade"
        elites = partial(Elites, self.numbers, luck=self.luck) if cascade else None
        self.opinion = Opinion(self.numbers, people, ruler, elites)
        self.line = Line(self)
        self.record.names, self.record.regions = self.line.names, self.line.regions
        self._set_the_stage()

    # The stage

    def cast(self) -> None:
        """Create the case's actors, zero or more of each role."""
        roles = {role.role: role for role in ROLES}
        self.cast_list: list[Actor] = [
            roles[spec.role](self, spec, code) for code, spec in enumerate(self.case.actors)
        ]
        self.coercer = self._first(Coercer)
        self.government = self._first(Government)
        self.households = self._first(Households)
        self.garrisons = [a for a in self.cast_list if isinstance(a, Garrison)]
        self.blocs = [a for a in self.cast_list if isinstance(a, NormBloc)]
        self.alliances = [a for a in self.cast_list if isinstance(a, Alliance)]
        self.courts = [a for a in self.cast_list if isinstance(a, Court)]
        self.onlookers = [a for a in self.cast_list if isinstance(a, Onlookers)]
        self.deciders = [a for a in self.cast_list if isinstance(a, Decider)]
        self.busy = busy(self.cast_list, scripted=self.switches["decision"] == "scripted")
        self.neighbours = [a for a in self.cast_list if isinstance(a, Neighbour) and a.active]

    def _first(self, role: type[A]) -> A | None:
        return next((a for a in self.cast_list if isinstance(a, role)), None)

    def _set_the_stage(self) -> None:
        """Enter the script and the injects; let the institutions begin; without a script the government decides."""
        armed = self.coercer is not None and not self.forbidden(self.coercer, "close_airspace")
        self.custody.may_be_forced_down = armed  # who may not close the airspace forces nobody down
        if self.neighbours:
            self.custody.overflight = float(way_to_court(self.neighbours))
            self.custody.overflight_expected = expected_way_to_court(self.neighbours)
        self.theatre.climate = climate(self)
        self._commanders_free = any(not self.forbidden(g, "fire_on_own_initiative") for g in self.garrisons)
        for actor in self.cast_list:
            actor.start()
        by_name = {actor.name: actor for actor in self.cast_list}
        for act in self.case.script:
            self.agenda.enter(act.day, partial(by_name[act.actor].follow_script, self.actions[act.action]))
        await_events(self)

    # Time

    def step(self) -> None:
        """One tick, in this order.

        1. What falls due: orders, statements, votes, arrivals, injects of the scenario.
        2. Actors whose deliberation is due perceive the crisis, each its own picture, and
        3. choose; their orders enter the agenda with their lead time; talks on offer may come to a draft.
        4. Forces move and fight; places, airport and airspace change hands; the detainee moves.
        5. Once a day the households work, remit, return, depart, spend and protest.
        6. Once a day the economy.
        7. Once a day stories, legitimacy, loyalty; beliefs fade with every tick.
        8. The record of the day; end states are noted and never stop the run.
        """
        days = self._tick_length()
        self.record.now = self.day
        self.agenda.fall_due(self.day)
        self._deliberate(days)
        talk(self, days)
        self._force(days)
        day = int(self.day)
        self.day += days  # exact, as the length of every tick is (`settings.TICKS`)
        self.clock = int(self.day * self.settings.ticks_per_day)
        if int(self.day) > day:
            end_of_day(self, day)

    def run(self) -> "EscalationModel":
        """Run to the horizon, days at rest in one go. Returns the model, so that calls can be chained."""
        step = partial(type(self).step, self)  # Mesa's counters round a step are left out: nothing reads them
        while self.day < self.settings.days:
            step()
            if self.day >= FINE_DAYS and days_at_rest(self) > 1:
                step()  # what is seen once a tick, such as an airport that is open again, is seen as it now stands
                let_pass(self, max(0, days_at_rest(self)))
        return self

    def _tick_length(self) -> float:
        return 1.0 / self.settings.ticks_per_day if self.day < FINE_DAYS else 1.0

    def _deliberate(self, days: float) -> None:
        opening = self.day <= 0.0 and self.crisis.stage == "before"
        for actor, decider in self.busy:
            if decider is not None:
                first = opening and decider is self.government
                if decider.due(days) or first:
                    decider.deliberate()
                    if first:
                        self.agenda.fall_due(self.day)
            actor.tick(days)

    def _force(self, days: float) -> None:
        stirred: list[Happening] = []
        # A commander acts unordered for his president's sake, or not at all.
        if self._commanders_free and self.crisis.open:
            stirred = self.theatre.local_initiative(self.day, days, self.luck)
            for garrison in self.garrisons if stirred else ():
                garrison.report(stirred)
        felt = climate(self) if self.theatre.army else self.theatre.climate  # by soldiers of the host alone
        news = [*stirred, *self.theatre.step(self.day, days, felt)]
        news += self.custody.step(self.day, days, self.theatre, news)
        self.affairs.see_fighting(news)
        for happening in news:
            self.milestones.see(happening)
            take_note(self, happening)
        self.milestones.see_tick(days)

    def settle(self, how: str, face: float = 0.0, day: float | None = None) -> None:
        """The matter is over: see `model/ending.py`."""
        settle(self, how, face, day)

    # What actors do through the model

    def do(self, actor: Actor, action: str, inadvertent: bool = False) -> bool:
        """An act of an institution that needs no deliberation happens now, unless the scenario forbids it."""
        if self.forbidden(actor, action):
            return False
        self.announce(actor, self.actions[action], inadvertent)
        return True

    def announce(self, actor: Actor, action: Action, inadvertent: bool = False) -> None:
        """An act has happened: see `model/publicity.py`."""
        announce(self, actor, action, inadvertent)

    def forbidden(self, actor: Actor, action: str) -> bool:
        """Whether the scenario forbids an act, to all or to this actor."""
        return action in self.case.forbid or f"{actor.name}.{action}" in self.case.forbid

    def place_kind(self, name: str) -> str:
        """Kind of a place by its name, "" for none."""
        return next((place.kind for place in self.case.places if place.name == name), "")

    def receive_aid(self, usd: float, fuel_days: float) -> None:
        """Aid from outside: a part to households over time, the rest booked with the next day."""
        handed = usd * self.numbers["norm_bloc.aid_to_households"]
        self.relief_usd += handed
        self.aid_due += usd - handed
        self.fuel_due += fuel_days

    # What comes out

    def result(self) -> RunResult:
        """The finished run as arrays. Raises ValueError before the horizon."""
        if self.day < self.settings.days:
            raise ValueError(f"the run stands at day {self.day:g} of {self.settings.days}: call run() first")
        return self.record.result(self.numbers, findings(self), REGION_NAMES if self.households else ())

    def release(self) -> None:
        """Let the model be forgotten: some versions of Mesa keep every model that ever numbered an agent."""
        numbered = getattr(mesa.Agent, "_ids", None)
        if isinstance(numbered, dict):
            numbered.pop(self, None)

    def timeseries(self) -> "pd.DataFrame":
        """All series so far, one row a day."""
        return self.record.frame(int(self.day + 1e-9), self.case.start)

    def events(self) -> "pd.DataFrame":
        """All acts so far, one row an act."""
        return self.record.event_frame(self.case.start)


def simulate(
    scenario: Scenario,
    replicate: int,
    settings: Settings,
    point: int = 0,
    overrides: Mapping[str, float] | None = None,
) -> RunResult:
    """One run as arrays: what a batch calls. `point` names the overrides and changes nothing else.

    An error carries a note of the day on which it happened.
    """
    model = EscalationModel(scenario, settings.seed, replicate, settings, overrides)
    try:
        return model.run().result()
    except BaseException as problem:
        problem.add_note(f"day {model.day:g}")
        raise
    finally:
        model.release()
