"""A batch of the fake simulation in a process of its own, for tests that stop, kill and starve it.

python -m tests.ensemble.fake_batch '{"out": "...", "scenarios": {"a": ""}, "replicates": 4, "resume": true}'
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from model.commands.batch import Request, make_batch
from model.commands.terminal import Refused, say, speak_any_letter
from tests.ensemble.fake_simulation import FakeScenario

ROOT = Path(__file__).parents[2]
FAKE = "tests.ensemble.fake_simulation:simulate"
DEFAULTS = {"replicates": 4, "days": 20, "households": 100, "workers": 2, "function": FAKE}


def command(out: Path, scenarios: dict[str, str], **request: Any) -> list[str]:
    """The command of a batch: scenarios by name with their misfortune, and what else a Request takes."""
    words = {"out": str(out), "scenarios": scenarios, **request}
    return [sys.executable, "-m", "tests.ensemble.fake_batch", json.dumps(words, ensure_ascii=False)]


def process(out: Path, scenarios: dict[str, str], **request: Any) -> subprocess.Popen[str]:
    """The batch started, in a session of its own, its stderr to be read."""
    return subprocess.Popen(
        command(out, scenarios, **request), cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
        text=True, start_new_session=True,
    )  # fmt: skip


def main(text: str) -> int:
    speak_any_letter()
    words = json.loads(text)
    scenarios = [FakeScenario(name, misfortune) for name, misfortune in words.pop("scenarios").items()]
    request = Request(**(DEFAULTS | words | {"out": Path(words["out"])}))
    try:
        return make_batch(request, scenarios, asked=[scenario.name for scenario in scenarios])
    except Refused as refusal:
        say(f"error: {refusal}")
        return refusal.code


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in a job of the background
    os.environ.pop("UV", None)
    sys.exit(main(sys.argv[1]))
