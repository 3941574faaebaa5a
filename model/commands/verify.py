"""`run.py verify`: checksums of a batch's rows and files, and a few of its runs made again."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model.commands.terminal import DONE, SOME_FAILED, Refused, between, say

if TYPE_CHECKING:
    from model.ensemble.verification import Findings

_SHOWN = 20  # lines on what is wrong


def verify(
    folder: Annotated[Path, typer.Argument(help="Folder of a batch, finished or not.", metavar="DIR")],
    repeat: Annotated[int, typer.Option(help="Runs to make again.")] = 4,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Check the files of a batch and repeat a few of its runs; nothing in the folder is changed."""
    try:
        between("--repeat", repeat, 0, 1_000_000)
    except Refused as refusal:
        say(f"error: {refusal}")
        raise typer.Exit(refusal.code) from None
    from model.ensemble.verification import verify_folder
    from model.scenario import Scenario

    findings = verify_folder(folder, repeat, Scenario.from_dict)
    print(json.dumps(asdict(findings), indent=1) if as_json else "\n".join(told(findings, folder)))
    raise typer.Exit(SOME_FAILED if findings.wrong else DONE)


def told(findings: Findings, folder: Path) -> list[str]:
    """What was found, in lines."""
    lines = [f"{findings.rows} rows and {findings.files} files read, {findings.repeated} runs made again"]
    if findings.missing:
        lines.append(f"unfinished: {findings.missing} runs have not been made yet")
    lines += findings.notes
    lines += findings.wrong[:_SHOWN]
    if len(findings.wrong) > _SHOWN:
        lines.append(f"and {len(findings.wrong) - _SHOWN} more")
    verdict = f"{len(findings.wrong)} damaged or different" if findings.wrong else "sound"
    return [*lines, f"{folder}: {verdict}"]
