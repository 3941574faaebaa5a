"""docs/findings.md: the three questions answered from the rows of the analyses, every number put in by script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from model.analysis.claims_view import verdict
from model.analysis.competing import ENDS
from model.analysis.findings_limits import enough, negative
from model.analysis.findings_rows import (
    Results,
    best_arrest,
    best_option,
    difference_cell,
    find_row,
    grade_banner,
    markdown_table,
    own_rules,
    prior_cell,
    share_cell,
    signed_cell,
    span_cell,
    weight_that_turns,
)
from model.analysis.overview import percent
from model.analysis.stakes import OBJECTIVES, STAKES
from model.analysis.structures import OWN

TURNED = (
    "arrest_means_force", "base_frees_him", "army_cannot_hold_him", "people_bear_the_cost",
    "court_never_gets_him", "dushanbe_would_not_dare",
)  # fmt: skip
LEADING = (
    ("force_used", "share", 100),
    ("government_fell", "share", 100),
    ("welfare_of_people", "mean", 100),
)


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
        *negative(found),
        *enough(found),
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
            share_cell(mine[c]["incidence"], mine[c]["incidence_low"], mine[c]["incidence_high"])
            for c in ENDS[:4]
        ]
        lost = mine["freed"]["days_lost"]
        table.append([name, str(first["n"]), *cells, f"{lost:.0f}"])
    own = own_rules(found.claims)
    told = [
        [
            row["claim"],
            row["text"],
            str(row["worlds"]),
            share_cell(row["holds"], row["low"], row["high"]),
            prior_cell(found.claims, row["claim"]),
            span_cell(found.claims, row["claim"]),
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
            share_cell(row["done"], row["done_low"], row["done_high"]),
            percent(row["done_as_told"]),
            "-" if row["first_day"] is None else f"{row['first_day']:.1f}",
        ]
        for row in found.steps
    ]
    return [
        "## 1. What happens?",
        "How the matter of the detainee ends, by Aalen and Johansen's incidence at the horizon (what is missing to "
        "100 % was still open), and days that being freed takes from the horizon:",
        markdown_table(["scenario", "runs", *ENDS[:4], "days lost to freed"], table),
        grade_banner(
            "how it ends", ["decision.effort_violent", "kremlin.demand_stake", "force.cost_of_fighting"]
        ),
        f"**The commentary's {len(told)} claims** (docs/claims.toml): {counts['holds']} hold in nearly every world, "
        f"{counts['mostly']} in most, {counts['open']} are open, {counts['seldom']} hold in few and {counts['fails']} "
        "in next to none. *Told* is the share where story_as_told lays every step down. *Other rules* is the lowest "
        "and highest share among the structural switches.",
        markdown_table(
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
        grade_banner(
            "every claim graded D", [], "the numbers that each leans on stand in `claims.csv` (`rests_on`)"
        ),
        "**Where free actors leave the story as told.** Share of runs in which the actor does it at all, by a day "
        "after the story has it, and the median day of the first time. A step of the army's orders or of propaganda "
        "that is left out here is what the story needs and the actors do not choose.",
        markdown_table(["scenario", "step", "day told", "done at all", "as told", "first day"], steps),
    ]


def _difference(found: Results) -> list[str]:
    names = list(dict.fromkeys(row["scenario"] for row in found.compared))
    differences = []
    for name in names:
        cells = []
        for outcome, measure, scale in LEADING:
            row = find_row(found.compared, scenario=name, outcome=outcome, measure=measure)
            cells.append(difference_cell(row, scale))
        lost = find_row(found.times, scenario=name, race="end", cause="freed")
        cells.append("-" if not lost else signed_cell(lost, "days_lost_difference", 1))
        differences.append([name, *cells])
    changes = []
    structures = list(dict.fromkeys(row["structure"] for row in found.claims if row["structure"] != OWN))
    for structure in structures:
        cells, worlds = [], []
        for claim in TURNED:
            row = find_row(found.claims, claim=claim, structure=structure)
            cells.append("-" if not row else signed_cell(row, "change", 100))
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
        for row in own_rules(found.claims, "prior")
        if row["flip"]
    ]
    d_share = sum(row[2] == "D" for row in flips)
    large = [line[0] for line in changes if any("**" in cell for cell in line[2:])]
    return [
        "## 2. What makes the difference?",
        "Scenario less `arrest` under the same luck, points of 100 and days (paired; **bold**: surprising at 5 % after "
        "Holm's correction over the whole file for shares and means, interval without 0 for days):",
        markdown_table(
            ["scenario", "force", "government fell", "welfare", "days lost to freed"], differences
        ),
        "Other rules of the model less its own, points of the share of worlds in which the claim holds (same worlds; "
        "**bold**: the interval excludes 0). Few worlds stand behind each, so only large effects show"
        + (f": {', '.join(large)}." if large else "; none does."),
        markdown_table(["rule", "worlds", *TURNED], changes) if changes else "No other rule has been run.",
        "**The number that flips it.** Among all sampled numbers, drawn from their prior, the one most closely tied to "
        "each answer (rank test, Holm over all numbers), and the value that parts the worlds best. A claim that is not "
        "in the table has none that chance would not explain at this number of worlds.",
        markdown_table(
            ["claim", "number", "grade", "at", "holds below", "holds above", "majority turns"], flips
        )
        if flips
        else "None.",
        grade_banner(
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
        [f"`{name}`", str(first["worlds"]), first["option"], *best_arrest(found.decision, name)]
        for name in dict.fromkeys(row["structure"] for row in found.decision)
        if (first := best_option(found.decision, name))
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
        markdown_table(["rule", "worlds", "wins", "best arrest", "over hosting"], structures),
        "**What would have to be true for an arrest to be better than hosting?** Of the ways to weigh in "
        f"`decision.csv`, an arrest is better in expectation (interval above 0) under: {', '.join(words) or 'none'}. "
        f"Hosting meets nothing of the law, by definition. {weight_that_turns(found)} Worlds in which an arrest is "
        "better are told apart best by:",
        markdown_table(["weights", "option", "number", "grade", "at", "better below", "better above"], flips)
        if flips
        else "no sampled number (none is tied to it more closely than chance would have it at this number of worlds).",
        "**Refusing** meets the law by definition (nobody wanted was on the territory) and costs little, since the "
        "model's slight by refusal is small. Where refusing is open, that definition and that number decide, not the "
        "arrest.",
        grade_banner(
            "the ranking of refusing, hosting and arresting",
            ["kremlin.affront_by_refusal", "milestones.compliance_arrest_alone", "decision.effort_violent"],
        ),
    ]


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
        over = "-" if row["over_host"] is None else signed_cell(row, "over_host", 1, 3)
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
        markdown_table(head, table),
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
            markdown_table(
                ["option", "mixtures", "of them beyond chance", "with a weight of the law of"], lines
            ),
        ]
    return parts
