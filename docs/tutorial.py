"""`uv run python -m docs.tutorial`: make the batches of `tutorial.md` in their full size and write its numbers anew.

What may be said depends on the interval, so that sentences are written here too. It takes about a minute on two
quiet cores.
"""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from docs.blocks import FOLDER, blocks
from docs.measured import excerpt, renew
from model.analysis.comparison import compare_all
from model.analysis.observations import Observed
from model.analysis.overview import DIFFERENCES, difference_lines, overview_lines
from model.analysis.statistics import wilson
from model.commands import start
from model.commands.gathering import gather

PAGE = FOLDER / "tutorial.md"
FIRST, MINE = ("arrest", "base_half_strength"), ("base_half_strength", "weak_base_formula")


def make(folder: Path) -> None:
    """Save the files of the tutorial in a folder and make its batches there, as it says. Raises RuntimeError."""
    said, before = StringIO(), Path.cwd()
    os.chdir(folder)
    try:
        for block in blocks(PAGE.read_text(encoding="utf-8")):
            if block.kind == "save":
                Path(block.argument).write_text(block.text, encoding="utf-8")
            for line in block.text.splitlines() if block.kind == "run" else ():
                words = shlex.split(line)
                if words[2:4] == ["run.py", "batch"]:
                    with redirect_stdout(said), redirect_stderr(said):
                        _do(words[3:], said)
    finally:
        os.chdir(before)


def _do(words: list[str], said: StringIO) -> None:
    try:
        start(words)
    except SystemExit as end:
        if end.code:
            raise RuntimeError(said.getvalue()) from None


def parts(results: Path) -> dict[str, str]:
    """What stands in each place of the page. results: the folder with the batches `first` and `mine`."""
    first, mine = gather([results / "first"]).observed, gather([results / "mine"]).observed
    return {
        "first-table": excerpt(overview_lines(first, "no_arrest")),
        "first-share": _share(first["arrest"]),
        "first-differences": excerpt(difference_lines(_against(first, FIRST))),
        "first-reading": _reading(first, FIRST, "half a base"),
        "mine-differences": excerpt(difference_lines(_against(mine, MINE))),
        "may-be-written": _finding(mine),
        "not-prevented": _still(mine["weak_base_formula"]),
        "nor-this": _nor_this(mine),
    }


def _against(observed: Mapping[str, Observed], pair: tuple[str, str]) -> list[dict[str, Any]]:
    return compare_all({name: observed[name] for name in pair}, pair[0])


def _difference(
    observed: Mapping[str, Observed], pair: tuple[str, str], outcome: str
) -> tuple[float, float, float]:
    """The paired difference of an outcome and its interval, shares in points of 100."""
    scale, measure = next((scale, measure) for _, name, measure, scale in DIFFERENCES if name == outcome)
    row = next(
        row for row in _against(observed, pair) if (row["outcome"], row["measure"]) == (outcome, measure)
    )
    low, high = (row[end] if row[end] is not None else row["difference"] for end in ("low", "high"))
    return row["difference"] * scale, low * scale, high * scale


def _points(value: float) -> str:
    return f"{value:+.0f}" if abs(value) >= 1.0 or not value else f"{value:+.1f}"


def _forced(observed: Observed) -> tuple[int, int]:
    """In how many of how many runs force was used."""
    force = observed.values("force_used")
    return sum(map(bool, force)), len(force)


def _share(arrest: Observed) -> str:
    used, runs = _forced(arrest)
    low, high = wilson(used, runs)
    return (
        f"With {runs} replicates, force is used in {100 * used / runs:.0f} % of the runs of `arrest`, and the interval "
        f"runs from {100 * low:.0f} to {100 * high:.0f} %."
    )


def _reading(observed: Mapping[str, Observed], pair: tuple[str, str], what: str) -> str:
    """A sentence an outcome: what its interval says."""
    pairs = len(observed[pair[1]].runs)
    said = []
    for outcome, told in (("force_used", "*force* is used"), ("government_fell", "the government *falls*")):
        middle, low, high = _difference(observed, pair, outcome)
        if low <= 0.0 <= high:
            said.append(
                f"Whether {what} changes how often {told} is not settled by {pairs} pairs: the interval reaches from "
                f"{_points(low)} to {_points(high)} points."
            )
        else:
            often = "less" if middle < 0.0 else "more"
            said.append(
                f"With {what} {told} {often} often, as far as {pairs} pairs can tell: by {_points(middle)} points, "
                f"{_points(low)} to {_points(high)}."
            )
    return " ".join(said)


def _finding(mine: Mapping[str, Observed]) -> str:
    pairs = len(mine[MINE[1]].runs)
    settings = (
        f"with its numbers drawn from the posterior ({pairs} pairs of runs of {mine[MINE[1]].horizon} days under equal "
        "luck, seed 1)"
    )
    clear, vague = [], []
    for outcome, told in (("force_used", "force is used"), ("government_fell", "the government falls")):
        middle, low, high = _difference(mine, MINE, outcome)
        numbers = f"{_points(middle)} points, {_points(low)} to {_points(high)}"
        (vague if low <= 0.0 <= high else clear).append(f"how often {told} ({numbers})")
    said = []
    if clear:
        said.append(
            f"In this model, {settings}, a legal formula offered on the first day changes {' and '.join(clear)}, where "
            "the base has half its strength (differences of shares of runs, with 95 % intervals)."
        )
    if vague:
        start = (
            "A change in"
            if clear
            else f"In this model, {settings}, where the base has half its strength, a change in"
        )
        said.append(f"{start} {' and in '.join(vague)} by a legal formula could not be told from none.")
    return "> " + " ".join(said)


def _still(formula: Observed) -> str:
    used, runs = _forced(formula)
    return f"In {100 * used / runs:.0f} % of the runs with the formula force is used all the same."


def _nor_this(mine: Mapping[str, Observed]) -> str:
    """A difference that stands in the table and could not be told from none, said as if it could."""
    for outcome, said, less, more in (
        ("poverty_peak", "The peak of poverty is {:.1f} points {}.", "lower", "higher"),
        ("killed_total", "There are {:,.0f} {} dead.", "fewer", "more"),
        ("government_fell", "The government falls in {:.0f} of 100 runs {}.", "less", "more"),
    ):
        middle, low, high = _difference(mine, MINE, outcome)
        if low <= 0.0 <= high and middle:
            told = said.format(abs(middle), less if middle < 0.0 else more)
            return f"> {told}\n\nThe interval is from {low:+,.1f} to {high:+,.1f}."
    return "> It is the same without the formula.\n\nThat an interval holds zero does not say that nothing changes."


def main() -> int:
    """Write the page; 0."""
    with tempfile.TemporaryDirectory() as aside:
        make(Path(aside))
        found = parts(Path(aside) / "results")
    renew(PAGE, found)
    print(PAGE.name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
