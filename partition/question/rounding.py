"""Products in whole numbers, rounded as if they were exact: half a step goes to the even side."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

_LARGEST = 2.0**50
"""Product from which on floating point does not tell a half from a whole."""

_ERROR = 2.0**-49
"""Several times the relative error of a product of numbers that were rounded before."""


def rounded(value: float, factor: Fraction) -> int:
    """Round a product exactly, a half to the even side, in a fifth of the time fractions take.

    Examples
    --------
    >>> rounded(2.5, Fraction(1)), rounded(3.5, Fraction(1)), rounded(0.1, Fraction(1000))
    (2, 4, 100)
    """
    above, below = value.as_integer_ratio()
    below *= factor.denominator
    whole, rest = divmod(above * factor.numerator, below)
    return whole + (2 * rest > below or (2 * rest == below and whole % 2))


def rounded_each(values: npt.NDArray[Any], factor: Fraction) -> list[int]:
    """Round many products as :func:`rounded` does.

    Floating point says which whole number is the nearest, but for products so near to the middle
    between two, or so large, that its own rounding could decide; these few are computed exactly.

    Parameters
    ----------
    values
        Numbers of 64 bits or fewer, or fractions, of any shape.
    factor
        What each of them is multiplied by.

    Returns
    -------
    list of int
        One for each value, in the order of the flattened array.

    Examples
    --------
    >>> rounded_each(np.array([2.5, 3.5, 0.1, 2.0**70]), Fraction(1))
    [2, 4, 0, 1180591620717411303424]
    """
    flat = values.ravel()
    if flat.dtype == np.object_:
        return [rounded(value, factor) for value in flat.tolist()]
    with np.errstate(invalid="ignore", over="ignore"):
        products = flat * (float(factor) if abs(factor) < _LARGEST else np.inf)
        from_middle = np.abs(products - np.floor(products) - 0.5)
        is_plain = (from_middle > _ERROR * np.abs(products)) & (np.abs(products) < _LARGEST)
    each: list[int] = np.rint(np.where(is_plain, products, 0.0)).astype(np.int64).tolist()
    for place in np.flatnonzero(~is_plain).tolist():
        each[place] = rounded(flat[place].item(), factor)
    return each
