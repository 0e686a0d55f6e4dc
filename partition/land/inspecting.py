"""Inspect the files of a map, as they are named on the command line or in a scenario."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from partition.errors import InputError
from partition.land.exchange import data_errors_as_input
from partition.land.given import GivenMap, land_of, options_as_arguments
from partition.land.own_map import with_map
from partition.scenario import Scenario
from shapefiles.arguments import as_arguments
from shapefiles.borders.suggest import write_suggestions
from shapefiles.files.held import HELD
from shapefiles.inspecting import inspection
from shapefiles.inspecting.findings import Inspection
from shapefiles.mapfiles import MapFiles, SomeFiles
from shapefiles.own.geonames import towns_on, write_towns
from shapefiles.own.given import Held

if TYPE_CHECKING:
    from partition.land.given import Data


def inspect(data: Data, votes: Any = None, **options: Any) -> Inspection:
    """Tell what a map holds and what is wrong with it, before any solve.

    Parameters
    ----------
    data
        The path of a file of units or votes, or of a scenario that names both; a
        :class:`geopandas.GeoDataFrame`, or a graph of networkx.
    votes
        The path of a table of votes, or a :class:`pandas.DataFrame`.
    **options
        Columns, and how the map is read, as fields of :class:`partition.MapFiles`. Without `id` the
        ids are guessed, and that is said.

    Returns
    -------
    Inspection
        Its `findings`, errors first; to print it is to read what ``partition inspect`` says.

    Raises
    ------
    InputError
        When a file cannot be read at all, or a value is not allowed.
    """
    given = land_of(data, {**options, "votes": votes}, needs_id=False)
    if not isinstance(given, GivenMap):
        raise InputError(f"{given!r} is read already: there is nothing to inspect.")
    named = dict(given.options)
    with options_as_arguments():
        if given.units is None and given.votes is None:
            paths = [named.pop(key) for key in ("units", "votes") if key in named]
            return _in_python(inspect_map(paths, named))
        files = SomeFiles(**named)
        found = inspection.inspect_map(files, Held(given.units, given.votes))
    return _in_python(replace(found, command=_call(found)))


def _in_python(found: Inspection) -> Inspection:
    """Have findings name arguments of Python, not options of the command line."""
    said = (
        replace(
            one,
            text=as_arguments(one.text),
            remedy=as_arguments(one.remedy),
            examples=tuple(map(as_arguments, one.examples)),
        )
        for one in found.findings
    )
    return replace(found, findings=tuple(said))


def _call(found: Inspection) -> str:
    """Write the call that solves what is held in memory; empty where it would fail."""
    asked = found.asked
    if found.has_errors or asked is None or not (asked.id and asked.blue and asked.red):
        return ""
    names = {"units": "data", "votes": "votes"}
    words = []
    for one in fields(asked):
        value = getattr(asked, one.name)
        if value == one.default:
            continue
        if value in HELD:
            words.append(f"{names[one.name]}={names[one.name]}")
        else:
            key = names.get(one.name, one.name)
            plain = value[0] if isinstance(value, tuple) and len(value) == 1 else value
            words.append(f"{key}={plain!r}")
    return f"partition.solve({', '.join(words)})"


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
            found = inspection.inspect_map(files)
            return replace(found, command=_command(found, [paths[0]], options))
        found = inspection.inspect_files(paths, **options)
    asked = found.asked
    if asked is None or not (asked.units and asked.id and asked.blue and asked.red):
        return found
    named = {
        one.name: value
        for one in fields(asked)
        if (value := getattr(asked, one.name)) != one.default
    }
    return replace(found, command=_command(found, [], named))


def _command(found: Inspection, scenario: Sequence[str], options: Mapping[str, Any]) -> str:
    """Write the command that solves what was inspected, for a shell; empty where it would fail."""
    if found.has_errors:
        return ""
    words = ["partition", "solve", *scenario]
    for name, value in options.items():
        option = f"--{name.replace('_', '-')}"
        if isinstance(value, bool):
            words.append(option)
        else:
            for one in value if isinstance(value, tuple) else (value,):
                # A value that looks like an option is told from one only by the sign.
                text = str(one)
                words += [f"{option}={text}"] if text.startswith("-") else [option, text]
    return shlex.join(words)


def write_suggested_links(
    paths: Sequence[str], options: Mapping[str, Any], target: Path, found: Inspection
) -> int:
    """Write the shortest crossings that would make one landmass of the units.

    Parameters
    ----------
    paths, options
        As for :func:`inspect_map`.
    target
        Table to write; it appears whole or not at all.
    found
        What was found in the files.

    Returns
    -------
    int
        How many crossings were written.

    Raises
    ------
    InputError
        When the ids were not named, the polygons cannot be used, or the table cannot be written.
    """
    has_id = bool(options.get("id")) or _of_scenario(paths, options) is not None
    if not has_id or all(one["format"] in {"table", "dual graph"} for one in found.files):
        raise InputError(
            "To suggest links, give a file of polygons and the column of its ids (--id)."
        )
    if found.crossings is None:
        raise InputError(
            "To suggest links, first mend the ids and polygons: what is wrong with them stands "
            "above."
        )
    with _write_errors_as_input(target):
        write_suggestions(found.crossings, target)
    return len(found.crossings)


def write_suggested_places(target: Path, found: Inspection) -> int:
    """Write the towns that lie on the units, of GeoNames, as a table of places.

    Parameters
    ----------
    target
        Table to write; it appears whole or not at all.
    found
        What was found in the files.

    Returns
    -------
    int
        How many towns were written.

    Raises
    ------
    InputError
        When there are no polygons, the package with the names is missing, or the table cannot be
        written.
    """
    if found.drawn is None:
        raise InputError(
            "To suggest places, give a file of polygons; what keeps them from being read stands "
            "above."
        )
    with data_errors_as_input():
        towns = towns_on(found.drawn.polygons, found.drawn.crs)
    with _write_errors_as_input(target):
        write_towns(towns, target)
    return len(towns)


@contextmanager
def _write_errors_as_input(target: Path) -> Iterator[None]:
    """Say in a line why a table cannot be written."""
    try:
        yield
    except OSError as error:
        raise InputError(f"Cannot write {target}: {error.strerror or error}.") from None


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
