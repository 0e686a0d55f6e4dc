"""Inspect the files of a map, as they are named on the command line or in a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from partition.errors import InputError
from partition.exchange import data_errors_as_input
from partition.own_map import with_map
from partition.scenario import Scenario
from shapefiles.findings import Inspection
from shapefiles.inspection import inspect_files
from shapefiles.mapfiles import MapFiles, VoteColumns
from shapefiles.own import read_land
from shapefiles.suggest import suggest_links, write_suggestions

_VOTES = ("blue", "red", "total", "choice", "count", "mode", "where")
_READING = ("id", "votes_id", "layer", "sheet", "crs", "encoding")
_LAND = ("id", "layer", "crs", "encoding", "links")


def inspect_map(paths: Sequence[str], options: Mapping[str, Any]) -> Inspection:
    """Tell what files hold and what is wrong with them.

    Parameters
    ----------
    paths
        Units, votes, or one of each; or one scenario that names them.
    options
        Columns and so on, as fields of :class:`~shapefiles.mapfiles.MapFiles`.

    Raises
    ------
    InputError
        When a file cannot be read at all, or a value is not allowed.
    """
    files = _of_scenario(paths, options)
    with data_errors_as_input():
        if files is not None:
            named = {key: getattr(files, key) for key in _READING}
            given = [one for one in (files.units, files.votes) if one]
            return inspect_files(given, columns=files.vote_columns(), **named)
        named = {key: options[key] for key in _READING if key in options}
        return inspect_files(paths, columns=_vote_columns(options), **named)


def write_suggested_links(
    paths: Sequence[str], options: Mapping[str, Any], target: Path, inspection: Inspection
) -> int:
    """Write the shortest crossings that would make one landmass of the units.

    Parameters
    ----------
    paths, options
        As for :func:`inspect_map`.
    target
        Table to write; it appears whole or not at all.
    inspection
        What was found in the files.

    Returns
    -------
    int
        How many crossings were written.

    Raises
    ------
    InputError
        When the units cannot be read, or the table cannot be written.
    """
    files = _of_scenario(paths, options)
    units = [one["path"] for one in inspection.files if one["format"] != "table"]
    named = {key: getattr(files, key) if files else options.get(key, "") for key in _LAND}
    if not units or not named["id"]:
        raise InputError(
            "To suggest links, give a file of polygons and the column of its ids (--id)."
        )
    with data_errors_as_input():
        suggestions = suggest_links(read_land(units[0], **named))
    try:
        write_suggestions(suggestions, target)
    except OSError as error:
        raise InputError(f"Cannot write {target}: {error.strerror or error}.") from None
    return len(suggestions)


def _of_scenario(paths: Sequence[str], options: Mapping[str, Any]) -> MapFiles | None:
    """Take the files from a scenario, if that is what was given."""
    if not any(path.lower().endswith(".toml") for path in paths):
        return None
    if len(paths) > 1:
        raise InputError("Give one scenario, or units and votes.")
    scenario = with_map(Scenario.load(Path(paths[0])), options)
    if scenario.data is None:
        raise InputError(f"{paths[0]} names no files: it has no table [data].")
    return scenario.data


def _vote_columns(options: Mapping[str, Any]) -> VoteColumns | None:
    """Say where the votes are, if anything was said about them."""
    if not any(key in options for key in _VOTES):
        return None
    # A MapFiles checks the values; the id is guessed by the inspection where it was not given.
    named = {"id": "?", **options, "units": "?"}
    columns = MapFiles(**named).vote_columns()
    return columns if "id" in options else replace(columns, id="")
