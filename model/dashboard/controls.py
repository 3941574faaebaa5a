"""What the reader can do: choose, move levers, play, run many times."""

from __future__ import annotations

from functools import partial

import reacton.ipyvuetify as rv
import solara

from model.dashboard.choice import Choice
from model.dashboard.levers import GRADES, RULES, STEPS, Lever
from model.dashboard.opened import OPENED
from model.dashboard.session import PACES, Session
from model.scenario_file import SWITCHES

NOBODY = ""
RUNS = (10, 50, 100, 200)


@solara.component
def Chooser(session: Session, version: int) -> None:
    """The scenario, what it is compared with, and the luck that both meet."""
    known = [
        {"text": f"{title} ({_name(reference)})", "value": reference}
        for reference, title in OPENED.titles.items()
    ]
    with solara.Div(classes=["chooser"]):
        rv.Autocomplete(
            label="Scenario",
            v_model=session.choice.reference,
            items=known,
            on_v_model=lambda reference: session.choose(reference) if reference else None,
            dense=True,
            hide_details=True,
        )
        rv.Autocomplete(
            label="Compare with",
            v_model=session.rival.reference if session.rival else NOBODY,
            items=[{"text": "nothing", "value": NOBODY}, *known],
            on_v_model=lambda reference: session.compare(reference or None),
            dense=True,
            hide_details=True,
        )
        with solara.Div(classes=["luck"]):
            solara.Button("Other luck", on_click=lambda: session.draw(session.replicate + 1), text=True)
            solara.Text(f"luck no. {session.replicate}")


def _name(reference: str) -> str:
    """A short name of a scenario: the last part of a path."""
    return reference.replace("\\", "/").rpartition("/")[2]


@solara.component
def Player(session: Session, version: int) -> None:
    """Step or play, by 6 hours, a day or a week."""
    paces = {text: days for days, text in PACES.items()}
    over = session.over
    with solara.Div(classes=["player"]):
        if session.playing:
            solara.Button("Pause", icon_name="mdi-pause", on_click=session.pause, color="primary")
        else:
            solara.Button("Play", icon_name="mdi-play", on_click=session.play, color="primary", disabled=over)
        solara.Button(
            "Step", icon_name="mdi-skip-next", on_click=lambda: session.step(), disabled=over, outlined=True
        )
        solara.Button(
            "To the end", icon_name="mdi-fast-forward", on_click=session.finish, disabled=over, outlined=True
        )
        solara.Button("Reset", icon_name="mdi-restart", on_click=session.reset, outlined=True)
        with solara.Div(classes=["pace"]):
            solara.Select(
                label="A step is",
                value=PACES[session.pace],
                values=list(paces),
                on_value=lambda text: setattr(session, "pace", paces[text]),
                dense=True,
            )


@solara.component
def Levers(session: Session, version: int) -> None:
    """The main numbers with range and grade, and the alternative rules."""
    choice = session.choice
    if choice.touched:
        with solara.Div(classes=["moved"]):
            solara.Text(f"{len(choice.numbers) + len(choice.switches)} moved")
            solara.Button("All as the scenario has them", on_click=session.release_levers, text=True)
    for key, lever in choice.levers.items():
        NumberLever(session, choice, key, lever).key(key)
    with solara.Details("Alternative rules"):
        for name, values in SWITCHES.items():
            solara.Select(
                label=RULES[name],
                value=choice.scenario.switches[name],
                values=list(values),
                on_value=partial(session.switch, name),
                dense=True,
            )


@solara.component
def NumberLever(session: Session, choice: Choice, key: str, lever: Lever) -> None:
    """One number: its slider, what it stands at, its range and the grade of its evidence."""
    fixed = choice.numbers.get(key)
    value = lever.number.value if fixed is None else fixed
    with solara.Div(classes=["lever", "lever-moved" if fixed is not None else "lever-still"]):
        with solara.Div(classes=["lever-head"]):
            solara.Text(lever.label)
            if fixed is not None:
                solara.Button("undo", on_click=lambda: session.move(key, None), text=True, x_small=True)
        rv.Slider(
            v_model=lever.place(value),
            on_v_model=lambda place: _moved(session, key, lever, place, value),
            min=0,
            max=STEPS,
            dense=True,
            hide_details=True,
            attributes={"aria-label": lever.label},
        )
        solara.Text(_said(lever, fixed), classes=["lever-said"])


def _moved(session: Session, key: str, lever: Lever, place: int, value: float) -> None:
    if place != lever.place(value):
        session.move(key, lever.at(place))


def _said(lever: Lever, fixed: float | None) -> str:
    """Where a number stands, its unit, range and grade."""
    unit = "" if lever.number.unit in ("1", "0-1") else f" {lever.number.unit}"
    if fixed is not None:
        stands = f"fixed at {_figure(fixed)}{unit}"
    elif lever.drawn:
        stands = f"drawn by luck about {_figure(lever.number.value)}{unit}"
    else:
        stands = f"{_figure(lever.number.value)}{unit}"
    grade = lever.number.grade
    return f"{stands}; {_figure(lever.low)} to {_figure(lever.high)}; grade {grade}, {GRADES[grade]}"


def _figure(value: float) -> str:
    return f"{value:,.4g}".replace(",", "\u202f") if abs(value) < 1e5 else f"{value / 1e6:,.4g} m"


@solara.component
def Ensemble(session: Session, version: int) -> None:
    """Run what is seen many times; how far that is."""
    runs, set_runs = solara.use_state(50)
    found = session.replicates
    busy = found is not None and found.busy
    with solara.Div(classes=["ensemble"]):
        solara.Select(
            label="Runs of each", value=runs, values=list(RUNS), on_value=set_runs, dense=True, disabled=busy
        )
        if busy:
            solara.Button("Stop", icon_name="mdi-stop", on_click=session.stop_replicates, outlined=True)
        else:
            solara.Button(
                "Run many",
                icon_name="mdi-chart-bell-curve",
                on_click=lambda: session.run_replicates(runs, OPENED.workers),
                color="primary",
            )
        if found is not None:
            done = sum(found.count(name) for name in found.scenarios)
            failed = f", {found.failed} failed" if found.failed else ""
            solara.Text(f"{done} of {found.runs * len(found.scenarios)} runs{failed}", classes=["count"])
            if busy:
                solara.ProgressLinear(100.0 * found.share)
            if found.problem:
                solara.Error(found.problem)
