"""Maps of plans, drawn on the units they divide.

``draw`` turns units, a plan and a :class:`MapSummary` into a Folium map, and ``compare`` several
plans into one page; ``save`` writes either as one file that opens without a network.
``draw_static`` and ``save_static`` make pictures (PNG, SVG, PDF), and ``export`` writes files for
geographic information systems.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from maps.compared import ComparedPlan, ComparisonSummary
from maps.comparison import compare
from maps.interactive import draw, locate, save
from maps.summary import MapSummary

if TYPE_CHECKING:
    from maps.exports import export
    from maps.static import draw_static, save_static

__all__ = [
    "ComparedPlan",
    "ComparisonSummary",
    "MapSummary",
    "compare",
    "draw",
    "draw_static",
    "export",
    "locate",
    "save",
    "save_static",
]

_HOME = {"draw_static": "static", "export": "exports", "save_static": "static"}


def __getattr__(name: str) -> Any:
    # Matplotlib and GeoPandas take a second to load; the interactive map does without them.
    if name in _HOME:
        return getattr(import_module(f"maps.{_HOME[name]}"), name)
    raise AttributeError(f"module 'maps' has no attribute {name!r}")
