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

from shapefiles.borders.adjacency import Contacts, rook_contacts
from shapefiles.borders.crumbs import find_crumbs, is_planar
from shapefiles.borders.dissolve import dissolve, to_lonlat
from shapefiles.borders.links import LINK_KINDS, Link, join_edges
from shapefiles.embedded.card import CardEntry, data_card
from shapefiles.embedded.read import ELECTIONS, State, data_hashes, load_states, load_united_states
from shapefiles.errors import DataError, SourceError
from shapefiles.mapfiles import MapFiles, VoteColumns
from shapefiles.units import EDGE_KINDS, Edges, Units

if TYPE_CHECKING:
    from shapefiles.borders.suggest import suggest_links, write_suggestions
    from shapefiles.files.dualgraph import read_assignment, write_assignment, write_dual_graph
    from shapefiles.inspecting.findings import Finding, Inspection
    from shapefiles.inspecting.inspection import inspect_files, inspect_map
    from shapefiles.own.reading import OwnMap, read_map, read_units
    from shapefiles.own.repair import Repair

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
    "Finding": "inspecting.findings",
    "Inspection": "inspecting.findings",
    "OwnMap": "own.reading",
    "Repair": "own.repair",
    "inspect_files": "inspecting.inspection",
    "inspect_map": "inspecting.inspection",
    "read_assignment": "files.dualgraph",
    "read_map": "own.reading",
    "read_units": "own.reading",
    "suggest_links": "borders.suggest",
    "write_assignment": "files.dualgraph",
    "write_dual_graph": "files.dualgraph",
    "write_suggestions": "borders.suggest",
}


def __getattr__(name: str) -> Any:
    # GeoPandas takes a second to load, and the embedded data need none of it.
    if name in _HOME:
        return getattr(import_module(f"shapefiles.{_HOME[name]}"), name)
    raise AttributeError(f"module 'shapefiles' has no attribute {name!r}")
