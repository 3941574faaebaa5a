"""The page of the dashboard: Solara's `Page`, a session behind it, the drawings of what the session shows.

As in Mesa's SolaraViz, what is shown are functions of the model's state that are drawn anew when a counter goes up,
and the model is stepped, played, paused and reset; SolaraViz itself has no place for two runs, bands and a feed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from html import escape
from pathlib import Path

import solara

from model.dashboard.answers import endings, table
from model.dashboard.controls import Chooser, Ensemble, Levers, Player
from model.dashboard.course import Act, Course
from model.dashboard.ladder import ladder
from model.dashboard.opened import OPENED
from model.dashboard.panels import panels
from model.dashboard.saving import Downloads
from model.dashboard.session import Session
from model.dashboard.theatre_map import theatre_map
from model.ensemble.manifest import CAUTION
from model.report.style import CLASSES

STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
#: marker of a class of acts in the report's figures -> the letter that looks like it
SHAPES = {"v": "▼", "d": "◆", "o": "●", "s": "■", "X": "✖"}
#: most lines of the feed that are shown; the file of acts has them all
FEED = 60


@solara.component
def Layout(children: list[solara.Element]) -> None:
    """The page and nothing around it."""
    with solara.Div(classes=["frame"], children=children):
        pass


@solara.component
def Page() -> None:
    """A session and all that is seen of it."""
    count = solara.use_reactive(0)
    ticks = solara.use_memo(lambda: itertools.count(1), [])

    def begin() -> Session:
        return Session(OPENED.reference, OPENED.settings, lambda: count.set(next(ticks)))

    session = solara.use_memo(begin, [])

    def live() -> Callable[[], None]:
        session.start()
        return session.close

    solara.use_effect(live, [])
    version = count.value
    with session.lock:
        pieces = _pieces(session)
    solara.Title("Escalation, step by step")
    solara.Style(STYLE)
    with solara.Div(classes=["sheet"]):
        Html(f'<p class="caution" role="note"><strong>Not a forecast.</strong> {escape(CAUTION)}</p>')
        Html(pieces["head"])
        with solara.Div(classes=["bar"]):
            Chooser(session, version)
            Player(session, version)
        if session.problem:
            solara.Error(session.problem)
        Html(pieces["now"])
        with solara.Div(classes=["grid"]):
            with solara.Div(classes=["main", "two"] if len(session.courses) > 1 else ["main"]):
                for name in ("theatre", "feed", "ladder", "series"):
                    with solara.Div(classes=["tile", name]):
                        Html(pieces[name])
                with solara.Div(classes=["tile", "many"]):
                    Html("<h2>Many runs: how it ends</h2>")
                    Ensemble(session, version)
                    Html(pieces["answers"])
                with solara.Div(classes=["tile", "save"]):
                    Html("<h2>Save what is seen</h2>")
                    Downloads(session, version)
            with solara.Div(classes=["tile", "levers"]):
                Html("<h2>Levers</h2>")
                Levers(session, version)


@solara.component
def Html(text: str) -> None:
    """A piece of HTML in which all from outside is text already."""
    solara.HTML(unsafe_innerHTML=text)


def _pieces(session: Session) -> dict[str, str]:
    """All that is drawn, by the name of its place on the page."""
    courses = session.courses
    maps = "".join(_named(session, course, theatre_map(course)) for course in courses)
    feeds = "".join(_named(session, course, _feed(course)) for course in courses)
    return {
        "head": _head(session),
        "now": _now(session),
        "theatre": f'<h2>The theatre</h2><div class="beside">{maps}</div>',
        "feed": f'<h2>What happens</h2><div class="beside">{feeds}</div>{_classes()}',
        "ladder": f"<h2>The ladder</h2>{ladder(courses, session.replicates)}{_shades(session)}",
        "series": _series(session),
        "answers": _answers(session),
    }


def _shades(session: Session) -> str:
    """What the shades behind the ladder are, once there are any."""
    if session.replicates is None:
        return ""
    title = escape(session.courses[0].scenario.title)
    return f'<p class="quiet">The darker the blue, the more of the runs of {title} stand there.</p>'


def _head(session: Session) -> str:
    base = session.choice.base
    return f"<h1>{escape(session.choice.title)}</h1><p class='question'>{escape(base.question)}</p>"


def _key(place: int) -> str:
    """The line by which a run is drawn."""
    return f'<span class="key key-{place}" aria-hidden="true"></span>'


def _now(session: Session) -> str:
    """Where each run stands, in a line: day, matter, government, base, dead."""
    lines = []
    for place, course in enumerate(session.courses):
        day, hour = int(course.day + 1e-9), round(course.day % 1.0 * 24.0)
        facts = [
            f"<b>{escape(course.matter)}</b>",
            "government in power" if course.in_power else "<b>the government has fallen</b>",
            *([f"base: {escape(course.posture)}"] if course.scenario.actors_of("garrison") else []),
            f"{course.dead} dead",
            *(["<i>working …</i>"] if session.behind else []),
        ]
        title = f'<span class="who">{_key(place)}{escape(course.scenario.title)}</span>'
        lines.append(
            f'<p class="now"><b class="day">Day {day}, {hour:02d}:00</b> {title} {" · ".join(facts)}</p>'
        )
    return f'<div role="status">{"".join(lines)}</div>'


def _named(session: Session, course: Course, inside: str) -> str:
    """A piece under the name of its run, where there are two."""
    if len(session.courses) == 1:
        return inside
    name = escape(course.scenario.title)
    return f'<div class="half"><h3>{_key(session.courses.index(course))}{name}</h3>{inside}</div>'


def _feed(course: Course) -> str:
    acts = course.acts()
    if not acts:
        return '<p class="quiet">Nothing yet. Press Play, or Step.</p>'
    return f'<ol class="acts">{"".join(_act(act) for act in acts[:FEED])}</ol>'


def _act(act: Act) -> str:
    hour = int(round(act.day % 1.0 * 24.0, 6))
    when = f"day {int(act.day)} {hour:02d}:00"
    mark = _mark(act.kind) if act.kind else '<span class="mark"></span>'
    text = f"{escape(act.actor)}: {escape(act.text)}" if act.actor else f"<b>{escape(act.text)}</b>"
    return f'<li><span class="when">{when}</span>{mark}<span>{text}</span></li>'


def _mark(kind: str) -> str:
    """The sign of a class of acts: a shape and a colour."""
    colour, marker = CLASSES[kind]
    return (
        f'<span class="mark" style="color:{colour}" title="{kind.replace("_", " ")}">{SHAPES[marker]}</span>'
    )


def _classes() -> str:
    """What the signs mean."""
    told = "".join(f"<span>{_mark(kind)} {kind.replace('_', ' ')}</span>" for kind in CLASSES)
    return f'<p class="quiet keys">{told}</p>'


def _answers(session: Session) -> str:
    found = session.replicates
    if found is None or not any(found.count(name) for name in found.scenarios):
        return (
            '<p class="quiet">One run is one luck. Run many to see how often it ends in which way, '
            "and bands behind the lines.</p>"
        )
    return (
        f'{endings(found)}<div class="wide">{table(found)}</div>'
        '<p class="quiet">Shares of runs with 95 % intervals for luck and sampled numbers; differences in points, '
        "replicate by replicate under the same luck.</p>"
    )


def _series(session: Session) -> str:
    keys = "".join(
        f"<span>{_key(place)}{escape(course.scenario.title)}</span>"
        for place, course in enumerate(session.courses)
    )
    bands = (
        " Bands hold 50 % and 90 % of the runs, the dotted line is their median."
        if session.replicates
        else ""
    )
    drawn = "".join(f'<div class="panel">{svg}</div>' for svg in panels(session.courses, session.replicates))
    return f'<h2>The main series</h2><p class="quiet keys">{keys}{bands}</p><div class="panels">{drawn}</div>'
