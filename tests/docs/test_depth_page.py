"""The effects of the mechanisms in depth are written by a command, from a batch of their scenarios."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs import depth
from docs.measured import PLACE, renewed
from model.commands import start
from model.commands.gathering import gather
from model.scenario_chain import SCENARIOS


def test_every_pair_has_a_row_in_both_tables(tmp_path: Path) -> None:
    words = [
        "--replicates",
        "2",
        "--days",
        "6",
        "--households",
        "100",
        "--timeseries",
        "none",
        "--workers",
        "1",
    ]
    with pytest.raises(SystemExit) as end:
        start(["batch", str(SCENARIOS / "depth"), *words, "--out", str(tmp_path / "batch")])
    assert not end.value.code
    observed = gather([tmp_path / "batch"]).observed
    text, found = depth.PAGE.read_text(encoding="utf-8"), depth.parts(observed)
    assert {*found, "switches"} == {match[2] for match in PLACE.finditer(text)}
    assert PLACE.sub("", renewed(text, found)) == PLACE.sub("", text)
    for name, columns in (("effects-politics", depth.POLITICS), ("effects-course", depth.COURSE)):
        rows = found[name].splitlines()[2:]
        assert len(rows) == len(depth.ROWS) and all(row.count("|") == len(columns) + 2 for row in rows)
    shown = {name for _, *pair in depth.ROWS for name in pair}
    assert shown == set(observed), "a scenario of the folder is in no row"
