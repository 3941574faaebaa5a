"""How a run is made, apart from what it is about."""

from dataclasses import dataclass

#: ticks a day whose length is exact in binary, so that days do not drift
TICKS = (1, 2, 4, 8, 16)


@dataclass(frozen=True)
class Settings:
    """How a run is made, apart from what it is about.

    seed: of all luck; days: horizon; households: rows; parameters: `posterior` or `prior` (drawn by
    replicate) or `nominal`; ticks_per_day: length of a tick in the first sixty days; decisions: keep what was weighed;
    series: keep the daily series (kept in any case where there are households, whose outcomes are read off them).
    """

    seed: int = 1
    days: int = 180
    households: int = 10_000
    parameters: str = "nominal"
    ticks_per_day: int = 4
    decisions: bool = False
    series: bool = True

    def __post_init__(self) -> None:
        """Refuse what no run can be made of. Raises ValueError."""
        for name in ("days", "households"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: expected 1 or more, found {getattr(self, name)}")
        if self.ticks_per_day not in TICKS:
            raise ValueError(f"ticks_per_day: expected one of {TICKS}, found {self.ticks_per_day}")
