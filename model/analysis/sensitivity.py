"""Which numbers an outcome depends on: Morris screening, Sobol indices, PAWN, and what is left to chance.

Designs are tables of shares (points, keys): where each number stands in its distribution, 0-1. Every point is run
with the same replicates of luck, and what is analysed is the mean over them, which under common random numbers is
one function of the numbers. Samplers and estimators are those of SALib; what stands here is the way from numbers to
designs, and the parting of chance from numbers.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from model.analysis.measures import Floats

if TYPE_CHECKING:
    import pandas as pd

#: levels of the grid on which Morris moves: the ends of a range and two thirds between
LEVELS = 4
#: bootstrap samples behind the interval of an index
RESAMPLES = 500
#: slices of PAWN, and random columns that show what it says of a number without influence
SLICES, DUMMIES = 10, 20


def _problem(keys: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(keys), "names": list(keys), "bounds": [[0.0, 1.0]] * len(keys)}


def morris_design(keys: Sequence[str], trajectories: int, seed: int) -> Floats:
    """Shares of a Morris design (1991): trajectories x (keys + 1) points, each a step in one number."""
    from SALib.sample import morris

    shares: Floats = morris.sample(_problem(keys), trajectories, num_levels=LEVELS, seed=seed)
    return np.round(shares, 12)


def sobol_design(keys: Sequence[str], base: int, seed: int) -> Floats:
    """Shares of a Saltelli design (2010): base x (keys + 2) points; base is a power of 2."""
    from SALib.sample import sobol

    shares: Floats = sobol.sample(_problem(keys), base, calc_second_order=False, seed=seed)
    return shares


def independent(points: int, keys: int) -> Floats:
    """Which points of a Saltelli design are independent draws, as indices: the first and last of each block."""
    starts = np.arange(0, points, keys + 2)
    return np.sort(np.concatenate([starts, starts + keys + 1]))


def screening(keys: Sequence[str], shares: Floats, y: Floats, seed: int) -> pd.DataFrame:
    """Elementary effects by key: mu, mu_star with a bootstrap interval (low, high), sigma; in units of y.

    An effect is the change of y over the whole range of a number, from a step of two thirds of it (Morris 1991;
    mu_star by Campolongo and others 2007).
    """
    import pandas as pd
    from SALib.analyze import morris

    found = morris.analyze(
        _problem(keys), shares, y, num_levels=LEVELS, num_resamples=RESAMPLES, conf_level=0.95, seed=seed
    )
    table = {name: np.asarray(found[name], dtype=np.float64) for name in ("mu", "mu_star", "sigma")}
    half = np.asarray(found["mu_star_conf"], dtype=np.float64)
    table["mu_star_low"] = np.maximum(table["mu_star"] - half, 0.0)
    table["mu_star_high"] = table["mu_star"] + half
    return pd.DataFrame(table, index=pd.Index(keys, name="key"))


def most_moving(effects: Sequence[pd.DataFrame], keep: int) -> list[str]:
    """The keys that move any of some outcomes most, strongest first: mu_star against the largest of its outcome.

    A number that moves nothing at all is never among them.
    """
    worth: dict[str, float] = {}
    for table in effects:
        largest = float(table["mu_star"].max())
        for key, effect in table["mu_star"].items():
            if largest > 0.0 and effect > 0.0:
                worth[str(key)] = max(worth.get(str(key), 0.0), float(effect) / largest)
    return sorted(worth, key=lambda key: (-worth[key], key))[:keep]


def indices(keys: Sequence[str], y: Floats, seed: int) -> pd.DataFrame:
    """Sobol indices by key: first-order s1 and total st, each with a 95 % bootstrap interval (low, high).

    y: one value for each point of a Saltelli design. Estimators of Saltelli and others (2010) and Jansen (1999).
    All NaN where y does not vary.
    """
    import pandas as pd
    from SALib.analyze import sobol

    index = pd.Index(keys, name="key")
    columns = ("s1", "s1_low", "s1_high", "st", "st_low", "st_high")
    if not np.ptp(y) > 0.0:
        return pd.DataFrame(np.nan, index=index, columns=list(columns))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a resample may hold one value only
        found = sobol.analyze(
            _problem(keys),
            y,
            calc_second_order=False,
            num_resamples=RESAMPLES,
            keep_resamples=True,
            seed=seed,
        )
        table: dict[str, Floats] = {}
        for name, short in (("S1", "s1"), ("ST", "st")):
            low, high = np.nanpercentile(np.asarray(found[f"{name}_conf_all"]), (2.5, 97.5), axis=0)
            table |= {short: np.asarray(found[name]), f"{short}_low": low, f"{short}_high": high}
    return pd.DataFrame(table, index=index)[list(columns)]


def pawn(keys: Sequence[str], shares: Floats, values: Floats, seed: int) -> pd.DataFrame:
    """PAWN by key (Pianosi and Wagener 2018): the median distance (0-1) between the distribution of the values and
    that within slices of a number; and `pawn_dummy`, below which 95 % of columns without influence stay.

    Independent of moments, so that a skewed outcome is judged by all of its distribution. shares: (runs, keys);
    values: (runs,), each run apart. All NaN where the values do not vary.
    """
    import pandas as pd
    from SALib.analyze import pawn as estimator

    index = pd.Index(keys, name="key")
    known = ~np.isnan(values)
    if not known.any() or not np.ptp(values[known]) > 0.0:
        return pd.DataFrame(np.nan, index=index, columns=["pawn", "pawn_dummy"])
    random = np.random.Generator(np.random.Philox(seed)).random((len(shares), DUMMIES))
    names = [*keys, *(f"dummy {number}" for number in range(DUMMIES))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # exact p-values, which nobody asked for, may fail
        found = estimator.analyze(
            _problem(names), np.hstack([shares, random])[known], values[known], S=SLICES, seed=seed
        )
    medians = np.asarray(found["median"], dtype=np.float64)
    dummy = float(np.quantile(medians[len(keys) :], 0.95))
    return pd.DataFrame({"pawn": medians[: len(keys)], "pawn_dummy": dummy}, index=index)


@dataclass(frozen=True)
class Chance:
    """Of what the variance of single runs is made, as shares that add to 1 (0 where nothing varies).

    numbers: the numbers alone; luck: luck alone, the same at every point; both: luck whose effect depends on the
    numbers. luck + both is pure chance: what knowing every number would leave open.
    """

    mean: float
    variance: float
    numbers: float
    luck: float
    both: float

    @property
    def pure(self) -> float:
        """Share of the variance that is left when every number is known."""
        return self.luck + self.both


def chance(table: Floats) -> Chance:
    """Components of variance of a table (points, replicates) in which every point met the same luck.

    The two-way layout with random effects and one value a cell (Searle, Casella and McCulloch 1992, chapter 4);
    negative estimates are 0. Replicates without any value, then points with an empty cell, are left out; where
    fewer than two of either are left, nothing can be parted and the shares are NaN.
    """
    empty = np.isnan(table)
    full = table[:, ~empty.all(axis=0)]
    full = full[~np.isnan(full).any(axis=1)]
    points, replicates = full.shape
    if points < 2 or replicates < 2:
        known = table[~empty]
        spread = float(known.var()) if known.size else math.nan
        return Chance(float(known.mean()) if known.size else math.nan, spread, math.nan, math.nan, math.nan)
    mean = full.mean()
    rows, columns = full.mean(axis=1) - mean, full.mean(axis=0) - mean
    rest = full - mean - rows[:, None] - columns[None, :]
    of_rest = float((rest**2).sum()) / ((points - 1) * (replicates - 1))
    of_rows = max(replicates * float((rows**2).sum()) / (points - 1) - of_rest, 0.0) / replicates
    of_columns = max(points * float((columns**2).sum()) / (replicates - 1) - of_rest, 0.0) / points
    total = of_rows + of_columns + of_rest
    shares = (part / total if total > 0.0 else 0.0 for part in (of_rows, of_columns, of_rest))
    return Chance(float(mean), total, *shares)
