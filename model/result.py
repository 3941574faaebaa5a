"""What one run returns: plain arrays, never a DataFrame.

The simulation makes it, the ensemble stores it, and every CSV is rendered from what is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scalar = float | int | str | bool | None
Array = NDArray[Any]

EVENT_COLUMNS = ("day", "hour", "actor", "action", "target", "public", "inadvertent")
DECISION_COLUMNS = ("day", "actor", "option", "stake", "value", "probability", "chosen")


@dataclass(frozen=True)
class RunResult:
    """One run of one scenario.

    scalars: every outcome of file `runs` in outcomes.csv; None where it never happened or does not apply.
    numbers: every sampled number of the run by its dotted key.
    series: by name, shape (days,): float64, or int64 codes (positions in the outcome's levels) for a category.
        A series is left out where the case has no actor or quantity that it could describe.
    regions: by name, shape (weeks, regions), in the order of `region_names`.
    events: columns EVENT_COLUMNS of equal length: day and hour int64, actor, action, target str, two bool.
    decisions: columns DECISION_COLUMNS of equal length; empty when this run was not among the sampled ones.
    """

    scalars: Mapping[str, Scalar]
    numbers: Mapping[str, float]
    series: Mapping[str, Array]
    regions: Mapping[str, Array] = field(default_factory=dict)
    region_names: tuple[str, ...] = ()
    events: Mapping[str, Array] = field(default_factory=lambda: no_events())
    decisions: Mapping[str, Array] = field(default_factory=lambda: no_decisions())


def no_events() -> dict[str, Array]:
    """Event columns of length 0."""
    kinds = {"day": np.int64, "hour": np.int64, "public": np.bool_, "inadvertent": np.bool_}
    return {name: np.zeros(0, dtype=kinds.get(name, np.dtype("<U1"))) for name in EVENT_COLUMNS}


def no_decisions() -> dict[str, Array]:
    """Decision columns of length 0."""
    kinds = {"day": np.float64, "value": np.float64, "probability": np.float64, "chosen": np.bool_}
    return {name: np.zeros(0, dtype=kinds.get(name, np.dtype("<U1"))) for name in DECISION_COLUMNS}
