"""Calibration: which joint values of the behavioural numbers replay history best.

A table is simulated once: parameter sets drawn from the prior, each over all episodes with a few replicates.
A set's loss is the mean of its fair score against the base rate's, over the kinds of outcome that make up the
headline. An emulator (`emulator.py`) tells from the whole table how the loss depends on the numbers, and so what
of it is not luck. The posterior is drawn from fresh sets of the prior by their emulated loss: those expected to
do worse than the base rate are ruled out (history matching; Craig and others 1997), the others weigh
exp(-loss / tau). tau is the sharpest that keeps REACH effective sets among the candidates (tempering; Del Moral,
Doucet and Jasra 2006), so that nothing about it is chosen by how well it forecasts.

Leave-one-out: the losses of the other episodes, with base rates that do not know the one left out, make a
posterior of their own, and the episode is replayed afresh with it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.analysis.backtest import LEAST, Samples, base_rate
from model.analysis.emulator import Floats, Table
from model.analysis.scores import score
from model.analysis.skill import NEVER_WRONG
from model.episode import KINDS, Episode

#: effective number of candidates that a posterior keeps
REACH = 100.0
#: scales of the weights between which the sharpest is sought, and halvings of that interval
SHARPEST, WIDEST, HALVINGS = 1e-4, 1e3, 25
#: draws of a posterior
DRAWS = 200

#: episode -> point -> samples by kind
TableOfSets = Mapping[str, Sequence[Samples]]


@dataclass(frozen=True)
class Posterior:
    """What the losses say: tau, the share of their variance that the emulator foretells, and draws.

    draws: indices of candidates; reach: effective number of candidates behind them.
    """

    tau: float
    explained: float
    draws: list[int]
    reach: float


def effective(weight: Sequence[float]) -> float:
    """Effective number of weighted things (Kish 1965); weights add to one."""
    return 1.0 / math.fsum(w * w for w in weight)


class Losses:
    """Fair scores of every set of a table, and the loss of each set with any episodes left out."""

    def __init__(self, episodes: Sequence[Episode], table: TableOfSets) -> None:
        self._episodes = episodes
        counts = {kind: sum(kind in e.observed for e in episodes) for kind in KINDS}
        judged = {kind for kind, count in counts.items() if count >= LEAST and not KINDS[kind].conditional}
        self._findings = [
            (episode, kind) for episode in episodes for kind in episode.observed if kind in judged
        ]
        self._scores = np.array(
            [
                [_score_of(episode, kind, own[kind], fair=True) for own in table[episode.name]]
                for episode, kind in self._findings
            ]
        )

    def without(self, *names: str) -> Floats:
        """Loss of each set (sets,), of findings and base rates that know nothing of the episodes named."""
        known = [episode for episode in self._episodes if episode.name not in names]
        sums: dict[str, Floats] = {}
        nulls: dict[str, float] = {}
        for (episode, kind), own in zip(self._findings, self._scores, strict=True):
            if episode.name in names:
                continue
            others = [other for other in known if other.name != episode.name]
            watched = episode.watched(kind)
            null = _score_of(episode, kind, base_rate(kind, others, watched))
            sums[kind] = sums.get(kind, 0.0) + own
            nulls[kind] = nulls.get(kind, 0.0) + null
        ratios = [sums[kind] / nulls[kind] for kind in sums if nulls[kind] > NEVER_WRONG]
        found: Floats = np.mean(np.array(ratios), axis=0)
        return found


def _score_of(episode: Episode, kind: str, sample: Sequence[float], fair: bool = False) -> float:
    scale, value = KINDS[kind].scale, episode.value(kind)
    return score(scale, sample, value, episode.watched(kind), fair)


def weights(loss: Sequence[float], tau: float) -> list[float]:
    """Weights that add to one; a set worse than the base rate on average (loss above 1) has none, if any is better."""
    least = min(loss)
    bar = 1.0 if least < 1.0 else math.inf
    raw = [math.exp(-(value - least) / tau) if value <= bar else 0.0 for value in loss]
    total = math.fsum(raw)
    return [value / total for value in raw]


def systematic(weight: Sequence[float], count: int) -> list[int]:
    """Indices of `count` draws by systematic resampling: as near to the weights as whole numbers can be."""
    chosen, reached, index = [], weight[0], 0
    for draw in range(count):
        position = (draw + 0.5) / count
        while reached < position and index < len(weight) - 1:
            index += 1
            reached += weight[index]
        chosen.append(index)
    return chosen


def tempered(loss: Sequence[float]) -> tuple[float, list[float]]:
    """The sharpest tau whose weights keep REACH effective sets (or all that are not ruled out), and the weights."""
    low, high = math.log(SHARPEST), math.log(WIDEST)
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        if effective(weights(loss, math.exp(middle))) < REACH:
            low = middle
        else:
            high = middle
    tau = math.exp(high)
    return tau, weights(loss, tau)


def posterior(losses: Floats, sets: Table, candidates: Floats) -> Posterior:
    """Draws from the candidates (sets, numbers), given the losses (sets,) of the table."""
    emulator = sets.fit(losses)
    tau, weight = tempered(emulator(candidates).tolist())
    return Posterior(tau, emulator.explained, systematic(weight, DRAWS), effective(weight))


def constraint(positions: Sequence[float]) -> tuple[float, float, float]:
    """What posterior draws say of one number by its position in its prior (0-1), whatever its scale.

    Mean position (0.5 is the prior's middle), spread against the prior's (1: not narrowed), and how far the mean
    moved, in prior spreads: by chance alone about 1 / sqrt(draws).
    """
    mean = math.fsum(positions) / len(positions)
    spread = math.sqrt(math.fsum((position - mean) ** 2 for position in positions) / len(positions))
    return mean, spread * math.sqrt(12.0), (mean - 0.5) * math.sqrt(12.0)
