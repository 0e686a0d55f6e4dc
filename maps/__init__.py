"""Maps of a plan, drawn on the units it divides.

``draw`` turns units, a plan and a :class:`MapSummary` into a Folium map; ``save`` writes it as one
file that opens without a network.
"""

from maps.interactive import draw, locate, save
from maps.summary import MapSummary

__all__ = ["MapSummary", "draw", "locate", "save"]
