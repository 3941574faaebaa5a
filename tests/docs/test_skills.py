"""What stands in the tables of `validation.md`."""

from docs.skills import large_table


def test_days_come_the_more_often_the_longer_one_waits() -> None:
    for column in (2, 3):
        shares = [
            row.split("|")[column] for row in large_table().splitlines() if row.startswith("| yield by")
        ]
        numbers = [int(share.strip().partition("%")[0]) for share in shares]
        assert len(numbers) == 4
        assert numbers == sorted(numbers)
