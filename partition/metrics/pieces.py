"""The pieces of the nations: how many, which are cut off, which are surrounded."""

from __future__ import annotations

import numpy as np

from partition.metrics.nations import Assignment, Floats, Ints, Marks, Pairs
from partition.metrics.shape import is_cut, outlines

SURROUNDED = 1e-6
"""Share of the outline of an enclave that may be open: rounding, far below any real coast."""


def components(pairs: Pairs, n_units: int) -> Ints:
    r"""Label the connected components of a graph, numbered by their smallest unit.

    .. math:: c_i = c_j \iff \text{a path of edges joins } i \text{ and } j

    They are the landmasses, over all active edges, and the pieces of the nations, over the uncut
    ones. Every round hooks each component onto the smallest neighbouring one, then shortens all
    paths to the root, after Shiloach and Vishkin [1]_, so that a few passes over the edges are
    enough.

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


def is_exclave(piece: Ints, landmass: Ints, assignment: Assignment, size: Ints) -> Marks:
    r"""Mark the units that lie in an exclave: cut off from the main piece of their nation.

    .. math:: \{i : c_i \ne \operatorname{argmax}_{c \in C(i)} \, w(c)\}

    with the piece :math:`c_i` of a unit, the pieces *C(i)* of the same nation on the same landmass
    and their people (or voters, or units) *w*. The largest is the main piece, in a tie the one
    with the first unit. A piece on another landmass is no exclave, since the sea and not the line
    cuts it off. The word is used as in Vinokurov [1]_.

    Parameters
    ----------
    piece, landmass
        Labels from :func:`components`, shape ``(n_units,)``.
    assignment
        Part of each unit, shape ``(n_units,)``.
    size
        What makes a piece large, for each unit, shape ``(n_units,)``.

    Returns
    -------
    numpy.ndarray
        True or false, shape ``(n_units,)``.

    References
    ----------
    .. [1] E. Vinokurov, "A Theory of Enclaves", Lexington Books, 2007.

    Examples
    --------
    >>> piece, landmass = np.array([0, 1, 2]), np.array([0, 0, 0])
    >>> is_exclave(piece, landmass, np.array([1, 0, 1], np.int8), np.array([5, 9, 7]))
    array([ True, False, False])
    """
    labels, first = np.unique(piece, return_index=True)
    totals = np.bincount(piece, size, len(labels))
    home = 2 * landmass[first] + assignment[first]
    order = np.lexsort((labels, -totals, home))
    is_main = np.zeros(len(labels), np.bool_)
    is_main[order[np.unique(home[order], return_index=True)[1]]] = True
    return ~is_main[piece]


def is_enclave(
    pairs: Pairs, border: Floats, perimeter: Floats, assignment: Assignment, piece: Ints
) -> Marks:
    r"""Mark the units that lie in an enclave: a piece that the other nation surrounds.

    .. math:: \Big\{i : \sum_{j \in c_i,\, k \notin c_i,\, x_k \ne x_j} \ell_{jk} = P_{c_i}\Big\}

    with the outline *P* of the piece :math:`c_i` of a unit (:func:`outlines`) and the length
    :math:`\ell` of each border: all of the outline is border with the other nation, none of it
    coast, border with another country or with a piece of the same nation. The word is used as in
    Vinokurov [1]_: San Marino is an enclave without being an exclave, and most exclaves of a plan
    are enclaves. A gap between polygons counts as coast, so they have to fit together.

    Parameters
    ----------
    pairs, border, perimeter
        As for :func:`outlines`.
    assignment
        Part of each unit, shape ``(n_units,)``.
    piece
        Labels from :func:`components`, shape ``(n_units,)``.

    Returns
    -------
    numpy.ndarray
        True or false, shape ``(n_units,)``.

    References
    ----------
    .. [1] E. Vinokurov, "A Theory of Enclaves", Lexington Books, 2007.

    Examples
    --------
    Three unit squares in a row inside a fourth unit, which has a coast:

    >>> pairs = np.array([[0, 1], [0, 3], [1, 2], [1, 3], [2, 3]])
    >>> border, perimeter = np.array([1.0, 3, 1, 2, 3]), np.array([4.0, 4, 4, 28])
    >>> nation, piece = np.array([1, 1, 1, 0], np.int8), np.array([0, 0, 0, 1])
    >>> is_enclave(pairs, border, perimeter, nation, piece)
    array([ True,  True,  True, False])
    """
    n_pieces = int(piece.max(initial=-1)) + 1
    outline = outlines(pairs, border, perimeter, piece, n_pieces)
    cut = is_cut(pairs, assignment)
    facing = np.zeros(n_pieces)
    for end in (0, 1):
        facing += np.bincount(piece[pairs[cut, end]], border[cut], n_pieces)
    surrounded = (facing > 0) & (outline - facing <= SURROUNDED * outline)
    return surrounded[piece]
