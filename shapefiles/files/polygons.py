"""Read polygons, and the columns beside them, from any vector file that pyogrio reads."""

from __future__ import annotations

import codecs
import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pyproj
import shapely
from geopandas.array import GeometryDtype

from shapefiles.errors import DataError, listed, one_line, shown
from shapefiles.files.json_rows import count_records, read_json_rows
from shapefiles.globe.projection import is_same_crs
from shapefiles.screening.archive import only_member
from shapefiles.screening.door import SizeError, opened, read_head
from shapefiles.screening.gzipped import plain_name
from shapefiles.screening.json_files import declared_systems, is_json
from shapefiles.screening.layers import screened
from shapefiles.screening.offline import offline
from shapefiles.screening.parquet_files import screen_parquet

MAX_ROWS = 5_000_000
"""Rows above which a file is refused: no search could use them, and some are made to do harm."""

DRIVERS = frozenset(
    {
        "ESRI Shapefile",
        "ESRIJSON",
        "FlatGeobuf",
        "GML",
        "GPKG",
        "GeoJSON",
        "GeoJSONSeq",
        "JSONFG",
        "KML",
        "LIBKML",
        "MapInfo File",
        "OpenFileGDB",
        "SQLite",
        "TopoJSON",
    }
)
"""GDAL's drivers for files of polygons. Others open web services or run commands."""

_BY_DEFAULT = "EPSG:4326"
"""What GDAL takes for the reference system of JSON where it understands none."""

_ENCODED = frozenset({"ESRI Shapefile", "MapInfo File"})
"""Formats whose text may be in any encoding."""

