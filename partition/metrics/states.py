"""The states under the line: which are split, who is cut off, who keeps how many electors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from partition.metrics.nations import BLUE, RED, Assignment, Ints, Marks


def fragments(
    states: npt.NDArray[np.str_], values: npt.NDArray[Any], assignment: Assignment
) -> tuple[npt.NDArray[np.str_], Ints]:
    r"""Add up whole numbers over the fragment of each state in each nation.

    .. math:: F_{sn} = \sum_{i : s_i = s,\, x_i = n} v_i

    with the value *v*, the state *s* and the nation *x* of each unit *i*.

    Parameters
    ----------
    states
        State of each unit, shape ``(n_units,)``.
    values
        Whole numbers to add, shape ``(n_units,)`` or ``(n_units, k)``.
    assignment
        Part of each unit, shape ``(n_units,)``.

    Returns
    -------
    tuple of numpy.ndarray
        Codes of the states in order, and the sums, shape ``(n_states, 2)`` or
        ``(n_states, 2, k)``.

    Examples
    --------
    >>> states, people = np.array(["A", "A", "B"]), np.array([60, 40, 10])
    >>> fragments(states, people, np.array([1, 0, 0], np.int8))[1]
    array([[40, 60],
           [10,  0]])
    """
    codes, state = np.unique(states, return_inverse=True)
    sums = np.zeros((len(codes), 2, *values.shape[1:]), np.int64)
    np.add.at(sums, (state, assignment), values.astype(np.int64))
    return codes, sums


def is_split(units: Ints) -> Marks:
    r"""Mark the states that the line splits.

    .. math:: \{s : 0 < U_{sn} \text{ for both nations } n\}

    with the units *U* of state *s* in nation *n*. How often a plan splits the units that people
    already know is a standard measure of districting [1]_.

    Parameters
    ----------
    units
        Units of each state in each nation, from :func:`fragments`, shape ``(n_states, 2)``.

    References
    ----------
    .. [1] M. Altman, "Traditional Districting Principles: Judicial Myths vs. Reality", Social
       Science History 22(2), 1998, 159-200.

    Examples
    --------
    >>> is_split(np.array([[2, 1], [3, 0]]))
    array([ True, False])
    """
    split: Marks = (units[:, RED] > 0) & (units[:, BLUE] > 0)
    return split


def minority_fragments(people: Ints) -> Ints:
    r"""Count the people whom the line cuts off from the larger part of their state.

    .. math:: c_{sn} = p_{sn} \text{ where } p_{sn} < p_{sm} \text{, else } 0

    with the people *p* of state *s* in nation *n* and in the other one, *m*. In a tie the fragment
    in the red nation is the minority.

    Parameters
    ----------
    people
        People of each state in each nation, from :func:`fragments`, shape ``(n_states, 2)``.

    Returns
    -------
    numpy.ndarray
        People cut off, in the order given, shape ``(n_states, 2)``.

    Examples
    --------
    >>> minority_fragments(np.array([[40, 60], [10, 0], [5, 5]]))
    array([[40,  0],
           [ 0,  0],
           [ 5,  0]])
    """
    cut_off = people.copy()
    is_blue_smaller = people[:, BLUE] < people[:, RED]
    cut_off[is_blue_smaller, RED] = 0
    cut_off[~is_blue_smaller, BLUE] = 0
    return cut_off


def kept_electors(people: Ints, electors: Ints) -> Ints:
    r"""Share the electoral votes of each state between its fragments.

    .. math:: e_{sn} = \lfloor e_s \, p_{sn} / p_s \rfloor + (0 \text{ or } 1)

    with the *e* electoral votes and *p* people of state *s*, and those in nation *n*. A state
    within one nation brings all its electoral votes. A state that the frontier splits shares them
    in proportion to people, by largest remainder (Hamilton's method [1]_): a vote left over goes to
    the larger fraction, in a tie to the nation with more people there, then to the blue one. So
    all of them add up to the total of the states, 538 for the whole country. The Constitution has
    no rule for half a state; this one creates and loses no elector.

    Parameters
    ----------
    people
        People of each state in each nation, from :func:`fragments`, shape ``(n_states, 2)``.
    electors
        Electoral votes of each state, shape ``(n_states,)``.

    Returns
    -------
    numpy.ndarray
        Electoral votes of each fragment, shape ``(n_states, 2)``.

    References
    ----------
    .. [1] M. L. Balinski, H. P. Young, "Fair Representation: Meeting the Ideal of One Man, One
       Vote", 2nd edition, Brookings Institution Press, 2001.

    Examples
    --------
    >>> kept_electors(np.array([[40, 60], [10, 0]]), np.array([4, 3]))
    array([[2, 2],
           [3, 0]])
    """
    shares = [
        _largest_remainder(int(seats), [int(one) for one in row])
        for seats, row in zip(electors, people, strict=True)
    ]
    return np.array(shares, np.int64).reshape(-1, 2)


def electors_of(codes: npt.NDArray[np.str_], electors: Mapping[str, int]) -> Ints:
    """Look up the electoral votes of states.

    Raises
    ------
    ValueError
        When a state has no entry.

    Examples
    --------
    >>> electors_of(np.array(["A", "B"]), {"A": 4, "B": 3})
    array([4, 3])
    """
    for state in codes.tolist():
        if state not in electors:
            raise ValueError(f"State {state!r} has no electoral votes in the table of states.")
    return np.array([electors[state] for state in codes.tolist()], np.int64)


def _largest_remainder(seats: int, people: list[int]) -> list[int]:
    total = sum(people)
    if total == 0:
        # Nobody lives there: every weight is equal, and the tie goes to the blue nation.
        people, total = [1, 1], 2
    given = [seats * one // total for one in people]
    order = sorted(
        range(len(people)),
        key=lambda part: (seats * people[part] % total, people[part], part),
        reverse=True,
    )
    for part in order[: seats - sum(given)]:
        given[part] += 1
    return given
