"""times.csv and incidence.csv: how soon, and by which of the ways that exclude each other, a matter ends."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from model.analysis.observations import Observed, Place
from model.analysis.pairing import pair
from model.analysis.significance import paired_t, share_difference, welch
from model.analysis.statistics import Interval, mean, mean_interval, paired_share_interval, wilson
from model.analysis.summary import write_rows
from model.analysis.survival import CENSORED, cumulative_incidence, pseudo_values
from model.ensemble.csv_files import Column
from model.ensemble.tables import SCENARIO, Table
from model.result import Scalar

#: ends that are none: the matter is open at the horizon
OPEN = ("held", "standoff")
#: there was never anything to end
NO_MATTER = ("not_arrested", "refused", "visit_cancelled")
ENDS = ("released", "freed", "surrendered", "died", "arrest_failed")


@dataclass(frozen=True)
class Race:
    """Events that compete: a name, the causes, and what they are, for a reader."""

    name: str
    causes: tuple[str, ...]
    meaning: str


RACES = (
    Race("end", ENDS, "how the matter of the detainee ends first"),
    Race(
        "first", ("force", "concession", "other_end"), "what comes first: force, a concession, or another end"
    ),
)

_DAYS, _SHARE = "days", "share of runs"
TIMES = Table(
    "times.csv",
    "one cause of one race of one scenario, against the baseline",
    (
        SCENARIO,
        Column("baseline", "string", "", "scenario that it is compared with; empty for the baseline itself"),
        Column("race", "string", "", "events that compete: " + "; ".join(f"{r.name} ({r.meaning})" for r in RACES)),
        Column("cause", "string", "", "event of the race"),
        Column("n", "integer", "runs", "runs in which there was something to end"),
        Column("horizon", "integer", _DAYS, "days over which incidence and means are taken"),
        Column("incidence", "number", _SHARE, "Aalen and Johansen's cumulative incidence at the horizon"),
        Column("incidence_low", "number", _SHARE, "lower end of its 95 % interval (Wilson)"),
        Column("incidence_high", "number", _SHARE, "upper end of that interval"),
        Column("days_lost", "number", _DAYS, "restricted mean: days before the horizon that the cause takes"),
        Column("days_lost_low", "number", _DAYS, "lower end of its 95 % interval (t on pseudo-observations)"),
        Column("days_lost_high", "number", _DAYS, "upper end of that interval"),
        Column("pairs", "integer", "pairs", "pairs of equal luck in which both had something to end; 0: two samples"),
        Column("incidence_difference", "number", _SHARE, "scenario minus baseline over the pairs"),
        Column("incidence_difference_low", "number", _SHARE, "lower end of its 95 % interval (pairs: Agresti and "
               "Min; two samples: Newcombe)"),
        Column("incidence_difference_high", "number", _SHARE, "upper end of that interval"),
        Column("days_lost_difference", "number", _DAYS, "scenario minus baseline over the pairs"),
        Column("days_lost_difference_low", "number", _DAYS, "lower end of its 95 % interval"),
        Column("days_lost_difference_high", "number", _DAYS, "upper end of that interval"),
        Column("p_value", "number", "0-1", "two-sided, of no difference in days lost"),
    ),
)  # fmt: skip
INCIDENCE = Table(
    "incidence.csv",
    "one step of the cumulative incidence of one cause",
    (
        SCENARIO,
        Column("race", "string", "", "events that compete"),
        Column("cause", "string", "", "event of the race"),
        Column("day", "number", _DAYS, "days since the start at which the curve steps"),
        Column("incidence", "number", _SHARE, "share of runs in which the cause has come first by then"),
    ),
)


def race_times(race: Race, observed: Observed, horizon: int) -> dict[Place, tuple[float, str]]:
    """Days and cause of each run in which there was something to end; CENSORED at the horizon where open."""
    found = {}
    for place, outcomes in observed.runs.items():
        if outcomes.get("end_state") in (None, *NO_MATTER):
            continue
        day, cause = _end(outcomes) if race.name == "end" else _first(outcomes)
        found[place] = (day, cause) if day <= horizon and cause != CENSORED else (float(horizon), CENSORED)
    return found


def _day(value: Scalar) -> float:
    return float("inf") if value is None else float(value)


def _end(outcomes: Mapping[str, Scalar]) -> tuple[float, str]:
    state = str(outcomes["end_state"])
    return (float("inf"), CENSORED) if state in OPEN else (_day(outcomes.get("days_to_end")), state)


def _first(outcomes: Mapping[str, Scalar]) -> tuple[float, str]:
    days = (
        (_day(outcomes.get("days_to_force")), "force"),
        (_day(outcomes.get("days_to_first_concession")), "concession"),
        (_day(outcomes.get("days_to_end")), "other_end"),
    )
    first = min(days, key=lambda entry: entry[0])  # of one moment force comes first, then the concession
    return first if first[0] < float("inf") else (float("inf"), CENSORED)


def times_rows(observed: Mapping[str, Observed], baseline: str) -> list[dict[str, Any]]:
    """Rows of times.csv: the baseline first, then the others by name."""
    base = observed[baseline]
    rows = []
    for name in [baseline, *sorted(set(observed) - {baseline})]:
        pairing = pair(observed[name], base)
        for race in RACES:
            ours = race_times(race, observed[name], pairing.horizon)
            theirs = race_times(race, base, pairing.horizon)
            if not ours:
                continue
            for cause in race.causes:
                row = {
                    "scenario": name,
                    "race": race.name,
                    "cause": cause,
                    "n": len(ours),
                    "horizon": pairing.horizon,
                    **_alone(ours, race, cause, pairing.horizon),
                }
                if name != baseline:
                    row |= {
                        "baseline": baseline,
                        **_against(ours, theirs, race, cause, pairing.horizon, pairing.paired),
                    }
                rows.append(row)
    return rows


def incidence_rows(observed: Mapping[str, Observed]) -> list[dict[str, Any]]:
    """Rows of incidence.csv, scenarios by name."""
    rows = []
    for name in sorted(observed):
        for race in RACES:
            times = race_times(race, observed[name], observed[name].horizon)
            curve = cumulative_incidence(list(times.values()), race.causes)
            for cause in race.causes:
                before = 0.0
                for day, share in zip(curve.days, curve.shares[cause], strict=True):
                    if share > before:
                        rows.append(
                            {
                                "scenario": name,
                                "race": race.name,
                                "cause": cause,
                                "day": day,
                                "incidence": share,
                            }
                        )
                    before = share
    return rows


def write_times(
    observed: Mapping[str, Observed], baseline: str, folder: Path, suffix: str = ""
) -> list[Table]:
    """Write times.csv and incidence.csv; suffix: added to their names."""
    tables = [replace(table, path=f"{Path(table.path).stem}{suffix}.csv") for table in (TIMES, INCIDENCE)]
    write_rows(folder, tables[0], times_rows(observed, baseline))
    write_rows(folder, tables[1], incidence_rows(observed))
    return tables


def _pseudo(
    times: Mapping[Place, tuple[float, str]], race: Race, cause: str, horizon: int
) -> dict[str, dict[Place, float]]:
    marks, days = pseudo_values(list(times.values()), cause, race.causes, horizon)
    return {
        "incidence": dict(zip(times, marks, strict=True)),
        "days_lost": dict(zip(times, days, strict=True)),
    }


def _alone(times: Mapping[Place, tuple[float, str]], race: Race, cause: str, horizon: int) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for measure, values in _pseudo(times, race, cause, horizon).items():
        found: Sequence[float] = list(values.values())
        row[measure] = mean(found)
        bounds = _share(found) if measure == "incidence" else mean_interval(found)
        row[f"{measure}_low"], row[f"{measure}_high"] = bounds
    return row


def _share(marks: Sequence[float]) -> Interval:
    """Interval of an incidence. Runs are watched to the horizon, so that it is a plain share and marks are 0 or 1:
    of a cause that never came about in few runs, Student's t would claim to know that it cannot."""
    return wilson(round(sum(marks)), len(marks))


