"""The households' day compiled with numba: words, journeys, paydays, living and protest, row by row.

The same rules stand as array expressions in `journeys`, `remitting` and `households`; they run where numba
is missing, and the tests hold both to the same bits. That needs: float32 wherever a column is float32 (every
literal and number is cast), whole numbers in every sum, and no fused or reordered arithmetic.

Speed hangs on little things: slices looped from 0, selects rather than branches, flat arrays.
"""

from __future__ import annotations

import numpy as np

from model.compiled import compiled
from model.randomness import MULTIPLIERS, ROUNDS, WEYL, WORD

# The codes stand here because a compiled file is made anew only when it changes itself.
REGIONS = 5
CENTS = 1024.0  # fixed point of money: 1/1024 USD
FINE = 2.0**20  # fixed point of shares
WORDS = 2.0**32
LEGAL, IRREGULAR, CONTROLLED, PASSPORT = range(4)
OPERATOR, CARD, INFORMAL = range(3)
AWAY, HOME, BARRED = range(3)  # rows of the stocks
# Rows of the totals of a day by region: events and other counts of rows, money in cents, sums of shares.
REMOVED, FRIGHTENED, RETURNED, BANNED, DEPARTED, STRANDED, FOUND = range(7)
BROUGHT, RECEIVED, CARRIED, SPENT, NEEDED = range(7, 12)
CUT_FOOD, POOR, AT_HOST, AT_COERCER, FELT, ANGERED = range(12, 18)
MEASURES = 18

F, N, B, W = np.float32, np.int64, np.uint8, np.uint64
_MASK, _HALF = W(WORD), W(32)
_M0, _M1, _W0, _W1 = (W(number) for number in (*MULTIPLIERS, *WEYL))
_DIGIT = np.uint32(0x7FF)


_F, _U, _I = "f4[::1]", "u1[::1]", "i8[::1]"


