"""Geography in: units with polygons and votes, and which of them touch.

- :func:`load_united_states` reads the embedded national data, :func:`load_states` its states.
- :func:`rook_contacts` finds shared borders, :func:`find_crumbs` the ones that spoil planarity and
  :func:`join_edges` adds the links over water.
- ``python -m shapefiles.build`` rebuilds the embedded data from public records.
"""

from shapefiles.adjacency import Contacts, rook_contacts
from shapefiles.crumbs import find_crumbs, is_planar
from shapefiles.links import LINK_KINDS, Link, join_edges
from shapefiles.read import ELECTIONS, State, data_hashes, load_states, load_united_states
from shapefiles.units import EDGE_KINDS, Edges, Units

__all__ = [
    "EDGE_KINDS",
    "ELECTIONS",
    "LINK_KINDS",
    "Contacts",
    "Edges",
    "Link",
    "State",
    "Units",
    "data_hashes",
    "find_crumbs",
    "is_planar",
    "join_edges",
    "load_states",
    "load_united_states",
    "rook_contacts",
]
