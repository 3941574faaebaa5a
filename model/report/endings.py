"""How the crisis ends: end states, times to what is feared or hoped for, and differences under the same luck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.report.style import ENDS, FAINT, INK, by_day, drawing, look, name_lines, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@drawing()
def end_states(summary: pd.DataFrame, scenarios: Sequence[str]) -> Figure:
    """A bar a scenario: shares of the runs by how the matter ended first. summary: rows of summary.csv."""
    own = summary[summary["outcome"] == "end_state"]
    figure = new_figure(9.0, 0.21 * len(scenarios) + 1.1)
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
        dark = level in ("died", "freed", "surrendered")
        texts = [f"{share:.0%}" if share >= 0.07 else "" for share in width]
        axes.bar_label(bars, texts, label_type="center", fontsize=7, color="white" if dark else INK)
        left += width
    axes.set_yticks(range(len(scenarios)), scenarios)
    axes.invert_yaxis()
    axes.set_xlim(0, 1)
    axes.set_xlabel("share of runs")
    figure.legend(loc="outside lower center", ncols=6)
    return figure


def incidence(days: pd.Series, horizon: int) -> pd.Series:
    """Share of the runs in which something has happened by each day 0..horizon; days: empty where it never did.

    All runs are watched to the same horizon, so this is the Aalen-Johansen estimate of the cumulative incidence.
    """
    when = np.sort(days.dropna().to_numpy(dtype=float))
    grid = np.arange(horizon + 1)
    return pd.Series(np.searchsorted(when, grid, side="right") / max(len(days), 1), index=grid)


@drawing()
def incidences(
    runs: pd.DataFrame, events: Mapping[str, str], scenarios: Sequence[str], horizon: int
) -> Figure:
    """A panel an event: share of the runs of each scenario in which it has come about, by day.

    runs: rows of runs.csv. events: column with the day -> title. scenarios: the baseline first.
    """
    figure = new_figure(9.0, 2.9)
    panels = figure.subplots(1, len(events), sharey=True, squeeze=False)[0]
    for axes, (column, title) in zip(panels, events.items(), strict=True):
        ends = []
        for place, scenario in enumerate(scenarios):
            curve = incidence(runs.loc[runs["scenario"] == scenario, column], horizon)
            steps = curve[curve.diff().fillna(1.0) != 0.0]
            drawn = look(place)
            x, y = [*steps.index, horizon], [*steps.to_numpy(), curve.iloc[-1]]
            axes.step(x, y, where="post", color=drawn.colour, ls=drawn.line, lw=1.5, label=scenario)
            ends.append(float(curve.iloc[-1]))
        axes.set_title(title)
        axes.set_ylim(0, 1)
        axes.grid(axis="y", color=FAINT, lw=0.4)
        by_day(axes, horizon)
        if axes is panels[-1]:
            name_lines(axes, scenarios, ends, horizon)
    panels[0].set_ylabel("share of runs")
    return figure


@drawing()
def differences(
    comparison: pd.DataFrame, outcomes: Mapping[str, str], scenarios: Sequence[str], baseline: str
) -> Figure:
    """A panel an outcome: each scenario's mean paired difference from the baseline with its 95 % interval, about zero.

    comparison: rows of comparison.csv. outcomes: name -> title.
    """
    others = [scenario for scenario in scenarios if scenario != baseline]
    figure = new_figure(9.0, 0.2 * len(others) + 1.0)
    panels = figure.subplots(1, len(outcomes), sharey=True, squeeze=False)[0]
    for axes, (outcome, title) in zip(panels, outcomes.items(), strict=True):
        own = comparison[comparison["outcome"] == outcome].drop_duplicates("scenario").set_index("scenario")
        own = own.reindex(others)
        sure = (own["low"] > 0) | (own["high"] < 0)
        for kind, filled in ((sure, True), (~sure, False)):
            part = own[kind & own["difference"].notna()]
            place = [others.index(name) for name in part.index]
            spread = np.abs(part[["low", "high"]].to_numpy().T - part["difference"].to_numpy())
            colour = look(1).colour if filled else look(0).colour
            axes.errorbar(
                part["difference"], place, xerr=spread, fmt="o" if filled else "D", ms=3.5, lw=1.0, color=colour,
                mfc=colour if filled else "white",
            )  # fmt: skip
        axes.axvline(0.0, color=INK, lw=0.8)
        axes.set_title(title, fontsize=8.5)
        axes.grid(axis="x", color=FAINT, lw=0.4)
        axes.tick_params(axis="x", labelsize=7)
        axes.locator_params(axis="x", nbins=4)
    panels[0].set_yticks(range(len(others)), others, fontsize=7.5)
    panels[0].set_ylim(len(others) - 0.4, -0.6)
    figure.supxlabel(f"difference from {baseline}; hollow: the interval holds zero", fontsize=8.5)
    return figure
