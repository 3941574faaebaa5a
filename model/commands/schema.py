"""`schema`: the JSON Schema of scenario and case files, for editors."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from model.actions import actions
from model.case import CaseFile
from model.commands.table import print_json
from model.parameters import Entry, behaviour
from model.scenario_file import INJECTS, ScenarioFile

DRAFT = "https://json-schema.org/draft/2020-12/schema"


class Kind(StrEnum):
    """The kinds of file that have a schema."""

    scenario = "scenario"
    case = "case"


def schema(
    kind: Annotated[Kind, typer.Argument(help="Which files: scenario or case.")] = Kind.scenario,
) -> None:
    """Print the JSON Schema of scenario or case files, for an editor that completes and checks TOML."""
    print_json(scenario_schema() if kind is Kind.scenario else case_schema())


def scenario_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file, with the numbers, acts and outside events that there are."""
    data = {"$schema": DRAFT} | ScenarioFile.model_json_schema()
    keys = list(behaviour())
    data["properties"]["overrides"]["propertyNames"] = {
        "description": "a number of behaviour, or one of the case",
        "anyOf": [{"enum": keys}, {"pattern": r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"}],
    }
    names = list(actions())
    data["$defs"]["ScriptTable"]["properties"]["action"]["enum"] = names
    data["$defs"]["Limits"]["properties"]["forbid"]["items"] = {
        "type": "string",
        "anyOf": [{"enum": names}, {"pattern": rf"^[a-z][a-z0-9_]*\.({'|'.join(names)})$"}],
    }
    data["$defs"]["InjectTable"]["properties"]["size"]["description"] = "; ".join(
        f"{name}: {kind.unit}, {kind.low:g} to {kind.high:g}" for name, kind in INJECTS.items()
    )
    data["oneOf"] = [{"required": ["case"]}, {"required": ["extends"]}]
    return data


def case_schema() -> dict[str, Any]:
    """The JSON Schema of a case file: its actors and places, and any further section as numbers."""
    data = {"$schema": DRAFT} | CaseFile.model_json_schema()
    entry = Entry.model_json_schema()
    data["additionalProperties"] = {"type": "object", "additionalProperties": entry}
    return data
