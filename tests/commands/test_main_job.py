"""The main job, which `run.py` does without a command, writes its page."""

from __future__ import annotations

from typing import Any

import pytest

import model.commands.batch as batch
from model.commands import start


def test_without_a_command_all_scenarios_are_run_and_shown_on_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(batch, "make_batch", lambda request, *_, **__: asked.append(request) or 0)
    with pytest.raises(SystemExit) as end:
        start([])
    assert not end.value.code
    assert [request.report for request in asked] == [True]
