"""Parameter sets for a calibration: which numbers history can inform, and sets of them drawn from the prior."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

#: sections of numbers that replays can inform. Households and economy answer to series. The clocks of institutions
#: stand as sourced, also those of agencies and officials: they were set on dated acts of the same episodes, which
#: cannot inform them twice.
INFORMED = ("decision", "coercer", "government", "force", "information")
#: beginnings of numbers that are such clocks (how often a cabinet sits in an uprising is one), or belong to mechanisms
#: which no episode switches on
SILENT = (
    "coercer.faction", "force.reinforcement", "force.squeeze", "decision.credibility_reinforcement",
    "coercer.first_answer", "government.first_step", "government.emergency_sessions",
    "government.sessions_under_attack",
)  # fmt: skip


def parameter_sets(count: int, seed: int) -> tuple[dict[str, float], ...]:
    """Joint draws of every uncertain number of behaviour from its prior."""
    from model.parameters import behaviour, draw
    from model.randomness import Luck

    numbers = {key: n for key, n in behaviour().items() if n.kind == "uncertainty"}
    return tuple(draw(numbers, Luck(seed, index), "prior") for index in range(count))


def informed() -> tuple[str, ...]:
    """Keys of the numbers that replays of episodes can say something about, sorted."""
    from model.parameters import behaviour

    return tuple(
        key
        for key, number in sorted(behaviour().items())
        if number.kind == "uncertainty" and key.partition(".")[0] in INFORMED and not key.startswith(SILENT)
    )


def positions(keys: Sequence[str], seed: int, sets: Sequence[int]) -> Any:
    """Where each number of each set lies in its prior: array (sets, numbers), 0-1."""
    import numpy as np

    from model.parameters import places_in_prior
    from model.randomness import Luck

    return np.array([places_in_prior(keys, Luck(seed, index)) for index in sets])
