"""The columns of comparison.csv."""

from __future__ import annotations

from model.ensemble.csv_files import Column
from model.ensemble.tables import SCENARIO, Table

_UNIT = "unit of the measure"
_INTERVAL = "95 % interval of the difference, by `method`"

COMPARISON = Table(
    "comparison.csv",
    "one outcome of one scenario against the baseline, over the replicates that both have finished",
    (
        SCENARIO,
        Column("baseline", "string", "", "scenario that it is compared with"),
        Column("outcome", "string", "", "outcome of the file runs"),
        Column("level", "string", "", "level of a category; else empty"),
        Column(
            "measure",
            "string",
            "",
            "mean; share (of runs at the level, or true); reached (share of runs that reach the milestone "
            "within the horizon); restricted_days (mean days to the milestone, never counting as the "
            "horizon); order (only the probability of a worse level)",
        ),
        Column(
            "pairs",
            "integer",
            "pairs",
            "pairs of runs with equal point and replicate that both have the outcome; 0 where the batches met "
            "different luck and are compared as two samples",
        ),
        Column(
            "dropped_missing",
            "integer",
            "runs",
            "runs of either scenario without a counterpart: not made, failed, or more replicates",
        ),
        Column(
            "dropped_empty",
            "integer",
            "pairs",
            "pairs left out because the outcome does not apply to one of the two",
        ),
        Column("baseline_value", "number", _UNIT, "the measure in the baseline's runs of the pairs"),
        Column("scenario_value", "number", _UNIT, "the measure in the scenario's runs of the pairs"),
        Column("difference", "number", _UNIT, "mean of scenario minus baseline over the pairs"),
        Column("low", "number", _UNIT, f"lower end of the {_INTERVAL}"),
        Column("high", "number", _UNIT, f"upper end of the {_INTERVAL}"),
        Column(
            "method",
            "string",
            "",
            "of the interval: t (Student's, paired), bca (bootstrap of the paired mean, Efron 1987), agresti_min "
            "(paired shares, 2005); of two samples welch (means) and newcombe (shares, 1998)",
        ),
        Column(
            "probability_worse",
            "number",
            "0-1",
            "share of pairs in which the scenario's run is the worse one, ties counted half; empty where "
            "neither direction is worse by outcomes.csv",
        ),
        Column("effect_size", "number", "standard deviations", "Cohen's d of the paired differences"),
        Column("correlation", "number", "-1 to 1", "Pearson's, of the pairs: how much luck they share"),
        Column(
            "variance_reduction",
            "number",
            "share",
            "variance that pairing saved: 1 - var(difference) / (var(scenario) + var(baseline))",
        ),
        Column(
            "p_value",
            "number",
            "0-1",
            "two-sided, of no difference: paired t test of means, exact McNemar test of shares, Welch's test of "
            "two samples",
        ),
        Column(
            "p_holm",
            "number",
            "0-1",
            "the p value corrected for all rows of the file (Holm 1979: any false alarm)",
        ),
        Column(
            "p_bh",
            "number",
            "0-1",
            "the p value corrected for all rows (Benjamini and Hochberg 1995: share of false alarms)",
        ),
    ),
)
