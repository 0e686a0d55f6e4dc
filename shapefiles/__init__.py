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

import lazy_loader

# GeoPandas takes a second to load, and the embedded data need none of it.
# The stub beside this file lists what is public, once, for people, editors and type checkers.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
