"""(h) The backtest: replays a second on one core, and how long all episodes would take on two workers.

Replays of an episode in turn with those of all others, in this process. The time of 500 replicates of each is
extrapolated, with the replays of the random actor that the command makes besides, and as if two workers
were twice as fast; scoring and start-up, a few seconds, are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import count

from benchmarks.effort import Effort
from benchmarks.measurement import Measurement, interleaved, measured
from model.commands.backtest import RANDOM_SHARE, ROWS
from model.episode import EPISODES, load_episode, shipped_episodes
from model.replay import HORIZON, Settings, simulate
from model.scenario import Scenario

ROUNDS = {Effort.TINY: 1, Effort.QUICK: 1, Effort.USUAL: 8}
REPLICATES, WORKERS = 500, 2


def measure(effort: Effort) -> list[Measurement]:
    """Replays a second by episode and in all, and the minutes of a whole backtest."""
    tiny = effort is Effort.TINY
    names = shipped_episodes(EPISODES)[: 1 if tiny else None]
    days, rows = (20, 200) if tiny else (HORIZON, ROWS)
    settings = Settings(days=days, households=rows, parameters="posterior")
    replays = {name: _replay(load_episode(name).scenario, settings) for name in names}
    for replay in replays.values():
        replay()
    times = interleaved(replays, ROUNDS[min(effort, Effort.USUAL)])
    return _lines(times, telling=effort >= Effort.USUAL)


def _replay(scenario: Scenario, settings: Settings) -> Callable[[], object]:
    """The next replicate at each call."""
    replicates = count()
    return lambda: partial(simulate, scenario, next(replicates), settings)()


def _lines(times: Mapping[str, list[float]], telling: bool) -> list[Measurement]:
    rounds = [sum(own) for own in zip(*times.values(), strict=True)]  # one replay of every episode
    share = REPLICATES + REPLICATES // RANDOM_SHARE
    whole = [seconds * share / WORKERS for seconds in rounds]
    slowest = sorted(times, key=lambda name: -sum(times[name]))[:3]
    case = f"{REPLICATES} replicates an episode, {WORKERS} workers"
    return [
        measured("backtest", "replays", "a second and core", [len(times) / seconds for seconds in rounds]),
        *(measured("backtest", f"  {name}", "s a replay", times[name], "of the slowest") for name in slowest),
        measured("backtest", case, "s", whole, "extrapolated", telling),
    ]
