"""`run.py discover FOLDER`: boxes in the runs of a batch that is there; nothing is run."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from model.commands.discover import searched
from model.commands.selection import condition_named
from model.commands.terminal import DONE, Refused, say
from model.toml_source import nearest


def discover_in(
    folder: Path,
    outcome: str,
    of: str | None,
    patterns: Sequence[str],
    boxes: int,
    most: int,
    out: Path | None,
) -> int:
    """Look for boxes in the runs of a batch that is there; written into it unless `out` is named. Raises Refused."""
    from model.analysis.discovery import parted
    from model.analysis.discovery_files import printed_boxes, write_boxes
    from model.analysis.frames import runs_frame
    from model.analysis.overview import wrapped
    from model.ensemble.manifest import CAUTION
    from model.ensemble.store import BatchStore, StoreError
    from model.parameters import Number

    try:
        with BatchStore.open(folder) as store:
            plan = store.plan
            frames = {name: runs_frame(store, name) for name in plan.names}
    except StoreError as problem:
        raise Refused(str(problem)) from None
    main = _named(plan.names, of)
    own = plan.scenario(main).resolved["numbers"]
    numbers = {key: Number(**{**body, "source": tuple(body["source"])}) for key, body in own.items()}
    runs, y, apart = parted(condition_named(outcome, numbers, plan.names), frames, main)
    if len(runs) < len(frames[main]):
        say(f"{len(frames[main]) - len(runs)} runs are left out: it cannot be told of them")
    varying = [key for key in numbers if key in runs and runs[key].nunique() > 1]
    keys = _among(varying, patterns)
    if not keys:
        raise Refused("no number varies between these runs; make a batch with --parameters prior or a sweep")
    found = searched(runs[keys], y, apart, boxes, most)
    target = out or folder
    target.mkdir(parents=True, exist_ok=True)
    tables = write_boxes(main, outcome, found, numbers, target)
    print(f"{main}: {printed_boxes(outcome, found, numbers, int(y.sum()), len(y))}\n\n{wrapped(CAUTION)}\n")
    print(f"files: {', '.join(table.path for table in tables)}\nin {target}")
    return DONE


def _named(names: Sequence[str], asked: str | None) -> str:
    if asked is None and len(names) == 1:
        return names[0]
    if asked is not None and asked in names:
        return asked
    hint = nearest(asked, names)
    near = f" (nearest valid name: {hint})" if hint else ""
    wrong = f"no scenario {asked!r} in this batch{near}" if asked else "this batch holds several scenarios"
    raise Refused(f"{wrong}; name one of {', '.join(names)} with --of")


def _among(varying: Sequence[str], patterns: Sequence[str]) -> list[str]:
    for pattern in patterns:
        if not any(fnmatchcase(key, pattern) for key in varying):
            hint = nearest(pattern, varying)
            near = f" (nearest valid name: {hint})" if hint else ""
            raise Refused(f"--numbers: no number called {pattern!r} varies between these runs{near}")
    return [key for key in varying if not patterns or any(fnmatchcase(key, p) for p in patterns)]
