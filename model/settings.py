"""How a run is made, apart from what it is about."""

from dataclasses import dataclass

#: ticks a day whose length is exact in binary, so that days do not drift
TICKS = (1, 2, 4, 8, 16)
#: of households: one row for each household of the case
FULL = "full"


@dataclass(frozen=True)
class Settings:
    """How a run is made, apart from what it is about.

    seed: of all luck; days: horizon; households: rows, or `full`; parameters: `posterior` or `prior` (drawn by
    replicate) or `nominal`; ticks_per_day: length of a tick in the first sixty days; decisions: keep what was weighed;
    series: keep the daily series (kept in any case where there are households, whose outcomes are read off them).
    """

    seed: int = 1
    days: int = 180
    households: int | str = 10_000
    parameters: str = "nominal"
    ticks_per_day: int = 4
    decisions: bool = False
    series: bool = True

    def __post_init__(self) -> None:
        """Refuse what no run can be made of. Raises ValueError."""
        if self.days < 1:
            raise ValueError(f"days: expected 1 or more, found {self.days}")
        if self.households != FULL and (isinstance(self.households, str) or self.households < 1):
            raise ValueError(f"households: expected 1 or more or {FULL!r}, found {self.households!r}")
        if self.ticks_per_day not in TICKS:
            raise ValueError(f"ticks_per_day: expected one of {TICKS}, found {self.ticks_per_day}")

    def rows(self, count: float) -> int:
        """Rows of a population of `count` households."""
        return round(count) if isinstance(self.households, str) else self.households
