"""The line and the shapes it makes: cut edges, frontier, outlines, compactness."""

from __future__ import annotations

import math

import numpy as np

from partition.metrics.nations import Assignment, Floats, Ints, Marks, Pairs


def is_cut(pairs: Pairs, assignment: Assignment) -> Marks:
    r"""Mark the cut edges: those whose two units lie in different nations.

    .. math:: \{(i, j) \in E : x_i \ne x_j\}

    with the edges *E* between adjacent units and *x* the nation that a unit joins. Their number
    is the usual measure of compactness that no map projection distorts [1]_.

    References
    ----------
    .. [1] D. DeFord, M. Duchin, J. Solomon, "Recombination: A Family of Markov Chains for
       Redistricting", Harvard Data Science Review 3(1), 2021, doi:10.1162/99608f92.eb30390f.

    Examples
    --------
    >>> is_cut(np.array([[0, 1], [1, 2]]), np.array([1, 1, 0], np.int8))
    array([False,  True])
    """
    cut: Marks = assignment[pairs[:, 0]] != assignment[pairs[:, 1]]
    return cut


def frontier_km(pairs: Pairs, border: Floats, assignment: Assignment) -> Floats:
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


def outlines(pairs: Pairs, border: Floats, perimeter: Floats, group: Ints, n_groups: int) -> Floats:
    r"""Measure the outline of every group of units: their perimeters without what they share.

    .. math:: P_g = \sum_{i \in g} p_i - 2 \sum_{i, j \in g} \ell_{ij}

    with the perimeter *p* of each unit and the length :math:`\ell` of each border, both from the
    same polygons. Coast, frontier and the borders with other countries all count. Every shared
    border counts as inside, whether or not a scenario lets it connect.

    Parameters
    ----------
    pairs, border
        Every pair of units with a common border, and its length, shapes ``(n_edges, 2)`` and
        ``(n_edges,)``.
    perimeter
        Length of the outline of each unit, measured as the borders are, shape ``(n_units,)``.
    group
        Number of the group of each unit, shape ``(n_units,)``.
    n_groups
        Number of groups.

    Returns
    -------
    numpy.ndarray
        Length of the outline of each group, measured as the borders are, shape ``(n_groups,)``.

    Examples
    --------
    Three unit squares in a row, the first two together:

    >>> pairs, border = np.array([[0, 1], [1, 2]]), np.array([1.0, 1.0])
    >>> outlines(pairs, border, np.array([4.0, 4.0, 4.0]), np.array([0, 0, 1]), 2)
    array([6., 4.])
    """
    inside = group[pairs[:, 0]] == group[pairs[:, 1]]
    total = np.bincount(group, perimeter, n_groups)
    shared = np.bincount(group[pairs[inside, 0]], border[inside], n_groups)
    # A hair below zero, where all that a group has is shared, is an error of rounding.
    outline: Floats = np.maximum(total - 2 * shared, 0.0)
    return outline


def polsby_popper(area: float, perimeter: float) -> float | None:
    r"""Measure how close a shape comes to a circle.

    .. math:: \frac{4 \pi A}{P^2}

    with area *A* and perimeter *P*: 1 for a circle, near 0 for a shape with a long outline for its
    area [1]_. A nation in several pieces is taken as one shape, with all their area and outline.
    Coasts count, so it depends on the scale of the map: compare plans on the same data only. None
    where there is no outline.

    References
    ----------
    .. [1] D. D. Polsby, R. D. Popper, "The Third Criterion: Compactness as a Procedural Safeguard
       against Partisan Gerrymandering", Yale Law & Policy Review 9(2), 1991, 301-353.

    Examples
    --------
    >>> polsby_popper(1.0, 4.0)  # a square
    0.7853981633974483
    """
    return 4 * math.pi * area / perimeter**2 if perimeter > 0 else None
