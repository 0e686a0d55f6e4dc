"""Numbers for reading: three digits say enough, and more would promise what nobody knows."""

from __future__ import annotations

import math

_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def rounded(value: float | None, digits: int = 3) -> str:
    """Write a number with a few significant digits; counts below 1,000 stay as they are.

    Examples
    --------
    >>> [rounded(one) for one in (81_568_877, 9_713_893, 47_321, 1_949.6, 515, None)]
    ['81.6 million', '9.71 million', '47,300', '1,950', '515', '-']
    """
    if value is None:
        return "-"
    shown = _to_digits(value, digits)
    for scale, word in _SCALES:
        if abs(shown) >= scale:
            whole = len(str(int(abs(shown) / scale)))
            return f"{shown / scale:,.{max(0, digits - whole)}f} {word}"
    return f"{shown:,.0f}"


def dollars(value: float | None) -> str:
    """Write an amount of money.

    Examples
    --------
    >>> dollars(1.0271e13), dollars(9_942.1), dollars(None)
    ('$10.3 trillion', '$9,940', '-')
    """
    return "-" if value is None else f"${rounded(value)}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> counted(1, "piece"), counted(1200, "county", "counties")
    ('1 piece', '1,200 counties')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _to_digits(value: float, digits: int) -> float:
    if abs(value) < 10**digits:
        return float(round(value))
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))
