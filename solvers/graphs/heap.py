"""A binary heap in two arrays: keys, the least first, and the units that they belong to."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solvers.graphs.kernel import kernel


@kernel
def heap_push(
    keys: npt.NDArray[np.float64], units: npt.NDArray[np.int32], size: int, key: float, unit: int
) -> int:
    """Insert into a binary heap and return its new size.

    Unlike heapq's, the heap lives in two arrays that are there already: the search repairs plans
    millions of times, and a list of pairs would be allocated and boxed for each.
    """
    hole = size
    while hole > 0:
        parent = (hole - 1) >> 1
        if keys[parent] <= key:
            break
        keys[hole] = keys[parent]
        units[hole] = units[parent]
        hole = parent
    keys[hole] = key
    units[hole] = unit
    return size + 1


@kernel
def heap_pop(keys: npt.NDArray[np.float64], units: npt.NDArray[np.int32], size: int) -> int:
    """Remove the first entry of a binary heap and return its new size."""
    size -= 1
    key, unit = keys[size], units[size]
    hole = 0
    while True:
        child = 2 * hole + 1
        if child >= size:
            break
        if child + 1 < size and keys[child + 1] < keys[child]:
            child += 1
        if keys[child] >= key:
            break
        keys[hole] = keys[child]
        units[hole] = units[child]
        hole = child
    keys[hole] = key
    units[hole] = unit
    return size
