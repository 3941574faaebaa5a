"""Who bears it: what the households of each region lose, and who does what on which day of one run."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.report.style import CLASSES, FAINT, INK, by_day, drawing, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: region -> column and row of its tile, about as they lie, and a short name
TILES = {
    "Sughd": (1, 0, "Sughd"),
    "Districts of Republican Subordination": (1, 1, "Districts"),
    "Gorno-Badakhshan": (2, 1, "Badakhshan"),
    "Dushanbe": (0, 1, "Dushanbe"),
    "Khatlon": (1, 2, "Khatlon"),
}


def losses_by_region(regions: pd.DataFrame, baseline: pd.DataFrame) -> pd.Series:
    """Share of remittances that the households of each region lose against the baseline, mean over the runs.

    Both hold rows of regions/*.csv.
    """
    received = regions.groupby("region")["remittances_usd"].sum() / regions["replicate"].nunique()
    normal = baseline.groupby("region")["remittances_usd"].sum() / baseline["replicate"].nunique()
    return 1.0 - received / normal


@drawing()
def region_tiles(losses: Mapping[str, pd.Series]) -> Figure:
    """A tile map a scenario: share of remittances lost in each of the five regions; darker is more."""
    from matplotlib import colormaps
    from matplotlib.colors import Normalize

    most = max((float(loss.max()) for loss in losses.values() if len(loss)), default=0.0)
    shade, scale = colormaps["cividis_r"], Normalize(0.0, max(most, 0.05))
    columns = min(3, max(1, len(losses)))
    rows = -(-len(losses) // columns)
    figure = new_figure(9.0, 1.9 * rows + 0.2)
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes, (scenario, loss) in zip(panels, losses.items(), strict=False):
        for region, (column, row, short) in TILES.items():
            value = float(loss.get(region, np.nan))
            colour = shade(scale(max(value, 0.0))) if np.isfinite(value) else "white"
            _tile(axes, column, -row, colour, short, value)
        axes.set_title(scenario)
        axes.set_xlim(-0.05, 3.05)
        axes.set_ylim(-2.05, 1.0)
        axes.set_axis_off()
    for axes in panels[len(losses) :]:
        axes.set_visible(False)
    return figure


def _tile(axes: Axes, x: float, y: float, colour: object, short: str, value: float) -> None:
    from matplotlib.colors import to_rgb
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((x, y), 0.94, 0.94, facecolor=colour, edgecolor=INK, lw=0.5))
    ink = "white" if sum(to_rgb(colour)) < 1.4 else INK  # type: ignore[arg-type]
    text = f"{round(value, 3) + 0.0:.1%}" if np.isfinite(value) else "none"  # no -0.0%
    axes.text(x + 0.47, y + 0.62, short, ha="center", va="center", fontsize=6.5, color=ink)
    axes.text(x + 0.47, y + 0.3, text, ha="center", va="center", fontsize=8.5, color=ink)


def median_run(runs: pd.DataFrame, outcomes: Sequence[str]) -> int:
    """Replicate of the run that is nearest to the medians of some outcomes, each in its own spread."""
    values = runs[list(outcomes)].apply(pd.to_numeric, errors="coerce")
    values = values.fillna(values.max() + 1.0)
    spread = values.std(ddof=0).replace(0.0, 1.0).fillna(1.0)
    distance = ((values - values.median()).abs() / spread).sum(axis=1)
    return int(runs.loc[distance.idxmin(), "replicate"])


@drawing()
def swimlane(
    events: pd.DataFrame,
    days: int,
    labels: Mapping[str, str] | None = None,
    end: tuple[float, str] | None = None,
) -> Figure:
    """A lane an actor: what it did and when, by class of act; events: the acts of one run as in events/*.csv.

    The first days are stretched, since most happens in them. labels: actor or act -> what a reader calls it.
    end: the day on which the matter ended, and how.
    """
    named = labels or {}
    actors = list(dict.fromkeys(events["actor"]))
    figure = new_figure(9.0, 0.46 * max(len(actors), 1) + 1.3)
    axes = figure.subplots()
    when = events["day"] + events["hour"] / 24.0
    for kind, (colour, marker) in CLASSES.items():
        own = events["class"] == kind
        place = [actors.index(actor) for actor in events.loc[own, "actor"]]
        axes.scatter(
            when[own], place, c=colour, marker=marker, s=44, lw=0.4, edgecolors="white",
            label=kind.replace("_", " "), zorder=3,
        )  # fmt: skip
    by_day(axes, days, stretched=True)
    axes.set_xlim(-0.02, days)
    axes.set_yticks(
        range(len(actors)), [textwrap.fill(named.get(actor, actor), 28) for actor in actors], fontsize=7.5
    )
    axes.set_ylim(len(actors) - 0.4, -0.9)
    _name_acts(axes, events, when, actors, named)
    for lane in range(len(actors)):
        axes.axhline(lane, color=FAINT, lw=0.6, zorder=0)
    if end is not None:
        axes.axvline(end[0], color=INK, lw=0.8, ls=(0, (4, 2)), zorder=1)
        axes.annotate(
            f" {end[1]}", (end[0], 1.0), xycoords=("data", "axes fraction"), fontsize=7.5, fontweight="bold"
        )
    figure.legend(loc="outside lower center", ncols=len(CLASSES))
    return figure


def _name_acts(
    axes: Axes, events: pd.DataFrame, when: pd.Series, actors: Sequence[str], labels: Mapping[str, str]
) -> None:
    """Write what the acts are, as far as there is room in the lane."""
    room = dict.fromkeys(actors, -np.inf)
    letter = 0.007 * float(np.sqrt(axes.get_xlim()[1]))  # in square roots of days, as the axis is
    for day, actor, action in zip(when, events["actor"], events["action"], strict=True):
        x = float(np.sqrt(day))
        if x < room[actor]:
            continue
        text = labels.get(action, str(action).replace("_", " "))
        over = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}  # the line of the end goes behind
        axes.annotate(text, (day, actors.index(actor) - 0.2), fontsize=6.5, va="bottom", color=INK, bbox=over)
        room[actor] = x + letter * (len(text) + 1)
