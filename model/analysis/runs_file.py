"""runs.csv as a file that somebody may have edited: read with its line numbers, or refused with what is wrong."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from model.analysis.observations import Observed, Origin, Place
from model.outcomes import Outcome
from model.outcomes import series as registered
from model.result import Scalar
from model.toml_source import InputError, Problem, nearest, shown

KEYS = ("scenario", "point", "replicate", "status")
_TRUTH = {"true": True, "false": False}
_SHOWN = 5  # columns of one kind that a message names


def read_runs(path: Path) -> dict[str, Observed]:
    """The ok runs of a runs.csv by scenario; settings come from manifest.json beside it.

    Raises InputError with every missing column (with the one that may be meant) and the first bad cells.
    """
    file = shown(path)
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            reader = csv.reader(lines)
            header = next(reader, [])
            problems = list(_missing(file, header))
            if problems:
                raise InputError(problems)
            rows = [(reader.line_num, row) for row in reader if row]
    except (OSError, UnicodeDecodeError, csv.Error) as wrong:
        reason = getattr(wrong, "strerror", None) or str(wrong)
        raise InputError([Problem(file, 0, "", f"cannot be read: {reason}; expected a runs.csv")]) from None
    settings = _settings(path)
    known = {outcome.name: outcome for outcome in registered("runs")}
    runs: dict[str, dict[Place, Mapping[str, Scalar]]] = {}
    numbers: dict[str, dict[Place, Mapping[str, float]]] = {}
    failed: dict[str, int] = {}
    for line, cells in rows:
        row, wrong_cells = _row(file, line, header, cells, known)
        problems += wrong_cells
        if len(problems) >= 20:
            break
        if wrong_cells:
            continue
        name = str(row["scenario"])
        runs.setdefault(name, {})
        if row["status"] != "ok":
            failed[name] = failed.get(name, 0) + 1
            continue
        place = (row["point"], row["replicate"])
        if place in runs[name]:
            message = f"a second run of {name}, point {place[0]}, replicate {place[1]}; expected each once"
            problems.append(Problem(file, line, "replicate", message))
            continue
        runs[name][place] = {outcome: row[outcome] for outcome in known}
        numbers.setdefault(name, {})[place] = {
            column: row[column] for column in header if "." in column and row[column] is not None
        }
    if problems:
        raise InputError(problems)
    return {
        name: Observed(
            scenario=name,
            title=name,
            runs=dict(sorted(found.items())),
            horizon=settings["days"],
            planned=len(found) + failed.get(name, 0),
            failed=failed.get(name, 0),
            numbers=numbers.get(name, {}),
            origin=Origin(
                content=settings["contents"].get(name, ""),
                points=settings["points"],
                seed=settings["seed"],
                parameters=settings["parameters"],
                households=settings["households"],
                code=settings["code"],
                versions=settings["versions"],
                batch=settings["plan"],
            ),
        )
        for name, found in runs.items()
    }


def _missing(file: str, header: Sequence[str]) -> list[Problem]:
    wanted = [*KEYS, *(outcome.name for outcome in registered("runs"))]
    absent = [name for name in wanted if name not in header]
    extra = [name for name in header if name not in wanted and "." not in name]
    twice = sorted({name for name in header if header.count(name) > 1})
    found = [Problem(file, 1, name, "the column stands twice; expected it once") for name in twice]
    for name in absent[:_SHOWN]:
        hint = nearest(name, extra)
        message = "the column is missing" + (f"; is it the one called {hint!r}?" if hint else "")
        found.append(Problem(file, 1, name, message))
    if len(absent) > _SHOWN:
        found.append(Problem(file, 1, "", f"and {len(absent) - _SHOWN} more columns of outcomes are missing"))
    return found


def _settings(path: Path) -> dict[str, Any]:
    from model.analysis.observations import content, points

    manifest = path.with_name("manifest.json")
    try:
        body = json.loads(manifest.read_text(encoding="utf-8"))
        settings = body["settings"]
        return {
            "days": int(settings["days"]),
            "seed": int(settings["seed"]),
            "parameters": str(settings["parameters"]),
            "households": str(settings["households"]),
            "code": str(body.get("code", "")),
            "versions": ", ".join(f"{n} {body.get('versions', {}).get(n, '')}" for n in ("mesa", "numpy")),
            "plan": str(body.get("plan", "")),
            "points": points(list(body.get("points", ()))),
            "contents": {entry["name"]: content(entry["resolved"]) for entry in body["scenarios"]},
        }
    except OSError:
        message = "is missing; it says the horizon and the seed, without which runs cannot be compared"
    except (ValueError, KeyError, TypeError) as wrong:
        message = f"cannot be read ({wrong}); expected the manifest of a batch"
    raise InputError([Problem(shown(manifest), 0, "", message)])


def _row(
    file: str, line: int, header: Sequence[str], cells: Sequence[str], known: Mapping[str, Outcome]
) -> tuple[dict[str, Any], list[Problem]]:
    if len(cells) != len(header):
        message = f"{len(cells)} cells; the header has {len(header)}"
        return {}, [Problem(file, line, "", message)]
    row: dict[str, Any] = {}
    problems = []
    texts = dict(zip(header, cells, strict=True))
    ok = texts["status"] == "ok"
    for column, text in texts.items():
        expected = _expected(column, known)
        if expected == "":
            continue
        try:
            row[column] = _value(text, expected, known.get(column))
        except ValueError:
            wanted = " or ".join(known[column].levels) if expected == "level" else f"a {expected}"
            hint = nearest(text, known[column].levels) if expected == "level" else ""
            problems.append(
                Problem(file, line, column, f"expected {wanted} or nothing, found {text!r}", hint)
            )
            continue
        if ok and row[column] is None and column in ("scenario", "point", "replicate"):
            problems.append(Problem(file, line, column, "is empty"))
    return row, problems


def _expected(column: str, known: Mapping[str, Outcome]) -> str:
    if column in ("scenario", "status"):
        return "text"
    if column in ("point", "replicate"):
        return "whole number"
    if column in known:
        kind = known[column].type
        return {"category": "level", "boolean": "truth", "integer": "whole number"}.get(kind, "number")
    return "number" if "." in column else ""


def _value(text: str, expected: str, outcome: Outcome | None) -> Any:
    if text == "":
        return None
    if expected == "text":
        return text
    if expected == "truth":
        if text.lower() not in _TRUTH:
            raise ValueError
        return _TRUTH[text.lower()]
    if expected == "level":
        assert outcome is not None
        if text not in outcome.levels:
            raise ValueError
        return text
    number = float(text)
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError
    if expected == "whole number":
        if number != int(number):
            raise ValueError
        return int(number)
    return number
