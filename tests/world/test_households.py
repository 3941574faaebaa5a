"""Households: toy worlds with an obvious answer, quiet times as in the facts, and nothing lost or made."""

from __future__ import annotations

import math
import pickle
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.randomness import Luck
from model.world.household_day import NAMES, Conditions
from model.world.households import Households
from model.world.population import INFORMAL, PASSPORT

BLOCKED = {"operator_open": 0.0, "card_open": 0.0}


def total(days, name):
    return float(sum(getattr(day, name).sum() for day in days))


def test_totals_of_the_sample_match_the_situation(country, numbers):
    for rows in (1000, 10_000):
        p = country(rows=rows).population
        keys = {"away": "migrants_away", "home": "migrants_at_home", "banned": "entry_banned"}
        for column, key in keys.items():
            people = float(getattr(p, column).sum(dtype=np.int64)) * p.weight
            assert people == pytest.approx(numbers[f"households.{key}"], abs=3 * p.weight)
        assert (p.members > 0).mean() == pytest.approx(numbers["households.migrant_households"], abs=0.003)
        poor = np.count_nonzero(p.poor_below > 1.0) / rows
        assert poor == pytest.approx(numbers["households.poverty_at_start"], abs=0.002)
        passports = p.away[p.status == PASSPORT].sum(dtype=np.int64) * p.weight
        assert passports == pytest.approx(numbers["households.passport_holders"], rel=0.12)
        yearly = float(p.other_income.sum(dtype=np.float64)) * p.weight * 365
        russian = numbers["households.remittances_total_usd"] * numbers["households.russian_share"]
        assert yearly == pytest.approx(numbers["households.remittances_total_usd"] - russian, rel=1e-3)


@pytest.mark.parametrize("replicate", [0, 1, 2])
def test_quiet_year_is_as_in_the_facts(country, replicate):
    land = country(rows=10_000, replicate=replicate)
    days = land.run(365)
    index = np.array([day.remittances_usd.sum() / land.expected(k) for k, day in enumerate(days)])
    means = np.convolve(index, np.ones(28) / 28, "valid")
    assert means[:153].min() > 0.97 and means[:153].max() < 1.03
    assert means.min() > 0.9 and means.max() < 1.1
    assert total(days, "deported") / 365 == pytest.approx(99, rel=0.25)
    autumn, spring = days[:85], days[145:266]
    assert total(autumn, "returned") > 2 * total(autumn, "departures")
    assert total(spring, "departures") > total(spring, "returned")
    assert 550_000 < total(days, "departures") < 750_000
    poverty = [day.poverty.sum() / day.households.sum() for day in days[:180]]
    assert max(poverty) < 0.21
    assert max(day.protesters_host.sum() for day in days) == 0.0


def test_shares_of_the_quarters(country):
    land = country(rows=10_000, russian_share=1.0, russian_output=1.0)
    money = [day.remittances_russian_usd.sum() for day in land.run(365)]
    q4, q1 = sum(money[:85]) + sum(money[358:]), sum(money[85:175])
    q2, q3 = sum(money[175:266]), sum(money[266:358])
    year = sum(money)
    assert 0.21 < q4 / year < 0.275 and 0.155 < q1 / year < 0.18
    assert 0.23 < q2 / year < 0.26 and 0.32 < q3 / year < 0.37


def test_with_every_way_closed_not_a_cent_arrives(country):
    land = country()
    days = land.run(60, **BLOCKED, informal_capacity_usd=0.0)
    late = [day.remittances_russian_usd.sum() for day in days[land.households.remitting.lag :]]
    assert set(late) == {0.0}
    assert days[-1].consumption_usd.sum() < 0.9 * days[-1].normal_consumption_usd.sum()
    assert days[-1].poverty.sum() > 1.15 * days[0].poverty.sum()
    assert land.population.held.sum() > 0.0


def test_blocked_operators_leave_the_other_ways(country):
    land = country()
    days = land.run(120, **BLOCKED)
    capacity = land.numbers["households.informal_capacity_usd"]
    assert max(day.remittances_informal_usd.sum() for day in days[6:]) <= capacity * 1.0001
    assert land.population.found.sum() > (land.population.channel == INFORMAL).sum()
    weeks = [total(days[k : k + 28], "remittances_informal_usd") for k in (0, 28, 56)]
    assert weeks[0] < weeks[1]


def test_money_held_back_comes_when_the_channel_opens(country):
    land = country()
    land.run(56, **BLOCKED, informal_capacity_usd=0.0)
    after = land.run(56)
    expected = sum(land.expected(k) for k in range(56, 112))
    assert total(after, "remittances_usd") > 1.05 * expected


