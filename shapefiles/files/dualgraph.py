"""Dual graphs as GerryChain writes them, and plans as redistricting tools exchange them.

GerryChain [1]_ keeps a map as the JSON of a networkx adjacency: ``nodes`` with attributes, and for
each of them the list of its neighbours with ``shared_perim``, the length of the common border. A
plan is a table ``GEOID,District``.

References
----------
.. [1] MGGG Redistricting Lab, "GerryChain", https://gerrychain.readthedocs.io.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np
import numpy.typing as npt
import pandas as pd

from shapefiles.errors import DataError, counted, listed, shown
from shapefiles.files.polygons import digest
from shapefiles.files.tables import as_text, column, read_table
from shapefiles.screening.door import opened, read_head
from shapefiles.screening.gzipped import plain_name, unpacked_head
from shapefiles.table_writing import csv_text
from shapefiles.units import EDGE_KINDS, Edges, Units
from shapefiles.writing import whole_file

DISTRICTS = {1: "1", 0: "2"}
"""District of part 1, the blue nation, and of part 0, the red one, in tables of plans."""

_BLUE, _RED = frozenset({"1", "blue"}), frozenset({"2", "0", "red"})


@dataclass(frozen=True, slots=True, eq=False)
class GraphFile:
    """A dual graph as it stands in a file.

    Parameters
    ----------
    path
        The file.
    table
        Attributes of the nodes, one row a node; ``id`` is the node's own id unless it has one.
    edges
        Which nodes are adjacent.
    sha256
        Digest of the file.
    """

    path: Path
    table: pd.DataFrame
    edges: Edges
    sha256: str

    @property
    def polygons(self) -> npt.NDArray[np.object_]:
        """None for every node."""
        return np.full(len(self.table), None, np.object_)

    def place(self, row: int) -> str:
        """Say where a row stands."""
        return f"{shown(self.path, 200)}, {self.spot(row)}"

    def spot(self, row: int) -> str:
        """Say where a row stands in its file."""
        return f"node {row + 1}"


def is_dual_graph(path: str | Path) -> bool:
    """Tell a dual graph from GeoJSON and TopoJSON, which end in ``.json`` too."""
    path = Path(path)
    if plain_name(path).suffix.lower() != ".json" or path.is_dir():
        return False
    head = unpacked_head(path, read_head(path, 2**16), 2**16)
    if b'"nodes"' in head or b'"adjacency"' in head:
        return b'"Topology"' not in head and b'"FeatureCollection"' not in head
    return False


def read_dual_graph(path: str | Path, max_gigabytes: float | None = None) -> GraphFile:
    """Read a dual graph from JSON as networkx writes it, with adjacency lists or with links.

    Parameters
    ----------
    path
        The file. Edges may have ``shared_perim`` (the border's length), ``kind`` (one of
        :data:`~shapefiles.units.EDGE_KINDS`) and ``is_default``, as :func:`write_dual_graph`
        writes them.
    max_gigabytes
        Size that the file may have.

    Raises
    ------
    DataError
        When the file is not such a graph.
    """
    path = Path(path)
    try:
        with opened(path, max_gigabytes) as file:
            document = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DataError(f"Cannot read {shown(path, 200)}: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
        raise DataError(f"{shown(path, 200)} is not JSON: {reason}.") from None
    return graph_file(document, path, digest(path))


def graph_file(document: Any, path: Path, sha256: str) -> GraphFile:
    """Take nodes and edges from the adjacency of a graph, as networkx states it.

    Raises
    ------
    DataError
        When it is none of a graph without directions and parallel edges.
    """
    nodes, adjacency = _parts(document, path)
    own_ids = [_node_id(node, number, path) for number, node in enumerate(nodes)]
    row_of = {identifier: row for row, identifier in enumerate(own_ids)}
    if len(row_of) < len(own_ids):
        raise DataError(f"{shown(path, 200)} has two nodes with one id.")
    columns = pd.DataFrame([{k: _plain(v) for k, v in node.items()} for node in nodes])
    return GraphFile(path, columns, _edges(adjacency, row_of, path), sha256)


def write_dual_graph(
    units: Units, path: str | Path, active: npt.NDArray[np.bool_] | None = None
) -> None:
    """Write units as a dual graph that GerryChain reads with ``Graph.from_json``.

    Nodes have ``GEOID``, ``NAME``, the votes of each election as ``<election>_blue`` and
    ``<election>_red``, every attribute, and ``boundary_node`` where perimeters are known. Edges
    have ``shared_perim`` in metres and their ``kind``.

    Parameters
    ----------
    units
        What to write.
    path
        File to write; it appears whole or not at all.
    active
        Edges to write, shape ``(n_edges,)``; those that count by default unless given, since
        GerryChain knows no edges that are switched off.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    edges = units.edges
    chosen = edges.is_default if active is None else active
    adjacency: list[list[dict[str, Any]]] = [[] for _ in range(units.n_units)]
    for (a, b), border, kind in zip(
        edges.pairs[chosen].tolist(),
        edges.border[chosen].tolist(),
        edges.kind[chosen].tolist(),
        strict=True,
    ):
        adjacency[a].append({"shared_perim": border, "kind": kind, "id": b})
        adjacency[b].append({"shared_perim": border, "kind": kind, "id": a})
    document = {
        "directed": False,
        "multigraph": False,
        "graph": [],
        "nodes": _nodes(units),
        "adjacency": adjacency,
    }
    with whole_file(path) as draft:
        draft.write_text(json.dumps(document, allow_nan=False) + "\n", encoding="utf-8")


