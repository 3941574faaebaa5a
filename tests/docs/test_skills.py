"""What stands in the tables of `validation.md` that the files do not hold as such."""

from math import expm1, inf, log1p

import pytest

from docs.skills import come_by, large_table

QUANTILES = (1.0, 5.0, 20.0, 80.0, inf)


@pytest.mark.parametrize(("day", "chance"), [(0, 0.0), (1, 0.05), (5, 0.25), (20, 0.5), (80, 0.75)])
def test_a_quantile_is_reached_with_its_chance(day: float, chance: float) -> None:
    assert come_by(QUANTILES, day) == pytest.approx(chance)


def test_between_quantiles_the_chance_follows_the_logarithm_of_time() -> None:
    middle = expm1((log1p(5.0) + log1p(20.0)) / 2.0)
    assert come_by(QUANTILES, middle) == pytest.approx(0.375)


def test_what_is_never_reached_adds_nothing() -> None:
    assert come_by(QUANTILES, 1_000.0) == pytest.approx(0.75)
    assert come_by((inf,) * 5, 1_000.0) == 0.0


def test_days_come_the_more_often_the_longer_one_waits() -> None:
    shares = [row.split("|")[3] for row in large_table().splitlines() if row.startswith("| yield by")]
    numbers = [int(share.strip().rstrip("%")) for share in shares]
    assert len(numbers) == 4
    assert numbers == sorted(numbers)
