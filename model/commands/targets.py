"""How narrow the interval of an outcome is asked to be: `--until force_used=0.05`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from model.commands.terminal import Refused
from model.toml_source import nearest

if TYPE_CHECKING:
    from model.analysis.precision import Target


def targets_of(words: Sequence[str]) -> list[Target]:
    """Half widths given as outcome=number. Raises Refused for one that there is not."""
    from model.analysis.precision import Target, measure_of
    from model.outcomes import outcomes

    known = {name: outcome for name, outcome in outcomes("runs").items() if measure_of(outcome)}
    found = []
    for word in words:
        name, _, text = word.partition("=")
        if name not in known:
            hint = nearest(name, known)
            near = f" (nearest valid name: {hint})" if hint else ""
            raise Refused(
                f"--until asks a half width of an outcome, such as force_used=0.05, not {word!r}{near}"
            )
        try:
            width = float(text)
        except ValueError:
            width = 0.0
        if not 0 < width < float("inf"):
            raise Refused(f"--until {name}: expected a half width above 0 in its unit, not {text!r}")
        found.append(Target(name, width))
    return found
