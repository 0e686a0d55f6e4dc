"""Build the embedded national data set from public records: ``python -m shapefiles.build``.

Boundaries come from the Census Bureau's cartographic boundary file cb_2016_us_county_500k, which
the package plotly-geo carries (``pip install "two-nations[build]"``); figures come from the tables
beside this module, in ``figures/``. The same inputs and library versions give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import logging
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from shapefiles.borders.adjacency import Contacts, rook_contacts
from shapefiles.borders.coast import find_shores, shore_lengths
from shapefiles.borders.crumbs import is_planar
from shapefiles.borders.links import Link, join_edges
from shapefiles.embedded.read import CRS, ELECTIONS, FILES
from shapefiles.units import Edges
from shapefiles.writing import whole_file

FIGURES = Path(__file__).parent / "figures"
DATA = Path(__file__).parent / "data"

BOUNDARY_FILE = "cb_2016_us_county_500k.shp"
BOUNDARY_SHA256 = "06463cf329d6f412d7f3323748225aca1ca495a8c04af58cfaf169fc3a8c8df4"

SIMPLIFICATION = 500.0
"""Metres: details below the area of a triangle of about this size are dropped for drawing."""

ALASKA = "02000"
MERGED = {"15005": "15009"}
"""Counties that vote as part of another: Kalawao with Maui."""

NEIGHBOURS = ("Canada", "Mexico")
"""Countries that units may border."""

log = logging.getLogger(__name__)


def build(figures: Path = FIGURES, out: Path = DATA) -> tuple[Path, ...]:
    """Build every file of the embedded data set.

    Parameters
    ----------
    figures
        Folder with the tables of votes, people, output, links and neighbours.
    out
        Folder to write to; created if missing.

    Returns
    -------
    tuple of pathlib.Path
        The files written. Nothing is written unless all of them could be built and checked.

    Raises
    ------
    ModuleNotFoundError
        When plotly-geo is not installed.
    ValueError
        When the inputs are not the expected ones or contradict each other.
    """
    counties = read_figures(figures / "counties.csv")
    ids = counties["geoid"].to_numpy(np.str_)
    exact = read_boundaries(boundary_path(), ids)
    contacts = rook_contacts(exact)
    log.info("%d units, %d shared borders", len(ids), len(contacts.pairs))

    links = read_links(figures / "links.csv")
    edges = join_edges(contacts, links, ids, counts_crumbs=False)
    if not is_planar(edges.pairs[edges.is_default], len(ids)):
        raise ValueError("The default edges cannot be drawn without crossings; look at the links.")
    crumbs = edges.pairs[edges.kind == "crumb"]
    log.info("%d crumbs: %s", len(crumbs), ", ".join("-".join(ids[pair]) for pair in crumbs))

    drawn = simplify(exact, contacts)
    log.info(
        "%d of %d vertices kept", *(shapely.get_num_coordinates(p).sum() for p in (drawn, exact))
    )
    shores = shore_lengths(exact, find_shores(read_land(boundary_path()), CRS))
    log.info("coast: %.0f km of sea, %.0f km of lakes", *(shores[w].sum() / 1e3 for w in shores))
    tables = {
        "units": unit_table(counties, drawn, exact, shores, figures),
        "edges": edge_table(edges, ids),
        "states": state_table(figures),
    }
    return _write(tables, out)


def boundary_path() -> Path:
    """Find the boundary file and check that it is the expected one."""
    package = importlib.util.find_spec("_plotly_geo")
    if package is None or package.origin is None:
        raise ModuleNotFoundError(
            'The boundary file is in the package plotly-geo; pip install "two-nations[build]".'
        )
    path = Path(package.origin).parent / "package_data" / BOUNDARY_FILE
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != BOUNDARY_SHA256:
        raise ValueError(
            f"{path} has SHA-256 {found}, expected {BOUNDARY_SHA256}. Install plotly-geo 1.0.0."
        )
    return path


def read_boundaries(path: Path, ids: npt.NDArray[np.str_]) -> npt.NDArray[np.object_]:
    """Read one polygon a unit in :data:`~shapefiles.embedded.read.CRS`, in the order of `ids`.

    Alaska's boroughs become one unit, and counties in :data:`MERGED` join theirs. Territories
    without electoral votes, for which there are no figures, are left out.
    """
    counties = _read_counties(path)
    is_alaska = counties["STATEFP"] == ALASKA[:2]
    counties["unit"] = counties["GEOID"].replace(MERGED).mask(is_alaska, ALASKA)
    groups = counties.groupby("unit").geometry
    polygons = {unit: shapely.coverage_union_all(group.to_numpy()) for unit, group in groups}
    missing = [unit for unit in ids.tolist() if unit not in polygons]
    if missing:
        raise ValueError(f"{path.name} has no polygon for {', '.join(missing[:5])}.")
    return np.array([polygons[unit] for unit in ids.tolist()], dtype=object)


def read_land(path: Path) -> shapely.MultiPolygon:
    """Read the outline of all counties together, with figures or without, in the same system."""
    return shapely.coverage_union_all(_read_counties(path).geometry.to_numpy())


def _read_counties(path: Path) -> gpd.GeoDataFrame:
    # The dBase table says nothing of its encoding, and the folder lacks a .prj: NAD83 throughout.
    return gpd.read_file(path, encoding="UTF-8").set_crs("EPSG:4269").to_crs(CRS)


def read_figures(path: Path, ids: npt.NDArray[np.str_] | None = None) -> pd.DataFrame:
    """Read a table with a ``geoid`` column, in the order of `ids`, which it must match."""
    codes = {"geoid": str, "state_fips": str}
    table = pd.read_csv(path, dtype=codes, keep_default_na=False).sort_values("geoid")
    if ids is None:
        return table.reset_index(drop=True)
    odd = np.setxor1d(table["geoid"].to_numpy(np.str_), ids)
    if len(odd) or len(table) != len(ids):
        raise ValueError(
            f"{path.name} and counties.csv list different units, such as {odd[:5].tolist()}."
        )
    return table.set_index("geoid").loc[ids].reset_index()


def read_votes(figures: Path, year: str, ids: npt.NDArray[np.str_]) -> pd.DataFrame:
    """Read the votes of an election; rows of ``president-YEAR-corrections.csv`` go before."""
    votes = read_figures(figures / f"president-{year}.csv", ids)
    path = figures / f"president-{year}-corrections.csv"
    if not path.is_file():
        return votes
    corrected = read_figures(path).set_index("geoid")
    odd = np.setdiff1d(corrected.index.to_numpy(np.str_), ids)
    if len(odd):
        raise ValueError(f"{path.name} has the geoid {odd[0]!r}, which is not known.")
    votes = votes.set_index("geoid")
    votes.update(corrected)
    return votes.astype(np.int64).reset_index()


def read_links(path: Path) -> list[Link]:
    """Read the crossings over water, in the order of the file."""
    table = pd.read_csv(path, dtype=str)
    return [Link(*row) for row in table[["geoid_a", "geoid_b", "kind"]].itertuples(index=False)]


def read_neighbours(path: Path, ids: npt.NDArray[np.str_]) -> dict[str, set[str]]:
    """Read which units border which of the :data:`NEIGHBOURS`."""
    table = pd.read_csv(path, dtype=str)
    for column, known in (("geoid", ids), ("country", NEIGHBOURS)):
        unknown = table[column][~table[column].isin(known)].tolist()
        if unknown:
            raise ValueError(f"{path.name} has the {column} {unknown[0]!r}, which is not known.")
    return {str(unit): set(rows) for unit, rows in table.groupby("geoid")["country"]}


def simplify(polygons: npt.NDArray[np.object_], contacts: Contacts) -> npt.NDArray[np.object_]:
    """Simplify the polygons for drawing, to whole metres, without changing who borders whom.

    Neighbours are simplified together, so that no gap opens between them. Whole metres, far below
    what a map shows, halve the size of the file; both sides of a border round alike.
    """
    drawn: npt.NDArray[np.object_] = shapely.transform(
        shapely.coverage_simplify(polygons, SIMPLIFICATION), np.round
    )
    if not (shapely.is_valid(drawn).all() and shapely.coverage_is_valid(drawn)):
        raise ValueError(f"Polygons simplified at {SIMPLIFICATION} m overlap; use a smaller value.")
    if not np.array_equal(rook_contacts(drawn, is_coverage=True).pairs, contacts.pairs):
        raise ValueError(
            f"Simplifying at {SIMPLIFICATION} m changed a border; use a smaller value."
        )
    return drawn


def unit_table(
    counties: pd.DataFrame,
    drawn: npt.NDArray[np.object_],
    exact: npt.NDArray[np.object_],
    shores: Mapping[str, npt.NDArray[np.float64]],
    figures: Path,
) -> gpd.GeoDataFrame:
    """Gather the columns of the units."""
    ids = counties["geoid"].to_numpy(np.str_)
    units = counties[["geoid", "name", "state"]].copy()
    for year in ELECTIONS:
        votes = read_votes(figures, year, ids)
        units[f"dem_{year}"], units[f"rep_{year}"] = votes["dem"], votes["rep"]
    units["population"] = counties["population_2016"]
    units["population_2020"] = read_figures(figures / "population-2020.csv", ids)["population"]
    units["gdp"] = counties["gdp_2016"]
    units["area"] = shapely.area(exact)
    units["perimeter"] = shapely.length(exact)
    for water, length in shores.items():
        units[f"{water}_coast"] = length
    neighbours = read_neighbours(figures / "neighbours.csv", ids)
    for country in NEIGHBOURS:
        units[f"borders_{country.lower()}"] = [country in neighbours.get(unit, ()) for unit in ids]
    return gpd.GeoDataFrame(units, geometry=drawn, crs=CRS)


def edge_table(edges: Edges, ids: npt.NDArray[np.str_]) -> pa.Table:
    """Gather the columns of the edges, by id."""
    return pa.table(
        {
            "geoid_a": ids[edges.pairs[:, 0]].tolist(),
            "geoid_b": ids[edges.pairs[:, 1]].tolist(),
            "border": edges.border,
            "kind": edges.kind.tolist(),
            "is_default": edges.is_default,
        }
    )


def state_table(figures: Path) -> pa.Table:
    """Gather the columns of the states."""
    states = pd.read_csv(figures / "states.csv", dtype={"state_fips": str})
    return pa.table({column: states[column].tolist() for column in states})


def _write(tables: Mapping[str, gpd.GeoDataFrame | pa.Table], out: Path) -> tuple[Path, ...]:
    """Write every table beside its place, then move all of them there."""
    out.mkdir(parents=True, exist_ok=True)
    written = tuple(out / FILES[name] for name in tables)
    with ExitStack() as unfinished:
        for path, table in zip(written, tables.values(), strict=True):
            draft = unfinished.enter_context(whole_file(path))
            if isinstance(table, gpd.GeoDataFrame):
                table.to_parquet(draft, index=False, compression="zstd", compression_level=19)
            else:
                pq.write_table(table, draft, compression="zstd", compression_level=19)
    for path in written:
        log.info("%s: %d bytes", path, path.stat().st_size)
    return written


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the build from the command line."""
    parser = argparse.ArgumentParser(prog="python -m shapefiles.build", description=build.__doc__)
    parser.add_argument("figures", type=Path, nargs="?", default=FIGURES, help="folder of tables")
    parser.add_argument("--out", type=Path, default=DATA, help="folder to write to")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    build(options.figures, options.out)


if __name__ == "__main__":
    main()
