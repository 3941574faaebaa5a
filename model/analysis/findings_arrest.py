"""The third question of docs/findings.md: the options weighed, and what would make an arrest the better one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from model.analysis.findings_rows import (
    Results,
    best_arrest,
    best_option,
    grade_banner,
    markdown_table,
    rests_on,
    signed_cell,
    weight_that_turns,
)
from model.analysis.overview import percent
from model.analysis.stakes import OBJECTIVES, STAKES
from model.analysis.structures import OWN, few_worlds

#: what the value of an option rests on: claims on what an arrest costs, and numbers of its own
WEIGHED = ("territory_or_law", "people_bear_the_cost")
LAW, SLIGHT = "milestones.compliance_arrest_alone", "kremlin.affront_by_refusal"


def why_not_arrest(found: Results) -> list[str]:
    """The section as paragraphs and tables."""
    rests = [SLIGHT, LAW, *rests_on(found.claims, WEIGHED)]
    parts = [
        "## 3. Why not arrest?",
        grade_banner(
            "every ranking of refusing, hosting and arresting, every map of weights and what turns them",
            rests,
            found.grades,
        ),
    ]
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
        *few_worlds(found.decision),
        "**What would have to be true for an arrest to be better than hosting?** Of the ways to weigh in "
        f"`decision.csv`, an arrest is better in expectation (interval above 0) under: {', '.join(words) or 'none'}. "
        f"Hosting meets nothing of the law, by definition. {weight_that_turns(found)} Worlds in which an arrest is "
        "better are told apart best by:",
        markdown_table(["weights", "option", "number", "grade", "at", "better below", "better above"], flips)
        if flips
        else "no sampled number (none is tied to it more closely than chance would have it at this number of worlds).",
        _refusing(own),
        grade_banner(
            "what refusing costs and what an arrest alone meets of the law", [SLIGHT, LAW], found.grades
        ),
    ]


def _refusing(own: Sequence[Mapping[str, Any]]) -> str:
    def left(option: str) -> str:
        values = [
            next(
                row["value"]
                for row in own
                if (row["option"], row["weights"]) == (option, f"{objective}_alone")
            )
            for objective in ("survival", "people")
        ]
        return "{:.2f} of survival and {:.2f} of the people's welfare".format(*values)

    return (
        "**Refusing** meets the law by definition (nobody wanted was on the territory). It leaves "
        f"{left('refuse')}, hosting {left('host')}: what it costs is the slight that the model's Kremlin takes by it "
        f"(`{SLIGHT}`). Where refusing is open, that definition and that number decide, not the arrest."
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
        f"**Options, {parameters}, {worlds} worlds.** Stakes from 0 to 1, then the three objectives apart "
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
