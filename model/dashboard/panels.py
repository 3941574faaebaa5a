"""The main series, a small panel each: the run that is seen, the one it is compared with, and the bands behind."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from model.dashboard.course import Course
from model.dashboard.replicates import Replicates
from model.dashboard.svg import Days, area, drawn, element, line, picture, words
from model.report.style import SERIES, thinned

WIDTH, HEIGHT = 320.0, 150.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 306.0, 26.0, 126.0
#: series whose axis begins at 0 and reaches at least so far, so that small changes look small
REACH = {
    "remittance_index": 1.25, "output_index": 1.1, "poverty_rate": 0.4, "fx_premium": 0.1, "army_strength": 1.0,
    "protesters": 1000.0,
}  # fmt: skip
TICKS = 4
#: the five quantiles as bands: lower, upper, how dark
BANDS = ((0, 4, 0.15), (1, 3, 0.25))


def panels(courses: Sequence[Course], replicates: Replicates | None = None) -> list[str]:
    """A picture for each series of the report that the case has."""
    lacking = {name for name in SERIES if courses[0].days and courses[0].series(name) is None}
    return [panel(name, title, courses, replicates) for name, title in SERIES.items() if name not in lacking]


def panel(name: str, title: str, courses: Sequence[Course], replicates: Replicates | None) -> str:
    """One series of all courses by day, with the 90 % and 50 % bands and the median of the replicates."""
    days = Days(courses[0].settings.days, LEFT, RIGHT)
    bands = {
        course.scenario.name: found
        for course in courses
        if replicates is not None and (found := replicates.bands(course.scenario.name, name)) is not None
    }
    lines = [course.series(name) for course in courses]
    most = max(
        [
            REACH[name],
            *(float(b.max()) for b in bands.values()),
            *(float(v.max()) for v in lines if v is not None),
        ]
    )
    step = _step(most)
    top = step * np.ceil(most / step - 1e-9)

    def y(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * value / float(top)

    parts = [words(4.0, 13.0, title, 11.5, font_weight="600")]
    for tick in np.arange(0.0, float(top) + step / 2.0, step):
        parts.append(element("line", x1=LEFT, x2=RIGHT, y1=y(tick), y2=y(tick), stroke="#ececec"))
        parts.append(
            words(
                LEFT - 5.0,
                y(tick) + 3.5,
                f"{tick:,.10g}".replace(",", "\u202f"),
                9.5,
                text_anchor="end",
                fill="#666",
            )
        )
    parts.append(days.names(BOTTOM + 14.0, TOP))
    for place, course in reversed(list(enumerate(courses))):
        if course.scenario.name in bands:
            parts += _fan(bands[course.scenario.name], days, y, place)
    for place, found in reversed(list(enumerate(lines))):
        if found is not None:
            parts += _run(found, days, y, place)
    return picture(WIDTH, HEIGHT, _told(title, courses, lines), *parts)


def _step(most: float) -> float:
    """A round distance of ticks, some TICKS up to the top."""
    rough = most / TICKS
    power = 10.0 ** np.floor(np.log10(rough))
    return float(next(step * power for step in (1.0, 2.0, 2.5, 5.0, 10.0) if step * power >= rough))


def _run(found: np.ndarray, days: Days, y: Callable[[float], float], place: int) -> list[str]:
    """The line of one run, with a point where it stands."""
    points = [(days.x(int(day) + 1), y(float(found[day]))) for day in thinned(len(found), 120)]
    colour, dash = drawn(place).colour, "6 4" if place else None
    end = element("circle", cx=points[-1][0], cy=points[-1][1], r=2.6, fill=colour)
    return [line(points, stroke=colour, stroke_width=2.2 - 0.4 * place, stroke_dasharray=dash), end]


def _fan(bands: np.ndarray, days: Days, y: Callable[[float], float], place: int) -> list[str]:
    kept = thinned(bands.shape[1], 120)
    at = [days.x(int(day) + 1) for day in kept]
    lines = [[(x, y(float(row[day]))) for x, day in zip(at, kept, strict=True)] for row in bands]
    colour = drawn(place).colour
    parts = [area(lines[high], lines[low], fill=colour, fill_opacity=shade) for low, high, shade in BANDS]
    return [*parts, line(lines[2], stroke=colour, stroke_width=1.0, stroke_dasharray="1.5 2")]


def _told(title: str, courses: Sequence[Course], lines: Sequence[np.ndarray | None]) -> str:
    told = [
        f"{course.scenario.title} {found[-1]:.3g} on day {course.days}"
        for course, found in zip(courses, lines, strict=True)
        if found is not None
    ]
    return ". ".join([title, *told])
