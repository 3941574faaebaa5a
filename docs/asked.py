"""`uv run python -m docs.asked`: the cases that this project asked about, by one set of numbers; writes validation.md.

A posterior is many sets, and a forecast pools them. Whether one set of numbers can show all five cases at once is
another question. It is asked of the draws of `model/posterior.csv`: all are replayed a few times, the best of them
more often, and the one that is left is replayed afresh, since what it was chosen by flatters it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from docs.hindsight import replayed
from docs.measured import renew
from model.analysis.backtest import mean_skill
from model.commands.calibrate import replay_left_out
from model.episode import EPISODES, load_episode, shipped_episodes
from model.parameters import posterior
from model.replay import NEVER, measured

PAGE = Path(__file__).parent / "validation.md"
#: replays of a case by each draw in each round, and how many draws go on to the next; then those afresh
ROUNDS, AFRESH = ((8, 20), (40, 1)), 200
#: days: "within days", "days to weeks", "months", and within days of the request
DAYS, WEEKS, MONTHS, AT_ONCE = 14.0, 60.0, 60.0, 10.0
#: fewer dead than this are few: below "serious" in the classes of violence
FEW = 25.0

Outcome = Mapping[str, float | None]


class Case(NamedTuple):
    """An episode, what was asked of it in words, and whether a replay shows it."""

    episode: str
    asked: str
    shown: Callable[[Outcome], bool]


def _day(outcome: Outcome, kind: str) -> float:
    value = outcome[kind]
    return NEVER if value is None else value


CASES = (
    Case(
        "tajikistan_2011",
        f"released within {WEEKS:g} days, no force, no punishment after it",
        lambda o: _day(o, "yield") <= WEEKS and not o["force"] and not o["punished"],
    ),
    Case(
        "georgia_2006",
        f"handed over within {DAYS:g} days, and punished all the same",
        lambda o: _day(o, "yield") <= DAYS and bool(o["punished"]),
    ),
    Case("turkey_2015", f"settled after {MONTHS:g} days or never", lambda o: _day(o, "yield") > MONTHS),
    Case(
        "crimea_2014",
        f"force, and fewer than {FEW:g} dead",
        lambda o: bool(o["force"]) and _day(o, "deaths") < FEW,
    ),
    Case(
        "kazakhstan_2022",
        f"the alliance agrees by day {AT_ONCE:g}",
        lambda o: _day(o, "alliance") <= AT_ONCE,
    ),
)
#: shares of replays that show each case, in their order
Shares = tuple[float, ...]


def shares(sets: Sequence[Mapping[str, float]], count: int, seed: int) -> list[Shares]:
    """For each set of numbers, the share of `count` replays that shows each of CASES."""
    episodes = [load_episode(case.episode) for case in CASES]
    draws = {episode.name: [numbers for numbers in sets for _ in range(count)] for episode in episodes}
    runs, failed = replay_left_out(episodes, draws, seed, None)
    if failed:
        raise RuntimeError(f"{failed} replays failed")
    shown = {case.episode: [case.shown(measured(run)) for run in runs[case.episode]] for case in CASES}
    return [
        tuple(sum(found[place * count : (place + 1) * count]) / count for found in shown.values())
        for place in range(len(sets))
    ]


def together(found: Shares, count: int) -> float:
    """Mean log share of the cases; one that `count` replays never showed counts as half a replay."""
    return math.fsum(math.log((share * count + 0.5) / (count + 1.0)) for share in found) / len(found)


def chosen(sets: Sequence[Mapping[str, float]], seed: int = 1) -> tuple[int, list[Shares]]:
    """Place of the set that shows the cases best, found by rounds; and the shares of all sets in the first round."""
    first: list[Shares] = []
    places = list(range(len(sets)))
    for turn, (count, keep) in enumerate(ROUNDS):
        found = dict(zip(places, shares([sets[place] for place in places], count, seed + turn), strict=True))
        first = first or list(found.values())
        places = sorted(places, key=lambda place: -together(found[place], count))[:keep]
    return places[0], first


def skill_of(numbers: Mapping[str, float]) -> float:
    """Mean skill of one set over the seventeen episodes, against the base rate."""
    known = [load_episode(name) for name in shipped_episodes()]
    own = [load_episode(name) for name in shipped_episodes(EPISODES)]
    found = mean_skill(replayed(own, [dict(numbers)], known), "base_rate")
    assert found is not None
    return found


def part(pooled: Shares, alone: Shares, place: int, skill: float) -> str:
    """The table of the page, and which set it is."""
    rows = ["| case | shown if | all draws | one set |", "|---|---|---|---|"]
    titles = [load_episode(case.episode).scenario.title for case in CASES]
    rows += [
        f"| {title} | {case.asked} | {share:.0%} | {own:.0%} |"
        for title, case, share, own in zip(titles, CASES, pooled, alone, strict=True)
    ]
    said = f"The set is draw {place + 1} of `model/posterior.csv`; over the seventeen episodes it has a mean skill of "
    return "\n".join([*rows, "", f"{said}{skill:.2f} against the base rate."])


def main() -> None:
    """Choose the set, replay it afresh, and write the table."""
    sets = posterior()
    place, first = chosen(sets)
    pooled = tuple(math.fsum(column) / len(first) for column in zip(*first, strict=True))
    (alone,) = shares([sets[place]], AFRESH, 1 + len(ROUNDS))
    text = part(pooled, alone, place, skill_of(sets[place]))
    renew(PAGE, {"asked": text})
    print(text)


if __name__ == "__main__":
    main()
