"""What three scenarios gave when the baseline was last renewed: `python -m tests.test_baseline` renews it.

To the last digit, on every Python: what differs in one bit is a change.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from model.result import Scalar
from model.scenario import load_scenario
from model.settings import Settings
from model.simulation import simulate

pytestmark = [pytest.mark.model, pytest.mark.bytes]
FILE = Path(__file__).with_name("baseline.json")
SCENARIOS = ("arrest_hold", "story_as_told", "no_arrest")
REPLICATES = (0, 1)
SETTINGS = Settings(days=60, households=300)


def scalars(scenario: str, replicate: int) -> dict[str, Scalar]:
    return dict(simulate(load_scenario(scenario), replicate, SETTINGS).scalars)


@pytest.mark.parametrize("replicate", REPLICATES)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_outcomes_are_those_of_the_baseline(scenario: str, replicate: int) -> None:
    old = json.loads(FILE.read_text(encoding="utf-8"))[f"{scenario} {replicate}"]
    new = scalars(scenario, replicate)
    assert list(new) == list(old)
    moved = {name: (old[name], new[name]) for name in old if old[name] != new[name]}
    assert not moved, "the model moved; if that was meant: python -m tests.test_baseline"


def test_where_numba_is_missing_the_outcomes_are_the_same() -> None:
    name, replicate = SCENARIOS[0], REPLICATES[0]
    without = (
        "import json, sys; sys.modules['numba'] = None\n"  # any import of it fails
        "from model.compiled import COMPILED\n"
        "from tests.test_baseline import scalars\n"
        f"print(json.dumps([COMPILED, scalars({name!r}, {replicate})]))"
    )
    root = FILE.parent.parent
    done = subprocess.run(
        [sys.executable, "-c", without], cwd=root, capture_output=True, text=True, check=True
    )
    compiled, found = json.loads(done.stdout)
    assert not compiled
    assert found == json.loads(FILE.read_text(encoding="utf-8"))[f"{name} {replicate}"]


def renew() -> None:
    """Write the baseline anew from the model as it stands."""
    runs = {f"{name} {k}": scalars(name, k) for name in SCENARIOS for k in REPLICATES}
    FILE.write_text(json.dumps(runs, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    renew()
