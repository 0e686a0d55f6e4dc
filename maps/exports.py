"""A plan in the formats of geographic information systems, chosen by the suffix of the file.

==============  ===================================================================================
``.gpkg``       GeoPackage with the layers ``units`` and ``nations`` in the system of the units,
                and styles for QGIS; in longitude and latitude where the format cannot name that
                system, such as Equal Earth, in which maps of the world are measured
``.geojson``    GeoJSON (RFC 7946): the units with their nation, longitude and latitude
``.zip``        two zipped shapefiles, ``units`` and ``nations``, in a system as for ``.gpkg``;
                ``fields.csv`` says what their short names stand for (see :mod:`maps.short_names`)
``.csv``        a line a unit (see :mod:`maps.plan_table`)
==============  ===================================================================================
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS
from pyproj.exceptions import CRSError

from maps.fitting import check_election, check_plan
from maps.plan_table import plan_table
from maps.qgis_style import add_styles
from maps.short_names import MAX_BYTES, MAX_NUMBER, short_names
from maps.style import LIGHT, Palette
from maps.systems import way
from maps.unit_columns import (
    MEANINGS,
    SIDES,
    Columns,
    StorageError,
    nation_columns,
    unit_columns,
)
from shapefiles.borders.dissolve import MOST_DECIMALS, dissolve, to_lonlat
from shapefiles.table_writing import csv_text
from shapefiles.units import Units
from shapefiles.writing import whole_file
from solvers.plan import Plan


class Content(NamedTuple):
    """What an export is of, as :func:`export` is given it."""

    units: Units
    plan: Plan
    election: str
    names: tuple[str, str]
    palette: Palette


GEOMETRY = "geom"
"""Name of the geometry column of a GeoPackage."""

LONLAT = "EPSG:4326"
"""Longitude and latitude, which every format can name."""

_NEAR = 1e-5
"""Degrees, a metre, between a point and where it is in the words of a format, which are true."""


def export(
    units: Units,
    plan: Plan,
    election: str,
    path: str | os.PathLike[str],
    *,
    names: tuple[str, str] = SIDES,
    palette: Palette = LIGHT,
) -> Path:
    """Write a plan for other programs, whole or not at all.

    Parameters
    ----------
    units
        Units with polygons.
    plan
        Part of each unit: 1 is the blue nation, 0 the red one.
    election
        Whose votes decide who is stranded; one of ``units.votes``.
    path
        File to write, ``.gpkg``, ``.geojson``, ``.zip`` (shapefiles) or ``.csv``; one that exists
        is replaced.
    names
        Names of the blue and of the red side; a table has ``blue`` and ``red`` as well, which
        programs read.
    palette
        Colours of the styles for QGIS.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ValueError
        When the suffix is none of these, the plan is for other units, or the units have no such
        election.
    StorageError
        When a text cannot be stored in this format; a ValueError, too.
    OSError
        When the folder does not exist or cannot be written, or the disk is full.

    Examples
    --------
    >>> import tempfile
    >>> from shapefiles import load_united_states
    >>> units = load_united_states()
    >>> plan = Plan(units.votes["2016"][:, 0] > units.votes["2016"][:, 1])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export(units, plan, "2016", Path(folder) / "plan.csv").read_text().splitlines()[1]
    '01001,red,red,Autauga,AL,5936,18172,5936'
    """
    path = Path(path)
    write = _writer(path)
    check_plan(units, plan)
    check_election(units, election)
    # GDAL knows formats by their suffixes, and some of them are several files: they are made in a
    # folder of their own beside the file.
    with (
        whole_file(path) as draft,
        tempfile.TemporaryDirectory(prefix=".export-", dir=path.parent) as workshop,
    ):
        try:
            made = Path(workshop) / f"plan{path.suffix.lower()}"
            write(Content(units, plan, election, names, palette), made).replace(draft)
        except (DataLayerError, DataSourceError, sqlite3.Error) as error:
            # Everything that is written was checked before: what is left is the disk.
            raise OSError(f"{path} could not be written: {error}") from error
    return path


def _writer(path: Path) -> Callable[[Content, Path], Path]:
    suffix = path.suffix.lower()
    if suffix not in WRITERS:
        hint = (
            " A shapefile is several files, which .zip keeps together." if suffix == ".shp" else ""
        )
        raise ValueError(
            f"{path.name!r} ends in none of {', '.join(WRITERS)}, the formats of an export.{hint}"
        )
    return WRITERS[suffix]


def _write_geopackage(content: Content, path: Path) -> Path:
    for layer, table in _layers(content, _crs_for(content.units, GDAL)).items():
        pyogrio.write_dataframe(
            table, path, layer=layer, driver="GPKG", GEOMETRY_NAME=GEOMETRY, VERSION="1.2"
        )
    add_styles(path, GEOMETRY, content.names, content.palette)
    return path


def _write_geojson(content: Content, path: Path) -> Path:
    # GDAL would cut at the antimeridian, too, but misplaces land around a pole.
    table = _unit_layer(content, LONLAT)
    pyogrio.write_dataframe(
        table,
        path,
        layer="units",
        driver="GeoJSON",
        RFC7946="YES",
        # They are rounded already: further digits are zeros, which are not written.
        COORDINATE_PRECISION=str(MOST_DECIMALS),
    )
    return path


def _write_shapefiles(content: Content, path: Path) -> Path:
    folder = path.with_name("shapefiles")
    folder.mkdir()
    legend = []
    for layer, table in _layers(content, _crs_for(content.units, GDAL, ESRI)).items():
        columns = [name for name in table.columns if name != table.geometry.name]
        fields = short_names(columns)
        legend += [(layer, fields[name], name, MEANINGS.get(name, "")) for name in columns]
        _check_fits(table, columns)
        with warnings.catch_warnings():
            # Some versions of GDAL take numbers for too large that the line above found to fit.
            warnings.filterwarnings("ignore", "Value .* not successfully written", RuntimeWarning)
            pyogrio.write_dataframe(
                table.rename(columns=fields),
                folder / f"{layer}.shp",
                driver="ESRI Shapefile",
                encoding="UTF-8",
                # The tables name the day of their last change, whichever it is.
                DBF_DATE_LAST_UPDATE="2000-01-01",
            )
    text = csv_text(("layer", "field", "column", "meaning"), legend)
    (folder / "fields.csv").write_text(text, encoding="utf-8", newline="\n")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            # Without the time of writing, so that the same plan gives the same file.
            entry = zipfile.ZipInfo(file.name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    return path


def _write_table(content: Content, path: Path) -> Path:
    text = plan_table(content.units, content.plan, content.election, content.names)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


WRITERS: dict[str, Callable[[Content, Path], Path]] = {
    ".gpkg": _write_geopackage,
    ".geojson": _write_geojson,
    ".zip": _write_shapefiles,
    ".csv": _write_table,
}
"""What writes each format, by the suffix of its files."""


def _layers(content: Content, crs: str) -> dict[str, Any]:
    """Make the two layers in a system, with multipolygons throughout."""
    units, plan, election, names, _ = content
    nations = dissolve(units, plan.assignment)
    has_land = ~shapely.is_empty(nations)
    figures = nation_columns(units, plan, election, names)
    columns = {name: values[has_land] for name, values in figures.items()}
    return {
        "units": _unit_layer(content, crs),
        "nations": _frame(columns, nations[has_land], units.crs, crs),
    }


def _unit_layer(content: Content, crs: str) -> Any:
    units, plan, election, names, _ = content
    return _frame(unit_columns(units, plan, election, names), units.polygons, units.crs, crs)


def _frame(columns: Columns, polygons: npt.NDArray[np.object_], source: str, crs: str) -> Any:
    # A copy, because Shapely 2.1 takes no read-only array here.
    polygons = np.array(polygons) if crs == source else to_lonlat(polygons, source)
    parts, row = shapely.get_parts(polygons, return_index=True)
    shapes = np.array([shapely.MultiPolygon()] * len(polygons), object)
    shapes = shapely.multipolygons(parts, indices=row, out=shapes)
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(shapes, crs=crs))


GDAL = "WKT1_GDAL"
"""The words in which pyogrio hands a system without a code of EPSG to GDAL."""

ESRI = "WKT1_ESRI"
"""The words of a shapefile."""


def _crs_for(units: Units, *dialects: str) -> str:
    """Choose the system of the units, or longitude and latitude where a dialect has no words.

    Some have words that mean another place: those of a shapefile have no shift of a datum.
    """
    system = CRS(units.crs)
    if system.to_epsg() is not None:
        dialects = tuple(one for one in dialects if one != GDAL)
    corner = shapely.get_coordinates(units.polygons)[0]
    there = way(units.crs, LONLAT).transform(*corner)
    for dialect in dialects:
        try:
            said = CRS(system.to_wkt(dialect)).to_wkt()
            found = way(said, LONLAT).transform(*corner)
        except CRSError:
            return LONLAT
        if not np.allclose(found, there, rtol=0, atol=_NEAR):
            return LONLAT
    return units.crs


def _check_fits(table: Any, columns: list[str]) -> None:
    """Refuse what a shapefile would cut short."""
    for name in columns:
        for row, value in enumerate(table[name].tolist()):
            if isinstance(value, str):
                size = len(value.encode())
                is_too_much = size > MAX_BYTES or value != value.strip(" ")
            else:
                is_too_much = abs(value) >= MAX_NUMBER
            if is_too_much:
                raise StorageError(
                    f"{name}[{row}] = {value!r:.60} does not fit into a shapefile: it holds texts "
                    f"of at most {MAX_BYTES} bytes without spaces at the ends, and numbers below "
                    f"{MAX_NUMBER:.0e}. Write a GeoPackage (.gpkg) instead."
                )
