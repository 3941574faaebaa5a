"""SVG as text, element by element; whatever comes from outside comes out as text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from model.report.style import INK, Look, look

#: days that are named on an axis of days
NAMED_DAYS = (0, 1, 3, 7, 14, 30, 60, 90, 180, 365, 730, 1095)


def drawn(place: int) -> Look:
    """How the run at a place is drawn: the one that is seen, then the one it is compared with, as a baseline."""
    return look(1 - place)


def element(name: str, *inside: str, **attributes: object) -> str:
    """An element with what is inside it, already SVG; `_` in the name of an attribute stands for `-`."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_said(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{given}>{''.join(inside)}</{name}>"


def _said(value: object) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def words(x: float, y: float, text: str, size: float = 11.0, **attributes: object) -> str:
    """A line of text at a place."""
    given: dict[str, object] = {"fill": INK} | attributes
    return element("text", escape(text), x=float(x), y=float(y), font_size=size, **given)


def picture(width: float, height: float, title: str, *inside: str) -> str:
    """A whole picture, as wide as its place; the title is read out to who cannot see it."""
    return element(
        "svg", *inside, viewBox=f"0 0 {width:g} {height:g}", role="img", aria_label=title,
        font_family="system-ui, sans-serif", xmlns="http://www.w3.org/2000/svg",
    )  # fmt: skip


def line(points: Sequence[tuple[float, float]], **attributes: object) -> str:
    """A line through points, not filled."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return element("polyline", points=path, fill="none", stroke_linejoin="round", **attributes)


def area(
    upper: Sequence[tuple[float, float]], lower: Sequence[tuple[float, float]], **attributes: object
) -> str:
    """What lies between two lines."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (*upper, *reversed(lower)))
    return element("polygon", points=path, **attributes)


class Days:
    """An axis of days from `left` to `right`: the first days are stretched (a square root), since most happens then."""

    def __init__(self, days: int, left: float, right: float) -> None:
        self.days, self.left, self.right = days, left, right

    def x(self, day: float) -> float:
        """Where a day lies."""
        return self.left + (self.right - self.left) * math.sqrt(max(day, 0.0) / self.days)

    def names(self, y: float, top: float) -> str:
        """Names of the days at height y, with a faint line up to `top` at each."""
        marks = []
        last = -math.inf
        for day in (*(day for day in NAMED_DAYS if day < self.days), self.days):
            x = self.x(day)
            if x - last < 17.0:
                continue
            last = x
            marks.append(element("line", x1=x, x2=x, y1=y - 11.0, y2=float(top), stroke="#e8e8e8"))
            marks.append(words(x, y, str(day), 9.5, text_anchor="middle", fill="#666"))
        return "".join(marks)
