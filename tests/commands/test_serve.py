"""`run.py serve`: what it refuses, and how it says so."""

from __future__ import annotations

import socket

import pytest
from typer.testing import CliRunner, Result

from model.commands import app


def asked(*words: str) -> Result:
    return CliRunner().invoke(app, ["serve", *words])


def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.dashboard.server.NEEDED", ("solara_that_is_not_here",))
    result = asked("--port", "0")
    assert result.exit_code == 2
    assert "uv sync --extra dashboard" in result.stderr and "solara_that_is_not_here" in result.stderr


def test_a_port_in_use_is_refused_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("model.dashboard.server.NEEDED", ())
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = asked("--port", str(port))
    assert result.exit_code == 2
    assert f"port {port} is in use; choose another one with --port" in result.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["arest"], "arrest"),
        (["scenarios"], "folder"),
        (["--port", "70000"], "--port"),
        (["--parameters", "guessed"], "--parameters"),
        (["--days", "0"], "--days"),
        (["punish_after_release", "--days", "1"], "horizon"),
    ],
)
def test_wrong_input_is_refused_in_a_line(words: list[str], said: str) -> None:
    result = asked(*words)
    told = result.stderr + str(result.exception or "")
    assert said in told and "Traceback" not in result.stderr
    assert result.exit_code in (1, 2)  # a scenario that does not load is told by `start`, with 2
