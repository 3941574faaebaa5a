"""The households' day compiled with numba: journeys, paydays, living and protest, row by row.

The same rules stand as array expressions in `journeys`, `remitting` and `households`; they run where numba
is missing, and the tests hold both to the same bits. That needs: float32 wherever a column is float32 (every
literal and number is cast), whole numbers in every sum, and no fused or reordered arithmetic.

Speed hangs on little things: one call a day with few arrays, slices looped from 0, selects rather than
branches, blocks of rows that stay in the nearest cache. Sums in whole numbers let any split of the rows,
among threads too, give the same bits.
"""

from __future__ import annotations

import numpy as np

from model.compiled import compiled
from model.world.household_exact import exact_sum
from model.world.household_luck import draw_words

REGIONS = 5
CENTS = 1024.0  # fixed point of money: 1/1024 USD
FINE = 2.0**20  # fixed point of shares
WORDS = 2.0**32
LEGAL, IRREGULAR, CONTROLLED, PASSPORT = range(4)
OPERATOR, CARD, INFORMAL = range(3)
# Columns of a population: where members are (also the rows of the stocks), who they are; money and temper.
AWAY, HOME, BARRED, TURNED_AWAY, MEMBERS, COUNTED_ON, REGION, STATUS, CHANNEL, OTHER_WAY = range(10)
LOCAL, OTHER, CUSHION, POOR_BELOW, TRAIT, RISK, LIVED_ON, BUFFER, HARDSHIP, ANGER = range(10)
UNIT, SAVINGS, HELD, PROVIDER, ACCESS = range(10, 15)
# Rows of the totals of a day by region: events and other counts of rows, money in cents, sums of shares.
REMOVED, FRIGHTENED, RETURNED, BANNED, DEPARTED, STRANDED, FOUND = range(7)
BROUGHT, RECEIVED, CARRIED, SPENT, NEEDED = range(7, 12)
CUT_FOOD, POOR, AT_HOST, AT_COERCER, FELT, ANGERED = range(12, 18)
LEFT = 18  # the odd one: members who went abroad less those who came back, by status
MEASURES = 19
# Terms of a day: what habits, prices and policies come to. First those that never change.
WEIGHT, ALL, FURY, RELEASE, SAVE, RESPONSE, CARD_KEEPS, COURIER_KEEPS, HASTE, MEMORY, GAIN, CALM = range(12)
VALUE, OPERATOR_OPEN, CARD_OPEN, ROUTES_OPEN, ENTRY_BAN, COMING, LEAVING, FIND, BOUND = range(12, 21)
WAGE, EAGER, CAPACITY, EARNING, ELSEWHERE, AID, SEASON, CUT_BELOW, FEAR, TO_HOST, TO_COERCER = range(21, 32)
NONRUSSIAN, AID_PAID, STREET, CAUGHT, FLIGHT = range(32, 37)
REMOVAL, FRIGHT, ARREST = 37, 41, 45  # the first of four, of four (by status), of ten (by side and region)
TERMS = 55

F, N, B, N32 = np.float32, np.int64, np.uint8, np.int32
CHUNK = 4096  # rows whose luck is drawn at once; a multiple of four
BLOCK = 1024  # rows that live at once: their sums of shares fit 32 bits

_F, _B, _T = "f4[:,::1]", "u1[:,::1]", "f8[::1]"


