"""The votes that a scenario moves before it asks, moved once more."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from math import floor
from statistics import NormalDist
from typing import Any

from partition.verify.counted import Counted
from partition.verify.fields import fail, fields, show, whole

KEYS = ("points", "in_proportion", "error", "draw")

MOST = 100
"""Points that a swing or an error may have."""


def read_swing(value: Any, place: str) -> tuple[Fraction, bool, Fraction, int]:
    """Read the table ``swing`` of a scenario.

    Raises
    ------
    CertificateError
        When a value is none that a scenario can have.
    """
    points, in_proportion, error, draw = fields(value, place, KEYS)
    for name, number, least in (("points", points, -MOST), ("error", error, 0)):
        if type(number) not in {int, float} or not least <= number <= MOST:
            fail(f"{place}.{name}", f"{show(number)}, expected points from {least} to {MOST}.")
    if type(in_proportion) is not bool:
        fail(f"{place}.in_proportion", f"{show(in_proportion)}, expected true or false.")
    whole(draw, f"{place}.draw", 0)
    return Fraction(repr(float(points))), in_proportion, Fraction(repr(float(error))), draw


def swing(data: Counted, value: Any, place: str) -> Counted:
    """Move the votes of the data, each unit keeping its voters, and say so in the title."""
    points, in_proportion, error, draw = read_swing(value, place)
    names = [f"{side}_{data.election}" for side in ("dem", "rep")]
    blue, red = (data.columns[name] for name in names)
    sums = sum(blue), sum(red)
    moved = []
    for unit, (b, r) in enumerate(zip(blue, red, strict=True)):
        voters = b + r
        to_blue = points / 100 * voters
        if in_proportion:
            losing, of = (sums[1], r) if points > 0 else (sums[0], b)
            rate = abs(points) / 100 * sum(sums) / losing if losing else Fraction(0)
            to_blue = min(rate, Fraction(1)) * of * (1 if points > 0 else -1)
        if error:
            to_blue += _error(float(error), draw, data.columns["geoid"][unit]) / 100 * voters
        moved.append(max(0, min(voters, floor(b + to_blue + Fraction(1, 2)))))
    columns = {
        **data.columns,
        names[0]: moved,
        names[1]: [b + r - now for b, r, now in zip(blue, red, moved, strict=True)],
    }
    told = _words(points, error, draw, data.sides, in_proportion=in_proportion)
    title = ", ".join(filter(None, (data.title, told)))
    return data._replace(columns=columns, title=title)


def _error(deviation: float, draw: int, name: str) -> Fraction:
    bits = int.from_bytes(hashlib.sha256(f"{draw}:{name}".encode()).digest()[:8], "big") >> 12
    deviate = NormalDist().inv_cdf((bits + 0.5) / 2**52)
    return Fraction(round(deviate * deviation * 1_000_000), 1_000_000)


def _words(
    points: Fraction, error: Fraction, draw: int, sides: tuple[str, str], *, in_proportion: bool
) -> str:
    told = []
    if points:
        how = " in proportion" if in_proportion else ""
        told.append(f"{_points(points)} to {sides[0 if points > 0 else 1]}{how}")
    if error:
        told.append(f"errors of {_points(error)} (draw {draw})")
    return ", ".join(told)


def _points(points: Fraction) -> str:
    return f"{float(abs(points)):g} {'point' if abs(points) == 1 else 'points'}"
