"""Fields of a certificate, read so that a wrong one fails with its place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from partition.errors import CertificateError

LARGEST = 2**63 - 1
"""Largest absolute value of a number in a certificate."""


def fail(place: str, message: str) -> NoReturn:
    """Refuse the certificate because of what stands at a place."""
    raise CertificateError(f"{place}: {message}")


def show(value: object) -> str:
    """Show a value of any size and depth in a few characters.

    Examples
    --------
    >>> show("counties"), show(10**40), show([[[]]])
    ("'counties'", 'a whole number of 133 bits', 'a list of 1')
    """
    if type(value) is int and value.bit_length() > 64:
        return f"a whole number of {value.bit_length()} bits"
    if type(value) is str and len(value) > 40:
        return f"{value[:40]!r}..."
    if value is None or isinstance(value, bool | int | float | str):
        return repr(value)
    if isinstance(value, list | dict):
        return f"a {type(value).__name__} of {len(value)}"
    return f"a {type(value).__name__}"


def fields(value: Any, place: str, names: Sequence[str]) -> list[Any]:
    """Read an object that has exactly these keys; the values come in the order of the names."""
    if type(value) is not dict:
        fail(place, f"{show(value)}, expected an object with {', '.join(names)}.")
    for name in names:
        if name not in value:
            fail(place, f"{name} is missing.")
    for key in value:
        if key not in names:
            fail(place, f"{show(key)} is not a known key; expected {', '.join(names)}.")
    return [value[name] for name in names]


def fields_of(
    value: Any, names: Sequence[str], place: str, needed: Sequence[str] = ()
) -> dict[str, Any]:
    """Read an object that has some of these keys, those that are needed, and no others."""
    given = [name for name in names if name in needed or (type(value) is dict and name in value)]
    return dict(zip(given, fields(value, place, given), strict=True))


def entries(value: Any, place: str, length: int | None = None) -> list[Any]:
    """Read a list, of a given length if that is known."""
    if type(value) is not list:
        fail(place, f"{show(value)}, expected a list.")
    if length is not None and len(value) != length:
        fail(place, f"{len(value)} entries, expected {length}.")
    return value


def whole(value: Any, place: str, low: int = -LARGEST, high: int = LARGEST) -> int:
    """Read a whole number from `low` to `high`."""
    if type(value) is not int or not low <= value <= high:
        fail(place, f"{show(value)}, expected a whole number from {low} to {high}.")
    return value


def wholes(
    value: Any,
    place: str,
    low: int = -LARGEST,
    high: int = LARGEST,
    length: int | None = None,
) -> list[int]:
    """Read a list of whole numbers from `low` to `high`."""
    numbers = entries(value, place, length)
    if numbers and (set(map(type, numbers)) != {int} or min(numbers) < low or max(numbers) > high):
        for position, number in enumerate(numbers):
            whole(number, f"{place}[{position}]", low, high)
    return numbers


def distinct(value: Any, place: str, count: int) -> list[int]:
    """Read a list of different numbers from 0 to ``count - 1``."""
    numbers = wholes(value, place, 0, count - 1)
    if len(set(numbers)) < len(numbers):
        seen: set[int] = set()
        for position, number in enumerate(numbers):
            if number in seen:
                fail(f"{place}[{position}]", f"{number} is given twice.")
            seen.add(number)
    return numbers


def text(value: Any, place: str) -> str:
    """Read a text."""
    if type(value) is not str:
        fail(place, f"{show(value)}, expected a text.")
    return value
