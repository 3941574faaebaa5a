"""The claims on a screen: what holds, under which rules it does not, and what it leans on."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from model.analysis.overview import WIDTH, percent
from model.analysis.structures import OWN

Rows = Sequence[Mapping[str, Any]]

LEGEND = (
    "Share of worlds in which the claim holds, with 95 % interval (sampling of numbers and luck only): under the "
    "calibrated numbers, under the prior ranges, and the lowest and highest share among the other rules of the "
    "model. Told: the same where story_as_told lays every step down. Grade: of the evidence "
    "(A data, B literature, C expert, D assumption), the worst of the numbers that the answer leans on."
)


def claim_lines(rows: Rows) -> list[str]:
    """The table: two lines a claim, the second with the number that flips it, where there is one."""
    lines = [
        f"{'claim':<32} {'worlds':>6} {'posterior':>14} {'prior':>14} {'other rules':>11} {'told':>5} {'grade':>5}"
    ]
    for name in dict.fromkeys(row["claim"] for row in rows):
        mine = [row for row in rows if row["claim"] == name]
        own = {row["parameters"]: row for row in mine if row["structure"] == OWN}
        first = own.get("posterior") or next(iter(own.values()))
        others = [row["holds"] for row in mine if row["structure"] != OWN and row["holds"] is not None]
        span = f"{percent(min(others))}-{percent(max(others))}" if others else "-"
        told = first.get("story")
        grade = next((row["grade"] for row in own.values() if row.get("flip")), first["grade"])
        lines.append(
            f"{name:<32} {first['worlds']:>6} {_share(own.get('posterior')):>14} {_share(own.get('prior')):>14} "
            f"{span:>11} {'-' if told is None else percent(told):>5} {grade:>5}".rstrip()
        )
        flip = next((row for row in own.values() if row.get("flip")), None)
        if flip is not None:
            lines.append(
                f"    {flip['flip']} ({flip['flip_grade']}): {percent(flip['flip_below'])} below "
                f"{flip['flip_value']:.3g}, {percent(flip['flip_above'])} above"
                + ("; the answer turns" if flip["flip_turns"] else "")
            )
    return lines


def told_lines(rows: Rows) -> list[str]:
    """Each claim in words with its verdict, for a reader of the table."""
    lines = []
    for row in rows:
        if row["structure"] == OWN and row["parameters"] == "posterior":
            text = f"{row['claim']}: {row['text']} {verdict(row)}"
            lines += textwrap.wrap(text, WIDTH, subsequent_indent="    ", break_on_hyphens=False)
    return lines


def verdict(row: Mapping[str, Any]) -> str:
    """What the interval of a claim says, in a word: certain words are asked of nearly every world."""
    low, high = row.get("low"), row.get("high")
    if low is None or high is None:
        return "No world tells."
    if low >= 0.9:
        return "HOLDS."
    if high <= 0.1:
        return "FAILS."
    if low > 0.5:
        return "MOSTLY, not always."
    if high < 0.5:
        return "SELDOM."
    return "OPEN: near evens, or too few worlds."


def departure_lines(rows: Rows) -> list[str]:
    """The steps of the story and what free actors make of them."""
    lines = [
        f"{'scenario':<12} {'step':<34} {'told':>5} {'done':>14} {'as told':>7} {'first day':>9} {'in order':>8}"
    ]
    for row in rows:
        step = f"{row['actor']}: {row['action']}"
        first = "-" if row["first_day"] is None else f"{row['first_day']:.1f}"
        order = "-" if row["before"] is None else percent(row["before"])
        as_told = "-" if row["done_as_told"] is None else percent(row["done_as_told"])
        done = _share({"holds": row["done"], "low": row["done_low"], "high": row["done_high"]})
        lines.append(
            f"{row['scenario']:<12} {step:<34} {row['day_told']:>5g} {done:>14} {as_told:>7} {first:>9} {order:>8}"
        )
    return lines


def _share(row: Mapping[str, Any] | None) -> str:
    if row is None or row["holds"] is None:
        return "-"
    return f"{percent(row['holds'])} ({row['low'] * 100:.0f}-{row['high'] * 100:.0f})"
