"""(h) The backtest: replays a second on one core by episode, and the whole command on two workers.

Replays of an episode in turn with those of all others, in this process. Then 500 replicates of each, with the replays
of the random actor, scores and start-up, as a user makes them, once: some four minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import count

from benchmarks.command_line import RUN, timed
from benchmarks.effort import Effort
from benchmarks.measurement import Measurement, interleaved, measured
from model.commands.backtest import ROWS
from model.episode import EPISODES, load_episode, shipped_episodes
from model.replay import HORIZON, Settings, simulate
from model.scenario import Scenario

ROUNDS = {Effort.TINY: 1, Effort.QUICK: 1, Effort.USUAL: 8}
REPLICATES = {Effort.TINY: 2, Effort.QUICK: 10, Effort.USUAL: 500}
WORKERS = 2


def measure(effort: Effort) -> list[Measurement]:
    """Replays a second, seconds a replay of the slowest episodes, and seconds of a whole backtest."""
    effort = min(effort, Effort.USUAL)
    tiny = effort is Effort.TINY
    names = shipped_episodes(EPISODES)[: 1 if tiny else None]
    days, rows = (20, 200) if tiny else (HORIZON, ROWS)
    settings = Settings(days=days, households=rows, parameters="posterior")
    replays = {name: _replay(load_episode(name).scenario, settings) for name in names}
    for replay in replays.values():
        replay()
    times = interleaved(replays, ROUNDS[effort])
    rounds = [sum(own) for own in zip(*times.values(), strict=True)]  # one replay of every episode
    slowest = sorted(times, key=lambda name: -sum(times[name]))[:3]
    return [
        measured("backtest", "replays", "a second and core", [len(times) / seconds for seconds in rounds]),
        *(measured("backtest", f"  {name}", "s a replay", times[name], "of the slowest") for name in slowest),
        _whole(names, effort),
    ]


def _replay(scenario: Scenario, settings: Settings) -> Callable[[], object]:
    """The next replicate at each call."""
    replicates = count()
    return lambda: partial(simulate, scenario, next(replicates), settings)()


def _whole(names: list[str], effort: Effort) -> Measurement:
    """The command with all these episodes, once."""
    replicates = REPLICATES[effort]
    words = ("--replicates", str(replicates), "--workers", str(WORKERS), "--out", "backtest")
    spent = timed(RUN, "backtest", *names, *words)
    case = f"500 replicates an episode, {WORKERS} workers"
    return measured("backtest", case, "s", [spent], f"{replicates} made, once", effort is Effort.USUAL)
