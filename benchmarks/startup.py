"""(f) Start-up: from the start of Python to its end, byte-compiled, as a user waits for it."""

from __future__ import annotations

from functools import partial

from benchmarks.command_line import RUN, timed
from benchmarks.effort import Effort
from benchmarks.measurement import Measurement, interleaved, measured

CASES = {
    "Python alone": ("-c", "pass"),
    "run.py --help": (RUN, "--help"),
    "run.py scenarios": (RUN, "scenarios"),
    "run.py validate arrest": (RUN, "validate", "arrest"),
    "import model.simulation": ("-c", "import model.simulation"),
}
ROUNDS = {Effort.TINY: 1, Effort.QUICK: 7, Effort.USUAL: 15}


def measure(effort: Effort) -> list[Measurement]:
    """Seconds of each command."""
    for arguments in CASES.values():
        timed(*arguments)  # keeps the bytecode
    works = {case: partial(timed, *arguments) for case, arguments in CASES.items()}
    times = interleaved(works, ROUNDS[min(effort, Effort.USUAL)])
    return [measured("startup", case, "s", values) for case, values in times.items()]
