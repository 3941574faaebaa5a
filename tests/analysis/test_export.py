"""A batch handed on: the EMA Workbench loads it, xarray and Parquet hold the same cells as the CSV."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.analysis.export import to_ema, to_xarray
from model.analysis.frames import read_runs
from model.commands import start
from model.commands.batch import make_batch
from tests.commands.test_batch import REQUEST, SCENARIOS
from tests.ensemble.fake_simulation import FakeScenario

POINTS = ({"a.b": 0.0}, {"a.b": 0.5})


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two scenarios at two points; a third whose second run fails."""
    out = tmp_path_factory.mktemp("batches") / "batch"
    make_batch(replace(REQUEST, out=out), [*SCENARIOS, FakeScenario("bad", "raises")], points=POINTS)
    return out


def cells(batch: Path) -> list[dict[str, str]]:
    with (batch / "runs.csv").open(newline="", encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines) if row["status"] == "ok"]


def written(value: object) -> str:
    return "" if value is None or value != value else str(value)


def leave(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        start(["export", *arguments])
    assert isinstance(end.value.code, int)
    return end.value.code


def test_a_frame_holds_the_cells_of_runs_csv(batch: Path) -> None:
    runs, rows = read_runs(batch), cells(batch)
    assert len(runs) == len(rows) == 2 * 8 + 6
    for row, own in zip(rows, runs.to_dict("records"), strict=True):
        assert (row["scenario"], int(row["point"]), int(row["replicate"])) == tuple(
            own[k] for k in ("scenario", "point", "replicate")
        )
        assert row["end_state"] == own["end_state"]
        assert row["force_used"] == str(own["force_used"]).lower()
        for name in ("remittance_floor", "days_to_force", "coercer.patience"):
            assert (row[name] == "") == (own[name] != own[name])
            assert row[name] == "" or float(row[name]) == own[name]
    assert read_runs(batch, "arrest").equals(runs[runs["scenario"] == "arrest"].reset_index(drop=True))
    with pytest.raises(KeyError):
        read_runs(batch, "arest")


@pytest.mark.filterwarnings("ignore")  # what the workbench says of packages that it could do with
def test_the_workbench_loads_what_was_exported(batch: Path, tmp_path: Path) -> None:
    path = tmp_path / "ema.tar.gz"
    assert leave(str(batch), "--form", "ema", "--series", "flights", "--out", str(path)) == 0
    from ema_workbench import load_results

    experiments, outcomes = load_results(str(path))
    rows = cells(batch)
    assert experiments["policy"].tolist() == [row["scenario"] for row in rows]
    assert experiments["scenario"].tolist() == [int(r["point"]) * 4 + int(r["replicate"]) for r in rows]
    assert experiments["coercer.patience"].tolist() == [float(row["coercer.patience"]) for row in rows]
    assert outcomes["killed_total"].tolist() == [float(row["killed_total"]) for row in rows]
    assert outcomes["force_used"].tolist() == [float(row["force_used"] == "true") for row in rows]
    assert [str(level) for level in outcomes["end_state"]] == [row["end_state"] for row in rows]
    assert outcomes["flights"].shape == (len(rows), 20)
    own = to_ema(batch, ["flights"])[1]["flights"]
    assert np.allclose(outcomes["flights"], own, equal_nan=True)
    first = path.read_bytes()
    leave(str(batch), "--form", "ema", "--series", "flights", "--out", str(path))
    assert path.read_bytes() == first


def test_a_dataset_is_laid_out_by_scenario_point_and_replicate(batch: Path, tmp_path: Path) -> None:
    data = to_xarray(batch)
    assert dict(data.sizes) == {"scenario": 3, "point": 2, "replicate": 4, "day": 20}
    for row in cells(batch):
        one = data.sel(scenario=row["scenario"], point=int(row["point"]), replicate=int(row["replicate"]))
        assert float(one["killed_total"]) == float(row["killed_total"])
        assert str(one["end_state"].item()) == row["end_state"]
        assert float(one["coercer.patience"]) == float(row["coercer.patience"])
    missing = data.sel(scenario="bad", replicate=1)
    assert np.isnan(missing["killed_total"]).all()
    assert np.isnan(missing["flights"]).all()
    assert data["remittances_usd"].attrs["units"] == "USD a day"
    with (batch / "timeseries" / "arrest.csv").open(newline="", encoding="utf-8") as lines:
        days = [r for r in csv.DictReader(lines) if (r["point"], r["replicate"]) == ("1", "2")]
    assert data["flights"].sel(scenario="arrest", point=1, replicate=2).values.tolist() == [
        float(day["flights"]) for day in days
    ]
    path = tmp_path / "batch.nc"
    assert leave(str(batch), "--form", "netcdf", "--series", "flights", "--out", str(path)) == 0
    import xarray as xr

    with xr.open_dataset(path, engine="scipy") as again:
        assert np.allclose(again["flights"], data["flights"], equal_nan=True)
        assert again["end_state"].astype(str).values.tolist() == data["end_state"].values.tolist()


def test_parquet_holds_the_cells_of_the_csv(batch: Path, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    assert leave(str(batch), "--form", "parquet", "--out", str(tmp_path / "p")) == 0
    table = pq.read_table(tmp_path / "p" / "runs.parquet").to_pylist()
    with (batch / "runs.csv").open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(table) == len(rows)
    for ours, row in zip(table, rows, strict=True):
        assert list(ours) == list(row)
        assert (written(ours["scenario"]), written(ours["error"])) == (row["scenario"], row["error"])
        assert ours["killed_total"] == (float(row["killed_total"]) if row["killed_total"] else None)
    assert {path.name for path in (tmp_path / "p" / "timeseries").iterdir()} == {
        "arrest.parquet", "bad.parquet", "no_arrest.parquet"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--form", "xls"], "--form is one of ema, netcdf, parquet"),
        (["--form", "ema", "--series", "flight"], "nearest valid name: flights"),
        (["--form", "parquet", "--series", "flights"], "--series is for ema and netcdf"),
        (["--form", "ema", "--out", "/dev/null/x/y"], "cannot be written"),
    ],
)
def test_wrong_input_is_refused(
    batch: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert leave(str(batch), *arguments) == 2
    assert told in capsys.readouterr().err


def test_a_folder_without_a_batch_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert leave(str(tmp_path), "--form", "netcdf") == 2
    assert "holds no batch" in capsys.readouterr().err
