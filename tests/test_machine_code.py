"""Machine code that is kept beside the sources follows everything of which it was made."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from model.compiled import COMPILED

pytestmark = pytest.mark.skipif(not COMPILED, reason="without numba there is no machine code")
ROOT = Path(__file__).parents[1]
WEIGHTS = """
from pathlib import Path
from model.compiled import compiled, compiled_within
ORDER = ("fuel", "flights")
FUEL = ORDER.index("fuel")
FROM_A_TABLE = float(Path(__file__).with_name("table.txt").read_text())

@compiled_within
def part(x):
    return 3.0 * x

@compiled("f8", returns="f8")
def whole(x):
    return 5.0 * x
"""
FORESIGHT = """
from model.compiled import compiled
from weights import FROM_A_TABLE, FUEL, part, whole

@compiled("f8", returns="f8")
def worth(x):
    return 1000.0 * FROM_A_TABLE + 100.0 * FUEL + part(x) + 10.0 * whole(x)
"""


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    (tmp_path / "weights.py").write_text(WEIGHTS)
    (tmp_path / "foresight.py").write_text(FORESIGHT)
    (tmp_path / "table.txt").write_text("7")
    return tmp_path


def worth(sources: Path) -> float:
    """What a new process computes."""
    path = os.pathsep.join((str(ROOT), str(sources)))
    told = subprocess.run(
        [sys.executable, "-B", "-c", "import foresight; print(foresight.worth(1.0))"],
        env=os.environ | {"PYTHONPATH": path, "NUMBA_CACHE_DIR": str(sources / "kept")},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(told.stdout)


DIES = """
import os
from numba.core.caching import IndexDataCacheFile
IndexDataCacheFile._save_data = lambda *_: os._exit(9)
import foresight
"""


def test_a_process_that_dies_between_index_and_machine_code_leaves_none_that_is_wrong(sources: Path) -> None:
    assert worth(sources) == 7053.0
    (sources / "table.txt").write_text("8")
    path = os.pathsep.join((str(ROOT), str(sources)))
    died = subprocess.run(
        [sys.executable, "-B", "-c", DIES],
        env=os.environ | {"PYTHONPATH": path, "NUMBA_CACHE_DIR": str(sources / "kept")},
        check=False,
    )
    assert died.returncode == 9
    assert worth(sources) == 8053.0


@pytest.mark.parametrize("ending", [".nbi", ".nbc"])
def test_half_a_file_is_made_anew(sources: Path, ending: str) -> None:
    worth(sources)
    before = kept(sources)
    for path in sources.rglob(f"*{ending}"):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert worth(sources) == worth(sources) == 7053.0
    assert kept(sources).keys() == before.keys()


def kept(sources: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in sources.rglob("*.nb*")}


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("weights.py", "3.0 * x", "4.0 * x", 7054.0),
        ("weights.py", "5.0 * x", "6.0 * x", 7063.0),
        ("weights.py", '("fuel", "flights")', '("flights", "fuel")', 7153.0),
        ("table.txt", "7", "8", 8053.0),
    ],
    ids=["part of it", "what it calls", "an order of names", "a table"],
)
def test_it_is_made_anew_when_only_what_it_was_made_of_has_changed(
    sources: Path, file: str, old: str, new: str, expected: float
) -> None:
    assert worth(sources) == 7053.0
    changed = sources / file
    changed.write_text(changed.read_text().replace(old, new))
    assert worth(sources) == expected


def test_it_is_used_again_as_long_as_nothing_changes_and_none_piles_up(sources: Path) -> None:
    worth(sources)
    first = kept(sources)
    assert first
    assert worth(sources) == 7053.0
    assert kept(sources) == first
    (sources / "table.txt").write_text("8")
    worth(sources)
    after = kept(sources)
    assert len(after) == len(first)
    assert after.keys() != first.keys()  # they are named by what they were made of
