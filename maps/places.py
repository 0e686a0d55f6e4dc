"""Names of places: which of them lie on a map, and where."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import shapely

from maps.layout import Sheet
from shapefiles.own.geonames import CREDIT
from shapefiles.units import PlaceName

FILE = Path(__file__).parent / "assets" / "places" / "united-states.csv"
"""Cities of the United States, the most important first."""

NEAR = 2.0
"""Map units that a place may lie off the land: simplified shores cut off some harbours."""


class Place(NamedTuple):
    """A name and where it stands, in the coordinates of the page."""

    name: str
    x: float
    y: float
    credit: str = ""


def places_on(sheet: Sheet, own: Sequence[PlaceName] = ()) -> list[Place]:
    """Find the places that lie on the land of a sheet, the most important first.

    Parameters
    ----------
    sheet
        Where the units are drawn.
    own
        Places that somebody brought, the most important first; without any, those that come with
        the package, of which maps of other countries have none.
    """
    if own:
        return _on(sheet, own)
    if sheet not in _found:  # runs on the same land have the same sheet
        _found[sheet] = _on(sheet, _embedded())
    return list(_found[sheet])


_found: WeakKeyDictionary[Sheet, list[Place]] = WeakKeyDictionary()
"""Of the places that come with the package, those on each sheet."""


def _on(sheet: Sheet, places: Sequence[PlaceName]) -> list[Place]:
    at = sheet.locate([(place.longitude, place.latitude) for place in places])
    west, south, east, north = sheet.bounds
    margin = NEAR * sheet.unit
    box = shapely.box(west - margin, south - margin, east + margin, north + margin)
    inside = np.flatnonzero(np.isfinite(at).all(axis=1))
    inside = inside[shapely.covers(box, shapely.points(at[inside]))]
    tree = shapely.STRtree(sheet.polygons)
    found, _ = tree.query(
        shapely.points(at[inside] * sheet.metres_per_unit),
        predicate="dwithin",
        distance=margin * sheet.metres_per_unit,
    )
    return [
        Place(places[i].name, float(at[i, 0]), float(at[i, 1]), places[i].credit)
        for i in inside[np.unique(found)]
    ]


def _embedded() -> list[PlaceName]:
    with FILE.open(encoding="utf-8", newline="") as stream:
        return [
            PlaceName(row["name"], float(row["longitude"]), float(row["latitude"]), CREDIT)
            for row in csv.DictReader(stream)
        ]