SUFFIXES = (
    ".shp",
    ".gpkg",
    ".geojson",
    ".topojson",
    ".json",
    ".geojsonl",
    ".parquet",
    ".geoparquet",
    ".fgb",
    ".gml",
    ".kml",
    ".tab",
    ".mif",
    ".sqlite",
)
"""Endings of files of polygons inside archives, the usual ones first."""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Polygons as they stand in a file.

    Parameters
    ----------
    path
        The file.
    name
        The layer read.
    driver
        Format, as GDAL calls it.
    table
        The columns beside the polygons, one row a polygon.
    polygons
        Geometries without heights, None where there is none, shape ``(n_rows,)``.
    crs
        Reference system that was given or that the file declares, None where neither.
    sha256
        Digest of the file; of all its files where it is a folder or has companions.
    declared_crs
        Reference system that the file declares, None where it does not.
    noun
        What a row is called.
    """

    path: Path
    name: str
    driver: str
    table: pd.DataFrame
    polygons: npt.NDArray[np.object_]
    crs: str | None
    sha256: str
    declared_crs: str | None = None
    noun: str = "feature"

    def place(self, row: int) -> str:
        """Say where a row stands."""
        return f"{shown(self.path, 200)}, {self.spot(row)}"

    def spot(self, row: int) -> str:
        """Say where a row stands in its file."""
        return f"{self.noun} {row + 1}"


@offline()
def read_layer(
    path: str | Path,
    *,
    layer: str | None = None,
    crs: str | None = None,
    encoding: str | None = None,
    max_gigabytes: float | None = None,
) -> Layer:
    """Read the polygons of a file.

    Parameters
    ----------
    path
        A shapefile, GeoPackage, GeoJSON, TopoJSON, GeoParquet or another file of polygons, or a
        zip archive of one.
    layer
        Which layer (or which file of an archive); needed where there is more than one.
    crs
        Reference system of the coordinates; goes before what the file declares.
    encoding
        Encoding of a shapefile or a MapInfo file, where it does not say or is wrong. Other
        formats are UTF-8.
    max_gigabytes
        Size that the file may have, once it is unpacked.

    Raises
    ------
    DataError
        When the file cannot be read, is of another kind, has no polygons, too many of them, or
        coordinates that are not numbers.
    """
    path = Path(path)
    with opened(path, max_gigabytes) as inside:
        file = inside
        if inside.is_dir() and not path.is_dir():
            file = _member(inside, path, layer)
            layer = layer if file.suffix.lower() in {".gpkg", ".json", ".topojson"} else None
            layer = None if layer in {file.name, file.stem} else layer
        if _is_parquet(file):
            found = _read_parquet(file, path, max_gigabytes)
        else:
            with screened(file, path, layer, max_gigabytes) as harmless:
                found = _read_ogr(harmless, path, layer, encoding)
                _check_declared(harmless, found.frame.crs, path, crs)
    frame, name, driver, table = found
    if not len(table):
        raise DataError(f"{shown(path, 200)} has no rows.")
    polygons = plane(frame)
    check_finite(polygons, path)
    declared = declared_system(frame.crs)
    return Layer(
        path=path,
        name=plain_name(path).stem if name == file.stem else name,
        driver=driver,
        table=table,
        polygons=polygons,
        crs=crs or declared,
        sha256=digest(path),
        declared_crs=declared,
    )


def plane(frame: gpd.GeoDataFrame) -> npt.NDArray[np.object_]:
    """Take the geometries of a frame without heights."""
    with np.errstate(invalid="ignore"):
        polygons: npt.NDArray[np.object_] = shapely.force_2d(frame.geometry.to_numpy())
    return polygons


def declared_system(system: pyproj.CRS | None) -> str | None:
    """Name the system that a file declares; None where it says in some way that it knows none.

    A GeoPackage has the number -1 for a plane of which nothing is known, and 0 for such degrees.
    """
    if system is None or system.name.lower().startswith("undefined"):
        return None
    is_local = system.type_name == "Engineering CRS"
    return None if is_local else str(system.to_string())


def digest(path: Path) -> str:
    """Compute the SHA-256 of a file, with its companions where it is a shapefile or a folder."""
    files = [path]
    if path.is_dir():
        files = sorted(one for one in path.rglob("*") if one.is_file())
    elif path.suffix.lower() == ".shp":
        companions = (".dbf", ".shx", ".prj", ".cpg")
        files += [one for end in companions if (one := path.with_suffix(end)).is_file()]
    total = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while chunk := stream.read(2**20):
                total.update(chunk)
    return total.hexdigest()


def _member(folder: Path, path: Path, layer: str | None) -> Path:
    """Choose the file of an archive: a geodatabase folder, the only one, or the one called so."""
    databases = sorted(one for one in folder.rglob("*.gdb") if one.is_dir())
    if len(databases) == 1:
        return databases[0]
    try:
        return only_member(folder, SUFFIXES, path)
    except DataError:
        if layer is None:
            raise
        return only_member(folder, SUFFIXES, path, layer)


def _is_parquet(file: Path) -> bool:
    return read_head(file, 4) == b"PAR1"


class _Found(NamedTuple):
    """What a reading library makes of a file."""

    frame: gpd.GeoDataFrame
    name: str
    driver: str
    table: pd.DataFrame
    """All columns but the polygons."""


def _read_parquet(file: Path, path: Path, max_gigabytes: float | None) -> _Found:
    try:
        n_rows = pq.read_metadata(file).num_rows
        if n_rows <= MAX_ROWS:
            columns = screen_parquet(file, path, max_gigabytes)
            frame = gpd.read_parquet(file, columns=columns)
            return _Found(frame, path.stem, "Parquet", beside(frame))
    except SizeError:
        raise
    except (
        ValueError,
        OSError,
        KeyError,
        TypeError,
        pa.ArrowException,
        pyproj.exceptions.CRSError,
        shapely.errors.ShapelyError,
    ) as error:
        raise DataError(
            f"{shown(path, 200)} cannot be read as GeoParquet: {one_line(error)}"
        ) from None
    raise _too_many(n_rows, path)


def beside(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Take all columns but the polygons, whose name another column may have."""
    kept = [not isinstance(one, GeometryDtype) for one in frame.dtypes]
    return pd.DataFrame(frame.iloc[:, kept])


def _read_ogr(file: Path, path: Path, layer: str | None, encoding: str | None) -> _Found:
    with _ogr_errors(path):
        known = pyogrio.list_layers(file).tolist()
    name = _choose_layer(known, path, layer)
    with _ogr_errors(path):
        info = pyogrio.read_info(file, layer=name, force_feature_count=True)
    # The others are UTF-8 by their standards, whatever encoding the shapefile beside them has.
    encoding = _gdal_encoding(encoding) if info["driver"] in _ENCODED else None
    if info["driver"] not in DRIVERS:
        raise DataError(
            f"{shown(path, 200)} is a file for {info['driver']}, which is not read here. "
            "Convert it to GeoPackage, with ogr2ogr say."
        )
    if info["features"] > MAX_ROWS:
        raise _too_many(info["features"], path)
    with _ogr_errors(path), warnings.catch_warnings(), np.errstate(invalid="ignore"):
        # What GDAL warns of (an unclosed ring, say) is found again by looking at the result.
        warnings.simplefilter("ignore")
        frame = pyogrio.read_dataframe(file, layer=name, encoding=encoding, on_invalid="ignore")
    if not isinstance(frame, gpd.GeoDataFrame):
        raise DataError(f"{shown(path, 200)} is a table without polygons.")
    return _complete(
        _Found(frame, name, info["driver"], beside(frame)), info["features"], file, path
    )


