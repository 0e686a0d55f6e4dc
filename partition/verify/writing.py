"""Figures as the pages of a bundle write them, for reading them again."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal
from typing import Any

SCALES = ((12, "trillion"), (9, "billion"), (6, "million"))

FIGURE = re.compile(r"\$?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?: (?:%|million|billion|trillion))?")
"""A number in a sentence, with its unit."""


ITEM = re.compile(r"^(\s*|\s*[0-9]+)((?<![0-9])[-+](?=\s)|(?<![0-9])[-=]{2,}|(?<=[0-9])[.)](?=\s))")
"""What begins an item of a list, or underlines a heading."""


def figures(text: str) -> list[str]:
    """List the numbers of a text in order; those of the targets of links do not count.

    Examples
    --------
    >>> figures("[12 pairs](#cut-2) and 4.5 million people, 7.2 % of all.")
    ['12', '4.5 million', '7.2 %']
    """
    return FIGURE.findall(re.sub(r"\]\(#[^)]*\)", "]", text))


def rounded(value: Any, digits: int = 3) -> str:
    """Write a number with three digits; counts below 1,000 stay as they are.

    Examples
    --------
    >>> [rounded(one) for one in (81_568_877, 9_713_893, 47_321, 1_949.6, 515, None)]
    ['81.6 million', '9.71 million', '47,300', '1,950', '515', '-']
    """
    if value is None:
        return "-"
    exact = Decimal(value)
    last = max(0, exact.adjusted() - digits + 1) if abs(exact) >= 1000 else 0
    shown = exact.quantize(Decimal((0, (1,), last)), ROUND_HALF_EVEN)
    for power, word in SCALES:
        if abs(shown) >= 10**power:
            scaled = shown.scaleb(-power)
            return f"{scaled:,.{max(0, digits - 1 - scaled.adjusted())}f} {word}"
    return f"{shown:,.0f}"


def dollars(value: Any) -> str:
    """Write an amount of money."""
    return "-" if value is None else f"${rounded(value)}"


def percent(share: float | None, decimals: int = 1) -> str:
    """Write a share as a percentage."""
    return "-" if share is None else f"{100 * share:.{decimals}f} %"


def gap_percent(gap: float) -> str:
    """Write a gap above 0 with two significant digits, never smaller than it is.

    A hair above what two digits say, which is the last bit of a float, counts as that.

    Examples
    --------
    >>> gap_percent(0.00101), gap_percent(0.001), gap_percent(2e-8)
    ('0.11 %', '0.1 %', '0.000002 %')
    """
    decimals = max(0, 1 - math.floor(math.log10(100 * gap)))
    steps = Decimal(round(100 * gap * 10**decimals, 9)).to_integral_value(ROUND_CEILING)
    text = f"{steps.scaleb(-decimals):.{decimals}f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def escaped(text: str) -> str:
    r"""Write a text so that it is neither Markdown nor HTML.

    Examples
    --------
    >>> print(escaped("$5|a"), escaped("1. a"), escaped("- a"))
    \$5\|a 1\. a \- a
    """
    flat = "".join(one if one.isprintable() else " " for one in text)
    return ITEM.sub(r"\1\\\2", re.sub(r"([\\`*_{}\[\]<>#|~$&])", r"\\\1", flat))


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Write the lines of a table."""
    lines = [head, (":--", *["--:"] * (len(head) - 1)), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]
