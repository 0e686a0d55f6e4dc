"""Contiguity by flow: what a root sends must reach every unit of the part, inside the part.

The model itself chooses the root of each part, by one binary a unit, unless roots are given.
"""

from __future__ import annotations

import numpy as np

from peers.linear_model import LinearModel, Whole
from solvers.problem import Problem

MAX_COLUMNS = 5_000_000
"""A larger model is not built: SCIP holds 4.4 GB with the 1.2 million columns of 300 units."""


class TooLargeError(Exception):
    """A model does not fit in memory, and how large it is."""


def single_commodity(problem: Problem, roots: tuple[int, int] | None = None) -> LinearModel:
    """State contiguity by one flow a part.

    Every unit of the part but the root keeps one unit of what flows in, and nothing flows into a
    unit of the other part [1]_.

    Parameters
    ----------
    problem
        What to divide.
    roots
        A unit of part 0 and one of part 1 that some optimal plan gives them; chosen by the model
        when None.

    References
    ----------
    .. [1] T. Shirabe, "A model of contiguity for spatial unit allocation", Geographical Analysis
       37 (2005), doi:10.1111/j.1538-4632.2005.00605.x
    """
    model = LinearModel(problem)
    units = np.arange(problem.n_units)
    tail, head = _arcs(problem)
    for part in (0, 1):
        if not problem.pieces[part]:
            continue
        sign, shift = _inside(part)
        root = _choose_root(model, part, roots)
        flow = model.add_columns(len(tail), problem.n_units - 1, is_integer=False)
        # in - out + n * root >= inside
        model.add_rows(
            len(units),
            (head, flow, 1),
            (tail, flow, -1),
            (units, root, problem.n_units),
            (units, units, -sign),
            least=shift,
        )
        # in <= (n - 1) * inside
        most = problem.n_units - 1
        model.add_rows(len(units), (head, flow, 1), (units, units, -sign * most), most=most * shift)
    return model


def multi_commodity(problem: Problem, roots: tuple[int, int] | None = None) -> LinearModel:
    """State contiguity by one flow for every unit of each part, from the root to that unit.

    As strong as separators rooted at the same binaries, at the price of ``n_units`` times as many
    variables [1]_.

    Parameters
    ----------
    problem
        What to divide.
    roots
        As in :func:`single_commodity`.

    Raises
    ------
    TooLargeError
        When the model has more than :data:`MAX_COLUMNS` columns.

    References
    ----------
    .. [1] J. Oehrlein, J.-H. Haunert, "A cutting-plane method for contiguity-constrained spatial
       aggregation", Journal of Spatial Information Science 15 (2017),
       doi:10.5311/JOSIS.2017.15.379 (compares the two).
    """
    n_units = problem.n_units
    tail, head = _arcs(problem)
    n_sources = n_units if roots is None else 1
    n_columns = sum(map(bool, problem.pieces)) * n_units * (len(tail) + n_sources)
    if n_columns > MAX_COLUMNS:
        raise TooLargeError(f"{n_columns:,} flow variables: not built")
    model = LinearModel(problem)
    units = np.arange(n_units)
    for part in (0, 1):
        if not problem.pieces[part]:
            continue
        sign, shift = _inside(part)
        root = _choose_root(model, part, roots)
        sources = units if roots is None else np.array([roots[part]])
        for target in range(n_units):
            # Nothing need leave the unit that the flow is meant for, nor enter its lone source.
            flow = model.add_columns(len(tail), np.where(tail == target, 0, 1), is_integer=False)
            supply = model.add_columns(len(sources), 1, is_integer=False)
            rows = np.arange(len(sources))
            model.add_rows(len(sources), (rows, supply, 1), (rows, root[sources], -1), most=0)
            # in + supply - out = 0, but = inside at the target
            wanted = np.where(units == target, shift, 0)
            model.add_rows(
                n_units,
                (head, flow, 1),
                (sources, supply, 1),
                (tail, flow, -1),
                ([target], [target], -sign),
                least=wanted,
                most=wanted,
            )
            # in + supply <= inside
            model.add_rows(
                n_units, (head, flow, 1), (sources, supply, 1), (units, units, -sign), most=shift
            )
    return model


def _arcs(problem: Problem) -> tuple[Whole, Whole]:
    edges = problem.edges.astype(np.int64)
    return np.concatenate([edges[:, 0], edges[:, 1]]), np.concatenate([edges[:, 1], edges[:, 0]])


def _inside(part: int) -> tuple[int, int]:
    """Sign and shift of ``inside = shift + sign * x``: whether a unit is in the part."""
    return (1, 0) if part == 1 else (-1, 1)


def _choose_root(model: LinearModel, part: int, roots: tuple[int, int] | None) -> Whole:
    """Add a binary a unit: at most one root, inside the part, and the given one if it is given."""
    units = np.arange(model.problem.n_units)
    sign, shift = _inside(part)
    if roots is None:
        root = model.add_columns(len(units), 1)
    else:
        root = model.add_columns(len(units), (units == roots[part]).astype(np.int64))
        model.add_rows(1, ([0], [roots[part]], sign), least=1 - shift)
    model.add_rows(1, (np.zeros_like(units), root, 1), most=1)
    model.add_rows(len(units), (units, root, 1), (units, units, -sign), most=shift)
    return root
