"""Ways from one reference system to another, each sought once."""

from __future__ import annotations

from functools import lru_cache

from pyproj import Transformer
from pyproj.aoi import AreaOfInterest

Area = tuple[float, float, float, float]
"""West, south, east and north of a place, in degrees; the west may lie east of the east."""


@lru_cache(maxsize=64)
def way(source: str, target: str, area: Area | None = None) -> Transformer:
    """Find the way between two systems, x (or longitude) first.

    PROJ compares all ways from a datum to another that the world knows, 0.15 s of computing, unless
    it is told where they are to hold.

    Parameters
    ----------
    source, target
        Systems, as :mod:`pyproj` takes them.
    area
        Where on the globe the points lie; anywhere unless given.

    Examples
    --------
    >>> x, y = way("EPSG:4326", "EPSG:3857").transform(180, 0)
    >>> round(x), round(y)
    (20037508, 0)
    """
    around = None if area is None else AreaOfInterest(*area)
    return Transformer.from_crs(source, target, always_xy=True, area_of_interest=around)
