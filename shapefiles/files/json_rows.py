"""The rows of GeoJSON and TopoJSON as they stand in the file, beside what GDAL draws of them.

GDAL leaves out features without a word: those of TopoJSON that have no arcs, elements of GeoJSON
that are no features, lines of GeoJSON sequences that are damaged. It hides ids that are whole
numbers, and makes decimals of whole numbers where a feature has none. So the columns are read here,
and every row is accounted for.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from shapefiles.errors import DataError, one_line, shown

_NUMBERS = re.compile(rb'("(?:coordinates|arcs)"\s*:\s*)\[[\[\]0-9\s,.eE+\-]*\]')
"""Lists of coordinates or arcs, which are most of a file and not looked at here."""

_DRAWN = {
    "Point": "coordinates",
    "MultiPoint": "coordinates",
    "LineString": "arcs",
    "MultiLineString": "arcs",
    "Polygon": "arcs",
    "MultiPolygon": "arcs",
}
"""Geometries of TopoJSON that GDAL reads, and where each has its numbers."""


class JsonRows(NamedTuple):
    """Rows of a file."""

    table: pd.DataFrame
    """Properties of every row; ``id`` is the row's own id unless it is a property too."""
    is_read: npt.NDArray[np.bool_]
    """Whether GDAL reads the row, shape ``(n_rows,)``."""


def read_json_rows(file: Path, path: Path, driver: str, layer: str) -> JsonRows | None:
    """Read the columns of a file of GeoJSON or TopoJSON.

    Parameters
    ----------
    file
        The file itself.
    path
        What it is called in messages.
    driver
        What GDAL takes it for.
    layer
        Which object of a TopoJSON.

    Returns
    -------
    JsonRows or None
        None where the file is of another kind, or is a geometry without properties.

    Raises
    ------
    DataError
        When the file is not JSON in UTF-8, or an element is no feature.
    """
    if driver == "GeoJSON":
        return _features(_parsed(file, path), path)
    if driver == "TopoJSON":
        return _geometries(_parsed(file, path), layer)
    return None


def count_records(file: Path, driver: str) -> int | None:
    """Count the records of a sequence of GeoJSON features; None of other files."""
    if driver != "GeoJSONSeq":
        return None
    with file.open("rb") as stream:
        content = stream.read()
    mark = b"\x1e" if b"\x1e" in content else b"\n"
    return sum(bool(one.strip()) for one in content.split(mark))


def _parsed(file: Path, path: Path) -> Any:
    try:
        content = file.read_bytes()
        try:
            return json.loads(_NUMBERS.sub(rb"\1[]", content).decode("utf-8-sig"))
        except json.JSONDecodeError:  # a list of something else than numbers
            return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise DataError(
            f"{shown(path, 200)} is not in UTF-8, as JSON has to be. Save it as that."
        ) from None
    except RecursionError:
        raise DataError(f"{shown(path, 200)} is not JSON: it is nested too deep.") from None
    except (OSError, ValueError) as error:
        raise DataError(f"{shown(path, 200)} is not JSON: {one_line(error)}") from None


def _features(document: Any, path: Path) -> JsonRows | None:
    features = [document]
    if isinstance(document, dict) and document.get("type") == "FeatureCollection":
        features = document.get("features", [])
    elif not (isinstance(document, dict) and document.get("type") == "Feature"):
        return None
    if not isinstance(features, list):
        raise DataError(f"{shown(path, 200)} has features that are no list.")
    for number, one in enumerate(features, start=1):
        if not (isinstance(one, dict) and one.get("type") == "Feature"):
            raise DataError(
                f"{shown(path, 200)}: element {number} of its features is none. Mend or remove it."
            )
    return JsonRows(_table(features), np.ones(len(features), bool))


def _geometries(document: Any, layer: str) -> JsonRows | None:
    objects = document.get("objects") if isinstance(document, dict) else None
    found = objects.get(layer) if isinstance(objects, dict) else None
    geometries = found.get("geometries") if isinstance(found, dict) else None
    if not isinstance(geometries, list) or not all(isinstance(one, dict) for one in geometries):
        return None
    is_read = [
        isinstance(one.get(_DRAWN.get(str(one.get("type")), "")), list) for one in geometries
    ]
    return JsonRows(_table(geometries), np.array(is_read, bool))


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Make a table of the properties of all rows, in the order in which they first occur."""
    properties = [
        one["properties"] if isinstance(one.get("properties"), dict) else {} for one in rows
    ]
    names = dict.fromkeys(name for one in properties for name in one)
    columns: dict[str, list[Any]] = {}
    if "id" not in names and any(one.get("id") is not None for one in rows):
        columns["id"] = [one.get("id") for one in rows]
    for name in names:
        columns[name] = [_plain(one.get(name)) for one in properties]
    return pd.DataFrame(columns, dtype=object, index=pd.RangeIndex(len(rows)))


def _plain(value: Any) -> Any:
    """Keep what fits in a cell."""
    return json.dumps(value) if isinstance(value, list | dict) else value
