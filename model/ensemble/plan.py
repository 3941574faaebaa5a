"""Which runs a batch holds, and the hash by which two batches are the same.

A run is (scenario, point, replicate): the replicate fixes the luck, the point fixes parameters on top of the
scenario (an ordinary batch has one point that fixes none).
"""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple, Protocol

SIMULATE = "model.simulation:simulate"
AFTER_THE_RUN = ("analysis", "commands", "dashboard", "ensemble", "report")
BEHIND_THE_NUMBERS = ("mesa", "numpy")
WHOLE = (1, 1)  # the shard that is the whole batch


class RunKey(NamedTuple):
    """Names one run of a batch."""

    scenario: str
    point: int
    replicate: int


class ResolvedScenario(Protocol):
    """What a plan needs of a scenario: `model.scenario.Scenario`."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def question(self) -> str: ...  # noqa: D102
    @property
    def start(self) -> date: ...  # noqa: D102
    @property
    def digest(self) -> str: ...  # noqa: D102
    def to_dict(self) -> dict[str, Any]: ...  # noqa: D102


class PlanError(ValueError):
    """The runs asked for make no batch; the message says why."""


@dataclass(frozen=True)
class PlannedScenario:
    """A scenario of the plan: what files and messages say of it, its digest, and its whole resolved content.

    reference: how the user named it (a shipped name or a path), for the command that repeats a run.
    """

    name: str
    title: str
    question: str
    start: str
    digest: str
    reference: str
    resolved: dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """The runs of a batch.

    settings: fields of the simulation's Settings (seed, days, households, parameters, ...) as plain data.
    decision_replicates: runs with a replicate below this record the options that were weighed.
    function: "module:function" that makes one run; code: digest of the sources behind a run's numbers;
    files: digests of those one by one, to say which has changed.
    shard: (I, N) for the part of the batch with every Nth replicate from the Ith on; (1, 1) is all of it.
    """

    scenarios: tuple[PlannedScenario, ...]
    replicates: int
    settings: dict[str, Any]
    points: tuple[dict[str, float], ...] = ({},)
    decision_replicates: int = 0
    function: str = SIMULATE
    code: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    shard: tuple[int, int] = WHOLE

    @cached_property
    def hash(self) -> str:
        """SHA-256 (hex) of what decides the runs: scenarios, points, replicates, settings, code, versions.

        The shards of a batch share it.
        """
        body = self._plain()
        del body["files"], body["shard"]
        body["scenarios"] = sorted([scenario.name, scenario.digest] for scenario in self.scenarios)
        return hashlib.sha256(canonical(body).encode()).hexdigest()

    @property
    def size(self) -> int:
        """Number of runs (of this shard)."""
        return len(self.scenarios) * len(self.points) * len(self._replicates)

    @property
    def _replicates(self) -> range:
        first, step = self.shard
        return range(first - 1, self.replicates, step)

    @property
    def names(self) -> list[str]:
        """Scenario names in the user's order."""
        return [scenario.name for scenario in self.scenarios]

    @property
    def baseline(self) -> str:
        """The scenario that others are compared with unless told: no_arrest, or the first."""
        return "no_arrest" if "no_arrest" in self.names else self.names[0]

    def runs(self) -> Iterator[RunKey]:
        """All runs, replicate by replicate, so that an unfinished batch can be compared pair by pair."""
        for replicate in self._replicates:
            for point in range(len(self.points)):
                for scenario in self.scenarios:
                    yield RunKey(scenario.name, point, replicate)

    def scenario(self, name: str) -> PlannedScenario:
        """The planned scenario of that name; KeyError where there is none."""
        found = {entry.name: entry for entry in self.scenarios}
        return found[name]

    def holds(self, key: RunKey) -> bool:
        """Whether a run belongs to this plan (and shard)."""
        return (
            key.scenario in self.names
            and key.point in range(len(self.points))
            and key.replicate in self._replicates
        )

    def repeat(self, key: RunKey) -> str:
        """The command that makes one run of this batch again."""
        options = " ".join(
            f"--{name} {self.settings[name]}"
            for name in ("seed", "days", "households", "parameters")
            if name in self.settings
        )
        name, *switches = self.scenario(key.scenario).reference.split(
            " --switch "
        )  # a rule exchanged for the study
        reference = " ".join([shlex.quote(name), *(f"--switch {switch}" for switch in switches)])
        fixed = " ".join(f"--set {name}={value!r}" for name, value in self.points[key.point].items())
        return f"run.py run {reference} --replicate {key.replicate} {options} {fixed}".strip()

    def to_json(self) -> str:
        """The plan as text for the store."""
        return canonical(self._plain())

    def _plain(self) -> dict[str, Any]:
        """The plan as plain data; the points, of which a design has millions of numbers, are not copied."""
        return asdict(replace(self, points=())) | {"points": self.points}

    @staticmethod
    def from_json(text: str) -> Plan:
        """The plan of `to_json`."""
        body = json.loads(text)
        body["scenarios"] = tuple(PlannedScenario(**entry) for entry in body["scenarios"])
        body["points"] = tuple(body["points"])
        body["shard"] = tuple(body["shard"])
        return Plan(**body)


