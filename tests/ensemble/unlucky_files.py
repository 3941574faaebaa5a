"""Files of scenarios whose worker dies at one of them and fails at another."""

import os

from model.ensemble.finished_run import FinishedRun
from model.ensemble.plan import RunKey
from model.ensemble.rendering import ScenarioFiles


class UnluckyFiles(ScenarioFiles):
    def attempt(self, key: RunKey) -> FinishedRun:
        if key.scenario == "b":
            os._exit(1)
        if key.scenario == "c":
            self._folder /= "nowhere\0"
        return super().attempt(key)
