"""Metrics: pure functions from arrays to numbers, each with its formula and source.

Votes come as whole numbers with the columns blue, red. An assignment gives the part of every
unit: :data:`RED` is part 0 and :data:`BLUE` part 1. Row *i* is the same unit in every array.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

RED, BLUE = 0, 1
"""The part of each nation, as the solvers number them."""

Ints = npt.NDArray[np.int64]
Assignment = npt.NDArray[np.int8]
Pairs = npt.NDArray[np.int32]


def matched_votes(votes: Ints, assignment: Assignment) -> Ints:
    r"""Count, in every unit, the voters who get the nation of their vote.

    .. math:: m_i = b_i x_i + r_i (1 - x_i)

    with blue votes *b*, red votes *r* and *x* = 1 where the unit joins the blue nation. The rest,
    :math:`b_i + r_i - m_i`, are the stranded voters. Their share is the simplest measure of what
    Alesina and Spolaore call the cost of heterogeneity within a nation [1]_.

    Parameters
    ----------
    votes
        Whole votes, blue and red, shape ``(n_units, 2)``.
    assignment
        Part of each unit, shape ``(n_units,)``.

    Returns
    -------
    numpy.ndarray
        Whole votes, shape ``(n_units,)``.

    Raises
    ------
    ValueError
        When the two arrays do not describe the same units.

    References
    ----------
    .. [1] A. Alesina, E. Spolaore, "On the Number and Size of Nations", Quarterly Journal of
       Economics 112(4), 1997, doi:10.1162/003355397555411.

    Examples
    --------
    >>> matched_votes(np.array([[3, 1], [2, 2], [0, 5]]), np.array([1, 1, 0], np.int8))
    array([3, 2, 5])
    """
    if votes.shape != (len(assignment), 2):
        raise ValueError(
            f"votes has shape {votes.shape}, expected ({len(assignment)}, 2). "
            "Take votes and assignment from the same units."
        )
    return np.where(assignment == BLUE, votes[:, 0], votes[:, 1])


def self_determination(votes: Ints, assignment: Assignment) -> float | None:
    r"""Measure the share of two-party voters who get the nation of their vote.

    .. math:: \sum_i m_i \Big/ \sum_i (b_i + r_i)

    with *m* from :func:`matched_votes`. None where nobody voted.

    Examples
    --------
    >>> self_determination(np.array([[3, 1], [2, 2], [0, 5]]), np.array([1, 1, 0], np.int8))
    0.7692307692307693
    """
    voters = int(votes.sum())
    return int(matched_votes(votes, assignment).sum()) / voters if voters else None


def is_cut(pairs: Pairs, assignment: Assignment) -> npt.NDArray[np.bool_]:
    r"""Mark the cut edges: those whose two units lie in different nations.

    .. math:: \{(i, j) \in E : x_i \ne x_j\}

    Their number is the usual measure of compactness that no map projection distorts [1]_.

    References
    ----------
    .. [1] D. DeFord, M. Duchin, J. Solomon, "Recombination: A Family of Markov Chains for
       Redistricting", Harvard Data Science Review 3(1), 2021, doi:10.1162/99608f92.eb30390f.

    Examples
    --------
    >>> is_cut(np.array([[0, 1], [1, 2]]), np.array([1, 1, 0], np.int8))
    array([False,  True])
    """
    cut: npt.NDArray[np.bool_] = assignment[pairs[:, 0]] != assignment[pairs[:, 1]]
    return cut


def frontier_km(
    pairs: Pairs, border: npt.NDArray[np.float64], assignment: Assignment
) -> npt.NDArray[np.float64]:
    r"""Measure what every edge adds to the frontier between the nations, in kilometres.

    .. math:: f_{ij} = \ell_{ij} / 1000 \text{ where } x_i \ne x_j \text{, else } 0

    with the length :math:`\ell` of each shared border in metres, which is 0 for links over water.
    Their sum is the length of the frontier.

    Examples
    --------
    >>> pairs = np.array([[0, 1], [1, 2]])
    >>> frontier_km(pairs, np.array([500.0, 2500.0]), np.array([1, 1, 0], np.int8))
    array([0. , 2.5])
    """
    return np.where(is_cut(pairs, assignment), border / 1000, 0.0)


def components(pairs: Pairs, n_units: int) -> Ints:
    """Label the connected components of a graph, numbered by their smallest unit.

    The landmasses, over all active edges; the pieces of the nations, over the uncut ones. Every
    round hooks each component onto the smallest neighbouring one, then shortens all paths to the
    root, after Shiloach and Vishkin [1]_, so that a few passes over the edges are enough.

    Parameters
    ----------
    pairs
        Edges, shape ``(n_edges, 2)``.
    n_units
        Number of units.

    Returns
    -------
    numpy.ndarray
        Label of each unit, shape ``(n_units,)``.

    References
    ----------
    .. [1] Y. Shiloach, U. Vishkin, "An O(log n) parallel connectivity algorithm", Journal of
       Algorithms 3(1), 1982, doi:10.1016/0196-6774(82)90008-6.

    Examples
    --------
    >>> components(np.array([[0, 3], [1, 2]]), 5)
    array([0, 1, 1, 0, 2])
    """
    root = np.arange(n_units)
    while True:
        ends = root[pairs]
        high, low = ends.max(axis=1), ends.min(axis=1)
        if not (high > low).any():
            break
        np.minimum.at(root, high, low)
        while (root[root] != root).any():
            root = root[root]
    return np.unique(root, return_inverse=True)[1].astype(np.int64)


def electoral_votes(
    states: npt.NDArray[np.str_],
    population: Ints,
    assignment: Assignment,
    electors: Mapping[str, int],
) -> tuple[int, int]:
    r"""Share the electoral votes of the states between the nations.

    A state within one nation brings all its electoral votes. A state that the frontier splits
    shares its *e* votes in proportion to population, by largest remainder (Hamilton's method
    [1]_): each nation gets :math:`\lfloor e\, p_n / p \rfloor`, and a vote left over goes to the
    larger fraction, in a tie to the nation with more people there, then to the blue one. So the
    two always add up to the total of the states, 538 for the whole country.

    Parameters
    ----------
    states
        State of each unit, shape ``(n_units,)``.
    population
        People in each unit, shape ``(n_units,)``.
    assignment
        Part of each unit, shape ``(n_units,)``.
    electors
        Electoral votes of each state.

    Returns
    -------
    tuple
        Electoral votes of part 0 (red) and of part 1 (blue).

    Raises
    ------
    ValueError
        When a state has no entry in `electors`.

    References
    ----------
    .. [1] M. L. Balinski, H. P. Young, "Fair Representation: Meeting the Ideal of One Man, One
       Vote", 2nd edition, Brookings Institution Press, 2001.

    Examples
    --------
    >>> states, people = np.array(["A", "A", "B"]), np.array([60, 40, 10])
    >>> electoral_votes(states, people, np.array([1, 0, 0], np.int8), {"A": 4, "B": 3})
    (5, 2)
    """
    shares = [0, 0]
    for state in np.unique(states).tolist():
        if state not in electors:
            raise ValueError(f"State {state!r} has no electoral votes in the table of states.")
        inside = states == state
        people = [int(population[inside & (assignment == part)].sum()) for part in (RED, BLUE)]
        for part, seats in zip(
            (RED, BLUE), _largest_remainder(electors[state], people), strict=True
        ):
            shares[part] += seats
    return shares[RED], shares[BLUE]


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
