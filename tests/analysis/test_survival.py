"""Against published data: bone marrow transplants and leukaemia patients under 6-mercaptopurine."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.analysis.competing import ENDS, RACES, incidence_rows, race_times, times_rows
from model.analysis.observations import Observed, Origin
from model.analysis.significance import share_difference
from model.analysis.statistics import paired_share_interval
from model.analysis.survival import CENSORED, cumulative_incidence, pseudo_values

#: Scrucca, Santucci and Aversa 2007 (Competing risk analysis using R, Bone Marrow Transplantation 40): months to
#: relapse, to death by the transplant, or last seen (""); patients with acute lymphoblastic and myeloid leukaemia
RELAPSE, DEATH = "relapse", "death"
LYMPHOBLASTIC = [
    (13, DEATH), (1, RELAPSE), (72, ""), (7, DEATH), (8, DEATH), (9, DEATH), (5, DEATH), (1, DEATH), (22, DEATH),
    (0, DEATH), (0, RELAPSE), (35, ""), (4, DEATH), (14, DEATH), (26, DEATH), (3, DEATH), (12, RELAPSE),
]  # fmt: skip
MYELOID = [
    (67, ""), (70, ""), (4, ""), (7, ""), (68, ""), (10, DEATH), (7, DEATH), (3, RELAPSE), (4, RELAPSE), (4, RELAPSE),
    (3, RELAPSE), (3, RELAPSE), (8, RELAPSE), (2, DEATH), (35, ""), (2, ""), (8, ""), (32, ""),
]  # fmt: skip
#: Freireich and others 1963, as in Kalbfleisch and Prentice 2002: weeks of remission, and the curve of the book
REMISSION = [
    *((6, "end"), (6, "end"), (6, "end"), (7, "end"), (10, "end"), (13, "end"), (16, "end"), (22, "end"), (23, "end")),
    *((6, ""), (9, ""), (10, ""), (11, ""), (17, ""), (19, "")),
    *((20, ""), (25, ""), (32, ""), (32, ""), (34, ""), (35, "")),
]  # fmt: skip
STILL = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


def times(patients: list[tuple[int, str]]) -> list[tuple[float, str]]:
    return [(float(day), cause) for day, cause in patients]


def weighted(patients: list[tuple[float, str]], cause: str, day: float) -> float:
    """Incidence by another road: events weighted by the inverse chance of not being censored before."""

    def watched(until: float) -> float:
        chance = 1.0
        for step in sorted({t for t, known in patients if known == CENSORED and t < until}):
            still = sum(t > step or (t == step and known == CENSORED) for t, known in patients)
            chance *= 1 - sum(t == step and known == CENSORED for t, known in patients) / still
        return chance

    return sum(1 / watched(t) for t, known in patients if known == cause and t <= day) / len(patients)


def test_one_cause_is_the_published_curve_of_kaplan_and_meier() -> None:
    found = cumulative_incidence(times(REMISSION), ["end"])
    assert {int(day): round(1 - found.at("end", day), 3) for day in found.days} == STILL


@pytest.mark.parametrize(
    ("patients", "relapse", "death"),
    [(LYMPHOBLASTIC, 3 / 17, 12 / 17), (MYELOID, 0.3681858, 0.2057075)],
)
def test_competing_risks_of_published_patients(
    patients: list[tuple[int, str]], relapse: float, death: float
) -> None:
    # the numbers are those of lifelines 0.30.0 (AalenJohansenFitter, censored just after the events of a month)
    found = cumulative_incidence(times(patients), [RELAPSE, DEATH])
    assert found.at(RELAPSE, 60) == pytest.approx(relapse, abs=1e-7)
    assert found.at(DEATH, 60) == pytest.approx(death, abs=1e-7)
    for day in (0, 1, 3, 4, 8, 20, 60):
        for cause in (RELAPSE, DEATH):
            assert found.at(cause, day) == pytest.approx(weighted(times(patients), cause, day), abs=1e-12)


def test_days_lost_are_the_area_under_the_curve_and_pseudo_values_have_it_as_their_mean() -> None:
    patients = times(MYELOID)
    found = cumulative_incidence(patients, [RELAPSE, DEATH])
    area = math.fsum(found.at(RELAPSE, day / 8) / 8 for day in range(60 * 8))
    assert found.days_lost(RELAPSE, 60) == pytest.approx(area, rel=1e-9)
    marks, days = pseudo_values(patients, RELAPSE, [RELAPSE, DEATH], 60)
    assert sum(marks) / len(marks) == pytest.approx(found.at(RELAPSE, 60), abs=0.02)
    assert sum(days) / len(days) == pytest.approx(found.days_lost(RELAPSE, 60), abs=1.0)


TIMES = st.lists(
    st.tuples(st.integers(0, 9).map(float), st.sampled_from(["a", "b", CENSORED])), min_size=1, max_size=12
)


@settings(max_examples=150, deadline=None)
@given(TIMES)
def test_incidences_grow_and_never_pass_one_together(patients: list[tuple[float, str]]) -> None:
    found = cumulative_incidence(patients, ["a", "b"])
    for shares in found.shares.values():
        assert all(first <= second for first, second in pairwise(shares))
    assert all(a + b <= 1 + 1e-12 for a, b in zip(found.shares["a"], found.shares["b"], strict=True))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9).map(float), st.sampled_from("ab")), min_size=1, max_size=12))
def test_without_censoring_pseudo_values_are_the_marks_and_days_themselves(
    patients: list[tuple[float, str]],
) -> None:
    marks, days = pseudo_values(patients, "a", ["a", "b"], 10)
    found = cumulative_incidence(patients, ["a", "b"])
    assert sum(marks) / len(marks) == pytest.approx(found.at("a", 10))
    assert sum(days) / len(days) == pytest.approx(found.days_lost("a", 10))
    forced = [(10.0, CENSORED), *patients]  # one seen to the horizon changes nothing about the rest
    assert pseudo_values(forced, "a", ["a", "b"], 10)[0][1:] == marks


def scenario(name: str, ends: list[tuple[str, float | None]], seed: int = 1) -> Observed:
    runs = {
        (0, replicate): {"end_state": state, "days_to_end": day, "days_to_force": day if state == "freed" else None}
        for replicate, (state, day) in enumerate(ends)
    }  # fmt: skip
    return Observed(name, name, runs, 100, len(runs), 0, origin=Origin(seed=seed))


def test_how_matters_end_is_compared_pair_by_pair() -> None:
    ours = scenario("a", [("freed", 10.0), ("released", 20.0), ("held", None), ("not_arrested", None)])
    base = scenario("b", [("held", None), ("released", 30.0), ("held", None), ("freed", 1.0)])
    end = RACES[0]
    assert race_times(end, ours, 100) == {
        (0, 0): (10.0, "freed"),
        (0, 1): (20.0, "released"),
        (0, 2): (100.0, CENSORED),
    }
    rows = {(r["scenario"], r["race"], r["cause"]): r for r in times_rows({"a": ours, "b": base}, "b")}
    freed = rows["a", "end", "freed"]
    assert (freed["n"], freed["pairs"], freed["incidence"]) == (3, 3, 1 / 3)
    assert freed["days_lost"] == 30.0
    assert (freed["incidence_difference"], freed["days_lost_difference"]) == (1 / 3, 30.0)
    assert rows["a", "end", "released"]["days_lost_difference"] == 10.0 / 3
    assert "baseline" not in rows["b", "end", "freed"]
    assert math.fsum(rows["a", "end", cause]["incidence"] for cause in ENDS) == pytest.approx(2 / 3)
    first = rows["a", "first", "force"]
    assert first["incidence"] == 1 / 3
    steps = [row for row in incidence_rows({"a": ours}) if row["race"] == "end"]
    assert [(step["cause"], step["day"]) for step in steps] == [("released", 20.0), ("freed", 10.0)]


def test_of_another_seed_nothing_is_paired() -> None:
    ends: list[tuple[str, float | None]] = [("freed", 10.0), ("freed", 20.0), ("held", None)]
    rows = times_rows({"a": scenario("a", ends, seed=2), "b": scenario("b", ends)}, "b")
    freed = next(row for row in rows if row["scenario"] == "a" and row["cause"] == "freed")
    assert freed["pairs"] == 0
    assert freed["days_lost_difference"] == 0.0
    assert freed["days_lost_difference_low"] < -50  # two samples of three say little


def test_of_what_never_came_about_in_few_runs_the_interval_does_not_claim_that_it_cannot() -> None:
    ours = scenario("a", [("freed", 10.0)] * 10)
    base = scenario("b", [("held", None)] * 10)
    rows = {
        (r["scenario"], r["cause"]): r for r in times_rows({"a": ours, "b": base}, "b") if r["race"] == "end"
    }
    never = rows["b", "freed"]
    assert (never["incidence"], never["incidence_low"]) == (0.0, 0.0)
    assert never["incidence_high"] == pytest.approx(0.2775, abs=1e-4)  # Wilson, 0 of 10
    always = rows["a", "freed"]
    assert (always["incidence_low"], always["incidence_high"]) == (pytest.approx(0.7225, abs=1e-4), 1.0)
    bounds = always["incidence_difference_low"], always["incidence_difference_high"]
    assert bounds == paired_share_interval(10, 0, 10)
    apart = times_rows({"a": scenario("a", [("freed", 10.0)] * 10, seed=2), "b": base}, "b")
    freed = next(row for row in apart if (row["scenario"], row["cause"]) == ("a", "freed"))
    assert freed["incidence_difference_low"] == share_difference(10, 10, 0, 10)[0] < 0.9
