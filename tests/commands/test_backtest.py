"""`run.py backtest` from the command to the table, with real workers."""

import csv
import json
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
        assert "behind the null random: 4;" in said
    assert texts[0] == texts[1]
    rows = list(csv.DictReader(texts[0].splitlines()))
    package = json.loads((tmp_path / "1" / "datapackage.json").read_text())
    (table,) = package["resources"]
    assert (package["name"], table["path"]) == ("backtest", "backtest.csv")
    assert [field["name"] for field in table["schema"]["fields"]] == list(rows[0])
    assert all(field["description"] for field in table["schema"]["fields"])
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
    assert "holds backtest.csv already" in capsys.readouterr().err


def test_figures_are_drawn_the_same_each_time_and_refused_where_nothing_can_draw(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from xml.etree import ElementTree

    drawn = []
    for name in ("one", "two"):
        command = ["backtest", "philippines_2025", "jordan_2017", "hungary_2025", "--replicates", "2"]
        with pytest.raises(SystemExit) as end:
            start([*command, "--figures", "--workers", "1", "--out", str(tmp_path / name)])
        assert end.value.code == 0
        assert "forecasts.svg, skill.svg" in capsys.readouterr().out
        drawn.append([(tmp_path / name / file).read_bytes() for file in ("forecasts.svg", "skill.svg")])
    assert drawn[0] == drawn[1]
    assert all(ElementTree.fromstring(picture).tag.endswith("svg") for picture in drawn[0])
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SystemExit) as end:
        start(["backtest", "jordan_2017", "--replicates", "2", "--figures", "--out", str(tmp_path / "three")])
    assert end.value.code == 2
    assert "--extra figures" in capsys.readouterr().err
    assert not (tmp_path / "three").exists()


def test_the_random_actor_is_replayed_as_often_as_the_model_up_to_a_bound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("model.commands.backtest.RANDOM_MOST", 3)
    for replicates, behind in ((2, 2), (5, 3)):
        words = ["--replicates", str(replicates), "--workers", "1", "--out", str(tmp_path / str(replicates))]
        with pytest.raises(SystemExit) as end:
            start(["backtest", "jordan_2017", "hungary_2025", *words])
        assert end.value.code == 0
        said = capsys.readouterr()
        assert f"behind the null random: {behind};" in said.out
        assert f"{2 * behind} replays: 2 episodes x {behind}" in said.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--switch", "belief=fixed"], "no switch 'belief=fixed' (nearest valid name: beliefs=fixed)"),
        (["--switch", "combat"], "--switch is one of"),
        (["--switch", "combat"], "\n  combat=lanchester_square, combat=lanchester_linear, combat=none\n"),
        (["--economy", "--switch", "beliefs=fixed"], "a tier of its own"),
        (["--economy", "--icb", "x.csv"], "ask for one"),
        (["--icb", "no_such.csv"], "no_such.csv"),
        (["--scoring", "no_such.csv"], "no_such.csv"),
        (["--parameters", "guess"], "posterior, prior, nominal"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with pytest.raises(SystemExit) as end:
        start(["backtest", *words, "--out", str(tmp_path / "out")])
    assert end.value.code == 2
    assert message in capsys.readouterr().err
