"""An invented file of the form of ICB2: two states that are in no list, crises that never were."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

DEFAULT = {
    "crisno": 1, "cracno": 1, "cracid": 901, "actor": "AAA", "crisname": "TOY", "yrtrig": 1955, "triggr": 2,
    "trigent": 902, "gravty": 4, "powdis": 0, "cractloc": 1, "pc": 1, "allycap": 1, "nuclear": 1, "viol": 1,
    "outcom": 1,
}  # fmt: skip
COLUMNS = tuple(DEFAULT)


def toy_file(
    folder: Path,
    rows: Sequence[Mapping[str, object]],
    columns: Sequence[str] = COLUMNS,
    name: str = "toy.csv",
) -> Path:
    """A file of rows that differ from the default ones, numbered as they come."""
    with (folder / name).open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, columns, extrasaction="ignore")
        writer.writeheader()
        for number, row in enumerate(rows, start=1):
            writer.writerow({**DEFAULT, "cracno": number, **row})
    return folder / name
