"""What `run.py backtest --icb` writes and prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from model.analysis.icb_scores import (
    CLASSES,
    NULLS,
    Scored,
    by_decade,
    concordance,
    crises,
    interval,
    mean,
    skill,
)
from model.analysis.summary import write_rows
from model.ensemble.csv_files import Column
from model.ensemble.tables import Table
from model.randomness import DECISIONS, Luck

DRAWS = 400
RULE = {"violence": "rps", "outcome": "brier"}
TITLE = {
    "violence": "violence: ranked probability score, lower is better",
    "outcome": "outcome: Brier score over classes, lower is better",
}


def _columns(kind: str) -> tuple[Column, ...]:
    rule = RULE[kind]
    return (
        Column(kind, "category", "", f"{kind} in ICB; empty where there is none", CLASSES[kind]),
        *(Column(f"p_{name}", "number", "0-1", f"forecast probability of {name}") for name in CLASSES[kind]),
        Column(rule, "number", "0-1", f"score of the model for {kind}, lower is better"),
        *(Column(f"{rule}_{null}", "number", "0-1", f"score of the null {null}") for null in NULLS),
    )


ICB = Table(
    path="icb.csv",
    meaning="one crisis actor of ICB, and how its violence and outcome were forecast",
    columns=(
        Column("cracno", "integer", "", "ICB's number of the crisis actor"),
        Column("crisno", "integer", "", "ICB's number of the crisis"),
        Column("crisis", "string", "", "ICB's name of the crisis"),
        Column("actor", "string", "", "ICB's code of the state"),
        Column("decade", "integer", "years", "first year of the decade of its trigger"),
        *(column for kind in CLASSES for column in _columns(kind)),
    ),
)


def write_icb(scored: Mapping[str, Sequence[Scored]], folder: Path) -> Path:
    """Write icb.csv, one line an actor in the order of ICB's numbers; returns its path."""
    rows: dict[int, dict[str, object]] = {}
    for kind, lines in scored.items():
        for line in lines:
            actor, rule = line.actor, RULE[kind]
            row = rows.setdefault(actor.number, {
                "cracno": actor.number, "crisno": actor.crisis, "crisis": actor.crisis_name,
                "actor": actor.label, "decade": actor.decade,
            })  # fmt: skip
            row |= {kind: CLASSES[kind].index(line.observed), rule: line.score}
            row |= {f"p_{name}": share for name, share in zip(CLASSES[kind], line.probabilities, strict=True)}
            row |= {f"{rule}_{null}": value for null, value in line.nulls.items()}
    write_rows(folder, ICB, [_coded(rows[number]) for number in sorted(rows)])
    return folder / ICB.path


def _coded(row: dict[str, object]) -> dict[str, object]:
    """A category that is missing has code -1."""
    return {kind: -1 for kind in CLASSES} | row


def printed(scored: Mapping[str, Sequence[Scored]], seed: int) -> str:
    """Scores and skill by decade and in all, and how often each class was forecast and came."""
    out = []
    for kind, lines in scored.items():
        if lines:
            out += [*_table(kind, lines, seed), ""]
    return "\n".join(out).rstrip()


def _table(kind: str, lines: Sequence[Scored], seed: int) -> list[str]:
    out = [TITLE[kind], f"{'decade':<8} {'n':>4}  model   base random  skill: base random"]
    for decade, own in by_decade(lines).items():
        out.append(_line(f"{decade}s", own))
    out.append(_line("all", lines))
    ends = [_interval(lines, null, seed) for null in NULLS]
    out.append(
        f"95 % by crises{'':<27} " + "  ".join(f"{null} {end}" for null, end in zip(NULLS, ends, strict=True))
    )
    out.append(f"{'class':<12} {'observed':>8} {'forecast':>8}")
    for index, name in enumerate(CLASSES[kind]):
        came = mean(line.observed == name for line in lines)
        said = mean(line.probabilities[index] for line in lines)
        out.append(f"{name:<12} {came:>8.0%} {said:>8.0%}")
    out.append(_verdict(kind, lines))
    if kind == "violence":
        told = [
            f"{name} or worse {_share(concordance(lines, i))}" for i, name in enumerate(CLASSES[kind]) if i
        ]
        out.append(f"told apart from what is milder (0.5 is chance): {', '.join(told)}")
    return out


def _line(title: str, lines: Sequence[Scored]) -> str:
    own = mean(line.score for line in lines)
    nulls = [mean(line.nulls[null] for line in lines) for null in NULLS]
    scores = " ".join(f"{value:6.3f}" for value in (own, *nulls))
    skills = " ".join(_skill(skill(lines, null)) for null in NULLS)
    return f"{title:<8} {len(lines):>4} {scores}       {skills}"


def _verdict(kind: str, lines: Sequence[Scored]) -> str:
    """One plain sentence: is the model better than the base rate of other decades?"""
    own, null = mean(line.score for line in lines), mean(line.nulls["base_rate"] for line in lines)
    fair = _skill(skill(lines, "base_rate", fair=True)).strip()
    side = "below" if own < null else "not below"
    return (
        f"the model's score of {kind} is {side} the base rate's ({own:.3f}, {null:.3f}); "
        f"with endless replicates its skill would be {fair}"
    )


def _interval(lines: Sequence[Scored], null: str, seed: int) -> str:
    groups = len(crises(lines))
    if groups < 2:
        return "-"
    luck = Luck(seed, 0)
    draws = [luck.uniforms(DECISIONS["bootstrap"], draw, 0, groups).tolist() for draw in range(DRAWS)]
    found = interval(lines, null, draws)
    return f"{found[0]:+.2f} to {found[1]:+.2f}" if found else "-"


def _share(value: float | None) -> str:
    return f"{value:.2f}" if value is not None else "-"


def _skill(value: float | None) -> str:
    return f"{value:>+6.2f}" if value is not None else f"{'-':>6}"
