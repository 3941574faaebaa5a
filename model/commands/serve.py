"""`run.py serve`: the live model in a browser, on this machine only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from model.commands.loading import load, refuse_late_events
from model.commands.request import HOUSEHOLDS, ROWS, Request, rows_of
from model.commands.terminal import (
    DONE,
    INTERRUPTED,
    TERMINATED,
    Refused,
    Terminated,
    between,
    say,
    stoppable,
)

PORT = 8521
INSTALL = "uv sync --extra dashboard"


def serve(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="Shipped name or TOML file to begin with.")
    ] = "arrest",
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 for any that is free.")] = PORT,
    seed: Annotated[int, typer.Option(help="Seed of all luck.")] = Request.seed,
    days: Annotated[int, typer.Option(help="Days of a run.")] = Request.days,
    households: Annotated[str, typer.Option(metavar=ROWS, help=HOUSEHOLDS)] = str(Request.households),
    parameters: Annotated[str, typer.Option(help="posterior, prior or nominal.")] = Request.parameters,
) -> None:
    """Step through the crisis in a browser: levers, theatre, ladder, series, many runs, files to keep."""
    try:
        code = _serve(
            scenario,
            port,
            Request(seed=seed, days=days, households=rows_of(households), parameters=parameters),
        )
    except Refused as refusal:
        say(f"error: {refusal}")
        code = refusal.code
    raise typer.Exit(code)


def _serve(scenario: str, port: int, request: Request) -> int:
    from model.dashboard.opened import OPENED, titles_of
    from model.dashboard.server import PortTaken, missing, take_port
    from model.dashboard.server import serve as answer
    from model.settings import Settings

    if Path(scenario).is_dir():
        raise Refused(f"{scenario} is a folder; name one scenario")
    request.check()
    between("--port", port, 0, 65535)
    (loaded,), _ = load([scenario])
    refuse_late_events([loaded], request.days)
    lacking = missing()
    if lacking:
        raise Refused(f"the dashboard needs {', '.join(lacking)}; install the extra with: {INSTALL}")
    try:
        listening = take_port(port)
    except PortTaken as taken:
        raise Refused(
            f"port {port} is {taken}; choose another one with --port, or --port 0 for any"
        ) from None
    OPENED.reference, OPENED.settings = scenario, Settings(**request.settings)
    OPENED.titles, OPENED.workers = titles_of(scenario), _workers()
    try:
        with stoppable():
            answer(listening, lambda address: say(f"{address}\nCtrl-C stops it."))
    except KeyboardInterrupt:
        say("stopped")
        return INTERRUPTED
    except Terminated:
        say("stopped")
        return TERMINATED
    finally:
        listening.close()
    return DONE


def _workers() -> int:
    """Processes for replicates: one processor is left to the page."""
    from model.ensemble.engine import default_workers

    return max(1, default_workers() - 1)
