"""Workers are born with the model, so that they share its memory and import it once."""

import multiprocessing
import subprocess
import sys

import pytest

BORN = """
import multiprocessing
from model.ensemble.worker import begin_imports
if __name__ == "__main__":
    begin_imports("model.simulation:simulate")
    code = "import sys; print('model.simulation' in sys.modules)"
    child = multiprocessing.get_context("forkserver").Process(target=exec, args=(code,))
    child.start()
    child.join()
"""


@pytest.mark.skipif(
    "forkserver" not in multiprocessing.get_all_start_methods(), reason="workers are spawned here"
)
def test_a_worker_has_the_model_before_it_is_told_anything() -> None:
    told = subprocess.run([sys.executable, "-c", BORN], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["True"]
