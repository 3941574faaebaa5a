"""From the name or path of a scenario to the files behind it: those it extends, and its case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from model.case import Case, is_case, read_case
from model.scenario_file import ScenarioFile
from model.schema import check
from model.toml_source import Document, InputError, Problem, nearest, read_toml, shown

SCENARIOS = Path(__file__).parent.parent / "scenarios"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,79}")
#: names that no file may have on Windows, where results may be opened
DEVICES = re.compile(r"(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])")
LONGEST_CHAIN = 16  # scenarios that extend each other


@dataclass(frozen=True)
class Link:
    """One file of a chain of scenarios that extend each other."""

    name: str
    document: Document
    table: ScenarioFile


def shipped() -> list[str]:
    """The names of the scenarios that come with the project, sorted."""
    return sorted(path.stem for path in SCENARIOS.glob("*.toml"))


def path_of(name_or_path: str | Path) -> Path:
    """The file of a shipped name, or the path itself; raises InputError for a name that is not shipped."""
    text = str(name_or_path)
    path = Path(name_or_path)
    if not text:
        raise InputError(
            [Problem("''", 0, "", "expected the name of a shipped scenario or a path, found nothing")]
        )
    if isinstance(name_or_path, str) and NAME.fullmatch(text):
        inside = SCENARIOS / f"{text}.toml"
        if inside.is_file():
            return inside
        if not path.exists():
            message = (
                "no such scenario; expected the name of a shipped one (`scenarios` lists them) or a path"
            )
            raise InputError([Problem(text, 0, "", message, nearest(text, shipped()))])
    return path


def read_chain(path: Path) -> tuple[list[Link], Case]:
    """The scenario at a path with all that it extends, the root first, and the case of the root.

    Raises InputError with all problems of syntax in one file, or of form in all files, or of the case.
    """
    links: list[Link] = []
    problems: list[Problem] = []
    names: list[str] = []
    here: Path | None = path
    case: Case | None = None
    while here is not None:
        place, document = here, read_toml(here)
        names.append(place.stem)
        wrong, link = _link(place.stem, document, place.resolve().parent == SCENARIOS.resolve())
        problems += wrong
        if link is not None:
            links.append(link)
        try:
            here = _parent(document, place, names)
            if here is None and "case" in document.values and "extends" not in document.values:
                case = _case(document, place)
        except InputError as error:
            problems += error.problems
            here = None
    if problems or case is None:
        raise InputError(problems)
    return links[::-1], case


def _link(name: str, document: Document, own: bool) -> tuple[list[Problem], Link | None]:
    """A scenario file in its form, or what is wrong with that."""
    values = document.values
    if is_case(values):
        message = "is a case; expected a scenario, which names its case with `case` or extends another"
        return [document.problem((), message)], None
    unquoted = list(_unquoted(document))
    if unquoted:
        return unquoted, None
    table, problems = check(ScenarioFile, values, document)
    if not own and (SCENARIOS / f"{name}.toml").is_file():
        message = (
            "expected a file name of its own, since it names the scenario; a shipped one is called so too"
        )
        problems.append(document.problem((), message))
    if not NAME.fullmatch(name) or DEVICES.fullmatch(name):
        message = f"expected a file name of the form {NAME.pattern}.toml, since it names the scenario"
        problems.append(document.problem((), message))
    if "case" in values and "extends" in values:
        last = max(("case", "extends"), key=lambda key: document.line((key,)))
        problems.append(document.problem((last,), "expected either case or extends, found both"))
    elif "case" not in values and "extends" not in values:
        problems.append(document.problem((), "missing; expected the name of a case, or extends", key="case"))
    return problems, Link(name, document, table) if table is not None else None


def _unquoted(document: Document) -> Iterator[Problem]:
    """Numbers whose dotted key stands without quotes, which TOML reads as tables within tables."""
    sweep = document.values.get("sweep")
    grid = sweep.get("grid") if isinstance(sweep, dict) else None
    for place, numbers in (("overrides",), document.values.get("overrides")), (("sweep", "grid"), grid):
        for section, keys in numbers.items() if isinstance(numbers, dict) else ():
            if "." not in section and isinstance(keys, dict):
                for key in keys:
                    dotted = f'"{section}.{key}"'
                    message = (
                        f"expected the dotted key in quotes, {dotted}, in the section [{'.'.join(place)}]"
                    )
                    yield document.problem((*place, section, key), message)


def _parent(document: Document, path: Path, names: list[str]) -> Path | None:
    """The file of the scenario extended, or None; raises InputError for a missing one and for a cycle."""
    parent = document.values.get("extends")
    if not isinstance(parent, str):
        return None
    place = ("extends",)
    if parent == path.stem:
        raise InputError([document.problem(place, "expected another scenario than the file itself")])
    if len(names) >= LONGEST_CHAIN:
        raise InputError([document.problem(place, f"expected a chain of at most {LONGEST_CHAIN} scenarios")])
    if parent in names:
        way = " extends ".join([*names[names.index(parent) :], parent])
        raise InputError(
            [document.problem(place, f"expected a chain that ends in a case, found a cycle: {way}")]
        )
    folders = (path.parent, SCENARIOS)
    found = _find(parent, folders)
    if found is None:
        known = sorted({file.stem for folder in folders for file in folder.glob("*.toml")} - {path.stem})
        message = f"expected the name of a scenario beside this one or shipped, found {parent!r}"
        raise InputError([document.problem(place, message, nearest(parent, known))])
    return found


def _case(document: Document, path: Path) -> Case | None:
    """The case that a file names; raises InputError for a missing one and for what is wrong with it."""
    name = document.values["case"]
    if not isinstance(name, str):
        return None
    folders = (path.parent / "cases", path.parent, SCENARIOS / "cases")
    found = _find(name, folders)
    if found is None or found == path:
        known = sorted({file.stem for folder in (folders[0], folders[2]) for file in folder.glob("*.toml")})
        message = f"expected the name of a case in scenarios/cases or beside this file, found {name!r}"
        raise InputError([document.problem(("case",), message, nearest(name, known))])
    return read_case(read_toml(found), name)


def _find(name: str, folders: tuple[Path, ...]) -> Path | None:
    if not NAME.fullmatch(name):
        return None
    found = (folder / f"{name}.toml" for folder in folders)
    return next((file for file in found if file.is_file() and _stays(file)), None)


def _stays(file: Path) -> bool:
    """Whether a file lies where its path says, and no link leads out of its folder."""
    return file.resolve().parent == file.parent.resolve()


def members(folder: Path) -> list[Path]:
    """The scenario files directly in a folder, by name, without cases; raises InputError for none."""
    found = [path for path in sorted(folder.glob("*.toml")) if not _holds_a_case(path)]
    if not found:
        message = "no scenario in this folder; expected files *.toml, each with `case` or `extends`"
        raise InputError([Problem(shown(folder), 0, "", message)])
    return found


def _holds_a_case(path: Path) -> bool:
    try:
        return is_case(read_toml(path).values)
    except InputError:
        return False