@compiled("u4[::1]", "i8", _F, _B, _T, "i8[:,::1]")
def _travel(words, first, money, people, terms, totals):
    """Competing hazards partition the word of a row, so at most one event a row and day.

    Only rows whose word is below the bound, which no hazard of a row exceeds, are looked at.
    """
    last = first + words.size
    away, home, banned = people[AWAY, first:last], people[HOME, first:last], people[BARRED, first:last]
    members, status = people[MEMBERS, first:last], people[STATUS, first:last]
    channel, found = people[CHANNEL, first:last], people[OTHER_WAY, first:last]
    provider, risk = money[PROVIDER, first:last], money[RISK, first:last]
    access, unit = money[ACCESS, first:last], money[UNIT, first:last]
    savings, held, buffer = money[SAVINGS, first:last], money[HELD, first:last], money[BUFFER, first:last]
    coming, leaving, routes_open, find = terms[COMING], terms[LEAVING], terms[ROUTES_OPEN], terms[FIND]
    bound, caught, flight = np.uint32(terms[BOUND]), terms[CAUGHT], terms[FLIGHT]
    parts = np.empty(7)
    for r in range(words.size):
        if words[r] >= bound or members[r] == 0:
            continue
        abroad, here, papers = np.float64(away[r]), np.float64(home[r]), N(status[r])
        let_in = 1.0 if papers == PASSPORT else 1.0 - terms[ENTRY_BAN]
        parts[REMOVED] = abroad * (caught * terms[REMOVAL + papers])
        parts[FRIGHTENED] = abroad * (flight * terms[FRIGHT + papers]) * np.float64(risk[r] + F(0.5))
        parts[RETURNED] = abroad * coming
        parts[BANNED] = here * leaving * (1.0 - let_in)
        parts[DEPARTED] = here * (leaving * routes_open) * let_in
        parts[STRANDED] = here * (leaving * (1.0 - routes_open)) * let_in
        way = terms[CARD_OPEN] if channel[r] == CARD else terms[OPERATOR_OPEN]
        seeks = found[r] == 0 and np.float64(provider[r]) >= way and away[r] > 0
        parts[FOUND] = np.float64(F(find) * access[r]) if seeks else 0.0
        kind, edge = 0, parts[0]
        while kind <= FOUND and N(words[r]) >= N(edge * WORDS):
            kind += 1
            if kind <= FOUND:
                edge += parts[kind]
        if kind > FOUND:
            continue
        k = people[REGION, first + r]
        totals[kind, k] += 1
        abroad_now, counted = N(away[r]), N(people[COUNTED_ON, first + r])
        if kind <= RETURNED:
            # Whoever comes home brings his part of the savings, once.
            share = F(1.0) / F(max(abroad_now, N(1)))
            saved = (savings[r] + held[r]) * share
            savings[r] *= F(1.0) - share
            held[r] *= F(1.0) - share
            buffer[r] += saved * F(terms[VALUE])
            totals[BROUGHT, k] += N(np.floor(np.float64(saved) * CENTS))
            abroad_now -= 1
            totals[LEFT, papers] -= 1
            if kind == REMOVED:
                money[ANGER, first + r] = min(F(1.0), money[ANGER, first + r] + F(terms[FURY]))
                banned[r] = B(N(banned[r]) + 1)
            else:
                home[r] = B(N(home[r]) + 1)
        elif kind == DEPARTED:
            abroad_now += 1
            totals[LEFT, papers] += 1
            home[r] = B(N(home[r]) - 1)
        elif kind == BANNED:
            home[r] = B(N(home[r]) - 1)
            banned[r] = B(N(banned[r]) + 1)
            people[TURNED_AWAY, first + r] = B(N(people[TURNED_AWAY, first + r]) + 1)
        elif kind == FOUND:
            found[r] = 1
        away[r] = B(abroad_now)
        # A planned return is not missed; whoever is removed, frightened home or kept from leaving is.
        if kind == RETURNED:
            counted -= 1
        elif kind in (BANNED, STRANDED):
            abroad_now += 1
        counted = min(max(counted, abroad_now), N(members[r]))
        people[COUNTED_ON, first + r] = B(counted)
        money[LIVED_ON, first + r] = unit[r] * F(counted)


