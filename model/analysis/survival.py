"""Times to events that exclude each other: cumulative incidence and restricted means.

Aalen and Johansen 1978 (An empirical transition matrix for non-homogeneous Markov chains based on censored
observations). A time is (days, cause); cause "" is censored: nothing had happened by then. The complement of
Kaplan and Meier, which takes a rival event for censoring, overstates every incidence and is not used.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

CENSORED = ""
Times = Sequence[tuple[float, str]]


@dataclass(frozen=True)
class Incidence:
    """Incidence of each cause as a step function: `days` of the steps, and by cause the share at and after each."""

    days: tuple[float, ...]
    shares: dict[str, tuple[float, ...]]

    def at(self, cause: str, day: float) -> float:
        """Probability that the cause has come about by a day."""
        found = 0.0
        for step, share in zip(self.days, self.shares.get(cause, ()), strict=True):
            if step > day:
                break
            found = share
        return found

    def days_lost(self, cause: str, horizon: float) -> float:
        """Mean days before the horizon that the cause takes: the area under its incidence (Andersen 2013)."""
        edges = [*self.days, math.inf]
        shares = self.shares.get(cause, (0.0,) * len(self.days))
        return math.fsum(
            share * (min(end, horizon) - start)
            for start, end, share in zip(self.days, edges[1:], shares, strict=True)
            if start < horizon
        )


def cumulative_incidence(times: Times, causes: Sequence[str]) -> Incidence:
    """Aalen and Johansen's estimate for each cause. Events come before censoring of the same day."""
    steps = sorted({day for day, cause in times if cause != CENSORED})
    shares: dict[str, list[float]] = {cause: [] for cause in causes}
    free = 1.0  # of every event, just before the step
    for step in steps:
        at_risk = sum(day >= step for day, _ in times)
        struck = [cause for day, cause in times if day == step and cause != CENSORED]
        for cause in causes:
            before = shares[cause][-1] if shares[cause] else 0.0
            shares[cause].append(before + free * struck.count(cause) / at_risk)
        free *= 1.0 - len(struck) / at_risk
    return Incidence(tuple(steps), {cause: tuple(found) for cause, found in shares.items()})


def pseudo_values(
    times: Times, cause: str, causes: Sequence[str], horizon: float
) -> tuple[list[float], list[float]]:
    """What each run contributes to the incidence at the horizon and to the days lost by then.

    Jackknife pseudo-observations (Andersen, Klein and Rosthoej 2003), whose mean is the estimate and whose
    differences can be compared pair by pair. Where nothing is censored before the horizon they are the run's
    own mark and its own days.
    """
    if not any(known == CENSORED and day < horizon for day, known in times):
        struck = [known == cause and day <= horizon for day, known in times]
        lost = [max(0.0, horizon - day) if hit else 0.0 for (day, _), hit in zip(times, struck, strict=True)]
        return [float(hit) for hit in struck], lost
    whole = cumulative_incidence(times, causes)
    n = len(times)
    marks, days = [], []
    for left_out in range(n):
        rest = cumulative_incidence([*times[:left_out], *times[left_out + 1 :]], causes)
        marks.append(n * whole.at(cause, horizon) - (n - 1) * rest.at(cause, horizon))
        days.append(n * whole.days_lost(cause, horizon) - (n - 1) * rest.days_lost(cause, horizon))
    return marks, days
