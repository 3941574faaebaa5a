"""`uv run python -m docs.generate`: write anew what the documents take from the registers of the model.

Whole: `parameters.md`, and `codemeta.json` from `pyproject.toml` and `CITATION.cff`. Between
`<!-- generated: NAME -->` and `<!-- end -->`: tables of other documents. Nothing else
is touched. `--check` writes nothing and names what is out of date.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from docs.blocks import FOLDER, ROOT, documents
from docs.skills import large_table, skill_table
from docs.states import variables
from model.actions import actions
from model.case import load_case
from model.commands.scenarios import in_markdown, listed
from model.ensemble.csv_files import Column
from model.ensemble.tables import (
    decisions_table,
    events_table,
    quantiles_table,
    regions_table,
    runs_table,
    timeseries_table,
)
from model.outcomes import series
from model.parameters import Number, behaviour, posterior, sources
from model.scenario_chain import SCENARIOS
from model.settings import Settings
from model.situation import ROLES

PLACE = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.S)
GRADES = {"A": "data", "B": "literature", "C": "expert", "D": "assumption"}


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table of a document; cells come out as text."""
    lines = [head, *rows]
    written = ["| " + " | ".join(_cell(cell) for cell in line) + " |\n" for line in lines]
    return "".join([written[0], "|" + "---|" * len(head) + "\n", *written[1:]])


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")


def _range(number: Number) -> str:
    if number.kind != "uncertainty":
        return number.kind
    return f"{number.low:g} to {number.high:g}, {number.distribution}"


def _numbers(numbers: Iterable[Number], informed: Iterable[str] = ()) -> str:
    known = set(informed)
    return table(
        ("number", "value", "unit", "range", "grade", "source", "meaning"),
        (
            (f"`{n.key}`" + (" *" if n.key in known else ""), f"{n.value:g}", n.unit, _range(n), n.grade,
             " ".join(n.source), n.note)
            for n in numbers
        ),
    )  # fmt: skip


def parameters() -> str:
    """The whole of `parameters.md`: every number of behaviour and of the shipped case, and their sources."""
    own = list(behaviour().values())
    cases = {
        path.stem: list(load_case(path).numbers.values())
        for path in sorted((SCENARIOS / "cases").glob("*.toml"))
    }
    informed = tuple(posterior()[0])
    every = [*own, *(number for numbers in cases.values() for number in numbers)]
    parts = [
        "# Every number\n\n<!-- written by `python -m docs.generate`: change the registers, not this page -->\n\n"
        "What `run.py parameters` prints, on one page. Numbers of **behaviour** (`model/parameters.toml`) are the same "
        "in every case; numbers of the **situation** belong to a case (`scenarios/cases/`). An *uncertainty* is drawn "
        "by replicate from its range, a *lever* is there for scenarios to set, a *constant* is a definition. `*` marks "
        "the numbers that batches draw together from the posterior (`model/posterior.csv`). "
        "Grades: " + ", ".join(f"{grade} {name}" for grade, name in GRADES.items()) + ". Sources are ids of "
        "`model/sources.csv`; those used are listed at the end.\n\n",
        table(
            ("", "numbers", *GRADES, "uncertain"),
            [_counted("behaviour", own), *(_counted(name, numbers) for name, numbers in cases.items())],
        ),
    ]
    parts += ["\n## Behaviour\n", *_sections(own, informed)]
    for name, numbers in cases.items():
        parts += [f"\n## Situation: {name}\n", *_sections(numbers, ())]
    used = {name for number in every for name in number.source}
    parts += [
        "\n## Sources\n\n",
        table(
            ("id", "kind", "what", "value", "period", "where"),
            (
                (f"`{s.id}`", s.kind, s.quantity, f"{s.value} {s.unit}".strip(), s.period, s.source)
                for s in sources().values()
                if s.id in used
            ),
        ),
    ]
    return "".join(parts)


def _counted(name: str, numbers: Sequence[Number]) -> tuple[object, ...]:
    grades = [sum(n.grade == grade for n in numbers) for grade in GRADES]
    return (name, len(numbers), *grades, sum(n.kind == "uncertainty" for n in numbers))


def _sections(numbers: Sequence[Number], informed: Iterable[str]) -> Iterable[str]:
    for section, group in groupby(numbers, key=lambda n: n.key.split(".")[0]):
        yield f"\n### {section}\n\n"
        yield _numbers(group, informed)


def entities() -> str:
    """Entities and their state variables."""
    parts = []
    for (entity, what, _), group in groupby(variables(), key=lambda v: (v.entity, v.what, v.where)):
        parts.append(f"**{entity}**" + (f" ({what})" if what != entity else "") + "\n\n")
        rows = ((f"`{v.variable}`", v.unit or "-", v.kind, v.meaning) for v in group)
        parts.append(table(("variable", "unit", "", "meaning"), rows) + "\n")
    return "".join(parts)


def roles() -> str:
    """The roles of a case, and who plays them in the shipped one."""
    from model.simulation import ROLES as CLASSES

    case = load_case(SCENARIOS / "cases" / "dushanbe_2025.toml")
    files = {kind.role: kind.__module__.replace(".", "/") + ".py" for kind in CLASSES}
    rows = []
    for role in ROLES:
        labels = ", ".join(actor.label for actor in case.actors if actor.role == role)
        acts = sum(action.role == role for action in actions().values())
        rows.append((f"`{role}`", labels, f"`{files[role]}`", acts))
    return table(("role", "in the shipped case", "file", "acts"), rows)


