"""`run.py backtest --economy` from the command to the table, with real workers."""

import csv
from pathlib import Path

import pytest

from model.commands import start

pytestmark = pytest.mark.model


def command(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        start(["backtest", "--economy", *arguments])
    return int(end.value.code or 0)


def test_the_years_are_scored_and_written_the_same_whatever_the_workers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = []
    for workers in ("1", "2"):
        out = tmp_path / workers
        assert command("--replicates", "2", "--workers", workers, "--out", str(out)) == 0
        texts.append((out / "economy.csv").read_text())
        said = capsys.readouterr().out
        assert "shocks, World Bank" in said and "Central Bank of Russia" in said
    assert texts[0] == texts[1]
    rows = list(csv.DictReader(texts[0].splitlines()))
    assert {row["kind"] for row in rows} == {"growth", "season", "level"}
    crash = next(row for row in rows if (row["series"], row["period"]) == ("world_bank", "2015"))
    assert float(crash["observed"]) == pytest.approx(0.667, abs=0.001)
    assert 0.55 < float(crash["q50"]) < 0.8
    assert {"score", "score_dressed", "score_null", "score_no_change", "in50", "in90", "doubt"} <= set(crash)
    assert command("--replicates", "2", "--out", str(tmp_path / "1")) == 2
    assert "holds economy.csv already" in capsys.readouterr().err


def test_episodes_are_no_years(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        start(["backtest", "turkey_2015", "--economy"])
    assert end.value.code == 2
    assert "--economy is a tier of its own" in capsys.readouterr().err
