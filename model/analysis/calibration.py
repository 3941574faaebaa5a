"""Calibration: which joint values of the behavioural numbers replay history best.

A table is simulated once: parameter sets drawn from the prior, each over all episodes with a few replicates.
A set's loss is the mean over kinds of outcome of its fair score against the base rate's. An emulator
(`emulator.py`) tells from the whole table how the loss depends on the numbers, and so what of it is not luck.
Everything else is weighting by the emulated loss: sets expected to do worse than the base rate are ruled out
(history matching; Craig and others 1997), the others weigh exp(-loss / tau). Leave-one-out forecasts come from
the same table: the weights of the other episodes speak for the one left out, whose outcomes enter neither
weights nor base rates. tau, the one number chosen, is chosen for each episode by the left-out skill of the
*others*, so that what is reported as left out is. The posterior is drawn from the prior by the same weights.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from model.analysis.backtest import NEVER_WRONG, Line, Samples, base_rate, by_kind, lines, mean_skill
from model.analysis.emulator import Emulator, Floats
from model.analysis.scores import score
from model.episode import KINDS, Episode

TAUS = (0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 1e9)
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


def losses(scored: Sequence[Sequence[Line]], episodes: Sequence[Episode], without: str = "") -> list[float]:
    """Loss of each set, of its lines but those of one episode; kinds count alike, each at most twice the null's."""
    known = [episode for episode in episodes if episode.name != without]
    null: dict[tuple[str, str], float] = {}
    for line in scored[0]:
        if line.episode != without:
            others = [episode for episode in known if episode.name != line.episode]
            base = base_rate(line.kind, others, line.watched)
            null[line.episode, line.kind] = score(line.scale, base, line.observed, line.watched)
    result = []
    for own in scored:
        found = []
        for group in by_kind([line for line in own if line.episode != without]).values():
            against = math.fsum(null[line.episode, line.kind] for line in group)
            if against > NEVER_WRONG:
                found.append(min(math.fsum(line.score for line in group) / against, 2.0))
        result.append(math.fsum(found) / len(found))
    return result


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
    count = len(next(iter(table.values())))
    scored = [
        lines(episodes, {name: sets[point] for name, sets in table.items()}, random, episodes, fair=True)
        for point in range(count)
    ]
    whole = Emulator(positions, np.array(losses(scored, episodes)))
    expected = {
        episode.name: Emulator(positions, np.array(losses(scored, episodes, episode.name)))(positions)
        for episode in episodes
    }

    def forecast(tau: float) -> list[Line]:
        result: list[Line] = []
        for episode in episodes:
            chosen = systematic(weights(expected[episode.name].tolist(), tau), DRAWS)
            said = {episode.name: pooled(table[episode.name], chosen)}
            result += lines([episode], said, random, episodes)
        return result

    forecasts = {tau: forecast(tau) for tau in TAUS}

    def best(without: str) -> float:
        def others(tau: float) -> float:
            kept = [line for line in forecasts[tau] if line.episode != without]
            return mean_skill(kept, "base_rate", floor=-1.0) or -math.inf

        return max(TAUS, key=others)

    tau = best("")
    left_out = [
        line for episode in episodes for line in forecasts[best(episode.name)] if line.episode == episode.name
    ]
    weight = weights(whole(positions).tolist(), tau)
    chosen = systematic(weight, DRAWS)
    said = {name: pooled(sets, chosen) for name, sets in table.items()}
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


def constraint(positions: Sequence[float]) -> tuple[float, float, float]:
    """What posterior draws say of one number by its position in its prior (0-1), whatever its scale.

    Mean position (0.5 is the prior's middle), spread against the prior's (1: not narrowed), and how far the mean
    moved, in prior spreads: by chance alone about 1 / sqrt(draws).
    """
    mean = math.fsum(positions) / len(positions)
    spread = math.sqrt(math.fsum((position - mean) ** 2 for position in positions) / len(positions))
    return mean, spread * math.sqrt(12.0), (mean - 0.5) * math.sqrt(12.0)