def scales() -> str:
    """Scales of time, space and population, as the code has them."""
    from model.scenario_file import HORIZON
    from model.simulation import FINE_DAYS
    from model.world.population import REGION_NAMES

    settings, n = Settings(), behaviour()
    case = load_case(SCENARIOS / "cases" / "dushanbe_2025.toml")
    count = case.numbers["households.count"].value
    keys = {actor.name: f"{actor.name}.units" for actor in case.actors}
    units = {name: case.numbers[key].value for name, key in keys.items() if key in case.numbers}
    return table(
        ("what", "scale"),
        [
            ("tick", f"{24 / settings.ticks_per_day:g} hours for {FINE_DAYS} days, then a day"),
            ("clock of force", f"{n['force.clock_hours'].value:g} hour"),
            ("households and economy", "once a day"),
            ("horizon", f"{settings.days} days by default, at most {HORIZON:g}"),
            ("day 0 of the shipped case", case.start),
            ("places", f"{len(case.places)}: {', '.join(place.name for place in case.places)}"),
            ("regions", f"{len(REGION_NAMES)}: {', '.join(REGION_NAMES)}"),
            ("households", f"{count:,.0f}, in {settings.households:,} rows by default"),
            ("formations", ", ".join(f"{name} {number:g}" for name, number in units.items())),
            ("actors", f"{len(case.actors)} of {len({actor.role for actor in case.actors})} roles"),
        ],
    )


def _columns(columns: Iterable[Column]) -> str:
    return table(
        ("column", "type", "unit", "meaning"),
        (
            (
                f"`{c.name}`",
                c.type,
                c.unit or "-",
                c.meaning + (f" ({', '.join(c.levels)})" if c.levels else ""),
            )
            for c in columns
        ),
    )


def files() -> str:
    """Every column of the files of a batch."""
    from model.analysis.comparison import COMPARISON
    from model.analysis.summary import SUMMARY

    parts = []
    one = "<scenario>"
    for file in (
        runs_table(()), timeseries_table(one), regions_table(one), events_table(one), decisions_table(one),
        quantiles_table(), SUMMARY, COMPARISON,
    ):  # fmt: skip
        parts.append(f"### {file.path}\n\nA row is {file.meaning}.\n\n{_columns(file.columns)}\n")
    return "".join(parts)


def worse() -> str:
    """Which direction of an outcome is worse."""
    rows = [(o.name, o.worse) for file in ("runs", "timeseries") for o in series(file)]
    named = {
        kind: ", ".join(f"`{name}`" for name, w in rows if w == kind) for kind in ("higher", "lower", "")
    }
    return table(
        ("worse", "outcomes and series"), ((kind or "neither", names) for kind, names in named.items())
    )


def codemeta() -> str:
    """What the project says of itself, for catalogues of software: CodeMeta 3.0."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    named = {key: re.findall(rf'^  - {key}"?(.+?)"?$', citation, re.M) for key in ('name: "', "")}
    body = {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "name": project["name"],
        "description": f"{project['description']}. Its output is conditional on a premise without precedent; "
        "it is not a forecast.",
        "version": project["version"],
        "license": f"https://spdx.org/licenses/{project['license']}",
        "author": [{"@type": "Organization", "name": name} for name in named['name: "']],
        "programmingLanguage": {"@type": "ComputerLanguage", "name": "Python"},
        "runtimePlatform": f"Python {project['requires-python']}",
        "softwareRequirements": project["dependencies"],
        "applicationCategory": "Computational social science",
        "keywords": [word for word in named[""] if not word.startswith("name:")],
        "developmentStatus": "active",
        "isAccessibleForFree": True,
    }
    return json.dumps(body, indent=2, ensure_ascii=False) + "\n"


@dataclass(frozen=True)
class Out:
    """A document and what it should be."""

    path: Path
    text: str

    @property
    def stale(self) -> bool:
        """Whether the file is something else."""
        return not self.path.is_file() or self.path.read_text(encoding="utf-8") != self.text


PARTS: dict[str, Callable[[], str]] = {
    "scenarios": lambda: "\n".join(in_markdown(listed())),
    "entities": entities,
    "roles": roles,
    "scales": scales,
    "files": files,
    "worse": worse,
    "skill": skill_table,
    "in-the-large": large_table,
}


def generated() -> list[Out]:
    """All documents that hold something generated, as they should be. Raises KeyError for an unknown part."""
    out = [Out(FOLDER / "parameters.md", parameters()), Out(ROOT / "codemeta.json", codemeta())]
    for path in documents():
        text = path.read_text(encoding="utf-8")
        if PLACE.search(text) and path != out[0].path:
            out.append(Out(path, PLACE.sub(lambda m: f"{m[1]}\n{PARTS[m[2]]().rstrip()}\n\n{m[3]}", text)))
    return out


def main(arguments: Sequence[str]) -> int:
    """Write what is stale, or with `--check` name it; 1 where something was."""
    stale = [out for out in generated() if out.stale]
    for out in stale:
        if "--check" not in arguments:
            out.path.write_text(out.text, encoding="utf-8")
        print(out.path.relative_to(ROOT))
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
