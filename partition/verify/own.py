"""The map of one's own that a run divides, read again from its files."""

from __future__ import annotations

from typing import Any

from partition.verify.fields import fail, show
from partition.verify.rules import Counted

COLUMNS = ("population", "gdp", "area", "sea_coast", "borders_canada", "borders_mexico")
"""Attributes that a scenario can ask about."""


def load_own(
    named: Any, hashes: dict[str, Any], election: str, on: set[str], off: set[str]
) -> Counted | None:
    """Read the files that a run names, if they are at hand and unchanged.

    This is the one place where the verifier calls other code: the readers in
    :mod:`shapefiles`, which know nothing of the search.

    Parameters
    ----------
    named
        The table ``data`` of the scenario: files and columns.
    hashes
        SHA-256 of the files, as the run states them.
    election
        What the election is called.
    on, off
        Kinds of edge that the scenario switches.

    Returns
    -------
    Counted or None
        Columns and edges; None where a file is missing or has changed.

    Raises
    ------
    CertificateError
        When the table is none of files.
    """
    from shapefiles.errors import DataError  # noqa: PLC0415 - needed for such runs only
    from shapefiles.mapfiles import MapFiles  # noqa: PLC0415
    from shapefiles.own import read_map  # noqa: PLC0415

    place = "run.json: scenario.data"
    if type(named) is not dict:
        fail(place, f"{show(named)}, expected files and columns.")
    values: dict[str, Any] = {
        key: tuple(one) if type(one) is list else one for key, one in named.items()
    }
    try:
        files = MapFiles(**values, election=election)
    except (TypeError, AttributeError, DataError) as error:
        fail(place, f"no files and columns of a map ({error}).")
    try:
        found = read_map(files)
    except (OSError, DataError):
        return None
    if dict(found.hashes) != hashes:
        return None
    units, edges = found.units, found.units.edges
    blue, red = units.votes[election].T.tolist()
    none = [0] * units.n_units
    columns: dict[str, list[Any]] = {
        "geoid": units.ids.tolist(),
        "state": units.states.tolist(),
        f"dem_{election}": blue,
        f"rep_{election}": red,
    }
    for name in COLUMNS:
        known = units.attributes.get(name)
        columns[name] = none if known is None else known.tolist()
    rows = zip(
        edges.pairs.tolist(),
        edges.border.tolist(),
        edges.kind.tolist(),
        edges.is_default.tolist(),
        strict=True,
    )
    borders = {
        (a, b): border
        for (a, b), border, kind, is_default in rows
        if (is_default or kind in on) and kind not in off
    }
    return Counted(columns, borders)