def test_fear_of_a_block_raises_remittances(country):
    # Georgia 2006: a blockade and raids without a banking ban
    quiet, feared = country(), country()
    normal = total(quiet.run(56), "remittances_usd")
    days = feared.run(56, expected_block=0.8, raids=0.5, routes_open=0.2)
    assert total(days, "remittances_usd") > 1.1 * normal


def test_need_at_home_raises_remittances(country):
    quiet, needy = country(shortfall_response=1.0), country(shortfall_response=1.0)
    normal = total(quiet.run(84)[28:], "remittances_russian_usd")
    assert total(needy.run(84, work_index=0.5)[28:], "remittances_russian_usd") > 1.02 * normal


def test_raids_frighten_many_and_remove_few(country):
    quiet, raided = country(rows=10_000), country(rows=10_000)
    normal, days = quiet.run(120), raided.run(120, raids=1.0)
    more_home = total(days, "returned") - total(normal, "returned")
    more_removed = total(days, "deported") - total(normal, "deported")
    assert 10_000 < more_removed < 35_000
    assert more_home > 2 * more_removed
    assert total(days, "deported") / 120 < 1.2 * raided.numbers["households.removals_peak"]


def test_holders_of_a_passport_are_never_removed(country):
    land = country(rows=1000, passport_holders=1_150_000, controlled=0, irregular_share=0)
    assert total(land.run(60, raids=1.0), "deported") == 0.0


def test_entry_bans_bite_when_people_leave_in_spring(country):
    land = country(rows=5000)
    autumn = land.run(84, entry_ban=1.0)
    banned = [day.entry_banned.sum() for day in autumn]
    spring = country(rows=5000)
    spring.run(140)
    later = [day.entry_banned.sum() for day in spring.run(84, entry_ban=1.0)]
    assert later[-1] - later[0] > 1.2 * (banned[-1] - banned[0])
    assert total(autumn, "departures") < 0.4 * total(country(rows=5000).run(84), "departures")


def test_closed_routes_stop_journeys_but_not_removals(country):
    land = country(rows=10_000)
    days = land.run(60, routes_open=0.0)
    assert total(days, "departures") == total(days, "returned") == 0.0
    assert total(days, "deported") > 0.0


def test_dearer_fuel_and_food_cut_food_before_anything_is_lost(country):
    land, dear = country(), country()
    normal = land.run(10)[-1].food_cut.sum()
    rise = {"fuel_price_index": 2.0, "food_price_index": 1.3, "price_index": 1.2}
    assert dear.run(10, **rise)[-1].food_cut.sum() > normal + 0.1 * dear.numbers["households.count"]
    helped = country()
    assert helped.run(10, **rise, rationing=1.0)[-1].food_cut.sum() < dear.day(**rise).food_cut.sum()


def test_aid_and_work_reach_consumption(country):
    poor, helped = country(), country()
    low = poor.run(60, work_index=0.6)[-1].consumption_usd.sum()
    assert helped.run(60, work_index=0.6, aid_usd=4e6)[-1].consumption_usd.sum() > low


def protests(land, **changes):
    days = land.run(90, **BLOCKED, informal_capacity_usd=0.0, work_index=0.5, **changes)
    return days[-1].protesters_host.sum(), days[-1].protesters_coercer.sum()


def test_protest_needs_grievance_and_fears_police(country):
    host, coercer = protests(country(), legitimacy=0.3, blame_coercer=0.1, police=1.0)
    freed, _ = protests(country(), legitimacy=0.3, blame_coercer=0.1, police=0.0)
    trusted, _ = protests(country(), legitimacy=1.0, blame_coercer=0.1, police=0.0)
    assert freed > 2 * host and trusted == 0.0 and coercer == 0.0
    rude = country(coercer_standing=0.2)
    blamed, at_coercer = protests(rude, legitimacy=0.3, blame_coercer=0.95, police=0.0)
    assert at_coercer > blamed and blamed == 0.0
    off, _ = protests(country(), legitimacy=0.3, blame_coercer=0.1, police=0.25, internet_on=0.0)
    on, _ = protests(country(), legitimacy=0.3, blame_coercer=0.1, police=0.25)
    assert off <= on
    fighting, _ = protests(country(), legitimacy=0.3, blame_coercer=0.1, police=0.0, violence=1.0)
    assert fighting < freed
    assert protests(country(), legitimacy=0.3, blame_coercer=0.1, police=0.0, unrest=0.0) == (0.0, 0.0)


level = st.floats(0.0, 1.0)


