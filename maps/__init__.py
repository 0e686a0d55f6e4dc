"""Maps of plans, drawn on the units they divide.

``draw`` turns units, a plan and a :class:`MapSummary` into a Folium map, and ``compare`` several
plans into one page; ``save`` writes either as one file that opens without a network.
``draw_static`` and ``save_static`` make pictures (PNG, SVG, PDF), ``thumbnail`` a small one, and
``export`` writes files for geographic information systems.
"""

import lazy_loader

# Folium, Matplotlib and GeoPandas take a second each; whoever needs one waits for that one.
# The stub beside this file lists what is public, once, for people, editors and type checkers.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
