"""A browser with the network shut, which notes what it says and asks for, and a dashboard of this machine."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from tests.conftest import browser_path

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

ROOT = Path(__file__).resolve().parents[2]
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
    "--disable-background-networking", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
#: milliseconds that a page may take on a busy machine; no test is about how fast it is
PATIENCE = 120_000
HOSTILE = '<img src="https://example.org/x" onerror="document.title=1"> & <b>bold</b>'


@dataclass
class Watched:
    """A context of the browser, and what its pages complained of and asked for."""

    context: BrowserContext
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def elsewhere(self) -> list[str]:
        """Addresses asked for that are not of this machine."""
        own = ("data", "blob", "file")
        return [
            url for url in self.asked
            if urlsplit(url).scheme not in own and urlsplit(url).hostname != "127.0.0.1"
        ]  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without a window and without a way out."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=browser_path(), args=list(FLAGS))
        yield found
        found.close()


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    """A fresh context whose every message and request is noted."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    noted = Watched(context)
    context.on("request", lambda request: noted.asked.append(request.url))
    context.on("weberror", lambda error: noted.complaints.append(str(error.error)))
    context.on("console", lambda said: noted.complaints.append(said.text) if said.type == "error" else None)

    def listen(page: Any) -> None:
        page.on("websocket", lambda socket: noted.asked.append(socket.url))

    context.on("page", listen)
    yield noted
    context.close()


def heeds_ctrl_c() -> None:
    """Let the server be stopped as from a terminal, also where the tests run as a background job that ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard that begins with a scenario whose title would be markup; Ctrl-C ends it with 130."""
    mine = tmp_path_factory.mktemp("served") / "mine.toml"
    text = f"title = '{HOSTILE}'\nquestion = '{HOSTILE}'\nextends = \"arrest_hold\"\n"
    mine.write_text(text, encoding="utf-8")
    words = [sys.executable, str(ROOT / "run.py"), "serve", str(mine), "--port", "0"]
    server = subprocess.Popen(
        [*words, "--days", "12", "--households", "200"],
        cwd=mine.parent,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heeds_ctrl_c,
    )
    assert server.stderr is not None
    first = server.stderr.readline().strip()
    said: list[str] = []
    listener = threading.Thread(target=lambda: said.extend(server.stderr or ()), daemon=True)
    listener.start()
    assert first.startswith("http://127.0.0.1:"), first
    yield first
    server.send_signal(signal.SIGINT)
    assert server.wait(300) == 130
    listener.join(60)
    server.stderr.close()
    assert "Traceback" not in "".join(said), said
