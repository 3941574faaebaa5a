"""The economic hindcast on toy worlds and samples whose answer is obvious."""

import csv
import math
from dataclasses import replace

import pytest

from model.analysis.economy_hindcast import (
    Line,
    comparable,
    dressed,
    growth_lines,
    interval,
    no_change,
    pass_through,
    season_lines,
    skill,
    slope,
)
from model.analysis.economy_series import (
    DEFINITIONS,
    FITTED,
    FOLDER,
    PARTS,
    Change,
    changes,
    known_share,
    levels,
    outside,
    shares,
)
from model.analysis.economy_worlds import (
    DAYS_PER_YEAR,
    SHARE,
    ModelYear,
    cause,
    horizon,
    lived,
    new_year,
    pushed,
    quiet,
    with_share,
    worlds,
)
from model.parameters import behaviour
from model.settings import Settings
from model.simulation import EscalationModel, simulate

QUIET = quiet()
#: nobody is sent more in need, and couriers carry all that is asked
CALM = {"households.shortfall_response": 0.0, "households.informal_capacity_usd": 1e9}


def year_of(scenario, overrides=None) -> ModelYear:
    settings = Settings(days=horizon(scenario), households=300, ticks_per_day=1)
    return lived(simulate(scenario, 0, settings, 0, overrides), scenario.start)


def ratio(rouble: float, output: float, share: float, of: str, overrides=None) -> float:
    world = with_share(QUIET, share, share)
    still, moved = year_of(world, overrides), year_of(pushed(world, "moved", rouble, output), overrides)
    return math.fsum(getattr(moved, of)) / math.fsum(getattr(still, of))


# The series


@pytest.mark.parametrize("name", ["russia_annual", "tajikistan_annual", "russia_to_tajikistan"])
def test_every_row_of_a_series_says_where_it_was_read(name: str) -> None:
    with (FOLDER / f"{name}.csv").open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert rows
    for row in rows:
        assert row["status"] in ("read", "derived", "recalled") and len(row["source"]) > 4
        assert row.get("period", "Y") in PARTS


def test_no_change_joins_two_definitions() -> None:
    of_2016 = [c for c in changes() if c.series == "central_bank" and c.year == 2016]
    assert [(c.definition, c.period) for c in of_2016] == [("all_channels", "2016 9M")]
    assert of_2016[0].ratio == pytest.approx(1432 / 1675)
    assert {c.definition for c in changes() if c.series == "central_bank"} == set(DEFINITIONS)
    assert {s.definition for s in shares()} == set(DEFINITIONS)
    assert [c.year for c in changes() if c.series == "world_bank"] == list(range(2006, 2025))
    assert {c.year for c in changes()} <= set(outside())


def test_what_was_fitted_is_a_number_and_an_observation() -> None:
    numbers = behaviour() | QUIET.numbers
    periods = {(c.series, c.period) for c in changes()} | {("season", s.period) for s in shares()}
    assert set(FITTED) <= periods and set(FITTED.values()) <= set(numbers)


def test_the_share_of_russia_is_that_known_before_the_year() -> None:
    assert known_share(2009, 0.96) == (0.96, 0.96)  # nothing was known
    assert known_share(2016, 0.96) == (0.96, 0.96)  # operators of 2015 hold a part only and do not count
    assert known_share(2022, 0.96) == (pytest.approx(1800 / 2921.713107), 0.96)
    assert known_share(2024, 0.96) == known_share(2022, 0.96)


# The worlds


def test_half_the_rouble_is_half_the_dollars_from_russia() -> None:
    assert ratio(math.log(2.0), 0.0, 0.96, "russian", CALM) == pytest.approx(0.5, rel=0.02)
    assert ratio(math.log(2.0), 0.0, 0.5, "everything", CALM) == pytest.approx(0.75, rel=0.02)


def test_families_in_need_are_sent_more() -> None:
    much = CALM | {"households.shortfall_response": 1.2}
    assert ratio(0.7, 0.0, 0.96, "russian", much) > ratio(0.7, 0.0, 0.96, "russian", CALM) * 1.01


def test_russian_output_moves_what_is_sent_by_its_elasticity() -> None:
    elastic = CALM | {"households.output_response": 1.5}
    assert ratio(0.0, math.log(0.9), 0.96, "russian", elastic) == pytest.approx(0.9**1.5, rel=0.02)
    assert ratio(0.0, math.log(0.9), 0.96, "russian", CALM | {"households.output_response": 0.0}) == 1.0


def test_a_step_of_nothing_is_the_still_year() -> None:
    assert year_of(pushed(QUIET, "moved", 0.0, 0.0)) == year_of(QUIET)


def test_a_year_holds_what_the_households_were_sent_in_it() -> None:
    settings = Settings(days=horizon(QUIET), households=300, ticks_per_day=1)
    model = EscalationModel(QUIET, settings=settings)
    russian = []
    while model.day < settings.days:
        model.step()
        russian.append(math.fsum(model.households.today.remittances_russian_usd.tolist()))
    year = lived(model.result(), QUIET.start)
    first = new_year(QUIET.start)
    assert len(russian) - first == DAYS_PER_YEAR
    assert math.fsum(year.russian) == pytest.approx(math.fsum(russian[first:]), rel=1e-4)
    assert year.russian[0] == pytest.approx(math.fsum(russian[first : first + 90]), rel=1e-4)
    assert {event.actor for event in model.record.events} == set()


