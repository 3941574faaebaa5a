from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from model.commands.batch import make_batch
from model.commands.compare import compare_folders
from model.commands.terminal import Refused
from model.ensemble.store import BatchStore
from model.toml_source import InputError
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


def rows_of(folder: Path, name: str = "comparison-*.csv") -> list[dict[str, str]]:
    (file,) = folder.glob(name)
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_batches_of_another_horizon_compare_days_only_and_say_so(
    batch: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    longer = tmp_path / "longer"
    make_batch(replace(REQUEST, out=longer, days=21), SCENARIOS)
    capsys.readouterr()
    assert compare_folders([batch, longer]) == 0
    told = capsys.readouterr().err
    assert "20 days against 21: only days to milestones" in told.replace(
        "21 days against 20", "20 days against 21"
    )
    rows = rows_of(batch)
    longs = [row for row in rows if row["scenario"].startswith("arrest-") and row["measure"] == "mean"]
    assert len({row["scenario"] for row in longs}) == 1  # that of the batch of 20 days alone
    assert any(row["measure"] == "restricted_days" for row in rows)


def test_batches_of_another_seed_are_two_samples_and_say_so(
    batch: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    make_batch(replace(REQUEST, out=other, seed=7, replicates=6), [FakeScenario("new")])
    capsys.readouterr()
    assert compare_folders([batch, other]) == 0
    assert "new: seed 7 against 1: no run has a twin" in capsys.readouterr().err
    rows = [row for row in rows_of(batch) if row["scenario"] == "new" and row["outcome"] == "killed_total"]
    assert [(row["pairs"], row["method"], row["correlation"]) for row in rows] == [("0", "welch", "")]


def test_more_replicates_on_one_side_are_dropped_and_counted(
    batch: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    make_batch(replace(REQUEST, out=other, replicates=6), [FakeScenario("new")])
    capsys.readouterr()
    assert compare_folders([batch, other]) == 0
    assert "new: 2 runs have no counterpart" in capsys.readouterr().err
    rows = [row for row in rows_of(batch) if row["scenario"] == "new" and row["outcome"] == "killed_total"]
    assert [(row["pairs"], row["dropped_missing"]) for row in rows] == [("4", "2")]


def test_scenarios_are_matched_by_content_and_not_by_name(
    batch: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    make_batch(
        replace(REQUEST, out=other),
        [FakeScenario("renamed", content="hold"), FakeScenario("arrest", content="else")],
    )
    capsys.readouterr()
    assert compare_folders([batch, other], "no_arrest") == 0
    told = capsys.readouterr().err
    assert "hold and renamed are the same scenario by content" in told
    assert "arrest is not the same scenario in each batch" in told


def test_the_same_runs_read_from_the_csv_give_the_same_rows(batch: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("runs.csv", "manifest.json"):
        shutil.copy(batch / name, copy)
    assert compare_folders([copy]) == 0
    assert compare_folders([batch]) == 0
    for name in ("comparison.csv", "times.csv", "incidence.csv"):
        assert (copy / name).read_bytes() == (batch / name).read_bytes()


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda text: text.replace('"force_used"', '"force_usd"', 1), r"runs.csv:1: force_used: .* 'force_usd'"),
        (lambda text: text.replace('"replicate",', '"rep",', 1), r"runs.csv:1: replicate: the column is missing"),
        (lambda text: text.replace(",0,0,", ",0,zero,", 1), r"runs.csv:2: replicate: expected a whole number"),
        (lambda text: text + text.splitlines()[1] + "\n", r"runs.csv:14: replicate: a second run"),
        (lambda text: text + "1,2\n", r"runs.csv:14: 2 cells"),
        (lambda text: "", r"runs.csv:1: scenario: the column is missing"),
    ],
)  # fmt: skip
def test_a_file_edited_by_hand_is_refused_with_its_line(
    batch: Path, tmp_path: Path, edit: Callable[[str], str], message: str
) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(batch / "manifest.json", copy)
    (copy / "runs.csv").write_text(edit((batch / "runs.csv").read_text()))
    with pytest.raises(InputError, match=message):
        compare_folders([copy])


def test_a_runs_file_without_its_manifest(batch: Path, tmp_path: Path) -> None:
    shutil.copy(batch / "runs.csv", tmp_path)
    with pytest.raises(InputError, match="manifest.json: is missing; it says the horizon"):
        compare_folders([tmp_path / "runs.csv"])


def test_bootstrap_intervals_on_request(batch: Path) -> None:
    assert compare_folders([batch], interval="bca") == 0
    methods = {row["method"] for row in rows_of(batch, "comparison-bca.csv")}
    assert methods == {"", "bca", "agresti_min"}


def test_points_of_another_sweep_are_no_pairs_whatever_their_numbers(
    batch: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    swept, again = tmp_path / "swept", tmp_path / "again"
    points = ({"a.b": 0.0}, {"a.b": 1.0})
    make_batch(replace(REQUEST, out=swept), [FakeScenario("new", content="hold")], points=points)
    make_batch(
        replace(REQUEST, out=again, replicates=3), [FakeScenario("newer", content="hold")], points=points
    )
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("runs.csv", "manifest.json"):
        shutil.copy(swept / name, copy)
    for other in (swept, copy):  # told by the store, and by the files alone
        capsys.readouterr()
        assert compare_folders([batch, other]) == 0
        told = capsys.readouterr().err
        assert "new: the points of their sweeps differ" in told
        assert "same scenario by content" not in told  # hold, but at other parameters
        rows = [
            row for row in rows_of(batch) if row["scenario"] == "new" and row["outcome"] == "killed_total"
        ]
        assert [(row["pairs"], row["method"]) for row in rows] == [("0", "welch")]
    assert compare_folders([swept, again], "new") == 0
    told = capsys.readouterr().err
    assert "new and newer are the same scenario by content" in told
    assert "newer: the points of a sweep meet the same luck" in told
    pairs = {row["pairs"] for row in rows_of(swept) if row["outcome"] == "killed_total"}
    assert pairs == {"6"}
