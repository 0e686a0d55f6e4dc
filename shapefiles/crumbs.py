"""Crumbs: contacts through detached bits of land that let two nations cross each other.

Where no polygons overlap, the graph of borders between the largest polygons of all units can be
drawn in the plane: one point inside each, one line over each border. A contact that runs only
through a detached part of a unit (a cut-off river bend, an island) may break that, and two nations
that are both in one piece could then cross each other through it. Planarity is worth keeping: the
strongest bounds need it, and so does the notion of a line between two nations.
"""

from __future__ import annotations

import networkx as nx
import numpy as np
import numpy.typing as npt

from shapefiles.adjacency import Contacts


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
    firm = contacts.pairs[~contacts.is_detached]
    graph = _graph(firm if links is None else np.concatenate([firm, links]), n_units)
    if links is not None and not nx.check_planarity(graph)[0]:
        graph = _graph(firm, n_units)
    if not nx.check_planarity(graph)[0]:
        return is_crumb
    candidates = np.flatnonzero(contacts.is_detached)
    candidates = candidates[np.argsort(-contacts.border[candidates], kind="stable")]
    is_crumb[_refused(graph, contacts.pairs, candidates)] = True
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
    return _refused(graph, pairs, candidates[:half]) + _refused(graph, pairs, candidates[half:])
