"""`validate`: check scenario, case and episode files without running them."""

from __future__ import annotations

import sys
from dataclasses import asdict
from os.path import isdir
from pathlib import Path
from typing import Annotated

import typer

from model.case import is_case, read_case
from model.commands.loading import late_events
from model.commands.request import Request
from model.commands.table import print_json
from model.episode import load_episode
from model.scenario import load_scenario
from model.scenario_chain import path_of
from model.script import never
from model.toml_source import InputError, Problem, read_toml, shown


def validate(
    files: Annotated[
        list[str], typer.Argument(help="Shipped names, TOML files, or folders of them.", metavar="FILE...")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Check scenario, case and episode files: everything wrong with them, with line, key and the nearest valid name.

    Exit code 0 when all are sound, 2 when one is not.
    """
    results = []
    for path, problems in [result for name in files for result in _checked(name)]:
        results.append({"file": path, "sound": not problems, "problems": [asdict(p) for p in problems]})
        if as_json:
            continue
        for problem in problems:
            print(problem, file=sys.stderr)
        if not problems:
            print(f"{path}: sound")
            for note in _notes(path):
                print(f"note: {note}", file=sys.stderr)
    if as_json:
        print_json(results)
    if not all(result["sound"] for result in results):
        raise typer.Exit(2)


def _checked(name: str) -> list[tuple[str, list[Problem]]]:
    """Every file that a name stands for, with what is wrong with it."""
    try:
        path = path_of(name)
    except InputError as wrong:
        return [(name, wrong.problems)]
    if not isdir(path):
        return [(shown(path), _problems(path))]
    files = sorted(path.glob("*.toml"))
    if not files:
        message = "no scenario in this folder; expected files *.toml, each with `case` or `extends`"
        return [(shown(path), [Problem(shown(path), 0, "", message)])]
    return [(shown(file), _problems(file)) for file in files]


def _notes(path: str) -> list[str]:
    """Notes on what the scenario at a path lays down for days beyond the ordinary horizon, or for no run at all."""
    values = read_toml(Path(path)).values
    if "observed" in values or is_case(values):
        return []
    scenario = load_scenario(Path(path))
    return [*late_events(scenario, Request.days), *never(scenario)]


def _problems(path: Path) -> list[Problem]:
    try:
        document = read_toml(path)
        if "observed" in document.values:
            load_episode(path)
        elif is_case(document.values):
            read_case(document, path.stem)
        else:
            load_scenario(path)
    except InputError as wrong:
        return wrong.problems
    return []
