"""How the crisis ends: end states, times to what is feared or hoped for, and differences under the same luck."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.outcomes import outcomes as registered
from model.report.style import (
    ENDS,
    FAINT,
    INK,
    POINTS,
    by_day,
    by_share,
    drawing,
    interval,
    look,
    new_figure,
    thinned,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: which way of an outcome is worse -> what is written below its axis
DIRECTION = {"higher": "worse →", "lower": "better →", "": ""}


@drawing()
def end_states(summary: pd.DataFrame, scenarios: Sequence[str]) -> Figure:
    """A bar a scenario: shares of the runs by how the matter ended first. summary: rows of summary.csv."""
    own = summary[summary["outcome"] == "end_state"]
    figure = new_figure(9.0, 0.21 * len(scenarios) + 1.0)
    axes = figure.subplots()
    shares = own.pivot_table(index="scenario", columns="level", values="share", aggfunc="first").fillna(0.0)
    shares = shares.reindex(list(scenarios)).fillna(0.0)
    left = np.zeros(len(scenarios))
    for level, (colour, hatch) in ENDS.items():
        if level not in shares or not shares[level].any():
            continue
        width = shares[level].to_numpy()
        bars = axes.barh(
            range(len(scenarios)), width, left=left, height=0.8, color=colour, hatch=hatch, edgecolor=INK, lw=0.3,
            label=level.replace("_", " "),
        )  # fmt: skip
        said = level.replace("_", " ")
        texts = [
            f"{said} {share:.0%}" if share >= 0.25 else f"{share:.0%}" if share >= 0.07 else ""
            for share in width
        ]
        ink = "white" if level in ("died", "freed", "surrendered") else INK
        for text in axes.bar_label(bars, texts, label_type="center", fontsize=7, color=ink):
            if hatch and text.get_text():  # no hatch behind a number
                text.set_bbox({"facecolor": colour, "edgecolor": "none", "pad": 1.0})
        left += width
    axes.set_yticks(range(len(scenarios)), scenarios)
    axes.set_ylim(len(scenarios) - 0.4, -0.6)
    by_share(axes, "x")
    axes.set_xlabel("share of runs")
    figure.legend(loc="outside upper center", ncols=6)
    return figure


def incidence(days: pd.Series, when: Sequence[float] | np.ndarray) -> pd.Series:
    """Share of the runs in which something has happened by each of some days; days: empty where it never did.

    All runs are watched to the same horizon, so this is the Aalen-Johansen estimate of the cumulative incidence.
    """
    came = np.sort(days.dropna().to_numpy(dtype=float))
    return pd.Series(np.searchsorted(came, when, side="right") / max(len(days), 1), index=np.asarray(when))


@drawing()
def incidences(
    runs: pd.DataFrame, events: Mapping[str, str], scenarios: Sequence[str], horizon: int
) -> Figure:
    """A panel an event: share of the runs of each scenario in which it has come about, by day.

    runs: rows of runs.csv. events: column with the day -> title. scenarios: the baseline first.
    """
    figure = new_figure(9.0, 3.3)
    panels = figure.subplots(1, len(events), sharey=True, squeeze=False)[0]
    for axes, (column, title) in zip(panels, events.items(), strict=True):
        for place, scenario in enumerate(scenarios):
            days = runs.loc[runs["scenario"] == scenario, column]
            came = np.unique(days.dropna().to_numpy(dtype=float))
            curve = incidence(days, [0.0, *came[thinned(len(came), POINTS - 2)], float(horizon)])
            drawn = look(place)
            axes.step(
                curve.index, curve, where="post", color=drawn.colour, ls=drawn.line, lw=1.5, label=scenario
            )
        axes.set_title(title)
        by_share(axes, "y")
        axes.grid(axis="y", color=FAINT, lw=0.4)
        by_day(axes, horizon, stretched=True)
        axes.set_xlabel("")
    panels[0].set_ylabel("share of runs")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=min(3, len(scenarios)), handlelength=3.5)
    figure.supxlabel("days since the visit, the first ones stretched", fontsize=8.5)
    return figure


@drawing()
def differences(
    comparison: pd.DataFrame, outcomes: Mapping[str, str], scenarios: Sequence[str], baseline: str
) -> Figure:
    """A panel an outcome: each scenario's mean paired difference from the baseline with its 95 % interval, about zero.

    comparison: rows of comparison.csv. outcomes: name -> title.
    """
    register = registered("runs")
    others = [scenario for scenario in scenarios if scenario != baseline]
    figure = new_figure(9.0, 0.2 * len(others) + 1.3)
    panels = figure.subplots(1, len(outcomes), sharey=True, squeeze=False)[0]
    for axes, (outcome, title) in zip(panels, outcomes.items(), strict=True):
        own = comparison[comparison["outcome"] == outcome].drop_duplicates("scenario").set_index("scenario")
        for place, (_, row) in enumerate(own.reindex(others).iterrows()):
            interval(
                axes,
                row["difference"],
                row["low"],
                row["high"],
                place,
                bool(row["low"] > 0 or row["high"] < 0),
            )
        axes.axvline(0.0, color=INK, lw=0.8)
        axes.set_title(textwrap.fill(title, 16), fontsize=8.5)
        axes.grid(color=FAINT, lw=0.4)
        axes.set_axisbelow(True)
        axes.tick_params(axis="x", labelsize=7, top=True, labeltop=True)
        axes.locator_params(axis="x", nbins=4)
        axes.set_xlabel(DIRECTION[register[outcome].worse if outcome in register else ""], fontsize=8)
    panels[0].set_yticks(range(len(others)), others, fontsize=7.5)
    panels[0].set_ylim(len(others) - 0.4, -0.6)
    figure.supxlabel(f"difference from {baseline}; hollow: the interval holds zero", fontsize=8.5)
    return figure
