"""`uv run python -m docs.hindsight DIR SETS`: how well numbers chosen in hindsight replay history; DIR a calibration.

What a posterior misses may be the fault of its numbers, or of the rules and the scores of the situations. So numbers
are chosen in hindsight: of the candidates of a calibration the few whose emulated loss over the very episodes that
are then replayed is least. That is a reference and no bound: other sets, or more of them, might score higher.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from docs.skills import NULL_NAMES
from model.analysis.backtest import NULLS, Line, lines, mean_skill, samples
from model.analysis.calibration import Evidence, losses
from model.analysis.parameter_sets import positions
from model.commands.backtest import at_random
from model.commands.calibrate import fresh_candidates, made_table, replay_left_out
from model.episode import EPISODES, FURTHER, Episode, load_episode, shipped_episodes

#: sets of numbers chosen, replays of each episode with them by the model and by the actor at random, seed of all luck
CHOSEN, REPLAYS, SEED = 20, 100, 1
SETS = {"the seventeen": (EPISODES,), "all fifty-seven": (EPISODES, FURTHER)}


def in_hindsight(folder: Path, sets: int) -> dict[str, list[Line]]:
    """The forecasts of each set of episodes by the numbers that tell it best, by its name."""
    known = [load_episode(name) for name in shipped_episodes()]
    table, _ = made_table(known, sets, 1, SEED, folder, None, True, REPLAYS)
    candidates = fresh_candidates(SEED)
    evidence = Evidence(known, table, positions(candidates.keys, SEED, range(sets)))
    terms = evidence.terms(candidates.positions)
    found = {}
    for title, folders in SETS.items():
        own = [load_episode(name) for name in shipped_episodes(*folders)]
        others = {episode.name for episode in known} - {episode.name for episode in own}
        best = np.argsort(losses(evidence.without(*others), terms), kind="stable")[:CHOSEN].tolist()
        found[title] = replayed(own, [dict(candidates.values(index)) for index in best], known)
    return found


def replayed(own: list[Episode], numbers: list[dict[str, float]], known: list[Episode]) -> list[Line]:
    """Forecasts of some episodes by each of some sets of numbers in turn."""
    draws = {episode.name: [numbers[k % len(numbers)] for k in range(REPLAYS)] for episode in own}
    runs, _ = replay_left_out(own, draws, SEED, None)
    random, _ = replay_left_out([at_random(episode) for episode in own], draws, SEED, None)
    said, by_chance = ({name: samples(found) for name, found in of.items()} for of in (runs, random))
    return lines(own, said, by_chance, known)


def main() -> None:
    """Print the mean skill of numbers chosen in hindsight, by set of episodes and null."""
    if len(sys.argv) != 3:
        sys.exit("usage: python -m docs.hindsight DIR SETS (DIR a finished calibration of so many sets)")
    for title, scored in in_hindsight(Path(sys.argv[1]), int(sys.argv[2])).items():
        means = ((null, mean_skill(scored, null)) for null in NULLS)
        print(
            f"{title}: "
            + ", ".join(f"{value:.2f} {NULL_NAMES[null]}" for null, value in means if value is not None)
        )


if __name__ == "__main__":
    main()
