"""The sections of the page, in the order in which a reader asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from model.analysis.overview import percent
from model.outcomes import outcomes
from model.report.batch import Batch
from model.report.exhibits import exhibits
from model.report.page import Section, rows, shown
from model.report.studies import CLAIMS, DECISION, HINDCAST, SENSITIVITY, Study

#: rows of summary.csv by scenario and outcome
Found = dict[tuple[str, str], dict[Any, Any]]

#: outcome, how it is told (share, or median as it is or in per cent), and the head of its column in the first table
ANSWERS = (
    ("force_used", "share", "force used"),
    ("days_to_airport_closed", "share", "airport closed"),
    ("days_to_army_collapse", "share", "army collapsed"),
    ("government_fell", "share", "government fell"),
    ("days_to_yielding", "share", "host gave way"),
    ("days_to_surrender", "share", "surrendered to the Court"),
    ("remittance_floor", "median", "lowest remittances (median)"),
    ("poverty_peak", "per cent", "most poor households (median)"),
    ("killed_total", "median", "killed (median)"),
)
#: table -> section, its title, the command that makes it where nothing does, and what the batch lacks for it
LACKING = {
    CLAIMS: ("claims", "The claims of the commentary", "claims",
             "the batch has none of the scenarios in which the claims are tested"),
    DECISION: ("options", "What each option of the government is worth", "decide",
               "the batch has no scenario for some options of the government"),
    SENSITIVITY: ("sensitivity", "Which assumptions matter", "sensitivity arrest",
                  "it takes runs in which the numbers are moved one by one"),
    HINDCAST: ("hindcast", "How well the same agents replay history", "backtest",
               "it takes runs of historical episodes; docs/validation.md tells what was measured"),
}  # fmt: skip
#: rows of sensitivity.csv that are shown of each outcome
FOREMOST = 10


def sections(batch: Batch, replicate: int | None = None) -> Iterator[Section]:
    """All sections. replicate: the run that is told in full."""
    drawn = {exhibit.name: exhibit for exhibit in exhibits(batch, replicate)}
    claims, options = (drawn.pop(name, None) for name in ("claims", "options"))
    yield shown(claims) if claims else _lacking(CLAIMS)
    yield _answers(batch)
    yield from map(shown, drawn.values())
    yield shown(options) if options else _lacking(DECISION)
    yield _assumptions(batch.studies[SENSITIVITY]) if SENSITIVITY in batch.studies else _lacking(SENSITIVITY)
    yield _hindcast(batch.studies[HINDCAST]) if HINDCAST in batch.studies else _lacking(HINDCAST)
    yield _numbers(batch)
    yield _again(batch)


def _lacking(table: str) -> Section:
    """A section that says what is not there, and the commands that bring it here."""
    name, title, command, why = LACKING[table]
    folder = f"results/{command.split()[0]}"
    return Section(
        name, title, [f"Not on this page: {why}. To have it here:"],
        commands=[f"run.py {command} --out {folder}", f"run.py report DIR --with {folder}"],
    )  # fmt: skip


def _answers(batch: Batch) -> Section:
    """One line a scenario: how often what is feared comes about, and how deep it goes."""
    whole = batch.summary["level"].isna() | (batch.summary["level"] == "")
    found: Found = {}
    for row in batch.summary[whole].to_dict("records"):
        found.setdefault((str(row["scenario"]), str(row["outcome"])), row)
    lines = []
    for name in batch.by_force:
        line = {"scenario": name}
        line |= {head: _answer(found.get((name, outcome)), form) for outcome, form, head in ANSWERS}
        lines.append({**line, "what it is": batch.titles[name]})
    return Section(
        "answers", "The answer in a table",
        [_headline(batch, found),
         "Shares of the runs of each scenario with their 95 % interval (for the sampling of numbers and luck, not for "
         "the doubt about the rules), and medians. Remittances: lowest mean of 28 days, 1 is what the season brings."],
        table=rows(pd.DataFrame(lines)),
    )  # fmt: skip


def _answer(row: dict[Any, Any] | None, form: str) -> Any:
    value = None if row is None else row["share" if form == "share" else "q50"]
    if row is None or value is None or pd.isna(value):
        return ""
    if form == "share":
        return f"{percent(value)} ({row['share_low'] * 100:.0f}-{row['share_high'] * 100:.0f})"
    return percent(value) if form == "per cent" else value


def _headline(batch: Batch, found: Found) -> str:
    """The range of the leading outcomes over the scenarios, and the scenarios at its ends."""
    told = []
    for outcome, said in (("force_used", "Force is used in"), ("government_fell", "the government falls in")):
        rows_of = {name: found[name, outcome] for name in batch.by_force if (name, outcome) in found}
        shares = {name: row["share"] for name, row in rows_of.items() if pd.notna(row["share"])}
        if not shares:
            continue
        low, high = min(shares, key=shares.__getitem__), max(shares, key=shares.__getitem__)
        span = percent(shares[low])
        if shares[low] < shares[high]:
            span = f"{span} ({low}) to {percent(shares[high])} ({high})"
        told.append(f"{said} {span} of the runs")
    return "; ".join(told) + "." if told else "No run says how often force is used."


def _assumptions(study: Study) -> Section:
    table = study.table
    kept = [name for name in ("outcome", "rank", "key", "low", "high", "unit", "grade", "mu_star", "s1", "st", "pawn")
            if name in table]  # fmt: skip
    return Section(
        "sensitivity", LACKING[SENSITIVITY][1],
        [f"The {FOREMOST} numbers that move each outcome most, with the range over which they were moved: mu star, the "
         "mean size of an effect (Morris); s1 and st, shares of the variance (Sobol), by itself and with what it does "
         f"together with others; pawn, the distance of distributions. Grade D is a judgement. From {study.origin}."],
        table=rows(table.loc[table["rank"] <= FOREMOST, kept], most=1000),
    )  # fmt: skip


def _hindcast(study: Study) -> Section:
    scored = study.table
    kept = [name for name in ("episode", "outcome", "observed", "q05", "q50", "q95", "probability", "score",
                              "score_base_rate", "skill_base_rate", "in90") if name in scored]  # fmt: skip
    total, base = scored["score"].sum(), scored["score_base_rate"].sum()
    return Section(
        "hindcast", LACKING[HINDCAST][1],
        [f"Over {len(scored)} outcomes of {scored['episode'].nunique()} episodes the scores sum to {total:.2f}, "
         f"against {base:.2f} for the base rate of the other episodes (lower is better). From {study.origin}."],
        table=rows(scored[kept], most=1000), fold=f"{len(scored)} outcomes, each with its forecast and its score",
    )  # fmt: skip


def _numbers(batch: Batch) -> Section:
    """Every number of the baseline that is sampled, with its evidence."""
    first = next(entry for entry in batch.manifest["scenarios"] if entry["name"] == batch.baseline)
    lines = [
        {
            "number": key, "note": number["note"], "value": number["value"],
            "range": f"{number['low']:g} to {number['high']:g}", "unit": number["unit"], "grade": number["grade"],
            "source": ", ".join(number["source"]),
        }
        for key, number in first["resolved"]["numbers"].items()
        if number["kind"] == "uncertainty"
    ]  # fmt: skip
    grades = pd.Series([line["grade"] for line in lines]).value_counts()
    counted = ", ".join(f"{grade}: {grades.get(grade, 0)}" for grade in "ABCD")
    return Section(
        "numbers", "Numbers and sources",
        [f"{len(lines)} numbers are uncertain and sampled. Grades of their evidence: {counted} (A data, B literature, "
         "C expert, D assumption). What rests on a grade D number is conditional on a judgement."],
        table=rows(pd.DataFrame(lines), most=1000), fold=f"All {len(lines)} numbers with range, grade and source",
    )  # fmt: skip


def _again(batch: Batch) -> Section:
    versions = ", ".join(f"{name} {version}" for name, version in batch.manifest["versions"].items())
    return Section(
        "reproduce", "How to reproduce it",
        [f"Same seed, same bytes: with {versions} and the code named above, this command writes the same CSV files.",
         f"{len(outcomes())} outcomes and series are described in datapackage.json and by run.py outcomes."],
        commands=[str(batch.manifest["command"])],
    )  # fmt: skip