def read_assignment(path: str | Path, units: Units, blue: str = "") -> npt.NDArray[np.int8]:
    """Read a plan from a table of units and districts.

    Parameters
    ----------
    path
        A table with one row a unit. The first column whose name starts with ``GEOID`` or is
        ``id`` has the units, the one called ``District``, ``assignment`` or ``nation`` the
        districts.
    units
        The units that the plan divides.
    blue
        District that is the blue nation; ``1`` or ``blue`` unless given, the other being ``2``,
        ``0`` or ``red``.

    Returns
    -------
    numpy.ndarray
        Part of each unit: 1 blue, 0 red, shape ``(n_units,)``.

    Raises
    ------
    DataError
        When a unit is missing, unknown or given twice, or there are more than two districts.
    """
    table = read_table(path)
    source = shown(table.path, 200)
    ids = as_text(column(table.rows, _find(table.rows, ("geoid", "id"), source), source))
    names = ("district", "assignment", "nation")
    labels = as_text(column(table.rows, _find(table.rows, names, source), source))
    districts = pd.unique(pd.Series(labels)).tolist()
    is_blue = _blue_test(districts, blue, source)
    row_of = {identifier: row for row, identifier in enumerate(units.ids.tolist())}
    assignment = np.full(units.n_units, -1, np.int8)
    for number, (identifier, label) in enumerate(zip(ids, labels, strict=True)):
        if identifier not in row_of:
            raise DataError(f"{table.place(number)}: {shown(identifier)} is not a unit.")
        if assignment[row_of[identifier]] >= 0:
            raise DataError(f"{table.place(number)}: unit {shown(identifier)} is given twice.")
        assignment[row_of[identifier]] = is_blue[label]
    missing = units.ids[assignment < 0].tolist()
    if missing:
        raise DataError(f"{source} leaves out {counted(len(missing), 'unit')}: {listed(missing)}.")
    return assignment


def write_assignment(units: Units, assignment: npt.NDArray[np.integer], path: str | Path) -> None:
    """Write a plan as a table ``GEOID,District``: district 1 is the blue nation, 2 the red one.

    Raises
    ------
    ValueError
        When the assignment does not fit the units.
    OSError
        When the file cannot be written; it appears whole or not at all.
    """
    assignment = np.asarray(assignment)
    if assignment.shape != (units.n_units,) or not np.isin(assignment, (0, 1)).all():
        raise ValueError(f"assignment is not 0 or 1 for each of {units.n_units} units.")
    districts = (DISTRICTS[part] for part in assignment.tolist())
    text = csv_text(("GEOID", "District"), zip(units.ids.tolist(), districts, strict=True))
    with whole_file(path) as draft:
        draft.write_text(text, encoding="utf-8", newline="\n")


