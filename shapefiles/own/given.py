"""What a map is read from: files, or data that are held in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from shapefiles.errors import DataError, OptionError, shown
from shapefiles.files.dualgraph import GraphFile, is_dual_graph, read_dual_graph
from shapefiles.files.frames import layer_of, table_of
from shapefiles.files.held import HELD
from shapefiles.files.networks import graph_of, is_graph
from shapefiles.files.polygons import Layer, read_layer
from shapefiles.files.tables import Table, check_names, read_table
from shapefiles.mapfiles import MapFiles


class Held(NamedTuple):
    """Data that are held in memory, in place of files."""

    units: Any = None
    """A :class:`geopandas.GeoDataFrame`, a graph of networkx, or None for the file."""
    votes: Any = None
    """A :class:`pandas.DataFrame`, or None for the file or columns of the units."""


NOTHING = Held()


def read_base(files: MapFiles, held: Any = None) -> Layer | GraphFile:
    """Read what has one row a unit: polygons, or a graph, from their file or from memory.

    Raises
    ------
    DataError
        When it cannot be read, or was held in memory and is not given.
    """
    if held is not None:
        _refuse_options(files, ("layer",), files.units)
        return graph_of(held) if is_graph(held) else layer_of(held, files.crs or None)
    _refuse_lost(files.units)
    if is_dual_graph(files.units):
        return read_dual_graph(files.units, files.max_size)
    return read_layer(
        files.units,
        layer=files.layer or None,
        crs=files.crs or None,
        encoding=files.encoding or None,
        max_gigabytes=files.max_size,
    )


def read_votes_table(files: MapFiles, held: Any = None) -> Table | None:
    """Read the table of votes, if one is named or held in memory.

    Raises
    ------
    DataError
        When it cannot be read, or was held in memory and is not given.
    """
    if held is not None:
        _refuse_options(files, ("sheet", "votes_encoding", "skip_rows"), files.votes)
        return table_of(held)
    if not files.votes:
        return None
    _refuse_lost(files.votes)
    try:
        table = read_table(
            files.votes,
            sheet=files.sheet or None,
            encoding=files.votes_encoding or files.encoding or None,
            skip_rows=files.skip_rows,
            max_gigabytes=files.max_size,
        )
        check_names(table, files.asked_columns())
    except OptionError as error:
        raise error.with_option() from None
    return table


def _refuse_lost(name: str) -> None:
    """Refuse data that are in no file and were not given again."""
    if name in HELD:
        raise DataError(
            f"{shown(name)} was held in memory and is in no file: give it again from Python "
            "(data, votes)."
        )


def _refuse_options(files: MapFiles, keys: Sequence[str], name: str) -> None:
    """Refuse what says how to read a file, where there is none."""
    for key in keys:
        if getattr(files, key):
            raise DataError(f"{key} is about a file, and {shown(name)} is none: leave it out.")
