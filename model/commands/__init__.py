"""The command line: a table of commands, each imported when it is called and not before."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup

from model.commands.terminal import speak_any_letter
from model.ensemble.faults import EngineLost, EngineUnusable, StoreError
from model.toml_source import InputError, nearest


class Entry(NamedTuple):
    """A command: its heading in the help, its module and function, and what it does in a line."""

    group: str
    module: str
    function: str
    help: str


BATCHES, SHOW, LOOK, FILES = "Run", "Show", "What stands behind it", "Files"
#: Name of a command -> where its function is. A command is offered once its module exists.
COMMANDS = {
    "batch": Entry(BATCHES, "batch", "batch", "Run scenarios many times and write the results as CSV."),
    "run": Entry(BATCHES, "run", "run", "Run one scenario once and tell it as a timeline."),
    "compare": Entry(
        BATCHES, "compare", "compare", "Compare the scenarios of finished batches with a baseline."
    ),
    "claims": Entry(BATCHES, "claims", "claims", "Say in how many worlds the claims of the commentary hold."),
    "decide": Entry(
        BATCHES, "decide", "decide", "Weigh the government's options by its stakes over two years."
    ),
    "findings": Entry(
        BATCHES, "findings", "findings", "Answer the three questions: claims, comparison, decision."
    ),
    "replicates": Entry(
        BATCHES, "replicates", "replicates", "Say how many replicates are enough for a batch's outcomes."
    ),
    "collect": Entry(BATCHES, "collect", "collect", "Put the shards of a batch together."),
    "verify": Entry(BATCHES, "verify", "verify", "Check the files of a batch and repeat a few of its runs."),
    "export": Entry(
        BATCHES,
        "export",
        "export",
        "Hand a batch to the EMA Workbench, xarray (NetCDF) or anything that reads Parquet.",
    ),
    "backtest": Entry(BATCHES, "backtest", "backtest", "Replay historical episodes and score the forecasts."),
    "calibrate": Entry(
        BATCHES, "calibrate", "calibrate", "Weigh parameter sets by how well they replay history."
    ),
    "report": Entry(SHOW, "report", "report", "Show a batch on one page that opens anywhere."),
    "figures": Entry(SHOW, "figures", "figures", "Write the figures of the report as SVG, PDF and PNG."),
    "serve": Entry(SHOW, "serve", "serve", "Step through a crisis in a browser, on this machine only."),
    "sensitivity": Entry(
        BATCHES,
        "sensitivity",
        "sensitivity",
        "Rank the numbers by what the outcomes of a scenario owe to them.",
    ),
    "discover": Entry(
        BATCHES,
        "discover",
        "discover",
        "Find the conditions under which an outcome comes about, and what flips it.",
    ),
    "scenarios": Entry(LOOK, "scenarios", "scenarios", "List the shipped scenarios and their questions."),
    "parameters": Entry(LOOK, "parameters", "parameters", "List numbers with unit, range, grade and source."),
    "actions": Entry(LOOK, "actions", "actions", "List the acts of a crisis with their codes."),
    "outcomes": Entry(LOOK, "outcomes", "outcomes", "List the outcomes and series of the results."),
    "validate": Entry(
        FILES, "validate", "validate", "Check scenario, case and episode files without running them."
    ),
    "schema": Entry(FILES, "schema", "schema", "Print the JSON Schema of scenario or case files."),
}
FOLDER = Path(__file__).parent


def offered() -> dict[str, Entry]:
    """The commands whose modules exist, in the order of the help."""
    return {name: entry for name, entry in COMMANDS.items() if (FOLDER / f"{entry.module}.py").is_file()}


def function(entry: Entry) -> Callable[..., Any]:
    """The function behind a command, imported now."""
    found: Callable[..., Any] = getattr(import_module(f"model.commands.{entry.module}"), entry.function)
    return found


class Commands(TyperGroup):
    """The group of all commands, which imports one only to call it."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order of the help."""
        return list(offered())

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name, imported now; None for another name."""
        entry = offered().get(cmd_name)
        if entry is None:
            return None
        app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        app.command(cmd_name)(function(entry))
        return typer.main.get_command(app)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that the arguments name; a usage error with the nearest name for an unknown one."""
        if args and args[0] not in offered():
            if _is_scenario(args[0]):
                ctx.fail(f"{args[0]!r} is a scenario, not a command: `run {args[0]}` or `batch {args[0]}`")
            hint = nearest(args[0], offered())
            ctx.fail(f"no command {args[0]!r}" + (f" (nearest valid name: {hint})" if hint else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """The commands under their headings."""
        for group in dict.fromkeys(entry.group for entry in offered().values()):
            with formatter.section(group):
                formatter.write_dl([(name, e.help) for name, e in offered().items() if e.group == group])


def _is_scenario(word: str) -> bool:
    from model.scenario_chain import shipped

    return word.endswith(".toml") or word in shipped()


app = typer.Typer(
    cls=Commands,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(no_args_is_help=False)
def main(ctx: typer.Context) -> None:
    """Simulate a coercive crisis after an arrest that did not happen: exploratory, not a forecast.

    Without a command: a batch of the shipped scenarios, their table, comparison.csv of how they differ, and a page.
    """
    if ctx.invoked_subcommand is None:
        from model.commands.batch import main_job

        main_job()


def start(arguments: Sequence[str] | None = None) -> None:
    """Do what the arguments say and leave with its exit code; 2 and no traceback for a user's mistake."""
    speak_any_letter()
    try:
        app(list(arguments) if arguments is not None else None, prog_name="run.py")
    except InputError as wrong:
        print(wrong, file=sys.stderr)
        sys.exit(2)
    except (StoreError, EngineUnusable, EngineLost) as fault:
        print(f"error: {fault}", file=sys.stderr)
        sys.exit(4 if isinstance(fault, EngineLost) else 2)
