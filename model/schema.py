"""What pydantic finds wrong with a table of a TOML file, told with file, line and nearest name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from model.toml_source import MOST_PROBLEMS, Document, Place, Problem, nearest


class Strict(BaseModel):
    """A table in which every key is known and every value has the type written down; no NaN, no infinity."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


Table = TypeVar("Table", bound=Strict)

NUMBER, OVERRIDE = "a number", "a table"  # tags of a union, which pydantic puts into the place of an error
EXPECTED = {
    "float_type": "a number",
    "int_type": "a whole number",
    "string_type": "a string",
    "bool_type": "true or false",
    "list_type": "an array",
    "tuple_type": "an array",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "date_type": "a date such as 2025-10-08",
    "date_from_datetime_inexact": "a date such as 2025-10-08",
    "finite_number": "a finite number",
    "string_too_short": "a text that is not empty",
    "too_short": "an array that is not empty",
}


def check(
    schema: type[Table], values: Any, document: Document, place: Iterable[str | int] = ()
) -> tuple[Table | None, list[Problem]]:
    """The table as the schema reads it, or None and everything in which it differs from the schema."""
    above = tuple(place)
    try:
        return schema.model_validate(values), []
    except ValidationError as wrong:
        return None, [
            _problem(schema, error, document, above)
            for error in wrong.errors(include_url=False)[:MOST_PROBLEMS]
        ]


def kind_of(value: Any) -> str:
    """A value and its TOML type, in words short enough for a message."""
    names = {bool: "", int: "", float: "", str: "the string ", dict: "a table", list: "an array"}
    name = names.get(type(value), "")
    if name.startswith("a"):
        return name
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
    short = text if len(text) <= 60 else text[:57] + "..."
    return f"{name}{short!r}" if isinstance(value, str) else short


def _problem(schema: type[BaseModel], error: Mapping[str, Any], document: Document, above: Place) -> Problem:
    location: Place = tuple(part for part in error["loc"] if part not in (NUMBER, OVERRIDE))
    place = (*above, *location)
    kind, context, found = error["type"], error.get("ctx", {}), error.get("input")
    if kind == "missing":
        meaning = _meaning(_around(schema, location), location[-1])
        return document.problem(place, "missing" + (f"; expected {meaning}" if meaning else ""))
    if kind == "extra_forbidden":
        valid = sorted(_around(schema, location).model_fields)
        return document.problem(
            place, f"unknown key; expected one of {', '.join(valid)}", nearest(location[-1], valid)
        )
    if kind == "literal_error":
        valid = [word.strip("'") for word in context["expected"].replace(" or ", ", ").split(", ")]
        return document.problem(
            place, f"expected one of {', '.join(valid)}, found {kind_of(found)}", nearest(found, valid)
        )
    if kind == "string_pattern_mismatch":
        return document.problem(
            place, f"expected a name of the form {context['pattern']}, found {kind_of(found)}"
        )
    limits = {
        "greater_than_equal": ("at least", "ge"),
        "less_than_equal": ("at most", "le"),
        "greater_than": ("more than", "gt"),
        "less_than": ("less than", "lt"),
    }
    if kind in limits:
        words, which = limits[kind]
        return document.problem(place, f"expected {words} {context[which]:g}, found {kind_of(found)}")
    if kind == "too_long":
        return document.problem(place, f"expected at most {context['max_length']} entries")
    expected = EXPECTED.get(kind)
    if expected is None:
        return document.problem(place, error["msg"])
    return document.problem(place, f"expected {expected}, found {kind_of(found)}")


def _around(schema: type[BaseModel], location: Place) -> type[BaseModel]:
    """The schema of the table in which the last part of a place stands."""
    for part in location[:-1]:
        field = schema.model_fields.get(str(part))
        if field is not None:
            schema = _table_in(field.annotation) or schema
    return schema


def _table_in(annotation: Any) -> type[BaseModel] | None:
    """The first schema named within a type such as `list[X] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        found = _table_in(inner)
        if found is not None:
            return found
    return None


def _meaning(schema: type[BaseModel], key: str | int) -> str:
    field = schema.model_fields.get(str(key))
    return (field.description or "") if field is not None else ""
