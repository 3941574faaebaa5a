"""The households' day compiled with numba: journeys, paydays, living and protest, row by row.

The same rules stand as array expressions in `journeys`, `remitting` and `households`; they run where numba
is missing, and the tests hold both to the same bits. That needs: float32 wherever a column is float32 (every
literal and number is cast), whole numbers in every sum, and no fused or reordered arithmetic.

Speed hangs on little things: one call a day with few arrays (`household_pass`), slices looped from 0, selects
rather than branches, numbers of one width in a loop, blocks of rows that stay in the nearest cache. Sums in whole
numbers let any split of the rows, among threads too, give the same bits.
"""

from __future__ import annotations

import numpy as np

from model.compiled import compiled, compiled_within
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
AT_RISK = 55  # chance a day that one member abroad comes home, at most
TERMS = 56

F, N, B, N32 = np.float32, np.int64, np.uint8, np.int32
WIDER = 1.00001  # for bounds in float32: more than their rounding takes away
HALF, LOW = N32(16), N32(0xFFFF)  # where 32 bits are cut in two halves
CHUNK = 4096  # rows whose luck is drawn at once; a multiple of eight
BLOCK = 1024  # rows that live at once: their sums of shares fit 32 bits

_F, _B, _T = "f4[:,::1]", "u1[:,::1]", "f8[::1]"


@compiled("u4[::1]", "i8", _F, _B, _T, "u1[::1]")
def _mark(words, first, money, people, terms, near):
    """Mark in `near` all rows whose word is below the most that their hazards can come to: one in two hundred.

    Many rows at once, since in float32; what rounding may take away is added.
    """
    last = first + words.size
    away, home, found = people[AWAY, first:last], people[HOME, first:last], people[OTHER_WAY, first:last]
    access, provider = money[ACCESS, first:last], money[PROVIDER, first:last]
    wider = WORDS * WIDER
    at_risk, leaving, find = F(terms[AT_RISK] * wider), F(terms[LEAVING] * wider), F(terms[FIND] * wider)
    shut = F(min(terms[OPERATOR_OPEN], terms[CARD_OPEN]) / WIDER)  # from this place on another way is sought
    for r in range(words.size):
        seeks = find * access[r] if provider[r] >= shut and found[r] == 0 else F(0.0)
        near[r] = F(words[r]) <= F(away[r]) * (at_risk + seeks) + F(home[r]) * leaving


@compiled_within
def _event(word, r, money, people, terms):
    """What befalls row r: competing hazards partition its word, so at most one event a row and day (7: none)."""
    abroad, here, papers = np.float64(people[AWAY, r]), np.float64(people[HOME, r]), people[STATUS, r]
    leaving, routes_open = terms[LEAVING], terms[ROUTES_OPEN]
    let_in = 1.0 if papers == PASSPORT else 1.0 - terms[ENTRY_BAN]
    way = terms[CARD_OPEN] if people[CHANNEL, r] == CARD else terms[OPERATOR_OPEN]
    seeks = people[OTHER_WAY, r] == 0 and np.float64(money[PROVIDER, r]) >= way and abroad > 0.0
    parts = (
        abroad * (terms[CAUGHT] * terms[REMOVAL + papers]),
        abroad * (terms[FLIGHT] * terms[FRIGHT + papers]) * np.float64(money[RISK, r] + F(0.5)),
        abroad * terms[COMING],
        here * leaving * (1.0 - let_in),
        here * (leaving * routes_open) * let_in,
        here * (leaving * (1.0 - routes_open)) * let_in,
        np.float64(F(terms[FIND]) * money[ACCESS, r]) if seeks else 0.0,
    )  # in the order of the events
    edge, kind = 0.0, N(0)
    for part in parts:
        edge += part
        kind += N(N(word) >= N(edge * WORDS))
    return kind


@compiled_within
def _carry_out(kind, r, money, people, terms, totals):
    """An event befalls row r."""
    k, papers = people[REGION, r], people[STATUS, r]
    totals[kind, k] += 1
    abroad, counted = N(people[AWAY, r]), N(people[COUNTED_ON, r])
    if kind <= RETURNED:
        # Whoever comes home brings his part of the savings, once.
        share = F(1.0) / F(max(abroad, N(1)))
        saved = (money[SAVINGS, r] + money[HELD, r]) * share
        money[SAVINGS, r] *= F(1.0) - share
        money[HELD, r] *= F(1.0) - share
        money[BUFFER, r] += saved * F(terms[VALUE])
        totals[BROUGHT, k] += N(np.floor(np.float64(saved) * CENTS))
        abroad -= 1
        totals[LEFT, papers] -= 1
        if kind == REMOVED:
            money[ANGER, r] = min(F(1.0), money[ANGER, r] + F(terms[FURY]))
            people[BARRED, r] = B(N(people[BARRED, r]) + 1)
        else:
            people[HOME, r] = B(N(people[HOME, r]) + 1)
    elif kind == DEPARTED:
        abroad += 1
        totals[LEFT, papers] += 1
        people[HOME, r] = B(N(people[HOME, r]) - 1)
    elif kind == BANNED:
        people[HOME, r] = B(N(people[HOME, r]) - 1)
        people[BARRED, r] = B(N(people[BARRED, r]) + 1)
        people[TURNED_AWAY, r] = B(N(people[TURNED_AWAY, r]) + 1)
    elif kind == FOUND:
        people[OTHER_WAY, r] = 1
    people[AWAY, r] = B(abroad)
    # A planned return is not missed; whoever is removed, frightened home or kept from leaving is.
    if kind == RETURNED:
        counted -= 1
    elif kind in (BANNED, STRANDED):
        abroad += 1
    counted = min(max(counted, abroad), N(people[MEMBERS, r]))
    people[COUNTED_ON, r] = B(counted)
    money[LIVED_ON, r] = money[UNIT, r] * F(counted)


