"""Crisis actors of the International Crisis Behavior project (ICB2, actor level), read for the large tier.

Brecher, Wilkenfeld, Beardsley, James and Quinn, International Crisis Behavior, version 14 (Duke University),
and its codebook for ICB2. The file stays outside this project; here stands only how it is read. Taken are the
actors whose crisis was triggered without violence (TRIGGR 1 to 5).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from model.analysis.icb_situation import POWDIS, Coded, codes_of
from model.toml_source import InputError, Problem, nearest, shown

#: triggers without violence: verbal, political, economic act, external change, other non-violent act
NON_VIOLENT = range(1, 6)
#: what the scores read and the model never sees: code of VIOL and of OUTCOM -> class ("other" has none)
VIOL = {1: "none", 2: "minor", 3: "serious", 4: "war"}
OUTCOM = {1: "victory", 2: "compromise", 3: "stalemate", 4: "defeat"}
OUTCOM_OTHER = 5
#: columns that say who and when, with the smallest and largest value that each may have
HEAD = {"crisno": (1, 9999), "cracno": (1, 99999), "cracid": (1, 999), "yrtrig": (1900, 2100)}
TEXTS = ("actor", "crisname")
#: further columns of whole numbers, with the values that the codebook knows
OWN = {"triggr": range(1, 10), "trigent": range(1, 1000), "viol": range(1, 5), "outcom": range(1, 6)}
MISSING = ("", ".", "NA")
#: bytes above which a file is not ICB2, which has well under one million
LARGEST = 20_000_000


@dataclass(frozen=True)
class CrisisActor:
    """One actor in one crisis: who, when, the codes known before, and what was observed afterwards.

    number: CRACNO, its own in the file. codes: (whose, column) -> code, None where it is missing. violence:
    class VIOL; outcome: class OUTCOM; None where ICB has none.
    """

    number: int
    crisis: int
    label: str
    crisis_name: str
    year: int
    codes: Coded
    violence: str | None
    outcome: str | None

    @property
    def name(self) -> str:
        """Name of its scenario."""
        return f"icb_{self.number}"

    @property
    def decade(self) -> int:
        """First year of the decade in which its crisis was triggered."""
        return self.year // 10 * 10


def read_actors(path: Path) -> list[CrisisActor]:
    """The actors of an ICB2 file with non-violent triggers, in the order of the file.

    Raises InputError with the file, and the line and column of everything that does not fit.
    """
    file = shown(path)
    header, rows = _rows(path, file)
    wanted = (*HEAD, *TEXTS, *OWN, POWDIS.column, *dict.fromkeys(column for _, column in codes_of()))
    missing = [column for column in dict.fromkeys(wanted) if column not in header]
    if missing:
        raise InputError(
            Problem(file, 1, name, "no such column; expected ICB2, actor level", nearest(name, header))
            for name in missing
        )
    problems: list[Problem] = []
    parsed = [_numbers(file, line, row, problems) for line, row in rows]
    taken: dict[int, int] = {}
    for (line, _), numbers in zip(rows, parsed, strict=True):
        first = taken.setdefault(numbers["cracno"] or -line, line)
        if first != line:
            problems.append(Problem(file, line, "cracno", f"given twice; line {first} has it"))
    if problems:
        raise InputError(problems)
    states = {(n["crisno"], n["cracid"]): n for n in parsed}
    actors = [
        _actor(row, numbers, states.get((numbers["crisno"], numbers["trigent"])))
        for (_, row), numbers in zip(rows, parsed, strict=True)
        if numbers["triggr"] in NON_VIOLENT
    ]
    if not actors:
        raise InputError([Problem(file, 0, "", "no actor with a non-violent trigger (triggr 1 to 5)")])
    return actors


def _rows(path: Path, file: str) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """Names of the columns in small letters, and every row with its line."""
    try:
        if path.stat().st_size > LARGEST:
            raise InputError([Problem(file, 0, "", f"larger than {LARGEST} bytes; expected ICB2 as CSV")])
        text = path.read_text(encoding="utf-8-sig")
    except OSError as wrong:
        reason = f"cannot be read: {wrong.strerror}; expected ICB2 as CSV"
        raise InputError([Problem(file, 0, "", reason)]) from None
    except UnicodeDecodeError:
        raise InputError([Problem(file, 0, "", "not text in UTF-8; expected ICB2 as CSV")]) from None
    reader = csv.reader(io.StringIO(text, newline=""))
    rows: list[tuple[int, dict[str, str]]] = []
    header: list[str] = []
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(header):
                message = f"expected {len(header)} cells as in the header, found {len(cells)}"
                raise InputError([Problem(file, reader.line_num, "", message)])
            rows.append((reader.line_num, dict(zip(header, map(str.strip, cells), strict=True))))
    except csv.Error as wrong:
        raise InputError([Problem(file, reader.line_num, "", f"not CSV: {wrong}")]) from None
    return header, rows


def _numbers(file: str, line: int, row: Mapping[str, str], problems: list[Problem]) -> dict[str, int | None]:
    """Every column of whole numbers of a row, None where missing; what is wrong goes to `problems`."""
    codes = {column: known for (_, column), known in codes_of().items()}
    found: dict[str, int | None] = {}
    for column in (*HEAD, *OWN, POWDIS.column, *codes):
        text, value = row[column], None
        if text not in MISSING:
            try:
                value = int(text)
            except ValueError:
                problems.append(Problem(file, line, column, f"expected a whole number, found {text[:40]!r}"))
        elif column in HEAD:
            problems.append(Problem(file, line, column, "missing; every actor has it"))
        found[column] = value
        if value is None:
            continue
        if column in HEAD:
            low, high = HEAD[column]
            fits, expected = low <= value <= high, f"{low} to {high}"
        elif column == POWDIS.column:
            fits, expected = abs(value) <= POWDIS.largest, f"-{POWDIS.largest} to {POWDIS.largest}"
        else:
            known = OWN.get(column, codes.get(column, ()))
            fits, expected = value in known, f"a code from {min(known)} to {max(known)}"
        if not fits:
            problems.append(Problem(file, line, column, f"expected {expected}, found {value}"))
    return found


def _actor(
    row: Mapping[str, str], own: Mapping[str, int | None], host: Mapping[str, int | None] | None
) -> CrisisActor:
    """The actor of a row; `host` is the row of the triggering entity in the same crisis, if it has one."""
    rows = {"actor": own, "host": host or {}}
    codes: dict[tuple[str, str], int | None] = {key: rows[key[0]].get(key[1]) for key in codes_of()}
    codes["actor", POWDIS.column] = own[POWDIS.column]
    violence, outcome = own["viol"], own["outcom"]
    return CrisisActor(
        number=own["cracno"] or 0,
        crisis=own["crisno"] or 0,
        label=row["actor"],
        crisis_name=row["crisname"],
        year=own["yrtrig"] or 0,
        codes=codes,
        violence=VIOL[violence] if violence is not None else None,
        outcome=OUTCOM[outcome] if outcome is not None and outcome != OUTCOM_OTHER else None,
    )
