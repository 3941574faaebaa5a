"""What is damaged in a store is found and left out, so that it is made again and never averaged in."""

from __future__ import annotations

import os
from pathlib import Path

from model.ensemble.plan import RunKey
from model.ensemble.store import FILE_NAME, BatchStore

_MENDED = "batch.sqlite.mended"


def mend(store: BatchStore, folder: Path) -> tuple[BatchStore, list[RunKey] | None]:
    """The store without its damaged rows, and their keys; None for the keys if the file itself was torn.

    A torn file is replaced by a new one with the rows that can still be read.
    """
    if store.file_is_sound():
        damaged = store.damaged()
        if damaged:
            store.remove(damaged)
        return store, damaged
    (folder / _MENDED).unlink(missing_ok=True)
    with BatchStore.create(folder, store.plan, _MENDED) as mended:
        for run in store.readable():
            mended.add(run)
    store.close()
    os.replace(folder / _MENDED, folder / FILE_NAME)
    return BatchStore.open(folder), None
