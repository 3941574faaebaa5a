"""`run.py backtest` from the command to the table, with real workers."""

import csv
from pathlib import Path

import pytest

from model.commands import start

pytestmark = pytest.mark.model


def test_two_episodes_are_scored_and_written_the_same_whatever_the_workers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = []
    for workers in ("1", "2"):
        out = tmp_path / workers
        with pytest.raises(SystemExit) as end:
            start(
                [
                    "backtest",
                    "mongolia_2024",
                    "philippines_2025",
                    "--replicates",
                    "4",
                    "--workers",
                    workers,
                    "--out",
                    str(out),
                ]
            )
        assert end.value.code == 0
        texts.append((out / "backtest.csv").read_text())
        said = capsys.readouterr().out
        assert "skill by kind" in said and "mongolia_2024" in said
    assert texts[0] == texts[1]
    rows = list(csv.DictReader(texts[0].splitlines()))
    assert {row["episode"] for row in rows} == {"mongolia_2024", "philippines_2025"}
    first = rows[0]
    assert {
        "observed",
        "q05",
        "q95",
        "probability",
        "score",
        "score_base_rate",
        "skill_random",
        "in90",
    } <= set(first)
    with pytest.raises(SystemExit) as end:
        start(["backtest", "mongolia_2024", "--replicates", "2", "--out", str(tmp_path / "1")])
    assert end.value.code == 2
    assert "holds a backtest already" in capsys.readouterr().err
