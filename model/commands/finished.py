"""The files of a batch for those who show them, also where the batch is not finished."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model.commands.terminal import Refused, say


@contextmanager
def finished_files(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    """A folder with all CSV files of a batch, and what has to be said of them.

    That of the batch itself where it is finished; else one made for the purpose from the runs that are there, and
    removed afterwards. Raises Refused for a folder that holds no batch.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        runs = manifest["runs"]
    except FileNotFoundError:
        raise Refused(f"{folder} holds no batch: manifest.json is missing") from None
    except (ValueError, KeyError, TypeError, OSError) as wrong:
        raise Refused(f"{folder / 'manifest.json'} is not the manifest of a batch ({wrong})") from None
    failed = runs.get("failed", 0) + runs.get("timeout", 0)
    warnings = (
        [f"{failed} of {runs['planned']} runs failed and are left out; runs.csv names them."]
        if failed
        else []
    )
    if manifest["completed"]:
        yield folder, warnings
        return
    with tempfile.TemporaryDirectory() as aside:
        made = _render(folder, Path(aside), manifest)
        note = f"Unfinished: {made} of {runs['planned']} runs have been made."
        say(note)
        yield Path(aside), [note, *warnings]


def _render(folder: Path, aside: Path, manifest: dict[str, object]) -> int:
    """Write the files of the runs that are there; how many they are."""
    from model.analysis.comparison import write_comparison
    from model.analysis.observations import observe
    from model.analysis.summary import write_summary
    from model.ensemble.rendering import render
    from model.ensemble.store import BatchStore, StoreError

    try:
        with BatchStore.open(folder) as store:
            counts = store.counts()
            if not counts["ok"]:
                raise Refused(f"{folder}: no run is finished yet")
            observed = observe(store, outcomes=render(store, aside).outcomes)
            write_summary(observed, aside)
            if len(observed) > 1:
                write_comparison(observed, store.plan.baseline, aside)
    except StoreError as problem:
        raise Refused(str(problem)) from None
    manifest["runs"] = {"planned": store.plan.size, **counts}
    (aside / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return sum(counts.values())
