"""Geography in: units with polygons and votes, and which of them touch.

- :func:`load_united_states` reads the embedded national data, :func:`load_states` its states.
- :func:`rook_contacts` finds shared borders, :func:`find_crumbs` the ones that spoil planarity and
  :func:`join_edges` adds the links over water.
- :func:`dissolve` merges units into nations, :func:`to_lonlat` makes them ready for GeoJSON.
- :func:`data_card` says where every column comes from, :func:`data_hashes` which bytes were read.
- ``python -m shapefiles.build`` rebuilds the embedded data from public records.
"""

from shapefiles.adjacency import Contacts, rook_contacts
from shapefiles.card import CardEntry, data_card
from shapefiles.crumbs import find_crumbs, is_planar
from shapefiles.dissolve import dissolve, to_lonlat
from shapefiles.links import LINK_KINDS, Link, join_edges
from shapefiles.read import ELECTIONS, State, data_hashes, load_states, load_united_states
from shapefiles.units import EDGE_KINDS, Edges, Units

__all__ = [
    "EDGE_KINDS",
    "ELECTIONS",
    "LINK_KINDS",
    "CardEntry",
    "Contacts",
    "Edges",
    "Link",
    "State",
    "Units",
    "data_card",
    "data_hashes",
    "dissolve",
    "find_crumbs",
    "is_planar",
    "join_edges",
    "load_states",
    "load_united_states",
    "rook_contacts",
    "to_lonlat",
]
