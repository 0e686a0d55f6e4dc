"""Maps of plans, drawn on the units they divide.

``draw`` turns units, a plan and a :class:`MapSummary` into a Folium map, and ``compare`` several
plans into one page; ``save`` writes either as one file that opens without a network.
"""

from maps.compared import ComparedPlan, ComparisonSummary
from maps.comparison import compare
from maps.interactive import draw, locate, save
from maps.summary import MapSummary

__all__ = [
    "ComparedPlan",
    "ComparisonSummary",
    "MapSummary",
    "compare",
    "draw",
    "locate",
    "save",
]
