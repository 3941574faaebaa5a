"""The exhibits of a batch, each a figure, a sentence, and the numbers behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from model.actions import actions
from model.report.batch import Batch
from model.report.courses import fan_chart, rung_areas, rung_shares, small_multiples, smoothed
from model.report.endings import differences, end_states, incidence, incidences
from model.report.people import losses_by_region, median_run, region_tiles, swimlane
from model.report.studies import CLAIMS, DECISION, Study
from model.report.style import SERIES
from model.report.weighing import (
    WAYS,
    best_options,
    claim_intervals,
    claims_table,
    option_values,
    options_table,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

EVENTS = {
    "days_to_airport_closed": "Airport closed",
    "days_to_army_collapse": "Army collapsed",
    "days_to_yielding": "Released",
}
OUTCOMES = {
    "survival_of_government": "Survival of the government",
    "welfare_of_people": "Welfare of the people",
    "compliance_with_law": "Compliance with the law",
    "killed_total": "Killed, all sides",
}
#: by what the run that is told in full is chosen
TYPICAL = ("days_to_force", "days_to_end", "killed_total", "welfare_of_people", "highest_rung")
SINGLES = 3
#: series that moves with the days on which people are paid, and is shown as the mean of 28 days
PAID = "remittance_index"
SMOOTH = "Remittances are means of the last 28 days, since people are paid by the month."
QUANTILES = ("q05", "q25", "q50", "q75", "q95")
#: columns of an act
ACT = ("day", "hour", "actor", "action", "target", "class", "rung")


@dataclass(frozen=True)
class Exhibit:
    """A figure with all that belongs to it. name: for files and links; text: what it shows, for who cannot see it."""

    name: str
    title: str
    text: str
    draw: Callable[[], Figure]
    table: pd.DataFrame


def exhibits(batch: Batch, replicate: int | None = None) -> Iterator[Exhibit]:
    """All that a batch can show. replicate: the run that is told in full; the one nearest the medians if none."""
    shown = batch.featured
    if CLAIMS in batch.studies:
        yield _claims(batch.studies[CLAIMS])
    yield _ends(batch)
    yield _courses(batch, shown[:2])
    if len(batch.scenarios) > 1:
        yield _multiples(batch)
    yield from _ladder(batch, shown)
    yield _times(batch, shown)
    if len(batch.scenarios) > 1:
        yield _differences(batch)
        yield _regions(batch, shown)
    yield _acts(batch, next((name for name in shown if name != batch.baseline), batch.baseline), replicate)
    if DECISION in batch.studies:
        yield _options(batch.studies[DECISION])


def _claims(study: Study) -> Exhibit:
    return Exhibit(
        "claims", "The claims of the commentary",
        "A line a claim, in our words: the share of worlds in which it holds, with its 95 % interval and what that "
        "says. Filled: in nearly all worlds (90 % or more) or nearly none (10 % or less). A claim is a condition on "
        f"what a run leaves (docs/claims.toml). Counted in {study.origin}.",
        partial(claim_intervals, study.table), claims_table(study.table),
    )  # fmt: skip


def _options(study: Study) -> Exhibit:
    best = "; ".join(f"{way[0].lower()}{way[1:]}: {told}" for way, told in best_options(study.table).items())
    return Exhibit(
        "options", "What each option of the government is worth",
        f"{len(WAYS)} panels: the expected value of each option with its 95 % interval, by ways of weighing of which "
        f"none is the right one. Highest in the mean, {best}. Worked out from {study.origin}.",
        partial(option_values, study.table), options_table(study.table),
    )  # fmt: skip


def _ends(batch: Batch) -> Exhibit:
    own = batch.summary[batch.summary["outcome"] == "end_state"]
    table = own.pivot_table(index="scenario", columns="level", values="share", aggfunc="first")
    table = table.loc[batch.by_force, table.any()]
    return Exhibit(
        "end-states", "How the matter ends",
        "A bar a scenario: the shares of its runs by how the matter of the detainee ended first.",
        partial(end_states, batch.summary, batch.by_force), table.reset_index(),
    )  # fmt: skip


def _courses(batch: Batch, shown: list[str]) -> Exhibit:
    own = _calm(batch.quantiles[batch.quantiles["scenario"].isin(shown)])
    singles = {}
    for name in shown[-1:]:
        days = batch.timeseries(name, list(SERIES))
        days = days[(days["point"] == 0) & (days["replicate"] < SINGLES)]
        singles[name] = smoothed(days, ["replicate"], [PAID])
    some = own[own["day"].isin([0, 7, 30, 90, batch.days - 1])]
    names = " and ".join(shown)
    return Exhibit(
        "courses", f"The course of {names}",
        f"Six panels for {names}: the median of the runs, bands that hold 50 % and 90 % of them, and three single "
        f"runs of {shown[-1]} as thin lines. {SMOOTH}",
        partial(fan_chart, own, SERIES, shown, singles),
        some[["scenario", "series", "day", "n", *QUANTILES]],
    )  # fmt: skip


def _calm(quantiles: pd.DataFrame) -> pd.DataFrame:
    """The rows of the main series, those of remittances as means of 28 days."""
    paid = quantiles["series"] == PAID
    return pd.concat(
        [
            smoothed(quantiles[paid], ["scenario"], QUANTILES),
            quantiles[quantiles["series"].isin(SERIES) & ~paid],
        ]
    )


def _multiples(batch: Batch) -> Exhibit:
    own = _calm(batch.quantiles[batch.quantiles["series"] == PAID])
    lowest = own.groupby("scenario")["q50"].min()
    order = [batch.baseline, *lowest.drop(batch.baseline).sort_values(kind="stable").index]
    at = own[own["day"].isin([30, 90, batch.days - 1])]
    table = at.pivot_table(index="scenario", columns="day", values="q50").reindex(order).reset_index()
    return Exhibit(
        "remittances", "Remittances in every scenario",
        f"A small panel a scenario on equal axes, {batch.baseline} first, then from the lowest median up: median and "
        "90 % band of remittances against what the season would bring (1); the dashed line is the median of "
        f"{batch.baseline}. {SMOOTH}",
        partial(small_multiples, own, PAID, order, batch.baseline, "remittance index"),
        table,
    )  # fmt: skip


def _ladder(batch: Batch, shown: list[str]) -> Iterator[Exhibit]:
    shares = {}
    for name in shown:
        rungs = batch.timeseries(name, ["rung"])
        if len(rungs):
            shares[name] = rung_shares(rungs)
    if not shares:
        return
    table = pd.concat(
        {name: table.loc[table.index.isin([0, 1, 7, 30, 90])] for name, table in shares.items()}
    )
    yield Exhibit(
        "ladder", "How far up the ladder",
        "A panel a scenario: the share of its runs in which the highest act in force stands in each band of Kahn's "
        "ladder, day by day.",
        partial(rung_areas, shares), table.rename_axis(["scenario", "day"]).reset_index(),
    )  # fmt: skip


def _times(batch: Batch, shown: list[str]) -> Exhibit:
    runs, rows = batch.finished, []
    for name in shown:
        for column, title in EVENTS.items():
            days = [day for day in (1, 7, 30, 90) if day < batch.days]
            shares = incidence(runs.loc[runs["scenario"] == name, column], [*days, batch.days])
            heads = [*(f"by day {day}" for day in days), "in the end"]
            rows.append({"scenario": name, "what": title, **dict(zip(heads, shares, strict=True))})
    return Exhibit(
        "times", "When it comes about",
        "Three panels of steps: the share of the runs of each scenario in which the airport has been closed, the army "
        "has collapsed, or the detainee has been released, by day.",
        partial(incidences, runs, EVENTS, shown, batch.days), pd.DataFrame(rows),
    )  # fmt: skip


def _differences(batch: Batch) -> Exhibit:
    own = batch.comparison[batch.comparison["outcome"].isin(OUTCOMES)]
    columns = ["scenario", "outcome", "pairs", "difference", "low", "high", "probability_worse"]
    return Exhibit(
        "differences", f"What each scenario changes against {batch.baseline}",
        "Points with 95 % intervals about a line at zero: the mean difference of each scenario from the baseline, run "
        "by run under the same luck.",
        partial(differences, own, OUTCOMES, batch.by_force, batch.baseline),
        own[[column for column in columns if column in own]],
    )  # fmt: skip


def _regions(batch: Batch, shown: list[str]) -> Exhibit:
    normal = batch.regions(batch.baseline)
    losses = {name: losses_by_region(batch.regions(name), normal) for name in shown if name != batch.baseline}
    table = pd.DataFrame(losses).rename_axis("region").reset_index()
    return Exhibit(
        "regions", "What the households of each region lose",
        f"A map of five tiles a scenario, about where the regions lie: the share of remittances that their households "
        f"lose against {batch.baseline}, mean over the runs. A schematic map, not a geographical one.",
        partial(region_tiles, losses), table,
    )  # fmt: skip


def _acts(batch: Batch, scenario: str, replicate: int | None) -> Exhibit:
    runs = batch.finished[batch.finished["scenario"] == scenario]
    chosen = median_run(runs, TYPICAL) if replicate is None else replicate
    events = batch.events(scenario)
    events = events[events["replicate"] == chosen]
    which = "the run nearest to the medians" if replicate is None else "the run asked for"
    run = runs[runs["replicate"] == chosen].iloc[0]
    end = None if pd.isna(run["days_to_end"]) else (float(run["days_to_end"]), str(run["end_state"]))
    told = "" if end is None else f" The dashed line: the matter of the detainee ends ({end[1]})."
    labels = {**{name: act.label for name, act in actions().items()}, **batch.actors(scenario)}
    return Exhibit(
        "acts", f"One run of {scenario}, act by act",
        f"A lane an actor for replicate {chosen}, {which}: each mark is an act on its day, by class from de-escalation "
        f"to violence.{told} One run of many, not the expected course.",
        partial(swimlane, events, batch.days, labels, end),
        events[[column for column in ACT if column in events]],
    )  # fmt: skip
