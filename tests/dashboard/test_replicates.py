"""Many runs by worker processes: those of a batch, growing, countable, and what is saved of them."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from model.dashboard.answers import endings, table
from model.dashboard.downloads import bands_csv, runs_csv
from model.dashboard.ladder import ladder
from model.dashboard.panels import panels
from model.dashboard.replicates import MARKS, Replicates
from model.dashboard.session import Session
from model.scenario import load_scenario
from model.settings import Settings
from model.simulation import simulate

SETTINGS = Settings(days=6, households=200, parameters="posterior")
RUNS = 3


@pytest.fixture(scope="module")
def found() -> Replicates:
    """Three replicates each of two scenarios, one of them with a title that would be markup."""
    hostile = replace(load_scenario("arrest_hold"), title="<b>Hold</b> & go")
    counts: list[float] = []
    made = Replicates(
        [hostile, load_scenario("no_arrest")], SETTINGS, RUNS, lambda: counts.append(made.share)
    )
    made.start(workers=1)
    made.wait()
    assert made.problem == "" and made.failed == 0
    assert counts == sorted(counts) and counts[-1] == 1.0 and len(counts) > RUNS
    return made


def test_each_replicate_is_the_run_that_a_page_steps_through(found: Replicates) -> None:
    alone = simulate(load_scenario("arrest_hold"), 2, SETTINGS)
    assert found.finished["arrest_hold"][2]["end_state"] == alone.scalars["end_state"]
    assert np.array_equal(found.values("arrest_hold", "rung")[2], alone.series["rung"])


def test_bands_hold_the_runs(found: Replicates) -> None:
    bands, values = (
        found.bands("arrest_hold", "remittance_index"),
        found.values("arrest_hold", "remittance_index"),
    )
    assert bands is not None and bands.shape == (5, 6) and values.shape == (RUNS, 6)
    assert (np.diff(bands, axis=0) >= 0).all()
    assert np.allclose(bands[2], np.median(values, axis=0))


def test_shares_are_of_the_finished_runs(found: Replicates) -> None:
    ends = found.ends("arrest_hold")
    assert sum(share.hits for share in ends.values()) == RUNS
    for mark in MARKS:
        share = found.mark("no_arrest", mark)
        assert share is not None and share.runs == RUNS and share.low <= share.share <= share.high
    assert found.mark("no_arrest", "force_used").hits == 0  # type: ignore[union-attr]


def test_titles_come_out_as_text_in_every_drawing(found: Replicates) -> None:
    session = Session("no_arrest", SETTINGS)
    drawn = [endings(found), table(found), ladder(session.courses, found), *panels(session.courses, found)]
    assert "&lt;b&gt;Hold" in drawn[0] and "&lt;b&gt;Hold" in drawn[1]
    assert not [text for text in drawn if "<b>" in text]


def test_the_difference_is_paired_run_by_run(found: Replicates) -> None:
    row = next(row for row in table(found).split("<tr>") if "Force is used" in row)
    used = sum(bool(run["force_used"]) for run in found.finished["arrest_hold"].values())
    assert f"<td>{100.0 * used / RUNS:+.0f} <small>" in row


def test_what_is_saved_has_a_row_a_run_and_a_row_a_day(found: Replicates) -> None:
    runs = list(csv.DictReader(io.StringIO(runs_csv(found).decode())))
    assert [(run["scenario"], run["replicate"]) for run in runs] == [
        (name, str(k)) for name in ("arrest_hold", "no_arrest") for k in range(RUNS)
    ]
    assert {run["end_state"] for run in runs if run["scenario"] == "no_arrest"} == {"not_arrested"}
    bands = list(csv.DictReader(io.StringIO(bands_csv(found, ["rung", "poverty_rate"]).decode())))
    assert len(bands) == 2 * 2 * SETTINGS.days and {row["n"] for row in bands} == {str(RUNS)}


def test_a_failing_run_is_counted_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = load_scenario("arrest_hold")
    numbers = {key: number for key, number in broken.numbers.items() if key != "kremlin.shield"}
    made = Replicates([replace(broken, numbers=numbers)], SETTINGS, 1, lambda: None)
    made.start(workers=1)
    made.wait()
    assert made.failed == 1 and "shield" in made.problem and not made.busy


def test_stopping_keeps_what_is_there() -> None:
    made = Replicates(
        [load_scenario("no_arrest")], SETTINGS, 1000, lambda: made.stop() if made.count("no_arrest") else None
    )
    made.start(workers=1)
    made.wait()
    assert 1 <= made.count("no_arrest") < 1000 and not made.busy
