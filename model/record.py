"""The record of a run: a line a day, spells for the milestones, and every act.

The definitions of milestones stand in `outcomes.csv` and their thresholds in the section `milestones`
of the parameters. Those that were changed after results had been seen are named in `docs/decisions.md`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from struct import Struct
from typing import TYPE_CHECKING

import numpy as np

from model.actions import Action
from model.outcomes import Outcome, outcomes
from model.result import DECISION_COLUMNS, RunResult, Scalar, no_decisions, no_events

if TYPE_CHECKING:
    import pandas as pd


@dataclass
class Spell:
    """A condition that counts once it has held for `lasting` days; `began` is when the first such spell started."""

    lasting: float
    since: float | None = None
    began: float | None = None

    def see(self, holds: bool, day: float, days: float) -> bool:
        """Note that the condition held (or not) from `day` for `days`. True when the spell has just qualified."""
        if not holds:
            self.since = None
            return False
        if self.since is None:
            self.since = day
        if self.began is None and day + days - self.since >= self.lasting:
            self.began = self.since
            return True
        return False


@dataclass
class Event:
    """One act as it happened: `day` (with its fraction), names, and how it came about."""

    day: float
    actor: str
    action: Action
    target: str
    inadvertent: bool = False


@dataclass
class Record:
    """What a run leaves behind, filled day by day.

    series: arrays (days,) by the names of `outcomes.csv`; regions: arrays (weeks, regions) by name; milestones: day or
    None; events in order.
    """

    days: int
    definitions: Mapping[str, Outcome]
    regions: dict[str, np.ndarray] = field(default_factory=dict)
    milestones: dict[str, float | None] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    decisions: list[tuple[float, str, str, str, float, float, bool]] = field(default_factory=list)
    #: acts ordered whose conditions did not hold when their time came: day, actor, act, conditions
    unmet: list[tuple[float, str, str, tuple[str, ...]]] = field(default_factory=list)
    now: float = 0.0
    #: of the series, in the order of a line
    names: tuple[str, ...] = ()
    _noted: int = 0
    _columns: dict[str, np.ndarray] | None = None

    def __post_init__(self) -> None:
        self.milestones = {name: None for name in self.definitions if name.startswith("days_to_")}

    @cached_property
    def _lines(self) -> tuple[np.ndarray, Struct]:
        """The lines of all days, shape (days, names), and the numbers of a line as they lie in memory."""
        return np.zeros((self.days, len(self.names))), Struct(f"{len(self.names)}d")

    def mark(self, milestone: str, day: float | None = None) -> None:
        """Reach a milestone, if it was not reached before. Raises KeyError for one that is not defined."""
        if self.milestones[milestone] is None:
            self.milestones[milestone] = round(self.now if day is None else day, 4)

    def reached(self, milestone: str) -> bool:
        """Whether a milestone has been reached."""
        return self.milestones[milestone] is not None

    def note(self, line: Sequence[float]) -> None:
        """Write the line of the next day, by `names`."""
        table, numbers = self._lines
        numbers.pack_into(table.data, self._noted * numbers.size, *line)
        self._noted, self._columns = self._noted + 1, None

    @property
    def series(self) -> dict[str, np.ndarray]:
        """The lines as columns (days,) by name; 0 on days to come."""
        if self._columns is None:
            columns = np.ascontiguousarray(self._lines[0].T) if self._noted else ()
            self._columns = dict(zip(self.names, columns, strict=self._noted > 0))
        return self._columns

    def acts_since(self, day: float) -> list[Action]:
        """Acts that happened on or after `day`, newest first."""
        acts = []
        for event in reversed(self.events):
            if event.day < day:
                break
            acts.append(event.action)
        return acts

    # What comes out

    def result(
        self, numbers: Mapping[str, float], scalars: Mapping[str, Scalar], regions: tuple[str, ...]
    ) -> RunResult:
        """The finished record as arrays; categories and counts as whole numbers."""
        kinds = outcomes("timeseries")
        whole = ("category", "integer")
        series = {
            name: column.astype(np.int64) if kinds[name].type in whole else column
            for name, column in self.series.items()
        }
        return RunResult(scalars, numbers, series, self.regions, regions, self._events(), self._decisions())

    def _events(self) -> dict[str, np.ndarray]:
        if not self.events:
            return no_events()
        hours = [int(round((e.day % 1.0) * 24.0, 6)) for e in self.events]
        return {
            "day": np.array([int(e.day) for e in self.events], dtype=np.int64),
            "hour": np.array(hours, dtype=np.int64),
            "actor": np.array([e.actor for e in self.events]),
            "action": np.array([e.action.name for e in self.events]),
            "target": np.array([e.target for e in self.events]),
            "public": np.array([e.action.public for e in self.events]),
            "inadvertent": np.array([e.inadvertent for e in self.events]),
        }

    def _decisions(self) -> dict[str, np.ndarray]:
        if not self.decisions:
            return no_decisions()
        return {
            name: np.array(column)
            for name, column in zip(DECISION_COLUMNS, zip(*self.decisions, strict=True), strict=True)
        }

    def frame(self, days: int, start: date) -> "pd.DataFrame":
        """All series of the first `days` days, indexed by date, categories as text."""
        import pandas as pd  # loaded when asked for: a worker needs none

        kinds = outcomes("timeseries")
        columns = {}
        for name, kind in kinds.items():
            if name in self.series:
                values = self.series[name][:days]
                columns[name] = [kind.levels[int(v)] for v in values] if kind.levels else values
        return pd.DataFrame(columns, index=pd.date_range(start, periods=days, name="date"))

    def event_frame(self, start: date) -> "pd.DataFrame":
        """All acts, one row each, with their codes."""
        import pandas as pd

        rows = [
            (e.day, start + timedelta(days=int(e.day)), e.actor, e.action.name, e.target, e.action.cameo,
             e.action.goldstein, e.action.kind, e.action.kahn_rung, e.inadvertent)
            for e in self.events
        ]  # fmt: skip
        names = [
            "day",
            "date",
            "actor",
            "action",
            "target",
            "cameo",
            "goldstein",
            "class",
            "rung",
            "inadvertent",
        ]
        return pd.DataFrame(rows, columns=names)
