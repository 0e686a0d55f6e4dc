"""Whole numbers of 64 bits: taken in without loss, added up and multiplied exactly or refused.

NumPy's own sums and products leave 64 bits in silence and come back as other numbers. A problem
holds none so large that this could happen to any sum that the solvers form; here is what makes
sure of it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

MAX_TOTAL_GAIN = 2**53
"""Largest sum of all that can be gained or lost, and of the amounts of a budget: every partial sum
stays exact in a float and far within 64 bits."""


def whole(values: npt.ArrayLike, name: str, dtype: type[np.integer]) -> npt.NDArray[np.integer]:
    """Copy to an integer array.

    Raises
    ------
    ValueError
        When there are fractions, or a value does not fit.
    """
    given = np.asarray(values)
    if not given.size:
        return given.astype(dtype)
    if given.dtype.kind == "O" and all(isinstance(one, int) for one in given.ravel()):
        raise ValueError(f"{name} holds {max(given.ravel(), key=abs)}, too large to solve.")
    if given.dtype.kind not in "iub":
        raise ValueError(f"{name} holds {given.dtype} values; the solvers take whole numbers only.")
    limits = np.iinfo(dtype)
    low, high = int(given.min()), int(given.max())
    if low < limits.min or high > limits.max:
        raise ValueError(f"{name} holds {low if low < limits.min else high}, too large to solve.")
    return given.astype(dtype)


def total_size(values: npt.NDArray[np.integer]) -> int:
    """Add up absolute values exactly, in halves of 32 bits, for their sum may exceed 64.

    Examples
    --------
    >>> total_size(np.array([2**62, -(2**62), 2**62])) == 3 * 2**62
    True
    """
    sizes = np.abs(values).astype(np.uint64)  # the least of all numbers has no absolute in int64
    low = np.uint64(2**32 - 1)
    return (int((sizes >> np.uint64(32)).sum()) << 32) + int((sizes & low).sum())


def place_of_largest(values: npt.NDArray[np.integer]) -> tuple[int, int]:
    """Find the first row with the largest absolute value, and the value.

    Examples
    --------
    >>> place_of_largest(np.array([[3, 1], [0, -8]]))
    (1, -8)
    """
    flat = values.ravel()
    place = int(np.argmax(np.abs(flat).astype(np.uint64)))
    return place // (values.size // len(values)), int(flat[place])
