"""How all figures look: colours that the colour-blind can tell apart, each with a line and a hatch of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: most points of a line: more cannot be seen, and the page has to stay small
POINTS = 60


class Look(NamedTuple):
    """How one scenario is drawn: never by its colour alone."""

    colour: str
    line: tuple[float, tuple[float, ...]]
    marker: str


#: the baseline, then the others in turn (Okabe and Ito 2008)
LOOKS = (
    Look("#6b6b6b", (0, (4, 2)), "o"),
    Look("#d55e00", (0, ()), "s"),
    Look("#0072b2", (0, (6, 2)), "^"),
    Look("#009e73", (0, (1, 1)), "D"),
    Look("#cc79a7", (0, (6, 2, 1, 2)), "v"),
    Look("#e69f00", (0, (3, 1, 1, 1)), "P"),
)
#: from nothing to the gravest, for what has an order; each with a hatch
STEPS = ("#f2f0e9", "#c9d6df", "#7ea6c4", "#e08a4f", "#8c2d19")
HATCHES = ("", "..", "//", "xx", "oo")
#: bands of Kahn's ladder: highest rung, name
BANDS = (
    (1, "calm"),
    (4, "words"),
    (7, "show of force, harassment"),
    (8, "violence short of battle"),
    (44, "battle for a place"),
)
#: end state -> how it is drawn: colour and hatch
ENDS = {
    "not_arrested": ("#f2f0e9", ""),
    "refused": ("#d9d9d9", ""),
    "visit_cancelled": ("#bdbdbd", ".."),
    "released": ("#56b4e9", ""),
    "arrest_failed": ("#999999", "//"),
    "held": ("#f0e442", ""),
    "standoff": ("#f0e442", "xx"),
    "surrendered": ("#009e73", "//"),
    "freed": ("#d55e00", ""),
    "died": ("#222222", ""),
}
#: class of acts -> colour and marker
CLASSES = {
    "deescalation": ("#009e73", "v"),
    "status_quo": ("#999999", "d"),
    "posturing": ("#e69f00", "o"),
    "nonviolent": ("#0072b2", "s"),
    "violent": ("#d55e00", "X"),
}
#: main series -> title of its panel
SERIES = {
    "remittance_index": "Remittances (1: what the season would bring)",
    "output_index": "Output (1: normal)",
    "poverty_rate": "Poor households (share)",
    "fx_premium": "Street premium on the dollar (share)",
    "army_strength": "Army under command (share)",
    "protesters": "People in the streets",
}
#: days that are named on a stretched axis
NAMED_DAYS = (0, 1, 3, 7, 14, 30, 60, 90, 180, 365, 730, 1095)
INK, FAINT = "#222222", "#d8d8d8"
#: what readers may search in a saved figure, and what would differ from day to day
METADATA = {"Date": None, "Creator": None}

_RC: dict[Any, Any] = {
    "svg.hashsalt": "report", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 9.0,
    "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": "#888888", "axes.labelsize": 9.0,
    "axes.titlesize": 9.5, "axes.titlelocation": "left", "axes.titleweight": "bold", "text.color": INK,
    "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK, "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0, "hatch.linewidth": 0.4, "legend.frameon": False, "legend.fontsize": 8.5,
    "path.simplify": True, "pdf.fonttype": 42,
}  # fmt: skip


@contextmanager
def drawing() -> Iterator[None]:
    """The style of the figures, while one is made or saved; also as a decorator of what makes one."""
    import matplotlib

    with matplotlib.rc_context(_RC):
        yield


def new_figure(width: float, height: float, by_hand: bool = False) -> Figure:
    """An empty figure of a size in inches, outside any window; its parts are fitted to each other unless by hand."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout=None if by_hand else "constrained")


def look(place: int) -> Look:
    """How the scenario at a place is drawn; the baseline is at place 0."""
    return LOOKS[place % len(LOOKS)]


def thinned(length: int, points: int = POINTS, stretched: bool = False) -> np.ndarray:
    """Indices of at most `points` of a line's points, the first and the last among them; stretched: as `by_day`."""
    even = np.linspace(0.0, 1.0, min(points, length))
    return np.unique(((even**2 if stretched else even) * (length - 1)).round().astype(int))


def by_day(axes: Axes, days: int, stretched: bool = False) -> None:
    """An axis of days from the visit on. stretched: the first days wider (a square root), since most happens then."""
    if stretched:
        axes.set_xscale("function", functions=(_root, _square))
        ticks = [day for day in NAMED_DAYS if day <= days]
        axes.set_xticks(ticks, [str(day) for day in ticks])
        axes.tick_params(axis="x", which="minor", bottom=False)
    axes.set_xlim(0, days)
    axes.set_xlabel("days since the visit" + (", the first ones stretched" if stretched else ""))


def _root(days: np.ndarray) -> np.ndarray:
    return np.sign(days) * np.sqrt(np.abs(days))


def _square(places: np.ndarray) -> np.ndarray:
    return np.sign(places) * np.square(places)


def by_share(axes: Axes, which: Literal["x", "y"]) -> None:
    """An axis of shares from 0 to 1, in per cent."""
    from matplotlib.ticker import PercentFormatter

    (axes.set_xlim if which == "x" else axes.set_ylim)(0.0, 1.0)
    (axes.xaxis if which == "x" else axes.yaxis).set_major_formatter(PercentFormatter(1.0, decimals=0))


def interval(axes: Axes, value: float, low: float, high: float, place: int, filled: bool) -> None:
    """A point with its interval in a row; filled (and in colour) or hollow, never told by the colour alone."""
    if not np.isfinite(value):
        return
    colour = look(1).colour if filled else look(0).colour
    spread = [[max(value - low, 0.0)], [max(high - value, 0.0)]] if np.isfinite([low, high]).all() else None
    axes.errorbar(
        [value], [place], xerr=spread, fmt="o" if filled else "D", ms=3.5, lw=1.0, color=colour,
        mfc=colour if filled else "white",
    )  # fmt: skip
