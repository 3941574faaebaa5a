"""Two pictures of a backtest: what was forecast beside what happened, and skill by kind of outcome."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from model.analysis.backtest import LEAST, NULLS, Line, by_kind, skill
from model.analysis.scores import FIRST_DAY

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: kinds of days that are drawn, in the order in which a crisis meets them
DAYS = ("first_measure", "first_yield", "yield", "alliance", "eu_sanctions", "court_finding", "surrender")
TRUE, FALSE, FORECAST = "#b2182b", "#ffffff", "#2166ac"
#: where never is drawn, days
NEVER_AT = 4000.0
#: lowest skill that is drawn
FLOOR = -1.0


def write_figures(scored: Sequence[Line], folder: Path) -> list[Path]:
    """Write forecasts.svg and skill.svg; returns their paths. Raises ImportError without matplotlib."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "backtest", "font.size": 8, "axes.spines.top": False,
                                "axes.spines.right": False})  # fmt: skip
    import matplotlib.pyplot as plt

    force = [line for line in scored if line.kind == "force" and line.coerced]
    days = [line for kind in DAYS for line in scored if line.kind == kind]
    tall = max(len(days) * 0.2 + 1.2, 3.0)
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(11.0, tall), width_ratios=(1, 2), layout="constrained"
    )
    _probabilities(left, force)
    _intervals(right, days)
    paths = [_saved(figure, folder / "forecasts.svg")]
    kinds = {kind: own for kind, own in by_kind(scored).items() if len(own) >= LEAST}
    figure, axes = plt.subplots(figsize=(7.0, len(kinds) * 0.3 + 1.2), layout="constrained")
    _skills(axes, kinds)
    return [*paths, _saved(figure, folder / "skill.svg")]


def _saved(figure: object, path: Path) -> Path:
    from matplotlib import pyplot

    figure.savefig(path, metadata={"Date": None})  # type: ignore[attr-defined]
    pyplot.close(figure)  # type: ignore[arg-type]
    return path


def _probabilities(axes: Axes, lines: Sequence[Line]) -> None:
    ordered = sorted(lines, key=lambda line: line.probability or 0.0)
    for row, line in enumerate(ordered):
        axes.barh(row, line.probability or 0.0, color=TRUE if line.observed else "#bbbbbb", height=0.7)
    axes.set_yticks(range(len(ordered)), [line.episode.replace("_", " ") for line in ordered])
    axes.set_xlim(0.0, 1.0)
    axes.set_title("forecast probability of force (red: force was used)", loc="left")


def _intervals(axes: Axes, lines: Sequence[Line]) -> None:
    def at(line: Line, value: float) -> float:
        return NEVER_AT if value > line.watched else max(value, FIRST_DAY)

    for row, line in enumerate(reversed(lines)):
        low, q25, mid, q75, high = (at(line, value) for value in line.forecast)
        axes.plot([low, high], [row, row], color=FORECAST, lw=1.0)
        axes.plot([q25, q75], [row, row], color=FORECAST, lw=4.0, alpha=0.5, solid_capstyle="butt")
        axes.plot([mid], [row], "|", color=FORECAST, ms=8)
        axes.plot([at(line, line.observed)], [row], "o", color=TRUE, ms=4, zorder=3)
    names = [f"{line.episode.replace('_', ' ')}: {line.kind.replace('_', ' ')}" for line in reversed(lines)]
    axes.set_yticks(range(len(lines)), names)
    axes.set_xscale("log")
    ticks = {0.25: "6 h", 1.0: "1", 7.0: "7", 30.0: "30", 180.0: "180", 1100.0: "1,100", NEVER_AT: "never"}
    axes.set_xticks(list(ticks), list(ticks.values()))
    axes.minorticks_off()
    axes.set_ylim(-0.7, len(lines) - 0.3)
    axes.set_title("days after the act: 5-95 %, quartiles, median; red: what happened", loc="left")


def _skills(axes: Axes, kinds: dict[str, list[Line]]) -> None:
    marks = dict(zip(NULLS, ("o", "D", "s", "^"), strict=True))
    for row, (_, own) in enumerate(reversed(kinds.items())):
        for null in NULLS:
            value = skill(own, null)
            if value is not None and math.isfinite(value):
                axes.plot([max(value, FLOOR)], [row], marks[null], color=FORECAST, ms=5,
                          fillstyle="full" if null == NULLS[0] else "none")  # fmt: skip
    axes.axvline(0.0, color="#888888", lw=0.8)
    axes.set_yticks(
        range(len(kinds)), [f"{k.replace('_', ' ')} ({len(v)})" for k, v in reversed(kinds.items())]
    )
    axes.set_xlim(FLOOR - 0.05, 1.05)
    for null in NULLS:
        axes.plot([], [], marks[null], color=FORECAST, label=f"against {null.replace('_', ' ')}",
                  fillstyle="full" if null == NULLS[0] else "none")  # fmt: skip
    axes.legend(loc="lower left", frameon=False)
    axes.set_title("skill by kind of outcome, 1 is perfect, 0 as good as the null", loc="left")
