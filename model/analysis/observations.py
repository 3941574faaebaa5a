"""The outcomes of the finished runs of some scenarios, as the analyses read them."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from model.ensemble.plan import Plan, RunKey, canonical
from model.ensemble.run_columns import Place, RunColumns
from model.ensemble.store import BatchStore
from model.outcomes import series as registered
from model.result import Scalar

if TYPE_CHECKING:
    import pandas as pd

#: what names a scenario and says why its numbers are what they are, without being what is simulated
_NOT_CONTENT = ("name", "title", "question")
_EVIDENCE = ("grade", "source", "note")


@dataclass(frozen=True)
class Origin:
    """What made the runs of a scenario. Two of one luck can be paired; "" or -1 is not known.

    content: digest of the scenario without its name, title and question; points: digest of the numbers that the
    points of a sweep fix, "" where nothing is fixed; the rest as in the plan of its batch.
    """

    content: str = ""
    points: str = ""
    seed: int = -1
    parameters: str = ""
    households: str = ""
    code: str = ""
    versions: str = ""
    batch: str = ""


@dataclass(frozen=True)
class Observed:
    """Runs of one scenario.

    runs: outcomes by (point, replicate); horizon: days of a run; planned, failed: numbers of runs; numbers:
    what was sampled, by (point, replicate); origin: what made them.
    """

    scenario: str
    title: str
    runs: Mapping[Place, Mapping[str, Scalar]]
    horizon: int
    planned: int
    failed: int
    numbers: Mapping[Place, Mapping[str, float]] = field(default_factory=dict)
    origin: Origin = Origin()

    @property
    def missing(self) -> int:
        """Runs that have not been made yet."""
        return self.planned - self.failed - len(self.runs)

    def values(self, outcome: str, runs: Iterable[Place] | None = None) -> list[Scalar]:
        """The outcome in each run (or in each of `runs`), null ones too, by point and replicate."""
        return _column(self.runs, outcome, self.runs if runs is None else runs)

    def column(self, name: str, runs: Iterable[Place] | None = None) -> list[Any]:
        """An outcome or a sampled number in each run, None where there is none."""
        places = list(self.runs if runs is None else runs)
        if "." in name:
            return self._sampled(name, places)
        return self.values(name, places)

    def drawn(self, places: Sequence[Place]) -> dict[str, list[float]]:
        """Sampled numbers by key, in each of `places`; without those that one of these runs lacks."""
        keys = self.numbers.names if isinstance(self.numbers, RunColumns) else _names(self.numbers, places)
        columns = {key: self._sampled(key, places) for key in keys}
        return {key: column for key, column in columns.items() if None not in column}

    def _sampled(self, key: str, places: Sequence[Place]) -> list[Any]:
        if isinstance(self.numbers, RunColumns):
            return self.numbers.column(key, places)
        return [self.numbers.get(place, {}).get(key) for place in places]


def _names(runs: Mapping[Place, Mapping[str, Any]], places: Iterable[Place]) -> set[str]:
    return {name for place in places for name in runs.get(place, {})}


def _column(runs: Mapping[Place, Mapping[str, Any]], name: str, places: Iterable[Place]) -> list[Any]:
    if isinstance(runs, RunColumns):
        return runs.column(name, None if places is runs else places)
    return [runs[place].get(name) for place in places]


def some_of(
    runs: Mapping[Place, Mapping[str, Any]], places: Sequence[Place]
) -> Mapping[Place, Mapping[str, Any]]:
    """The runs at some places."""
    return runs.only(places) if isinstance(runs, RunColumns) else {place: runs[place] for place in places}


def observe(
    store: BatchStore,
    names: Container[str] | None = None,
    outcomes: Mapping[str, RunColumns] | None = None,
    numbers: bool = True,
) -> dict[str, Observed]:
    """What a store holds, by scenario, in the order of its plan; names: of these scenarios only.

    outcomes: what has been read of the runs already; then they are not read again, and no sampled number is there.
    numbers: with the sampled numbers, of which there are hundreds.
    """
    plan = store.plan
    batch = plan.hash  # worked out over the whole plan, so once
    found = {}
    for entry in plan.scenarios:
        if names is not None and entry.name not in names:
            continue
        runs, sampled = RunColumns(registered("runs")), RunColumns()
        if outcomes is not None:
            runs, numbers = outcomes[entry.name], False
        else:
            for key, scalars, drawn in store.outcomes(entry.name):
                runs.add(_place(key), scalars)
                if numbers:
                    sampled.add(_place(key), drawn)
        counts = store.counts_of(entry.name)
        found[entry.name] = Observed(
            scenario=entry.name,
            title=entry.title,
            runs=runs,
            horizon=int(plan.settings["days"]),
            planned=plan.replicates * len(plan.points),
            failed=counts["failed"] + counts["timeout"],
            numbers=sampled if numbers else {},
            origin=origin(plan, batch, entry.resolved),
        )
    return found


def origin(plan: Plan, batch: str, resolved: Mapping[str, Any]) -> Origin:
    """What made the runs of a scenario of a plan; batch: the hash of that plan."""
    versions = ", ".join(f"{name} {version}" for name, version in sorted(plan.versions.items()))
    return Origin(
        content=content(resolved),
        points=points(plan.points),
        seed=int(plan.settings.get("seed", -1)),
        parameters=str(plan.settings.get("parameters", "")),
        households=str(plan.settings.get("households", "")),
        code=plan.code,
        versions=versions,
        batch=batch,
    )


def content(resolved: Mapping[str, Any]) -> str:
    """Digest of what a scenario simulates, whatever it is called and on whatever evidence it rests."""
    body = {key: value for key, value in resolved.items() if key not in _NOT_CONTENT}
    body["numbers"] = {
        key: {name: part for name, part in number.items() if name not in _EVIDENCE}
        for key, number in resolved.get("numbers", {}).items()
    }
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def points(fixed: Sequence[Mapping[str, float]]) -> str:
    """Digest of what the points of a sweep fix, in their order; "" for the one point that fixes nothing."""
    return hashlib.sha256(canonical(list(fixed)).encode()).hexdigest() if any(fixed) else ""


def frame(observed: Mapping[str, Observed]) -> pd.DataFrame:
    """The runs as a data frame of the form of runs.csv: keys, outcomes, sampled numbers; None where empty."""
    import pandas as pd

    rows = [
        {
            "scenario": found.scenario,
            "point": place[0],
            "replicate": place[1],
            **outcomes,
            **found.numbers.get(place, {}),
        }
        for found in observed.values()
        for place, outcomes in found.runs.items()
    ]
    return pd.DataFrame(rows)


def _place(key: RunKey) -> Place:
    return key.point, key.replicate
