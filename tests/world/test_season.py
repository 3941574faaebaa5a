"""The calendar keeps the shares it was given."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.world.season import Curve, Season

share = st.floats(0.15, 0.35)


@given(share, share, share, share)
def test_quarters_of_a_curve_are_those_given(q1, q2, q3, q4):
    curve = Curve((q1, q2, q3, q4))
    total = q1 + q2 + q3 + q4
    for quarter, given_share in enumerate((q1, q2, q3, q4)):
        points = [quarter / 4 + (k + 0.5) / 4000 for k in range(1000)]
        assert math.fsum(map(curve.at, points)) / 4000 == pytest.approx(given_share / total, abs=1e-5)


def quarters(season, start, flow):
    sums = [0.0] * 4
    for day in range(365):
        sums[((start + timedelta(days=day)).month - 1) // 3] += flow(season, day)
    return [part / math.fsum(sums) for part in sums]


@pytest.mark.parametrize("start", [date(2025, 10, 8), date(2025, 1, 1), date(2025, 3, 15)])
def test_year_of_money_and_journeys_is_as_in_the_facts(numbers, start):
    season = Season(start, numbers)
    q1, q2, q3, q4 = quarters(season, start, Season.remit)
    assert 0.16 <= q1 <= 0.175 and 0.235 <= q2 <= 0.25 and 0.325 <= q3 <= 0.365 and 0.215 <= q4 <= 0.27
    leave = quarters(season, start, Season.departures)
    assert leave[0] + leave[1] == pytest.approx(0.6, abs=0.01)
    back = quarters(season, start, Season.returns)
    assert max(back) == back[3] and back[3] > 0.4


def test_stock_of_migrants_repeats_itself(numbers):
    season = Season(date(2025, 10, 8), numbers)
    assert season.stock(0) == season.stock(365) == numbers["households.migrants_away"]
    removed = numbers["households.removals_per_day"]
    last = season.stock(364) + season.departures(364) - season.returns(364) - removed
    assert last == pytest.approx(season.stock(0))
    assert all(season.departure_hazard(day) >= 0.0 and season.return_hazard(day) >= 0.0 for day in range(365))
    for day in (0, 100, 250):
        each = season.remit_per_migrant(day) * season.stock(day) / season.mean_stock
        assert each == pytest.approx(season.remit(day))