@compiled("i8[::1]", "i8", "i8", _F, _B, _T, "i8[:,::1]")
def travel(key, first, last, money, people, terms, totals):
    """Journeys of the rows first..last-1 (first a multiple of four); `key`: day, decision and key of the luck."""
    words = np.empty(min(CHUNK, last - first), dtype=np.uint32)
    for start in range(first, last, CHUNK):
        drawn = words[: min(CHUNK, last - start)]
        draw_words(drawn, start, key[0], key[1], key[2], key[3])
        _travel(drawn, start, money, people, terms, totals)


@compiled("u1", "u1", "f4", "f8", "f8", returns="i8")
def _way(channel, found, provider, operator_open, card_open):
    """How the money of a row goes: 0 not at all, 1 as usual, 2 by card instead, 3 by courier."""
    open_share = operator_open if channel == OPERATOR else card_open
    if channel != INFORMAL and np.float64(provider) < open_share:
        return 1
    if channel == OPERATOR and found > 0 and provider < F(card_open):
        return 2
    return 3 if found > 0 else 0


@compiled("i4[::1]", _F, _B, _T, "i4[:,::1]", "f4[:,::1]", "i8[::1]", "i8", "i8", "i8[:,::1]")
def pay(payers, money, people, terms, carried_rows, carried_money, carried_count, leaving, arriving, totals):
    """Payday of the rows `payers`: what is sent at once or by courier, and what couriers bring today.

    `carried_rows`, `carried_money` and `carried_count` hold what couriers carry, a line a day of arrival.
    """
    channel, found, away, region = people[CHANNEL], people[OTHER_WAY], people[AWAY], people[REGION]
    provider, unit, hardship = money[PROVIDER], money[UNIT], money[HARDSHIP]
    held, savings, buffer = money[HELD], money[SAVINGS], money[BUFFER]
    operator_open, card_open, value = terms[OPERATOR_OPEN], terms[CARD_OPEN], F(terms[VALUE])
    wage, eager, response, release = F(terms[WAGE]), F(terms[EAGER]), F(terms[RESPONSE]), F(terms[RELEASE])
    asked = N(0)  # of all couriers together: known only after a first look at the rows
    for r in payers:
        if _way(channel[r], found[r], provider[r], operator_open, card_open) == 3:
            wanted = unit[r] * F(away[r]) * wage * (eager + response * hardship[r])
            asked += N((wanted + release * held[r]) * F(CENTS))
    load = np.float64(asked) / CENTS * terms[WEIGHT]
    room = F(min(1.0, terms[CAPACITY] / load)) if load > 0.0 else F(1.0)
    count = 0
    for r in payers:
        way = _way(channel[r], found[r], provider[r], operator_open, card_open)
        wanted = unit[r] * F(away[r]) * wage * (eager + response * hardship[r])
        due = wanted + release * held[r]
        sent = F(0.0) if way == 0 else (due * room if way == 3 else due)
        held[r] += wanted - sent
        savings[r] += wanted * F(terms[SAVE])
        if way == 2:
            sent *= F(terms[CARD_KEEPS])
        if way == 3:
            if channel[r] != INFORMAL:
                sent *= F(terms[COURIER_KEEPS])
            carried_rows[leaving, count], carried_money[leaving, count] = r, sent
            count += 1
        else:
            buffer[r] += sent * value
            totals[RECEIVED, region[r]] += N(np.floor(np.float64(sent) * CENTS))
    carried_count[leaving] = count
    for j in range(carried_count[arriving]):
        r, sent = carried_rows[arriving, j], carried_money[arriving, j]
        buffer[r] += sent * value
        totals[CARRIED, region[r]] += N(np.floor(np.float64(sent) * CENTS))


