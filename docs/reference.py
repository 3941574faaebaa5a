"""`uv run python -m docs.reference`: make the small reference result in `results/reference/` anew.

A batch as anybody would run it, of which the files are kept that are short enough to be read and to lie in git.
"""

from __future__ import annotations

import csv
import io
import shlex
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from docs.blocks import ROOT
from docs.generate import table
from model.commands import start
from model.outcomes import outcomes

FOLDER = ROOT / "results" / "reference"
SCENARIOS = ("no_arrest", "arrest", "pressure_100")
OPTIONS = (
    "--replicates",
    "8",
    "--seed",
    "1",
    "--days",
    "30",
    "--households",
    "300",
    "--parameters",
    "posterior",
)
#: series that are kept of each day
SERIES = (
    "detainee", "rung", "measures", "army_strength", "remittance_index", "fx_premium", "output_index", "poverty_rate",
    "legitimacy", "elite_loyalty", "narrative_share", "protesters",
)  # fmt: skip
RUN = ("scenario", "point", "replicate")
#: what the page shows of each scenario
SHOWN = (
    "force_used",
    "government_fell",
    "days_to_airport_closed",
    "remittance_floor",
    "poverty_peak",
    "killed_total",
)


def command() -> str:
    """The command of which the reference is a part."""
    return shlex.join(["run.py", "batch", *SCENARIOS, *OPTIONS])


def made() -> dict[str, str]:
    """The files of the reference by name, from a fresh batch. Raises RuntimeError if the batch fails."""
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside) / "reference"
        said = io.StringIO()
        try:
            with redirect_stdout(said), redirect_stderr(said):
                start(["batch", *SCENARIOS, *OPTIONS, "--workers", "1", "--out", str(folder)])
        except SystemExit as end:
            if end.code:
                raise RuntimeError(said.getvalue()) from None
        files = {
            name: (folder / name).read_text(encoding="utf-8") for name in ("summary.csv", "comparison.csv")
        }
        files["runs.csv"] = _cut(folder / "runs.csv", [*RUN, "seed", "status", *outcomes("runs")])
        for name in SCENARIOS:
            events, series = f"events/{name}.csv", f"timeseries/{name}.csv"
            files[events] = (folder / events).read_text(encoding="utf-8")
            files[series] = _cut(folder / series, [*RUN, "day", "date", *SERIES])
    files["README.md"] = _page(files)
    return files


def _cut(path: Path, columns: Sequence[str]) -> str:
    """A table with these of its columns."""
    out = io.StringIO()
    with path.open(newline="", encoding="utf-8") as lines:
        rows = csv.DictReader(lines)
        writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return out.getvalue()


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def _page(files: Mapping[str, str]) -> str:
    summary = sorted(_rows(files["summary.csv"]), key=lambda row: SCENARIOS.index(row["scenario"]))
    ends = [row for row in summary if row["outcome"] == "end_state" and float(row["share"]) > 0.0]
    told = [[row["scenario"], row["level"], *_share(row)] for row in ends]
    numbers = [
        [row["scenario"], row["outcome"], *(_share(row) if row["share"] else _spread(row))]
        for name in SHOWN
        for row in summary
        if row["outcome"] == name
    ]
    parts = [
        "# A small reference result",
        "Not a forecast: a small batch, kept so that a reader can see what a result looks like without running "
        "anything, and so that a test can say whether the model still gives it. **Too small to conclude anything "
        "from**: 8 replicates, 30 days, 300 rows of households.",
        f"<!-- excerpt -->\n\n    uv run {command()}",
        "`uv run python -m docs.reference` makes it anew. A test compares every byte; where the model was changed on "
        "purpose, renew it in the same commit and say why. Left out because of their size: `manifest.json`, the store, "
        "regions, decisions and quantiles; `runs.csv` and `timeseries/` are cut to some of their columns. What columns "
        "mean: [data-dictionary.md](../../docs/data-dictionary.md).",
        "## How it ended",
        table(("scenario", "end state", "share of runs", "95 %"), told),
        "## Other outcomes",
        "Shares of runs (of `days_to_`: that reached it) with their 95 % interval, or the median with the range from 5 "
        "to 95 % of the runs.",
        table(("scenario", "outcome", "value", "from - to"), numbers),
        "## Files",
        table(("file", "rows"), _counted(files)),
    ]
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def _counted(files: Mapping[str, str]) -> Iterable[tuple[str, int]]:
    return ((f"[{name}]({name})", len(_rows(text))) for name, text in sorted(files.items()))


def _share(row: Mapping[str, str]) -> tuple[str, str]:
    low, high = (f"{100 * float(row[key]):.0f}" for key in ("share_low", "share_high"))
    return f"{100 * float(row['share']):.0f} %", f"{low} - {high}"


def _spread(row: Mapping[str, str]) -> tuple[str, str]:
    middle, low, high = (float(row[key]) for key in ("q50", "q05", "q95"))
    form = ",.0f" if high >= 100.0 else ".3g"
    return format(middle, form), f"{low:{form}} - {high:{form}}"


def main() -> int:
    """Write the files; 0."""
    for name, text in made().items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
