"""What an occupation costs, and what can be occupied."""

import pytest

from tests.world.toy_theatre import DISLOYAL, STRONG, SURE, pass_days, world


def test_an_occupation_kills_most_at_its_beginning() -> None:
    numbers = SURE | {"force.civilians_per_1000_days": 10.0, "force.occupation_half_life": 5.0}
    theatre = world(STRONG, (), numbers=numbers)
    theatre.order("seizure", 0.0)
    dead = []
    for days in range(4):
        pass_days(theatre, 5.0, start=5.0 * days)
        dead.append(theatre.killed_civilian)
    first, later = dead[1] - dead[0], dead[2] - dead[1]
    assert dead[0] > first > later > dead[3] - dead[2] > 0
    assert later / first == pytest.approx(0.5, abs=0.03)


def test_a_province_is_seized_where_there_is_no_capital_to_take() -> None:
    theatre = world(STRONG, DISLOYAL, ("province",))
    assert theatre.win_chance("seizure") > 0.5
    theatre.order("seizure", 0.0)
    pass_days(theatre, 2.0)
    assert theatre.holds("province")