def _parts(document: Any, path: Path) -> tuple[list[dict[str, Any]], list[list[dict[str, Any]]]]:
    """Take nodes, and the edges of each, from ``adjacency_data`` or ``node_link_data``."""
    source = shown(path, 200)
    given = document if isinstance(document, dict) else {}
    nodes, adjacency = given.get("nodes"), given.get("adjacency")
    if not _are_dicts(nodes):
        raise DataError(
            f"{source} is not a dual graph: expected a list 'nodes', as networkx and GerryChain "
            "write it."
        )
    if given.get("directed") or given.get("multigraph"):
        raise DataError(
            f"{source} is a directed graph or one with parallel edges: networkx.Graph(graph) has "
            "one edge for each two nodes."
        )
    if adjacency is None:
        adjacency = _linked(nodes, given.get("links", given.get("edges")), path)
    if not (
        isinstance(adjacency, list)
        and len(nodes) == len(adjacency)
        and all(row == [] or _are_dicts(row) for row in adjacency)
    ):
        raise DataError(
            f"{source} is not a dual graph: expected as many lists in 'adjacency' as 'nodes', as "
            "networkx and GerryChain write them."
        )
    return nodes, adjacency


def _are_dicts(values: Any) -> TypeGuard[list[dict[str, Any]]]:
    return isinstance(values, list) and bool(values) and all(isinstance(x, dict) for x in values)


def _linked(nodes: list[dict[str, Any]], links: Any, path: Path) -> list[list[dict[str, Any]]]:
    """Sort the edges of a list by the node that each begins at."""
    if links != [] and not _are_dicts(links):
        raise DataError(
            f"{shown(path, 200)} is not a dual graph: expected its edges in a list 'adjacency', "
            "'links' or 'edges', as networkx.adjacency_data and node_link_data write them."
        )
    row_of = {repr(node.get("id")): row for row, node in enumerate(nodes)}
    adjacency: list[list[dict[str, Any]]] = [[] for _ in nodes]
    for number, link in enumerate(links):
        row = row_of.get(repr(link.get("source")))
        if row is None:
            raise DataError(
                f"{shown(path, 200)}, link {number + 1} begins at {shown(link.get('source'))}, "
                f"which is no node.{_other_type(link.get('source'), row_of)}"
            )
        adjacency[row].append({**link, "id": link.get("target")})
    return adjacency


def _node_id(node: dict[str, Any], number: int, path: Path) -> str:
    identifier = node.get("id")
    if not isinstance(identifier, str | int) or isinstance(identifier, bool):
        raise DataError(f"{shown(path, 200)}, node {number + 1} has no id.")
    return repr(identifier)


def _edges(adjacency: list[list[dict[str, Any]]], row_of: dict[str, int], path: Path) -> Edges:
    found: dict[tuple[int, int], tuple[float, str, bool]] = {}
    without: list[tuple[int, int]] = []
    for row, neighbours in enumerate(adjacency):
        for edge in neighbours:
            other = _far_end(edge, row, row_of, path)
            key, values = (min(row, other), max(row, other)), _edge_values(edge, row, path)
            if "shared_perim" not in edge:
                without.append(key)
            if found.setdefault(key, values) != values:
                raise DataError(
                    f"{shown(path, 200)} gives the edge of nodes {key[0] + 1} and {key[1] + 1} "
                    f"twice, as {found[key]} and {values} (shared_perim, kind, is_default). Let "
                    "both directions say the same."
                )
    if without and any(border for border, _, _ in found.values()):
        raise DataError(
            f"{shown(path, 200)} has no shared_perim for {counted(len(set(without)), 'edge')}, as "
            f"that of nodes {without[0][0] + 1} and {without[0][1] + 1}, and one for others: the "
            "frontier would come out too short. Give it 0 where there is no border, and its length "
            "elsewhere."
        )
    order = sorted(found)
    return Edges(
        pairs=np.array(order, np.int32).reshape(-1, 2),
        border=np.array([found[key][0] for key in order]),
        kind=np.array([found[key][1] for key in order], np.str_),
        is_default=np.array([found[key][2] for key in order], bool),
    )


