"""A simulation of the right shape and no meaning, for tests of what stands above it."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

import numpy as np

from model.outcomes import series as registered
from model.result import Array, RunResult, Scalar

REGIONS = ("Dushanbe", "Khatlon", "Sughd")


@dataclass(frozen=True)
class Settings:
    seed: int = 1
    days: int = 30
    households: int = 100
    parameters: str = "prior"
    decisions: bool = False


@dataclass(frozen=True)
class FakeActor:
    role: str
    name: str
    label: str


@dataclass(frozen=True)
class FakeScenario:
    """misfortune: what happens to replicate 1, by name (see `suffer`); "" for nothing."""

    name: str
    misfortune: str = ""
    content: str = ""
    title: str = "a title"
    question: str = "What if?"
    start: date = date(2025, 10, 8)
    actors: tuple[FakeActor, ...] = field(default=(FakeActor("coercer", "kremlin", "the Kremlin"),))

    @property
    def digest(self) -> str:
        return sha256(f"{self.name} {self.misfortune}".encode()).hexdigest()

    def to_dict(self) -> dict[str, Any]:
        content = self.content or self.name
        return {
            "name": self.name,
            "content": content,
            "misfortune": self.misfortune,
            "start": self.start.isoformat(),
        }


def simulate(
    scenario: FakeScenario,
    replicate: int,
    settings: Settings,
    point: int = 0,
    overrides: Mapping[str, float] | None = None,
) -> RunResult:
    if scenario.misfortune == "slow":
        time.sleep(0.2)
    if replicate == 1:
        suffer(scenario.misfortune)
    luck = random.Random(f"{settings.seed} {replicate}")
    shift = random.Random(scenario.name).random() + sum((overrides or {}).values())
    days = settings.days
    series = {
        outcome.name: walk(luck, shift, days, outcome.type, len(outcome.levels))
        for outcome in registered("timeseries")
        if outcome.name != "csto_troops"  # a role that this case does not have
    }
    if scenario.misfortune == "nan" and replicate == 1:
        series["flights"][3] = np.nan
    weeks = -(-days // 7)
    regions = {
        outcome.name: np.array([[luck.random() * 100 for _ in REGIONS] for _ in range(weeks)])
        for outcome in registered("regions")
    }
    count = luck.randrange(1, 6)
    return RunResult(
        scalars={outcome.name: scalar(luck, shift, days, outcome) for outcome in registered("runs")},
        numbers={"coercer.patience": luck.random(), "households.remit_share": luck.random()},
        series=series,
        regions=regions,
        region_names=REGIONS,
        events={
            "day": np.array(sorted(luck.randrange(days) for _ in range(count))),
            "hour": np.full(count, 6),
            "actor": np.array(["kremlin"] * count),
            "action": np.array(
                [luck.choice(["demand_release", "blockade", "made_up"]) for _ in range(count)]
            ),
            "target": np.array(["government", ""] * count)[:count],
            "public": np.array([True, False] * count)[:count],
            "inadvertent": np.zeros(count, dtype=bool),
        },
        decisions=decisions(luck) if settings.decisions else RunResult({}, {}, {}).decisions,
    )


class Unpicklable(Exception):
    def __reduce__(self) -> str:
        raise TypeError("cannot be pickled")


class Mute(Exception):
    def __str__(self) -> str:
        raise ValueError("no message either")


def suffer(misfortune: str) -> None:
    if misfortune == "raises":
        raise RuntimeError("=the model broke\nhere: <object at 0x7f0123456789>")
    if misfortune == "hangs":
        time.sleep(600)
    if misfortune == "dies":
        os.kill(os.getpid(), signal.SIGKILL)
    if misfortune == "exits":
        sys.exit(7)
    if misfortune == "leaves":
        os._exit(7)
    if misfortune == "unpicklable":
        raise Unpicklable("a \ud800 and a \0")
    if misfortune == "mute":
        raise Mute
    if misfortune == "verbose":
        raise ValueError("x" * 100_000_000)
    if misfortune == "formula":
        raise type("=cmd()", (Exception,), {})("+1")
    if misfortune == "recurses":
        suffer(misfortune)
    if misfortune.startswith("dies once at "):
        place = misfortune.removeprefix("dies once at ")
        if not os.path.exists(place):
            os.close(os.open(place, os.O_CREAT))
            os.kill(os.getpid(), signal.SIGKILL)


def walk(luck: random.Random, shift: float, days: int, kind: str, levels: int) -> Array:
    if kind == "category":
        turn = luck.randrange(1, days)
        return np.where(np.arange(days) < turn, 0, levels - 1)
    if kind == "integer":
        return (np.arange(days) >= luck.randrange(days)).astype(np.int64)
    generator = np.random.Generator(np.random.PCG64(luck.randrange(2**32)))
    return np.abs(np.cumsum(generator.normal(size=days)) + shift)


def scalar(luck: random.Random, shift: float, days: int, outcome: Any) -> Scalar:
    draw = luck.random()
    if outcome.type == "category":
        return str(
            outcome.levels[min(int((draw + shift) / 2 * len(outcome.levels)), len(outcome.levels) - 1)]
        )
    if outcome.type == "boolean":
        return draw < shift
    if outcome.type == "integer":
        return int(draw * 10)
    if outcome.reduction == "days":
        return draw * days if draw < shift else None
    if outcome.unit.startswith(("share", "index", "0-1")):
        return draw
    return draw * 1000 + shift


def decisions(luck: random.Random) -> dict[str, Array]:
    return {
        "day": np.array([0.25, 0.25]),
        "actor": np.array(["kremlin", "kremlin"]),
        "option": np.array(["wait", "blockade"]),
        "stake": np.array(["standing", "standing"]),
        "value": np.array([luck.random(), -0.0]),
        "probability": np.array([0.75, 0.25]),
        "chosen": np.array([True, False]),
    }
