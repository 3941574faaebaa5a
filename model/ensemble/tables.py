"""The files of a results folder and their columns, in order; the data package says the same of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.ensemble.csv_files import Column
from model.ensemble.finished_run import STATUSES
from model.ensemble.plan import Plan
from model.outcomes import Outcome
from model.outcomes import series as registered

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
QUANTILE_NAMES = ("q05", "q25", "q50", "q75", "q95")

SCENARIO = Column("scenario", "string", "", "name of the scenario")
POINT = Column("point", "integer", "", "number of the parameter point; 0 alone in an ordinary batch")
REPLICATE = Column(
    "replicate", "integer", "", "number of the luck; equal numbers meet equal luck in every scenario"
)
RUN = (SCENARIO, POINT, REPLICATE)
DATE = Column("date", "date", "", "calendar day")


@dataclass(frozen=True)
class Table:
    """One file of the folder: its path there, what one row is, its columns."""

    path: str
    meaning: str
    columns: tuple[Column, ...]


def outcome_columns(file: str) -> tuple[Column, ...]:
    """Columns of the outcomes that outcomes.csv registers for a file, in its order."""
    return tuple(_column(outcome) for outcome in registered(file))


def _column(outcome: Outcome) -> Column:
    return Column(outcome.name, outcome.type, outcome.unit, outcome.meaning, tuple(outcome.levels))


def quantile_columns(of: str) -> tuple[Column, ...]:
    """q05 ... q95, exact, interpolated linearly between neighbours."""
    return tuple(
        Column(name, "number", "unit of the outcome", f"{share * 100:g} % quantile of {of}")
        for share, name in zip(QUANTILES, QUANTILE_NAMES, strict=True)
    )


def number_columns(plan: Plan) -> list[Column]:
    """A column for each number of the plan's scenarios, by dotted key, with its unit and note."""
    known: dict[str, Column] = {}
    for entry in plan.scenarios:
        for name, number in entry.resolved.get("numbers", {}).items():
            known.setdefault(name, Column(name, "number", number.get("unit", ""), number.get("note", "")))
    return [known[name] for name in sorted(known)]


def constants(plan: Plan) -> set[str]:
    """Keys of numbers that are constants in every scenario of the plan, hence in no column of runs.csv."""
    kinds: dict[str, set[str]] = {}
    for entry in plan.scenarios:
        overridden = entry.resolved.get("overridden", ())
        for name, number in entry.resolved.get("numbers", {}).items():
            kind = "overridden" if name in overridden else number.get("kind", "")
            kinds.setdefault(name, set()).add(kind)
    swept = {name for point in plan.points for name in point}
    return {name for name, found in kinds.items() if found == {"constant"}} - swept


def runs_table(numbers: Sequence[Column], form: str = "csv") -> Table:
    """runs.csv (or runs.parquet), with the given columns of sampled numbers."""
    columns = (
        *RUN,
        Column("seed", "integer", "", "seed of the batch"),
        Column("status", "category", "", "ok, failed or timeout", STATUSES),
        Column("error", "string", "", "type and message of the error of a run that is not ok"),
        Column("command", "string", "", "command that makes a run that is not ok again"),
        *outcome_columns("runs"),
        *numbers,
    )
    return Table(f"runs.{form}", "one run", columns)


def timeseries_table(scenario: str, form: str = "csv") -> Table:
    """timeseries/<scenario>.csv."""
    day = Column("day", "integer", "days", "days since the start of the scenario")
    return Table(
        f"timeseries/{scenario}.{form}",
        "one day of one run",
        (*RUN, day, DATE, *outcome_columns("timeseries")),
    )


def regions_table(scenario: str) -> Table:
    """regions/<scenario>.csv."""
    keys = (
        *RUN,
        Column("week", "integer", "weeks", "weeks since the start of the scenario"),
        Column("date", "date", "", "first day of the week"),
        Column("region", "string", "", "region of the host"),
    )
    return Table(
        f"regions/{scenario}.csv", "one week of one run in one region", (*keys, *outcome_columns("regions"))
    )


def events_table(scenario: str) -> Table:
    """events/<scenario>.csv."""
    columns = (
        *RUN,
        Column("day", "integer", "days", "days since the start of the scenario"),
        Column("hour", "integer", "hours", "hour of the day at which the tick begins"),
        DATE,
        Column("actor", "string", "", "who acted"),
        Column("action", "string", "", "what was done, as in actions.csv"),
        Column("target", "string", "", "at whom or what the act was aimed"),
        Column("cameo", "string", "", "CAMEO event code"),
        Column("goldstein", "number", "-10 to 10", "Goldstein score of the act"),
        Column("class", "string", "", "deescalation, status_quo, posturing, nonviolent or violent"),
        Column("rung", "integer", "Kahn rung", "rung of the act on Kahn's ladder"),
        Column("public", "boolean", "", "seen by everybody"),
        Column("inadvertent", "boolean", "", "not ordered by the actor's leadership"),
    )
    return Table(f"events/{scenario}.csv", "one act", columns)


def decisions_table(scenario: str) -> Table:
    """decisions/<scenario>.csv."""
    columns = (
        *RUN,
        Column("day", "number", "days", "days since the start of the scenario"),
        Column("actor", "string", "", "who deliberated"),
        Column("option", "string", "", "act that was weighed, as in actions.csv"),
        Column("stake", "string", "", "stake whose share of the value this row gives"),
        Column("value", "number", "share of political survival", "value of the option for that stake"),
        Column("probability", "number", "0-1", "probability with which the option was chosen"),
        Column("chosen", "boolean", "", "the option was chosen"),
    )
    return Table(f"decisions/{scenario}.csv", "one stake of one option weighed, in the sampled runs", columns)


def quantiles_table() -> Table:
    """quantiles.csv."""
    columns = (
        SCENARIO,
        Column("day", "integer", "days", "days since the start of the scenario"),
        Column("series", "string", "", "series of the file timeseries"),
        Column("level", "string", "", "level of a category, whose share of the runs is the mean; else empty"),
        Column("n", "integer", "runs", "runs that have the series, all points together"),
        Column(
            "mean", "number", "unit of the series", "mean over the runs; for a level the share of the runs"
        ),
        *quantile_columns("the runs on that day"),
    )
    return Table("quantiles.csv", "one series on one day over the runs of one scenario", columns)


def scenario_tables(plan: Plan, timeseries: str = "csv") -> list[Table]:
    """The tables that every scenario of a plan has one of; timeseries is csv, parquet or none."""
    tables = []
    for name in sorted(plan.names):
        if timeseries != "none":
            tables.append(timeseries_table(name, timeseries))
        tables += [regions_table(name), events_table(name)]
        if plan.decision_replicates:
            tables.append(decisions_table(name))
    return tables
