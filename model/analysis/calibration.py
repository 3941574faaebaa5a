"""Calibration: which joint values of the behavioural numbers replay history best.

A table is simulated once: parameter sets drawn from the prior, each over all episodes with a few replicates.
A set's loss is the mean of its fair score against the base rate's, over the kinds of outcome that make up the
headline. An emulator (`emulator.py`) tells from the whole table how the loss depends on the numbers, and so what
of it is not luck. Everything else is weighting by the emulated loss: sets expected to do worse than the base rate
are ruled out (history matching; Craig and others 1997), the others weigh exp(-loss / tau). A set of the table is
weighed by what the *other* sets foretell of it, so that no set is chosen for its luck.

Leave-one-out forecasts come from the same table: an episode left out enters neither the weights nor the base
rates. tau, the one number chosen, is chosen for each episode by forecasts of the others that leave out both. The
posterior is drawn from the prior by the same weights.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from model.analysis.backtest import LEAST, NEVER_WRONG, Line, Samples, base_rate, lines, mean_skill
from model.analysis.emulator import Emulator, Floats, Table
from model.analysis.scores import score
from model.episode import KINDS, Episode

TAUS = (0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 1e9)
#: draws of the posterior; as many as forecasts are pooled from
DRAWS = 200

#: episode -> point -> samples by kind
TableOfSets = Mapping[str, Sequence[Samples]]


@dataclass(frozen=True)
class Calibration:
    """What the table says: scored forecasts in sample and left out, and the posterior.

    tau: the scale of the weights. explained: share of the losses' variance that the emulator foretells. weights
    (sets,): of the table. fitted, left_out: forecasts pooled from the table. draws: indices of the candidates
    that make up the posterior; reach: effective number of candidates behind it.
    """

    tau: float
    explained: float
    weights: list[float]
    fitted: list[Line]
    left_out: list[Line]
    draws: list[int]
    reach: float

    @property
    def effective(self) -> float:
        """Effective number of sets behind the forecasts."""
        return effective(self.weights)


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
    bar = 1.0 if min(loss) < 1.0 else math.inf
    raw = [math.exp(-(value - min(loss)) / tau) if value <= bar else 0.0 for value in loss]
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


def pooled(sets: Sequence[Samples], chosen: Sequence[int]) -> Samples:
    """The replays of the chosen sets together."""
    return {kind: [value for index in chosen for value in sets[index][kind]] for kind in KINDS}


def calibrate(
    episodes: Sequence[Episode],
    table: TableOfSets,
    random: Mapping[str, Samples],
    positions: Floats,
    candidates: Floats,
) -> Calibration:
    """Weigh the sets of a table, and candidates for the posterior by the same yardstick.

    `random` are replays with actors at random, for the scores. `positions` (sets, numbers) say where in its prior
    each number of each set lies, 0-1; `candidates` likewise, of fresh sets drawn from the prior.
    """
    losses, sets = Losses(episodes, table), Table(positions)
    names = [episode.name for episode in episodes]

    def forecast(episode: Episode, emulator: Emulator, tau: float, *more: str) -> list[Line]:
        chosen = systematic(weights(emulator.unseen.tolist(), tau), DRAWS)
        said = {episode.name: pooled(table[episode.name], chosen)}
        return lines([episode], said, random, [one for one in episodes if one.name not in more])

    pairs: dict[tuple[str, float], list[Line]] = {(name, tau): [] for name in names for tau in TAUS}
    for one, other in combinations(episodes, 2):
        emulator = sets.fit(losses.without(one.name, other.name))
        for tau in TAUS:
            pairs[one.name, tau] += forecast(other, emulator, tau, one.name)
            pairs[other.name, tau] += forecast(one, emulator, tau, other.name)

    single = {
        tau: {e.name: forecast(e, sets.fit(losses.without(e.name)), tau) for e in episodes} for tau in TAUS
    }
    left_out = [
        line for name in names for line in single[_best({tau: pairs[name, tau] for tau in TAUS})][name]
    ]
    tau = _best({tau: [line for own in single[tau].values() for line in own] for tau in TAUS})
    whole = sets.fit(losses.without())
    weight = weights(whole.unseen.tolist(), tau)
    chosen = systematic(weight, DRAWS)
    said = {name: pooled(own, chosen) for name, own in table.items()}
    fresh = weights(whole(candidates).tolist(), tau)
    return Calibration(
        tau=tau,
        explained=whole.explained,
        weights=weight,
        fitted=lines(episodes, said, random, episodes),
        left_out=left_out,
        draws=systematic(fresh, DRAWS),
        reach=effective(fresh),
    )


def _best(scored: Mapping[float, Sequence[Line]]) -> float:
    """The tau whose forecasts have the highest mean skill; a kind far off counts no more than one at -1."""
    found = {tau: mean_skill(own, "base_rate", floor=-1.0) for tau, own in scored.items()}
    usable = {tau: value for tau, value in found.items() if value is not None}
    return max(usable, key=lambda tau: usable[tau]) if usable else TAUS[-1]


def constraint(positions: Sequence[float]) -> tuple[float, float, float]:
    """What posterior draws say of one number by its position in its prior (0-1), whatever its scale.

    Mean position (0.5 is the prior's middle), spread against the prior's (1: not narrowed), and how far the mean
    moved, in prior spreads: by chance alone about 1 / sqrt(draws).
    """
    mean = math.fsum(positions) / len(positions)
    spread = math.sqrt(math.fsum((position - mean) ** 2 for position in positions) / len(positions))
    return mean, spread * math.sqrt(12.0), (mean - 0.5) * math.sqrt(12.0)
