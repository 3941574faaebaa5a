"""Which runs of two scenarios are pairs, which are not and why, and whether equal numbers mean equal luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.analysis.observations import Observed, Place

#: said of a sweep wherever an interval is taken over all of its points
SHARED_LUCK = (
    "the points of a sweep meet the same luck, but intervals take all runs for independent: with few replicates they "
    "are too narrow; points.csv has each point by itself"
)


@dataclass(frozen=True)
class Pairing:
    """Two scenarios side by side.

    places: (point, replicate) that both have; only_ours, only_theirs: runs without a counterpart; horizon: days
    that both cover; paired: whether a pair met equal luck; broken: what is wrong with the pairs, in sentences.
    """

    places: tuple[Place, ...]
    only_ours: int
    only_theirs: int
    horizon: int
    same_horizon: bool
    paired: bool
    broken: tuple[str, ...]

    @property
    def dropped(self) -> int:
        """Runs of either side that are in no pair."""
        return self.only_ours + self.only_theirs


def pair(ours: Observed, theirs: Observed) -> Pairing:
    """How the runs of a scenario pair with those of a baseline."""
    a, b = ours.origin, theirs.origin
    broken = []
    if a.seed != b.seed:
        broken.append(
            f"seed {a.seed} against {b.seed}: no run has a twin of the same luck; compared as two samples"
        )
    if a.points != b.points:
        broken.append(
            "the points of their sweeps differ, so that equal numbers of points are not equal parameters; compared "
            "as two samples"
        )
    if ours.horizon != theirs.horizon:
        broken.append(
            f"{ours.horizon} days against {theirs.horizon}: only days to milestones are compared, up to the "
            "shorter horizon"
        )
    for what, mine, other in (
        ("numbers drawn from the", a.parameters, b.parameters),
        ("household rows", a.households, b.households),
        ("versions", a.versions, b.versions),
    ):
        if mine != other:
            broken.append(
                f"{what} {mine or 'unknown'} against {other or 'unknown'}: pairs differ in that too"
            )
    if a.code != b.code:
        broken.append("made by different code: the difference holds that of the programs")
    paired = a.seed == b.seed and a.points == b.points
    if len({point for point, _ in (*ours.runs, *theirs.runs)}) > 1:
        broken.append(SHARED_LUCK)
    only_ours, only_theirs = len(set(ours.runs) - set(theirs.runs)), len(set(theirs.runs) - set(ours.runs))
    if paired and only_ours + only_theirs:
        broken.append(
            f"{only_ours + only_theirs} runs have no counterpart (not made, failed, or another number of "
            "replicates) and are left out"
        )
    return Pairing(
        places=tuple(sorted(set(ours.runs) & set(theirs.runs))),
        only_ours=only_ours,
        only_theirs=only_theirs,
        horizon=min(ours.horizon, theirs.horizon),
        same_horizon=ours.horizon == theirs.horizon,
        paired=paired,
        broken=tuple(broken),
    )


def warnings(observed: Sequence[Observed], baseline: Observed) -> list[str]:
    """What is wrong with the pairs of each scenario with the baseline; equal complaints in one line."""
    found: dict[str, list[str]] = {}
    for ours in observed:
        for text in pair(ours, baseline).broken:
            found.setdefault(text, []).append(ours.scenario)
    return [
        f"{', '.join(names) if len(names) < 4 else f'{len(names)} scenarios'}: {text}"
        for text, names in found.items()
    ]
