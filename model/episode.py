"""An episode: a historical case with what was observed, so that the same agents can be asked to replay it.

One file holds the situation (as a case file does), the act on which the crisis turned and standing ways out
(as a scenario does), and a block `[observed]`. Only the situation enters a run; what was observed is read
afterwards. How a situation is scored stands in `docs/scoring-episodes.md`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from model.case import read_case
from model.parameters import ASSUMPTION, behaviour, sources
from model.scenario import Inject, Scenario, ScenarioError, ScriptedAct
from model.scenario_chain import NAME, SCENARIOS, Link
from model.scenario_file import DEFAULT_SWITCHES, HORIZON, InjectTable, Limits, ScenarioFile, ScriptTable
from model.scenario_meaning import acts_and_events
from model.schema import Strict, check
from model.toml_source import Document, InputError, Problem, nearest, read_toml

#: the episodes that a backtest replays if none is named, and those that the posterior and the base rates know besides
EPISODES, FURTHER = SCENARIOS / "episodes", SCENARIOS / "further"
#: what a role does when the day comes and nobody chose it: the act on which a crisis may turn
OPENERS = ("arrest", "defy", "host_visit", "refuse_visit", "carry_on")
VIOLENCE = ("none", "minor", "serious", "war")
#: deaths from which on it is minor, serious, war
DEADLY = (1, 25, 1000)


@dataclass(frozen=True)
class Kind:
    """A kind of outcome: its scale (`yes`, `class`, `days` or `count`) and its meaning.

    conditional: asked only where something else came about, so that some replays cannot say.
    """

    scale: str
    meaning: str
    conditional: bool = False


KINDS = {
    "force": Kind("yes", "the coercer used force against the host"),
    "violence": Kind("class", "violence by deaths of all sides: none, minor (1-24), serious (25-999), war"),
    "first_measure": Kind("days", "first material coercive measure in force"),
    "first_yield": Kind("days", "the host's first concession on what is demanded"),
    "yield": Kind(
        "days", "the host gives way, under pressure or attack; what is taken by force is not given"
    ),
    "punished": Kind("yes", "measures stood 14 days after the host gave way", conditional=True),
    "expelled": Kind("count", "migrants removed within a year"),
    "trade_fell": Kind("yes", "the coercer's measures cut a fifth or more of the first year's trade"),
    "remittances_fell": Kind("yes", "remittances over a year were under nine tenths of the season's"),
    "alliance": Kind("days", "the alliance decides to intervene"),
    "eu_statement": Kind("days", "first statement of the norm bloc"),
    "eu_sanctions": Kind("days", "the norm bloc's sanctions in force"),
    "court_finding": Kind("days", "the Court's finding of non-compliance"),
    "surrender": Kind("days", "the suspect is received by the Court"),
    "deaths": Kind("count", "dead on all sides"),
}


class Finding(Strict):
    """One entry of `[observed]`."""

    value: bool | float | str = Field(description='true or false, a number, a class, or "never"')
    seen_days: float = Field(HORIZON, ge=1, le=HORIZON, description="days for which it was watched")
    source: list[str] = Field(min_length=1, description="where it was read")
    note: str = Field("", description="what was decided in coding it")


class EpisodeFile(Strict):
    """The parts of an episode file that are neither case nor numbers."""

    script: list[ScriptTable] = Field(
        min_length=1, description="the act on which the crisis turned, on day 0"
    )
    inject: list[InjectTable] = Field([], description="outside events and standing ways out")
    limits: Limits = Field(Limits(), description="what was not possible")
    observed: dict[str, Finding] = Field(min_length=1, description="what was observed, by kind of outcome")
    non_arrest: bool = Field(False, description="a visit without an arrest: reported with and without these")


@dataclass(frozen=True)
class Episode:
    """A historical episode: what a run needs, and what happened."""

    scenario: Scenario
    observed: dict[str, Finding]
    non_arrest: bool

    @property
    def name(self) -> str:
        """Name of the episode, that of its file."""
        return self.scenario.name

    @property
    def coerced(self) -> bool:
        """Whether the host did what a coercer resents: an arrest, or what `defy` stands for."""
        openers = {act.action for act in self.scenario.script}
        return bool(self.scenario.actors_of("coercer")) and bool(openers & {"arrest", "defy"})

    def value(self, kind: str) -> float:
        """What was observed of a kind: 0 or 1, the index of a class, days (infinite for never), or a count."""
        scale, value = KINDS[kind].scale, self.observed[kind].value
        if scale == "class":
            return float(VIOLENCE.index(str(value)))
        return math.inf if value == "never" else float(value)

    def tells(self, kind: str, watched: float) -> bool:
        """Whether it shows of a kind what a watch of so many days would: that it came, or that it never did."""
        finding = self.observed.get(kind)
        return finding is not None and (self.value(kind) < math.inf or finding.seen_days >= watched)

    def watched(self, kind: str) -> float:
        """For how many days a kind was watched, at most the horizon of a replay."""
        return min(self.observed[kind].seen_days, HORIZON)


def shipped_episodes(*folders: Path) -> list[str]:
    """Names of the episodes in some of the two folders of the project, sorted; in both if none is named."""
    return sorted(path.stem for folder in folders or (EPISODES, FURTHER) for path in folder.glob("*.toml"))


def episode_path(name_or_path: str | Path) -> Path:
    """The file of a shipped episode or the path itself; raises ScenarioError for an unknown name."""
    path = Path(name_or_path)
    for folder in (EPISODES, FURTHER):
        inside = folder / f"{name_or_path}.toml"
        if path.suffix != ".toml" and inside.is_file():
            return inside
    if path.exists():
        return path
    message = "no such episode; expected the name of a shipped one, a file or a folder"
    raise ScenarioError(
        [Problem(str(name_or_path), 0, "", message, nearest(str(name_or_path), shipped_episodes()))]
    )


def load_episode(name_or_path: str | Path) -> Episode:
    """Read an episode file; raises ScenarioError with everything that is wrong with it."""
    path = episode_path(name_or_path)
    try:
        return _read(read_toml(path), path.stem)
    except ScenarioError:
        raise
    except InputError as broken:
        raise ScenarioError(broken.problems) from None


def _read(document: Document, name: str) -> Episode:
    own = {key: value for key, value in document.values.items() if key in EpisodeFile.model_fields}
    rest = {key: value for key, value in document.values.items() if key not in own}
    table, problems = check(EpisodeFile, own, document)
    try:
        case = read_case(Document(document.file, rest, document.lines), name, EpisodeFile.model_fields)
    except InputError as broken:
        raise InputError([*problems, *broken.problems]) from None
    if table is None:
        raise InputError(problems)
    if not NAME.fullmatch(name):
        message = f"expected a file name of the form {NAME.pattern}.toml, since it names the episode"
        problems.append(document.problem((), message))
    problems += [p for kind, finding in table.observed.items() for p in _misread(document, kind, finding)]
    if not problems:
        problems += _contradictions(document, table.observed)
    head = ScenarioFile(
        title=case.title, question=case.about, case=name,
        script=table.script, inject=table.inject, limits=table.limits,
    )  # fmt: skip
    forbid, script, injects, wrong = acts_and_events([Link(name, document, head)], case)
    problems += wrong
    problems += [
        document.problem(
            ("script", number, "day"),
            "expected day 0: an episode sets the situation and the act that opens it, the agents do the rest",
        )
        for number, act in enumerate(table.script)
        if act.day > 0
    ]
    if len(script) != 1 or script[0].action not in OPENERS:
        message = (
            f"expected the one act on which the crisis turned, one of {', '.join(OPENERS)}, and no other"
        )
        problems.append(document.problem(("script",), message))
    problems += [
        document.problem(("inject", number, "day"), "expected day 0: a way out that came later is an outcome")
        for number, event in enumerate(table.inject)
        if event.day > 0 and event.event in ("mediator", "legal_formula")
    ]
    if problems:
        raise InputError(problems)
    scenario = Scenario(
        name=name,
        title=case.title,
        question=case.about,
        case=name,
        start=case.start,
        actors=case.actors,
        places=case.places,
        numbers=behaviour() | case.numbers,
        switches=dict(DEFAULT_SWITCHES),
        forbid=forbid,
        script=tuple(ScriptedAct(float(act.day), act.actor, act.action) for act in script),
        injects=tuple(
            Inject(float(e.day), e.event, float(e.size), HORIZON - e.day if e.days is None else float(e.days))
            for e in injects
        ),
    )
    return Episode(scenario, dict(table.observed), table.non_arrest)


def _misread(document: Document, kind: str, finding: Finding) -> list[Problem]:
    """An unknown kind of outcome, or a value that does not fit its scale."""
    if kind not in KINDS:
        message = f"unknown kind of outcome; expected one of {', '.join(KINDS)}"
        return [document.problem(("observed", kind), message, nearest(kind, KINDS))]
    value, scale = finding.value, KINDS[kind].scale
    number = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    fits: dict[str, tuple[bool, str]] = {
        "yes": (isinstance(value, bool), "true or false"),
        "class": (value in VIOLENCE, f"one of {', '.join(VIOLENCE)}"),
        "days": (number or value == "never", 'a number of days of 0 or more, or "never"'),
        "count": (number, "a number of 0 or more"),
    }
    known = sources()
    for number_of, name in enumerate(finding.source):
        if name not in known and name != ASSUMPTION:
            message = f"expected an id of model/sources.csv or {ASSUMPTION!r}, found {name!r}"
            return [document.problem(("observed", kind, "source", number_of), message, nearest(name, known))]
    right, expected = fits[scale]
    if right and scale == "days" and number and float(value) > finding.seen_days:
        message = f"expected a day within seen_days, {finding.seen_days:g}, found {value!r}"
        return [document.problem(("observed", kind, "value"), message)]
    if right:
        return []
    return [document.problem(("observed", kind, "value"), f"expected {expected}, found {value!r}")]


def _contradictions(document: Document, observed: Mapping[str, Finding]) -> list[Problem]:
    """Observed outcomes of which one rules out the other."""

    def wrong(kind: str, message: str) -> Problem:
        return document.problem(("observed", kind, "value"), message)

    problems = []
    full, first = observed.get("yield"), observed.get("first_yield")
    if full and first and full.value != "never":
        day = float(full.value)
        missed = first.value == "never" and day <= first.seen_days
        if missed or (first.value != "never" and float(first.value) > day):
            problems.append(
                wrong("first_yield", f"expected no later than yield, {day:g}, found {first.value!r}")
            )
    if full and full.value == "never" and "punished" in observed:
        problems.append(wrong("punished", "asked only where the host gave way, and yield is 'never'"))
    measure, trade = observed.get("first_measure"), observed.get("trade_fell")
    if measure and trade and measure.value == "never" and trade.value is True:
        problems.append(
            wrong("trade_fell", "expected false: it falls by measures, and first_measure is 'never'")
        )
    violence, dead = observed.get("violence"), observed.get("deaths")
    if violence and dead:
        level = sum(float(dead.value) >= least for least in DEADLY)
        known = VIOLENCE.index(str(violence.value))
        # who looked longer may have seen more, and no less
        if (level > known and dead.seen_days <= violence.seen_days) or (
            level < known and dead.seen_days >= violence.seen_days
        ):
            problems.append(wrong("violence", f"expected {VIOLENCE[level]!r} with {dead.value:g} deaths, "
                                              f"found {violence.value!r}"))  # fmt: skip
    return problems
