"""Scenario discovery: under which conditions does an outcome come about?

PRIM (Friedman and Fisher 1999; Bryant and Lempert 2010), as the EMA Workbench does it, peels a box off the space of
the numbers until the outcome is frequent within. Hundreds of numbers and a thousand lucky runs always give some box,
so three things keep chance out: only numbers whose values differ between runs with and without the outcome are
looked at (Kolmogorov and Smirnov; Hornberger and Spear 1981), restrictions that the quasi-p-value does not bear out
are dropped, and every box is found on one half of the runs and judged on the other.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

    from model.analysis.expression import Expression

Mask = npt.NDArray[np.bool_]
#: a number is looked at if chance would part it so in fewer than this share of draws; and how many at most
NOTICED, LOOKED_AT = 0.01, 40
#: a restriction stays if its quasi-p-value is below this, and a box is borne out if its p-value on other runs is
BORNE_OUT = 0.05
#: runs that a box holds at least, and runs of either kind that a search needs
LEAST_MASS, LEAST_RUNS = 0.05, 10


@dataclass(frozen=True)
class Limit:
    """What a box asks of one number: low and high in its unit (None: no limit), with their quasi-p-values."""

    key: str
    low: float | None
    high: float | None
    p_low: float | None
    p_high: float | None


@dataclass(frozen=True)
class Fit:
    """How a box does on some runs: how many there are, how many lie inside, cases (those with the outcome), hits
    (cases inside)."""

    runs: int
    inside: int
    cases: int
    hits: int

    @property
    def coverage(self) -> float:
        """Share of the cases that lie in the box; 0 where there are none."""
        return self.hits / self.cases if self.cases else 0.0

    @property
    def density(self) -> float:
        """Share of the runs in the box that are cases; 0 of an empty box."""
        return self.hits / self.inside if self.inside else 0.0

    @property
    def p(self) -> float:
        """How often so many of as many runs drawn from all would be cases (binomial tail); 1 of an empty box."""
        from scipy.stats import binom

        return float(binom.sf(self.hits - 1, self.inside, self.base)) if self.inside else 1.0

    @property
    def base(self) -> float:
        """Share of all runs that are cases."""
        return self.cases / self.runs if self.runs else 0.0


@dataclass(frozen=True)
class Box:
    """Limits, strongest first, and how the box does on the runs that it was found on and on those kept apart."""

    limits: tuple[Limit, ...]
    found: Fit
    apart: Fit

    @property
    def borne_out(self) -> bool:
        """Whether the outcome is more frequent in the box on the runs kept apart too, beyond chance."""
        return self.apart.p < BORNE_OUT


def inside(x: pd.DataFrame, limits: Sequence[Limit]) -> Mask:
    """Which runs (rows of x) lie within all limits, ends included."""
    mask = np.ones(len(x), dtype=bool)
    for limit in limits:
        values = x[limit.key].to_numpy()
        mask &= (values >= (-np.inf if limit.low is None else limit.low)) & (
            values <= (np.inf if limit.high is None else limit.high)
        )
    return mask


def fit(x: pd.DataFrame, y: Mask, limits: Sequence[Limit], left: Mask | None = None) -> Fit:
    """How limits do on runs; left: those not yet in a former box, among which alone it may catch."""
    within = inside(x, limits) & (np.ones(len(x), dtype=bool) if left is None else left)
    return Fit(len(y), int(within.sum()), int(y.sum()), int((y & within).sum()))


def parted(
    condition: Expression, frames: Mapping[str, pd.DataFrame], main: str
) -> tuple[pd.DataFrame, Mask, Mask]:
    """Runs of the scenario `main`, whether the condition holds in each, and which are kept apart (`kept_apart`).

    frames: runs by scenario (`frames.runs_frame`); what the condition says of another scenario is taken from its
    run of the same point and replicate. A run of which the condition cannot be told, or that lacks its partner,
    is left out. Raises KeyError for a column that the runs do not hold.
    """
    runs = frames[main]
    columns: dict[str, Any] = {}
    paired = np.ones(len(runs), dtype=bool)
    for name in condition.names:
        column, _, other = name.partition("@")
        if not other:
            columns[name] = runs[column]
            continue
        there = frames[other].set_index(["point", "replicate"])[column]
        places = list(zip(runs["point"], runs["replicate"], strict=True))
        columns[name] = list(there.reindex(places)) if len(there) else [None] * len(places)
        paired &= np.array([place in there.index for place in places], dtype=bool)
    held = condition.evaluate(columns) if len(runs) else np.zeros(0)
    known = paired & ~np.isnan(held)
    kept = runs[known].reset_index(drop=True)
    return kept, held[known] > 0.5, kept_apart(runs)[known]


def kept_apart(runs: pd.DataFrame) -> Mask:
    """Which runs a box is judged on: those of odd replicates; where each point has one, half of the points.

    That half is drawn once for all, since every other point of a grid may be one end of a number.
    """
    replicates = runs["replicate"].to_numpy()
    if len(np.unique(replicates)) > 1:
        return np.asarray(replicates % 2 == 1)
    points = np.unique(runs["point"].to_numpy())
    half = np.random.Generator(np.random.PCG64(0)).permutation(points)[: len(points) // 2]
    return np.isin(runs["point"].to_numpy(), half)


def telling(x: pd.DataFrame, y: Mask) -> list[str]:
    """Numbers whose values differ between runs with and without the outcome, the most different first."""
    from scipy.stats import ks_2samp

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # exact p-values may not be had; then asymptotic ones
        found = {str(key): ks_2samp(x[key][y], x[key][~y]) for key in x}
    noticed = {key: test.statistic for key, test in found.items() if test.pvalue < NOTICED}
    return sorted(noticed, key=lambda key: (-noticed[key], key))[:LOOKED_AT]


def find_boxes(x: pd.DataFrame, y: Mask, apart: Mask, boxes: int = 3, most: int = 4) -> list[Box]:
    """Up to `boxes` boxes of at most `most` numbers each, the first the best; none where no number is telling.

    x: numbers of each run; y: whether the outcome came about; apart: runs kept to judge by. A box is the point on
    the peeling trajectory where coverage exceeds the share of other runs caught by most (Youden 1950), which does
    not depend on how frequent the outcome is. The search ends at a box that is no denser than all runs.
    """
    known, cases = x[~apart].reset_index(drop=True), y[~apart]
    if min(int(cases.sum()), int((~cases).sum())) < LEAST_RUNS:
        return []
    keys = telling(known, cases)
    if not keys:
        return []
    found: list[Box] = []
    left, judged = np.ones(len(known), dtype=bool), np.ones(int(apart.sum()), dtype=bool)
    other, verdict = x[apart].reset_index(drop=True), y[apart]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the workbench's use of pandas and its optional packages
        search = _prim()(known[keys], cases, threshold=max(float(cases.mean()), 1e-9), mass_min=LEAST_MASS)
        for _ in range(boxes):
            if int(cases[left].sum()) < LEAST_RUNS:
                break
            limits = _peeled(search.find_box(), known, most)
            own = fit(known, cases, limits, left)
            if not limits or own.density <= own.base:
                break
            found.append(Box(limits, own, fit(other, verdict, limits, judged)))
            left &= ~inside(known, limits)
            judged &= ~inside(other, limits)
    return found


def _prim() -> Any:
    from ema_workbench.analysis.prim import Prim

    return Prim


def _peeled(box: Any, x: pd.DataFrame, most: int) -> tuple[Limit, ...]:
    """The best of a peeling trajectory, without the restrictions that are not borne out."""
    way = box.peeling_trajectory
    others = way["n"] - way["k"]
    caught = way["k"] / max(float(way["k"].iloc[0]), 1.0) - others / max(float(others.iloc[0]), 1.0)
    box.select(int(caught[way["res_dim"] <= most].idxmax()))
    while True:
        now = box._cur_box
        worth = {key: min(p for p in ps if p >= 0.0) for key, ps in box.qp[now].items()}
        weak = max(worth, key=lambda key: (worth[key], key), default=None)
        if weak is None or worth[weak] < BORNE_OUT:
            break
        box.drop_restriction(weak, now)
    return _limits(box.box_lims[now], box.qp[now], x)


def _limits(lims: pd.DataFrame, qp: Mapping[str, Sequence[float]], x: pd.DataFrame) -> tuple[Limit, ...]:
    limits = []
    for key, (p_low, p_high) in qp.items():
        low, high = float(lims[key].iloc[0]), float(lims[key].iloc[1])
        below, above = low > float(x[key].min()), high < float(x[key].max())
        limits.append(
            Limit(
                str(key),
                low if below else None,
                high if above else None,
                float(p_low) if below and p_low >= 0.0 else None,
                float(p_high) if above and p_high >= 0.0 else None,
            )
        )
    return tuple(sorted(limits, key=lambda one: (_strength(one), one.key)))


def _strength(limit: Limit) -> float:
    return min(p for p in (limit.p_low, limit.p_high, 1.0) if p is not None)
