"""A sweep as a batch: its points are run, priced, written one by one, and repeated by the command of a row."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from model.commands import start
from model.commands.batch import make_batch
from model.commands.cost import Forecast, duration
from model.commands.loading import sweep_points
from model.commands.terminal import Refused
from model.scenario import load_scenario
from tests.commands.test_batch import REQUEST, SCENARIOS
from tests.ensemble.fake_simulation import FakeScenario

POINTS = ({"a.b": 0.0}, {"a.b": 0.25}, {"a.b": 1.0})


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def test_a_sweep_is_priced_run_and_written_by_point(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sweep"
    assert make_batch(replace(REQUEST, out=out), SCENARIOS, points=POINTS) == 0
    told = capsys.readouterr()
    assert "24 runs: 2 scenarios x 3 points x 4" in told.err
    assert "for 24 runs, by the first few" in told.err
    assert "arrest by point: a.b" in told.out
    assert max(map(len, told.out.splitlines()[:-1])) <= 100
    runs, points = rows(out / "runs.csv"), rows(out / "points.csv")
    assert [(r["scenario"], r["point"], r["replicate"]) for r in runs[:5]] == [
        ("arrest", "0", "0"), ("arrest", "0", "1"), ("arrest", "0", "2"), ("arrest", "0", "3"), ("arrest", "1", "0")
    ]  # fmt: skip
    for point, fixed in enumerate(POINTS):
        own = [r for r in runs if (r["scenario"], r["point"]) == ("arrest", str(point))]
        row = next(
            r for r in points
            if (r["scenario"], r["point"], r["outcome"]) == ("arrest", str(point), "killed_total")
        )  # fmt: skip
        assert float(row["a.b"]) == fixed["a.b"]
        assert int(row["n"]) == 4
        assert float(row["mean"]) == pytest.approx(sum(float(r["killed_total"]) for r in own) / 4)


def test_a_resumed_sweep_has_the_same_bytes_and_other_points_are_another_batch(tmp_path: Path) -> None:
    whole, again = tmp_path / "whole", tmp_path / "again"
    for out in (whole, again):
        make_batch(replace(REQUEST, out=out), SCENARIOS, points=POINTS)
    assert make_batch(replace(REQUEST, out=again, resume=True), SCENARIOS, points=POINTS) == 0
    assert (again / "points.csv").read_bytes() == (whole / "points.csv").read_bytes()
    with pytest.raises(Refused, match="its points of parameters are others"):
        make_batch(replace(REQUEST, out=again, resume=True), SCENARIOS, points=POINTS[:2])


def test_a_failed_run_of_a_point_is_repeated_with_its_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sweep"
    assert make_batch(replace(REQUEST, out=out), [FakeScenario("bad", "raises")], points=POINTS) == 3
    assert (
        "run.py run bad --replicate 1 --seed 1 --days 20 --households 100 --parameters posterior --set a.b=0.25"
        in (capsys.readouterr().err)
    )


def test_scenarios_share_the_points_of_one_sweep(write_toy: Callable[..., Path]) -> None:
    plain = load_scenario(write_toy("plain"))
    one = load_scenario(write_toy("one", '[sweep.grid]\n"ruler.legitimacy" = [0.1, 0.2]'))
    two = load_scenario(write_toy("two", '[sweep.grid]\n"ruler.legitimacy" = [0.1, 0.3]'))
    assert sweep_points([plain]) == ({},)
    assert sweep_points([plain, one]) == ({"ruler.legitimacy": 0.1}, {"ruler.legitimacy": 0.2})
    with pytest.raises(Refused, match="one and two have different sweeps"):
        sweep_points([one, plain, two])
    with pytest.raises(Refused, match="arrest has no number ruler.legitimacy"):
        sweep_points([one, load_scenario("arrest")])


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        start(["run", "arrest", "--days", "3", "--households", "200", "--parameters", "nominal", *arguments])
    assert isinstance(end.value.code, int)
    return end.value.code


@pytest.mark.model
def test_a_number_can_be_set_for_one_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json", "--set", "kremlin.shield=0.125") == 0
    assert '"kremlin.shield": 0.125' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("kremlin.sheild=0.1", "nearest valid name: kremlin.shield"),
        ("kremlin.shield", "expected kremlin.shield=NUMBER"),
        ("kremlin.shield=much", "expected kremlin.shield=NUMBER"),
        ("kremlin.shield=nan", "expected a finite number"),
    ],
)
def test_a_wrong_setting_is_refused(word: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--set", word) == 2
    assert told in capsys.readouterr().err


def test_durations_read_as_people_say_them() -> None:
    assert [duration(s) for s in (0.2, 59.6, 120, 3600, 9000)] == [
        "1 s",
        "60 s",
        "2 min",
        "60 min",
        "2 h 30 min",
    ]


def test_a_forecast_is_told_once_and_only_where_there_is_much_to_come() -> None:
    told = [Forecast(14, 2).note() for _ in range(14)]
    assert told == [None] * 14
    forecast = Forecast(1000, 2, later=50)
    said = [forecast.note() for _ in range(1000)]
    assert [n for n, text in enumerate(said) if text] == [6]
    assert said[6] == "about 1 s for 1,000 runs and at most 50 that follow, by the first few"
