"""What a batch costs, told when it begins: the time that its runs will take, from the first few of them."""

from __future__ import annotations

import time

#: runs that are timed, after the first of each worker, which has to load the model
TIMED = 5


class Forecast:
    """Watches the first runs of a batch come in and says once how long the rest will take.

    runs: how many are to be made; workers: processes that make them; later: runs that will follow after these.
    """

    def __init__(self, runs: int, workers: int, later: int = 0) -> None:
        self.runs, self.workers, self.later = runs, workers, later
        self._done = 0
        self._began = 0.0

    @property
    def possible(self) -> bool:
        """Whether there are runs enough for a forecast to be of use."""
        return self.runs > 2 * (self.workers + TIMED)

    def note(self) -> str | None:
        """Note that a run is done; what is to be said now, if anything."""
        self._done += 1
        if self._done == self.workers:
            self._began = time.monotonic()
        if not self.possible or self._done != self.workers + TIMED:
            return None
        left = self.runs - self._done + self.later
        seconds = (time.monotonic() - self._began) / TIMED * left
        then = f" and at most {self.later:,} that follow" if self.later else ""
        return f"about {duration(seconds)} for {self.runs:,} runs{then}, by the first few"


def duration(seconds: float) -> str:
    """A duration as people say it: seconds, minutes, or hours and minutes."""
    if seconds < 90:
        return f"{max(seconds, 1.0):.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"
