"""How the crisis goes from day to day: bands over the runs, scenarios beside each other, rungs of the ladder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.report.style import BANDS, FAINT, HATCHES, INK, STEPS, by_day, drawing, look, new_figure, thinned

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@drawing()
def fan_chart(
    quantiles: pd.DataFrame,
    series: Mapping[str, str],
    scenarios: Sequence[str],
    singles: Mapping[str, pd.DataFrame] | None = None,
) -> Figure:
    """One panel a series: median, 50 % and 90 % band over the runs of each scenario, and some single runs.

    quantiles: rows of quantiles.csv. series: name -> title of its panel. scenarios: the baseline first. singles:
    day, replicate and the series of a few runs of a scenario (as in timeseries/*.csv).
    """
    rows = -(-len(series) // 2)
    figure = new_figure(9.0, 2.3 * rows + 0.4)
    panels = figure.subplots(rows, 2, squeeze=False).ravel()
    for axes, (name, title) in zip(panels, series.items(), strict=False):
        own = quantiles[quantiles["series"] == name]
        for place, scenario in enumerate(scenarios):
            _fan(axes, own[own["scenario"] == scenario], place, scenario)
            for _, run in (singles or {}).get(scenario, pd.DataFrame({"replicate": []})).groupby("replicate"):
                kept = run.iloc[thinned(len(run))]
                axes.plot(kept["day"], kept[name], color=look(place).colour, lw=0.4, alpha=0.6)
        axes.set_title(title)
        by_day(axes, int(own["day"].max()) + 1 if len(own) else 1)
    for axes in panels[len(series) :]:
        axes.set_visible(False)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(scenarios))
    return figure


def _fan(axes: Axes, own: pd.DataFrame, place: int, label: str) -> None:
    own = own.iloc[thinned(len(own))] if len(own) else own
    drawn = look(place)
    for low, high, shade in (("q05", "q95", 0.13), ("q25", "q75", 0.25)):
        axes.fill_between(own["day"], own[low], own[high], color=drawn.colour, alpha=shade, lw=0)
    axes.plot(own["day"], own["q50"], color=drawn.colour, ls=drawn.line, lw=1.6, label=label)


@drawing()
def small_multiples(
    quantiles: pd.DataFrame, series: str, scenarios: Sequence[str], baseline: str, unit: str = ""
) -> Figure:
    """A panel a scenario on equal axes: median and 90 % band of one series, the baseline's median dashed in each."""
    columns = 6
    rows = -(-len(scenarios) // columns)
    figure = new_figure(9.0, 1.15 * rows + 0.5)
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    own = quantiles[quantiles["series"] == series]
    standard = own[own["scenario"] == baseline]
    for axes, scenario in zip(panels.ravel(), scenarios, strict=False):
        band = own[own["scenario"] == scenario]
        kept = band.iloc[thinned(len(band), 30)] if len(band) else band
        colour = look(0 if scenario == baseline else 1).colour
        axes.fill_between(kept["day"], kept["q05"], kept["q95"], color=colour, alpha=0.2, lw=0)
        axes.plot(kept["day"], kept["q50"], color=colour, lw=1.4)
        if len(standard):
            grey = standard.iloc[thinned(len(standard), 30)]
            axes.plot(grey["day"], grey["q50"], color=look(0).colour, ls=look(0).line, lw=0.9)
        axes.set_title(_broken(scenario), fontsize=7, fontweight="normal")
        axes.tick_params(labelsize=6.5)
    for axes in panels.ravel()[len(scenarios) :]:
        axes.set_visible(False)
    figure.supxlabel("days since the visit", fontsize=8)
    if unit:
        figure.supylabel(unit, fontsize=8)
    return figure


def _broken(name: str) -> str:
    """A long name in two lines."""
    if len(name) <= 18:
        return name
    cut = name.rfind("_", 0, 18)
    return f"{name[:cut]}\n{name[cut:]}" if cut > 0 else name


def rung_shares(rungs: pd.DataFrame) -> pd.DataFrame:
    """Share of runs in each band of the ladder by day; rungs: day, rung, one row a day of a run."""
    edges = [-1, *(top for top, _ in BANDS)]
    band = pd.cut(rungs["rung"], edges, labels=[name for _, name in BANDS])
    return pd.crosstab(rungs["day"], band, normalize="index").reindex(
        columns=[name for _, name in BANDS], fill_value=0.0
    )


@drawing()
def rung_areas(shares: Mapping[str, pd.DataFrame]) -> Figure:
    """A panel a scenario: share of runs in each band of the ladder over time, stacked; as `rung_shares` gives them."""
    columns = min(3, max(1, len(shares)))
    rows = -(-len(shares) // columns)
    figure = new_figure(9.0, 2.0 * rows + 0.6)
    panels = figure.subplots(rows, columns, sharey=True, squeeze=False)
    for axes, (scenario, table) in zip(panels.ravel(), shares.items(), strict=False):
        kept = table.iloc[thinned(len(table))]
        bottom = np.zeros(len(kept))
        for (_, name), colour, hatch in zip(BANDS, STEPS, HATCHES, strict=True):
            top = bottom + kept[name].to_numpy()
            axes.fill_between(
                kept.index, bottom, top, facecolor=colour, edgecolor=INK, hatch=hatch, lw=0.2, label=name
            )
            bottom = top
        axes.set_title(scenario)
        axes.set_ylim(0, 1)
        axes.grid(axis="y", color=FAINT, lw=0.4)
        by_day(axes, int(table.index.max()) + 1)
    for axes in panels.ravel()[len(shares) :]:
        axes.set_visible(False)
    panels[0, 0].set_ylabel("share of runs")
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(BANDS))
    return figure
