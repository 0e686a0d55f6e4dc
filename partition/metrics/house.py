"""Seats of a House of Representatives, shared between states by people."""

from __future__ import annotations

import heapq
from fractions import Fraction

import numpy as np

from partition.metrics.nations import Ints

HOUSE_SEATS = 435
"""Seats of the House of Representatives since 1913 [1]_.

References
----------
.. [1] Apportionment Act of 1911, Public Law 62-5, 37 Stat. 13; 2 U.S.C. 2a.
"""

WITHOUT_SEATS = frozenset({"DC"})
"""What has electoral votes and is no state: the Constitution gives seats to states alone."""


def huntington_hill(people: Ints, seats: int = HOUSE_SEATS) -> Ints:
    r"""Share seats between states by the method of equal proportions.

    .. math:: \max_s \, \frac{p_s}{\sqrt{n_s (n_s + 1)}}

    Every state with people gets one seat; each further seat goes to the state for which this
    priority is largest, with *p* people and *n* seats so far. That is how the House has been
    apportioned since 1941 [1]_ [2]_. In a tie the larger state goes first, then the one given
    first. Priorities are compared as exact fractions, squared.

    Parameters
    ----------
    people
        People in each state, shape ``(n_states,)``.
    seats
        Seats to share.

    Returns
    -------
    numpy.ndarray
        Seats of each state, 0 for one without people, shape ``(n_states,)``.

    Raises
    ------
    ValueError
        When there are more states with people than seats.

    References
    ----------
    .. [1] E. V. Huntington, "The Apportionment of Representatives in Congress", Transactions of the
       American Mathematical Society 30(1), 1928, 85-110.
    .. [2] Act of 15 November 1941, 55 Stat. 761; 2 U.S.C. 2a.

    Examples
    --------
    >>> huntington_hill(np.array([900, 90, 10, 0]), 10)
    array([8, 1, 1, 0])
    """
    given = (people > 0).astype(np.int64)
    left = seats - int(given.sum())
    if left < 0:
        raise ValueError(f"{given.sum()} states cannot share {seats} seats, one each at least.")
    queue = [_entry(int(people[state]), 1, state) for state in np.flatnonzero(given).tolist()]
    heapq.heapify(queue)
    for _ in range(left if queue else 0):
        state = queue[0][3]
        given[state] += 1
        heapq.heapreplace(queue, _entry(int(people[state]), int(given[state]), state))
    return given


def _entry(people: int, seats: int, state: int) -> tuple[float, Fraction, int, int]:
    """Rank a state for its next seat, the first to get one the smallest.

    Dividing whole numbers rounds correctly, so the floats are never in the wrong order; where they
    are the same, the fractions decide.
    """
    square, product = people * people, seats * (seats + 1)
    return -(square / product), -Fraction(square, product), -people, state
