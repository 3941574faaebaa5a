"""Work that ends the worker at it; light, since every worker imports it anew."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time

from model.ensemble.finished_run import FinishedRun
from model.ensemble.plan import RunKey
from model.ensemble.work import Work


class Loud(Work):
    """Every third run ends while it hands over a result that fills its pipe many times over."""

    def prepare(self) -> None:
        pass

    def attempt(self, key: RunKey) -> FinishedRun:
        if key.replicate % 3 == 0:
            threading.Thread(target=self.die_while_sending, daemon=True).start()
        return FinishedRun(key, "ok", scalars=b"", payload=bytes(30_000_000))

    def die_while_sending(self) -> None:
        main = threading.main_thread().ident
        assert main is not None
        while sys._current_frames()[main].f_code.co_name != "_send":
            pass
        os.kill(os.getpid(), signal.SIGKILL)


class Hanging(Work):
    """The first run never ends."""

    def prepare(self) -> None:
        pass

    def attempt(self, key: RunKey) -> FinishedRun:
        if key.replicate == 0:
            time.sleep(20)  # long enough to fail the test, not to hold up whoever runs it
        return FinishedRun(key, "ok", scalars=b"", payload=b"")


class Stillborn(Work):
    """Cannot be prepared, or ends the worker that tries."""

    def prepare(self) -> None:
        if self.function == "dies":
            os._exit(3)
        raise ImportError("no module of that name")
