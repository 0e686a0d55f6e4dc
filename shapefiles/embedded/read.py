"""Read the embedded national data set."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from shapefiles.units import Edges, Units

CRS = "EPSG:5070"
"""NAD83 / Conus Albers: equal-area, in metres. Alaska and Hawaii use it too."""

ELECTIONS = ("2016", "2020", "2024")
"""Presidential elections with votes in the embedded data."""

FILES = MappingProxyType(
    {"units": "units.parquet", "edges": "edges.parquet", "states": "states.parquet"}
)
"""File of each table of the embedded data."""

PEOPLE_OF = MappingProxyType({"2016": "2016", "2020": "2020", "2024": "2020"})
"""Year of the people that are nearest to each election: the estimate of 2016, or the census."""

GDP_OF = MappingProxyType(dict.fromkeys(ELECTIONS, "2016"))
"""Year of the gross domestic product that is nearest to each election; there is one."""

ATTRIBUTES = (
    "population",
    "gdp",
    "area",
    "perimeter",
    "sea_coast",
    "lake_coast",
    "borders_canada",
    "borders_mexico",
)


class State(NamedTuple):
    """One state, or the District of Columbia."""

    fips: str
    """Two-digit code, the start of the ids of its units."""
    code: str
    """Postal code, as in :attr:`Units.states`."""
    name: str
    electoral_votes_2016: int
    """Under the apportionment of 2010, in force in 2012, 2016 and 2020."""
    electoral_votes_2024: int
    """Under the apportionment of 2020."""
    dem_2016: int
    rep_2016: int

    def electoral_votes(self, election: str) -> int:
        """Electoral votes cast in a presidential election from 2012 to 2028.

        Examples
        --------
        >>> load_states()["TX"].electoral_votes("2020"), load_states()["TX"].electoral_votes("2024")
        (38, 40)
        """
        if election in ("2012", "2016", "2020"):
            return self.electoral_votes_2016
        if election in ("2024", "2028"):
            return self.electoral_votes_2024
        raise ValueError(f"No electoral votes for {election!r}; choose a year from 2012 to 2028.")


@cache
def load_people(election: str) -> npt.NDArray[np.int64]:
    """Read how many people live in each unit in the year nearest to an election.

    Parameters
    ----------
    election
        One of :data:`ELECTIONS`; :data:`PEOPLE_OF` has the year.

    Returns
    -------
    numpy.ndarray
        People, shape ``(n_units,)``, read-only, in the order of :func:`load_united_states`.

    Examples
    --------
    >>> [int(load_people(one).sum()) for one in ELECTIONS]
    [322941311, 331449281, 331449281]
    """
    column = "population" if PEOPLE_OF[election] == "2016" else f"population_{PEOPLE_OF[election]}"
    people: npt.NDArray[np.int64] = _read("units")[column].to_numpy().astype(np.int64)
    people.setflags(write=False)
    return people


@cache
def load_united_states() -> Units:
    """Read the 3,113 voting units of the United States, with votes, figures, polygons and edges.

    The people are those of 2016; :func:`load_people` has them for other elections. The result is
    read once and shared: it is immutable.

    Examples
    --------
    >>> units = load_united_states()
    >>> units.n_units, units.votes["2016"].sum(axis=0).tolist()
    (3113, [65853516, 62984825])
    """
    table = _read("units")
    ids = _text(table, "geoid")
    return Units(
        ids=ids,
        names=_text(table, "name"),
        states=_text(table, "state"),
        polygons=shapely.from_wkb(table["geometry"].to_numpy()),
        crs=_stored_crs(table),
        votes={
            year: np.column_stack([table[f"{side}_{year}"].to_numpy() for side in ("dem", "rep")])
            for year in ELECTIONS
        },
        attributes={name: table[name].to_numpy() for name in ATTRIBUTES},
        edges=_edges(_read("edges"), ids),
    )


@cache
def load_states() -> MappingProxyType[str, State]:
    """Read the 50 states and the District of Columbia, by postal code, in the order of the codes.

    Examples
    --------
    >>> load_states()["IA"].name
    'Iowa'
    """
    columns = _read("states").rename_columns({"state_fips": "fips", "state": "code"})
    states = (State(**row) for row in columns.to_pylist())
    return MappingProxyType({state.code: state for state in states})


@cache
def data_hashes() -> MappingProxyType[str, str]:
    """Compute the SHA-256 of each file of the embedded data, by file name."""
    return MappingProxyType(
        {name: hashlib.sha256(_bytes(name)).hexdigest() for name in FILES.values()}
    )


def _bytes(name: str) -> bytes:
    return (files("shapefiles") / "data" / name).read_bytes()


def _read(table: str) -> pa.Table:
    return pq.read_table(pa.BufferReader(_bytes(FILES[table])))


def _text(table: pa.Table, column: str) -> npt.NDArray[np.str_]:
    return np.array(table[column].to_pylist(), np.str_)


def _stored_crs(table: pa.Table) -> str:
    """Name the reference system that the GeoParquet file declares, such as ``EPSG:5070``."""
    declared = json.loads(table.schema.metadata[b"geo"])["columns"]["geometry"]["crs"]["id"]
    return f"{declared['authority']}:{declared['code']}"


def _edges(table: pa.Table, ids: npt.NDArray[np.str_]) -> Edges:
    ends = [np.searchsorted(ids, _text(table, name)) for name in ("geoid_a", "geoid_b")]
    return Edges(
        pairs=np.column_stack(ends).astype(np.int32),
        border=table["border"].to_numpy(),
        kind=_text(table, "kind"),
        is_default=table["is_default"].to_numpy(),
    )