def test_worlds_are_each_year_twice_and_a_still_year_for_each_share() -> None:
    found = worlds(QUIET, [2009, 2015, 2022])
    assert set(found) == {
        "still_now", "still_0.96", "still_0.62",
        "then_2009", "then_2015", "then_2022", "now_2009", "now_2015", "now_2022",
    }  # fmt: skip
    assert all(name == world.name for name, world in found.items())
    assert {i.event: i.size for i in found["then_2015"].injects} == {
        "rouble_shock": pytest.approx(math.log(60.93765 / 38.37821)),
        "russian_output_shock": pytest.approx(math.log(1 - 0.0197272)),
    }
    assert found["then_2009"].numbers[SHARE].low == found["then_2009"].numbers[SHARE].high
    assert found["now_2009"].numbers[SHARE] == QUIET.numbers[SHARE]


# The forecasts

YEARS = (2009, 2012, 2015, 2017)


def history(power: float) -> list[Change]:
    """Years in which the rouble explains everything."""
    return [Change("world_bank", "", year, "Y", math.exp(power * cause(year)[0])) for year in YEARS]


def test_the_null_finds_the_pass_through_of_the_others() -> None:
    own, *others = history(-0.7)
    assert slope([cause(c.year)[0] for c in others], [math.log(c.ratio) for c in others]) == pytest.approx(
        -0.7
    )
    assert pass_through(own.year, others) == pytest.approx([-0.7 * cause(own.year)[0]] * 3)
    assert sorted(no_change(others)) == pytest.approx(sorted(-value for value in no_change(others)))
    assert slope([1.0, 1.0], [2.0, 3.0]) == 0.0


def flat(years, response: float = 0.0) -> dict[str, dict[int, ModelYear]]:
    """Runs that answer the rouble with a power of their own."""
    found = {}
    for name in worlds(QUIET, years):
        moved = math.exp(response * cause(int(name[-4:]))[0]) if not name.startswith("still") else 1.0
        flow = tuple(moved * share for share in (0.2, 0.2, 0.3, 0.3))
        found[name] = dict.fromkeys(range(3), ModelYear(flow, flow, 10.0))
    return found


def test_a_year_does_not_enter_its_own_null() -> None:
    observed = history(-0.7)
    other = [replace(observed[0], ratio=5.0), *observed[1:]]
    runs = flat(YEARS, -0.7)
    before, after = (growth_lines(seen, runs, 0.96)[0] for seen in (observed, other))
    for name in ("null", "no_change", "dressed"):
        # The forecasts are the same, so a score can only have moved by the distance to what was observed.
        moved = getattr(after, name) - getattr(before, name)
        assert abs(moved) <= math.log(5.0 / observed[0].ratio) + 1e-12
        assert getattr(before, name if name != "no_change" else "score") == pytest.approx(0.0, abs=1e-12)
    far = math.log(5.0 / observed[0].ratio)
    assert [after.null, after.dressed, after.score] == pytest.approx([far] * 3)


def test_a_model_that_is_right_has_full_skill_and_no_response_has_none() -> None:
    observed = [
        replace(c, ratio=c.ratio * bump) for c, bump in zip(history(-0.7), (1, 1.1, 0.9, 1), strict=True)
    ]
    exact, still = (
        growth_lines(history(-0.7), flat(YEARS, -0.7), 0.96),
        growth_lines(observed, flat(YEARS), 0.96),
    )
    assert skill(exact, "score", "no_change") == pytest.approx(1.0)
    assert skill(still, "score", "no_change") < 0.1
    assert all(line.in90 for line in exact) or max(line.score for line in exact) < 1e-12
    assert len(exact) == 2 * len(YEARS)
    assert dressed(0, [0.1, 0.2, 0.3], [0.5, 0.3, 0.2]) == pytest.approx([0.2, 0.0])


def test_skill_and_its_interval_by_hand() -> None:
    line = growth_lines(history(-0.7), flat(YEARS), 0.96)[0]
    lines = [replace(line, score=0.1, null=0.4), replace(line, score=0.3, null=0.4)]
    assert skill(lines) == pytest.approx(1.0 - 0.4 / 0.8)
    assert interval(lines, [[0.1, 0.2], [0.9, 0.9]]) == pytest.approx((0.2625, 0.7375))
    assert skill([]) is None and skill([replace(line, null=None)]) is None
    doubted, fitted = replace(line, doubt="x"), replace(line, fitted="y", doubt="")
    assert comparable([doubted, fitted, replace(line, doubt="", fitted="")]) == [
        replace(line, doubt="", fitted="")
    ]


def test_a_season_is_held_against_the_same_quarter_of_other_years() -> None:
    lines: list[Line] = season_lines(shares(), flat([2012])["still_0.96"])
    first = next(line for line in lines if line.period == "2013 Q1")
    assert first.forecast == pytest.approx((0.2,) * 5) and first.fitted == "season.remit_q1"
    others = [math.log(s.share) for s in shares() if s.quarter == 0 and s.year != 2013]
    assert len(others) == 3 and first.null is not None
    assert first.null < first.no_change  # the other first quarters know more than the calendar
    assert all(line.kind == "season" and line.dressed is None for line in lines)
    assert levels()[0].series == "world_bank"
