"""Every benchmark runs, at its smallest size; how fast is no matter here."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.__main__ import BENCHMARKS, measure
from benchmarks.command_line import RUN, Failed, timed
from benchmarks.effort import Effort
from benchmarks.layers import LAYERS, OTHER, clocked
from benchmarks.measurement import exponent, interleaved, measured, ratios, skipped
from benchmarks.table import COLUMNS, print_table, write_csv
from benchmarks.targets import TARGETS, Target
from model.settings import Settings
from model.simulation import EscalationModel


@pytest.mark.parametrize("name", BENCHMARKS)
def test_it_runs(name: str) -> None:
    lines = measure(name, Effort.TINY)
    assert lines
    cases = [line.case for line in lines]
    assert len(set(cases)) == len(cases)
    for line in lines:
        assert line.benchmark == name
        if line.median is None:
            assert line.note.startswith("skipped: ")
        else:
            assert line.low <= line.median <= line.high
            assert math.isfinite(line.median)


def test_a_command_that_fails_says_why() -> None:
    with pytest.raises(Failed, match="exit code 2"):
        timed(RUN, "validate", "nonsense")


def test_every_target_is_of_a_benchmark() -> None:
    assert {name for name, _ in TARGETS} <= set(BENCHMARKS)


def test_a_target_is_met_from_the_better_side() -> None:
    less, more = Target(3.0, 2.0), Target(300.0, 400.0, more=True)
    assert [less.met(value) for value in (1.0, 2.5, 4.0)] == ["aim", "must", "no"]
    assert [more.met(value) for value in (500.0, 300.0, 100.0)] == ["aim", "must", "no"]
    assert Target(3.0, None).met(1.0) == "must"


def test_works_are_done_in_turns() -> None:
    done: list[str] = []
    times = interleaved({"a": lambda: done.append("a"), "b": lambda: done.append("b")}, 3)
    assert done == list("ababab")
    assert [len(own) for own in times.values()] == [3, 3]


def test_ratios_are_of_the_same_round() -> None:
    assert ratios([2.0, 9.0], [1.0, 3.0]) == [2.0, 3.0]


def test_the_exponent_of_a_power_is_its_power() -> None:
    sizes = [10.0, 100.0, 1000.0]
    assert exponent(sizes, [3.0 * size**1.2 for size in sizes]) == pytest.approx(1.2)


def test_the_layers_are_all_of_the_time_and_leave_the_model_as_it_was() -> None:
    before = EscalationModel.__init__
    settings = Settings(days=8, households=200)
    with clocked() as clock:
        EscalationModel("arrest", settings=settings).run().result()
    assert EscalationModel.__init__ is before
    assert list(clock.spent) == [*LAYERS, OTHER]
    assert all(spent > 0.0 for spent in clock.spent.values())


def test_the_table_and_the_csv_hold_every_line(tmp_path: Path) -> None:
    lines = [
        measured("startup", "run.py --help", "s", [0.1, 0.2, 0.4]),
        measured("batch", "2 workers", "runs/s", [1234.5]),
        skipped("kernel", "plain Mesa, 10 rows", "too many"),
    ]
    console = Console(record=True, width=160)
    print_table(lines, console)
    text = console.export_text()
    assert "run.py --help" in text
    assert "1,234" in text
    assert "skipped: too many" in text
    write_csv(lines, tmp_path / "results.csv")
    rows = list(csv.DictReader((tmp_path / "results.csv").read_text(encoding="utf-8").splitlines()))
    assert tuple(rows[0]) == COLUMNS
    assert [row["met"] for row in rows] == ["aim", "aim", ""]
    assert rows[0]["median"] == "0.2"
    assert rows[2]["median"] == ""
