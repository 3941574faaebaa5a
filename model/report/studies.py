"""What other analyses say of a batch: its own runs asked for the claims and the options, and folders that are named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from model.report.batch import Batch
from model.toml_source import InputError, Problem

if TYPE_CHECKING:
    from model.ensemble.store import BatchStore

CLAIMS, DECISION, SENSITIVITY, HINDCAST = "claims.csv", "decision.csv", "sensitivity.csv", "backtest.csv"
#: table -> columns without which it cannot be shown
NEEDED = {
    CLAIMS: ["claim", "text", "scenario", "parameters", "structure", "worlds", "holds", "low", "high", "grade"],
    DECISION: ["parameters", "structure", "weights", "option", "worlds", "value", "low", "high", "probability_best"],
    SENSITIVITY: ["outcome", "rank", "key", "grade"],
    HINDCAST: ["episode", "outcome", "observed", "score", "score_base_rate", "skill_base_rate"],
}  # fmt: skip
#: where `findings` lays the folders of two of them
BELOW = ("", "claims", "decide")


@dataclass(frozen=True)
class Study:
    """A table, and where it is from in words that end a sentence."""

    table: pd.DataFrame
    origin: str


def studies(folder: Path, named: Iterable[Path] = ()) -> dict[str, Study]:
    """Studies by file name: those of the folders named, and what the runs of the batch say where none of them does.

    folder: of the batch. named: folders that `claims`, `decide`, `findings`, `sensitivity` or `backtest` wrote.
    Raises InputError for one that holds none of their tables, or a table that lacks a column.
    """
    found: dict[str, Study] = {}
    for place in named:
        there = [
            (place / below, name) for below in BELOW for name in NEEDED if (place / below / name).is_file()
        ]
        if not there:
            expected = "expected a folder that claims, decide, findings, sensitivity or backtest wrote"
            raise InputError(
                [Problem(str(place), 0, "", f"{expected}: it holds none of {', '.join(NEEDED)}")]
            )
        for where, name in there:
            found[name] = Study(Batch.table(where, name, NEEDED[name]), f"{name} of the folder {place.name}")
    return {**_of_its_own(folder, {CLAIMS, DECISION} - set(found)), **found}


def _of_its_own(folder: Path, wanted: set[str]) -> dict[str, Study]:
    """What the runs of a batch say by themselves; nothing where its store is gone, or its points are a sweep."""
    from model.ensemble.store import BatchStore, StoreError

    if not wanted:
        return {}
    try:
        with BatchStore.open(folder) as store:
            if len(store.plan.points) > 1:
                return {}
            rows = {
                CLAIMS: _claims(store) if CLAIMS in wanted else [],
                DECISION: _options(store) if DECISION in wanted else [],
            }
    except StoreError:
        return {}
    origin = f"the runs of this batch, {store.plan.settings['days']} days each"
    return {name: Study(pd.DataFrame(table), origin) for name, table in rows.items() if table}


def _claims(store: BatchStore) -> list[dict[str, Any]]:
    """Rows of claims.csv for the claims of which the batch has every scenario."""
    from model.analysis.claims import claim_rows
    from model.analysis.claims_file import CLAIMS as FILE
    from model.analysis.claims_file import STORY, read_claims
    from model.analysis.observations import observe
    from model.scenario import load_scenario

    numbers = load_scenario("arrest").numbers
    here = set(store.plan.names)
    known = [claim for claim in read_claims(FILE, numbers) if here.issuperset(claim.needs)]
    if not known:
        return []
    observed = observe(store, {STORY, *(name for claim in known for name in claim.needs)})
    return claim_rows(known, {str(store.plan.settings["parameters"]): observed}, (), numbers)


def _options(store: BatchStore) -> list[dict[str, Any]]:
    """Rows of decision.csv where the batch has a scenario for every option of the government."""
    from model.analysis.decision import OPTIONS, decision_rows
    from model.analysis.stakes import profiles, read_stakes
    from model.analysis.structures import OWN
    from model.scenario import load_scenario

    if not set(OPTIONS.values()).issubset(store.plan.names):
        return []
    stakes = {option: read_stakes(store, name) for option, name in OPTIONS.items()}
    register = load_scenario("arrest").numbers
    return decision_rows(stakes, profiles(register), str(store.plan.settings["parameters"]), OWN)
