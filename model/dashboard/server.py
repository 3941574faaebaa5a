"""The server of the dashboard: Solara on loopback, closed to everything else, from start to Ctrl-C.

Solara is told by the environment, before it is loaded, that all its files lie here (`solara-assets`), to send no
telemetry, and to keep its own notes out of the user's home.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import tempfile
import threading
import warnings
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

LOOPBACK = "127.0.0.1"
NEEDED = ("solara", "solara_assets", "ipyvuetify", "uvicorn", "starlette")
#: seconds that open pages are given to close
GRACE = 2

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class PortTaken(Exception):
    """The port is in use, or may not be used; the message says why."""


def missing() -> list[str]:
    """Packages of the extra `dashboard` that are not installed."""
    from importlib.util import find_spec

    return [name for name in NEEDED if find_spec(name) is None]


def take_port(port: int) -> socket.socket:
    """A socket that listens at a port of loopback (0: any that is free). Raises PortTaken."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":  # a port just left by another server may be taken at once
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((LOOPBACK, port))
        listening.listen(64)
    except OSError as problem:
        listening.close()
        taken = problem.errno == errno.EADDRINUSE
        raise PortTaken("in use" if taken else str(problem.strerror).lower()) from None
    return listening


class Gate:
    """Lets only this machine's own pages in: the Host and the Origin are loopback, or there is no answer.

    Else a page from elsewhere could drive the dashboard through the reader's browser. Every answer carries a policy
    by which the browser itself asks nobody but this server. loaded: pages come to life once it is set.
    """

    def __init__(self, app: Any, port: int, loaded: threading.Event) -> None:
        self.app, self.loaded = app, loaded
        self.hosts = {f"{name}:{port}" for name in (LOOPBACK, "localhost")}
        self.origins = {f"http://{host}" for host in self.hosts}
        own = " ".join(f"ws://{host}" for host in sorted(self.hosts))
        # Solara compiles its templates in the browser, hence eval and inline scripts; all of them are local.
        self.policy = (
            "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
            f"img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' {own} blob: data:; "
            "object-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse, one request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        origin = headers.get(b"origin")
        if headers.get(b"host") not in self.hosts or (origin is not None and origin not in self.origins):
            await self._refuse(scope, send)
            return
        if scope["type"] == "websocket":
            await asyncio.to_thread(self.loaded.wait)
        await self.app(scope, receive, self._with_policy(send))

    async def _refuse(self, scope: Scope, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        await send(
            {"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]}
        )
        await send({"type": "http.response.body", "body": b"only for pages of this server\n"})

    def _with_policy(self, send: Send) -> Send:
        async def sent(message: Any) -> None:
            if message["type"] == "http.response.start":
                own = [
                    (b"content-security-policy", self.policy.encode()),
                    (b"referrer-policy", b"no-referrer"),
                ]
                message = {**message, "headers": [*message.get("headers", ()), *own]}
            await send(message)

        return sent


def told_by_environment(notes: str) -> dict[str, str]:
    """What Solara reads when it is loaded. notes: folder in which it may write."""
    return {
        "SOLARA_APP": "model.dashboard.page",
        "SOLARA_HOME": notes,
        "SOLARA_MODE": "production",
        "SOLARA_ASSETS_PROXY": "true",  # from the folder that solara-assets fills; what it lacks, nobody has
        "SOLARA_ASSETS_CDN": f"http://{LOOPBACK}:0/",
        "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
        "SOLARA_TELEMETRY_SERVER_USER_ID": "none",
        "SOLARA_TELEMETRY_SERVER_FINGERPRINT": "none",
        "SOLARA_THEME_SHOW_BANNER": "false",
        "SOLARA_THEME_LOADER": "plain",
        "SOLARA_THEME_TITLE": "Escalation, step by step",
        "SOLARA_KERNEL_CULL_TIMEOUT": "30s",
    }


def serve(listening: socket.socket, on_ready: Callable[[str], None]) -> None:
    """Answer at a socket until the process is interrupted; `on_ready` is told the address once it answers."""
    with tempfile.TemporaryDirectory() as notes:
        os.environ |= told_by_environment(notes)
        # Solara would like to be embedded elsewhere; that it cannot be is meant.
        warnings.filterwarnings("ignore", "Cookies with samesite=none", UserWarning)
        import uvicorn
        from solara.server import app as solara_app
        from solara.server.starlette import app

        port, loaded = listening.getsockname()[1], threading.Event()
        config = uvicorn.Config(
            Gate(app, port, loaded),
            log_level="error",
            lifespan="on",
            timeout_graceful_shutdown=GRACE,
            ws_max_size=2**26,
        )

        class Server(uvicorn.Server):
            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                on_ready(f"http://{LOOPBACK}:{port}/")

        server = Server(config)
        threading.Thread(target=_warm_up, args=(loaded,), daemon=True).start()
        try:
            server.run(sockets=[listening])
        finally:
            for script in list(solara_app.apps.values()):
                script.close()


def _warm_up(loaded: threading.Event) -> None:
    """Load what the page needs, then the model, so that the first step does not wait for it.

    pandas has to be there whole before a page comes to life: Reacton looks at it as soon as its import has begun.
    """
    try:
        import pandas  # noqa: F401
    finally:
        loaded.set()
    import model.simulation  # noqa: F401
