"""What one reader has before him: a scenario with its levers, perhaps a second one, their runs, their replicates.

The widgets only say what is wished; a thread of the session does it, so that the page answers meanwhile. Without
that thread (`settle`) all of it happens at once, as tests like it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from model.dashboard.choice import Choice
from model.dashboard.course import Course, together
from model.dashboard.replicates import Replicates
from model.scenario import ScenarioError
from model.settings import Settings

#: days that a step of the play button takes -> what it is called
PACES = {0.25: "6 hours", 1.0: "a day", 7.0: "a week"}
#: seconds between two steps of the play button
BEAT = 0.4
#: days that are caught up at a time before the page is told
STRIDE = 5.0


class Session:
    """The state of one page.

    choice, rival: what is run, and what it is compared with (None: nothing). replicate: number of the luck.
    goal: day that the runs are on the way to. problem: what went wrong last, or "". on_change is called, from
    any thread, whenever something that is seen has changed. lock: held while the runs move; who draws them holds it
    too, so that nothing is drawn half moved.
    """

    def __init__(
        self, reference: str, settings: Settings, on_change: Callable[[], None] = lambda: None
    ) -> None:
        self.settings, self.on_change = settings, on_change
        self.choice = Choice.of(reference)
        self.rival: Choice | None = None
        self.replicate = 0
        self.pace = 1.0
        self.goal = 0.0
        self.playing = False
        self.problem = ""
        self.replicates: Replicates | None = None
        self._stale = False
        self.lock = threading.RLock()
        self._wake = threading.Event()
        self._closed = False
        self._thread: threading.Thread | None = None
        self.courses = self._new_courses()

    def _new_courses(self) -> list[Course]:
        """The runs that are wanted, on day 0; one where a scenario would be compared with itself."""
        wanted = {choice.scenario.name: choice.scenario for choice in (self.choice, self.rival) if choice}
        return [Course(scenario, self.settings, self.replicate) for scenario in wanted.values()]

    @property
    def day(self) -> float:
        """The day that all runs have reached."""
        return min(course.day for course in self.courses)

    @property
    def over(self) -> bool:
        """Whether the horizon is reached."""
        return all(course.over for course in self.courses)

    @property
    def behind(self) -> bool:
        """Whether the runs are on the way to a day that they have not reached."""
        return self.day < self.goal - 1e-9

    # What is wished

    def choose(self, reference: str) -> None:
        """Another scenario, its levers untouched; all begins anew."""
        found = self._load(reference)
        if found is not None:
            self._begin(choice=found, from_start=True)

    def compare(self, reference: str | None) -> None:
        """A second scenario under the same luck, or none; both come to the day that is shown."""
        found = self._load(reference) if reference else None
        if found is not None or not reference:
            self._begin(rival=found, drop_rival=not reference)

    def move(self, key: str, value: float | None) -> None:
        """Fix a number, or leave it to the scenario again; the run comes back to the day that is shown."""
        self._begin(choice=self.choice.moved(key, value))

    def switch(self, name: str, value: str) -> None:
        """Change a rule; the run comes back to the day that is shown."""
        self._begin(choice=self.choice.switched(name, value))

    def release_levers(self) -> None:
        """All levers as the scenario has them."""
        self._begin(choice=replace(self.choice, numbers={}, switches={}))

    def draw(self, replicate: int) -> None:
        """Another luck; the run comes back to the day that is shown."""
        if replicate != self.replicate and replicate >= 0:
            self.replicate = replicate
            self._begin(keep_replicates=True)

    def step(self, days: float | None = None) -> None:
        """On by some days, or by the pace."""
        self._wish(self.goal + (self.pace if days is None else days))

    def finish(self) -> None:
        """On to the horizon."""
        self.playing = False
        self._wish(float(self.settings.days))

    def play(self) -> None:
        """On and on by the pace, until paused or over."""
        self.playing = not self.over
        self._tell()

    def pause(self) -> None:
        """Stay at the day that is shown."""
        self.playing = False
        self._tell()

    def reset(self) -> None:
        """Back to the day of the visit."""
        self._begin(from_start=True, keep_replicates=True)

    def run_replicates(self, runs: int, workers: int = 1) -> None:
        """Run what is chosen many times, in processes of their own."""
        if self.replicates is not None:
            self.replicates.stop()
        scenarios = {course.scenario.name: course.scenario for course in self.courses}
        self.replicates = Replicates(list(scenarios.values()), self.settings, runs, self.on_change)
        self.replicates.start(workers)
        self.on_change()

    def stop_replicates(self) -> None:
        """Make no more runs; those that are there stay."""
        if self.replicates is not None:
            self.replicates.stop()
            self.on_change()

    def _wish(self, day: float) -> None:
        self.goal = min(day, float(self.settings.days))
        self._tell()

    def _tell(self) -> None:
        self._wake.set()
        self.on_change()

    def _load(self, reference: str) -> Choice | None:
        """A scenario, or None and the problem said."""
        self.problem = ""
        try:
            found = Choice.of(reference)
        except ScenarioError as wrong:
            self.problem = str(wrong)
            return None
        laid_down = [act.day for act in found.base.script] + [event.day for event in found.base.injects]
        last = max(laid_down, default=0.0)
        if last >= self.settings.days:
            self.problem = (
                f"{found.base.name} lays something down for day {last:g}, beyond the horizon of "
                f"{self.settings.days} days; start with --days {int(last) + 1} or more"
            )
            return None
        return found

    def _begin(
        self,
        choice: Choice | None = None,
        rival: Choice | None = None,
        *,
        drop_rival: bool = False,
        from_start: bool = False,
        keep_replicates: bool = False,
    ) -> None:
        """Make the runs anew; they come to the day that is shown, unless all begins from the start."""
        with self.lock:
            self.choice = choice or self.choice
            self.rival = None if drop_rival else rival or self.rival
            if from_start:
                self.goal, self.playing = 0.0, False
            if not keep_replicates and self.replicates is not None:
                self.replicates.stop()
                self.replicates = None
            self._stale = True
        self._tell()

    # What is done

    def work(self) -> bool:
        """Do one piece of what is wished, and say it. False where nothing is left to do."""
        if self.behind or self.playing:
            import model.simulation  # noqa: F401  (takes seconds at first, in which the page can be drawn)
        with self.lock:
            if self._stale:
                for course in self.courses:
                    course.close()
                self.courses, self._stale = self._new_courses(), False
            elif self.behind:
                together(self.courses, min(self.goal, self.day + STRIDE))
            elif self.playing and not self.over:
                self.goal = min(self.goal + self.pace, float(self.settings.days))
                together(self.courses, self.goal)
            else:
                self.playing = False
                return False
        self.on_change()
        return True

    def settle(self) -> None:
        """Do all that is wished, now."""
        while self.work():
            pass

    def start(self) -> None:
        """Do what is wished from now on, in a thread of its own."""
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def _live(self) -> None:
        while not self._closed:
            self._wake.clear()
            behind = self._stale or self.behind
            try:
                busy = self.work()
            except Exception as wrong:  # a run that fails is said on the page; the page lives on
                self.problem = f"the run failed: {type(wrong).__name__}: {wrong}"
                self.goal, self.playing, busy = self.day, False, False
                self.on_change()
            if not busy:
                self._wake.wait()
            elif not behind:
                self._wake.wait(BEAT)

    def close(self) -> None:
        """End all that the session does."""
        self._closed, self.playing = True, False
        if self.replicates is not None:
            self.replicates.stop()
        self._wake.set()
        for thread in (self._thread, self.replicates):
            if isinstance(thread, threading.Thread):
                thread.join(5.0)
            elif thread is not None:
                thread.wait(5.0)
        for course in self.courses:
            course.close()
