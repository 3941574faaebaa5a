"""Calibration: which joint values of the behavioural numbers replay history best.

A table is simulated once: parameter sets drawn from the prior, each over all episodes. What is learnt from it is what
replays *say*, not how well they score: every score here is a squared difference between a cumulative distribution and
the step of what was observed (`scores.thresholds`), so for each finding the share of a set's replays at or below each
threshold is emulated from the numbers (`emulator.py`), one emulator for all findings of a kind. A single replay is
an unbiased word about a distribution, so sets need no more than one.

A set's loss is the mean over the kinds of the headline of the scores that its replays are expected to have, against
the base rate's. An emulator is linear in its terms, so a loss is a quadratic form of them. What is emulated is not cut
to 0-1 nor made to rise along the thresholds: at few of them it leaves that range, and then counts as too far off.

The posterior is drawn from fresh sets of the prior by their loss: those expected to do worse than the base rate are
ruled out (history matching; Craig and others 1997), the others weigh exp(-loss / tau). tau is the sharpest that keeps
REACH effective sets among the candidates (tempering; Del Moral, Doucet and Jasra 2006). REACH was chosen once, on a
former table; nothing else about it is chosen by how well it forecasts.

Leave-one-out: the findings of the other episodes, with base rates that do not know the one left out, make a
posterior of their own, and the episode is replayed afresh with it. That replays of the one left out help to say which
numbers matter tells nothing of what was observed in it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from model.analysis.backtest import LEAST, Samples, base_rate
from model.analysis.emulator import Emulator, Floats, Table, basis
from model.analysis.scores import score, thresholds
from model.analysis.skill import NEVER_WRONG
from model.episode import KINDS, Episode

#: effective number of candidates that a posterior keeps; sharper ones tell less of episodes left out (decisions.md)
REACH = 1000.0
#: scales of the weights between which the sharpest is sought, and halvings of that interval
SHARPEST, WIDEST, HALVINGS = 1e-4, 1e3, 16
#: draws of a posterior
DRAWS = 200
#: points of the axes of days and counts at which distributions are emulated
POINTS = 50
#: candidates whose features are in memory at a time
AT_A_TIME = 10_000

#: episode -> point -> samples by kind
TableOfSets = Mapping[str, Sequence[Samples]]


@dataclass(frozen=True)
class Posterior:
    """What the losses say: tau, the emulated mean loss of the prior and of the posterior, and draws.

    draws: indices of candidates; reach: effective number of candidates behind them.
    """

    tau: float
    prior: float
    loss: float
    draws: list[int]
    reach: float


class Evidence:
    """What a table says that replays with any numbers would say, and the loss of that with any episodes left out.

    positions: (sets, numbers) of the sets of the table. emulators: by kind; the outputs are the thresholds of the
    first finding of the kind, then of the second, in the order of the episodes.
    """

    def __init__(self, episodes: Sequence[Episode], table: TableOfSets, positions: Floats) -> None:
        self._episodes = episodes
        counts = {kind: sum(kind in e.observed for e in episodes) for kind in KINDS}
        judged = [k for k, count in counts.items() if count >= LEAST and not KINDS[k].conditional]
        known = Table(positions)
        self.emulators: dict[str, Emulator] = {}
        axes: dict[tuple[str, str], list[float]] = {}  # (kind, episode) -> thresholds
        for kind in judged:
            own = [e for e in episodes if kind in e.observed and any(s[kind] for s in table[e.name])]
            said = []
            for episode in own:
                axis = thresholds(KINDS[kind].scale, episode.watched(kind), POINTS)
                axes[kind, episode.name] = axis
                said.append(distributions([s[kind] for s in table[episode.name]], axis))
            if said:
                self.emulators[kind] = known.fit(np.hstack(said))
        self._terms = np.unique(np.concatenate([e.terms for e in self.emulators.values()]))
        self._scores = self._scores_over(axes)

    def _scores_over(self, axes: Mapping[tuple[str, str], Sequence[float]]) -> dict[tuple[str, str], Floats]:
        """The score of each finding (kind, episode) as a quadratic form of the terms and one."""
        found = {}
        by_name = {episode.name: episode for episode in self._episodes}
        used: dict[str, int] = {}
        for (kind, name), axis in axes.items():
            first = used.get(kind, 0)
            some = slice(first, first + len(axis))
            used[kind] = some.stop
            emulator, truth = self.emulators[kind], np.array(axis) >= by_name[name].value(kind)
            off = np.zeros((len(self._terms) + 1, len(axis)))
            off[np.searchsorted(self._terms, emulator.terms)] = emulator.slopes[:, some]
            off[-1] = emulator.mean[some] - truth
            found[kind, name] = off @ off.T / len(axis)
        return found

    def terms(self, candidates: Floats) -> Floats:
        """What the emulators look at, and one: candidates (candidates, numbers) to (candidates, terms + 1)."""
        parts = np.array_split(candidates, len(candidates) // AT_A_TIME + 1)
        found = np.vstack([basis(part)[:, self._terms] for part in parts])
        return np.hstack([found, np.ones((len(found), 1))])

    def without(self, *names: str) -> Floats:
        """The loss, as a quadratic form of `terms`, of findings and base rates that do not know the episodes named."""
        known = [episode for episode in self._episodes if episode.name not in names]
        sums: dict[str, Floats] = {}
        nulls: dict[str, float] = {}
        for episode in known:
            others = [other for other in known if other.name != episode.name]
            for kind in episode.observed:
                own = self._scores.get((kind, episode.name))
                if own is None:
                    continue
                scale, watched = KINDS[kind].scale, episode.watched(kind)
                null = score(scale, base_rate(kind, others, watched), episode.value(kind), watched)
                sums[kind] = sums.get(kind, 0.0) + own
                nulls[kind] = nulls.get(kind, 0.0) + null
        ratios = [sums[kind] / nulls[kind] for kind in sums if nulls[kind] > NEVER_WRONG]
        found: Floats = np.mean(np.array(ratios), axis=0)
        return found

    @property
    def explained(self) -> dict[str, float]:
        """By kind: share of the variance of what replays say that is foretold of sets not seen."""
        return {kind: emulator.explained for kind, emulator in self.emulators.items()}


def distributions(samples: Sequence[Sequence[float]], axis: Sequence[float]) -> Floats:
    """Share of each set's sample at or below each value of the axis: (sets, values).

    A set of which no replay can say is given the mean of the others, which tells of no number. Some set must say.
    """
    steps = np.array(axis)
    silent = np.full(len(steps), np.nan)
    found: Floats = np.array(
        [np.mean(np.array(own)[:, None] <= steps, axis=0) if len(own) else silent for own in samples]
    )
    return np.where(np.isnan(found), np.nanmean(found, axis=0), found)


def losses(loss: Floats, terms: Floats) -> Floats:
    """A quadratic form (terms + 1, terms + 1) at each row of terms (rows, terms + 1)."""
    found: Floats = np.sum((terms @ loss) * terms, axis=1)
    return found


def weights(loss: Floats, tau: float) -> Floats:
    """Weights that add to one and fall with the loss."""
    raw = np.exp(-(loss - np.min(loss)) / tau)
    found: Floats = raw / np.sum(raw)
    return found


def effective(weight: Floats) -> float:
    """Effective number of weighted things (Kish 1965); weights add to one."""
    return 1.0 / float(np.sum(weight**2))


def tempered(loss: Floats) -> tuple[float, Floats]:
    """The sharpest tau whose weights keep REACH effective sets (or all that there are), and the weights."""
    low, high = math.log(SHARPEST), math.log(WIDEST)
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        if effective(weights(loss, math.exp(middle))) < REACH:
            low = middle
        else:
            high = middle
    tau = math.exp(high)
    return tau, weights(loss, tau)


def systematic(weight: Floats, count: int) -> list[int]:
    """Indices of `count` draws by systematic resampling: as near to the weights as whole numbers can be."""
    chosen, reached, index = [], float(weight[0]), 0
    for draw in range(count):
        position = (draw + 0.5) / count
        while reached < position and index < len(weight) - 1:
            index += 1
            reached += float(weight[index])
        chosen.append(index)
    return chosen


def plausible(own: Floats) -> npt.NDArray[np.intp]:
    """Indices of the candidates that are not expected to do worse than the base rate, or of all if each is."""
    found = np.flatnonzero(own <= 1.0)
    return found if len(found) else np.arange(len(own))


def posterior(loss: Floats, terms: Floats) -> Posterior:
    """Draws from the candidates, given the loss as a quadratic form of their terms (candidates, terms + 1)."""
    own = losses(loss, terms)
    kept = plausible(own)
    tau, weight = tempered(own[kept])
    after = float(weight @ own[kept])
    return Posterior(
        tau, float(np.mean(own)), after, kept[systematic(weight, DRAWS)].tolist(), effective(weight)
    )


def constraint(positions: Sequence[float]) -> tuple[float, float, float]:
    """What posterior draws say of one number by its position in its prior (0-1), whatever its scale.

    Mean position (0.5 is the prior's middle), spread against the prior's (1: not narrowed), and how far the mean
    moved, in prior spreads: by chance alone about 1 / sqrt(draws).
    """
    mean = math.fsum(positions) / len(positions)
    spread = math.sqrt(math.fsum((position - mean) ** 2 for position in positions) / len(positions))
    return mean, spread * math.sqrt(12.0), (mean - 0.5) * math.sqrt(12.0)