@compiled("i8", "i8", "i8", _F, _T, "i8[:,::1]")
def _live(k, first, last, money, terms, totals):
    """Rows first..last-1, all of region k and at most BLOCK, earn, spend and hold grudges."""
    local, other, sent_home = money[LOCAL, first:last], money[OTHER, first:last], money[LIVED_ON, first:last]
    purse, felt_short = money[BUFFER, first:last], money[HARDSHIP, first:last]
    gives_up, line = money[CUSHION, first:last], money[POOR_BELOW, first:last]
    earning, elsewhere, aid, season = F(terms[EARNING]), F(terms[ELSEWHERE]), F(terms[AID]), F(terms[SEASON])
    haste, memory, cut_below = F(terms[HASTE]), F(terms[MEMORY]), F(terms[CUT_BELOW])
    spent, needed, cut, poor = N(0), N(0), N32(0), N32(0)
    for i in range(last - first):
        income = local[i] * earning + other[i] * elsewhere + aid
        need = sent_home[i] * season + (local[i] + other[i])
        # Whoever runs low spends the day's income and a share of what is left.
        at_hand = purse[i] + income
        spend = min((at_hand - income) * haste + income, need)
        purse[i] = at_hand - spend
        ratio = spend / need
        felt_short[i] += ((F(1.0) - ratio) - felt_short[i]) * memory
        spent += N(N32(spend * F(CENTS)))
        needed += N(N32(need * F(CENTS)))
        # Fuel and the like are paid first and in full, so dearer fuel and food eat into the cushion.
        cut = N32(cut + N32(ratio + gives_up[i] < cut_below))
        poor = N32(poor + N32(ratio < line[i]))
    totals[SPENT, k] += spent
    totals[NEEDED, k] += needed
    totals[CUT_FOOD, k] += N(cut)
    totals[POOR, k] += N(poor)

    temper, caution, grudge = money[TRAIT, first:last], money[RISK, first:last], money[ANGER, first:last]
    gain, calm, fear = F(terms[GAIN]), F(terms[CALM]), F(terms[FEAR])
    to_host, to_coercer = F(terms[TO_HOST]), F(terms[TO_COERCER])
    host, coercer = F(terms[ARREST + k]), F(terms[ARREST + REGIONS + k])
    against_host, against_coercer, felt_sum, anger_sum = N32(0), N32(0), N32(0), N32(0)
    for i in range(last - first):
        felt = min(felt_short[i] * (temper[i] * gain), temper[i])
        angry = grudge[i] * calm
        grudge[i] = angry
        felt_sum = N32(felt_sum + N32(felt * F(FINE)))
        anger_sum = N32(anger_sum + N32(angry * F(FINE)))
        against_host = N32(against_host + N32(felt * to_host > caution[i] * host + fear))
        against_coercer = N32(against_coercer + N32(felt * to_coercer + angry > caution[i] * coercer + fear))
    totals[FELT, k] += N(felt_sum)
    totals[ANGERED, k] += N(anger_sum)
    totals[AT_HOST, k] += N(against_host)
    totals[AT_COERCER, k] += N(against_coercer)


@compiled("i8[::1]", "i8", "i8", _F, _T, "i8[:,::1]")
def live(ends, first, last, money, terms, totals):
    """Rows first..last-1 earn, spend and protest; `ends`: first row of each region, and the end of the last."""
    for k in range(REGIONS):
        end = min(last, ends[k + 1])
        for start in range(max(first, ends[k]), end, BLOCK):
            _live(k, start, min(end, start + BLOCK), money, terms, totals)


@compiled("i8[:,::1]", _T, "f8[:,::1]", "f8[:,::1]", "i8[:,::1]", "i8[::1]", "f8[:,::1]")
def sum_up(totals, terms, unit, usual, stocks, abroad, out):
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
def day(
    key, ends, payers, money, people, terms, rows, sums, count, leaving, arriving, totals,
    unit, usual, stocks, abroad, out,
):  # fmt: skip
    """The whole day of all rows in one call: `travel`, `pay`, `live` and `sum_up`."""
    totals[:] = 0
    travel(key, 0, money.shape[1], money, people, terms, totals)
    pay(payers, money, people, terms, rows, sums, count, leaving, arriving, totals)
    live(ends, 0, money.shape[1], money, terms, totals)
    sum_up(totals, terms, unit, usual, stocks, abroad, out)