def _share_difference(ours: Sequence[float], theirs: Sequence[float], paired: bool) -> Interval:
    if not paired:
        return share_difference(round(sum(ours)), len(ours), round(sum(theirs)), len(theirs))
    gained = sum(a > b for a, b in zip(ours, theirs, strict=True))
    lost = sum(a < b for a, b in zip(ours, theirs, strict=True))
    return paired_share_interval(gained, lost, len(ours))


def _against(
    ours: Mapping[Place, tuple[float, str]],
    theirs: Mapping[Place, tuple[float, str]],
    race: Race,
    cause: str,
    horizon: int,
    paired: bool,
) -> dict[str, Any]:
    both = sorted(set(ours) & set(theirs))
    mine, other = _pseudo(ours, race, cause, horizon), _pseudo(theirs, race, cause, horizon)
    row: dict[str, Any] = {"pairs": len(both) if paired else 0}

    def sides(measure: str) -> tuple[list[float], list[float]]:
        left, right = (both, both) if paired else (list(ours), list(theirs))
        return [mine[measure][place] for place in left], [other[measure][place] for place in right]

    def write(name: str, value: float | None, bounds: Interval) -> None:
        if value is not None:
            row[name] = value
        row[f"{name}_low"], row[f"{name}_high"] = bounds

    marks, days = sides("incidence"), sides("days_lost")
    write("incidence_difference", _centre(*marks, paired), _share_difference(*marks, paired))
    if paired:
        differences = [a - b for a, b in zip(*days, strict=True)]
        bounds, row["p_value"] = mean_interval(differences), paired_t(differences)
    else:
        bounds, row["p_value"] = welch(*days)
    write("days_lost_difference", _centre(*days, paired), bounds)
    return row


def _centre(ours: Sequence[float], theirs: Sequence[float], paired: bool) -> float | None:
    if paired:
        return mean([a - b for a, b in zip(ours, theirs, strict=True)])
    return math.fsum(ours) / len(ours) - math.fsum(theirs) / len(theirs) if ours and theirs else None
