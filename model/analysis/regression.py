"""A peer without agents: what other episodes showed, regressed on the scores of their situations.

It is told the scores of a situation and nothing of how states behave: the numbers of both sides, the ties between them,
whether troops are in reach and how many; not ways out, distances, or how good and loyal the troops are. At each
threshold of a score the share of the other episodes that lie at or below it is foretold by ridge regression (Hoerl and
Kennard 1970). How far it is shrunk towards the base rate is chosen for every forecast anew, by leaving out each of the
other episodes in turn; the one that is forecast has no part in it. Beating it shows that the agents know more than
which situations are alike.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from model.analysis.scores import thresholds
from model.episode import KINDS, Episode
from model.situation import needs

#: numbers of each side that the rubric scores
COERCER = (
    "demand_stake",
    "affront_by_arrest",
    "expected_days_to_transfer",
    "own_exposure",
    "partner_value",
    "shield",
)
HOST = (
    "yield_stake", "face_share", "law_stake",
    "support_at_start", "punishment_at_start", "legitimacy", "elite_loyalty",
)  # fmt: skip
#: added to a number before its logarithm is taken: about the least level that matters
LEAST_LEVEL = 0.005
#: penalties tried, against the mean square of a situation's standardised numbers
PENALTIES = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
#: spread below which a number is the same in all episodes
ALIKE = 1e-9
#: episodes from which on a regression is tried, and digits that no machine disagrees on
FEWEST, DIGITS = 5, 9


def situation(episode: Episode) -> np.ndarray:
    """What is known of an episode before its day 0, on scales on which a line may fit (numbers,).

    NaN for the numbers of a side that is not there.
    """
    scenario = episode.scenario

    def of(role: str, key: str) -> float:
        return math.fsum(scenario.numbers[f"{actor.name}.{key}"].value for actor in scenario.actors_of(role))

    kept = math.prod(
        1.0 - of("government", key) for key in needs("government") if key.startswith("exposure_")
    )
    scores = [of("coercer", key) for key in COERCER] + [of("government", key) for key in HOST] + [1.0 - kept]
    missing = 0 if scenario.actors_of("coercer") else len(COERCER)
    troops = math.log1p(of("garrison", "strength")) - math.log1p(of("army", "strength"))
    reached = episode.coerced and bool(scenario.actors_of("garrison"))
    facts = [float(episode.coerced), float(reached), troops * reached]
    told = [math.log(score + LEAST_LEVEL) for score in scores] + facts
    return np.array([math.nan] * missing + told[missing:])


def shares(situations: Mapping[str, np.ndarray], of: str, seen: Mapping[str, Sequence[bool]]) -> np.ndarray:
    """Foretold share at or below each threshold for the episode `of`, (thresholds,), each 0-1.

    situations: by name of the episode; seen: whether what was observed lies at or below each threshold, of the others.
    """
    truth = np.array([seen[name] for name in seen], dtype=float)
    known = np.array([situations[name] for name in seen])
    there = ~np.isnan(known)
    count = np.maximum(there.sum(axis=0), 1)
    middle = np.nansum(known, axis=0) / count
    spread = np.sqrt(np.nansum((known - middle) ** 2, axis=0) / count)
    scale = np.where(spread > ALIKE, spread, 1.0)
    x = np.where(there, (known - middle) / scale, 0.0)  # a side that is not there is told by its flag alone
    asked = np.nan_to_num((situations[of] - middle) / scale)
    kernel, own, mean = x @ x.T / x.shape[1], x @ asked / x.shape[1], truth.mean(axis=0)

    def left_out(penalty: float) -> float:
        """Mean squared error of the others, each forecast from the rest (by the diagonal of the hat matrix)."""
        hat = kernel @ np.linalg.inv(kernel + penalty * np.eye(len(x))) + 1.0 / len(x)
        error = (truth - hat @ truth) / (1.0 - np.diag(hat))[:, None]
        return round(float((error**2).mean()), DIGITS)

    penalty = min(PENALTIES, key=left_out)
    foretold = mean + own @ np.linalg.solve(kernel + penalty * np.eye(len(x)), truth - mean)
    return np.clip(foretold, 0.0, 1.0)


def regressed(kind: str, episode: Episode, others: Sequence[Episode]) -> float | None:
    """Score of the regression for one outcome of an episode; None where too few others showed that kind."""
    scale, value, watched = KINDS[kind].scale, episode.value(kind), episode.watched(kind)
    axis = thresholds(scale, watched)
    told = [other for other in others if other.tells(kind, watched)]
    if len(told) < FEWEST:
        return None
    seen = {other.name: [other.value(kind) <= at for at in axis] for other in told}
    situations = {other.name: situation(other) for other in (*told, episode)}
    truth = np.array([value <= at for at in axis], dtype=float)
    return round(float(((shares(situations, episode.name, seen) - truth) ** 2).mean()), DIGITS)
