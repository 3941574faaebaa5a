"""What docs/findings.md says against itself: negative results, and whether the replicates were enough."""

from __future__ import annotations

from model.analysis.findings_rows import (
    Results,
    grade_banner,
    markdown_table,
    number_cell,
    own_rules,
    rests_on,
    without_dust,
)
from model.analysis.structures import OWN


def negative(found: Results) -> list[str]:
    """What did not come about, did not matter, or could not be told apart."""
    own = own_rules(found.claims)
    failed = [row for row in own if row["high"] is not None and row["high"] <= 0.1]
    rules = dict.fromkeys(row["structure"] for row in found.claims if row["structure"] != OWN)
    moved = rules_that_move(found)
    silent = ", ".join(rule for rule in rules if rule not in moved) or "none"
    no_flip = [row["claim"] for row in own_rules(found.claims, "prior") if not row["flip"]]
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
                "- Rules that move no claim beyond chance, after Holm's correction over every claim and rule: "
                f"{silent}{out_of_reach(found)}.",
                f"- Claims without a number that flips them: {', '.join(no_flip) or 'none'}.",
                "- Pairing added variance (arrest_hold against arrest) for: "
                + (", ".join(added) or "nothing")
                + ".",
                "- Propaganda, statements of third states and the cooperation programmes are series or acts; runs.csv "
                "has no outcome for them, so no claim tests them but by the steps above.",
                f"- {sum(row['grade'] == 'D' for row in own)} of {len(own)} claims rest on a grade D number, "
                f"{sum(row['grade'] == 'A' for row in own)} on data alone.",
            ]
        ),
        *(
            [grade_banner("that these claims fail", rests_on(found.claims, names), found.grades)]
            if (names := [row["claim"] for row in failed])
            else []
        ),
    ]


def rules_that_move(found: Results) -> list[str]:
    """Rules under which some claim holds more or less often than under the model's own, after Holm's correction."""
    tested = [row for row in found.claims if row["structure"] != OWN and row["change_holm"] is not None]
    return list(dict.fromkeys(row["structure"] for row in tested if row["change_holm"] < 0.05))


def out_of_reach(found: Results) -> str:
    """That no effect, however large, could pass the correction with so few worlds; empty where one could."""
    tested = [
        row["worlds"] for row in found.claims if row["structure"] != OWN and row["change_p"] is not None
    ]
    least = 2 * 0.5 ** max(tested, default=0) * len(tested)  # McNemar's p where every world changes sides
    if not tested or least < 0.05:
        return ""
    return " (with so few worlds none could, however large: more are needed)"


def _saved(found: Results, outcome: str, level: str | None) -> list[str]:
    """What pairing saved of an outcome, against no_arrest and against arrest, and the correlation of the latter.

    Of days it is that of the share of runs that get there, or of the days where all or none do.
    """
    rows = []
    for compared, scenario in ((found.saved, "arrest"), (found.compared, "arrest_hold")):
        own = [row for row in compared if (row["scenario"], row["outcome"]) == (scenario, outcome)]
        own = [row for row in own if (row["level"] or None) == level]
        rows.append(next((row for row in own if row["variance_reduction"] is not None), {}))
    saved = (number_cell(without_dust(row.get("variance_reduction"))) for row in rows)
    return [*saved, number_cell(rows[1].get("correlation"))]


def enough(found: Results) -> list[str]:
    """How wide the intervals are, and what pairing saved."""
    steps = sorted({row["replicates"] for row in found.widths})[-4:]
    outcomes = list(dict.fromkeys(row["outcome"] for row in found.widths))
    table = []
    for outcome in outcomes:
        mine = {row["replicates"]: row for row in found.widths if row["outcome"] == outcome}
        cells = [number_cell(mine[step]["half_width"]) if step in mine else "-" for step in steps]
        table.append([outcome, *cells, *_saved(found, outcome, None)])
    for outcome, level in dict.fromkeys(
        (row["outcome"], row["level"]) for row in found.compared if row["level"]
    ):
        saved = _saved(found, outcome, level)
        if any(saved):  # a level that no run of either scenario has is none
            table.append([f"{outcome}: {level}", *("" for _ in steps), *saved])
    return [
        "## 5. How many replicates, and what pairing saves",
        "Half widths of the 95 % interval in `arrest` by number of replicates (of the share that gets there, for days "
        "and truths); share of variance that pairing by luck took off the difference of `arrest` from `no_arrest`, and "
        "of `arrest_hold` from `arrest`, and the correlation of the latter (empty: one side does not vary; categories "
        "level by level; of days the share that gets there, or the days where all or none do). "
        "`run.py replicates DIR --until force_used=0.05` says how many a wanted width takes; "
        "`run.py batch --until force_used=0.05` stops there.",
        markdown_table(
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