def _complete(found: _Found, n_features: int, file: Path, path: Path) -> _Found:
    """Put back the rows that GDAL leaves out, or refuse a file of which it does not say which."""
    rows = read_json_rows(file, path, found.driver, found.name)
    n_records = count_records(file, found.driver)
    n_rows = len(found.frame)
    n_known = n_records if n_records is not None else n_features
    if rows is not None:
        n_known = int(rows.is_read.sum())
    if n_known >= 0 and n_known != n_rows:
        raise DataError(
            f"{shown(path, 200)} has {n_known:,} features, of which GDAL reads {n_rows:,}. Mend "
            "the file, or convert it to GeoPackage."
        )
    if rows is None:
        return found
    polygons = np.full(len(rows.table), None, np.object_)
    polygons[rows.is_read] = found.frame.geometry.to_numpy()
    frame = gpd.GeoDataFrame(geometry=polygons, crs=found.frame.crs)
    return found._replace(frame=frame, table=rows.table)


def _gdal_encoding(encoding: str | None) -> str | None:
    """Name an encoding as GDAL does: it knows ISO-8859-1, but not Python's latin-1."""
    if encoding is None:
        return None
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        raise DataError(f"{shown(encoding)} is not the name of an encoding.") from None
    return name.replace("iso8859-", "ISO-8859-").upper()


@contextmanager
def _ogr_errors(path: Path) -> Iterator[None]:
    """Turn what GDAL and pyogrio say of a file into one line."""
    try:
        yield
    except (pyogrio.errors.CRSError, pyproj.exceptions.CRSError) as error:
        raise DataError(
            f"{shown(path, 200)} cannot be read: it declares a reference system that is not "
            f"understood ({one_line(error)}). Take that out (a .prj can be deleted) and give it "
            "with --crs."
        ) from None
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FieldError,
        pyogrio.errors.FeatureError,
        pyogrio.errors.GeometryError,
        UnicodeError,
        UnboundLocalError,  # of pyogrio, where the reference system is no text
        LookupError,
    ) as error:
        raise DataError(f"{shown(path, 200)} cannot be read: {one_line(error)}") from None


def _choose_layer(known: list[tuple[str, Any]], path: Path, layer: str | None) -> str:
    """Name the layer to read: the one asked for, or the only one with geometries."""
    names = [name for name, _ in known]
    if layer is not None:
        if layer not in names:
            raise DataError(
                f"{shown(path, 200)} has no layer {shown(layer)}, only {listed(names, 8)}."
            )
        return layer
    drawn = [name for name, kind in known if kind is not None]
    if len(drawn) != 1:
        found = (
            f"the layers {listed(drawn, 8)}; say which one (--layer)" if drawn else "no polygons"
        )
        raise DataError(f"{shown(path, 200)} has {found}.")
    return drawn[0]


def _check_declared(file: Path, found: Any, path: Path, crs: str | None) -> None:
    """Ask for the reference system where JSON declares one that GDAL has not understood.

    GDAL takes degrees of longitude and latitude wherever it cannot tell, as if nothing were said.
    """
    if crs is not None or file.is_dir() or not is_json(read_head(file)):
        return
    for one in declared_systems(file):
        if one.link or not _is_named(found, one.name):
            raise DataError(
                f"{shown(path, 200)} names its reference system by {shown(one.link or one.name)}, "
                "which is not known and not looked up. Find out what it is, and give it (crs)."
            )


def _is_named(found: Any, name: str) -> bool:
    """Tell whether GDAL's reference system is the one of a name."""
    known = "OGC:CRS84" if name.upper() in {"CRS84", "CRS:84"} else name
    try:
        named = pyproj.CRS(known)
    except pyproj.exceptions.CRSError:
        return found is not None and found != _BY_DEFAULT
    return found is not None and is_same_crs(pyproj.CRS(found), named)


def check_finite(polygons: npt.NDArray[np.object_], path: Path, noun: str = "feature") -> None:
    """Refuse coordinates that are no numbers.

    Raises
    ------
    DataError
        With the first of them.
    """
    xy, row = shapely.get_coordinates(polygons, return_index=True)
    wrong = np.flatnonzero(~np.isfinite(xy).all(axis=1))
    if len(wrong):
        x, y = xy[wrong[0]].tolist()
        raise DataError(
            f"{shown(path, 200)}, {noun} {row[wrong[0]] + 1} has the point ({x:g}, {y:g}), which "
            f"is nowhere. Mend or remove the {noun}."
        )


def _too_many(n_rows: int, path: Path) -> DataError:
    return DataError(f"{shown(path, 200)} has {n_rows:,} rows, above the limit of {MAX_ROWS:,}.")
