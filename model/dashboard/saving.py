"""What is seen, as files behind buttons.

Solara's own `FileDownload` takes a maker that was made anew for other data and then forgets a click that it has just
met, and saves nothing at all at a quick second click; here each click is answered by one file.
"""

from __future__ import annotations

from collections.abc import Callable

import solara

from model.dashboard.session import Session


@solara.component_vue("save_button.vue")
def _save_button(
    label: str, file: str, kind: str, made: tuple[int, str], event_make: Callable[..., None]
) -> None:
    """A button that asks for a file and hands it to the browser. made: how often it was made, and its text."""


@solara.component
def Saved(label: str, file: str, make: Callable[[], str], kind: str = "text/csv") -> None:
    """A button behind which there is a file, made when it is pressed."""
    made, set_made = solara.use_state((0, ""))
    _save_button(
        label=label,
        file=file,
        kind=kind,
        made=made,
        event_make=lambda *_: set_made((made[0] + 1, make())),
    )


@solara.component
def Downloads(session: Session, version: int) -> None:
    """What is seen, as files."""
    choice, courses, found = session.choice, session.courses, session.replicates

    def toml() -> str:
        return choice.toml(session.settings, session.replicate)

    def csv(file: str, of: object) -> Callable[[], str]:
        return lambda: _made(session, file, of)

    with solara.Div(classes=["downloads"]):
        Saved("Scenario (TOML)", f"{choice.file_name}.toml", toml, "application/toml")
        if session.day >= 1.0:
            Saved("Series (CSV)", "series.csv", csv("series_csv", courses))
            Saved("Acts (CSV)", "acts.csv", csv("acts_csv", courses))
        if found is not None and any(found.count(name) for name in found.scenarios):
            Saved("Runs (CSV)", "runs.csv", csv("runs_csv", found))
            Saved("Bands (CSV)", "bands.csv", csv("bands_csv", found))


def _made(session: Session, file: str, of: object) -> str:
    """A file of `downloads`, which loads what writes CSV only when one is asked for."""
    from model.dashboard import downloads

    with session.lock:
        made: bytes = getattr(downloads, file)(of)
    return made.decode("utf-8")
