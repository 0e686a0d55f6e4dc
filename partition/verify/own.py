"""The map of one's own that a run divides, read again from its files."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path, PurePath
from typing import Any

from partition.verify.counted import CANDIDATES, Counted, listed
from partition.verify.fields import entries, fail, fields_of, show, text
from partition.verify.touching import compare as compare_borders

COLUMNS = (
    "population",
    "gdp",
    "area",
    "perimeter",
    "sea_coast",
    "lake_coast",
    "borders_canada",
    "borders_mexico",
)
"""Attributes that a scenario or a report can ask about."""

SIDE_LENGTH = 30
"""Characters that the name of a side has at most."""


def load_own(
    named: Any,
    data: dict[str, Any],
    folder: Path,
    election: str,
    on: set[str],
    off: set[str],
    held: tuple[Any, Any] = (None, None),
) -> Counted | str:
    """Read the files that a run names, if they are at hand and unchanged.

    This is the one place where the verifier calls other code: the readers in
    :mod:`shapefiles`, which know nothing of the search.

    Parameters
    ----------
    named
        The table ``data`` of the scenario: files and columns.
    data
        The table ``data`` of the run: SHA-256 of the files, and where they lie.
    folder
        The bundle, from which they are looked for.
    election
        What the election is called.
    on, off
        Kinds of edge that the scenario switches.
    held
        Units and votes that are held in memory and in no file, or None.

    Returns
    -------
    Counted or str
        Columns and edges; or why there are none, where data are not at hand or have changed.

    Raises
    ------
    CertificateError
        When the table is none of files, or the borders of the map are others when they are found
        another way (:mod:`partition.verify.touching`).
    """
    from shapefiles.errors import DataError, one_line  # noqa: PLC0415 - needed for such runs only
    from shapefiles.mapfiles import MapFiles  # noqa: PLC0415
    from shapefiles.own.given import Held  # noqa: PLC0415
    from shapefiles.own.reading import read_map  # noqa: PLC0415
    from shapefiles.own.whereabouts import located  # noqa: PLC0415

    place = "run.json: scenario.data"
    kinds = {one.name: type(one.default) for one in fields(MapFiles) if one.name != "election"}
    values = _read_table(named, kinds, place)
    try:
        files = MapFiles(**values, election=election)
    except (TypeError, AttributeError, DataError) as error:
        fail(place, f"no files and columns of a map ({error}).")
    try:
        found = read_map(located(files, data.get("files"), data["sha256"], folder), Held(*held))
    except (OSError, DataError) as error:
        return _not_at_hand(one_line(error), is_held=files.is_held)
    if dict(found.hashes) != data["sha256"]:
        return _not_at_hand("their hashes are not those of data.sha256", is_held=files.is_held)
    units = found.units
    if found.outlines is not None:
        is_border = units.edges.is_border.tolist()
        pairs = zip(units.edges.pairs.tolist(), is_border, strict=True)
        shown_borders = {(a, b) for (a, b), is_land in pairs if is_land}
        compare_borders(found.outlines, shown_borders, units.ids.tolist())
    columns = {
        "geoid": units.ids.tolist(),
        "name": units.names.tolist(),
        "state": units.states.tolist(),
        f"dem_{election}": units.votes[election][:, 0].tolist(),
        f"rep_{election}": units.votes[election][:, 1].tolist(),
    }
    given = {name: units.attributes.get(name) for name in COLUMNS}
    columns |= {name: one.tolist() for name, one in given.items() if one is not None}
    borders, shared, off_rows = _borders(units.edges, on, off)
    return Counted(
        columns,
        borders,
        shared,
        listed(off_rows, columns["geoid"]),
        election,
        title=election,
        sides=_sides(files.blue, files.red)
        if files.names_votes
        else CANDIDATES.get(election, ("Blue", "Red")),
        repairs=json.loads(json.dumps([one.to_dict() for one in found.repairs])),
        has_polygons=found.outlines is not None,
        source=" and ".join(PurePath(one).name for one in (files.units, files.votes) if one),
    )


def _not_at_hand(why: str, *, is_held: bool) -> str:
    """Say in a sentence why the data are not those of the run."""
    what = (
        "the run divides data that were held in memory, and these are not given or not the same"
        if is_held
        else "the run divides a map of its own, whose files are not where run.json says or are no "
        "longer the same"
    )
    return f"{what} ({why.rstrip('.')})"


def _read_table(named: Any, kinds: dict[str, type], place: str) -> dict[str, Any]:
    """Read the table of files and columns: each a text, a list of texts, a number or a switch."""
    values: dict[str, Any] = {}
    for key, value in fields_of(named, tuple(kinds), place).items():
        spot = f"{place}.{key}"
        if kinds[key] is tuple:
            given = enumerate(entries(value, spot))
            values[key] = tuple(text(one, f"{spot}[{number}]") for number, one in given)
        elif kinds[key] is bool and type(value) is not bool:
            fail(spot, f"{show(value)}, expected true or false.")
        elif kinds[key] in {int, float} and type(value) not in {int, kinds[key]}:
            fail(spot, f"{show(value)}, expected a number.")
        else:
            values[key] = text(value, spot) if kinds[key] is str else value
    return values


def _borders(
    edges: Any, on: set[str], off: set[str]
) -> tuple[
    dict[tuple[int, int], float], dict[tuple[int, int], float], list[tuple[Any, str, float]]
]:
    """List the borders of the edges that are on, of all, and the edges that are off."""
    rows = list(
        zip(
            map(tuple, edges.pairs.tolist()),
            edges.border.tolist(),
            edges.kind.tolist(),
            edges.is_default.tolist(),
            strict=True,
        )
    )
    active = {
        pair: border
        for pair, border, kind, is_default in rows
        if (is_default or kind in on) and kind not in off
    }
    left = [(pair, kind, border) for pair, border, kind, _ in rows if pair not in active]
    return active, {pair: border for pair, border, _, _ in rows}, left


def _sides(blue: tuple[str, ...], red: tuple[str, ...]) -> tuple[str, str]:
    """Call both sides by their columns or choices, unless these are no words or the same."""
    names = (_side(blue, "Blue"), _side(red, "Red"))
    return ("Blue", "Red") if names[0] == names[1] else names


def _side(columns: tuple[str, ...], colour: str) -> str:
    """Call a side by the columns, or the choices, whose votes count for it."""
    name = "".join(one if one.isprintable() else " " for one in " + ".join(columns)).strip()
    if not name or "_" in name or any(map(str.isdigit, name)):
        return colour
    name = f"{name[0].upper()}{name[1:]}"
    return name if len(name) <= SIDE_LENGTH else f"{name[: SIDE_LENGTH - 1]}…"
