"""Units and their edges: the geography that everything above works on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

EDGE_KINDS = ("land", "crumb", "bridge", "ferry", "sea")
"""Kinds of edge: a shared border, one through a detached crumb of land only, and three of link."""


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
    """

    pairs: npt.NDArray[np.int32]
    border: npt.NDArray[np.float64]
    kind: npt.NDArray[np.str_]
    is_default: npt.NDArray[np.bool_]

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
        """
        on, off = set(on), set(off)
        for kind in sorted(on | off):
            if kind not in EDGE_KINDS:
                raise ValueError(f"Unknown edge kind {kind!r}; choose from {', '.join(EDGE_KINDS)}.")
            if kind in on and kind in off:
                raise ValueError(f"Edge kind {kind!r} is switched both on and off.")
        active = self.is_default | np.isin(self.kind, sorted(on))
        return active & ~np.isin(self.kind, sorted(off))


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """Units of land with votes; row *i* is the same unit in every array.

    Parameters
    ----------
    ids
        Identifiers as text (GEOID for the United States), unique, shape ``(n_units,)``.
    names, states
        Name of each unit and code of its state, shape ``(n_units,)``.
    polygons
        Shapely geometries in `crs`, simplified for drawing, shape ``(n_units,)``.
    crs
        An equal-area projected system with metres, such as ``"EPSG:5070"``.
    votes
        For each election, whole votes of the blue and of the red side, shape ``(n_units, 2)``.
    attributes
        Further numbers by name, each of shape ``(n_units,)``; ``population`` (people), ``gdp``
        (thousands of chained 2012 dollars), ``area`` (square metres) and ``perimeter`` (metres)
        in the embedded data.
    edges
        Which units touch. Border lengths, areas and perimeters come from unsimplified polygons.
    """

    ids: npt.NDArray[np.str_]
    names: npt.NDArray[np.str_]
    states: npt.NDArray[np.str_]
    polygons: npt.NDArray[np.object_]
    crs: str
    votes: Mapping[str, npt.NDArray[np.int64]]
    attributes: Mapping[str, npt.NDArray[Any]]
    edges: Edges

    def __post_init__(self) -> None:
        object.__setattr__(self, "votes", MappingProxyType(dict(self.votes)))
        object.__setattr__(self, "attributes", MappingProxyType(dict(self.attributes)))

    @property
    def n_units(self) -> int:
        """Number of units."""
        return len(self.ids)
