"""Names of places for a map of one's own, from a table or from a column of its units."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from shapefiles.errors import DataError, shown
from shapefiles.files.tables import as_text, column, read_table
from shapefiles.units import PlaceName

NAME_LENGTH = 60
"""Characters of a name that are kept."""

_LIMITS = {"longitude": 360.0, "latitude": 90.0}


def read_places(
    path: str | Path, polygons: npt.NDArray[np.object_], crs: str
) -> tuple[PlaceName, ...]:
    """Read a table of places, the most important first.

    Parameters
    ----------
    path
        A table with the columns ``name``, ``longitude`` and ``latitude``, in degrees (WGS 84). One
        with a column ``population`` is sorted by it, the largest first; a column ``credit`` says
        what a map has to say of where each name is from.
    polygons
        The units in `crs`, shape ``(n_units,)``.
    crs
        Reference system of the polygons, as pyproj takes it.

    Raises
    ------
    DataError
        When it cannot be read, lacks a column, holds what is no number of degrees, or no place of
        it lies near the units.
    """
    table = read_table(path)
    source = shown(table.path, 200)
    names = as_text(column(table.rows, "name", source)).tolist()
    lonlat = np.column_stack(
        [
            _numbers(column(table.rows, key, source).tolist(), key, table.place, limit)
            for key, limit in _LIMITS.items()
        ]
    )
    order = np.arange(len(names))
    if "population" in table.rows:
        people = _numbers(table.rows["population"].tolist(), "population", table.place, np.inf)
        order = np.argsort(-people, kind="stable")
    thanks = [""] * len(names)
    if "credit" in table.rows:
        thanks = as_text(table.rows["credit"]).tolist()
    longitude, latitude = lonlat.T.tolist()
    places = [
        PlaceName(_label(names[row]), longitude[row], latitude[row], _label(thanks[row]))
        for row in order.tolist()
    ]
    _check_near(lonlat, polygons, crs, source)
    return tuple(place for place in places if place.name)


def towns(
    names: list[str],
    votes: npt.NDArray[np.int64],
    polygons: npt.NDArray[np.object_],
    crs: str,
) -> tuple[PlaceName, ...]:
    """Place a name for each town in its unit with most votes, the town with most votes first.

    Parameters
    ----------
    names
        The town that each unit lies in, empty where it lies in none, one a unit.
    votes
        Whole votes of both sides, shape ``(n_units, 2)``.
    polygons
        The units in `crs`, shape ``(n_units,)``.
    crs
        Reference system of the polygons, as pyproj takes it.
    """
    if not any(names):
        return ()
    known, town = np.unique(np.array(names, np.str_), return_inverse=True)
    weight = votes.sum(axis=1)
    total = np.bincount(town, weight, len(known))
    # Unit by unit of each town, the one with most votes first; earlier rows before later ones.
    order = np.lexsort((np.arange(len(names)), -weight, town))
    lead = order[np.searchsorted(town[order], np.arange(len(known)))]
    xy = shapely.get_coordinates(shapely.point_on_surface(polygons[lead]))
    to_degrees = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    lonlat = np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1]))
    ranked = np.argsort(-total, kind="stable").tolist()
    return tuple(
        PlaceName(_label(str(known[one])), *lonlat[one].tolist()) for one in ranked if known[one]
    )


def _numbers(
    texts: list[str], key: str, place: Callable[[int], str], limit: float
) -> npt.NDArray[np.float64]:
    """Parse degrees or people, row by row."""
    values = np.empty(len(texts))
    for row, text in enumerate(texts):
        try:
            values[row] = float(text)
        except ValueError:
            values[row] = np.nan
        if not abs(values[row]) <= limit:
            what = "no number of degrees" if np.isfinite(limit) else "no number"
            raise DataError(f"{place(row)}: {shown(text)} is {what} for {key}.")
    return values


def _check_near(
    lonlat: npt.NDArray[np.float64], polygons: npt.NDArray[np.object_], crs: str, source: str
) -> None:
    """Refuse a table of another part of the world, or one with its columns exchanged."""
    to_map = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    x, y = to_map.transform(lonlat[:, 0], lonlat[:, 1])
    west, south, east, north = shapely.total_bounds(polygons)
    if not ((x >= west) & (x <= east) & (y >= south) & (y <= north)).any():
        raise DataError(
            f"{source} has no place on this map. Its columns longitude and latitude are taken as "
            "degrees (WGS 84)."
        )


def _label(text: str) -> str:
    clean = "".join(one if one.isprintable() else " " for one in text).strip()
    return clean if len(clean) <= NAME_LENGTH else f"{clean[: NAME_LENGTH - 1]}…"
