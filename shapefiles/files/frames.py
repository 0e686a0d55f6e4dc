"""Frames of geopandas and pandas in place of files: the same rows, columns and polygons.

What a frame holds is read as if it stood in a file. A named index counts as a column of its name,
as it does where geopandas writes a frame to a file.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from shapefiles.errors import DataError, shown
from shapefiles.files.held import FRAME, TABLE
from shapefiles.files.polygons import (
    MAX_ROWS,
    Layer,
    beside,
    check_finite,
    declared_system,
    plane,
)
from shapefiles.files.tables import Table, as_cells, as_text


def layer_of(frame: pd.DataFrame, crs: str | None = None) -> Layer:
    """Take polygons, and the columns beside them, from a frame of geopandas.

    Parameters
    ----------
    frame
        A :class:`geopandas.GeoDataFrame`, which is left as it is. Its active geometries are the
        polygons.
    crs
        Reference system of the coordinates; goes before what the frame declares.

    Raises
    ------
    DataError
        When it has no geometries or no rows, columns of several levels, or coordinates that are
        not numbers.
    """
    path = Path(FRAME)
    name = getattr(frame, "active_geometry_name", None)
    if not isinstance(frame, gpd.GeoDataFrame) or name is None:
        kind = type(frame).__name__
        raise DataError(
            f"data is a {kind} without active geometries. Give a GeoDataFrame: "
            "geopandas.GeoDataFrame(frame, geometry=..., crs=...)."
        )
    _check_shape(frame, FRAME)
    polygons = plane(frame)
    check_finite(polygons, path, "row")
    rows = _rows(beside(frame), frame.index, FRAME)
    declared = declared_system(frame.crs)
    return Layer(
        path=path,
        name="",
        driver="GeoDataFrame",
        table=rows,
        polygons=polygons,
        crs=crs or declared,
        sha256=_digest(rows, polygons, declared),
        declared_crs=declared,
        noun="row",
    )


def table_of(frame: pd.DataFrame) -> Table:
    """Take the cells of a frame of pandas, as they would be read from a file.

    Parameters
    ----------
    frame
        A :class:`pandas.DataFrame`, which is left as it is.

    Raises
    ------
    DataError
        When it has no rows, or columns of several levels.
    """
    _check_shape(frame, TABLE)
    rows = _rows(beside(frame), frame.index, TABLE)
    cells = pd.DataFrame(
        {place: as_cells(rows.iloc[:, place]) for place in range(rows.shape[1])}, dtype=object
    )
    cells.columns = rows.columns
    return Table(Path(TABLE), cells, 1, _digest(rows), noun="row")


def index_as_id(frame: pd.DataFrame) -> str:
    """Name the index of a frame that can be the ids: it has a name, and every label once.

    Returns
    -------
    str
        Its name; empty where there is none.

    Examples
    --------
    >>> index_as_id(pd.DataFrame({"yes": [1, 2]}, index=pd.Index(["a", "b"], name="GEOID")))
    'GEOID'
    >>> index_as_id(pd.DataFrame({"yes": [1, 2]}))
    ''
    """
    index = frame.index
    is_one = not isinstance(index, pd.MultiIndex) and index.name is not None
    return str(index.name) if is_one and index.is_unique and not index.hasnans else ""


def _check_shape(frame: pd.DataFrame, source: str) -> None:
    if isinstance(frame.columns, pd.MultiIndex):
        raise DataError(
            f"{shown(source)} has columns of {frame.columns.nlevels} levels. Give it columns with "
            "one name each."
        )
    if not len(frame):
        raise DataError(f"{shown(source)} has no rows.")
    if len(frame) > MAX_ROWS:
        raise DataError(
            f"{shown(source)} has {len(frame):,} rows, above the limit of {MAX_ROWS:,}."
        )


def _rows(columns: pd.DataFrame, index: pd.Index, source: str) -> pd.DataFrame:
    """Name columns by text, the named parts of the index first, and number the rows.

    Where a column has the name of an index and says something else, both stay: whoever asks for
    that name is told that there are two.
    """
    rows = columns.reset_index(drop=True)
    rows.columns = pd.Index([str(name) for name in columns.columns], dtype=object)
    own: list[pd.Series] = []
    for level, name in enumerate(index.names):
        if name is None:
            continue
        values = pd.Series(index.get_level_values(level).tolist(), name=str(name), dtype=object)
        same = rows.loc[:, rows.columns == str(name)]
        is_said = any(
            (as_text(same.iloc[:, n]) == as_text(values)).all() for n in range(same.shape[1])
        )
        if not is_said:
            own.append(values)
    return pd.concat([*own, rows], axis=1) if own else rows


def _digest(
    rows: pd.DataFrame, polygons: npt.NDArray[np.object_] | None = None, crs: str | None = None
) -> str:
    """Compute the SHA-256 of all that a frame holds."""
    total = hashlib.sha256()
    for place, name in enumerate(rows.columns):
        cells = [
            None if pd.api.types.is_scalar(one) and pd.isna(one) else one
            for one in rows.iloc[:, place].tolist()
        ]
        total.update(json.dumps([name, cells], default=str).encode())
    if polygons is not None:
        for shape in shapely.to_wkb(polygons).tolist():
            total.update(b"-" if shape is None else b"%d:" % len(shape) + shape)
        total.update(str(crs).encode())
    return total.hexdigest()
