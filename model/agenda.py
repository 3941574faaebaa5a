"""The agenda: what has been set in motion and falls due later."""

import heapq
import math
from collections.abc import Callable
from itertools import count


class Agenda:
    """Orders, statements, votes and arrivals by the day on which they fall due.

    What falls due at the same moment comes in the order in which it was entered, so that nothing
    depends on how a heap happens to be laid out.
    """

    def __init__(self) -> None:
        self._entries: list[tuple[float, int, Callable[[], None]]] = []
        self._serial = count()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def next_day(self) -> float:
        """Day on which the next of them falls due; infinite where nothing is in motion."""
        return self._entries[0][0] if self._entries else math.inf

    def enter(self, day: float, what: Callable[[], None]) -> None:
        """Let `what` happen on `day` (days since the start of the run)."""
        heapq.heappush(self._entries, (day, next(self._serial), what))

    def fall_due(self, day: float) -> int:
        """Let all happen that is due up to and including `day`, also what that sets in motion. Returns how many."""
        done = 0
        while self._entries and self._entries[0][0] <= day:
            _, _, what = heapq.heappop(self._entries)
            what()
            done += 1
        return done
