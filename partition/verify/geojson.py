"""``nations.geojson``: its figures, and the area of its shapes.

Shapes are simplified for drawing, so that their area on the ellipsoid is that of the nation to a
few percent only: enough to see that a shape is the nation's and not another's.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from partition.verify.agreement import agree
from partition.verify.fields import entries, fail, fields, show

NAME = "nations.geojson"

EQUATOR_KM, SQUARED_ECCENTRICITY = 6378.137, 0.00669437999014
"""Of the ellipsoid of WGS 84."""

ECCENTRICITY = math.sqrt(SQUARED_ECCENTRICITY)
HEIGHT_KM = EQUATOR_KM * (1 - SQUARED_ECCENTRICITY) / 2
"""What half of the authalic height is multiplied by."""

OFF = 0.05
"""Share by which the area of a shape may differ from the land of its nation."""


def check_nations(document: Any, whole: dict[str, Any], found: dict[str, Any]) -> None:
    """Refuse nations with other figures, or shapes of another size.

    Parameters
    ----------
    document
        The content of ``nations.geojson``.
    whole
        Figures of both nations, recounted, as in ``run.json``.
    found
        The same as ``run.json`` has them, which agree.

    Raises
    ------
    CertificateError
        With the place and both values.
    """
    kind, features = fields(document, NAME, ("type", "features"))
    agree(kind, "FeatureCollection", f"{NAME}: type")
    names = [name for name in ("blue", "red") if whole[name]["units"]]
    places = [f"{NAME}: features[{number}]" for number in range(len(names))]
    given = entries(features, f"{NAME}: features", len(names))
    for place, name, feature in zip(places, names, given, strict=True):
        kind, properties, geometry = fields(feature, place, ("type", "properties", "geometry"))
        agree(kind, "Feature", f"{place}.type")
        agree(properties, {"nation": name, **whole[name]}, f"{place}.properties")
        land, shape = found[name]["land_km2"], sum(_areas(geometry, f"{place}.geometry"))
        agree(properties, {"nation": name, **found[name]}, f"{place}.properties")
        if land is not None and abs(shape - land) > OFF * land:
            fail(f"{place}.geometry", f"{shape:,.0f} km², but the {name} nation has {land:,.0f}.")


def _areas(geometry: Any, place: str) -> Iterator[float]:
    """Measure the polygons of a geometry in square kilometres."""
    kind, coordinates = fields(geometry, place, ("type", "coordinates"))
    agree(kind, "MultiPolygon", f"{place}.type")
    for number, polygon in enumerate(entries(coordinates, f"{place}.coordinates")):
        spot = f"{place}.coordinates[{number}]"
        outer, *holes = (
            abs(_ring(ring, f"{spot}[{n}]")) for n, ring in enumerate(entries(polygon, spot))
        )
        yield outer - sum(holes)


def _ring(ring: Any, place: str) -> float:
    """Measure a ring: along each edge, east is multiplied by the authalic height above the equator.

    On a cylinder of equal area (Lambert's, on the ellipsoid) a ring has the area that it has there.
    """
    points = [_point(point, place, number) for number, point in enumerate(entries(ring, place))]
    if len(points) < 4 or points[0] != points[-1]:
        fail(place, "expected a ring of four points or more, the last of them the first.")
    return sum((x2 - x1) * (y1 + y2) / 2 for (x1, y1), (x2, y2) in pairwise(points))


def _point(point: Any, ring: str, number: int) -> tuple[float, float]:
    # Places are named where something is wrong, and not of each of some ten thousand points.
    if type(point) is not list or len(point) != 2:
        entries(point, f"{ring}[{number}]", 2)
    longitude, latitude = point
    for value, most in ((longitude, 180), (latitude, 90)):
        if type(value) not in {int, float} or abs(value) > most:
            fail(f"{ring}[{number}]", f"{show(value)}, expected degrees up to {most}.")
    sine = math.sin(math.radians(latitude))
    height = sine / (1 - SQUARED_ECCENTRICITY * sine**2)
    height += math.atanh(ECCENTRICITY * sine) / ECCENTRICITY
    return EQUATOR_KM * math.radians(longitude), HEIGHT_KM * height
