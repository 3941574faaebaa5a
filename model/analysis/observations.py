"""The outcomes of the finished runs of some scenarios, as the analyses read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from model.ensemble.plan import RunKey
from model.ensemble.store import BatchStore
from model.result import Scalar


@dataclass(frozen=True)
class Observed:
    """Runs of one scenario.

    runs: outcomes by (point, replicate); horizon: days of a run; planned, failed: numbers of runs.
    """

    scenario: str
    title: str
    runs: Mapping[tuple[int, int], Mapping[str, Scalar]]
    horizon: int
    planned: int
    failed: int

    @property
    def missing(self) -> int:
        """Runs that have not been made yet."""
        return self.planned - self.failed - len(self.runs)

    def values(self, outcome: str, runs: Iterable[tuple[int, int]] | None = None) -> list[Scalar]:
        """The outcome in each run (or in each of `runs`), null ones too, by point and replicate."""
        return [self.runs[run].get(outcome) for run in (self.runs if runs is None else runs)]


def observe(store: BatchStore) -> dict[str, Observed]:
    """What a store holds, by scenario, in the order of its plan."""
    plan = store.plan
    found = {}
    for entry in plan.scenarios:
        runs = {_place(key): outcomes for key, outcomes, _ in store.outcomes(entry.name)}
        counts = store.counts_of(entry.name)
        found[entry.name] = Observed(
            scenario=entry.name,
            title=entry.title,
            runs=runs,
            horizon=int(plan.settings["days"]),
            planned=plan.replicates * len(plan.points),
            failed=counts["failed"] + counts["timeout"],
        )
    return found


def _place(key: RunKey) -> tuple[int, int]:
    return key.point, key.replicate
