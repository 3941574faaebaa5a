"""What is claimed and what could be chosen: how often each claim holds, and what each option is worth."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any

import pandas as pd

from model.analysis.claims_view import verdict
from model.analysis.overview import percent
from model.analysis.stakes import OBJECTIVES
from model.analysis.structures import OWN
from model.report.style import FAINT, INK, by_share, drawing, interval, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Row = dict[Any, Any]

#: way of weighing in decision.csv -> title of its panel; the first is the one that is told in words
WAYS = {"even": "All stakes weighed evenly"} | {
    f"{objective}_alone": f"{objective.capitalize()} alone" for objective in OBJECTIVES
}
#: verdicts that are of nearly all worlds or nearly none are drawn filled
CERTAIN = ("HOLDS.", "FAILS.")


def claims_table(rows: pd.DataFrame) -> pd.DataFrame:
    """A line a claim: its words, how often it holds in the model as it is, and elsewhere as far as that was asked.

    rows: of claims.csv. `holds` is with the numbers of the batch, or of the posterior where a study has several.
    """
    by_claim: dict[str, list[Row]] = {}
    for row in rows.to_dict("records"):
        by_claim.setdefault(str(row["claim"]), []).append(row)
    table = []
    for mine in by_claim.values():
        own = {row["parameters"]: row for row in mine if row["structure"] == OWN}
        first = own.get("posterior") or next(iter(own.values()))
        others = [row["holds"] for row in mine if row["structure"] != OWN and pd.notna(row["holds"])]
        told = first.get("story")
        table.append(
            {
                "claim": str(first["text"]),
                "scenario": first["scenario"],
                "worlds": first["worlds"],
                "holds": _share(first),
                "verdict": _verdict(first),
                "as told": "" if told is None or pd.isna(told) else percent(told),
                "prior": _share(own["prior"]) if len(own) > 1 and "prior" in own else "",
                "other rules": f"{percent(min(others))}-{percent(max(others))}" if others else "",
                "grade": first["grade"],
            }
        )
    found = pd.DataFrame(table)
    return found.loc[:, (found != "").any()]


@drawing()
def claim_intervals(rows: pd.DataFrame) -> Figure:
    """A line a claim in its own words: the share of worlds in which it holds, with its 95 % interval."""
    own = rows[rows["structure"] == OWN].drop_duplicates("claim")
    figure = new_figure(9.0, 0.34 * len(own) + 0.8)
    axes = figure.subplots()
    for place, row in enumerate(own.to_dict("records")):
        said = _verdict(row)
        interval(axes, row["holds"], row["low"], row["high"], place, said in CERTAIN)
        text = f"{_share(row)}  {re.split('[.,:]', said)[0].lower()}".strip()
        axes.annotate(text, (1.02, place), xycoords=("axes fraction", "data"), fontsize=7.5, va="center")
    words = [textwrap.fill(str(text), 56) for text in own["text"]]
    axes.set_yticks(range(len(own)), words, fontsize=7.5)
    axes.set_ylim(len(own) - 0.4, -0.6)
    by_share(axes, "x")
    axes.set_xlim(-0.02, 1.02)
    axes.tick_params(axis="x", top=True, labeltop=True)
    for edge in (0.1, 0.9):
        axes.axvline(edge, color=INK, lw=0.6, ls=(0, (1, 2)))
    axes.grid(axis="y", color=FAINT, lw=0.4)
    axes.set_xlabel("share of worlds in which it holds")
    return figure


def options_table(rows: pd.DataFrame) -> pd.DataFrame:
    """A line an option of the government: what it is worth by each way of weighing. rows: of decision.csv.

    `best in` is the share of worlds in which it is best by even weights, `over hosting` its lead over hosting by these.
    """
    lines: dict[str, Row] = {}
    for row in _own(rows).to_dict("records"):
        line = lines.setdefault(str(row["option"]), {"option": row["option"]})
        if row["weights"] in WAYS:
            line[WAYS[row["weights"]]] = row["value"]
        if row["weights"] == "even":
            line["best in"] = percent(row["probability_best"])
            line["over hosting"] = _over_hosting(row)
    return pd.DataFrame(list(lines.values()))


def _over_hosting(row: Row) -> str:
    if pd.isna(row.get("over_host")):
        return ""
    return f"{row['over_host']:+.3f} ({row['over_host_low']:+.3f} to {row['over_host_high']:+.3f})"


def best_options(rows: pd.DataFrame) -> dict[str, str]:
    """The option of highest expected value by each way of weighing (title of it -> option, or those that share it)."""
    own = _own(rows)
    found = {}
    for way, title in WAYS.items():
        mine = own[own["weights"] == way]
        best = mine.loc[mine["value"] == mine["value"].max(), "option"]
        found[title] = " and ".join(str(option).replace("_", " ") for option in best)
    return found


@drawing()
def option_values(rows: pd.DataFrame) -> Figure:
    """A panel a way of weighing: the expected value of each option with its 95 % interval, the best one filled."""
    own = _own(rows)
    options = list(dict.fromkeys(own["option"]))
    figure = new_figure(9.0, 0.26 * len(options) + 0.9)
    panels = figure.subplots(1, len(WAYS), sharey=True, squeeze=False)[0]
    for axes, (way, title) in zip(panels, WAYS.items(), strict=True):
        mine = own[own["weights"] == way].drop_duplicates("option")
        for row in mine.to_dict("records"):
            best = row["value"] == mine["value"].max()
            interval(axes, row["value"], row["low"], row["high"], options.index(row["option"]), best)
        axes.set_title(textwrap.fill(title, 22), fontsize=8.5)
        axes.set_xlim(-0.04, 1.04)
        axes.grid(axis="x", color=FAINT, lw=0.4)
        axes.tick_params(axis="x", labelsize=7)
    panels[0].set_yticks(range(len(options)), [option.replace("_", " ") for option in options])
    panels[0].set_ylim(len(options) - 0.4, -0.6)
    figure.supxlabel("expected value: 0 all lost, 1 all kept; filled: the highest", fontsize=8.5)
    return figure


def _own(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the model as it is, with numbers drawn in one way: the first that there is."""
    own = rows[rows["structure"] == OWN]
    return own[own["parameters"] == own["parameters"].iloc[0]]


def _verdict(row: Row) -> str:
    return verdict({name: None if pd.isna(row[name]) else row[name] for name in ("low", "high")})


def _share(row: Row) -> str:
    if pd.isna(row["holds"]):
        return ""
    return f"{percent(row['holds'])} ({row['low'] * 100:.0f}-{row['high'] * 100:.0f})"
