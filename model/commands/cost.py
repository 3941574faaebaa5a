"""What a batch costs, told before it starts: the number of runs, and the time from a few that are timed first."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.ensemble.plan import Plan, RunKey
    from model.ensemble.store import BatchStore

#: runs that are timed; the first of them starts the worker and is not counted
TRIALS = 5


def expected_seconds(
    plan: Plan, scenarios: Mapping[str, Any], store: BatchStore, keys: Sequence[RunKey], workers: int
) -> float | None:
    """How long the runs `keys` will take, from a few of them made here and kept; None for too few to tell."""
    from model.ensemble.engine import compute

    if len(keys) <= 2 * TRIALS:
        return None
    some = [keys[number * len(keys) // TRIALS] for number in range(TRIALS)]  # spread over the points
    ends = []
    with closing(compute(plan, scenarios, some, 1)) as runs:
        for run in runs:
            store.add(run)
            ends.append(time.monotonic())
    store.commit()
    return (ends[-1] - ends[0]) / (TRIALS - 1) * (len(keys) - TRIALS) / workers


def duration(seconds: float) -> str:
    """A duration as people say it: seconds, minutes, or hours and minutes."""
    if seconds < 90:
        return f"{max(seconds, 1.0):.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"