def plan_batch(
    scenarios: Sequence[ResolvedScenario],
    replicates: int,
    settings: Mapping[str, Any],
    *,
    references: Mapping[str, str] | None = None,
    points: Sequence[Mapping[str, float]] = ({},),
    decision_replicates: int = 0,
    function: str = SIMULATE,
    shard: tuple[int, int] = WHOLE,
) -> Plan:
    """A plan of every replicate of every scenario at every point. Raises PlanError where scenarios share a name."""
    if not scenarios:
        raise PlanError("no scenario to run")
    if replicates < 1:
        raise PlanError(f"--replicates must be at least 1, not {replicates}")
    seen: dict[str, ResolvedScenario] = {}
    for scenario in scenarios:
        other = seen.setdefault(scenario.name.lower(), scenario)  # file names may not differ by case alone
        if other is not scenario and (other.name, other.digest) != (scenario.name, scenario.digest):
            raise PlanError(f"two different scenarios are called {scenario.name!r}; rename one of the files")
    entries = tuple(
        PlannedScenario(
            name=scenario.name,
            title=scenario.title,
            question=scenario.question,
            start=scenario.start.isoformat(),
            digest=scenario.digest,
            reference=(references or {}).get(scenario.name, scenario.name),
            resolved=json.loads(canonical(scenario.to_dict())),
        )
        for scenario in seen.values()
    )
    files = source_digests()
    return Plan(
        scenarios=entries,
        replicates=replicates,
        settings=dict(settings),
        points=tuple(dict(point) for point in points),
        decision_replicates=decision_replicates,
        function=function,
        code=code_digest(files),
        versions=versions_behind(),
        files=files,
        shard=shard,
    )


def canonical(body: Any) -> str:
    """JSON with sorted keys and no spaces; dates in ISO form. Raises ValueError on NaN or infinity."""
    return json.dumps(
        body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain
    )


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "__dataclass_fields__"):
        return asdict(value)
    if isinstance(value, tuple | frozenset | set):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no place in a plan")


def versions_behind() -> dict[str, str]:
    """Versions of the packages that a run's numbers come from."""
    return {name: metadata.version(name) for name in BEHIND_THE_NUMBERS}


def code_digest(files: Mapping[str, str] | None = None) -> str:
    """SHA-256 of all that `source_digests` names."""
    return hashlib.sha256(canonical(dict(files or source_digests())).encode()).hexdigest()


def source_digests() -> dict[str, str]:
    """Of each source and table behind a run's numbers: its path below model/ and the SHA-256 of its bytes."""
    root = Path(__file__).resolve().parent.parent
    found = {}
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if parts[0] not in AFTER_THE_RUN and path.suffix in (".py", ".csv", ".toml"):
            found["/".join(parts)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
