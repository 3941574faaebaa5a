"""docs/findings.md: the three questions answered from the rows of the analyses, every number put in by script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from model.analysis.claims_view import verdict
from model.analysis.competing import ENDS
from model.analysis.overview import percent
from model.analysis.stakes import OBJECTIVES, STAKES
from model.analysis.structures import OWN

Rows = Sequence[Mapping[str, Any]]
TURNED = (
    "arrest_means_force", "base_frees_him", "army_cannot_hold_him", "people_bear_the_cost",
    "court_never_gets_him", "dushanbe_would_not_dare",
)  # fmt: skip
LEADING = (
    ("force_used", "share", 100),
    ("government_fell", "share", 100),
    ("welfare_of_people", "mean", 100),
)


@dataclass(frozen=True)
class Results:
    """Rows of the analyses, and the settings that a reader has to know.

    about: sentences on how the runs were made; widths: rows of replicates.csv; compared: of comparison.csv with
    `arrest` as the baseline, saved: with `no_arrest`.
    """

    claims: Rows
    steps: Rows
    times: Rows
    compared: Rows
    saved: Rows
    widths: Rows
    decision: Rows
    cells: Rows
    about: Sequence[str]


def page(found: Results) -> str:
    """The page as Markdown."""
    parts = [
        "# Findings",
        "Written by `run.py findings`, which makes the runs, the tables and this page; numbers are filled in by it. "
        "Exploratory analysis, conditional on a premise without precedent: not a forecast. Intervals are 95 % and "
        "hold luck and the sampling of numbers, not the doubt about the model; read them with the other rules of the "
        "model beside them, and with [validation.md](validation.md).",
        "\n".join(f"- {line}" for line in found.about),
        *_happens(found),
        *_difference(found),
        *_arrest(found),
        *_negative(found),
        *_enough(found),
    ]
    return "\n\n".join(parts) + "\n"


def _happens(found: Results) -> list[str]:
    ends = [row for row in found.times if row["race"] == "end"]
    names = list(dict.fromkeys(row["scenario"] for row in ends))
    table = []
    for name in names:
        mine = {row["cause"]: row for row in ends if row["scenario"] == name}
        first = next(iter(mine.values()))
        cells = [
            _share(mine[c]["incidence"], mine[c]["incidence_low"], mine[c]["incidence_high"])
            for c in ENDS[:4]
        ]
        lost = mine["freed"]["days_lost"]
        table.append([name, str(first["n"]), *cells, f"{lost:.0f}"])
    own = _own(found.claims)
    told = [
        [
            row["claim"],
            row["text"],
            str(row["worlds"]),
            _share(row["holds"], row["low"], row["high"]),
            _prior(found.claims, row["claim"]),
            _span(found.claims, row["claim"]),
            "-" if row["story"] is None else percent(row["story"]),
            row["grade"],
            verdict(row).rstrip(".").split(":")[0].split(",")[0].lower(),
        ]
        for row in own
    ]
    counts = {
        word: sum(line[-1] == word for line in told)
        for word in ("holds", "mostly", "open", "seldom", "fails")
    }
    steps = [
        [
            row["scenario"],
            f"{row['actor']}: {row['action']}",
            f"{row['day_told']:g}",
            _share(row["done"], row["done_low"], row["done_high"]),
            percent(row["done_as_told"]),
            "-" if row["first_day"] is None else f"{row['first_day']:.1f}",
        ]
        for row in found.steps
    ]
    return [
        "## 1. What happens?",
        "How the matter of the detainee ends, by Aalen and Johansen's incidence at the horizon (what is missing to "
        "100 % was still open), and days that being freed takes from the horizon:",
        _table(["scenario", "runs", *ENDS[:4], "days lost to freed"], table),
        _banner("how it ends", ["decision.effort_violent", "kremlin.demand_stake", "force.cost_of_fighting"]),
        f"**The commentary's {len(told)} claims** (docs/claims.toml): {counts['holds']} hold in nearly every world, "
        f"{counts['mostly']} in most, {counts['open']} are open, {counts['seldom']} hold in few and {counts['fails']} "
        "in next to none. *Told* is the share where story_as_told lays every step down. *Other rules* is the lowest "
        "and highest share among the structural switches.",
        _table(
            [
                "claim",
                "in our words",
                "worlds",
                "posterior",
                "prior",
                "other rules",
                "told",
                "grade",
                "verdict",
            ],
            told,
        ),
        _banner(
            "every claim graded D", [], "the numbers that each leans on stand in `claims.csv` (`rests_on`)"
        ),
        "**Where free actors leave the story as told.** Share of runs in which the actor does it at all, by a day "
        "after the story has it, and the median day of the first time. A step of the army's orders or of propaganda "
        "that is left out here is what the story needs and the actors do not choose.",
        _table(["scenario", "step", "day told", "done at all", "as told", "first day"], steps),
    ]


def _difference(found: Results) -> list[str]:
    names = list(dict.fromkeys(row["scenario"] for row in found.compared))
    differences = []
    for name in names:
        cells = []
        for outcome, measure, scale in LEADING:
            row = _find(found.compared, scenario=name, outcome=outcome, measure=measure)
            cells.append(_difference_cell(row, scale))
        lost = _find(found.times, scenario=name, race="end", cause="freed")
        cells.append("-" if not lost else _signed(lost, "days_lost_difference", 1))
        differences.append([name, *cells])
    changes = []
    structures = list(dict.fromkeys(row["structure"] for row in found.claims if row["structure"] != OWN))
    for structure in structures:
        cells, worlds = [], []
        for claim in TURNED:
            row = _find(found.claims, claim=claim, structure=structure)
            cells.append("-" if not row else _signed(row, "change", 100))
            worlds.append(row.get("worlds") or 0)
        changes.append([f"`{structure}`", str(max(worlds, default=0)), *cells])
    flips = [
        [
            row["claim"],
            f"`{row['flip']}`",
            row["flip_grade"],
            f"{row['flip_value']:.3g}",
            percent(row["flip_below"]),
            percent(row["flip_above"]),
            "yes" if row["flip_turns"] else "no",
        ]
        for row in _own(found.claims, "prior")
        if row["flip"]
    ]
    d_share = sum(row[2] == "D" for row in flips)
    large = [line[0] for line in changes if any("**" in cell for cell in line[2:])]
    return [
        "## 2. What makes the difference?",
        "Scenario less `arrest` under the same luck, points of 100 and days (paired; **bold**: surprising at 5 % after "
        "Holm's correction over the whole file for shares and means, interval without 0 for days):",
        _table(["scenario", "force", "government fell", "welfare", "days lost to freed"], differences),
        "Other rules of the model less its own, points of the share of worlds in which the claim holds (same worlds; "
        "**bold**: the interval excludes 0). Few worlds stand behind each, so only large effects show"
        + (f": {', '.join(large)}." if large else "; none does."),
        _table(["rule", "worlds", *TURNED], changes) if changes else "No other rule has been run.",
        "**The number that flips it.** Among all sampled numbers, drawn from their prior, the one most closely tied to "
        "each answer (rank test, Holm over all numbers), and the value that parts the worlds best. A claim that is not "
        "in the table has none that chance would not explain at this number of worlds.",
        _table(["claim", "number", "grade", "at", "holds below", "holds above", "majority turns"], flips)
        if flips
        else "None.",
        _banner(
            f"{d_share} of these {len(flips)} flips", [row[1].strip("`") for row in flips if row[2] == "D"]
        )
        if d_share
        else "None of them is graded D.",
    ]


def _arrest(found: Results) -> list[str]:
    parts = ["## 3. Why not arrest?"]
    for parameters in dict.fromkeys(row["parameters"] for row in found.decision):
        parts += _options(found, parameters)
    own = [row for row in found.decision if row["structure"] == OWN]
    arrests = [row for row in own if row["option"].startswith("arrest") and row["parameters"] == "posterior"]
    better = [row for row in arrests if row["over_host_low"] is not None and row["over_host_low"] > 0]
    words = sorted({f"{row['weights']} ({row['option']})" for row in better})
    structures = [
        [f"`{name}`", str(first["worlds"]), first["option"], *_best_arrest(found.decision, name)]
        for name in dict.fromkeys(row["structure"] for row in found.decision)
        if (first := _winner(found.decision, name))
    ]
    flips = [
        [
            row["weights"],
            row["option"],
            f"`{row['flip']}`",
            row["flip_grade"],
            f"{row['flip_value']:.3g}",
            percent(row["flip_below"]),
            percent(row["flip_above"]),
        ]
        for row in own
        if row.get("flip") and row["option"].startswith("arrest")
    ]
    return [
        *parts,
        "**Under other rules** (stakes weighed evenly, posterior): the option with the highest expected value, the "
        "best arrest, and its difference from hosting.",
        _table(["rule", "worlds", "wins", "best arrest", "over hosting"], structures),
        "**What would have to be true for an arrest to be better than hosting?** Of the ways to weigh in "
        f"`decision.csv`, an arrest is better in expectation (interval above 0) under: {', '.join(words) or 'none'}. "
        f"Hosting meets nothing of the law, by definition. {_turn(found)} Worlds in which an arrest is better are told "
        "apart best by:",
        _table(["weights", "option", "number", "grade", "at", "better below", "better above"], flips)
        if flips
        else "no sampled number (none is tied to it more closely than chance would have it at this number of worlds).",
        "**Refusing** meets the law by definition (nobody wanted was on the territory) and costs little, since the "
        "model's slight by refusal is small. Where refusing is open, that definition and that number decide, not the "
        "arrest.",
        _banner(
            "the ranking of refusing, hosting and arresting",
            ["kremlin.affront_by_refusal", "milestones.compliance_arrest_alone", "decision.effort_violent"],
        ),
    ]


def _turn(found: Results) -> str:
    """From which weight of the law an arrest wins once he is here, survival and people sharing the rest."""
    even = [
        cell
        for cell in found.cells
        if (cell["parameters"], cell["menu"]) == ("posterior", "on_arrival")
        and abs(cell["survival"] - cell["people"]) < 0.15
        and cell["winner"].startswith("arrest")
        and cell["lead"] is not None
    ]
    if not even:
        return (
            "Once he is here no weight of the law makes an arrest win, survival and people sharing the rest."
        )
    first = min(even, key=lambda cell: cell["law"])
    return (
        f"Once he is here, with survival and people sharing the rest, {first['winner']} wins from a weight of the law "
        f"of {first['law'] * 100:.0f} % on."
    )


def _options(found: Results, parameters: str) -> list[str]:
    def pick(weights: str) -> dict[str, Mapping[str, Any]]:
        return {
            row["option"]: row
            for row in found.decision
            if (row["parameters"], row["structure"], row["weights"]) == (parameters, OWN, weights)
        }

    even = pick("even")
    names = [*STAKES, *(f"{objective}_alone" for objective in OBJECTIVES)]
    stakes = {name: pick(name) for name in names}
    worlds = next(iter(even.values()))["worlds"]
    table = []
    for option, row in sorted(even.items(), key=lambda entry: -entry[1]["value"]):
        values = [f"{stakes[name][option]['value']:.2f}" for name in names]
        over = "-" if row["over_host"] is None else _signed(row, "over_host", 1, 3)
        regret = f"{row['regret']:.3f} ({row['regret_low']:.3f} to {row['regret_high']:.3f})"
        table.append([option, *values, f"{row['value']:.3f}", regret, percent(row["probability_best"]), over])
    head = [
        "option",
        *STAKES,
        *(f"*{name}*" for name in OBJECTIVES),
        "even",
        "regret",
        "best in",
        "over hosting",
    ]
    parts = [
        f"**Options, {parameters}, {worlds} worlds of two years.** Stakes from 0 to 1, then the three objectives apart "
        "(survival of the government, welfare of the people, compliance with the law), the six stakes weighed evenly.",
        _table(head, table),
    ]
    for menu, said in (("all", "every option open"), ("on_arrival", "he is here, refusing is too late")):
        cells = [cell for cell in found.cells if (cell["parameters"], cell["menu"]) == (parameters, menu)]
        wins: dict[str, list[Mapping[str, Any]]] = {}
        for cell in cells:
            wins.setdefault(cell["winner"], []).append(cell)
        lines = []
        for option, mine in sorted(wins.items(), key=lambda entry: -len(entry[1])):
            sure = sum(cell["lead_low"] is not None and cell["lead_low"] > 0 for cell in mine)
            law = [cell["law"] for cell in mine]
            lines.append(
                [option, str(len(mine)), str(sure), f"{min(law) * 100:.0f} to {max(law) * 100:.0f} %"]
            )
        parts += [
            f"Map of weights, {said}: of {len(cells)} mixtures of survival, people and law (steps of a tenth) each "
            "option wins",
            _table(["option", "mixtures", "of them beyond chance", "with a weight of the law of"], lines),
        ]
    return parts


def _negative(found: Results) -> list[str]:
    own = _own(found.claims)
    failed = [row for row in own if row["high"] is not None and row["high"] <= 0.1]
    still = [row["structure"] for row in found.claims if row["structure"] != OWN]
    moved = {
        row["structure"]
        for row in found.claims
        if row["structure"] != OWN
        and row["change"] is not None
        and (row["change_low"] > 0 or row["change_high"] < 0)
    }
    silent = [structure for structure in dict.fromkeys(still) if structure not in moved]
    no_flip = [row["claim"] for row in _own(found.claims, "prior") if not row["flip"]]
    added = [
        f"{row['outcome']} ({row['variance_reduction']:.2f})"
        for row in found.compared
        if row["scenario"] == "arrest_hold" and (row["variance_reduction"] or 0) < -0.005 and not row["level"]
    ]
    return [
        "## 4. Negative results",
        "\n".join(
            [
                "- Claims that fail: " + (", ".join(row["claim"] for row in failed) or "none") + ".",
                "- Rules that move no claim beyond chance at these numbers of worlds: "
                + (", ".join(silent) or "none")
                + ".",
                f"- Claims without a number that flips them: {', '.join(no_flip) or 'none'}.",
                "- Pairing added variance (arrest_hold against arrest) for: "
                + (", ".join(added) or "nothing")
                + ".",
                "- Propaganda, statements of third states and the cooperation programmes are series or acts; runs.csv "
                "has no outcome for them, so no claim tests them but by the steps above.",
                "- Every claim but those graded better rests on a grade D number; no claim rests on data alone.",
            ]
        ),
    ]


def _enough(found: Results) -> list[str]:
    steps = sorted({row["replicates"] for row in found.widths})[-4:]
    outcomes = list(dict.fromkeys(row["outcome"] for row in found.widths))
    table = []
    for outcome in outcomes:
        mine = {row["replicates"]: row for row in found.widths if row["outcome"] == outcome}
        cells = [_number(mine[step]["half_width"]) if step in mine else "-" for step in steps]
        saved = _find(found.saved, scenario="arrest", outcome=outcome)
        hold = _find(found.compared, scenario="arrest_hold", outcome=outcome)
        table.append(
            [
                outcome,
                *cells,
                *(_number(_clean(row.get("variance_reduction"))) for row in (saved, hold)),
                _number(hold.get("correlation")),
            ]
        )
    return [
        "## 5. How many replicates, and what pairing saves",
        "Half widths of the 95 % interval in `arrest` by number of replicates (of the share that gets there, for days "
        "and truths); share of variance that pairing by luck "
        "took off the difference of `arrest` from `no_arrest`, and of `arrest_hold` from `arrest`, and the correlation "
        "of the latter (empty: one side does not vary). `run.py replicates DIR --until force_used=0.05` says how many "
        "a wanted width takes; `run.py batch --until force_used=0.05` stops there.",
        _table(
            [
                "outcome",
                *(f"n = {step}" for step in steps),
                "saved, no_arrest",
                "saved, arrest",
                "correlation",
            ],
            table,
        ),
    ]


def _own(rows: Rows, parameters: str = "posterior") -> Rows:
    return [row for row in rows if (row["structure"], row["parameters"]) == (OWN, parameters)]


def _find(rows: Rows, **where: str) -> Mapping[str, Any]:
    for row in rows:
        if all(row[key] == value for key, value in where.items()) and not row.get("level"):
            return row
    return {}


def _winner(rows: Rows, structure: str) -> Mapping[str, Any]:
    mine = [
        r for r in rows if (r["structure"], r["weights"], r["parameters"]) == (structure, "even", "posterior")
    ]
    return max(mine, key=lambda row: row["value"], default={})


def _best_arrest(rows: Rows, structure: str) -> list[str]:
    mine = [
        row
        for row in rows
        if (row["structure"], row["weights"], row["parameters"]) == (structure, "even", "posterior")
        and row["option"].startswith("arrest")
    ]
    best = max(mine, key=lambda row: row["value"])
    return [best["option"], _signed(best, "over_host", 1, 3)]


def _prior(rows: Rows, claim: str) -> str:
    row = _find(_own(rows, "prior"), claim=claim)
    return _share(row["holds"], row["low"], row["high"]) if row else "-"


def _span(rows: Rows, claim: str) -> str:
    shares = [
        r["holds"] for r in rows if r["claim"] == claim and r["structure"] != OWN and r["holds"] is not None
    ]
    return f"{percent(min(shares))} to {percent(max(shares))}" if shares else "-"


def _share(value: float | None, low: float | None, high: float | None) -> str:
    if value is None or low is None or high is None:
        return "-"
    return f"{percent(value)} ({max(0.0, low) * 100:.0f} to {min(1.0, high) * 100:.0f})"


def _signed(row: Mapping[str, Any], name: str, scale: int, digits: int = 0) -> str:
    value, low, high = (row.get(key) for key in (name, f"{name}_low", f"{name}_high"))
    if value is None or low is None or high is None:
        return "-"
    text = f"{value * scale:+.{digits}f} ({low * scale:+.{digits}f} to {high * scale:+.{digits}f})"
    return f"**{text}**" if low > 0 or high < 0 else text


def _difference_cell(row: Mapping[str, Any], scale: int) -> str:
    if not row or row["difference"] is None or row["low"] is None:
        return "-"
    text = f"{row['difference'] * scale:+.1f} ({row['low'] * scale:+.1f} to {row['high'] * scale:+.1f})"
    return f"**{text}**" if row["p_holm"] is not None and row["p_holm"] < 0.05 else text


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def _clean(value: float | None) -> float | None:
    """Without the dust of rounding around 0."""
    return 0.0 if value is not None and abs(value) < 1e-9 else value


def _table(head: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    columns = list(head)
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _banner(what: str, keys: Sequence[str], more: str = "") -> str:
    named = ", ".join(f"`{key}`" for key in dict.fromkeys(keys))
    rest = "; ".join(part for part in (named, more) if part)
    return f"> **Rests on grade D: {what}.** An assumption, not evidence, carries it: {rest}."
