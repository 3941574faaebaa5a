"""Tiny worlds of force in which the right answer is obvious, on nominal numbers unless overridden."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from model.case import ActorSpec, PlaceSpec
from model.randomness import Luck
from model.world.forces import Climate
from model.world.places import CITY, Happening
from model.world.theatre import Theatre

SURE = {"force.will_noise": 1e-6, "force.loyalty_spread": 0.0}
CALM = Climate(orders=0.0, legitimacy=0.8, narrative_share=0.1, arrears_days=0.0, contact=1.0, internet=1.0)
GARRISON = {"units": 5, "quality": 1, "loyalty": 1, "readiness_hours": 1, "hours_to_capital": 1}
ARMY = {**GARRISON, "loyalty": 0.5, "capital_share": 1}

STRONG = [{"strength": 5000}]
DISLOYAL = [{"strength": 8000, "loyalty": 0.0}]
STAUNCH = [{"strength": 20000, "loyalty": 1.0}]
#: The places of a capital; a province has a seat of its own instead of the government quarter.
CAPITAL = tuple(kind for kind in CITY if kind != "province")


@cache
def behaviour() -> dict[str, float]:
    """Nominal numbers of the sections of force."""
    tables = tomllib.loads((Path(__file__).parents[2] / "model" / "parameters.toml").read_text("utf-8"))
    return {f"{s}.{k}": tables[s][k]["value"] for s in ("force", "custody") for k in tables[s]}


def world(
    garrison: Sequence[Mapping[str, float]] = (),
    army: Sequence[Mapping[str, float]] = (),
    places: Sequence[str] = CAPITAL,
    combat: str = "lanchester_square",
    replicate: int = 0,
    detainee_at: str = "detention",
    numbers: Mapping[str, float] | None = None,
) -> Theatre:
    """A theatre of some garrisons and armies (their numbers over the usual ones) and kinds of place."""
    values, actors = dict(behaviour()), []
    for role, usual, rows in (("garrison", GARRISON, garrison), ("army", ARMY, army)):
        for i, row in enumerate(rows):
            actors.append(ActorSpec(role, f"{role}_{i}", role))
            values |= {f"{role}_{i}.{key}": value for key, value in (usual | dict(row)).items()}
    values |= {f"roads.{kind}": 0.2 for kind in CITY} | dict(numbers or {})
    specs = [PlaceSpec(kind, kind) for kind in places]
    theatre = Theatre(actors, specs, values, Luck(7, replicate), {"combat": combat})
    theatre.detainee_at = detainee_at
    return theatre


def pass_days(
    theatre: Theatre, days: float, climate: Climate = CALM, dt: float = 0.25, start: float = 0.0
) -> list[Happening]:
    """Let some days pass; returns all that happened."""
    news = []
    for i in range(round(days / dt)):
        news += theatre.step(start + i * dt, dt, climate)
    return news


def people(theatre: Theatre) -> tuple[int, int]:
    """Soldiers of the garrison and the army, dead or alive, wherever they are."""
    return sum(f.strength + f.killed for f in theatre.garrison), sum(
        f.strength + f.killed for f in theatre.army
    )


def kinds(news: Sequence[Happening]) -> list[str]:
    """What happened, by kind."""
    return [happening.kind for happening in news]
