"""A schematic map of the theatre: the places, who holds them, who is there and who is coming."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter

from model.dashboard.course import Course, Site
from model.dashboard.svg import element, picture, words
from model.report.style import INK
from model.scenario import Scenario

WIDTH, HEIGHT = 480.0, 356.0
BOX = (118.0, 64.0)
SIDES = ("the host", "the coercer")
#: kind of place -> where the middle of its box lies, and what it is called; not a geographical map
PLACES = {
    "government_quarter": (240.0, 98.0, "Government"),
    "province": (240.0, 98.0, "Province"),
    "broadcaster": (112.0, 98.0, "Broadcaster"),
    "air_defence": (368.0, 98.0, "Air defence"),
    "detention": (176.0, 178.0, "Detention"),
    "airport": (304.0, 178.0, "Airport"),
    "base": (112.0, 286.0, "Base"),
    "depot": (240.0, 286.0, "Fuel depot"),
    "border": (368.0, 286.0, "Border"),
}
#: holder -> fill and ink of its text
HOLDERS = {"host": ("#cfe3f1", INK), "coercer": ("#b3431b", "#ffffff"), "nobody": ("#f2f0e9", INK)}
#: who controls the airspace -> fill, ink of its text, and what that is called ({} are host and coercer)
AIRSPACE = {
    "host": ("#cfe3f1", INK, "Airspace: {0}"),
    "contested": ("#f3d9a4", INK, "Airspace: contested"),
    "coercer": ("#b3431b", "#ffffff", "Airspace: {1}"),
}


def sides(scenario: Scenario) -> tuple[str, str]:
    """What host and coercer are called in a case."""
    named = [scenario.actors_of(role) for role in ("government", "coercer")]
    host, coercer = (found[0].label if found else side for found, side in zip(named, SIDES, strict=True))
    return host, coercer


def theatre_map(course: Course) -> str:
    """The theatre as it stands, as SVG; a sentence where the case has no places."""
    sites = course.sites()
    if not sites:
        return picture(WIDTH, 40.0, "No theatre", words(8.0, 24.0, "This case has no places to fight for."))
    parts = [
        element("rect", x=40.0, y=40.0, width=400.0, height=182.0, rx=14.0, fill="#fafaf7", stroke="#bbb"),
        words(52.0, 57.0, "The capital", 10.5, fill="#666"),
        words(52.0, 245.0, "Outside the capital", 10.5, fill="#666"),
        _sky(course),
    ]
    for kind, group in groupby(sorted(sites, key=attrgetter("kind")), key=attrgetter("kind")):
        parts += _sites(list(group), kind == course.detainee_at)
    parts.append(_legend(*sides(course.scenario)))
    return picture(WIDTH, HEIGHT, _told(sites, course), *parts)


def _sky(course: Course) -> str:
    fill, ink, text = AIRSPACE[course.airspace]
    text = text.format(*sides(course.scenario))
    return element("rect", x=40.0, y=6.0, width=400.0, height=26.0, rx=5.0, fill=fill) + words(
        240.0, 23.0, text, 11.5, text_anchor="middle", fill=ink
    )


def _sites(sites: Sequence[Site], detainee: bool) -> Iterable[str]:
    """The places of one kind; more than one stand a little apart."""
    x, y, name = PLACES[sites[0].kind]
    for number, site in enumerate(sites):
        shift = 9.0 * number
        yield _site(site, x + shift, y + shift, name, detainee and number == 0)


def _site(site: Site, x: float, y: float, name: str, detainee: bool) -> str:
    fill, ink = HOLDERS[site.holder]
    left, top = x - BOX[0] / 2.0, y - BOX[1] / 2.0
    edge = {"stroke": "#7a7a7a", "stroke_width": 1.0}
    if site.storm or site.surrounded:
        edge = {"stroke": "#b3431b", "stroke_width": 3.0}
    dash = "6 3" if site.surrounded else None
    parts = [
        element(
            "rect",
            x=left,
            y=top,
            width=BOX[0],
            height=BOX[1],
            rx=6.0,
            fill=fill,
            stroke_dasharray=dash,
            **edge,
        ),
        words(left + 8.0, top + 16.0, name, 12.0, font_weight="600", fill=ink),
    ]
    said = [text for text in (_state(site), *_troops(site)) if text]
    parts += [
        words(left + 8.0, top + 31.0 + 12.5 * number, text, 10.0, fill=ink)
        for number, text in enumerate(said)
    ]
    if detainee:
        parts.append(
            element("circle", cx=left + BOX[0] - 13.0, cy=top + 12.0, r=7.0, fill="#222", stroke="#fff")
        )
        parts.append(words(left + BOX[0] - 13.0, top + 16.0, "D", 10.0, text_anchor="middle", fill="#fff"))
    return element("g", *parts)


def _state(site: Site) -> str:
    if site.storm:
        return "under attack"
    if site.surrounded:
        return "surrounded"
    if site.kind == "base":
        return ""
    return {"host": "held", "coercer": "TAKEN", "nobody": "out of hand"}[site.holder]


def _troops(site: Site) -> list[str]:
    """Who is there and who is on the way, in persons; two lines at most."""
    found = [
        ("guards", site.hosts),
        ("soldiers" if site.kind == "base" else "from the base", site.coercers),
        ("coming", site.coming),
    ]
    said = [f"{count:,} {side}".replace(",", "\u202f") for side, count in found if count]
    return said if len(said) < 3 else [said[0], " + ".join(said[1:])]


def _legend(host: str, coercer: str) -> str:
    parts, x = [], 44.0
    called = {"host": host, "coercer": coercer, "nobody": "nobody"}
    for holder, text in called.items():
        fill = HOLDERS[holder][0]
        parts.append(element("rect", x=x, y=332.0, width=11.0, height=11.0, fill=fill, stroke="#7a7a7a"))
        parts.append(words(x + 16.0, 342.0, text, 10.0, fill="#555"))
        x += 30.0 + 5.6 * len(text)
    parts.append(element("circle", cx=x + 6.0, cy=337.5, r=6.0, fill="#222"))
    parts.append(words(x + 16.0, 342.0, "detainee", 10.0, fill="#555"))
    return "".join(parts)


def _told(sites: Sequence[Site], course: Course) -> str:
    """The map in words, for who cannot see it."""
    held = "; ".join(f"{PLACES[site.kind][2].lower()} {_state(site)}".strip() for site in sites)
    sky = AIRSPACE[course.airspace][2].format(*sides(course.scenario))
    return f"Schematic map of the theatre on day {course.day:g}: {held}. {sky}."
