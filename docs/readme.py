"""`uv run python -m docs.readme MAIN PRIOR`: write the numbers of `README.md` anew from two finished batches.

MAIN is the folder of the main job (`run.py`), PRIOR that of `run.py batch arrest --parameters prior`. Sentences that
say which way a number points are checked here: one that no longer holds ends the command with what does.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from docs.blocks import ROOT
from docs.measured import excerpt, renew
from model.analysis.observations import Observed
from model.analysis.overview import overview_lines
from model.analysis.statistics import quantile, wilson
from model.commands import start
from model.commands.gathering import gather

PAGE = ROOT / "README.md"
TIMELINE = ("run", "arrest_hold", "--replicate", "4")
#: outcomes of `arrest` shown of summary.csv
SHOWN = ("end_state", "days_to_force", "remittance_floor")
Runs = Mapping[str, Observed]


def parts(main: Path, prior: Path) -> dict[str, str]:
    """What stands in each place of the page. Raises Refused for folders that hold no batch."""
    runs, before = gather([main]).observed, gather([prior]).observed["arrest"]
    return {
        "table": excerpt(overview_lines(runs, "no_arrest")),
        "summary": excerpt(_summary(main)),
        "arrest": "\n".join(f"- {line}" for line in _arrest(runs)),
        "calibration": _calibration(before),
        "commentary": "\n".join(f"- {line}" for line in _commentary(runs)),
        "timeline": excerpt(_timeline()),
    }


def _summary(main: Path) -> list[str]:
    head, *lines = (main / "summary.csv").read_text(encoding="utf-8").splitlines()
    wanted = [f'"arrest","{outcome}",' for outcome in SHOWN]
    return [head, *(line for line in lines if any(line.startswith(start) for start in wanted))]


def _timeline() -> list[str]:
    told = StringIO()
    try:
        with redirect_stdout(told):
            start(TIMELINE)
    except SystemExit as end:
        if end.code:
            raise
    return told.getvalue().rstrip().splitlines()


def _hits(observed: Observed, outcome: str, true: Callable[[object], bool]) -> tuple[int, int]:
    values = observed.values(outcome)
    return sum(map(true, values)), len(values)


def _counted(observed: Observed, outcome: str, level: object = None) -> tuple[int, int]:
    """Runs at a level of an outcome, or that reached a milestone where none is named, and all runs."""
    return _hits(observed, outcome, lambda v: v is not None if level is None else v == level)


def _share(hits: int, runs: int) -> str:
    low, high = wilson(hits, runs)
    return f"{100 * hits / runs:.0f} % ({100 * low:.0f}-{100 * high:.0f})"


def _percent(observed: Observed, outcome: str, level: object = None) -> str:
    hits, runs = _counted(observed, outcome, level)
    return f"{100 * hits / runs:.0f} %"


def _spread(observed: Observed, outcome: str, scale: float = 1.0, form: str = ".2f") -> str:
    values = sorted(float(value) * scale for value in observed.values(outcome) if value is not None)
    low, middle, high = (quantile(values, q) for q in (0.05, 0.5, 0.95))
    return f"{middle:{form}} ({low:{form}} to {high:{form}})"


def _median_day(observed: Observed, outcome: str) -> str:
    reached = [float(value) for value in observed.values(outcome) if value is not None]
    return f"{statistics.median(reached):.1f}" if reached else "-"


def _arrest(runs: Runs) -> list[str]:
    arrest, hold = runs["arrest"], runs["arrest_hold"]
    ends = (
        ("released", "released"),
        ("freed", "freed by force"),
        ("surrendered", "surrendered to the Court"),
        ("died", "died"),
        ("held", "still held after 180 days"),
    )
    how = ", ".join(f"{told} {_share(*_counted(arrest, 'end_state', end))}" for end, told in ends)
    return [
        f"**How it ends:** {how}. Of those that end, half do within {_median_day(arrest, 'days_to_end')} days.",
        "**Force** (a place stormed, or an aircraft forced down; a blockade alone is not counted) is used in "
        f"{_share(*_counted(arrest, 'force_used', True))} of the runs; median day "
        f"{_median_day(arrest, 'days_to_force')} of the runs in which it happened. If the "
        "government holds on whatever comes (`arrest_hold`): "
        f"{_share(*_counted(hold, 'force_used', True))}.",
        f"**The airport** closes for a day or more in {_share(*_counted(arrest, 'days_to_airport_closed'))}; where the "
        f"government holds on, in {_percent(hold, 'days_to_airport_closed')}.",
        "**The army** collapses, or is told to give up under attack, in "
        f"{_share(*_counted(arrest, 'days_to_army_collapse'))} of the runs. The government falls in "
        f"{_share(*_counted(arrest, 'government_fell', True))}.",
        "**Remittances:** lowest 28-day mean of the seasonal index, median and 5 % to 95 %: "
        f"{_spread(arrest, 'remittance_floor')}. With transfers, raids and entry bans in full force and no arrest "
        f"(`pressure_100`): {_spread(runs['pressure_100'], 'remittance_floor')}; at a quarter of that (`pressure_25`): "
        f"{_spread(runs['pressure_25'], 'remittance_floor')}.",
    ]


def _calibration(before: Observed) -> str:
    told = ", ".join(
        f"{name} {_share(*_counted(before, outcome, level))}"
        for name, outcome, level in (
            ("force", "force_used", True),
            ("released", "end_state", "released"),
            ("freed", "end_state", "freed"),
            ("surrendered", "end_state", "surrendered"),
        )
    )
    return (
        "What the calibration changed for `arrest` (same scenario and luck, numbers of behaviour from the prior "
        f"instead): {told}."
    )


def _commentary(runs: Runs) -> list[str]:
    arrest, free = runs["arrest"], runs["arrest_no_force"]
    full, quarter, calm = runs["pressure_100"], runs["pressure_25"], runs["no_arrest"]
    force, released = _percent(arrest, "force_used", True), _share(*_counted(arrest, "end_state", "released"))
    not_arrested = _hits(runs["open_choice"], "end_state", lambda end: end in ("not_arrested", "refused"))
    _must_hold(runs)

    def let_go(scenario: str) -> str:
        return _percent(runs[scenario], "end_state", "released")

    return [
        f"It says that force was certain. Here it comes in {force} of the runs; in {released} a government under "
        "threat gives way.",
        "It says that limited pressure paralyses the economy and brings unrest. At a quarter of full pressure "
        f"paralysis comes in {_share(*_counted(quarter, 'days_to_paralysis'))} of the runs, at full pressure in "
        f"{_share(*_counted(full, 'days_to_paralysis'))}; unrest in {_share(*_counted(quarter, 'days_to_unrest'))} and "
        f"{_share(*_counted(full, 'days_to_unrest'))}. Poverty peaks at {_spread(full, 'poverty_peak', 100, '.0f')} "
        f"per cent of households at full pressure, and at {_spread(calm, 'poverty_peak', 100, '.0f')} without any.",
        "It says that nobody would help and statements change nothing. The European Union's statement comes in "
        f"{_percent(arrest, 'days_to_eu_statement')} of the runs of `arrest`, aid or sanctions before the matter is "
        f"over in {_share(*_in_time(arrest))}.",
        "It does not speak of The Hague. Without force (`arrest_no_force`) the suspect reaches the Court in "
        f"{_share(*_counted(free, 'end_state', 'surrendered'))} of the runs.",
        f"Remedies that work on months come late for a matter settled in days: released are {let_go('arrest')} in "
        f"`arrest`, {let_go('arrest_fuel_reserve')} with a fuel reserve, {let_go('arrest_eu_package')} with a prepared "
        f"aid package, {let_go('arrest_spring')} in spring; {let_go('arrest_security_guarantee')} with a security "
        f"guarantee and {let_go('base_half_strength')} with half a base.",
        "Who decides in Moscow: if factions have to agree while he is held (`moscow_divided`), force comes in "
        f"{_percent(runs['moscow_divided'], 'force_used', True)} instead of {force}. And an arrest may not succeed at "
        "all: with a guest who weighs whether to come and guards who resist (`arrest_attempted`), force comes in "
        f"{_percent(runs['arrest_attempted'], 'force_used', True)}.",
        "Left to itself (`open_choice`) the government does not arrest in "
        f"{_share(*not_arrested)} of the runs.",
    ]


def _in_time(arrest: Observed) -> tuple[int, int]:
    """Runs in which aid or sanctions came before the end, and all runs."""
    names = ("days_to_end", "days_to_eu_aid", "days_to_eu_sanctions")
    rows = zip(*(arrest.values(name) for name in names), strict=True)
    never = float("inf")
    days = [[never if day is None else float(day) for day in row] for row in rows]
    return sum(min(aid, sanctions) < end for end, aid, sanctions in days), len(days)


def _must_hold(runs: Runs) -> None:
    """What the sentences take for granted. Raises ValueError with the one that no longer holds."""

    def share(scenario: str, outcome: str, level: object) -> float:
        hits, count = _counted(runs[scenario], outcome, level)
        return hits / count

    taken = {
        "force is not certain": share("arrest", "force_used", True) < 0.95,
        "factions hold force back": share("moscow_divided", "force_used", True)
        < share("arrest", "force_used", True),
    }
    for sentence, holds in taken.items():
        if not holds:
            raise ValueError(
                f"README says that {sentence}, and this batch does not: write that sentence anew"
            )


def main(arguments: list[str]) -> int:
    """Write the page; 0."""
    renew(PAGE, parts(*map(Path, arguments)))
    print(PAGE.name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
