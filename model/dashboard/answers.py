"""What the replicates say, as a piece of a page: how it ends, how often what is feared comes about, against what."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from model.analysis.statistics import paired_share_interval
from model.dashboard.replicates import MARKS, Replicates, Share
from model.dashboard.svg import element, picture, words
from model.report.style import ENDS, INK

WIDTH, BAR, ROW = 440.0, 24.0, 46.0
#: sign of a hatch of the report -> the pattern that stands for it here
HATCHES = {"x": "cross", ".": "dots", "/": "lines"}


def endings(replicates: Replicates) -> str:
    """A bar a scenario: shares of the runs by how the matter ended first, as SVG."""
    names = list(replicates.scenarios)
    parts: list[str] = []
    told = []
    seen: dict[str, None] = {}
    for row, name in enumerate(names):
        ends = replicates.ends(name)
        seen |= dict.fromkeys(ends)
        parts.append(
            words(
                0.0,
                row * ROW + 12.0,
                f"{replicates.scenarios[name].title} ({replicates.count(name)} runs)",
                11.5,
            )
        )
        parts += _bar(ends, row * ROW + 17.0)
        told.append(
            f"{name}: " + ", ".join(f"{_called(end)} {share.share:.0%}" for end, share in ends.items())
        )
    height = len(names) * ROW + 22.0
    return picture(
        WIDTH, height, "How the matter ends. " + "; ".join(told), _hatches(), *parts, _legend(seen, height)
    )


def _called(end: str) -> str:
    return end.replace("_", " ")


def _bar(ends: dict[str, Share], y: float) -> Iterator[str]:
    x = 0.0
    for end, share in ends.items():
        colour, hatch = ENDS[end]
        width = WIDTH * share.share
        place: dict[str, object] = {"x": x, "y": y, "width": width, "height": BAR}
        yield element("rect", fill=colour, stroke=INK, stroke_width=0.5, **place)
        if hatch:
            kind = next(HATCHES[sign] for sign in HATCHES if sign in hatch)
            yield element("rect", fill=f"url(#hatch-{kind})", **place)
        if share.share >= 0.07:
            ink = "#fff" if end in ("died", "freed", "surrendered") else INK
            middle: dict[str, object] = {"text_anchor": "middle", "font_weight": "600", "fill": ink}
            yield words(x + width / 2.0, y + 16.0, f"{share.share:.0%}", 11.0, **middle)
        x += width


def _hatches() -> str:
    """Hatches beside the colours, for who cannot tell these apart."""
    line = {"stroke": INK, "stroke_width": 0.8, "stroke_opacity": 0.55}
    box = {"width": 8.0, "height": 8.0, "patternUnits": "userSpaceOnUse"}
    return element(
        "defs",
        element("pattern", element("line", x1=0.0, y1=8.0, x2=8.0, y2=0.0, **line), id="hatch-lines", **box),
        element("pattern", element("circle", cx=4.0, cy=4.0, r=1.0, fill=INK), id="hatch-dots", **box),
        element(
            "pattern", element("line", x1=0.0, y1=8.0, x2=8.0, y2=0.0, **line),
            element("line", x1=0.0, y1=0.0, x2=8.0, y2=8.0, **line), id="hatch-cross", **box,
        ),
    )  # fmt: skip


def _legend(ends: dict[str, None], height: float) -> str:
    parts, x = [], 0.0
    for end in ENDS:
        if end in ends:
            parts.append(
                element(
                    "rect",
                    x=x,
                    y=height - 13.0,
                    width=10.0,
                    height=10.0,
                    fill=ENDS[end][0],
                    stroke=INK,
                    stroke_width=0.5,
                )
            )
            parts.append(words(x + 14.0, height - 4.0, _called(end), 10.5))
            x += 30.0 + 6.2 * len(end)
    return "".join(parts)


def table(replicates: Replicates) -> str:
    """The shares with their intervals, and the paired difference where two scenarios are compared, as HTML."""
    names = [name for name in replicates.scenarios if replicates.count(name)]
    if not names:
        return ""
    heads = [replicates.scenarios[name].title for name in names] + ["Difference"] * (len(names) == 2)
    head = element(
        "tr",
        element("th", "In the runs", scope="col"),
        *(element("th", escape(text), scope="col") for text in heads),
    )
    rows = []
    for mark, text in MARKS.items():
        cells = [_cell(replicates.mark(name, mark)) for name in names]
        if len(names) == 2:
            cells.append(_difference(replicates, names, mark))
        rows.append(
            element("tr", element("th", escape(text), scope="row"), *(element("td", cell) for cell in cells))
        )
    return element("table", element("thead", head), element("tbody", *rows))


def _cell(share: Share | None) -> str:
    return "" if share is None else f"{share.share:.0%} <small>({share.low:.0%} to {share.high:.0%})</small>"


def _difference(replicates: Replicates, names: list[str], mark: str) -> str:
    """First less second scenario over the replicates that both have finished, in points, with a 95 % interval."""
    first, second = (replicates.finished[name] for name in names)
    both = sorted(first.keys() & second.keys())
    pairs = [(_came(first[k][mark], mark), _came(second[k][mark], mark)) for k in both]
    gained = sum(one and not other for one, other in pairs)
    lost = sum(other and not one for one, other in pairs)
    low, high = paired_share_interval(gained, lost, len(pairs))
    if low is None or high is None:
        return ""
    return f"{100.0 * (gained - lost) / len(pairs):+.0f} <small>({100.0 * low:+.0f} to {100.0 * high:+.0f})</small>"


def _came(value: object, mark: str) -> bool:
    return value is not None if mark.startswith("days_to_") else bool(value)
