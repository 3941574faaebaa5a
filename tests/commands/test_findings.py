"""`run.py findings`: its page says what its tables say, and what each conclusion rests on."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from model.analysis.findings_page import page
from model.analysis.findings_rows import Results
from model.analysis.overview import percent
from model.commands import start
from model.commands.findings import make_findings, read_rows, results_of
from model.commands.request import Request
from model.commands.terminal import Refused
from model.scenario import load_scenario

pytestmark = pytest.mark.model
SHORT = Request(days=6, households=100)
LATER = replace(SHORT, days=8)
CLAIMS = {"posterior": 2, "prior": 1, "structures": 0}
DECISION = {"posterior": 2, "prior": 0, "structures": 0}
CONCLUSIONS = (
    "how it ends", "claims (grade D", "which steps are taken", "what a scenario changes",
    "every ranking of refusing, hosting and arresting", "what refusing costs",
)  # fmt: skip


def made(folder: Path, as_is: bool = False, request: Request = SHORT) -> int:
    return make_findings(folder, 1, as_is, request, LATER.days, CLAIMS, DECISION)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("findings") / "all"
    assert made(found) == 0
    return found


@pytest.fixture(scope="module")
def results(folder: Path) -> Results:
    return results_of(folder, SHORT, LATER)


def banners(text: str) -> list[tuple[str, str, list[str]]]:
    """Grade, conclusion and numbers of each banner."""
    found = re.findall(r"^> \*\*Rests on grade ([A-D]): (.*?)\.\*\* [^:]*: (.*)\.$", text, re.M)
    return [(grade, what, re.findall(r"`([^`]+)`", named)) for grade, what, named in found]


def test_the_page_has_the_numbers_of_the_tables_and_is_the_same_when_made_again(folder: Path) -> None:
    text = (folder / "findings.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (\d)\. (.*)$", text, re.M)
    assert [number for number, _ in headings] == ["1", "2", "3", "4", "5"]
    claims = [row for row in read_rows(folder / "claims" / "claims.csv") if row["parameters"] == "posterior"]
    assert len(claims) >= 15
    for row in claims:
        (line,) = re.findall(rf"^\| {row['claim']} \|.*$", text, re.M)
        cells = line.split(" | ")
        share = "-" if row["holds"] is None else percent(row["holds"])  # in no world was the condition met
        assert (int(cells[2]), cells[3].split(" ")[0]) == (row["worlds"], share)
    for row in read_rows(folder / "decide" / "decision.csv"):
        if row["weights"] == "even":
            (line,) = re.findall(rf"^\| {row['option']} (?:\| [01]\.\d\d ){{9}}.*$", text, re.M)
            assert f"| {row['value']:.3f} |" in line
    assert "6 days, 100 rows of households, seed 1" in text
    assert "Decision: 8 days" in text
    assert "No other rule has been run." in text
    assert "Not whole" not in text
    assert made(folder, as_is=True) == 0
    assert (folder / "findings.md").read_text(encoding="utf-8") == text


def test_every_conclusion_has_a_banner_and_every_banner_is_true(folder: Path, results: Results) -> None:
    found = banners((folder / "findings.md").read_text(encoding="utf-8"))
    for conclusion in CONCLUSIONS:
        assert [what for _, what, _ in found if conclusion in what], conclusion
    numbers = load_scenario("arrest").numbers
    for grade, what, keys in found:
        assert keys, what
        assert {numbers[key].grade for key in keys} == {grade}
    better = replace(results, grades=dict.fromkeys(results.grades, "B"))
    told = banners(page(better))
    assert {grade for grade, _, _ in told} == {
        "B"
    }  # none is said to rest on an assumption that is none any more
    assert len(told) == len(found)


def test_pairing_is_told_of_every_outcome(results: Results) -> None:
    """Also of one that is told by level, which in so few worlds may happen not to vary."""
    own = [row for row in results.compared if row["scenario"] == "arrest_hold"]
    levelled = next(row for row in own if row["level"])
    told = [row | {"variance_reduction": 2.5} if row is levelled else row for row in results.compared]
    text = page(replace(results, compared=told))
    last = text[text.index("## 5.") :]
    varying = {
        (row["outcome"], row["level"])
        for row in told
        if row["scenario"] == "arrest_hold" and row["variance_reduction"] is not None
    }
    assert any(level for _, level in varying)
    for outcome, level in varying:
        name = f"{outcome}: {level}" if level else outcome
        (line,) = re.findall(rf"^\| {name} \|.*$", last, re.M)
        assert re.fullmatch(r"-?[\d.e+-]+", line.split(" | ")[-2]), name


def under_another_rule(results: Results, worlds: int, p: float | None, holm: float | None) -> Results:
    """The same with a rule under which every claim has changed by a half."""
    rows: list[dict[str, Any]] = [
        {**row, "structure": "decision=random", "worlds": worlds, "holds": 0.5, "change": 0.5, "change_low": 0.2,
         "change_high": 0.8, "change_p": p, "change_holm": holm, "flip": None}
        for row in results.claims
        if row["parameters"] == "posterior"
    ]  # fmt: skip
    return replace(results, claims=[*results.claims, *rows])


def test_what_few_worlds_cannot_show_is_said_plainly(results: Results) -> None:
    text = page(under_another_rule(results, 8, 0.0078, 0.2))
    assert "Few worlds stand behind the other rules: at most 8 each." in text
    assert "may still come about in up to 32 % of all" in text
    assert "50% to 50% (8)" in text
    assert "Of 6 cells 6 are bold" in text
    assert "correction over every claim and rule: none (with so few worlds none could" in text
    many = page(under_another_rule(results, 200, 1e-6, 1e-4))
    assert "correction over every claim and rule: `decision=random`." in many
    assert "beyond chance, after Holm's correction over every claim and rule: none." in many
    assert "Few worlds" not in many
    assert "none could" not in many
    assert any(what == "what a rule changes" for _, what, _ in banners(many))


def test_another_seed_is_another_study(folder: Path) -> None:
    with pytest.raises(Refused, match="its seed is 1, not 2"):
        made(folder, request=replace(SHORT, seed=2))


@pytest.mark.parametrize(
    ("words", "message"),
    [(["--as-is", "--out", "nowhere"], "holds no run of"), (["--seed", "-1"], "--seed must be at least 0")],
)
def test_wrong_words_are_refused_without_a_traceback(
    words: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        start(["findings", *words])
    assert end.value.code == 2
    told = capsys.readouterr().err
    assert message in told
    assert "Traceback" not in told
    assert not list(tmp_path.iterdir())
