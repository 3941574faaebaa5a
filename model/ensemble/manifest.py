"""manifest.json says how a folder came about; datapackage.json says what every column means."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from model.ensemble.csv_files import Column, write_text
from model.ensemble.plan import WHOLE, Plan
from model.ensemble.tables import Table

MANIFEST = "manifest.json"
DATA_PACKAGE = "datapackage.json"
CAUTION = (
    "Exploratory analysis, conditional on a premise without precedent (the arrest of a sitting head of state"
    " on a visit): not a forecast."
)
_NAMED = ("ema-workbench", "mesa", "numpy", "pandas", "pyarrow", "SALib", "scipy")
_TYPES = {"category": "string"}


def write_data_package(folder: Path, tables: Iterable[Table]) -> None:
    """Describe the tables that are in the folder, as a Tabular Data Package (Frictionless specifications)."""
    _write_package(
        folder, "batch", [_resource(table, folder) for table in tables if (folder / table.path).is_file()]
    )


def add_to_data_package(folder: Path, tables: Sequence[Table], name: str) -> None:
    """Describe tables beside what the data package of the folder describes already; `name` is that of a new one."""
    try:
        there = json.loads((folder / DATA_PACKAGE).read_text(encoding="utf-8"))
        others, name = list(there["resources"]), there["name"]
        kept = [entry for entry in others if entry["path"] not in {table.path for table in tables}]
    except (OSError, ValueError, KeyError, TypeError):  # none, or none that can be read: nothing to keep
        kept = []
    _write_package(folder, name, [*kept, *(_resource(table, folder) for table in tables)])


def _write_package(folder: Path, name: str, resources: Sequence[Mapping[str, Any]]) -> None:
    package = {"profile": "data-package", "name": name, "description": CAUTION, "resources": resources}
    write_text(folder / DATA_PACKAGE, json.dumps(package, indent=1, ensure_ascii=False) + "\n")


def described_files(folder: Path) -> list[tuple[str, str]]:
    """Path and checksum of every file that the data package of a folder describes; empty without one."""
    try:
        package = json.loads((folder / DATA_PACKAGE).read_text("utf-8"))
        return [(str(entry["path"]), str(entry["hash"])) for entry in package["resources"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def checksum(path: Path) -> str:
    """SHA-256 of a file in the form of a data package."""
    with path.open("rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def _resource(table: Table, folder: Path) -> dict[str, Any]:
    path = Path(table.path)
    form = path.suffix[1:]
    return {
        "name": table.path.removesuffix(path.suffix).replace("/", "-").lower(),
        "path": table.path,
        "description": f"One row is {table.meaning}.",
        "format": form,
        "mediatype": "text/csv" if form == "csv" else "application/vnd.apache.parquet",
        "encoding": "utf-8",
        "bytes": (folder / table.path).stat().st_size,
        "hash": checksum(folder / table.path),
        **({"profile": "tabular-data-resource"} if form == "csv" else {}),
        "schema": {"fields": [_field(column) for column in table.columns], "missingValues": [""]},
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": _TYPES.get(column.type, column.type)}
    if column.meaning:
        field["description"] = column.meaning
    if column.unit:
        field["unit"] = column.unit
    if column.levels:
        field["constraints"] = {"enum": list(column.levels)}
    return field


def write_manifest(
    folder: Path,
    plan: Plan,
    command: str,
    started: datetime,
    finished: datetime | None,
    counts: Mapping[str, int],
) -> None:
    """Say what was run, with what, when, and how far it came. No path of the machine is written."""
    body = {
        "caution": CAUTION,
        "completed": finished is not None and sum(counts.values()) == plan.size,
        "command": command,
        "seed": plan.settings.get("seed"),
        "settings": plan.settings,
        "replicates": plan.replicates,
        "points": list(plan.points),
        "runs": {"planned": plan.size, **counts},
        "started": _time(started),
        "finished": _time(finished),
        "plan": plan.hash,
        **({} if plan.shard == WHOLE else {"shard": list(plan.shard)}),
        "code": plan.code,
        "commit": commit(),
        "versions": versions(),
        "scenarios": [
            {"name": entry.name, "title": entry.title, "digest": entry.digest, "resolved": entry.resolved}
            for entry in plan.scenarios
        ],
    }
    write_text(folder / MANIFEST, json.dumps(body, indent=1, ensure_ascii=False) + "\n")


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that stand behind the numbers and the files."""
    found = {"python": platform.python_version()}
    for name in _NAMED:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def commit() -> str | None:
    """The git commit of the project's folder, with "+changes" if files differ from it; None without git."""
    root = Path(__file__).resolve().parents[2]
    if not (root / ".git").exists():
        return None
    try:
        head = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return None
    return head + ("+changes" if changed else "")


def _git(root: Path, *words: str) -> str:
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    done = subprocess.run(
        ["git", "-C", str(root), *words],
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
        env=environment,
    )
    return done.stdout.strip()


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")
