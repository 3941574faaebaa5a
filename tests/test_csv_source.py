"""Tables of the model that somebody damaged: what is wrong is said once, by file, line and column, before any run."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import model.actions
import model.outcomes
import model.parameters
from model.commands import start

#: the first column: its key, and the number of the first two draws
KEY, FIRST, SECOND = (
    line.split(",")[0].strip('"')
    for line in model.parameters.POSTERIOR.read_text(encoding="utf-8").splitlines()[:3]
)
CACHES = (model.actions._table, model.actions.actions_of, model.outcomes._table, model.parameters.posterior)
HOMES = {
    "actions.csv": (model.actions, "TABLE"),
    "outcomes.csv": (model.outcomes, "TABLE"),
    "posterior.csv": (model.parameters, "POSTERIOR"),
}


@pytest.fixture
def damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Damage a copy of a table: on one line (from 1) put other text for some text, or cut the file after it."""

    def damage(name: str, line: int, old: str, new: str | None) -> None:
        home, attribute = HOMES[name]
        copy = Path(shutil.copy(getattr(home, attribute), tmp_path / name))
        lines = copy.read_text(encoding="utf-8").splitlines()
        assert old in lines[line - 1]
        lines[line - 1] = lines[line - 1].replace(old, new or "", 1)
        copy.write_text("\n".join(lines if new is not None else lines[: line - 1]) + "\n", encoding="utf-8")
        monkeypatch.setattr(home, attribute, copy)
        for cached in CACHES:
            cached.cache_clear()

    yield damage
    monkeypatch.undo()
    for cached in CACHES:
        cached.cache_clear()


@pytest.mark.parametrize(
    ("line", "old", "new", "expected"),
    [
        (3, SECOND, "o.68", f"posterior.csv:3: {KEY}: expected a number, found 'o.68'"),
        (2, FIRST, "nan", "expected a number, found 'nan'"),
        (2, FIRST, "", f"posterior.csv:2: {KEY}: expected a number, found ''"),
        (2, FIRST, "7.5", f"posterior.csv:2: {KEY}: expected within"),
        (2, f"{FIRST},", "", "posterior.csv:2: expected"),
        (1, "coercer.agency_level", "coercer.agency_levl", "(nearest valid name: coercer.agency_level)"),
        (1, '"coercer.agency_level"', '"coercer.news_factor"', "coercer.news_factor: stands in the header twice"),
        (2, "", None, "posterior.csv:1: has a header and no rows"),
        (1, "", None, "posterior.csv"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "command", [["batch", "no_arrest"], ["run", "no_arrest"], ["backtest", "hungary_2025"]]
)
def test_a_damaged_posterior_is_refused_once_and_before_the_first_run(
    line: int, old: str, new: str | None, expected: str, command: list[str], damaged: Callable[..., None],
    capsys: pytest.CaptureFixture[str], tmp_path: Path,
) -> None:  # fmt: skip
    damaged("posterior.csv", line, old, new)
    words = [] if command[0] == "run" else ["--replicates", "2", "--out", str(tmp_path / "out")]
    with pytest.raises(SystemExit) as end:
        start([*command, *words])
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert expected in said
    assert said.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_damaged_posterior_is_no_matter_for_those_who_do_not_draw_from_it(
    damaged: Callable[..., None],
) -> None:
    from model.commands.loading import refuse_damaged_posterior

    damaged("posterior.csv", 2, FIRST, "x")
    refuse_damaged_posterior("prior")


@pytest.mark.parametrize(
    ("command", "line", "old", "new", "expected"),
    [
        ("actions", 1, "goldstein", "golstein", "actions.csv:1: golstein: unknown column (nearest"),
        ("actions", 1, "label,", "", "actions.csv:2: expected 16 cells as in the header, found 17"),
        ("actions", 2, "status_quo", "status-quo", "actions.csv:2: class: expected one of"),
        ("actions", 2, "true", "yes", "actions.csv:2: reversible: expected true or false, found 'yes'"),
        ("actions", 2, "0.0", "0,0", "actions.csv:2: expected 17 cells"),
        ("actions", 3, "demand_release", "wait", "actions.csv:3: action: wait stands in two rows"),
        ("outcomes", 1, "reduction", "reducton", "outcomes.csv:1: reduction: missing; it is a column of this table"),
        ("outcomes", 2, "category", "categorie", "outcomes.csv:2: type: expected one of"),
        ("outcomes", 2, "runs", "run", "(nearest valid name: runs)"),
    ],
)  # fmt: skip
def test_a_damaged_register_is_refused_in_words(
    command: str, line: int, old: str, new: str, expected: str, damaged: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    damaged(f"{command}.csv", line, old, new)
    with pytest.raises(SystemExit) as end:
        start([command])
    assert end.value.code == 2
    assert expected in capsys.readouterr().err
