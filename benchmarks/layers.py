"""Where the time of a run goes: functions of the model wrapped with a clock while it runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any
from unittest.mock import patch

from model import simulation
from model.agenda import Agenda
from model.agents.actor import Decider
from model.agents.households import Households
from model.milestones import Milestones
from model.record import Record
from model.simulation import EscalationModel
from model.today import Line, Weeks
from model.world.custody import Custody
from model.world.economy import Economy
from model.world.information import Opinion
from model.world.population import Population
from model.world.theatre import Theatre

#: What belongs to a layer: the owner of a function and its name. What is called inside another layer's
#: function counts for the inner one.
LAYERS: dict[str, tuple[tuple[Any, str], ...]] = {
    "creation, without rows": ((EscalationModel, "__init__"),),
    "creation of rows": ((Population, "__init__"),),
    "deliberation": ((Decider, "deliberate"), (simulation, "talk")),
    "acts that fall due": ((Agenda, "fall_due"),),
    "force": ((Theatre, "step"), (Theatre, "local_initiative"), (Custody, "step")),
    "households": ((Households, "live"),),
    "economy": ((Economy, "step"),),
    "opinion": ((Opinion, "step"),),
    "record": ((Record, "note"), (Weeks, "note"), (Line, "today"), (Milestones, "see_tick"), (Milestones, "see_day"),
               (EscalationModel, "result")),
}  # fmt: skip
OTHER = "other"


class Clock:
    """Seconds by layer; only the innermost layer's clock runs."""

    def __init__(self) -> None:
        self.spent = dict.fromkeys((*LAYERS, OTHER), 0.0)
        self._layer, self._since = OTHER, time.perf_counter()

    def enter(self, layer: str) -> str:
        """Let the clock of a layer run; the layer whose clock ran before."""
        now = time.perf_counter()
        self.spent[self._layer] += now - self._since
        before, self._layer, self._since = self._layer, layer, now
        return before


@contextmanager
def clocked() -> Iterator[Clock]:
    """A clock over all layers while this lasts. Raises AttributeError where the model has no such function."""
    clock = Clock()
    with ExitStack() as stack:
        for layer, functions in LAYERS.items():
            for owner, name in functions:
                stack.enter_context(patch.object(owner, name, _timed(clock, layer, getattr(owner, name))))
        yield clock
        clock.enter(OTHER)


def _timed(clock: Clock, layer: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def timed(*arguments: Any, **named: Any) -> Any:
        before = clock.enter(layer)
        try:
            return function(*arguments, **named)
        finally:
            clock.enter(before)

    return timed
