"""Geography in: units with polygons and votes, and which of them touch.

- :func:`load_united_states` reads the embedded national data, :func:`load_states` its states.
- :func:`read_units` joins polygons and votes from files of one's own; :func:`read_map` also says
  what was repaired; :func:`inspect_files` and :func:`inspect_map` tell beforehand what is wrong.
- :func:`rook_contacts` finds shared borders, :func:`find_crumbs` the ones that spoil planarity and
  :func:`join_edges` adds the links over water, which :func:`suggest_links` may propose.
- :func:`dissolve` merges units into nations, :func:`to_lonlat` makes them ready for GeoJSON.
- :func:`write_dual_graph`, :func:`write_assignment` and :func:`read_assignment` exchange graphs and
  plans with GerryChain and other tools for redistricting.
- :func:`data_card` says where every column comes from, :func:`data_hashes` which bytes were read.
- ``python -m shapefiles.build`` rebuilds the embedded data from public records.

Files that are wrong raise :class:`DataError`, a `ValueError` with one line that says where.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from shapefiles.adjacency import Contacts, rook_contacts
from shapefiles.card import CardEntry, data_card
from shapefiles.crumbs import find_crumbs, is_planar
from shapefiles.dissolve import dissolve, to_lonlat
from shapefiles.errors import DataError, SourceError
from shapefiles.links import LINK_KINDS, Link, join_edges
from shapefiles.mapfiles import MapFiles, VoteColumns
from shapefiles.read import ELECTIONS, State, data_hashes, load_states, load_united_states
from shapefiles.units import EDGE_KINDS, Edges, Units

if TYPE_CHECKING:
    from shapefiles.dualgraph import read_assignment, write_assignment, write_dual_graph
    from shapefiles.findings import Finding, Inspection
    from shapefiles.inspection import inspect_files, inspect_map
    from shapefiles.own import OwnMap, read_map, read_units
    from shapefiles.repair import Repair
    from shapefiles.suggest import suggest_links, write_suggestions

__all__ = [
    "EDGE_KINDS",
    "ELECTIONS",
    "LINK_KINDS",
    "CardEntry",
    "Contacts",
    "DataError",
    "Edges",
    "Finding",
    "Inspection",
    "Link",
    "MapFiles",
    "OwnMap",
    "Repair",
    "SourceError",
    "State",
    "Units",
    "VoteColumns",
    "data_card",
    "data_hashes",
    "dissolve",
    "find_crumbs",
    "inspect_files",
    "inspect_map",
    "is_planar",
    "join_edges",
    "load_states",
    "load_united_states",
    "read_assignment",
    "read_map",
    "read_units",
    "rook_contacts",
    "suggest_links",
    "to_lonlat",
    "write_assignment",
    "write_dual_graph",
    "write_suggestions",
]

_HOME = {
    "Finding": "findings",
    "Inspection": "findings",
    "OwnMap": "own",
    "Repair": "repair",
    "inspect_files": "inspection",
    "inspect_map": "inspection",
    "read_assignment": "dualgraph",
    "read_map": "own",
    "read_units": "own",
    "suggest_links": "suggest",
    "write_assignment": "dualgraph",
    "write_dual_graph": "dualgraph",
    "write_suggestions": "suggest",
}


def __getattr__(name: str) -> Any:
    # GeoPandas takes a second to load, and the embedded data need none of it.
    if name in _HOME:
        return getattr(import_module(f"shapefiles.{_HOME[name]}"), name)
    raise AttributeError(f"module 'shapefiles' has no attribute {name!r}")
