from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from model.analysis.observations import Observed
from model.analysis.precision import Target, enough, half_width, looks, needed, precision_rows
from model.analysis.statistics import t_quantile
from model.commands.batch import make_batch
from model.commands.replicates import show_precision
from model.commands.targets import targets_of
from model.commands.terminal import Refused
from model.ensemble.store import BatchStore, StoreError
from model.outcomes import outcomes
from tests.commands.test_batch import REQUEST, SCENARIOS

KNOWN = outcomes("runs")


def test_half_widths_are_those_of_the_intervals() -> None:
    assert half_width(KNOWN["poverty_peak"], [1.0, 3.0, None]) == (2, 2.0, t_quantile(1))
    n, share, width = half_width(KNOWN["days_to_force"], [1.0, None, None, None])
    assert (n, share) == (4, 0.25)
    assert width == pytest.approx((0.69936 - 0.04559) / 2, abs=1e-4)  # Wilson 1 of 4
    assert half_width(KNOWN["force_used"], [None]) == (0, None, None)


def test_what_is_needed_brings_the_width_to_the_target() -> None:
    values = [float(k % 10) for k in range(200)]
    wanted = needed(KNOWN["poverty_peak"], values, 0.25)
    assert wanted is not None
    _, _, width = half_width(KNOWN["poverty_peak"], [float(k % 10) for k in range(wanted)])
    assert width == pytest.approx(0.25, rel=0.02)
    assert needed(KNOWN["force_used"], [True, False] * 50, 0.05) == 385
    half = needed(KNOWN["punished_after_compliance"], [True, None, False, None] * 25, 0.05)
    assert half is not None
    assert half == pytest.approx(2 * 385, abs=2)  # it applies to every other run


def test_rows_narrow_with_replicates_and_the_stop_is_never_early() -> None:
    runs = {(0, k): {"force_used": k % 2 == 0} for k in range(60)}
    observed = {"a": Observed("a", "a", runs, 10, 60, 0)}
    rows = [
        row
        for row in precision_rows(observed, [Target("force_used", 0.15)])
        if row["outcome"] == "force_used"
    ]
    assert [row["replicates"] for row in rows] == [10, 20, 30, 50, 60]
    widths = [row["half_width"] for row in rows]
    assert widths == sorted(widths, reverse=True)
    assert [row["enough"] for row in rows] == [False, False, False, True, True]
    assert not enough(observed, [Target("force_used", 10.0)], 20)  # a look before 30 would stop on luck
    assert enough(observed, [Target("force_used", 0.15)], 50)
    assert not enough(observed, [Target("force_used", 0.15)], 30)
    assert looks(60, []) == [60]
    assert looks(60, [Target("force_used", 0.15)]) == [30, 50, 60]


def test_a_batch_that_stops_is_the_batch_of_so_many_replicates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stopped, plain = tmp_path / "stopped", tmp_path / "plain"
    many = replace(REQUEST, replicates=70)
    assert make_batch(replace(many, out=stopped, until=("force_used=0.18",)), SCENARIOS) == 0
    assert "30 replicates are enough for force_used=0.18" in capsys.readouterr().err
    assert make_batch(replace(many, out=plain, replicates=30), SCENARIOS) == 0
    for name in ("runs.csv", "summary.csv", "comparison.csv", "quantiles.csv"):
        assert (stopped / name).read_bytes() == (plain / name).read_bytes()
    manifest = json.loads((stopped / "manifest.json").read_text())
    assert manifest["runs"] == {"planned": 60, "ok": 60, "failed": 0, "timeout": 0}
    assert manifest["completed"] is True
    with BatchStore.open(stopped) as store, pytest.raises(StoreError, match="cannot be cut"):
        store.shorten(10)
    assert show_precision(stopped, targets_of(["force_used=0.01"])) == 0
    with (stopped / "replicates.csv").open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["outcome"] == "force_used"]
    assert {row["enough"] for row in rows} == {"false"}
    assert "needed" in capsys.readouterr().out


def test_a_target_that_is_not_met_takes_all_replicates(tmp_path: Path) -> None:
    request = replace(REQUEST, out=tmp_path / "all", replicates=35, until=("force_used=0.0001",))
    assert make_batch(request, SCENARIOS) == 0
    assert json.loads((tmp_path / "all" / "manifest.json").read_text())["replicates"] == 35


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("force_usd=0.1", "nearest valid name: force_used"),
        ("end_state=0.1", "asks a half width of an outcome"),
        ("force_used", "expected a half width above 0"),
        ("force_used=-1", "expected a half width above 0"),
        ("force_used=nan", "expected a half width above 0"),
    ],
)
def test_a_target_that_is_none_is_refused(word: str, message: str) -> None:
    with pytest.raises(Refused, match=message):
        targets_of([word])
