"""What is recounted, held against what a file says."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, NamedTuple

from partition.verify.fields import fail, show

Number = int | float | Fraction

EPSILON = Fraction(1, 2**52)
"""Relative distance of neighbouring floating-point numbers; rounding errs by half of it at most."""


class Near(NamedTuple):
    """A number that a program in floating point may miss by rounding, and by no more.

    Parameters
    ----------
    value
        What it is, recounted.
    slack
        How far off rounding can be.
    kind
        How a file writes it: ``float`` with a point or an exponent, ``int`` without.
    """

    value: Number
    slack: Number
    kind: type[float] | type[int] = float

    def times(self, factor: Number) -> Near:
        """Multiply, exactly; the product errs by a rounding more."""
        value = Fraction(self.value) * Fraction(factor)
        slack = Fraction(self.slack) * abs(Fraction(factor)) + abs(value) * EPSILON
        return Near(value, slack, self.kind)


def total(values: list[Any], unit: Number = 1) -> Near:
    """Add up numbers that are not negative.

    However a sum of *n* such terms is added up in floating point, one after the other or in pairs,
    it errs by ``n - 1`` roundings at most, and each term by one more where it is multiplied by a
    unit first: in total by less than ``n + 8`` times :data:`EPSILON` of the sum. Nothing is rounded
    where all terms are multiples of one power of two and their sum is below ``2**53`` of it.
    """
    ratios = [value.as_integer_ratio() for value in values]
    step = max((below for _, below in ratios), default=1)
    if all(step % below == 0 for _, below in ratios):  # powers of two, but for exact fractions
        exact = Fraction(sum(above * (step // below) for above, below in ratios), step)
    else:
        exact = sum((Fraction(*ratio) for ratio in ratios), Fraction())
    exact *= Fraction(unit)
    if type(unit) is int and exact * step < 2**53:
        return Near(exact, 0)
    return Near(exact, exact * (len(values) + 8) * EPSILON)


def whole_total(values: list[Any], unit: int = 1) -> int | Near:
    """Add up numbers whose sum is rounded to a whole one, which is known unless it is in between.

    Of two whole numbers equally near the even one is taken.
    """
    exact, slack, _ = total(values, unit)
    low, high = round(Fraction(exact) - Fraction(slack)), round(Fraction(exact) + Fraction(slack))
    return low if low == high else Near(Fraction(low + high, 2), Fraction(high - low, 2), int)


def share(part: int, whole: int) -> float | None:
    """Divide whole numbers, rounded once as IEEE 754 has it; None where the whole is nothing."""
    return float(Fraction(part, whole)) if whole else None


def agree(found: Any, wanted: Any, place: str) -> None:
    """Refuse what a file says where it is not what was recounted.

    Objects have exactly the keys that are wanted, lists as many entries; a text, a switch, nothing
    and a whole number are equal and of the same type. So is a number with a point, unless it is
    only :class:`Near`.

    Raises
    ------
    CertificateError
        With the place and both values.
    """
    if isinstance(wanted, Near):
        _agree_nearly(found, wanted, place)
    elif type(found) is not type(wanted):
        fail(place, f"{show(found)}, but recounted {show(wanted)}.")
    elif isinstance(wanted, dict):
        for key in wanted:
            if key not in found:
                fail(_inside(place, key), f"is missing; recounted {_shown(wanted[key])}.")
        for key in found:
            if key not in wanted:
                fail(_inside(place, show(key)), "is not a known key.")
        for key, value in wanted.items():
            agree(found[key], value, _inside(place, key))
    elif isinstance(wanted, list):
        if len(found) != len(wanted):
            fail(place, f"{len(found)} entries, but recounted {len(wanted)}.")
        for number, value in enumerate(wanted):
            agree(found[number], value, f"{place}[{number}]")
    elif found != wanted:
        fail(place, f"{show(found)}, but recounted {show(wanted)}.")


def _inside(place: str, key: str) -> str:
    """Name a field of an object; one that is a whole file ends with a colon."""
    return f"{place} {key}" if place.endswith(":") else f"{place}.{key}"


def _agree_nearly(found: Any, wanted: Near, place: str) -> None:
    is_number = isinstance(found, int | float) and type(found) is wanted.kind
    if (
        not is_number
        or not math.isfinite(found)
        or abs(Fraction(found) - Fraction(wanted.value)) > wanted.slack
    ):
        fail(place, f"{show(found)}, but recounted {_shown(wanted)}.")


def _shown(value: Any) -> str:
    if isinstance(value, Near):
        return repr(round(value.value) if value.kind is int else float(value.value))
    return show(value)
