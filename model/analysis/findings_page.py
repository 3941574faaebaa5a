"""docs/findings.md: the three questions answered from the rows of the analyses, every number put in by script."""

from __future__ import annotations

from collections.abc import Sequence

from model.analysis.claims_view import verdict
from model.analysis.competing import ENDS
from model.analysis.findings_arrest import why_not_arrest
from model.analysis.findings_limits import enough, negative, out_of_reach, rules_that_move
from model.analysis.findings_rows import (
    Results,
    difference_cell,
    find_row,
    grade_banner,
    markdown_table,
    own_rules,
    prior_cell,
    rests_on,
    share_cell,
    signed_cell,
    span_cell,
)
from model.analysis.overview import percent
from model.analysis.structures import OWN, few_worlds

TURNED = (
    "arrest_means_force", "base_frees_him", "army_cannot_hold_him", "people_bear_the_cost",
    "court_never_gets_him", "dushanbe_would_not_dare",
)  # fmt: skip
#: the claims that say how the matter ends, what the coercer does, and what a scenario changes: what those rest on
ENDING = ("certain_force_if_held", "base_frees_him", "army_cannot_hold_him", "court_never_gets_him")
ACTS = (
    "airport_closed", "airspace_lost", "ministries_seized", "csto_restores_order", "economic_retaliation",
)  # fmt: skip
DIFFERENCES = (*ENDING, "people_bear_the_cost", "territory_or_law")
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
        *why_not_arrest(found),
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
        grade_banner("how it ends", rests_on(found.claims, ENDING), found.grades),
        f"**The commentary's {len(told)} claims** (docs/claims.toml): {counts['holds']} hold in nearly every world, "
        f"{counts['mostly']} in most, {counts['open']} are open, {counts['seldom']} hold in few and {counts['fails']} "
        "in next to none. *Told* is the share where story_as_told lays every step down. *Other rules* is the lowest "
        "and highest share among the structural switches, with the worlds that stand behind each.",
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
        *few_worlds(found.claims),
        grade_banner(
            f"{sum(row['grade'] == 'D' for row in own)} of the {len(told)} claims (grade D in the table)",
            rests_on(found.claims, [row["claim"] for row in own]),
            found.grades,
        ),
        "**Where free actors leave the story as told.** Share of runs in which the actor does it at all, by a day "
        "after the story has it, and the median day of the first time. A step of the army's orders or of propaganda "
        "that is left out here is what the story needs and the actors do not choose.",
        markdown_table(["scenario", "step", "day told", "done at all", "as told", "first day"], steps),
        grade_banner("which steps are taken", rests_on(found.claims, ACTS), found.grades),
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
    return [
        "## 2. What makes the difference?",
        "Scenario less `arrest` under the same luck, points of 100 and days (paired; **bold**: surprising at 5 % after "
        "Holm's correction over the whole file for shares and means, interval without 0 for days):",
        markdown_table(
            ["scenario", "force", "government fell", "welfare", "days lost to freed"], differences
        ),
        grade_banner("what a scenario changes", rests_on(found.claims, DIFFERENCES), found.grades),
        *(
            [
                "Other rules of the model less its own, points of the share of worlds in which the claim holds (same "
                "worlds; **bold**: the interval excludes 0, for this cell alone). "
                + _by_chance(found, changes),
                markdown_table(["rule", "worlds", *TURNED], changes),
                grade_banner("what a rule changes", rests_on(found.claims, TURNED), found.grades),
            ]
            if changes
            else ["No other rule has been run."]
        ),
        "**The number that flips it.** Among all sampled numbers, drawn from their prior, the one most closely tied to "
        "each answer (rank test, Holm over all numbers), and the value that parts the worlds best "
        "(the shares are those of the worlds that chose it, so somewhat too "
        "far apart). A claim that is not "
        "in the table has none that chance would not explain at this number of worlds.",
        markdown_table(
            ["claim", "number", "grade", "at", "holds below", "holds above", "majority turns"], flips
        )
        if flips
        else "None.",
        *(
            [
                grade_banner(
                    f"{sum(row[2] == 'D' for row in flips)} of these {len(flips)} flips",
                    [row[1].strip("`") for row in flips],
                    found.grades,
                )
            ]
            if flips
            else []
        ),
    ]


def _by_chance(found: Results, changes: Sequence[Sequence[str]]) -> str:
    """How many cells of the table of rules are bold, how many would be by chance alone, and what correction leaves."""
    cells = [cell for row in changes for cell in row[2:] if cell != "-"]
    bold = sum("**" in cell for cell in cells)
    said = (
        f"Of {len(cells)} cells {bold} are bold; without any effect about {len(cells) * 0.05:.0f} might be."
    )
    moved = ", ".join(f"`{rule}`" for rule in rules_that_move(found)) or "none"
    return (
        f"{said} Rules with an effect after Holm's correction over every claim and rule: {moved}"
        f"{out_of_reach(found)}."
    )
