"""Start the command line: `run.py --help` lists what it can do; without arguments it does the main job.

The main job is a batch of the shipped scenarios, their table, comparison.csv of how they differ, and a page.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from model.commands import start  # noqa: E402  (the folder of the project comes first)

if __name__ == "__main__":
    start()
