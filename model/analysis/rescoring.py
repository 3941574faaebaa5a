"""A second scoring: the levels that another reader gave to the same situations, by the same rubric.

`scenarios/scoring/rubric.csv` says what value and range a level stands for, `scenarios/scoring/second.csv` which
levels a second reader chose without having seen the first scores. Replayed with them, the episodes show how much
of the skill is one reader's judgement.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from model.analysis.rubric import rubric
from model.episode import Episode, shipped_episodes
from model.toml_source import InputError, Problem, nearest, shown

COLUMNS = ("episode", "number", "level")


def read_scoring(path: Path, others: Sequence[str] = ()) -> dict[str, dict[str, str]]:
    """Levels by episode and number of a CSV file with the columns episode, number, level (and any others).

    others: names of episodes that are scored beside the shipped ones. Raises InputError with the lines that name
    no episode or no level of the rubric.
    """
    name = shown(path)
    try:
        with path.open(newline="", encoding="utf-8") as lines:
            table = csv.DictReader(lines)
            missing = [column for column in COLUMNS if column not in (table.fieldnames or ())]
            rows = [] if missing else list(table)
    except (OSError, UnicodeDecodeError) as problem:
        raise InputError([Problem(name, 0, "", f"cannot be read: {problem}")]) from None
    if missing:
        raise InputError([Problem(name, 1, "", f"expected the columns {', '.join(COLUMNS)}")])
    known, episodes = rubric(), shipped_episodes()
    problems = []
    found: dict[str, dict[str, str]] = {}
    for line, row in enumerate(rows, start=2):
        number, level = row["number"], row["level"]
        if (number, level) not in known:
            levels = [of for own, of in known if own == number]
            numbers = list(dict.fromkeys(own for own, _ in known))
            expected = f"one of {', '.join(levels)}" if levels else f"a number of the rubric, not {number!r}"
            hint = nearest(level, levels) if levels else nearest(number, numbers)
            problems.append(Problem(name, line, number, f"expected {expected}, found {level!r}", hint))
        if row["episode"] not in (*episodes, *others):
            hint = nearest(row["episode"], (*episodes, *others))
            problems.append(Problem(name, line, "episode", f"no such episode: {row['episode']!r}", hint))
        found.setdefault(row["episode"], {})[number] = level
    if problems:
        raise InputError(problems)
    return found


def rescored(episode: Episode, levels: Mapping[str, str]) -> Episode:
    """The episode with the numbers of its situation at other levels; numbers of roles it lacks are passed over."""
    scenario, known = episode.scenario, rubric()
    numbers = dict(scenario.numbers)
    for number, level in levels.items():
        entry = known[number, level]
        for actor in scenario.actors_of(entry.role):
            key = f"{actor.name}.{number}"
            numbers[key] = entry.of(numbers[key])
    return replace(episode, scenario=replace(scenario, numbers=numbers))


def agreement(
    episodes: Sequence[Episode], scoring: Mapping[str, Mapping[str, str]]
) -> dict[str, tuple[int, int, int]]:
    """By number: episodes that both readers scored, those of the same level, and those of the next one."""
    known = rubric()
    place = {key: at for at, key in enumerate(known)}
    found: dict[str, tuple[int, int, int]] = {}
    for episode in episodes:
        for number, level in scoring.get(episode.name, {}).items():
            for actor in episode.scenario.actors_of(known[number, level].role):
                value = episode.scenario.numbers[f"{actor.name}.{number}"].value
                first = [key for key, entry in known.items() if key[0] == number and entry.value == value]
                apart = [abs(place[key] - place[number, level]) for key in first]
                both, same, near = found.get(number, (0, 0, 0))
                found[number] = both + 1, same + (0 in apart), near + (1 in apart)
    return found
