"""The hindcast with each mechanism switched on, from backtests that lie side by side."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from docs.measured import renewed
from docs.skills import FOLDER
from docs.switches import OFF, PAGE, SWITCHES, difference, differing, part
from model.analysis.backtest_files import read_backtest, write_backtest

BACKTEST = FOLDER / "in_sample.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A backtest for each switch: all the same but one, which tells one death toll better."""
    for name in (OFF, *SWITCHES):
        (tmp_path / name).mkdir()
        shutil.copy(BACKTEST, tmp_path / name / "backtest.csv")
    lines = read_backtest(BACKTEST)
    told = next(k for k, line in enumerate(lines) if line.kind == "deaths" and line.score > 0.01)
    lines[told] = replace(lines[told], score=0.0)
    write_backtest(lines, tmp_path / SWITCHES[0], "backtest.csv")
    return tmp_path


def test_a_switch_that_changes_nothing_makes_no_difference(folder: Path) -> None:
    off = read_backtest(folder / OFF / "backtest.csv")
    assert not differing(off, off)
    assert difference(off, off) == (0.0, (0.0, 0.0))
    assert part(folder).count("| none | 0 |") == len(SWITCHES)


def test_a_better_forecast_of_one_episode_is_a_gain_that_may_be_luck(folder: Path) -> None:
    on, off = (read_backtest(folder / name / "backtest.csv") for name in (SWITCHES[0], OFF))
    assert len(differing(on, off)) == 1
    gain, (low, high) = difference(on, off)
    assert low == pytest.approx(0.0) and 0.0 < gain < high


def test_the_page_has_a_place_for_it_and_no_other(folder: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert part(folder) in renewed(text, {"switches": part(folder)})
    with pytest.raises(KeyError, match="no place for nowhere"):
        renewed(text, {"nowhere": ""})
