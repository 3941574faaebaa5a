"""The crisis as everybody can see it: levers in force, offers, ways out, and where things stand.

A lever is a state of the world that an act sets (a channel blocked, a demand standing, a post manned),
from 0 (off) to 1 (in full force). Which act sets which lever stands in `actions.csv`.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass
class Crisis:
    """Public state of the crisis.

    stage: `before` (the visit not yet decided), `hosted`, `refused`, `cancelled` (he stayed away), `detained`, or
    `defied` (the coercer resents something else than an arrest), then `settled`; or `quiet` (nobody outside resents
    anything).
    coercer, host: levers of either side by name (0-1). ways_out: how far each way out on offer (a mediator, a
    legal formula, the coercer's own offer of talks) saves the coercer's face (0-1). since: day on which each
    lever of the coercer was last set. deadline: day an ultimatum runs out. in_force: the coercer's levers above 0;
    another mapping once one of them has been set.
    """

    stage: str = "before"
    coercer: dict[str, float] = field(default_factory=dict)
    host: dict[str, float] = field(default_factory=dict)
    ways_out: dict[str, float] = field(default_factory=dict)
    face_used: float = 0.0
    deadline: float | None = None
    opened_on: float | None = None
    settled_on: float | None = None
    in_power: bool = True
    injected: dict[str, float] = field(default_factory=dict)
    since: dict[str, float] = field(default_factory=dict)
    in_force: dict[str, float] = field(default_factory=dict)

    @property
    def face(self) -> float:
        """How far the best way out on offer saves the coercer's face, 0-1."""
        return max(self.ways_out.values(), default=0.0)

    def open_up(self, stage: str, day: float) -> None:
        """The coercer has something to demand from now on: `stage` is detained or defied."""
        self.stage, self.opened_on = stage, day

    def days_open(self, day: float) -> float:
        """Days since the coercer had something to demand; 0 before."""
        return 0.0 if self.opened_on is None else day - self.opened_on

    def coercion(self, lever: str) -> float:
        """Level of a lever of the coercer, 0-1."""
        return self.coercer.get(lever, 0.0)

    def policy(self, lever: str) -> float:
        """Level of a lever of the host, 0-1."""
        return self.host.get(lever, 0.0)

    def pressed(self, exposure: Mapping[str, float]) -> float:
        """Mean level of the coercer's measures, weighted by the host's exposure to each, 0-1."""
        if not self.in_force:
            return 0.0
        pressing = [exposure[lever] * level for lever, level in self.in_force.items() if lever in exposure]
        total = math.fsum(exposure.values()) if pressing else 0.0
        return math.fsum(pressing) / total if total > 0.0 else 0.0

    def press(self, lever: str, level: float, day: float) -> None:
        """Set a lever of the coercer."""
        self._set(lever, level)
        self.since[lever] = day

    def offer(self, level: float, face: float) -> None:
        """The coercer offers talks, which saves `face` (0-1) of its face; no pressure, and no news of one."""
        self._set("coercer_offer", level)
        self.ways_out["coercer_offer"] = face

    def _set(self, lever: str, level: float) -> None:
        self.coercer[lever] = level
        if level > 0.0:
            self.in_force = self.in_force | {lever: level}
        else:
            self.in_force = {other: stands for other, stands in self.in_force.items() if other != lever}

    def lift(self, lever: str, day: float) -> None:
        """Set a lever of the coercer back to 0, if it was not there."""
        if self.coercion(lever) > 0.0:
            self.press(lever, 0.0, day)

    def credit(self, lever: str, day: float, half_life: float) -> float:
        """What is left of the credit of a standing threat that has not been carried out, 0-1."""
        return self.credits((lever,), day, half_life).get(lever, 0.0)

    def credits(self, threats: Iterable[str], day: float, half_life: float) -> dict[str, float]:
        """`credit` of those threats that stand, by lever."""
        standing, since = self.in_force, self.since
        return {
            lever: standing[lever] * 0.5 ** ((day - since[lever]) / half_life)
            for lever in threats
            if lever in standing
        }

    @property
    def open(self) -> bool:
        """Whether the coercer's demand stands: the detainee is held, or what else it resents is not undone."""
        return self.stage in ("detained", "defied")
