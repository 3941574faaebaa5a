"""What the user asks of a batch: its options, their ranges, and the command that says the same."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.commands.loading import refuse_damaged_posterior
from model.commands.targets import targets_of
from model.commands.terminal import Refused, between, one_of
from model.ensemble.plan import SIMULATE, WHOLE

TIMESERIES = ("csv", "parquet", "none")
ENGINES = ("local", "dask")
ROWS = "N|full"
HOUSEHOLDS = "Sampled households in a run; full: a row for each household of the country."
MOST_REPLICATES, MOST_WORKERS, MOST_SHARDS = 10_000_000, 10_000, 10_000


@dataclass(frozen=True)
class Request:
    """What the user asked for; the defaults are the main job."""

    replicates: int = 100
    seed: int = 1
    days: int = 180
    households: int | str = 10_000
    parameters: str = "posterior"
    out: Path | None = None
    workers: int | None = None
    timeseries: str = "csv"
    run_timeout: float | None = None
    resume: bool = False
    until: tuple[str, ...] = ()
    engine: str = "local"
    scheduler: str | None = None
    shard: tuple[int, int] = WHOLE
    report: bool = False
    decision_replicates: int = 3
    function: str = SIMULATE

    def check(self) -> None:
        """Raises Refused for values that make no batch."""
        from model.parameters import MODES
        from model.scenario_file import HORIZON, LEAST_ROWS
        from model.settings import FULL

        between("--replicates", self.replicates, 1, MOST_REPLICATES)
        between("--seed", self.seed, 0, 2**63 - 1)
        between("--days", self.days, 1, HORIZON)
        if isinstance(self.households, int):
            between("--households", self.households, LEAST_ROWS, 100_000_000)
        elif self.households != FULL:
            raise Refused(f"--households is a number of rows or {FULL}, not {self.households!r}")
        if self.workers is not None:
            between("--workers", self.workers, 1, MOST_WORKERS)
        if self.run_timeout is not None and not 0 < self.run_timeout < math.inf:
            raise Refused(f"--run-timeout must be above 0 seconds, not {self.run_timeout:g}")
        one_of("--parameters", self.parameters, MODES)
        refuse_damaged_posterior(self.parameters)
        one_of("--timeseries", self.timeseries, TIMESERIES)
        one_of("--engine", self.engine, ENGINES)
        if self.scheduler is not None and self.engine != "dask":
            raise Refused("--scheduler goes with --engine dask")
        if self.until:
            targets_of(self.until)
            if self.shard != WHOLE:
                raise Refused("--until needs all replicates and does not go with --shard")
        if self.shard[1] > self.replicates:
            raise Refused(f"--shard cuts {self.replicates} replicates into {self.shard[1]} parts")

    @property
    def settings(self) -> dict[str, Any]:
        """Settings of the simulation that the plan fixes."""
        return {
            "seed": self.seed,
            "days": self.days,
            "households": self.households,
            "parameters": self.parameters,
        }

    def words(self, references: Sequence[str], out: str) -> list[str]:
        """The command that makes or resumes this batch, without the program's name."""
        words = ["batch", *references]
        for option in ("replicates", "seed", "days", "households", "parameters", "timeseries"):
            words += [f"--{option}", str(getattr(self, option))]
        if self.workers is not None:
            words += ["--workers", str(self.workers)]
        if self.run_timeout is not None:
            words += ["--run-timeout", f"{self.run_timeout:g}"]
        if self.engine != "local":
            words += ["--engine", self.engine]
        if self.scheduler is not None:
            words += ["--scheduler", self.scheduler]
        if self.report:
            words.append("--report")
        for target in self.until:
            words += ["--until", target]
        if self.shard != WHOLE:
            words += ["--shard", "{}/{}".format(*self.shard)]
        return [*words, "--out", out]


def rows_of(word: str) -> int | str:
    """A number of rows as a number, any other word as it is; `Request.check` refuses what is neither."""
    try:
        return int(word)
    except ValueError:
        return word


def parse_shard(text: str) -> tuple[int, int]:
    """I and N of `I/N`. Raises Refused."""
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
    number, of = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= number <= of <= MOST_SHARDS:
        raise Refused(f"--shard is I/N, one part of N such as 2/5 (N at most {MOST_SHARDS}), not {text!r}")
    return number, of
