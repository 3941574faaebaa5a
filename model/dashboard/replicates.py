"""Many runs of what is seen, made by worker processes while the page shows how the bands grow."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from model.outcomes import outcomes
from model.result import Scalar
from model.scenario import Scenario
from model.settings import Settings

#: outcome -> how it is called; yes or no, or a day that may never come
MARKS = {
    "force_used": "Force is used",
    "days_to_airport_closed": "The airport closes",
    "days_to_army_collapse": "The army collapses",
    "government_fell": "The government falls",
    "days_to_remittance_collapse": "Remittances collapse",
    "days_to_surrender": "He reaches the Court",
}


@dataclass(frozen=True)
class Share:
    """In how many of the runs something came about, with a 95 % interval of the share."""

    hits: int
    runs: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share itself."""
        return self.hits / self.runs


class Replicates:
    """Runs 0 to n-1 of some scenarios under the same luck; results come in any order and are kept by replicate.

    on_change is called from the thread that collects, after each run. A run that fails is counted and left out.
    """

    def __init__(
        self, scenarios: Sequence[Scenario], settings: Settings, runs: int, on_change: Callable[[], None]
    ) -> None:
        self.scenarios = {scenario.name: scenario for scenario in scenarios}
        self.settings, self.runs, self._on_change = settings, runs, on_change
        self.failed = 0
        self.problem = ""
        self.stopped = False
        self.finished: dict[str, dict[int, dict[str, Scalar]]] = {name: {} for name in self.scenarios}
        self._series: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in self.scenarios}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    # Making the runs

    def start(self, workers: int) -> None:
        """Make the runs by so many processes, and return at once."""
        self._thread = threading.Thread(target=self._collect, args=(workers,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Make no more runs; what is there stays."""
        self.stopped = True

    def wait(self, seconds: float | None = None) -> None:
        """Wait until no more runs come."""
        if self._thread is not None:
            self._thread.join(seconds)

    @property
    def busy(self) -> bool:
        """Whether runs are being made."""
        return self._thread is not None and self._thread.is_alive() and not self.stopped and self.share < 1.0

    @property
    def share(self) -> float:
        """How much of the work is done, 0-1."""
        done = sum(len(found) for found in self.finished.values()) + self.failed
        return done / (self.runs * len(self.scenarios))

    def _collect(self, workers: int) -> None:
        from model.ensemble.engine import compute
        from model.ensemble.finished_run import OK
        from model.ensemble.plan import plan_batch

        plan = plan_batch(list(self.scenarios.values()), self.runs, asdict(self.settings))
        try:
            with closing(compute(plan, self.scenarios, plan.runs(), workers)) as found:
                for run in found:
                    if self.stopped:
                        break
                    if run.status == OK and run.scalars is not None and run.payload is not None:
                        self._keep(run.key.scenario, run.key.replicate, run.scalars, run.payload)
                    else:
                        self.failed += 1
                        self.problem = self.problem or f"{run.error}: {run.message}"
                    self._on_change()
        except Exception as problem:  # no process can be made, say: the page tells it and lives on
            self.problem = f"the runs cannot be made: {type(problem).__name__}: {problem}"
        self.stopped = self.stopped or self.share < 1.0
        self._on_change()

    def _keep(self, scenario: str, replicate: int, scalars: bytes, payload: bytes) -> None:
        from model.ensemble.payload import unpack

        result = unpack(scalars, payload)
        with self._lock:
            self.finished[scenario][replicate] = dict(result.scalars)
            self._series[scenario][replicate] = dict(result.series)

    # What they say

    def count(self, scenario: str) -> int:
        """Finished runs of a scenario."""
        return len(self.finished[scenario])

    def values(self, scenario: str, series: str) -> np.ndarray:
        """A series of all finished runs, shape (runs, days), by replicate; no rows where no run has it."""
        with self._lock:
            found = self._series.get(scenario, {})  # the run that is still shown may be another one
            rows = [found[replicate][series] for replicate in sorted(found) if series in found[replicate]]
        return np.array(rows, dtype=float).reshape(len(rows), self.settings.days)

    def bands(self, scenario: str, series: str) -> np.ndarray | None:
        """Quantiles 5, 25, 50, 75 and 95 % of a series by day, shape (5, days); None without runs."""
        from model.ensemble.quantiles import day_quantiles

        values = self.values(scenario, series)
        return day_quantiles(values)[2] if len(values) else None

    def outcome(self, scenario: str, name: str) -> list[Scalar]:
        """An outcome of all finished runs, by replicate."""
        with self._lock:
            return [self.finished[scenario][k][name] for k in sorted(self.finished[scenario])]

    def mark(self, scenario: str, name: str) -> Share | None:
        """Share of the runs in which an outcome of MARKS came about; None without runs."""
        found = self.outcome(scenario, name)
        hits = sum(value is not None if name.startswith("days_to_") else bool(value) for value in found)
        return _share(hits, len(found))

    def ends(self, scenario: str) -> dict[str, Share]:
        """Share of the runs by how the matter ended first, those that occur, in the order of the register."""
        found = self.outcome(scenario, "end_state")
        shares = {level: _share(found.count(level), len(found)) for level in outcomes()["end_state"].levels}
        return {level: share for level, share in shares.items() if share is not None and share.hits}


def _share(hits: int, runs: int) -> Share | None:
    from model.analysis.statistics import wilson

    low, high = wilson(hits, runs)
    return None if low is None or high is None else Share(hits, runs, low, high)
