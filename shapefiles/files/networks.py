"""Dual graphs of networkx and GerryChain that are held in memory."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from shapefiles.errors import DataError, shown
from shapefiles.files.dualgraph import GraphFile, graph_file
from shapefiles.files.held import GRAPH


def graph_of(graph: Any) -> GraphFile:
    """Take a dual graph that is held in memory.

    Parameters
    ----------
    graph
        A :class:`networkx.Graph`, or a graph of GerryChain, which is left as it is. Nodes have
        their attributes, and edges perhaps ``shared_perim``, ``kind`` and ``is_default``, as in
        a file (:func:`~shapefiles.files.dualgraph.read_dual_graph`).

    Raises
    ------
    DataError
        When it has no nodes, directions or parallel edges, or an edge is not what a file may have.
    """
    import networkx as nx  # noqa: PLC0415 - whoever has such a graph has loaded it

    if hasattr(graph, "to_networkx_graph"):  # of GerryChain, since its version 1
        graph = graph.to_networkx_graph()
    if not len(graph):
        raise DataError(f"{shown(GRAPH)} has no nodes.")
    document = nx.adjacency_data(graph)
    for node, name in zip(document["nodes"], graph.nodes, strict=True):
        node["id"] = _node_name(name)
    for neighbours in document["adjacency"]:
        for edge in neighbours:
            edge |= {key: _scalar(value) for key, value in edge.items()}
            edge["id"] = _node_name(edge["id"])
    nodes = [{key: _scalar(one) for key, one in node.items()} for node in document["nodes"]]
    document["nodes"] = [
        {key: one for key, one in node.items() if not isinstance(one, BaseGeometry)}
        for node in nodes
    ]
    content = json.dumps([document["nodes"], document["adjacency"]], default=str)
    return graph_file(document, Path(GRAPH), hashlib.sha256(content.encode()).hexdigest())


def is_graph(given: object) -> bool:
    """Tell a graph of networkx or GerryChain from other things."""
    networkx = sys.modules.get("networkx")
    is_theirs = networkx is not None and isinstance(given, networkx.Graph)
    return is_theirs or hasattr(given, "to_networkx_graph")


def _node_name(name: Any) -> Any:
    """Call a node as JSON can: by a text or a whole number."""
    plain = _scalar(name)
    return plain if isinstance(plain, str | int) and not isinstance(plain, bool) else str(plain)


def _scalar(value: Any) -> Any:
    """Turn a number of numpy into one of Python."""
    return value.item() if isinstance(value, np.generic) else value
