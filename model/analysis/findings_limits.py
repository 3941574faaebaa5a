"""What docs/findings.md says against itself: negative results, and whether the replicates were enough."""

from __future__ import annotations

from model.analysis.findings_rows import (
    Results,
    find_row,
    markdown_table,
    number_cell,
    own_rules,
    without_dust,
)
from model.analysis.structures import OWN


def negative(found: Results) -> list[str]:
    """What did not come about, did not matter, or could not be told apart."""
    own = own_rules(found.claims)
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


def enough(found: Results) -> list[str]:
    """How wide the intervals are, and what pairing saved."""
    steps = sorted({row["replicates"] for row in found.widths})[-4:]
    outcomes = list(dict.fromkeys(row["outcome"] for row in found.widths))
    table = []
    for outcome in outcomes:
        mine = {row["replicates"]: row for row in found.widths if row["outcome"] == outcome}
        cells = [number_cell(mine[step]["half_width"]) if step in mine else "-" for step in steps]
        saved = find_row(found.saved, scenario="arrest", outcome=outcome)
        hold = find_row(found.compared, scenario="arrest_hold", outcome=outcome)
        table.append(
            [
                outcome,
                *cells,
                *(number_cell(without_dust(row.get("variance_reduction"))) for row in (saved, hold)),
                number_cell(hold.get("correlation")),
            ]
        )
    return [
        "## 5. How many replicates, and what pairing saves",
        "Half widths of the 95 % interval in `arrest` by number of replicates (of the share that gets there, for days "
        "and truths); share of variance that pairing by luck "
        "took off the difference of `arrest` from `no_arrest`, and of `arrest_hold` from `arrest`, and the correlation "
        "of the latter (empty: one side does not vary). `run.py replicates DIR --until force_used=0.05` says how many "
        "a wanted width takes; `run.py batch --until force_used=0.05` stops there.",
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
