"""The claims and the options on the page: from the runs of the batch itself, or from folders that are named."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from model.analysis.decision import OPTIONS
from model.commands import start
from model.report.studies import CLAIMS, DECISION, HINDCAST, SENSITIVITY, studies
from model.report.weighing import WAYS, best_options, claims_table, options_table
from model.toml_source import InputError

SIZE = ["--days", "6", "--households", "100", "--workers", "1"]


def done(*words: str) -> int:
    with pytest.raises(SystemExit) as end:
        start(list(words))
    return int(end.value.code or 0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch with every option of the government."""
    where = tmp_path_factory.mktemp("studies") / "batch"
    assert (
        done("batch", *dict.fromkeys(OPTIONS.values()), "--replicates", "4", *SIZE, "--out", str(where)) == 0
    )
    return where


def page(folder: Path, out: Path, *words: str) -> str:
    assert done("report", str(folder), "--out", str(out / "page.html"), *words) == 0
    return (out / "page.html").read_text(encoding="utf-8")


def section(text: str, name: str) -> str:
    found = re.search(rf'<section id="{name}">(.*?)</section>', text, re.S)
    assert found is not None
    return found[1]


def test_the_claims_of_a_batch_are_counted_in_its_own_runs(folder: Path) -> None:
    rows = studies(folder)[CLAIMS].table.set_index("claim")
    runs = pd.read_csv(folder / "runs.csv")
    force = runs.loc[runs["scenario"] == "arrest", "force_used"]
    assert rows.loc["arrest_means_force", "holds"] == pytest.approx(force.mean())
    assert rows.loc["arrest_means_force", "worlds"] == len(force) == 4
    assert "limited_pressure_paralyses" not in rows.index  # no scenario of the batch tests it
    assert set(rows["scenario"]) <= set(runs["scenario"])


def test_the_options_of_a_batch_are_weighed_in_its_own_runs(folder: Path) -> None:
    table = options_table(studies(folder)[DECISION].table).set_index("option")
    runs = pd.read_csv(folder / "runs.csv").groupby("scenario")["compliance_with_law"].mean()
    assert list(table.index) == list(OPTIONS)
    assert table.loc["refuse", "Law alone"] == pytest.approx(runs["refuse_visit"])
    assert best_options(studies(folder)[DECISION].table)["Law alone"].startswith("refuse")


def test_options_that_share_the_highest_value_are_all_named() -> None:
    rows = [
        {"parameters": "posterior", "structure": "own", "weights": way, "option": option, "value": value}
        for way in WAYS
        for option, value in (("host", 1.0), ("arrest_hold", 0.5), ("refuse", 1.0))
    ]
    assert set(best_options(pd.DataFrame(rows)).values()) == {"host and refuse"}


def test_the_page_shows_both_without_being_asked(folder: Path, tmp_path: Path) -> None:
    text = page(folder, tmp_path)
    assert "<svg" in section(text, "claims") and "direct clash with" in section(text, "claims")
    assert "the runs of this batch, 6 days each" in section(text, "claims")
    assert "<svg" in section(text, "options") and "Highest in the mean" in section(text, "options")
    assert "--with" in section(text, "sensitivity") and "--with" in section(text, "hindcast")


def test_the_command_line_takes_every_command_on_the_page(tmp_path: Path, folder: Path) -> None:
    from typer.main import get_command

    from model.commands import app

    group: Any = get_command(app)
    text = page(folder, tmp_path)
    said = re.findall(r"<code>run\.py (.*?)</code>", text)
    assert len(said) > 4
    for name, *words in map(shlex.split, said):
        group.get_command(None, name).make_context(name, words)  # raises for what it does not take


def test_a_named_study_goes_before_the_runs_of_the_batch(folder: Path, tmp_path: Path) -> None:
    study = tmp_path / "findings"
    (study / "claims").mkdir(parents=True)
    rows = studies(folder)[CLAIMS].table
    first = rows.iloc[:1].assign(holds=0.123, low=0.11, high=0.13, text="A claim <i>of its own</i>.")
    other = first.assign(structure="decision=rule", holds=0.5)
    prior = first.assign(parameters="prior", holds=0.9)
    pd.concat([first, other, prior]).to_csv(study / "claims" / "claims.csv", index=False)
    shown = section(page(folder, tmp_path, "--with", str(study)), "claims")
    assert "12% (11-13)" in shown and "50%-50%" in shown and "90% (11-13)" in shown
    assert "A claim &lt;i&gt;of its own" in shown and "direct clash" not in shown
    assert "claims.csv of the folder findings" in shown


def test_sensitivity_and_hindcast_come_from_named_folders(folder: Path, tmp_path: Path) -> None:
    for name, row in (
        (
            SENSITIVITY,
            {"outcome": "force_used", "rank": 1, "key": "kremlin.shield", "grade": "D", "mu_star": 0.25},
        ),
        (
            HINDCAST,
            {"episode": "prague", "outcome": "force", "observed": 1, "score": 0.1, "score_base_rate": 0.3}
            | {"skill_base_rate": 0.67},
        ),
    ):
        (tmp_path / name).mkdir()
        pd.DataFrame([row]).to_csv(tmp_path / name / name, index=False)
    text = page(folder, tmp_path, "--with", str(tmp_path / SENSITIVITY), "--with", str(tmp_path / HINDCAST))
    assert "kremlin.shield" in section(text, "sensitivity")
    assert "prague" in section(text, "hindcast") and "0.10, against 0.30" in section(text, "hindcast")


def test_a_folder_without_any_study_is_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert done("report", str(folder), "--with", str(tmp_path)) == 2
    assert "expected a folder that claims, decide" in capsys.readouterr().err
    (tmp_path / CLAIMS).write_text('"claim"\n"a"\n', encoding="utf-8")
    with pytest.raises(InputError, match="lacks the columns text"):
        studies(folder, [tmp_path])


def test_without_its_store_a_batch_says_what_it_lacks(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("batch.sqlite"))
    assert studies(copy) == {}
    assert "run.py claims --out" in section(page(copy, tmp_path), "claims")


def test_an_answer_that_no_world_gives_is_left_empty() -> None:
    row = {
        "claim": "c", "text": "t", "scenario": "arrest", "parameters": "nominal", "structure": "own", "worlds": 0,
        "holds": None, "low": None, "high": None, "grade": "D", "story": None,
    }  # fmt: skip
    table = claims_table(pd.DataFrame([row]))
    assert table.loc[0, "verdict"] == "No world tells." and "holds" not in table