@compiled("i8[::1]", "i8", "i8", _F, _B, _T, "i8[:,::1]")
def travel(key, first, last, money, people, terms, totals):
    """Journeys of the rows first..last-1 (first a multiple of four); `key`: day, decision and key of the luck."""
    words, near = np.empty(CHUNK, dtype=np.uint32), np.empty(CHUNK, dtype=np.uint8)
    eights, marked = near.view(np.uint64), np.empty(CHUNK, dtype=np.int32)
    for start in range(first, last, CHUNK):
        drawn = words[: min(CHUNK, last - start)]
        draw_words(drawn, start, key[0], key[1], key[2], key[3])
        near[drawn.size :] = 0
        _mark(drawn, start, money, people, terms, near)
        # Those that are marked are listed first: the reads of one row need not wait for how the last one turned out.
        count = N(0)
        for eight in range((drawn.size + 7) // 8):
            if eights[eight] != 0:
                for place in range(8 * eight, 8 * eight + 8):
                    marked[count] = place
                    count += N(near[place])
        for place in marked[:count]:
            kind = _event(words[place], start + place, money, people, terms)
            if kind <= FOUND:
                _carry_out(kind, start + place, money, people, terms, totals)


@compiled("u1", "u1", "f4", "f8", "f8", returns="i8")
def _way(channel, found, provider, operator_open, card_open):
    """How the money of a row goes: 0 not at all, 1 as usual, 2 by card instead, 3 by courier."""
    open_share = operator_open if channel == OPERATOR else card_open
    usual = (channel != INFORMAL) & (np.float64(provider) < open_share)
    by_card = (channel == OPERATOR) & (found > 0) & (provider < F(card_open))
    return 1 if usual else 2 if by_card else 3 if found > 0 else 0


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
    card_keeps, courier_keeps, save = F(terms[CARD_KEEPS]), F(terms[COURIER_KEEPS]), F(terms[SAVE])
    # Selects, not branches: the way of the next row cannot be guessed. Rows that send by courier are noted and wait.
    count, asked = 0, N(0)
    for r in payers:
        way = _way(channel[r], found[r], provider[r], operator_open, card_open)
        wanted = unit[r] * F(away[r]) * wage * (eager + response * hardship[r])
        due = wanted + release * held[r]
        waits = way == 3
        carried_rows[leaving, count] = r
        count += waits
        asked += N(due * F(CENTS)) if waits else N(0)
        sent = F(0.0) if waits or way == 0 else due
        held[r] += F(0.0) if waits else wanted - sent
        savings[r] += wanted * save
        sent *= card_keeps if way == 2 else F(1.0)
        buffer[r] += sent * value
        totals[RECEIVED, region[r]] += N(np.floor(np.float64(sent) * CENTS))
    # What a courier takes hangs on what all of them are asked to take.
    load = np.float64(asked) / CENTS * terms[WEIGHT]
    room = F(min(1.0, terms[CAPACITY] / load)) if load > 0.0 else F(1.0)
    for j in range(count):
        r = carried_rows[leaving, j]
        wanted = unit[r] * F(away[r]) * wage * (eager + response * hardship[r])
        sent = (wanted + release * held[r]) * room
        held[r] += wanted - sent
        carried_money[leaving, j] = sent if channel[r] == INFORMAL else sent * courier_keeps
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
    # The halves of the cents are added up apart: in sums of 32 bits, which take twice as many rows at once as 64.
    spent, spent_high, needed, needed_high, cut, poor = N32(0), N32(0), N32(0), N32(0), N32(0), N32(0)
    for i in range(last - first):
        income = local[i] * earning + other[i] * elsewhere + aid
        need = sent_home[i] * season + (local[i] + other[i])
        # Whoever runs low spends the day's income and a share of what is left.
        at_hand = purse[i] + income
        spend = min((at_hand - income) * haste + income, need)
        purse[i] = at_hand - spend
        ratio = spend / need
        felt_short[i] += ((F(1.0) - ratio) - felt_short[i]) * memory
        spend_cents, need_cents = N32(spend * F(CENTS)), N32(need * F(CENTS))
        spent = N32(spent + (spend_cents & LOW))
        spent_high = N32(spent_high + (spend_cents >> HALF))
        needed = N32(needed + (need_cents & LOW))
        needed_high = N32(needed_high + (need_cents >> HALF))
        # Fuel and the like are paid first and in full, so dearer fuel and food eat into the cushion.
        cut = N32(cut + N32(ratio + gives_up[i] < cut_below))
        poor = N32(poor + N32(ratio < line[i]))
    totals[SPENT, k] += N(spent) + (N(spent_high) << N(HALF))
    totals[NEEDED, k] += N(needed) + (N(needed_high) << N(HALF))
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
