"""What a calibration writes and prints: draws of the posterior, what the data constrain, skill left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from model.analysis.backtest import Line, coverage
from model.analysis.backtest_files import BACKTEST, skills, write_backtest
from model.analysis.calibration import Posterior, constraint
from model.analysis.emulator import Floats
from model.analysis.summary import write_rows
from model.ensemble.csv_files import Column
from model.ensemble.manifest import add_to_data_package
from model.ensemble.tables import Table

#: forecasts of each episode by the posterior of all the others
LEFT_OUT = "left_out.csv"
#: digits of a number in posterior.csv
DIGITS = 6

CONSTRAINTS = Table(
    path="constraints.csv",
    meaning="one number of behaviour: how far history moved it from its prior",
    columns=(
        Column("key", "string", "", "dotted key"),
        Column("position", "number", "0-1", "posterior mean of its position in the prior; 0.5: history says nothing"),
        Column("spread", "number", "ratio", "posterior spread of the position against the prior's; 1: not narrowed"),
        Column("moved", "number", "prior spreads", "how far the mean position moved"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Candidates:
    """Fresh sets drawn from the prior: keys of their numbers, positions (sets, numbers), and the values of one set."""

    keys: tuple[str, ...]
    positions: Floats
    values: Callable[[int], Mapping[str, float]]


def write_calibration(
    result: Posterior, left_out: Sequence[Line], candidates: Candidates, folder: Path
) -> tuple[str, ...]:
    """Write posterior.csv (a draw a row), constraints.csv and left_out.csv (a backtest); returns their names."""
    posterior = Table(
        path="posterior.csv",
        meaning="one joint draw of the numbers of behaviour",
        columns=tuple(Column(key, "number", "", "value") for key in candidates.keys),
    )
    rows = [
        {key: float(f"{value:.{DIGITS}g}") for key, value in candidates.values(index).items()}
        for index in result.draws
    ]
    write_rows(folder, posterior, rows)
    write_rows(folder, CONSTRAINTS, constrained(result, candidates))
    write_backtest(left_out, folder, LEFT_OUT)
    add_to_data_package(folder, [posterior, CONSTRAINTS, replace(BACKTEST, path=LEFT_OUT)], "calibration")
    return posterior.path, CONSTRAINTS.path, LEFT_OUT


def constrained(result: Posterior, candidates: Candidates) -> list[dict[str, Any]]:
    """Rows of constraints.csv, the numbers that history moved most first."""
    drawn = candidates.positions[result.draws]
    rows: list[dict[str, Any]] = []
    for column, key in enumerate(candidates.keys):
        position, spread, moved = constraint(drawn[:, column].tolist())
        rows.append({"key": key, "position": position, "spread": spread, "moved": moved})
    return sorted(rows, key=lambda row: (-abs(row["moved"]), row["key"]))


def printed(
    result: Posterior,
    explained: Mapping[str, float],
    left_out: Sequence[Line],
    sets: int,
    candidates: Candidates,
    seed: int,
    at_random: int,
) -> str:
    """The posterior, the skill of what is left out by kind with its coverage, and the numbers that moved most.

    explained: by kind, share of the variance of what replays say that is foretold of sets not seen. at_random:
    replays of each episode by the random actor.
    """
    held, told_of = coverage(left_out, 90)
    half, _ = coverage(left_out, 50)
    chance = (12.0 * min(result.reach, len(result.draws))) ** -0.5
    out = [
        f"{sets} sets; of what replays of unseen sets say the emulators foretell "
        f"{', '.join(f'{kind} {share:.0%}' for kind, share in explained.items())}",
        f"emulated loss of the prior {result.prior:.3f}, of the posterior {result.loss:.3f}; tau {result.tau:.4f}, "
        f"{result.reach:.0f} of {len(candidates.positions)} candidates stand behind it",
        "",
        "each episode replayed with the posterior of the others:",
        *skills(left_out, seed, at_random)[:-1],
        f"50 % intervals hold {half / told_of:.0%}, 90 % intervals {held / told_of:.0%} of {told_of}",
        "",
        f"moved most (position in the prior, 0.5 where history says nothing; by chance +-{chance:.2f}):",
    ]
    for row in constrained(result, candidates)[:12]:
        out.append(f"  {row['key']:<36} {row['position']:.2f}  spread {row['spread']:.2f}")
    return "\n".join(out)
