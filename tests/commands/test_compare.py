from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from model.commands.batch import make_batch
from model.commands.compare import compare_folders
from model.commands.terminal import Refused
from model.ensemble.store import BatchStore
from tests.commands.test_batch import REQUEST, SCENARIOS
from tests.ensemble.fake_simulation import FakeScenario


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    make_batch(replace(REQUEST, out=tmp_path / "batch"), [*SCENARIOS, FakeScenario("hold")])
    return tmp_path / "batch"


def test_the_comparison_of_a_batch_is_the_one_it_wrote_itself(
    batch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (batch / "comparison.csv").read_bytes()
    assert compare_folders([batch]) == 0
    assert (batch / "comparison.csv").read_bytes() == before
    told = capsys.readouterr().out
    assert "Difference from no_arrest in the mean" in told
    assert "mean dead" in told and " med." in told
    assert "(skew)" in told
    assert "not a forecast" in told
    assert max(map(len, told.splitlines()[-20:])) <= 100


def test_another_baseline(batch: Path) -> None:
    own = (batch / "comparison.csv").read_bytes()
    assert compare_folders([batch], "hold") == 0
    assert (batch / "comparison.csv").read_bytes() == own  # the batch's own comparison stays
    lines = (batch / "comparison-hold.csv").read_text().splitlines()[1:]
    assert {tuple(line.split(",")[:2]) for line in lines} == {
        ('"arrest"', '"hold"'),
        ('"no_arrest"', '"hold"'),
    }
    with pytest.raises(Refused, match="no scenario 'nowhere'"):
        compare_folders([batch], "nowhere")


def test_an_unfinished_batch_is_compared_and_says_so(batch: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with BatchStore.open(batch) as store:
        store._connection.execute(
            "DELETE FROM runs WHERE replicate = 3 OR (replicate = 2 AND scenario = 'arrest')"
        )
    capsys.readouterr()
    assert compare_folders([batch], as_json=True) == 0
    body = json.loads(capsys.readouterr().out)
    assert body["unfinished"] == "unfinished: 4 of 12 runs have not been made yet"
    assert body["runs"] == {"arrest": 2, "no_arrest": 3, "hold": 3}
    pairs = {row["scenario"]: row["pairs"] for row in body["rows"] if row["outcome"] == "killed_total"}
    assert pairs == {"arrest": 2, "hold": 3}
    assert compare_folders([batch]) == 0
    assert "Unfinished: 4 of 12" in capsys.readouterr().out


def test_a_batch_of_one_scenario_or_without_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_batch(replace(REQUEST, out=tmp_path / "one"), SCENARIOS[:1])
    with pytest.raises(Refused, match="only one scenario"):
        compare_folders([tmp_path / "one"])
    make_batch(replace(REQUEST, out=tmp_path / "two"), SCENARIOS)
    with BatchStore.open(tmp_path / "two") as store:
        store._connection.execute("DELETE FROM runs")
    capsys.readouterr()
    assert compare_folders([tmp_path / "two"]) == 0
    assert "No run is finished yet" in capsys.readouterr().out


def test_several_batches(batch: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    make_batch(replace(REQUEST, out=other, households=500), [FakeScenario("arrest"), FakeScenario("new")])
    assert compare_folders([batch, other]) == 0
    (file,) = batch.glob("comparison-*.csv")
    names = {line.split(",")[0] for line in file.read_text().splitlines()[1:]}
    assert len(names) == 4
    assert '"new"' in names
    assert sum(name.startswith('"arrest-') for name in names) == 2
    with pytest.raises(Refused, match="twice"):
        compare_folders([batch, batch])
    longer = tmp_path / "longer"
    make_batch(replace(REQUEST, out=longer, days=21), SCENARIOS)
    with pytest.raises(Refused, match="--days"):
        compare_folders([batch, longer])
