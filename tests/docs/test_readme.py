"""The numbers of the README are written by a command, from the batches that it shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs import readme
from docs.measured import PLACE, renewed
from model.commands import start
from model.commands.gathering import gather

#: the scenarios whose numbers the page tells
TOLD = sorted(
    set(re.findall(r"(?:runs\[|let_go\()[\"'](\w+)", Path(readme.__file__).read_text(encoding="utf-8")))
)
SMALL = ("--days", "6", "--households", "100", "--timeseries", "none", "--workers", "1")


@pytest.fixture(scope="module")
def batches(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("readme")
    main, prior = folder / "main", folder / "prior"
    for out, words in ((main, [*TOLD, "--replicates", "2"]), (prior, ["arrest", "--replicates", "2"])):
        with pytest.raises(SystemExit) as end:
            start(["batch", *words, *SMALL, "--out", str(out)])
        assert not end.value.code
    return main, prior


def test_every_place_is_written_and_says_what_the_batch_says(
    batches: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readme, "_must_hold", lambda runs: None)
    monkeypatch.setattr(readme, "TIMELINE", (*readme.TIMELINE, "--days", "6", "--households", "100"))
    text, found = readme.PAGE.read_text(encoding="utf-8"), readme.parts(*batches)
    assert set(found) == {match[2] for match in PLACE.finditer(text)}
    assert PLACE.sub("", renewed(text, found)) == PLACE.sub("", text)
    force = gather([batches[0]]).observed["arrest"].values("force_used")
    assert f"is used in {100 * sum(map(bool, force)) / 2:.0f} %" in found["arrest"]
    assert "the Tajik government: arrest the guest" in found["timeline"]
    assert found["summary"].count('"arrest","end_state"') > 5


def test_a_sentence_that_no_longer_holds_stops_the_command(
    batches: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readme, "_counted", lambda observed, outcome, level=None: (3, 3))
    with pytest.raises(ValueError, match="README says that force is not certain, and this batch does not"):
        readme.parts(*batches)
