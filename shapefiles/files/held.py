"""What data that are held in memory are called, where a file has its path."""

from __future__ import annotations

FRAME = "data (GeoDataFrame)"
"""A frame of polygons."""

GRAPH = "data (networkx)"
"""A dual graph."""

TABLE = "votes (DataFrame)"
"""A frame of votes."""

HELD = frozenset({FRAME, GRAPH, TABLE})
"""All of these names; there is no file that any of them is the path of."""
