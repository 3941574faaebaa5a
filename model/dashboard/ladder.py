"""The ladder over time: in which band of Kahn's ladder the gravest act stands, day by day.

The bands are an order, not a scale, so that runs are counted in them and never averaged.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.dashboard.course import Course
from model.dashboard.replicates import Replicates
from model.dashboard.svg import Days, drawn, element, line, picture, words
from model.report.style import BANDS, STEPS

WIDTH, HEIGHT = 480.0, 196.0
LEFT, RIGHT, TOP, BOTTOM = 118.0, 470.0, 8.0, 168.0
ROW = (BOTTOM - TOP) / len(BANDS)
#: most days that are drawn as cells of their own
CELLS = 90


def band(rung: float) -> int:
    """Place of a rung's band in BANDS, from 0."""
    return next(place for place, (top, _) in enumerate(BANDS) if rung <= top)


def ladder(courses: Sequence[Course], replicates: Replicates | None = None) -> str:
    """A row a band, the paths of the runs on it, and behind them the share of the replicates in each band."""
    days = Days(courses[0].settings.days, LEFT, RIGHT)
    parts = []
    for place, (_, name) in enumerate(BANDS):
        y = _row(place)
        parts.append(
            element("rect", x=0.0, y=y + 3.0, width=5.0, height=ROW - 6.0, fill=STEPS[place], stroke="#999")
        )
        parts.append(words(10.0, y + ROW / 2.0 + 3.5, _short(name), 10.0))
        parts.append(element("line", x1=LEFT, x2=RIGHT, y1=y + ROW, y2=y + ROW, stroke="#e0e0e0"))
    if replicates is not None:
        parts += _shares(replicates, courses[0].scenario.name, days)
    parts.append(days.names(BOTTOM + 14.0, TOP))
    parts += [_path(course, place, days) for place, course in reversed(list(enumerate(courses)))]
    parts.append(
        words(
            RIGHT,
            HEIGHT - 2.0,
            "days since the visit, the first ones stretched",
            9.5,
            text_anchor="end",
            fill="#666",
        )
    )
    return picture(WIDTH, HEIGHT, _told(courses), *parts)


def _row(place: int) -> float:
    """Upper edge of a band's row; calm is at the bottom."""
    return BOTTOM - (place + 1) * ROW


def _short(name: str) -> str:
    return {"show of force, harassment": "show of force", "violence short of battle": "violence"}.get(
        name, name
    )


def _path(course: Course, place: int, days: Days) -> str:
    """The band of each day as steps; the comparison lies a little lower, so that both are seen."""
    found = course.series("rung")
    if found is None:
        return ""
    points: list[tuple[float, float]] = []
    for day, rung in enumerate(found):
        y = _row(band(float(rung))) + ROW / 2.0 + 5.0 * place
        points += [(days.x(day), y), (days.x(day + 1), y)]
    dash = "7 4" if place else None
    return line(points, stroke=drawn(place).colour, stroke_width=3.0 - 0.5 * place, stroke_dasharray=dash)


def _shares(replicates: Replicates, scenario: str, days: Days) -> list[str]:
    """A cell a day and band, the darker the more of the runs are there."""
    values = replicates.values(scenario, "rung")
    if not len(values):
        return []
    edges = np.unique((np.linspace(0.0, 1.0, CELLS + 1) ** 2 * days.days).round().astype(int))
    parts = []
    tops = np.array([top for top, _ in BANDS])
    for first, last in zip(edges[:-1], edges[1:], strict=True):
        bands = np.searchsorted(tops, values[:, first])
        for place in range(len(BANDS)):
            share = float((bands == place).mean())
            if share > 0.0:
                x = days.x(int(first))
                parts.append(
                    element(
                        "rect", x=x, y=_row(place) + 1.0, width=days.x(int(last)) - x + 0.3, height=ROW - 2.0,
                        fill="#0072b2", fill_opacity=f"{0.08 + 0.6 * share:.2f}",
                    )
                )  # fmt: skip
    return parts


def _told(courses: Sequence[Course]) -> str:
    told = []
    for course in courses:
        found = course.series("rung")
        where = "before the first day" if found is None else BANDS[band(float(found[-1]))][1]
        told.append(f"{course.scenario.title}: {where}")
    return "The ladder over time. " + "; ".join(told)
