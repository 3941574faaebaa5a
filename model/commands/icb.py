"""`run.py backtest --icb FILE`: the large tier, crisis actors of ICB with non-violent triggers."""

from __future__ import annotations

from pathlib import Path

from model.analysis.icb import read_actors
from model.analysis.icb_files import ICB, printed, write_icb
from model.analysis.icb_scores import CLASSES, samples, scored
from model.analysis.icb_situation import episode_of
from model.commands.backtest import at_random, replay
from model.commands.terminal import DONE, SOME_FAILED, fresh_folder, say
from model.ensemble.manifest import add_to_data_package


def make_icb(
    file: Path, replicates: int, seed: int, out: Path | None, workers: int | None, parameters: str
) -> int:
    """Replay every actor, score by decade, write icb.csv and print; the exit code. Raises Refused, InputError."""
    actors = read_actors(file)
    folder = fresh_folder(out, "icb", ICB.path)
    episodes = [episode_of(actor) for actor in actors]
    runs, failures = replay(episodes, replicates, seed, workers, parameters)
    random, more = replay([at_random(one) for one in episodes], replicates, seed, workers, parameters)
    for failure in [*failures, *more][:5]:
        say(failure)
    model = {name: samples(found) for name, found in runs.items()}
    null = {name: samples(found) for name, found in random.items()}
    result = {kind: scored(kind, actors, model, null) for kind in CLASSES}
    path = write_icb(result, folder)
    add_to_data_package(folder, [ICB], "icb")
    print(printed(result, seed))
    print(f"{len(actors)} actors, {replicates} replicates; in {path}")
    return SOME_FAILED if failures or more else DONE
