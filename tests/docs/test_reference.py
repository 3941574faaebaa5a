"""The reference result is what the model gives today, and a reader can open it."""

from __future__ import annotations

import csv
import re

from docs.reference import FOLDER, OPTIONS, SCENARIOS, SERIES, made
from model.outcomes import outcomes

MOST_BYTES = 300_000


def test_a_fresh_run_gives_it_to_the_last_byte() -> None:
    fresh = made()
    kept = {
        str(p.relative_to(FOLDER)): p.read_text(encoding="utf-8") for p in FOLDER.rglob("*") if p.is_file()
    }
    assert sorted(kept) == sorted(fresh)
    moved = [name for name in fresh if kept[name] != fresh[name]]
    assert not moved, "if the model was meant to move: uv run python -m docs.reference"


def test_it_is_small_and_names_no_machine() -> None:
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < MOST_BYTES
    for path in files:
        assert not re.search(r"(?:^|[\s\"'(])/(?:home|root|tmp|work)\b", path.read_text(encoding="utf-8")), (
            path
        )


def test_its_tables_are_whole() -> None:
    with (FOLDER / "runs.csv").open(newline="", encoding="utf-8") as lines:
        runs = list(csv.DictReader(lines))
    assert len(runs) == len(SCENARIOS) * int(OPTIONS[OPTIONS.index("--replicates") + 1])
    assert set(outcomes("runs")) < set(runs[0]) and {row["status"] for row in runs} == {"ok"}
    for name in SCENARIOS:
        with (FOLDER / "timeseries" / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        assert len(rows) == 8 * 30 and set(SERIES) < set(rows[0])


def test_its_page_says_how_it_was_made_and_how_small_it_is() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "run.py batch no_arrest arrest pressure_100 --replicates 8" in page
    assert "Too small to conclude anything from" in page and "Not a forecast" in page
