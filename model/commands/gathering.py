"""What folders of batches, and files of runs, hold: gathered for the commands that only read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from model.commands.terminal import Refused

if TYPE_CHECKING:
    from model.analysis.observations import Observed


@dataclass(frozen=True)
class Gathered:
    """Scenarios by label, in the order of the batches; a name that several batches hold gets the batch's hash.

    firsts: label by name of the first scenario so called; hashes: of the batches; folder: where results go;
    notes: what a reader should know of how they fit together.
    """

    observed: dict[str, Observed]
    firsts: dict[str, str]
    hashes: tuple[str, ...]
    folder: Path
    notes: tuple[str, ...]

    @property
    def unfinished(self) -> str | None:
        """What has not been made yet, in a sentence; None where all is there."""
        planned = sum(found.planned for found in self.observed.values())
        missing = sum(found.missing for found in self.observed.values())
        return f"unfinished: {missing} of {planned} runs have not been made yet" if missing else None


def gather(places: Sequence[Path]) -> Gathered:
    """What the places hold: folders of batches, folders with a runs.csv and its manifest, or such files.

    Raises Refused, and InputError for a runs.csv that is not one.
    """
    batches = [read_place(place) for place in places]
    hashes = [next(iter(batch.values())).origin.batch for batch in batches]
    if len(set(hashes)) < len(hashes):
        raise Refused("the same batch is named twice")
    names = [name for batch in batches for name in batch]
    observed: dict[str, Observed] = {}
    firsts: dict[str, str] = {}
    contents: dict[str, set[str]] = {}
    for batch, digest in zip(batches, hashes, strict=True):
        for name, found in batch.items():
            label = f"{name}-{digest[:8]}" if names.count(name) > 1 else name
            observed[label] = replace(found, scenario=label)
            firsts.setdefault(name, label)
            contents.setdefault(name, set()).add(found.origin.content)
    notes = [
        f"{name} is not the same scenario in each batch: its content differs"
        for name, found_contents in contents.items()
        if len(found_contents) > 1
    ]
    by_content: dict[tuple[str, str], list[str]] = {}
    for label, found in observed.items():
        if found.origin.content:
            by_content.setdefault((found.origin.content, found.origin.points), []).append(label)
    notes += [
        f"{' and '.join(labels)} are the same scenario by content"
        for labels in by_content.values()
        if labels[1:]
    ]
    place = places[0]
    return Gathered(observed, firsts, tuple(hashes), place if place.is_dir() else place.parent, tuple(notes))


def read_place(place: Path) -> dict[str, Observed]:
    """The scenarios of one folder or file; see `gather`."""
    from model.analysis.observations import observe
    from model.analysis.runs_file import read_runs
    from model.ensemble.store import FILE_NAME, BatchStore, StoreError

    if place.is_file():
        found = read_runs(place)
    elif not (place / FILE_NAME).is_file() and (place / "runs.csv").is_file():
        found = read_runs(place / "runs.csv")
    else:
        try:
            with BatchStore.open(place) as store:
                found = observe(store)
        except StoreError as problem:
            raise Refused(str(problem)) from None
    if not found:
        raise Refused(f"{place} holds no run")
    return found
