"""The sections of the page, in the order in which a reader asks."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from model.outcomes import outcomes
from model.report.batch import Batch
from model.report.exhibits import exhibits
from model.report.page import Section, rows, shown

#: outcome, level or statistic, and the head of its column in the first table
ANSWERS = (
    ("force_used", "share", "force used"),
    ("days_to_airport_closed", "share", "airport closed"),
    ("days_to_army_collapse", "share", "army collapsed"),
    ("government_fell", "share", "government fell"),
    ("days_to_yielding", "share", "host gave way"),
    ("days_to_surrender", "share", "surrendered to the Court"),
    ("remittance_floor", "q50", "lowest remittances"),
    ("poverty_peak", "q50", "highest poverty"),
    ("killed_total", "q50", "killed"),
)
#: table that another command leaves in the folder -> name, title, what it says, how it is made
ANALYSES = (
    ("decision.csv", "decision", "What each option of the government is worth", "decide"),
    ("sensitivity.csv", "sensitivity", "Which assumptions matter", "sensitivity"),
)


def sections(batch: Batch, replicate: int | None = None, backtest: Path | None = None) -> Iterator[Section]:
    """All sections. replicate: the run told in full; backtest: a folder that `run.py backtest` wrote."""
    yield _claims(batch)
    yield _answers(batch)
    for exhibit in exhibits(batch, replicate):
        yield shown(exhibit)
    for file, name, title, command in ANALYSES:
        yield _analysis(batch, file, name, title, command)
    yield _hindcast(backtest)
    yield _numbers(batch)
    yield _again(batch)


def _claims(batch: Batch) -> Section:
    table = batch.extra("claims.csv")
    if table is None:
        return Section(
            "claims", "The claims of the commentary",
            ["Not weighed for this batch yet. This command counts in how many worlds each claim holds:"],
            commands=[f"run.py claims {shlex.quote(batch.folder.name)}"],
        )  # fmt: skip
    return Section(
        "claims", "The claims of the commentary",
        ["Each claim as a condition on what a run leaves, and the share of worlds in which it holds."],
        table=rows(table),
    )  # fmt: skip


def _answers(batch: Batch) -> Section:
    """One line a scenario: how often what is feared comes about, and how deep it goes."""
    own = batch.summary[batch.summary["level"].isna() | (batch.summary["level"] == "")]
    lines = []
    for name in batch.by_force:
        mine = own[own["scenario"] == name].drop_duplicates("outcome").set_index("outcome")
        line: dict[str, object] = {"scenario": name, "question": batch.titles[name]}
        for outcome, column, head in ANSWERS:
            value = mine[column].get(outcome) if column in mine else None
            line[head] = (
                f"{value:.0%}" if column == "share" and value is not None and value == value else value
            )
        lines.append(line)
    return Section(
        "answers", "The answer in a table",
        ["Shares of the runs of each scenario, and medians over them; every share carries the uncertainty of its "
         "number of runs (summary.csv has the intervals)."],
        table=rows(pd.DataFrame(lines)),
    )  # fmt: skip


def _analysis(batch: Batch, file: str, name: str, title: str, command: str) -> Section:
    table = batch.extra(file)
    if table is None:
        say = [f"Not worked out for this batch: {file} is not in its folder. See run.py {command} --help."]
        return Section(name, title, say)
    return Section(name, title, [f"From {file}."], table=rows(table))


def _hindcast(folder: Path | None) -> Section:
    title = "How well the same agents replay history"
    command = "run.py backtest --out backtest && run.py report DIR --backtest backtest"
    if folder is None:
        return Section("hindcast", title, ["docs/validation.md tells what was measured; to see it here:"],
                       commands=[command])  # fmt: skip
    scored = Batch.table(
        folder, "backtest.csv", ["episode", "outcome", "observed", "score", "skill_base_rate"]
    )
    kept = [name for name in ("episode", "outcome", "observed", "q05", "q50", "q95", "probability", "score",
                              "score_base_rate", "skill_base_rate", "in90") if name in scored]  # fmt: skip
    total, base = scored["score"].sum(), scored["score_base_rate"].sum()
    return Section(
        "hindcast", title,
        [f"Over {len(scored)} outcomes of {scored['episode'].nunique()} episodes the scores sum to {total:.2f}, "
         f"against {base:.2f} for the base rate of the other episodes (lower is better)."],
        table=rows(scored[kept]),
    )  # fmt: skip


def _numbers(batch: Batch) -> Section:
    """Every number of the baseline that is sampled, with its evidence."""
    first = next(entry for entry in batch.manifest["scenarios"] if entry["name"] == batch.baseline)
    numbers = first["resolved"]["numbers"]
    lines = [
        {
            "number": key, "value": number["value"], "low": number["low"], "high": number["high"],
            "unit": number["unit"], "grade": number["grade"], "source": ", ".join(number["source"]),
            "note": number["note"],
        }
        for key, number in numbers.items()
        if number["kind"] == "uncertainty"
    ]  # fmt: skip
    grades = pd.Series([line["grade"] for line in lines]).value_counts()
    counted = ", ".join(f"{grade}: {grades.get(grade, 0)}" for grade in "ABCD")
    return Section(
        "numbers", "Numbers and sources",
        [f"{len(lines)} numbers are uncertain and sampled. Grades of their evidence: {counted} (A data, B literature, "
         "C expert, D assumption). What rests on a grade D number is conditional on a judgement."],
        table=rows(pd.DataFrame(lines), most=1000),
    )  # fmt: skip


def _again(batch: Batch) -> Section:
    versions = ", ".join(f"{name} {version}" for name, version in batch.manifest["versions"].items())
    return Section(
        "reproduce", "How to reproduce it",
        [f"Same seed, same bytes: with {versions} and the code named above, this command writes the same CSV files.",
         f"{len(outcomes())} outcomes and series are described in datapackage.json and by run.py outcomes."],
        commands=[str(batch.manifest["command"])],
    )  # fmt: skip
