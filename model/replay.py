"""What a run says about each kind of outcome of an episode, in the units in which it was observed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from zlib import crc32

from model.episode import VIOLENCE
from model.result import RunResult, Scalar
from model.scenario import Scenario
from model.settings import Settings
from model.simulation import simulate as simulate_whole

__all__ = ["HORIZON", "NEVER", "Settings", "measured", "simulate", "simulate_set"]

#: days of a replay: one horizon for all episodes
HORIZON = 1100
NEVER = float("inf")
#: shares of the first year's trade, and of its remittances, that count as a fall; a bureaucratic nuisance is less
TRADE_FELL, REMITTANCES_FELL = 0.2, 0.1


def simulate(
    scenario: Scenario,
    replicate: int,
    settings: Settings,
    point: int = 0,
    overrides: Mapping[str, float] | None = None,
) -> RunResult:
    """One run of an episode, without the series: nobody looks at 1,100 days of them."""
    result = simulate_whole(scenario, replicate, replace(settings, series=False), point, overrides)
    return replace(result, series={}, regions={}, region_names=())


def simulate_set(
    scenario: Scenario,
    replicate: int,
    settings: Settings,
    point: int = 0,
    overrides: Mapping[str, float] | None = None,
) -> RunResult:
    """One run of an episode with one parameter set, under luck of its own (but for a rare collision of its key).

    Sets that shared their luck would be weighed by how it suits them, and forecasts pooled from them would know
    two or three histories only.
    """
    own = crc32(f"{scenario.name} {point} {replicate}".encode())
    return simulate(scenario, own, settings, point, overrides)


def measured(scalars: Mapping[str, Scalar]) -> dict[str, float | None]:
    """Every kind of outcome of one run: 0 or 1, the index of a class, days (infinite for never), or a count.

    None where the run cannot say: punishment where the host did not give way, migrants where there are none.
    """

    def days(name: str) -> float:
        value = scalars[name]
        return NEVER if value is None else float(value)

    def number(name: str) -> float | None:
        value = scalars[name]
        return None if value is None else float(value)

    remittances = number("remittance_first_year")
    return {
        "force": number("force_used"),
        "violence": float(VIOLENCE.index(str(scalars["violence"]))),
        "first_measure": days("days_to_first_measure"),
        "first_yield": days("days_to_first_concession"),
        "yield": days("days_to_yielding"),
        "punished": number("punished_after_compliance"),
        "expelled": number("deported_first_year"),
        "trade_fell": float(float(scalars["trade_cut_first_year"] or 0.0) >= TRADE_FELL),
        "remittances_fell": None if remittances is None else float(remittances < 1.0 - REMITTANCES_FELL),
        "alliance": days("days_to_csto_decision"),
        "eu_statement": days("days_to_eu_statement"),
        "eu_sanctions": days("days_to_eu_sanctions"),
        "court_finding": days("days_to_icc_finding"),
        "surrender": days("days_to_surrender"),
        "deaths": number("killed_total"),
    }
