"""Lessons: claims of rows in numbers of the graph that they were found on, and of another one.

A search knows the units of its domain by numbers. Budgets make one domain of all landmasses, and
costs none: so lessons are kept landmass by landmass, and are told to every model that has one like
it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solvers.exact.basis import Basis
from solvers.exact.tree import Tree
from solvers.model import Model
from solvers.rows.claims import ClaimError
from solvers.rows.families import family_of
from solvers.rows.family import renumbered
from solvers.rows.row import Claim

Numbers = Mapping[int, int] | None
"""Number in a model of each unit of a landmass; None where the numbers are the model's own."""


@dataclass(frozen=True, slots=True, repr=False)
class Lesson:
    """Claims of rows that a search of one domain went by.

    Parameters
    ----------
    graph
        Hash of the graph of the domain, or of one of its landmasses; see :func:`graph_hash`.
    claims
        Kind and arguments of each row, in units of that graph, the most useful first.
    bases
        Bases of relaxations with these rows, of models that are one landmass, the one to begin with
        first.
    trees
        Trees of cases, each of a search of all units of the graph, the one to go on from first.
    """

    graph: str
    claims: tuple[Claim, ...]
    bases: tuple[Basis, ...] = ()
    trees: tuple[Tree, ...] = ()

    def __repr__(self) -> str:
        return f"<Lesson of {len(self.claims):,} rows on the graph {self.graph[:8]}>"


def graphs_of(
    n_units: int, edges: npt.NDArray[np.integer], landmass: npt.NDArray[np.integer]
) -> Iterator[tuple[str, Numbers]]:
    """Yield the hashes of a model's landmasses, where it has several, and of its whole graph."""
    for number in _landmasses(landmass):
        yield graph_hash(len(number), number_edges(edges, number)), dict(enumerate(number.tolist()))
    yield graph_hash(n_units, edges), None


def _landmasses(landmass: npt.NDArray[np.integer]) -> list[npt.NDArray[np.intp]]:
    """List the units of each landmass of two units or more, unless there is only one."""
    sizes = np.bincount(landmass)
    if len(sizes) == 1:
        return []
    return [np.flatnonzero(landmass == one) for one in np.flatnonzero(sizes > 1).tolist()]


def number_edges(
    edges: npt.NDArray[np.integer], units: npt.NDArray[np.integer]
) -> npt.NDArray[np.intp]:
    """State the edges between some units, in ascending order, in their own numbers.

    Examples
    --------
    >>> number_edges(np.array([[0, 2], [1, 2], [2, 5]]), np.array([0, 2, 5])).tolist()
    [[0, 1], [1, 2]]
    """
    is_inside = np.isin(edges, units).all(axis=1)
    return np.searchsorted(units, edges[is_inside])


def lessons_of(
    model: Model, claims: Sequence[Claim], basis: Basis | None, tree: Tree | None
) -> Iterator[Lesson]:
    """Divide the claims of a model among its landmasses; those of the whole go by its own graph.

    A basis is of all rows together, and of no use where they are divided; a tree is of the whole.
    """
    left, landmasses = dict.fromkeys(claims), _landmasses(model.landmass)
    for units in landmasses:
        number = {unit: place for place, unit in enumerate(units.tolist())}
        moved = {claim: one for claim in left if (one := _renumbered(claim, number)) is not None}
        if moved:
            edges = number_edges(model.edges, units)
            yield Lesson(graph_hash(len(units), edges), tuple(moved.values()))
        left = {claim: None for claim in left if claim not in moved}
    if left or tree is not None:
        bases = () if basis is None or landmasses else (basis.of(left),)
        trees = () if tree is None else (tree,)
        yield Lesson(graph_hash(model.n_units, model.edges), tuple(left), bases, trees)


def _renumbered(claim: Claim, number: Mapping[int, int]) -> Claim | None:
    return renumbered(family_of(claim[0] if claim else None), claim, number)


def moved_to(claim: Claim, number: Numbers) -> Claim:
    """State a claim in numbers of the model.

    Raises
    ------
    ClaimError
        When it is no claim of units of the landmass.
    """
    if number is None:
        return claim
    moved = _renumbered(claim, number)
    if moved is None:
        raise ClaimError(f"{claim!r} is no claim of the {len(number)} units of a landmass.")
    return moved


def graph_hash(n_units: int, edges: npt.NDArray[np.integer]) -> str:
    """Name a graph by the SHA-256 of its number of units and its edges, in any order."""
    ends = np.sort(np.asarray(edges, np.int64), axis=1)
    ends = ends[np.lexsort(ends.T[::-1])]
    return hashlib.sha256(f"{n_units}:".encode() + ends.astype("<i8").tobytes()).hexdigest()
