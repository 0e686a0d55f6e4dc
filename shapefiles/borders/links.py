"""Links over water: bridges, ferries and sea routes that join units without a common border."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import networkx as nx
import numpy as np
import numpy.typing as npt

from shapefiles.borders.adjacency import Contacts
from shapefiles.borders.crumbs import find_crumbs
from shapefiles.errors import shown
from shapefiles.units import Edges

LINK_KINDS = ("bridge", "ferry", "sea")
"""Kinds of link, from the firmest to the loosest."""


class Link(NamedTuple):
    """One crossing between two units, given by their ids."""

    id_a: str
    id_b: str
    kind: str


def join_edges(
    contacts: Contacts,
    links: Sequence[Link],
    ids: npt.NDArray[np.str_],
    *,
    counts_crumbs: bool = True,
) -> Edges:
    """Make the edges of a map from its borders and its links.

    By default borders and bridges count; so does a ferry between units that neither land nor
    bridges connect, since it is all that an island has. Other ferries and sea routes are switches.

    Parameters
    ----------
    contacts
        Borders between units.
    links
        Crossings over water.
    ids
        Id of each unit, shape ``(n_units,)``.
    counts_crumbs
        Whether borders that let two nations cross each other count by default (see
        :func:`shapefiles.borders.crumbs.find_crumbs`), or are switches as well.

    Raises
    ------
    ValueError
        When a link names an unknown unit or kind, repeats another, or joins units that share a
        border.

    Examples
    --------
    Land from A to B, a bridge from B to C, and ferries from A to C and on to the island D:

    >>> land = Contacts(np.array([[0, 1]]), np.array([1000.0]), np.array([False]))
    >>> links = [Link("B", "C", "bridge"), Link("A", "C", "ferry"), Link("C", "D", "ferry")]
    >>> edges = join_edges(land, links, np.array(["A", "B", "C", "D"]))
    >>> list(zip(edges.kind.tolist(), edges.is_default.tolist()))
    [('land', True), ('ferry', False), ('bridge', True), ('ferry', True)]
    """
    crossing = _rows(links, ids, contacts)
    crossing_kind = np.array([link.kind for link in links], np.str_)
    bridges = crossing[crossing_kind == "bridge"]
    is_crumb = find_crumbs(contacts, len(ids), bridges)
    is_counted = ~is_crumb | counts_crumbs
    firm = np.concatenate([contacts.pairs[is_counted], bridges])
    is_needed = (crossing_kind == "ferry") & ~_is_connected(crossing, firm, len(ids))

    pairs = np.concatenate([contacts.pairs, crossing])
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return Edges(
        pairs=pairs[order],
        border=np.concatenate([contacts.border, np.zeros(len(crossing))])[order],
        kind=np.concatenate([np.where(is_crumb, "crumb", "land"), crossing_kind])[order],
        is_default=np.concatenate([is_counted, (crossing_kind == "bridge") | is_needed])[order],
    )


def _rows(
    links: Sequence[Link], ids: npt.NDArray[np.str_], contacts: Contacts
) -> npt.NDArray[np.int32]:
    """Turn the ids of the links into rows, smaller first, shape ``(n_links, 2)``."""
    row_of = {name: row for row, name in enumerate(ids.tolist())}
    known = {tuple(pair): "a common border" for pair in contacts.pairs.tolist()}
    rows = np.empty((len(links), 2), np.int32)
    for i, link in enumerate(links):
        if link.kind not in LINK_KINDS:
            raise ValueError(
                f"links[{i}] has kind {shown(link.kind)}; choose from {', '.join(LINK_KINDS)}."
            )
        for name in (link.id_a, link.id_b):
            if name not in row_of:
                raise ValueError(
                    f"links[{i}] names the unit {shown(name)}, which is not on the map."
                )
        pair = tuple(sorted((row_of[link.id_a], row_of[link.id_b])))
        if pair[0] == pair[1]:
            raise ValueError(f"links[{i}] joins the unit {shown(link.id_a)} to itself.")
        if pair in known:
            raise ValueError(
                f"links[{i}] joins {shown(link.id_a)} and {shown(link.id_b)}, which already have "
                f"{known[pair]}. Remove the link."
            )
        known[pair] = f"links[{i}]"
        rows[i] = pair
    return rows


def _is_connected(
    pairs: npt.NDArray[np.int32], edges: npt.NDArray[np.int32], n_units: int
) -> npt.NDArray[np.bool_]:
    """Tell which pairs of units the edges connect, by whatever route."""
    if not len(pairs):
        return np.zeros(0, bool)
    graph = nx.Graph(edges.tolist())
    graph.add_nodes_from(range(n_units))
    component = np.empty(n_units, np.intp)
    for number, members in enumerate(nx.connected_components(graph)):
        component[list(members)] = number
    ends = component[pairs]
    return np.equal(ends[:, 0], ends[:, 1])
