"""A map of one's own as Python hands it over: a frame, a graph or a file, and columns by name."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from partition.errors import InputError, NoPlanError
from partition.land.dataset import Dataset
from partition.land.own_map import with_map
from partition.scenario import Scenario
from shapefiles.errors import DataError
from shapefiles.files.held import FRAME, GRAPH, TABLE
from shapefiles.mapfiles import MapFiles, several
from shapefiles.units import Units

if TYPE_CHECKING:
    import geopandas as gpd
    import networkx as nx

KEYS = frozenset(one.name for one in fields(MapFiles)) - {"units", "election"}
"""Arguments that say how a map is read; its units are the data themselves."""

_LISTS = frozenset(one.name for one in fields(MapFiles) if type(one.default) is tuple)

_COLUMNS = frozenset(
    ("id", "votes_id", "total", "choice", "count", "mode", "name", "state", "place")
)
"""Columns, which pandas may call by whole numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class GivenMap:
    """A map of one's own, not yet read.

    Parameters
    ----------
    options
        Files and columns, as fields of :class:`~shapefiles.mapfiles.MapFiles`.
    units, votes
        What is held in memory in place of their files, or None.
    """

    options: Mapping[str, Any] = field(default_factory=dict)
    units: Any = None
    votes: Any = None

    def ask(self, scenario: Scenario) -> Scenario:
        """Ask a scenario's question about this map.

        Raises
        ------
        InputError
            When a value is not allowed, or one is missing.
        """
        with options_as_arguments():
            if scenario.data is None and "units" in self.options:
                MapFiles(**self.options)  # whose complaints name no table of a file
            return with_map(scenario, self.options)

    def read(self, scenario: Scenario) -> Dataset:
        """Read the map as a scenario names its columns.

        Raises
        ------
        InputError
            When a file, a column or a value is wrong: one line with the place and what to do.
        """
        if scenario.data is None:
            raise InputError("The scenario names no columns of a map: give them (id, blue, red).")
        with options_as_arguments():
            return Dataset.read(scenario.data, self.units, self.votes)


Land = Dataset | Units | MapFiles | GivenMap | None
"""What a question is asked of."""

if TYPE_CHECKING:
    Data: TypeAlias = "Dataset | Units | MapFiles | gpd.GeoDataFrame | nx.Graph | str | Path | None"


@contextmanager
def options_as_arguments() -> Iterator[None]:
    """Have messages name arguments of Python, not options of the command line."""
    from shapefiles.arguments import as_arguments  # noqa: PLC0415 - only where somebody needs it

    try:
        yield
    except DataError as error:
        raise InputError(as_arguments(str(error))) from None
    except (InputError, NoPlanError) as error:
        raise type(error)(as_arguments(str(error))) from None


def land_of(data: Data | GivenMap, options: Mapping[str, Any], *, needs_id: bool = True) -> Land:
    """Sort out what is to be divided.

    Parameters
    ----------
    data
        A :class:`geopandas.GeoDataFrame`, a graph of networkx or GerryChain, the path of a file,
        :class:`~shapefiles.mapfiles.MapFiles`, units, a data set, or None for the map that the
        scenario names.
    options
        Arguments that say how the map is read, some of :data:`KEYS`.
    needs_id
        Whether nothing but these arguments and an index can say what the ids are.

    Raises
    ------
    InputError
        When there is nothing to read in that way, or it is of another kind.
    """
    named, held = _sorted(options)
    if isinstance(data, MapFiles) and named:
        own = {one.name: getattr(data, one.name) for one in fields(data)}
        return GivenMap({**own, **named}, None, held)
    if isinstance(data, Dataset | Units) and named:
        raise InputError(
            f"{next(iter(named))} says how a map is read, and {data!r} is read already: leave it "
            "out."
        )
    if data is None or isinstance(data, Dataset | Units | MapFiles | GivenMap):
        return GivenMap(named, None, held) if named else data
    if isinstance(data, str | Path):
        return GivenMap({"units": str(data), **named}, None, held)
    kind = _called(data)
    return GivenMap({"units": kind, **_with_index(data, named, needs_id=needs_id)}, data, held)


def _sorted(options: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    """Tell values that a file of TOML could hold from a frame of votes."""
    named = {key: value for key, value in options.items() if value is not None}
    votes = named.get("votes")
    is_held = votes is not None and not isinstance(votes, str | Path)
    if is_held:
        pandas = sys.modules.get("pandas")
        if pandas is None or not isinstance(votes, pandas.DataFrame):
            raise InputError(
                f"votes is of the type {type(votes).__name__}: give a DataFrame of pandas, or the "
                "path of a table."
            )
        named["votes"] = TABLE
    return {key: _plain(key, value) for key, value in named.items()}, votes if is_held else None


def _called(data: Any) -> str:
    """Call data that are held in memory by what they are."""
    from shapefiles.files.networks import is_graph  # noqa: PLC0415 - geography takes a second to load

    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(data, pandas.DataFrame | pandas.Series):
        return FRAME
    if is_graph(data):
        return GRAPH
    raise InputError(
        f"data is of the type {type(data).__name__}: give a GeoDataFrame, a graph of networkx, the "
        "path of a file, or units."
    )


def _with_index(data: Any, named: dict[str, Any], *, needs_id: bool) -> dict[str, Any]:
    """Take the index for the ids where nothing else is named and it can be nothing else."""
    if "id" in named or not hasattr(data, "index"):
        return named
    from shapefiles.files.frames import index_as_id  # noqa: PLC0415 - geography takes a second to load

    name = index_as_id(data)
    if not name and needs_id:
        raise InputError(
            "id is missing: say which column has the ids (id), or give the ids as an index with a "
            "name (data.set_index)."
        )
    return {"id": name, **named} if name else named


def _plain(key: str, value: Any) -> Any:
    """Write a value as a table of TOML has it."""
    if key == "crs":
        if isinstance(value, int):
            return f"EPSG:{value}"
        return value.to_string() if hasattr(value, "to_string") else value
    if key in _LISTS:
        parts = several(value) if isinstance(value, str | list | tuple) else (value,)
        return tuple(map(str, parts))
    if isinstance(value, Path) or (key in _COLUMNS and isinstance(value, int)):
        return str(value)
    return value
