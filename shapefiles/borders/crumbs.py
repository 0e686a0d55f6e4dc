"""Crumbs: contacts through detached bits of land that let two nations cross each other.

Where no polygons overlap, the graph of borders between the largest polygons of all units can be
drawn in the plane: one point inside each, one line over each border. A contact that runs only
through a detached part of a unit (a cut-off river bend, an island) may break that, and two nations
that are both in one piece could then cross each other through it. The embedded map leaves crumbs
out unless a scenario switches them on: the strongest bounds need planarity, and so does the notion
of a line between two nations. On a map of one's own every border counts unless ``edges.off`` names
them. Whatever is left out is said, since a bound holds without it only.
"""

from __future__ import annotations

import networkx as nx
import numpy as np
import numpy.typing as npt

from shapefiles.borders.adjacency import Contacts

_RADII = (4, 12)
"""Steps around a contact within which a reason against it is looked for first."""


def find_crumbs(
    contacts: Contacts, n_units: int, links: npt.NDArray[np.integer] | None = None
) -> npt.NDArray[np.bool_]:
    """Mark the detached contacts that would make the graph non-planar.

    Start from all other contacts and the links. Then put the detached contacts back, longest
    border first and in the order of their pairs among equals, each if the graph stays planar
    with it. What cannot be put back is a crumb. So no crumb can be restored without dropping a
    contact with a longer border, and a graph that is planar has none. (The smallest possible set
    of crumbs is an NP-hard question: maximum planar subgraph.)

    Parameters
    ----------
    contacts
        Borders between units.
    n_units
        Number of units.
    links
        Pairs of units joined over water, shape ``(n_links, 2)``. Left out of account where the
        graph is not planar with them even without any detached contact.

    Returns
    -------
    numpy.ndarray
        Whether each contact is a crumb, shape ``(n_pairs,)``. All False where the other contacts
        are not planar by themselves, because polygons overlap: no choice of crumbs would help.

    Examples
    --------
    Five mutual neighbours cannot be drawn without a crossing; one of ten borders is detached:

    >>> pairs = np.column_stack(np.triu_indices(5, 1)).astype(np.int32)
    >>> contacts = Contacts(pairs, np.ones(10), np.arange(10) == 3)
    >>> contacts.pairs[find_crumbs(contacts, 5)].tolist()
    [[0, 4]]
    """
    is_crumb = np.zeros(len(contacts.pairs), bool)
    if not contacts.is_detached.any():
        return is_crumb
    candidates = np.flatnonzero(contacts.is_detached)
    candidates = candidates[np.argsort(-contacts.border[candidates], kind="stable")]
    firm = contacts.pairs[~contacts.is_detached]
    for base in [firm] if links is None else [np.concatenate([firm, links]), firm]:
        refused = _refused(_graph(base, n_units), contacts.pairs, candidates)
        if refused is not None:
            is_crumb[refused] = True
            break
    return is_crumb


def is_planar(pairs: npt.NDArray[np.integer], n_units: int) -> bool:
    """Tell whether the graph can be drawn in the plane without crossings.

    Examples
    --------
    >>> complete = np.column_stack(np.triu_indices(5, 1))
    >>> is_planar(complete, 5), is_planar(complete[1:], 5)
    (False, True)
    """
    return bool(nx.check_planarity(_graph(pairs, n_units))[0])


def _graph(pairs: npt.NDArray[np.integer], n_units: int) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(range(n_units))
    graph.add_edges_from(pairs.tolist())
    return graph


def _refused(
    graph: nx.Graph, pairs: npt.NDArray[np.int32], candidates: npt.NDArray[np.intp]
) -> list[int] | None:
    """Add the candidates in order, each if the graph stays planar, and return the others.

    A candidate that does not fit into a neighbourhood fits nowhere, since a subgraph of a planar
    graph is planar. Those that do are kept for the time being, and one test of the whole graph
    tells whether that was right; only where it was not, wider neighbourhoods and then the whole
    graph are asked. None where the graph is not planar even without a candidate.
    """
    for radius in _RADII:
        whole, refused = _add_nearby(graph, pairs, candidates, radius)
        if nx.check_planarity(whole)[0]:
            return refused
        if radius == _RADII[0] and not nx.check_planarity(graph)[0]:
            return None
    return _refused_anywhere(graph, pairs, candidates)


def _add_nearby(
    graph: nx.Graph, pairs: npt.NDArray[np.int32], candidates: npt.NDArray[np.intp], radius: int
) -> tuple[nx.Graph, list[int]]:
    """Add candidates that fit into what is within `radius` steps of them, and list the others."""
    whole = graph.copy()
    refused = []
    for row in candidates.tolist():
        one, other = pairs[row].tolist()
        if whole.has_edge(one, other):
            continue
        # Most reasons are next door, where a test costs little.
        if all(_fits(whole, one, other, steps) for steps in sorted({min(2, radius), radius})):
            whole.add_edge(one, other)
        else:
            refused.append(row)
    return whole, refused


def _fits(graph: nx.Graph, one: int, other: int, radius: int) -> bool:
    """Tell whether an edge leaves what is around it planar."""
    near = graph.subgraph(_within(graph, (one, other), radius)).copy()
    near.add_edge(one, other)
    return bool(nx.check_planarity(near)[0])


def _within(graph: nx.Graph, start: tuple[int, int], radius: int) -> set[int]:
    """List the nodes within some steps of either start."""
    found = set(start)
    rim = found
    for _ in range(radius):
        rim = {other for node in rim for other in graph[node]} - found
        found |= rim
    return found


def _refused_anywhere(
    graph: nx.Graph, pairs: npt.NDArray[np.int32], candidates: npt.NDArray[np.intp]
) -> list[int]:
    """Add the candidates to the graph in order, and return those that would make it non-planar.

    A run of candidates that fits as a whole fits one by one, since a subgraph of a planar graph
    is planar; so halving the run where it does not fit gives the same answer with few tests.
    """
    edges = [pair for pair in pairs[candidates].tolist() if not graph.has_edge(*pair)]
    graph.add_edges_from(edges)
    if nx.check_planarity(graph)[0]:
        return []
    graph.remove_edges_from(edges)
    if len(candidates) == 1:
        return [int(candidates[0])]
    half = len(candidates) // 2
    first = _refused_anywhere(graph, pairs, candidates[:half])
    return first + _refused_anywhere(graph, pairs, candidates[half:])
