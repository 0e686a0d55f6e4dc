"""What a claim may name: its parts, units, walls and numbers, each checked as it is read."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from solvers.model import Model


class ClaimError(ValueError):
    """A claim does not hold for the problem at hand, or is none."""


def arguments(claim: tuple[Any, ...], n_arguments: int) -> tuple[Any, ...]:
    """Give the arguments of a claim that must have so many."""
    if len(claim) != n_arguments + 1:
        raise ClaimError(f"{claim[0]}: {len(claim) - 1} arguments, expected {n_arguments}.")
    return claim[1:]


def number(value: Any, n_numbers: int, what: str) -> int:
    """Read a whole number from 0 to below `n_numbers`."""
    if type(value) is not int or not 0 <= value < n_numbers:
        raise ClaimError(f"{what} {value!r} is not a whole number from 0 to {n_numbers - 1}.")
    return value


def limited_part(model: Model, value: Any, least: int = 1) -> int:
    """Read a part whose pieces are limited, to `least` or more of them."""
    part = number(value, 2, "part")
    if model.pieces[part] < least:
        raise ClaimError(
            f"part {part} may have {model.pieces[part]} pieces, 0 for any number; the claim needs "
            f"a limit of {least} or more."
        )
    return part


def several(value: Any, what: str, least: int = 0) -> tuple[Any, ...]:
    """Read a list of `least` items or more."""
    if not isinstance(value, tuple) or len(value) < least:
        raise ClaimError(f"{what} {value!r} is not a list of {least} items or more.")
    return value


def unit_of(model: Model, value: Any) -> int:
    """Read a unit."""
    return number(value, model.n_units, "unit")


def units_of(model: Model, value: Any, what: str, least: int = 0) -> tuple[int, ...]:
    """Read units in any order, the same one perhaps more than once."""
    return tuple(unit_of(model, one) for one in several(value, what, least))


def set_of(model: Model, value: Any, what: str, least: int = 0) -> tuple[int, ...]:
    """Read distinct units, in ascending order."""
    units = units_of(model, value, what, least)
    if any(first >= second for first, second in pairwise(units)):
        raise ClaimError(f"{what} {units} is not in ascending order.")
    return units
