"""How the crisis goes from day to day: bands over the runs, scenarios beside each other, rungs of the ladder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.report.style import (
    BANDS,
    FAINT,
    HATCHES,
    INK,
    STEPS,
    by_day,
    by_share,
    drawing,
    look,
    new_figure,
    thinned,
)

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
    figure.legend(handles, labels, loc="outside upper center", ncols=len(scenarios))
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
    columns = min(6, len(scenarios))
    rows = -(-len(scenarios) // columns)
    width, height = 9.0, 1.15 * rows + 0.8
    # to fit so many panels to each other, or to let them share their axes, takes seconds
    figure = new_figure(width, height, by_hand=True)
    panels = figure.subplots(rows, columns, squeeze=False)
    figure.subplots_adjust(0.5 / width, 0.4 / height, 1 - 0.1 / width, 1 - 0.4 / height, 0.1, 0.5)
    every = quantiles[quantiles["series"] == series]
    own = dict(iter(every.groupby("scenario")))
    standard = _few(own.get(baseline, every.iloc[:0]))
    for place, (axes, scenario) in enumerate(zip(panels.ravel(), scenarios, strict=False)):
        kept = _few(own.get(scenario, every.iloc[:0]))
        colour = look(0 if scenario == baseline else 1).colour
        axes.fill_between(kept["day"], kept["q05"], kept["q95"], color=colour, alpha=0.2, lw=0)
        axes.plot(kept["day"], kept["q50"], color=colour, lw=1.4)
        axes.plot(standard["day"], standard["q50"], color=look(0).colour, ls=look(0).line, lw=0.9)
        axes.set_title(_broken(scenario), fontsize=7, fontweight="normal", y=1.0)
        axes.set_xlim(0.0, max(every["day"].max(), 1))
        axes.set_ylim(0.0, 1.05 * max(every["q95"].max(), 0.1))
        last = place + columns >= len(scenarios)  # of its column
        axes.tick_params(labelsize=6.5, labelleft=place % columns == 0, labelbottom=last)
    for axes in panels.ravel()[len(scenarios) :]:
        axes.set_visible(False)
    figure.supxlabel("days since the visit", fontsize=8, y=0.02 / height)
    if unit:
        figure.supylabel(unit, fontsize=8, x=0.02 / width)
    return figure


def _few(rows: pd.DataFrame) -> pd.DataFrame:
    """As many rows as a small panel can show."""
    return rows.iloc[thinned(len(rows), 30)] if len(rows) else rows


def smoothed(rows: pd.DataFrame, by: Sequence[str], columns: Sequence[str], days: int = 28) -> pd.DataFrame:
    """Rows by day with means of the last `days` days in place of some columns, for each group of rows.

    For what moves with the days on which people are paid. The first half of the days has no value, as the mean of
    so few would only show on which day the course begins; where a course is no longer than that it stays as it is.
    """
    if rows.empty or rows["day"].nunique() < 2 * days:
        return rows
    rows = rows.sort_values([*by, "day"])
    means = rows.groupby(list(by), sort=False)[list(columns)].rolling(days, min_periods=days // 2).mean()
    return rows.assign(**{name: means[name].to_numpy() for name in columns})


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
        kept = table.iloc[thinned(len(table), stretched=True)]
        bottom = np.zeros(len(kept))
        for (_, name), colour, hatch in zip(BANDS, STEPS, HATCHES, strict=True):
            top = bottom + kept[name].to_numpy()
            axes.fill_between(
                kept.index, bottom, top, facecolor=colour, edgecolor=INK, hatch=hatch, lw=0.2, label=name
            )
            bottom = top
        axes.set_title(scenario)
        by_share(axes, "y")
        axes.grid(axis="y", color=FAINT, lw=0.4)
        by_day(axes, int(table.index.max()) + 1, stretched=True)
        axes.set_xlabel("")
    for axes in panels.ravel()[len(shares) :]:
        axes.set_visible(False)
    figure.supylabel("share of runs", fontsize=8.5)
    figure.supxlabel("days since the visit, the first ones stretched", fontsize=8.5)
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(BANDS))
    return figure
