"""The whole day of all rows in one compiled call, and what its totals come to."""

from __future__ import annotations

import numpy as np

from model.compiled import compiled
from model.world.household_exact import exact_sum
from model.world.household_kernel import (
    AID_PAID,
    ALL,
    ANGERED,
    AT_COERCER,
    AT_HOST,
    AWAY,
    BANNED,
    BARRED,
    BROUGHT,
    CARRIED,
    CUT_FOOD,
    DEPARTED,
    EARNING,
    ELSEWHERE,
    FELT,
    FRIGHTENED,
    HOME,
    LEFT,
    MEASURES,
    NEEDED,
    NONRUSSIAN,
    POOR,
    RECEIVED,
    REGIONS,
    REMOVED,
    RETURNED,
    SPENT,
    STREET,
    TO_COERCER,
    TO_HOST,
    VALUE,
    WEIGHT,
    live,
    pay,
    travel,
)

_F, _B, _T = "f4[:,::1]", "u1[:,::1]", "f8[::1]"


@compiled("i8[:,::1]", _T, "f8[:,::1]", "f8[:,::1]", "i8[:,::1]", "i8[::1]", "f8[:,::1]")
def sum_up(totals, terms, unit, usual, stocks, abroad, out):  # type: ignore[no-untyped-def]
    """What the day's totals come to: moves `stocks` and `abroad` on, fills `out`: the rows of `Aggregates`.

    `unit`: what one of a total is worth; `usual`: earnings, money from elsewhere and households by region.
    The last column of `out` is the sum of the others.
    """
    t = np.empty(MEASURES)
    for k in range(REGIONS):
        back, gone = totals[FRIGHTENED, k] + totals[RETURNED, k], totals[DEPARTED, k]
        stocks[AWAY, k] += gone - back - totals[REMOVED, k]
        stocks[HOME, k] += back - gone - totals[BANNED, k]
        stocks[BARRED, k] += totals[BANNED, k] + totals[REMOVED, k]
        for measure in range(LEFT):
            t[measure] = np.float64(totals[measure, k]) * unit[measure, k]
        russian = np.float64(totals[RECEIVED, k] + totals[CARRIED, k]) * unit[RECEIVED, k]
        returned = np.float64(back) * unit[RETURNED, k]
        earned, other, households = usual[0, k], usual[1, k], usual[2, k]
        income = (
            earned * terms[EARNING] + other * terms[ELSEWHERE] + households * terms[AID_PAID] / terms[ALL]
        )
        income += (russian + t[BROUGHT]) * terms[VALUE]
        today = (
            russian + other * terms[NONRUSSIAN], russian, t[CARRIED],
            stocks[AWAY, k] * terms[WEIGHT], stocks[HOME, k] * terms[WEIGHT], stocks[BARRED, k] * terms[WEIGHT],
            t[REMOVED], returned, t[DEPARTED], households, t[POOR], t[CUT_FOOD],
            t[AT_HOST] * terms[STREET], t[AT_COERCER] * terms[STREET],
            t[FELT] * terms[TO_HOST], t[FELT] * terms[TO_COERCER] + t[ANGERED],
            t[SPENT], t[NEEDED], t[BROUGHT], t[SPENT] - income,
        )  # fmt: skip
        for row in range(len(today)):
            out[row, k] = today[row]
    for row in range(out.shape[0]):
        out[row, REGIONS] = exact_sum(out[row, :REGIONS])
    for papers in range(4):
        abroad[papers] += totals[LEFT, papers]


@compiled(
    "i8[::1]", "i8[::1]", "i4[::1]", _F, _B, _T, "i4[:,::1]", "f4[:,::1]", "i8[::1]", "i8", "i8", "i8[:,::1]",
    "f8[:,::1]", "f8[:,::1]", "i8[:,::1]", "i8[::1]", "f8[:,::1]",
)  # fmt: skip
def day(  # type: ignore[no-untyped-def]
    key, ends, payers, money, people, terms, rows, sums, count, leaving, arriving, totals,
    unit, usual, stocks, abroad, out,
):  # fmt: skip
    """The whole day of all rows in one call: `travel`, `pay`, `live` and `sum_up`."""
    totals[:] = 0
    travel(key, 0, money.shape[1], money, people, terms, totals)
    pay(payers, money, people, terms, rows, sums, count, leaving, arriving, totals)
    live(ends, 0, money.shape[1], money, terms, totals)
    sum_up(totals, terms, unit, usual, stocks, abroad, out)
