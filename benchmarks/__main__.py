"""`uv run python -m benchmarks`: measure, print the table and write it as CSV."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.effort import Effort
from benchmarks.measurement import Measurement
from benchmarks.table import print_table, write_csv
from model.ensemble.engine import default_workers

#: modules of this package with a function `measure`, in the order in which they run
BENCHMARKS = (
    "startup",
    "kernel",
    "whole_run",
    "batch",
    "full_scale",
    "memory",
    "growth",
    "backtest",
    "main_job",
)
OUT = Path(__file__).with_name("results.csv")


def measure(name: str, effort: Effort) -> list[Measurement]:
    """The lines of a benchmark."""
    lines: list[Measurement] = import_module(f"benchmarks.{name}").measure(effort)
    return lines


def machine() -> str:
    """Where this was measured, and how busy it was: on a busy machine the low end of a range says more."""
    load = f"; load {os.getloadavg()[1]:.1f} in the last five minutes" if hasattr(os, "getloadavg") else ""
    return f"Python {platform.python_version()}, {platform.machine()}, {default_workers()} processors{load}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, default=BENCHMARKS, metavar="NAME",
                        help=f"of {', '.join(BENCHMARKS)}")  # fmt: skip
    much = parser.add_mutually_exclusive_group()
    much.add_argument("--quick", action="store_true", help="small sizes and few rounds: a look, no answer")
    much.add_argument("--long", action="store_true", help="10,000 replicates for the memory of a batch")
    parser.add_argument("--out", type=Path, default=OUT, help="the CSV (benchmarks/results.csv)")
    asked = parser.parse_args(arguments)
    effort = Effort.QUICK if asked.quick else Effort.LONG if asked.long else Effort.USUAL
    lines: list[Measurement] = []
    for name in BENCHMARKS:
        if name in asked.only:
            print(f"measuring: {name}", file=sys.stderr, flush=True)
            lines += measure(name, effort)
            write_csv(lines, asked.out)  # what is measured is kept, whatever becomes of the next
    print_table(lines)
    print(machine())
    print(f"written: {asked.out.name}", file=sys.stderr)


if __name__ == "__main__":
    main()
