"""How much is measured: from the smallest sizes that still run everything to the longest of the issue."""

from enum import IntEnum


class Effort(IntEnum):
    """TINY is for the tests of the benchmarks, QUICK for a look, LONG for what takes more than half an hour."""

    TINY, QUICK, USUAL, LONG = range(4)
