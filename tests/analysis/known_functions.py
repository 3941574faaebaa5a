"""Simulations whose sensitivity is known in closed form: Ishigami's and Sobol's G function as an outcome of a run."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from model.parameters import Number
from model.result import RunResult
from tests.ensemble.fake_simulation import FakeScenario, Settings
from tests.ensemble.fake_simulation import simulate as fake

__all__ = ["Settings", "boxed_run", "ishigami_run", "noisy_run"]

G_WEIGHTS = (0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0)


def number(key: str, low: float, high: float, grade: str = "D") -> Number:
    return Number(
        key, (low + high) / 2, "1", low, high, "uniform", "uncertainty", grade, ("assumption",), "a note"
    )


ANGLES = {
    f"x.a{n}": number(f"x.a{n}", -math.pi, math.pi, grade) for n, grade in ((1, "A"), (2, "D"), (3, "D"))
}
UNITS = {f"x.g{n}": number(f"x.g{n}", 0.0, 1.0) for n in range(1, 9)}


def ishigami(x: Mapping[str, float], a: float = 7.0, b: float = 0.1) -> float:
    """Ishigami and Homma 1990."""
    return math.sin(x["x.a1"]) + a * math.sin(x["x.a2"]) ** 2 + b * x["x.a3"] ** 4 * math.sin(x["x.a1"])


#: first-order and total indices of `ishigami` with a = 7 and b = 0.1
ISHIGAMI_S1 = {"x.a1": 0.3139, "x.a2": 0.4424, "x.a3": 0.0}
ISHIGAMI_ST = {"x.a1": 0.5576, "x.a2": 0.4424, "x.a3": 0.2437}


def g_function(x: Mapping[str, float]) -> float:
    """Sobol 1993, with the weights of Saltelli and Sobol 1995."""
    return math.prod((abs(4 * x[f"x.g{n}"] - 2) + a) / (1 + a) for n, a in enumerate(G_WEIGHTS, start=1))


def g_indices() -> tuple[dict[str, float], dict[str, float]]:
    """First-order and total indices of `g_function` in closed form."""
    parts = {f"x.g{n}": 1 / (3 * (1 + a) ** 2) for n, a in enumerate(G_WEIGHTS, start=1)}
    everything = math.prod(1 + part for part in parts.values())
    total = everything - 1
    return (
        {key: part / total for key, part in parts.items()},
        {key: part * everything / (1 + part) / total for key, part in parts.items()},
    )


@dataclass(frozen=True)
class KnownScenario(FakeScenario):
    numbers: dict[str, Number] = field(default_factory=lambda: dict(ANGLES))
    sweep: None = None


def ishigami_run(
    scenario: KnownScenario,
    replicate: int,
    settings: Settings,
    point: int = 0,
    overrides: Mapping[str, float] | None = None,
) -> RunResult:
    """A run whose lowest remittances are Ishigami's function of its numbers, without any luck."""
    x = {key: n.value for key, n in scenario.numbers.items()} | dict(overrides or {})
    result = fake(scenario, replicate, settings)  # what overrides do to the other outcomes is of no interest
    return replace(result, scalars={**result.scalars, "remittance_floor": ishigami(x)})


def noisy_run(
    scenario: KnownScenario,
    replicate: int,
    settings: Settings,
    point: int = 0,
    overrides: Mapping[str, float] | None = None,
) -> RunResult:
    """The same with luck that is the same at every point."""
    result = ishigami_run(scenario, replicate, settings, point, overrides)
    luck = random.Random(f"{settings.seed} {replicate} luck").gauss(0.0, 3.0)
    return replace(
        result, scalars={**result.scalars, "remittance_floor": result.scalars["remittance_floor"] + luck}
    )


LEVER = replace(number("x.lever", 0.0, 10.0), value=2.0, kind="lever", distribution="fixed")
CLUTTER = {f"x.idle{n}": number(f"x.idle{n}", 0.0, 1.0) for n in range(20)}
PLANTED = {f"x.p{n}": number(f"x.p{n}", 0.0, 1.0) for n in range(2)} | CLUTTER | {LEVER.key: LEVER}


def boxed_run(
    scenario: KnownScenario,
    replicate: int,
    settings: Settings,
    point: int = 0,
    overrides: Mapping[str, float] | None = None,
) -> RunResult:
    """Force is used where p0 is above 0.6 and p1 below 0.5 (of numbers drawn by replicate), and one time in fifty
    elsewhere; and everywhere from a lever of 7 on."""
    luck = random.Random(f"{settings.seed} {replicate} box")
    x = {key: luck.random() if n.kind == "uncertainty" else n.value for key, n in scenario.numbers.items()}
    x |= dict(overrides or {})
    used = (x["x.p0"] > 0.6 and x["x.p1"] < 0.5) or x["x.lever"] >= 7.0 or luck.random() < 0.02
    result = fake(scenario, replicate, settings)
    scalars = {**result.scalars, "force_used": used, "killed_total": 10.0 + (scenario.name == "other")}
    return replace(result, scalars=scalars, numbers=x)
