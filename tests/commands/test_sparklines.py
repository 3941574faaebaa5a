from __future__ import annotations

import numpy as np
import pytest

from model.commands import sparklines as module
from model.commands.sparklines import BLOCKS, PLAIN, spark, sparklines


@pytest.fixture(autouse=True)
def blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_shows_blocks", lambda: True)


def test_a_rise_goes_from_the_lowest_block_to_the_highest() -> None:
    assert spark(range(8)) == BLOCKS
    assert spark(range(800), 8)[0] == BLOCKS[0] and spark(range(800), 8)[-1] == BLOCKS[-1]


def test_where_nothing_moves_nothing_stands_out() -> None:
    assert spark([0.0] * 5) == BLOCKS[0] * 5
    assert spark([0.3] * 5) == BLOCKS[4] * 5  # not as if it were nought


def test_a_terminal_without_blocks_gets_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_shows_blocks", lambda: False)
    assert spark(range(8)) == PLAIN


def test_only_series_that_the_run_has_are_told() -> None:
    lines = list(sparklines({"army_strength": np.array([1.0, 0.5, 0.0])}))
    assert len(lines) == 1 and lines[0].startswith("army under command") and lines[0].endswith(" 1")
