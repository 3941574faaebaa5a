"""`run.py backtest --icb` from the command to the table, on invented actors and with real workers."""

import csv
from pathlib import Path

import pytest

from model.commands import start
from tests.analysis.icb_toys import toy_file

pytestmark = pytest.mark.model


def command(*words: object) -> int:
    with pytest.raises(SystemExit) as end:
        start(["backtest", *map(str, words)])
    return int(end.value.code or 0)


def test_three_actors_are_scored_and_written_the_same_whatever_the_workers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        dict(yrtrig=1935, viol=4, powdis=20),
        dict(yrtrig=1955, crisno=2, outcom=5),
        dict(yrtrig=1958, crisno=3, viol=2, gravty=6, outcom=4),
    ]
    file = toy_file(tmp_path, rows)
    texts = []
    for workers in (1, 2):
        out = tmp_path / f"out{workers}"
        assert command("--icb", file, "--replicates", 2, "--workers", workers, "--out", out) == 0
        texts.append((out / "icb.csv").read_text())
        said = capsys.readouterr().out
        assert "ranked probability score" in said and "1930s" in said and "1950s" in said
        assert "the model's score of violence is" in said
    assert texts[0] == texts[1]
    found = list(csv.DictReader(texts[0].splitlines()))
    assert [row["cracno"] for row in found] == ["1", "2", "3"]
    assert [row["violence"] for row in found] == ["war", "none", "minor"]
    assert [row["outcome"] for row in found] == ["victory", "", "defeat"]
    assert all(
        sum(float(row[f"p_{name}"]) for name in ("none", "minor", "serious", "war")) == pytest.approx(1.0)
        for row in found
    )
    assert {"rps", "rps_base_rate", "rps_random", "brier", "brier_base_rate"} <= set(found[0])
    assert command("--icb", file, "--replicates", 2, "--out", tmp_path / "out1") == 2
    assert "holds icb.csv already" in capsys.readouterr().err


def test_a_wrong_file_ends_with_code_2_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = tmp_path / "icb1.csv"
    wrong.write_text("crisno,crisname\n1,TOY\n")
    assert command("--icb", wrong, "--out", tmp_path / "out") == 2
    assert "icb1.csv:1: gravty: no such column" in capsys.readouterr().err
    assert command("--icb", toy_file(tmp_path, [dict(gravty=9)]), "--out", tmp_path / "out") == 2
    assert "toy.csv:2: gravty: expected a code from 0 to 7, found 9" in capsys.readouterr().err
    assert command("mongolia_2024", "--icb", wrong) == 2
    assert "--icb is a tier of its own" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