def _nodes(units: Units) -> list[dict[str, Any]]:
    columns: dict[str, list[Any]] = {
        "id": list(range(units.n_units)),
        "GEOID": units.ids.tolist(),
        "NAME": units.names.tolist(),
        "STATE": units.states.tolist(),
    }
    for election, votes in units.votes.items():
        columns[f"{election}_blue"] = votes[:, 0].tolist()
        columns[f"{election}_red"] = votes[:, 1].tolist()
    columns |= {name: array.tolist() for name, array in units.attributes.items()}
    if "perimeter" in units.attributes:
        inner = np.zeros(units.n_units)
        for side in (0, 1):
            inner += np.bincount(units.edges.pairs[:, side], units.edges.border, units.n_units)
        outer = units.attributes["perimeter"] - inner
        # Sums of lengths differ by rounding; a metre of shore is less than any map shows.
        columns["boundary_node"] = (outer > 1.0).tolist()
        columns["boundary_perim"] = np.where(outer > 1.0, outer, 0.0).tolist()
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _plain(value: Any) -> Any:
    """Keep what fits in a cell."""
    return (
        value
        if isinstance(value, str | int | float) or value is None
        else json.dumps(value, default=str)
    )


def _find(rows: pd.DataFrame, names: tuple[str, ...], source: str) -> str:
    for name in names:
        for key in rows.columns:
            if str(key).lower() == name or (name == "geoid" and str(key).lower().startswith(name)):
                return str(key)
    raise DataError(
        f"{source} has no column called {' or '.join(names)}, only {listed(rows.columns, 8)}."
    )


def _far_end(edge: dict[str, Any], row: int, row_of: dict[str, int], path: Path) -> int:
    """Find the node that an edge leads to."""
    identifier = edge.get("id")
    other = row_of.get(repr(identifier))
    if other is None:
        raise DataError(
            f"{shown(path, 200)}, node {row + 1} is adjacent to {shown(identifier)}, which is no "
            f"node.{_other_type(identifier, row_of)}"
        )
    if other == row:
        raise DataError(
            f"{shown(path, 200)}, node {row + 1} is adjacent to {shown(identifier)}, which is "
            "itself: graph.remove_edges_from(networkx.selfloop_edges(graph)) takes such edges out."
        )
    return other


def _other_type(identifier: Any, row_of: dict[str, int]) -> str:
    """Say that a node is called alike, but as text instead of a number or the other way round."""
    alike = {one.strip("'"): one for one in row_of}.get(str(identifier))
    if alike is None:
        return ""
    return f" There is a node {alike}: write ids as text everywhere, or as numbers everywhere."


def _edge_values(edge: dict[str, Any], row: int, path: Path) -> tuple[float, str, bool]:
    border, kind = edge.get("shared_perim", 0.0), edge.get("kind", "land")
    if type(border) not in (int, float) or not 0 <= border < float("inf"):
        raise DataError(
            f"{shown(path, 200)}, node {row + 1} has an edge with shared_perim {shown(border)}: "
            "give its length as a number, or no edge a shared_perim where lengths are not known."
        )
    if kind not in EDGE_KINDS:
        raise DataError(
            f"{shown(path, 200)}, node {row + 1} has an edge of kind {shown(kind)}: give one of "
            f"{', '.join(EDGE_KINDS)}, or leave kind out for land."
        )
    return float(border), kind, edge.get("is_default", True) is not False


def _blue_test(districts: list[str], blue: str, source: str) -> dict[str, bool]:
    if len(districts) > 2:
        raise DataError(f"{source} has {len(districts)} districts, {listed(districts)}; give two.")
    if blue:
        if blue not in districts:
            raise DataError(f"{source} has no district {shown(blue)}, only {listed(districts)}.")
        return {label: label == blue for label in districts}
    known = {label: label.lower() for label in districts}
    is_blue = {label: name in _BLUE for label, name in known.items()}
    n_blue = sum(is_blue.values())
    if any(name not in _BLUE | _RED for name in known.values()) or (
        len(districts) == 2 and n_blue != 1
    ):
        raise DataError(
            f"{source} has the districts {listed(districts)}; say which one is the blue nation."
        )
    return is_blue