@settings(max_examples=25, deadline=None)
@given(
    replicate=st.integers(0, 1000),
    raids=level,
    entry_ban=level,
    routes_open=level,
    operator_open=level,
    card_open=level,
    work_index=st.floats(0.2, 1.2),
    rouble=st.floats(0.5, 3.0),
    block=level,
    fighting=level,
    aid=st.floats(0.0, 1e7),
    prices=st.floats(0.8, 2.0),
    dollar=st.floats(0.8, 2.0),
)
def test_people_and_money_are_conserved(
    numbers,
    replicate,
    raids,
    entry_ban,
    routes_open,
    operator_open,
    card_open,
    work_index,
    rouble,
    block,
    fighting,
    aid,
    prices,
    dollar,
):
    luck = Luck(7, replicate)
    world = Households(numbers, luck, 400, 1.1e6)
    p = world.population
    members = p.members.copy()
    now = Conditions(
        remit_season=1.1,
        departure_season=0.02,
        return_season=0.02,
        informal_capacity_usd=2e6,
        raids=raids,
        entry_ban=entry_ban,
        routes_open=routes_open,
        operator_open=operator_open,
        card_open=card_open,
        work_index=work_index,
        rub_per_usd=rouble,
        tjs_per_usd=dollar,
        expected_block=block,
        violence=fighting,
        aid_usd=aid,
        price_index=prices,
    )
    value = dollar / prices
    earning = work_index * (1.0 - numbers["households.violence_work"] * fighting)
    earning /= prices ** (1.0 - numbers["households.indexed_share"])
    for day in range(40):
        buffer = float(p.buffer.sum(dtype=np.float64)) * p.weight
        result = world.step(now, day)
        people = p.away.astype(int) + p.home + p.banned
        assert (people == members).all() and (p.counted_on <= members).all()
        stocks = {"migrants_in_russia": p.away, "migrants_home": p.home, "entry_banned": p.banned}
        for name, column in stocks.items():
            assert getattr(result, name).sum() == pytest.approx(column.sum(dtype=np.int64) * p.weight)
        income = float(p.local_income.sum(dtype=np.float64)) * p.weight * earning
        income += (result.remittances_usd.sum() + result.savings_brought_usd.sum() + aid) * value
        change = float(p.buffer.sum(dtype=np.float64)) * p.weight - buffer
        spent = result.consumption_usd.sum()
        assert change == pytest.approx(income - spent, abs=3e-4 * (abs(income) + spent) + 1e-6 * abs(buffer))
        error = 1e-3 * (income + spent) + 1e-6 * buffer
        assert result.withdrawals_usd.sum() == pytest.approx(-change, abs=error)
        assert p.buffer.min() > -1e-2 and p.savings.min() >= 0.0 and p.held.min() > -1e-2


@pytest.mark.bytes
def test_same_seed_same_bytes_and_another_differs(country):
    def run(replicate):
        days = country(replicate=replicate).run(30, raids=0.5, operator_open=0.4, entry_ban=0.3)
        return pickle.dumps([getattr(day, name).tobytes() for day in days for name in NAMES])

    assert run(3) == run(3)
    assert run(3) != run(4)


def test_too_few_rows_are_refused(country):
    with pytest.raises(ValueError, match="at least"):
        country(rows=10)


def test_totals_are_the_sums_of_the_regions_exactly_rounded(country):
    today = country().run(3, raids=1.0)[-1]
    assert set(today.totals) == set(NAMES)
    for name in NAMES:
        assert today.totals[name] == math.fsum(getattr(today, name).tolist()), name
    with pytest.raises(AttributeError, match="remitances"):
        _ = today.remitances_usd


def test_a_country_without_migrants_or_with_an_empty_region_lives(country):
    nobody = ("migrants_away", "migrants_at_home", "entry_banned", "passport_holders", "controlled")
    land = country(**dict.fromkeys(nobody, 0.0))
    day = land.run(3, raids=1.0, entry_ban=1.0)[-1]
    assert day.remittances_russian_usd.sum() == day.deported.sum() == 0.0
    empty = country(region_5_share=0.0).run(3)[-1]
    assert empty.households[4] == empty.consumption_usd[4] == 0.0 and np.isfinite(empty.grievance_host).all()


def test_a_measure_at_level_zero_is_its_absence_bit_for_bit(country):
    plain = country().run(20)
    zero = country().run(20, raids=0.0, entry_ban=0.0, expected_block=0.0, aid_usd=0.0)
    for one, other in zip(plain, zero, strict=True):
        assert all((getattr(one, name) == getattr(other, name)).all() for name in NAMES)


def test_stronger_rouble_brings_more(country):
    sums = [total(country().run(28, rub_per_usd=rate), "remittances_russian_usd") for rate in (0.8, 1.0, 1.6)]
    assert all(more > less for more, less in pairwise(sums))
