"""Units and their edges: the geography that everything above works on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from shapefiles.identifiers import first_wrong

MAX_VOTES = 10**10
"""Votes of one side in one unit above which a figure is impossible: more than there are people."""

EDGE_KINDS = ("land", "crumb", "bridge", "ferry", "sea")
"""Kinds of edge: a shared border, one through a detached crumb of land only, and three of link."""


class PlaceName(NamedTuple):
    """A town, a quarter or another place that a map names, in degrees (WGS 84).

    `credit` is what the source of the name asks a map to say; empty where it asks for nothing.
    """

    name: str
    longitude: float
    latitude: float
    credit: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """Which units touch, where, and how.

    Parameters
    ----------
    pairs
        Rows of adjacent units, smaller first, in lexicographic order, shape ``(n_edges, 2)``.
    border
        Length of the shared border in metres, 0 for links over water, shape ``(n_edges,)``.
    kind
        One of :data:`EDGE_KINDS` each, shape ``(n_edges,)``.
    is_default
        Whether the edge counts unless a scenario switches its kind, shape ``(n_edges,)``.

    Raises
    ------
    ValueError
        When the arrays differ in length, a pair is out of order or given twice, a kind is
        unknown, or a border is negative or not a number.
    """

    pairs: npt.NDArray[np.int32]
    border: npt.NDArray[np.float64]
    kind: npt.NDArray[np.str_]
    is_default: npt.NDArray[np.bool_]

    def __post_init__(self) -> None:
        n_edges = len(self.pairs)
        _freeze(self, "pairs", np.int32, (n_edges, 2))
        _freeze(self, "border", np.float64, (n_edges,))
        _freeze(self, "kind", np.str_, (n_edges,))
        _freeze(self, "is_default", np.bool_, (n_edges,))
        _check_order(self.pairs)
        unknown = np.flatnonzero(~np.isin(self.kind, EDGE_KINDS))
        if len(unknown):
            raise ValueError(
                f"kind[{unknown[0]}] = {str(self.kind[unknown[0]])!r}; "
                f"choose from {', '.join(EDGE_KINDS)}."
            )
        wrong = np.flatnonzero(~(np.isfinite(self.border) & (self.border >= 0)))
        if len(wrong):
            raise ValueError(
                f"border[{wrong[0]}] = {self.border[wrong[0]]}, expected metres, 0 or more."
            )

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        """Pickle what they are made from, so that a copy is checked and read-only as well."""
        return type(self), (self.pairs, self.border, self.kind, self.is_default)

    @property
    def is_border(self) -> npt.NDArray[np.bool_]:
        """Whether each edge is a border on land, not a link over water, shape ``(n_edges,)``."""
        return np.isin(self.kind, ("land", "crumb"))

    @property
    def n_edges(self) -> int:
        """Number of edges of every kind, active or not."""
        return len(self.pairs)

    def select(self, on: Iterable[str] = (), off: Iterable[str] = ()) -> npt.NDArray[np.bool_]:
        """Mark the edges that count when some kinds are switched on or off, shape ``(n_edges,)``.

        Raises
        ------
        ValueError
            When a kind is not one of :data:`EDGE_KINDS`, or is switched both ways.

        Examples
        --------
        >>> edges = Edges(
        ...     pairs=np.array([[0, 1], [0, 2], [1, 2]]),
        ...     border=np.array([1000.0, 0.0, 0.0]),
        ...     kind=np.array(["land", "bridge", "sea"]),
        ...     is_default=np.array([True, True, False]),
        ... )
        >>> edges.select(on=["sea"], off=["bridge"]).tolist()
        [True, False, True]
        """
        on, off = set(on), set(off)
        for kind in sorted(on | off):
            if kind not in EDGE_KINDS:
                raise ValueError(
                    f"Unknown edge kind {kind!r}; choose from {', '.join(EDGE_KINDS)}."
                )
            if kind in on and kind in off:
                raise ValueError(f"Edge kind {kind!r} is switched both on and off.")
        active = self.is_default | np.isin(self.kind, sorted(on))
        return active & ~np.isin(self.kind, sorted(off))


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Units:
    """Units of land with votes; row *i* is the same unit in every array.

    Parameters
    ----------
    ids
        Identifiers as text (GEOID for the United States), unique, shape ``(n_units,)``.
    names, states
        Name of each unit and code of its state, shape ``(n_units,)``.
    polygons
        Shapely geometries in `crs`, simplified for drawing, shape ``(n_units,)``. All None where
        only a graph is known: it can be solved and measured, not drawn.
    crs
        An equal-area projected system with metres, such as ``"EPSG:5070"``. Empty without polygons.
    votes
        For each election, whole votes of the blue and of the red side, shape ``(n_units, 2)``.
    attributes
        Further columns by name, each of shape ``(n_units,)``. The embedded data has
        ``population`` (people), ``gdp`` (thousands of chained 2012 dollars), ``area`` (square
        metres), ``perimeter``, ``sea_coast`` and ``lake_coast`` (metres), ``borders_canada`` and
        ``borders_mexico`` (true or false).
    edges
        Which units touch. Border lengths, areas and perimeters come from unsimplified polygons.
    places
        Names for a map, the most important first; none unless somebody brought some. Maps of the
        United States have names that come with the package then.

    Raises
    ------
    ValueError
        When an array has another length than `ids`, an id is empty, given twice or could be run as
        a formula, votes are negative, fractional, missing or more than :data:`MAX_VOTES`, or an
        edge names a unit that is not there.
    """

    ids: npt.NDArray[np.str_]
    names: npt.NDArray[np.str_]
    states: npt.NDArray[np.str_]
    polygons: npt.NDArray[np.object_]
    crs: str
    votes: Mapping[str, npt.NDArray[np.int64]]
    attributes: Mapping[str, npt.NDArray[Any]]
    edges: Edges
    places: tuple[PlaceName, ...] = ()

    def __post_init__(self) -> None:
        n_units = len(self.ids)
        for name in ("ids", "names", "states"):
            _freeze(self, name, np.str_, (n_units,))
        _freeze(self, "polygons", np.object_, (n_units,))
        _check_ids(self.ids)
        votes = {name: _checked_votes(name, given, self.ids) for name, given in self.votes.items()}
        object.__setattr__(self, "votes", MappingProxyType(votes))
        attributes = {name: np.array(given) for name, given in self.attributes.items()}
        for name, array in attributes.items():
            if array.shape != (n_units,):
                raise ValueError(
                    f"attributes[{name!r}] has shape {array.shape}, expected ({n_units},)."
                )
            array.setflags(write=False)
        object.__setattr__(self, "attributes", MappingProxyType(attributes))
        if self.edges.n_edges and self.edges.pairs.max() >= n_units:
            row = int(np.flatnonzero((self.edges.pairs >= n_units).any(axis=1))[0])
            raise ValueError(
                f"edges.pairs[{row}] = {tuple(self.edges.pairs[row].tolist())} names a unit "
                f"outside 0..{n_units - 1}. Build edges and units from the same rows."
            )

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        """Pickle the mappings as plain dictionaries: read-only views cannot travel."""
        tables = (self.crs, dict(self.votes), dict(self.attributes), self.edges, self.places)
        return type(self), (self.ids, self.names, self.states, self.polygons, *tables)

    def __repr__(self) -> str:
        size = f"{self.n_units:,} units, {self.edges.n_edges:,} edges"
        return f"<Units: {size}, votes of {', '.join(self.votes)}>"

    @property
    def n_units(self) -> int:
        """Number of units."""
        return len(self.ids)

    @property
    def has_polygons(self) -> bool:
        """Whether the units can be drawn."""
        return all(polygon is not None for polygon in self.polygons.tolist())

    @property
    def has_lengths(self) -> bool:
        """Whether borders have lengths: polygons do, and a graph that gives any."""
        return self.has_polygons or bool(self.edges.border.any())

    def subset(self, rows: npt.NDArray[np.intp]) -> Self:
        """Keep some units, in the order given, and the edges between them.

        Parameters
        ----------
        rows
            Rows to keep, each once, shape ``(n_kept,)``.
        """
        rows = np.asarray(rows, np.intp)
        new_row = np.full(self.n_units, -1, np.int32)
        new_row[rows] = np.arange(len(rows))
        pairs = np.sort(new_row[self.edges.pairs], axis=1)
        order = np.lexsort((pairs[:, 1], pairs[:, 0]))
        order = order[pairs[order, 0] >= 0]
        return type(self)(
            ids=self.ids[rows],
            names=self.names[rows],
            states=self.states[rows],
            polygons=self.polygons[rows],
            crs=self.crs,
            votes={name: array[rows] for name, array in self.votes.items()},
            attributes={name: array[rows] for name, array in self.attributes.items()},
            edges=Edges(
                pairs=pairs[order],
                border=self.edges.border[order],
                kind=self.edges.kind[order],
                is_default=self.edges.is_default[order],
            ),
            places=self.places,
        )


def _freeze(owner: object, name: str, dtype: type[np.generic], shape: tuple[int, ...]) -> None:
    """Replace an array of a frozen dataclass by a read-only copy of the right type and shape."""
    array = np.array(getattr(owner, name), dtype)
    if not array.size:
        array = array.reshape(shape)
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}, expected {shape}.")
    array.setflags(write=False)
    object.__setattr__(owner, name, array)


def _check_order(pairs: npt.NDArray[np.int32]) -> None:
    first, second = pairs.astype(np.int64).T
    wrong = np.flatnonzero((first < 0) | (first >= second))
    if len(wrong):
        raise ValueError(
            f"pairs[{wrong[0]}] = {tuple(pairs[wrong[0]].tolist())}, expected two different rows, "
            "the smaller first."
        )
    rank = first * (second.max(initial=0) + 1) + second
    wrong = np.flatnonzero(rank[1:] <= rank[:-1])
    if len(wrong):
        before, after = (tuple(pairs[wrong[0] + k].tolist()) for k in (0, 1))
        raise ValueError(
            f"pairs[{wrong[0] + 1}] = {after} follows {before}; "
            "sort the pairs and give each of them once."
        )


def _check_ids(ids: npt.NDArray[np.str_]) -> None:
    wrong = first_wrong(ids.tolist())
    if wrong is not None:
        row, reason = wrong
        value = f", {str(ids[row])!r:.60}," if ids[row] else ""
        raise ValueError(f"ids[{row}]{value} {reason}; give the unit another id.")
    unique, counts = np.unique(ids, return_counts=True)
    if len(unique) < len(ids):
        repeated = str(unique[counts > 1][0])
        rows = np.flatnonzero(ids == repeated)[:2].tolist()
        raise ValueError(f"The id {repeated!r} is given twice, in rows {rows[0]} and {rows[1]}.")


def _checked_votes(
    election: str, given: npt.ArrayLike, ids: npt.NDArray[np.str_]
) -> npt.NDArray[np.int64]:
    """Copy the votes of one election to a read-only array of whole numbers."""
    votes = np.asarray(given)
    if votes.shape != (len(ids), 2):
        raise ValueError(f"votes[{election!r}] has shape {votes.shape}, expected ({len(ids)}, 2).")
    if votes.size and votes.dtype.kind not in "iu":
        raise ValueError(
            f"votes[{election!r}] holds {votes.dtype} values; votes are whole numbers."
        )
    negative = np.flatnonzero((votes < 0).any(axis=1))
    if len(negative):
        row = int(negative[0])
        raise ValueError(
            f"votes[{election!r}] of unit {str(ids[row])!r} are {votes[row].tolist()}; "
            "votes cannot be negative."
        )
    impossible = np.flatnonzero((votes > MAX_VOTES).any(axis=1))
    if len(impossible):
        row = int(impossible[0])
        raise ValueError(
            f"votes[{election!r}] of unit {str(ids[row])!r} are {votes[row].tolist()}; "
            f"more than {MAX_VOTES:,} for one side are impossible."
        )
    copy = votes.astype(np.int64)
    copy.setflags(write=False)
    return copy
