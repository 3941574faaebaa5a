"""`math.fsum` for compiled code: a sum rounded once, and so the same in any order (Shewchuk 1997)."""

from __future__ import annotations

import numpy as np

from model.compiled import compiled


@compiled("f8[::1]", returns="f8")
def exact_sum(numbers):
    """Sum of finite numbers of shape (n,), exactly rounded."""
    parts, count = np.empty(numbers.size), 0  # parts that do not overlap, the smallest first
    for number in numbers:
        kept, x = 0, number
        for j in range(count):
            y = parts[j]
            if abs(x) < abs(y):
                x, y = y, x
            high = x + y
            low = y - (high - x)
            if low != 0.0:
                parts[kept] = low
                kept += 1
            x = high
        parts[kept] = x
        count = kept + 1
    total, low = 0.0, 0.0
    while count > 0 and low == 0.0:
        count -= 1
        high = total + parts[count]
        low = parts[count] - (high - total)
        total = high
    # A tie is broken by what lies below it.
    if count > 0 and low * parts[count - 1] > 0.0 and (total + 2.0 * low) - total == 2.0 * low:
        total += 2.0 * low
    return total
