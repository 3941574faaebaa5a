"""The tutorial from its first command to its last, and what it says of the numbers that come out."""

from __future__ import annotations

import re
from pathlib import Path

from docs.blocks import FOLDER
from docs.measured import PLACE, renewed
from docs.tutorial import PAGE, make, parts
from model.analysis.observations import Observed
from tests.docs.workspace import play

OUTCOMES = {"government_fell": False, "killed_total": 0, "poverty_peak": 0.25}


def test_the_tutorial_can_be_followed(tmp_path: Path) -> None:
    assert play(FOLDER / "tutorial.md", tmp_path) > 12
    assert (tmp_path / "results" / "mine" / "legitimacy.svg").stat().st_size > 1000
    assert (tmp_path / "results" / "mine" / "report.html").is_file()
    text = PAGE.read_text(encoding="utf-8")
    found = parts(tmp_path / "results")
    assert set(found) == {match[2] for match in PLACE.finditer(text)}
    small = renewed(text, found)
    assert "With 3 replicates, force is used in" in small and "(3 pairs of runs of 12 days" in small
    assert PLACE.sub("", small) == PLACE.sub("", text) and renewed(small, found) == small


def test_its_numbers_are_made_by_the_batches_that_it_shows(tmp_path: Path, monkeypatch: object) -> None:
    made: list[list[str]] = []
    import docs.tutorial as tutorial

    monkeypatch.setattr(tutorial, "_do", lambda words, said: made.append(words))  # type: ignore[attr-defined]
    make(tmp_path)
    assert [words[words.index("--out") + 1] for words in made] == ["results/first", "results/mine"]
    assert [words[words.index("--replicates") + 1] for words in made] == ["50", "100"]
    assert (tmp_path / "weak_base_formula.toml").is_file()


def observed(name: str, force: list[bool]) -> Observed:
    runs = {(0, number): {"force_used": used, **OUTCOMES} for number, used in enumerate(force)}
    return Observed(name, name, runs, 180, len(force), 0)


def test_what_is_said_follows_the_interval() -> None:
    from docs.tutorial import _finding, _nor_this, _reading

    base, formula = "base_half_strength", "weak_base_formula"
    half = [True, False] * 20
    clear = {base: observed(base, [True] * 36 + [False] * 4), formula: observed(formula, [False] * 40)}
    vague = {base: observed(base, half), formula: observed(formula, [False, *half[1:]])}
    assert "changes how often force is used (-90 points" in _finding(clear)
    assert re.search(
        r"A change in how often the government falls .* could not be told from none", _finding(clear)
    )
    assert "a change in how often force is used" in _finding(vague) and " changes " not in _finding(vague)
    assert "*force* is used less often, as far as 40 pairs" in _reading(clear, (base, formula), "half a base")
    assert "is not settled by 40 pairs" in _reading(vague, (base, formula), "half a base")
    assert _nor_this(vague).startswith("> It is the same")
