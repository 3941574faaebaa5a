"""How all figures look: colours that the colour-blind can tell apart, each with a line and a hatch of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

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
    "status_quo": ("#999999", "."),
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


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of a size in inches, outside any window."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def look(place: int) -> Look:
    """How the scenario at a place is drawn; the baseline is at place 0."""
    return LOOKS[place % len(LOOKS)]


def thinned(length: int, points: int = POINTS) -> np.ndarray:
    """Indices of at most `points` of a line's points, the first and the last among them."""
    return np.unique(np.linspace(0, length - 1, min(points, length)).round().astype(int))


def by_day(axes: Axes, days: int) -> None:
    """An axis of days from the visit on."""
    axes.set_xlim(0, days)
    axes.set_xlabel("days since the visit")


def name_lines(axes: Axes, names: Sequence[str], ends: Sequence[float], days: float) -> None:
    """Write the names of lines at their right ends, apart from each other, each in its colour."""
    low, high = axes.get_ylim()
    gap = 0.06 * (high - low)
    order = np.argsort(ends, kind="stable")
    place = -np.inf
    for i in order:
        place = max(float(ends[i]), place + gap)
        axes.annotate(
            names[i], (days, min(max(float(ends[i]), low), high)), (days * 1.02, place), fontsize=8,
            color=look(int(i)).colour, va="center", annotation_clip=False,
        )  # fmt: skip
