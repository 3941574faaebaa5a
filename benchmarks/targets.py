"""What was asked for, by benchmark and case: it must be so much, and should be so much."""

from __future__ import annotations

from typing import NamedTuple


class Target(NamedTuple):
    """`must` and `aim` of a median; `more` where a larger value is the better one."""

    must: float
    aim: float | None
    more: bool = False

    def met(self, value: float) -> str:
        """`aim`, `must` or `no`."""
        sign = -1.0 if self.more else 1.0
        if self.aim is not None and sign * value <= sign * self.aim:
            return "aim"
        return "must" if sign * value <= sign * self.must else "no"


TARGETS = {
    ("kernel", "plain Mesa / kernel, 10,000 rows"): Target(300.0, 400.0, more=True),
    ("kernel", "kernel / memory bound, 1,000,000 rows"): Target(3.0, 2.0),
    ("whole_run", "whole run"): Target(40.0, 20.0),
    ("batch", "2 workers"): Target(40.0, 80.0, more=True),
    ("full_scale", "time"): Target(3.0, 1.5),
    ("full_scale", "peak memory"): Target(700.0, 500.0),
    ("main_job", "time"): Target(120.0, 60.0),
    ("main_job", "peak memory"): Target(1000.0, None),
    ("backtest", "500 replicates an episode, 2 workers"): Target(180.0, 60.0),
    ("memory", "parent, many / 100 replicates"): Target(1.3, 1.1),
    ("memory", "largest worker, many / 100 replicates"): Target(1.3, 1.1),
    ("memory", "all processes, many / 100 replicates"): Target(1.3, 1.1),
    ("startup", "run.py --help"): Target(0.4, 0.2),
    ("growth", "exponent of households"): Target(1.05, 1.0),
    ("growth", "exponent of days"): Target(1.05, 1.0),
    ("growth", "exponent of replicates"): Target(1.05, 1.0),
}