@compiled("u4[::1]", *["i8"] * 6)
def _draw_blocks(out, first, tick, agent, decision, first_key, second_key):
    """Blocks of four words from the group `first` on, as in `randomness.philox`."""
    for block in range(out.size // 4):
        c0, c1, c2, c3 = W(first + block) & _MASK, W(tick) & _MASK, W(agent) & _MASK, W(decision) & _MASK
        k0, k1 = W(first_key) & _MASK, W(second_key) & _MASK
        for _ in range(ROUNDS):
            p0, p1 = c0 * _M0, c2 * _M1
            c0, c1, c2, c3 = (p1 >> _HALF) ^ c1 ^ k0, p1 & _MASK, (p0 >> _HALF) ^ c3 ^ k1, p0 & _MASK
            k0, k1 = (k0 + _W0) & _MASK, (k1 + _W1) & _MASK
        out[4 * block], out[4 * block + 1] = np.uint32(c0), np.uint32(c1)
        out[4 * block + 2], out[4 * block + 3] = np.uint32(c2), np.uint32(c3)


@compiled("u4[::1]", *["i8"] * 5)
def draw_words(out, tick, agent, decision, first_key, second_key):
    """One word a row into `out` (rows,): what `Luck.words` gives."""
    blocks = out.size // 4
    _draw_blocks(out[: 4 * blocks], 0, tick, agent, decision, first_key, second_key)
    rest = np.empty(4, dtype=np.uint32)
    _draw_blocks(rest, blocks, tick, agent, decision, first_key, second_key)
    out[4 * blocks :] = rest[: out.size - 4 * blocks]


@compiled("u4[::1]", _I)
def rank(keys, place):
    """Place of each row in the rising order of its key, equal keys by row: three passes of eleven bits."""
    rows = keys.size
    key, row = keys.copy(), np.arange(rows, dtype=np.int64)
    next_key, next_row = np.empty_like(key), np.empty_like(row)
    start = np.empty(2048, dtype=np.int64)
    for turn in range(3):
        shift = np.uint32(11 * turn)
        start[:] = 0
        for i in range(rows):
            start[(key[i] >> shift) & _DIGIT] += 1
        before = 0
        for digit in range(2048):
            before, start[digit] = before + start[digit], before
        for i in range(rows):
            digit = (key[i] >> shift) & _DIGIT
            to = start[digit]
            start[digit] = to + 1
            next_key[to], next_row[to] = key[i], row[i]
        key, next_key = next_key, key
        row, next_row = next_row, row
    for i in range(rows):
        place[row[i]] = i


@compiled(
    "u4[::1]", "i8", _U, _U, _U, _U, _U, _U, _U, _U, _U, _U, _F, _F, _F, _F, _F, _F, _F, _F, _F,
    "f8[::1]", "f8[::1]", "f8", "f8", "f8", "f8", "f8", "f8", "f8", "f8", "f8", "i8[:,::1]", _I, "i8[:,::1]",
)  # fmt: skip
def travel(
    words, bound, region, status, members, away, home, banned, turned_away, counted_on, found, channel,
    provider, access, risk, unit, savings, held, buffer, anger, lived_on,
    removal, fright, coming, leaving, routes_open, entry_ban, find, operator_open, card_open, fury, value,
    stocks, away_by_status, totals,
):  # fmt: skip
    """Journeys: competing hazards partition the word of a row, so at most one event a row and day.

    Only rows whose word is below `bound`, which no hazard of a row exceeds, are looked at.
    """
    parts = np.empty(7)
    for r in range(words.size):
        if words[r] >= bound:
            continue
        abroad, here = np.float64(away[r]), np.float64(home[r])
        papers = status[r]
        let_in = 1.0 if papers == PASSPORT else 1.0 - entry_ban
        parts[REMOVED] = abroad * removal[papers]
        parts[FRIGHTENED] = abroad * fright[papers] * np.float64(risk[r] + F(0.5))
        parts[RETURNED] = abroad * coming
        parts[BANNED] = here * leaving * (1.0 - let_in)
        parts[DEPARTED] = here * (leaving * routes_open) * let_in
        parts[STRANDED] = here * (leaving * (1.0 - routes_open)) * let_in
        way = card_open if channel[r] == CARD else operator_open
        seeks = found[r] == 0 and np.float64(provider[r]) >= way and away[r] > 0
        parts[FOUND] = np.float64(F(find) * access[r]) if seeks else 0.0
        kind, edge = 0, parts[0]
        while kind <= FOUND and N(words[r]) >= N(edge * WORDS):
            kind += 1
            if kind <= FOUND:
                edge += parts[kind]
        if kind > FOUND:
            continue
        k = region[r]
        totals[kind, k] += 1
        abroad_now, counted = N(away[r]), N(counted_on[r])
        if kind <= RETURNED:
            # Whoever comes home brings his part of the savings, once.
            share = F(1.0) / F(max(abroad_now, N(1)))
            saved = (savings[r] + held[r]) * share
            savings[r] *= F(1.0) - share
            held[r] *= F(1.0) - share
            buffer[r] += saved * F(value)
            totals[BROUGHT, k] += N(np.floor(np.float64(saved) * CENTS))
            abroad_now -= 1
            away_by_status[papers] -= 1
            stocks[AWAY, k] -= 1
            if kind == REMOVED:
                anger[r] = min(F(1.0), anger[r] + F(fury))
                banned[r] = B(N(banned[r]) + 1)
                stocks[BARRED, k] += 1
            else:
                home[r] = B(N(home[r]) + 1)
                stocks[HOME, k] += 1
        elif kind == DEPARTED:
            abroad_now += 1
            away_by_status[papers] += 1
            stocks[AWAY, k] += 1
            home[r] = B(N(home[r]) - 1)
            stocks[HOME, k] -= 1
        elif kind == BANNED:
            home[r] = B(N(home[r]) - 1)
            stocks[HOME, k] -= 1
            banned[r] = B(N(banned[r]) + 1)
            turned_away[r] = B(N(turned_away[r]) + 1)
            stocks[BARRED, k] += 1
        elif kind == FOUND:
            found[r] = 1
        away[r] = B(abroad_now)
        # A planned return is not missed; whoever is removed, frightened home or kept from leaving is.
        if kind == RETURNED:
            counted -= 1
        elif kind in (BANNED, STRANDED):
            abroad_now += 1
        counted_on[r] = B(min(max(counted, abroad_now), N(members[r])))
        lived_on[r] = unit[r] * F(counted_on[r])


@compiled("u1", "u1", "f4", "f8", "f8", returns="i8")
def _way(channel, found, provider, operator_open, card_open):
    """How the money of a row goes: 0 not at all, 1 as usual, 2 by card instead, 3 by courier."""
    open_share = operator_open if channel == OPERATOR else card_open
    if channel != INFORMAL and np.float64(provider) < open_share:
        return 1
    if channel == OPERATOR and found > 0 and provider < F(card_open):
        return 2
    return 3 if found > 0 else 0


@compiled(
    _I, _U, _U, _U, _U, _F, _F, _F, _F, _F, _F, "f8", "f8", "f8", "f8", "f8", "f8", "f8", "f8", "f8",
    "f8", "f8", "f8", "i8[:,::1]", "f4[:,::1]", _I, "i8", "i8", "i8[:,::1]",
)  # fmt: skip
def pay(
    payers, region, away, channel, found, provider, unit, hardship, held, savings, buffer,
    release_share, savings_share, shortfall_response, card_fee, informal_fee,
    wage, eager, operator_open, card_open, weight, informal_capacity, value,
    carried_rows, carried_money, carried_count, leaving, arriving, totals,
):  # fmt: skip
    """Payday of the rows `payers`: what is sent at once or by courier, and what couriers bring today.

    `carried_rows`, `carried_money` and `carried_count` hold what couriers carry, a line a day of arrival.
    """
    asked = N(0)  # of all couriers together: known only after a first look at the rows
    for r in payers:
        if _way(channel[r], found[r], provider[r], operator_open, card_open) == 3:
            wanted = unit[r] * F(away[r]) * F(wage) * (F(eager) + F(shortfall_response) * hardship[r])
            asked += N((wanted + F(release_share) * held[r]) * F(CENTS))
    load = np.float64(asked) / CENTS * weight
    room = F(min(1.0, informal_capacity / load)) if load > 0.0 else F(1.0)
    count = 0
    for r in payers:
        way = _way(channel[r], found[r], provider[r], operator_open, card_open)
        wanted = unit[r] * F(away[r]) * F(wage) * (F(eager) + F(shortfall_response) * hardship[r])
        due = wanted + F(release_share) * held[r]
        sent = F(0.0) if way == 0 else (due * room if way == 3 else due)
        held[r] += wanted - sent
        savings[r] += wanted * F(savings_share)
        if way == 2:
            sent *= F(1.0 - card_fee)
        if way == 3:
            if channel[r] != INFORMAL:
                sent *= F(1.0 - informal_fee)
            carried_rows[leaving, count], carried_money[leaving, count] = r, sent
            count += 1
        else:
            buffer[r] += sent * F(value)
            totals[RECEIVED, region[r]] += N(np.floor(np.float64(sent) * CENTS))
    carried_count[leaving] = count
    for j in range(carried_count[arriving]):
        r, sent = carried_rows[arriving, j], carried_money[arriving, j]
        buffer[r] += sent * F(value)
        totals[CARRIED, region[r]] += N(np.floor(np.float64(sent) * CENTS))


@compiled(
    _I, _F, _F, _F, _F, _F, _F, _F, _F, _F, _F, _F, "f8", "f8", "f8", "f8", "f8", "f8", "f8", "f8",
    "f8", "f8", "f8", "f8", "f8[:,::1]", "i8[:,::1]",
)  # fmt: skip
def live(
    ends, local_income, other_income, fixed_need, cushion, poor_below, trait, risk, lived_on,
    buffer, hardship, anger, spending_horizon, hardship_days, hardship_gain, anger_days,
    earning, from_elsewhere, aid, season, cut_below, at_host, at_coercer, fear, arrest, totals,
):  # fmt: skip
    """Earn, spend and hold grudges; `arrest` is a chance by side and region."""
    for k in range(REGIONS):
        first, last = ends[k], ends[k + 1]
        local, other, fixed = local_income[first:last], other_income[first:last], fixed_need[first:last]
        sent_home, purse, felt_short = lived_on[first:last], buffer[first:last], hardship[first:last]
        gives_up, line = cushion[first:last], poor_below[first:last]
        spent = needed = cut = poor = N(0)
        for i in range(last - first):
            income = local[i] * F(earning) + other[i] * F(from_elsewhere) + F(aid)
            need = sent_home[i] * F(season) + fixed[i]
            # Whoever runs low spends the day's income and a share of what is left.
            at_hand = purse[i] + income
            spend = min((at_hand - income) * F(1.0 / spending_horizon) + income, need)
            purse[i] = at_hand - spend
            ratio = spend / need
            felt_short[i] += ((F(1.0) - ratio) - felt_short[i]) * F(1.0 / hardship_days)
            spent += N(np.int32(spend * F(CENTS)))
            needed += N(np.int32(need * F(CENTS)))
            # Fuel and the like are paid first and in full, so dearer fuel and food eat into the cushion.
            cut += N(ratio + gives_up[i] < F(cut_below))
            poor += N(ratio < line[i])
        totals[SPENT, k], totals[NEEDED, k] = spent, needed
        totals[CUT_FOOD, k], totals[POOR, k] = cut, poor

        temper, caution, grudge = trait[first:last], risk[first:last], anger[first:last]
        host, coercer = F(arrest[0, k]), F(arrest[1, k])
        against_host = against_coercer = felt_sum = anger_sum = N(0)
        for i in range(last - first):
            felt = min(felt_short[i] * (temper[i] * F(hardship_gain)), temper[i])
            angry = grudge[i] * F(1.0 - 1.0 / anger_days)
            grudge[i] = angry
            felt_sum += N(np.int32(felt * F(FINE)))
            anger_sum += N(np.int32(angry * F(FINE)))
            against_host += N(felt * F(at_host) > caution[i] * host + F(fear))
            against_coercer += N(felt * F(at_coercer) + angry > caution[i] * coercer + F(fear))
        totals[FELT, k], totals[ANGERED, k] = felt_sum, anger_sum
        totals[AT_HOST, k], totals[AT_COERCER, k] = against_host, against_coercer
