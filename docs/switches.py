"""`uv run python -m docs.switches DIR`: write the hindcast of `mechanisms.md` anew, with each mechanism switched on.

DIR holds a backtest by the name of each switch of `SWITCHES` (`run.py backtest --switch arrest=chain --out
DIR/arrest=chain` and so on), and `off`, all of the same episodes, replicates and seed: they are compared under the
same luck.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from docs.depth import PAGE
from docs.measured import renew
from model.analysis.backtest import LEAST, Line, by_kind, mean_interval, mean_skill
from model.analysis.backtest_files import read_backtest, uniforms
from model.analysis.skill import bootstrap

OFF, NULL = "off", "base_rate"
SWITCHES = (
    "arrest=chain", "coercer=factional", "neighbours=active", "elites=cascade", "alliance=quorum",
    "reinforcement=air", "leverage=base", "custody=mobile", "summit=guests",
)  # fmt: skip
#: digits of a skill
DIGITS = 3


def part(folder: Path) -> str:
    """Table of mean skill with each switch on, and its difference to all off. Raises OSError for a missing file."""
    off = read_backtest(folder / OFF / "backtest.csv")
    rows = ["| switch | mean skill | difference to off | episodes that differ |", "|---|---|---|---|"]
    for name in (OFF, *SWITCHES):
        on = read_backtest(folder / name / "backtest.csv")
        said = f"`{name.replace('=', ' = ')}`" if name != OFF else "all off"
        rows.append(f"| {said} | {_mean(on)} | {_difference(on, off)} | {_count(differing(on, off))} |")
    return "\n".join(rows)


def differing(on: Sequence[Line], off: Sequence[Line]) -> set[str]:
    """Episodes of which some forecast is another with a switch on."""
    return {one.episode for one, other in zip(on, off, strict=True) if one != other}


def difference(on: Sequence[Line], off: Sequence[Line]) -> tuple[float, tuple[float, float]]:
    """Mean skill with a switch on less that with all off, and its 95 % interval by resampling episodes."""
    kinds = {kind for kind, group in by_kind(off).items() if len(group) >= LEAST}
    pairs = [pair for pair in zip(on, off, strict=True) if pair[0].kind in kinds]
    names = sorted({line.episode for line in off})
    groups = [[pair for pair in pairs if pair[0].episode == name] for name in names]

    def gained(some: Sequence[tuple[Line, Line]]) -> float | None:
        with_it, without = (mean_skill([pair[side] for pair in some], NULL, least=1) for side in (0, 1))
        return None if with_it is None or without is None else with_it - without

    value, ends = gained(pairs), bootstrap(groups, gained, uniforms(1, 0, len(names)))
    assert value is not None and ends is not None
    return value, ends


def _mean(lines: Sequence[Line]) -> str:
    value, ends = (
        mean_skill(lines, NULL),
        mean_interval(lines, NULL, uniforms(1, 0, len({x.episode for x in lines}))),
    )
    assert value is not None and ends is not None
    return f"{value:.{DIGITS}f} ({ends[0]:.{DIGITS}f} to {ends[1]:.{DIGITS}f})"


def _difference(on: Sequence[Line], off: Sequence[Line]) -> str:
    if not differing(on, off):
        return "none"
    value, (low, high) = difference(on, off)
    return f"{value:+.{DIGITS}f} ({low:+.{DIGITS}f} to {high:+.{DIGITS}f})"


def _count(episodes: set[str]) -> str:
    return str(len(episodes)) if len(episodes) != 1 else f"1, {next(iter(episodes))}"


def main(arguments: list[str]) -> int:
    """Write the table; 0."""
    renew(PAGE, {"switches": part(Path(arguments[0]))})
    print(PAGE.name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
