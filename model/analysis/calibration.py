"""Calibration: which joint values of the behavioural numbers replay history best.

A table is simulated once: parameter sets drawn from the prior, each over all episodes with a few replicates.
Everything else is weighting of that table (importance sampling from the prior; history matching first, in
the sense of Craig and others 1997: sets that do worse than the base rate on average are ruled out). A set's
loss is the mean over kinds of outcome of its fair score against the base rate's; its weight exp(-loss / tau).
Leave-one-out forecasts come from the same table: the weights of the other episodes speak for the one left
out, whose outcomes enter neither weights nor base rates. tau, the one number chosen, is chosen for each
episode by the left-out skill of the *others*, so that what is reported as left out is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from model.analysis.backtest import NEVER_WRONG, Line, Samples, base_rate, by_kind, lines, mean_skill
from model.analysis.scores import score
from model.episode import KINDS, Episode

TAUS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 1e9)
#: draws of the posterior; as many as forecasts are pooled from
DRAWS = 200

#: episode -> point -> samples by kind
TableOfSets = Mapping[str, Sequence[Samples]]


@dataclass(frozen=True)
class Calibration:
    """What the table says: tau, weights (sets,), scored forecasts in sample and left out, draws (sets' numbers)."""

    tau: float
    weights: list[float]
    fitted: list[Line]
    left_out: list[Line]
    draws: list[int]

    @property
    def effective(self) -> float:
        """Effective number of sets behind the posterior (Kish 1965)."""
        return 1.0 / math.fsum(w * w for w in self.weights)


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


def calibrate(episodes: Sequence[Episode], table: TableOfSets, random: Mapping[str, Samples]) -> Calibration:
    """Weigh the sets of a table; `random` are replays with actors at random, for the scores."""
    count = len(next(iter(table.values())))
    scored = [
        lines(episodes, {name: sets[point] for name, sets in table.items()}, random, episodes, fair=True)
        for point in range(count)
    ]
    without = {episode.name: losses(scored, episodes, episode.name) for episode in episodes}

    def forecast(tau: float) -> list[Line]:
        result: list[Line] = []
        for episode in episodes:
            chosen = systematic(weights(without[episode.name], tau), DRAWS)
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
    weight = weights(losses(scored, episodes), tau)
    draws = systematic(weight, DRAWS)
    said = {name: pooled(sets, draws) for name, sets in table.items()}
    return Calibration(tau, weight, lines(episodes, said, random, episodes), left_out, draws)


def constraint(values: Sequence[float], weight: Sequence[float]) -> tuple[float, float, float]:
    """What the weights say of one number by its rank (0-1) in the table, whatever its scale.

    Mean rank (0.5 is the prior's middle), spread of the rank against the prior's, and how far the mean moved,
    in prior spreads: by chance alone about 1 / sqrt(effective sets).
    """
    order = sorted(range(len(values)), key=lambda i: values[i])
    rank = [0.0] * len(values)
    for place, index in enumerate(order):
        rank[index] = (place + 0.5) / len(values)
    mean = math.fsum(w * r for w, r in zip(weight, rank, strict=True))
    spread = math.sqrt(math.fsum(w * (r - mean) ** 2 for w, r in zip(weight, rank, strict=True)))
    return mean, spread * math.sqrt(12.0), (mean - 0.5) * math.sqrt(12.0)
