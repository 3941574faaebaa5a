"""The gate before the dashboard, its port, and what it tells Solara."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import Any

import pytest

from model.dashboard.server import LOOPBACK, Gate, PortTaken, take_port, told_by_environment


def answers(headers: dict[bytes, bytes], kind: str = "http") -> list[dict[str, Any]]:
    """What a page of port 8000 gets."""
    sent: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if kind == "websocket":
            await send({"type": "websocket.accept"})
        else:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"x", b"y")]})
            await send({"type": "http.response.body", "body": b"hello"})

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> None:
        return None

    scope = {"type": kind, "headers": list(headers.items())}
    loaded = threading.Event()
    loaded.set()
    asyncio.run(Gate(app, 8000, loaded)(scope, receive, send))
    return sent


def test_pages_of_the_server_get_in_with_a_policy_that_asks_nobody_else() -> None:
    start, body = answers({b"host": b"127.0.0.1:8000", b"origin": b"http://127.0.0.1:8000"})
    policy = dict(start["headers"])[b"content-security-policy"].decode()
    assert start["status"] == 200 and body["body"] == b"hello" and (b"x", b"y") in start["headers"]
    assert "default-src 'self'" in policy and "ws://127.0.0.1:8000" in policy
    assert "http:" not in policy and "https:" not in policy and "*" not in policy


@pytest.mark.parametrize(
    "headers",
    [
        {b"host": b"evil.example:8000"},
        {b"host": b"127.0.0.1:9000"},
        {b"host": b"127.0.0.1:8000", b"origin": b"http://evil.example"},
        {b"host": b"localhost:8000", b"origin": b"null"},
        {},
    ],
)
def test_nobody_else_gets_in(headers: dict[bytes, bytes]) -> None:
    assert answers(headers)[0]["status"] == 403
    assert answers(headers, "websocket") == [{"type": "websocket.close", "code": 1008}]


def test_a_socket_of_the_page_gets_in() -> None:
    headers = {b"host": b"localhost:8000", b"origin": b"http://localhost:8000"}
    assert answers(headers, "websocket") == [{"type": "websocket.accept"}]


def test_a_port_is_taken_on_loopback_alone_and_only_once() -> None:
    with take_port(0) as first:
        host, port = first.getsockname()
        assert host == LOOPBACK
        with pytest.raises(PortTaken, match="in use"):
            take_port(port)
    with take_port(port) as again, socket.create_connection((LOOPBACK, port), timeout=60):
        assert again.getsockname()[1] == port


def test_solara_is_told_to_ask_nobody() -> None:
    told = told_by_environment("notes")
    assert told["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] == "false"
    assert told["SOLARA_ASSETS_CDN"].startswith("http://127.0.0.1:")
    assert told["SOLARA_HOME"] == "notes"
